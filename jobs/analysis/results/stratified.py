"""What two categories in strata give beside the tests: each stratum by itself, and all without strata."""

from dataclasses import dataclass

from jobs.analysis.results.interval import Interval


@dataclass(frozen=True)
class Stratum:
    """The two categories where the stratum has one value; counts in the order of the findings' table."""

    level: str
    n: int
    counts: tuple[tuple[int, ...], ...]
    varies: bool  # both categories do; else the stratum says nothing about the two together
    odds_ratio: float | None  # of a 2 x 2 table, 0 included; None where it is infinite
    interval: Interval  # Woolf's; exact where a cell is empty, without an upper limit where that is infinite
    cramers_v: float | None
    infinite: bool = False  # the odds ratio: no row of `reference` has the event, or each of `level` has it


@dataclass(frozen=True)
class Odds:
    """An odds ratio read aloud: of `event` where the row is `level`, to those where it is `reference`."""

    event: str
    level: str
    reference: str
    common: float  # Mantel and Haenszel's
    interval: Interval
    crude: float | None  # without strata; None where a cell is empty
    crude_interval: Interval  # Woolf's
    change_percent: float | None  # from the common one to the crude one


@dataclass(frozen=True)
class Strata:
    """The strata of an association, and the odds ratio that two values each have in common."""

    stratum: str
    strata: tuple[Stratum, ...]
    values: int  # how many strata there are
    informative: int  # strata in which both categories vary
    odds: Odds | None  # of 2 x 2 tables whose common odds ratio is neither 0 nor infinite
    thin_percent: float | None  # of the cells that the test of alike strata expects, those below five
    with_row: float | None = None  # Cramér's V of the strata and the row category
    with_column: float | None = None

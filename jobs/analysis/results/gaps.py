"""What is missing in a table, and with what it goes."""

from dataclasses import dataclass
from typing import Literal

from jobs.analysis.results.interval import Interval


@dataclass(frozen=True)
class Gap:
    """One column that lacks values; rows count from 1, the header left out."""

    column: str
    missing: int
    percent: float
    first_rows: tuple[int, ...]  # that lack it, at most ten


@dataclass(frozen=True)
class GapPattern:
    """Rows that lack a value of all of these columns and of no other one that was looked at."""

    columns: tuple[str, ...]  # () for rows that lack none
    rows: int
    percent: float


@dataclass(frozen=True)
class GapLink:
    """Whether rows that lack a value of `column` differ from the others in `other`."""

    column: str
    other: str
    kind: Literal["number", "category"]
    method: str  # "welch_t_test", "chi_square_independence"
    statistic: float
    df: float
    pvalue: float
    holm: float  # adjusted for all pairs that were tested
    n_missing: int  # rows that lack it, of those with a value of `other`
    n_present: int
    effect_name: str  # "Hedges' g", "Cramér's V"
    effect: float
    interval: Interval
    label: str | None
    level: str | None  # the value of a category that is more frequent by most where it is missing
    where_missing: float  # mean of a number, or percent with that value
    where_present: float


@dataclass(frozen=True)
class Gaps:
    """What is missing in a table, or in one column of it."""

    column: str | None  # that was asked about; None for the whole table
    rows: int
    columns: int  # of the table
    lacking: int  # columns of the table that lack values
    cells: int  # that were looked at
    missing: int  # of them
    missing_percent: float
    complete_rows: int  # with a value in every column of the table
    complete_percent: float
    gaps: tuple[Gap, ...]  # those with most missing first
    patterns: tuple[GapPattern, ...]  # the most frequent first, at most twenty
    patterns_found: int
    patterns_of: tuple[str, ...]  # columns whose gaps the patterns are made of
    links: tuple[GapLink, ...]  # those with the smallest p first
    tested: int

"""Categories of the same cases, told side by side: shares, what changed, how often all say the same."""

from dataclasses import dataclass

from jobs.analysis.results.interval import Interval


@dataclass(frozen=True)
class RatedShare:
    """How often one measure has the event."""

    measure: str
    hits: int
    value: float
    interval: Interval  # Wilson's


@dataclass(frozen=True)
class Rated:
    """Two or more measures of the same cases in one set of categories."""

    measures: tuple[str, ...]
    levels: tuple[str, ...]
    n: int  # cases
    same: int  # cases in which all measures say the same
    same_interval: Interval  # Wilson's, of their share
    event: str | None  # the level whose shares are compared; None for agreement
    shares: tuple[RatedShare, ...]  # of the event, a measure each
    counts: tuple[tuple[int, ...], ...] | None  # of two measures: rows of the first, columns of the second
    weights: str | None = None  # of kappa: "none", "linear", "quadratic"
    expected: float | None = None  # share of agreement that chance alone makes, weighted as kappa

"""Where a quantity may lie: a leaf that every kind of result is made of."""

from dataclasses import dataclass

NOT_BELOW_ZERO = ("noncentral F", "noncentral chi2")  # beginnings of methods whose limits stop at 0


@dataclass(frozen=True)
class Interval:
    """A confidence interval; a limit is None where the method gives none."""

    low: float | None
    high: float | None
    level: float = 0.95

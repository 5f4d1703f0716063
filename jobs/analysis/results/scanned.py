"""What a look at single columns gives: values that lie far out, the shape of a distribution, gaps."""

from dataclasses import dataclass
from typing import Literal

RULES = (
    "Tukey's fences lie 1.5 and 3 interquartile ranges beyond the quartiles, about 0.7 percent of a normal "
    "distribution beyond the first; a modified z counts beyond 3.5"
)


@dataclass(frozen=True)
class Outlier:
    """One value that lies far from the others. `row` counts from 1, the header left out."""

    row: int
    value: float
    fence: Literal["beyond", "far beyond"] | None  # of Tukey's inner or outer fence; None inside both
    score: float | None  # modified z; None where all deviations from the median are 0 but a few


@dataclass(frozen=True)
class Middle:
    """Where values lie and how they spread."""

    n: int
    mean: float
    sd: float | None
    median: float


@dataclass(frozen=True)
class OutlierScan:
    """The values of one column that lie far out, by either of two rules.

    Fences lie 1.5 and 3 interquartile ranges beyond the quartiles (Tukey 1977), without them where that
    range is 0. A modified z is 0.6745 (x - median) / MAD, and counts beyond 3.5 (Iglewicz & Hoaglin 1993);
    where more than half of the values are equal it is (x - median) / (1.253314 mean absolute deviation).
    """

    column: str
    unit: str | None
    missing: int
    q1: float
    q3: float
    low: float | None
    high: float | None
    far_low: float | None
    far_high: float | None
    deviation: float  # MAD, or the mean absolute deviation in its stead
    score_low: float | None  # the values whose modified z is -3.5 and 3.5
    score_high: float | None
    beyond: int  # Tukey's inner fences
    far_beyond: int  # Tukey's outer fences
    by_score: int
    marked: int  # by either rule
    marked_percent: float
    skewness: float | None
    everything: Middle
    without: Middle | None  # the marked ones left out; None where nothing is left
    outliers: tuple[Outlier, ...]  # at most a hundred, those farthest out first
    listed: int
    rules: str = RULES


@dataclass(frozen=True)
class Skipped:
    """A column that was not looked at, and why."""

    column: str
    reason: str


@dataclass(frozen=True)
class Shape:
    """How far the values of a column are from a normal distribution, by size."""

    skewness: float
    skewness_error: float  # standard error where the values are normal
    kurtosis: float  # in excess of a normal distribution's
    kurtosis_error: float
    verdict: Literal["close to normal", "not far from normal", "far from normal"]
    departures: tuple[
        str, ...
    ]  # what makes it so: "two peaks", "light tails", "heavy tails", "skewed to the right"
    quantile_distance: float  # of the values from normal quantiles, on average, in standard deviations
    valley_share: (
        float | None
    )  # density between two peaks, of that at the lower one; None without two of them
    peaks: tuple[float, float] | None  # where the two are, in the column's unit
    within_percent: float  # of the values, within two standard deviations of the mean
    normal_percent: float  # of a normal distribution
    rows_needed: float  # for the interval of a mean to hold at this skewness (Sugden, Smith & Jones 2000)
    mean_minus_median: float
    mean_minus_median_sd: float  # in standard deviations
    spreads: float = 2.0  # the standard deviations within which values are counted
    source: str = "Sugden, Smith & Jones 2000"  # of `rows_needed`

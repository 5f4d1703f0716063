"""What models of several columns find: coefficients and their fit, many correlations, change over time."""

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.analysis.results.interval import Interval

FOLDING = 20140305  # seeds the order in which rows are dealt to folds, so that anyone can deal them again


@dataclass(frozen=True)
class Coefficient:
    """What goes with one step of a predictor, the others held equal.

    `level` is the value of a category that is compared with `reference`, both None for a number. The first
    coefficient of a model is its intercept, with neither.
    """

    column: str | None  # None for the intercept
    level: str | None
    reference: str | None
    estimate: float
    error: float
    interval: Interval  # Wald; of least squares with HC3 errors
    statistic: float
    pvalue: float
    standardised: float | None = None  # a standard deviation of the predictor; in those of a plain outcome
    ratio: float | None = None  # exp(estimate): odds ratio, rate ratio, or factor of a logarithm's outcome
    ratio_interval: Interval | None = None  # by the profile where there is one
    profile_interval: Interval | None = None  # of `estimate`, by the profile of the likelihood
    unit: str | None = None  # of a number's step


@dataclass(frozen=True)
class Predictor:
    """One column of a model as a whole: all its coefficients tested at once."""

    column: str
    statistic: float
    df: tuple[float, ...]
    pvalue: float
    share: float | None  # partial R2: of what the other predictors leave
    inflation: float | None  # of its variance by the other predictors; GVIF**(1/df) of a category


@dataclass(frozen=True)
class Model:
    """A fitted model. `predictors` come by importance, `fit` names the measures of how well it fits."""

    outcome: str
    scale: str  # "identity", "log", "log odds", "log rate"
    coefficients: tuple[Coefficient, ...]
    predictors: tuple[Predictor, ...]
    fit: Mapping[str, float | None]
    event: str | None = None  # of a yes/no outcome: the value whose odds are modelled


@dataclass(frozen=True)
class CorrelationPair:
    """Two of many columns; `pvalue` as it is, and adjusted for the number of pairs."""

    a: str
    b: str
    value: float
    interval: Interval
    pvalue: float
    holm: float
    bh: float
    n: int


@dataclass(frozen=True)
class CorrelationMatrix:
    """Every pair of several columns correlated; `order` puts columns that go together side by side."""

    kind: str  # "pearson", "spearman"
    columns: tuple[str, ...]
    order: tuple[str, ...]
    pairs: tuple[CorrelationPair, ...]  # the closest first
    count: int
    shown: int  # pairs with p < .05 after Holm's correction
    shown_bh: int


@dataclass(frozen=True)
class Course:
    """How a series runs between its ends, which a straight line need not tell; slopes are a period."""

    ends: int  # points averaged at each end
    first_mean: float
    last_mean: float
    change_percent: float | None  # from the first mean to the last; None unless all values are above 0
    percent_a_year: float | None  # of growth that compounds; None where the ends are less than a year apart
    early_slope: float  # of the first half
    late_slope: float
    bend_pvalue: float | None  # of a parabola against the line; None for too few points
    bend_share: float | None  # of what the line leaves of the means of neighbours, explained by the parabola
    bent: bool


@dataclass(frozen=True)
class Trend:
    """How a number changes with time; slopes are a `period`."""

    outcome: str
    time: str
    period: str  # "year", "month", "day", "hour", or "unit of <column>"
    first: str
    last: str
    points: int
    slope: float  # Theil-Sen, in the outcome's unit a period
    slope_interval: Interval
    intercept: float  # of the Theil-Sen line at the first time
    span: float  # periods from the first to the last time
    course: Course
    line_slope: float  # least squares
    line_intercept: float  # at the first time
    line_interval: Interval  # Newey-West
    lags: int
    autocorrelation: float
    season: int | None  # points a cycle
    seasonal_strength: float | None
    within_season: bool = False  # each point is compared with those of its own place in the cycle
    unit: str | None = None

"""What the families of methods share: samples described, effect sizes put into words, seeds, refusals."""

import hashlib
import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from jobs.analysis.numerics.blocks import checkpoint
from jobs.analysis.numerics.means import mean_interval
from jobs.analysis.numerics.moments import Moments, moments, quartiles, skewness
from jobs.analysis.results.interval import NOT_BELOW_ZERO
from jobs.analysis.results.result import Assumption, Descriptive, EffectSize, Interval, Plan
from jobs.errors import TooFewValues, UnsuitableData

Floats = NDArray[np.float64]
Verdict = Literal["holds", "doubtful", "not needed", "not checked"]

SHAPIRO_MAX = 5000  # above it Shapiro-Wilk rejects for departures that matter to nobody, and is not tabled
SMALL = 30  # values in a group from which its mean is close to normal for all but extreme samples
SKEWED = 1.0  # |skewness| above which a mean of few values is not
ORDINAL_LEVELS = 7  # an integer with at most so many values is read as a rating
FENCE = 3.0  # interquartile ranges beyond the quartiles: Tukey's outer fence
LARGEST, SMALLEST = 1e150, 1e-150  # squares beyond these leave the range of a float

NO_WIDTH = 1.0 + 1e-9  # a limit nearer to the estimate is the estimate, but for rounding

WORDS = ("negligible", "small", "medium", "large")
RULES = {
    "d": ((0.2, 0.5, 0.8), "Cohen 1988: .2/.5/.8"),
    "r": ((0.1, 0.2, 0.3), "Funder & Ozer 2019: .1/.2/.3"),
    "eta2": ((0.01, 0.06, 0.14), "Field 2013: .01/.06/.14"),
    "g": ((0.05, 0.15, 0.25), "Cohen 1988: .05/.15/.25"),
}

INDEPENDENCE = Assumption(
    name="independent rows",
    verdict="not checked",
    consequence="Rows are taken as independent; several rows of one person or thing make p-values too small.",
)


def effect_size(
    name: str,
    title: str,
    value: float,
    interval: Interval,
    *,
    method: str,
    scale: str | None,
) -> EffectSize:
    """Make an effect size, labelled by the rule of its scale: "d", "r", "eta2", "g", or None for no label.

    Noncentral limits that shrank onto 0 and the estimate are none: so they do where the statistic is smaller
    than chance alone makes it, and an interval without width would claim certainty.
    """
    shrank = interval.low == 0.0 and interval.high is not None and interval.high <= max(value, 0.0) * NO_WIDTH
    if shrank and method.startswith(NOT_BELOW_ZERO):
        interval = no_interval(interval.level)
    if scale is None:
        return EffectSize(name, title, value, interval, method)
    limits, rule = RULES[scale]
    label = WORDS[sum(abs(value) >= limit for limit in limits)]
    return EffectSize(name, title, value, interval, method, label, rule)


def describe(column: str, group: str | None, values: Floats, *, level: float) -> Descriptive:
    """Describe one sample of at least one value."""
    found = moments(values)
    low, q1, median, q3, high = quartiles(values)
    limits = Interval(*mean_interval(found, level), level) if found.n > 1 else None
    return Descriptive(
        column=column,
        group=group,
        n=found.n,
        mean=found.mean,
        sd=found.sd if found.n > 1 else None,
        mean_interval=limits,
        minimum=low,
        q1=q1,
        median=median,
        q3=q3,
        maximum=high,
        skewness=skewness(values),
    )


def is_constant(found: Moments, *, beside: float = 0.0) -> bool:
    """Tell whether nothing but rounding spreads the values (the rule of R's `t.test`).

    Parameters
    ----------
    beside : float, at least 0
        The size of other values that these are compared with.
    """
    size = max(abs(found.mean), beside)
    return found.n < 2 or found.sd <= 10.0 * float(np.finfo(float).eps) * size


def is_ordinal(*samples: Floats) -> bool:
    """Tell whether all values are integers with at most seven different ones, of which some come twice."""
    distinct: set[float] = set()
    for values in samples:
        few = np.unique(values[:1000])  # a look at the first values spares a sort of millions
        if few.size > ORDINAL_LEVELS or bool(np.any(few != np.round(few))):
            return False
        distinct.update(np.unique(values).tolist())
    few_whole = len(distinct) <= ORDINAL_LEVELS and all(value.is_integer() for value in distinct)
    return few_whole and sum(values.size for values in samples) > len(distinct)  # a rating is given again


def extreme_outliers(values: Floats) -> int:
    """Count values more than three interquartile ranges beyond the quartiles; 0 where that range is 0."""
    if values.size < 4:
        return 0
    _, q1, _, q3, _ = quartiles(values)
    reach = FENCE * (q3 - q1)
    return int(np.sum((values < q1 - reach) | (values > q3 + reach))) if reach > 0 else 0


def shapiro(values: Floats) -> tuple[float, float] | None:
    """Give W and p of Shapiro and Wilk (R's `shapiro.test`); None where it does not apply."""
    if not 3 <= values.size <= SHAPIRO_MAX:
        return None
    found = moments(values)
    if is_constant(found):
        return None
    # In standard units: the test does not depend on them, its sums of squares do.
    result = stats.shapiro((values - found.mean) / found.sd)
    return float(result.statistic), float(result.pvalue)


def seed(*arrays: NDArray[np.float64] | NDArray[np.int64]) -> int:
    """Make a seed from the data, so that the same data always give the same result, in any order of rows."""
    digest = hashlib.sha256()
    for array in arrays:
        checkpoint()
        in_order = np.sort(array, axis=0) + 0.0  # of which no zero is negative
        digest.update(np.ascontiguousarray(in_order).tobytes())
    return int.from_bytes(digest.digest()[:8], "big")


def require_usable(column: str, samples: Sequence[Floats]) -> None:
    """Refuse a column that is constant but for rounding, or whose squares leave the range of a float.

    Raises
    ------
    UnsuitableData
        Naming the column and the value.
    """
    low = min(float(values.min()) for values in samples)
    high = max(float(values.max()) for values in samples)
    largest = max(abs(low), abs(high))
    if high - low <= 10.0 * float(np.finfo(float).eps) * largest:
        rows = sum(values.size for values in samples)
        if low < high:
            raise UnsuitableData(
                f"Column {column!r} runs from {low!r} to {high!r} in the {rows:,} rows used: these values "
                "differ by less than floating-point numbers of 16 digits can tell; subtract a constant first."
            )
        raise UnsuitableData(
            f"Column {column!r} has the same value {low:g} in all {rows:,} rows used; nothing varies with it."
        )
    require_range(column, low, high)


def require_range(column: str, low: float, high: float) -> None:
    """Refuse a column whose squares leave the range of a float.

    Raises
    ------
    UnsuitableData
        Naming the column and its smallest and largest value.
    """
    if max(abs(low), abs(high)) > LARGEST or 0.0 < high - low < SMALLEST:
        raise UnsuitableData(
            f"Column {column!r} runs from {low:g} to {high:g}, beyond what can be squared; "
            "express it in another unit."
        )


def require_values(column: str, values: Floats, *, at_least: int) -> None:
    """Refuse a sample that is too small.

    Raises
    ------
    TooFewValues
        Naming the column and both counts.
    """
    if values.size < at_least:
        raise TooFewValues(f"Column {column!r} has {values.size} values; at least {at_least} are needed.")


def no_interval(level: float) -> Interval:
    """Give the interval of a quantity that has none."""
    return Interval(None, None, level)


def as_interval(limits: tuple[float, float] | None, level: float) -> Interval:
    """Give limits as an interval; without limits where they do not exist."""
    if limits is None or not all(math.isfinite(limit) for limit in limits):
        return no_interval(level)
    return Interval(limits[0], limits[1], level)


def cases(plan: Plan) -> str:
    """Say what the measures stand in: rows of the table, or the values of the column of subjects."""
    return f"values of {plan.columns['subject']}" if "subject" in plan.columns else "rows"

"""How far a number is from a normal distribution: by size and by what follows, with tests beside it.

The verdict rests on skewness, kurtosis, the distance in a QQ plot and on whether there are two peaks, not
on a p-value: of few values a test finds nothing, of many it finds departures that matter to nobody.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.methods.common import as_interval, describe, require_usable, shapiro
from jobs.analysis.numerics import normality as numerics
from jobs.analysis.numerics.moments import moments
from jobs.analysis.numerics.normality import Moments34
from jobs.analysis.numerics.peaks import Valley, deepest_valley
from jobs.analysis.results.result import Assumption, EffectSize, Findings, Test
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.results.scanned import Shape
from jobs.analysis.sampling.shapes import ShapeSample

METHODS = ("normality",)
SKEW = (0.5, 1.0)
SKEW_WORDS, SKEW_RULE = ("roughly symmetric", "moderately skewed", "strongly skewed"), "Bulmer 1979: .5/1"
TAILS = (1.0, 2.0)
LIGHT_TAILS = (0.8, 1.0)  # excess kurtosis cannot fall under -2; a uniform distribution has -1.2
DISTANCES = (0.15, 0.3)  # in the QQ plot, in standard deviations
NORMAL_DISTANCE = 1.2  # over the root of n: below it lie nearly all normal samples
VALLEY = 2.0 / 3.0  # density between two peaks, of that at the lower one
FEW = 30  # values below which a smooth density has peaks by chance
TAIL_WORDS = ("like a normal's", "somewhat unlike a normal's", "far from a normal's")
TAIL_RULE = "George & Mallery 2010: 1/2"
LIGHT_RULE = "George & Mallery 2010: 1/2; light tails .8/1"
VERDICTS = ("close to normal", "not far from normal", "far from normal")
SPREADS = Shape.spreads
Floats = NDArray[np.float64]


def run(sample: ShapeSample, *, level: float) -> Findings:
    """Measure how far the values are from normal.

    Raises
    ------
    UnsuitableData
        All values are equal but for rounding, or beyond what can be squared.
    """
    require_usable(sample.outcome, [sample.values])
    found = numerics.third_and_fourth(sample.values)
    shape = _shape(sample.values, found)
    return Findings(
        sample=Used(sample.n_total, sample.values.size, dict(sample.dropped)),
        descriptives=(describe(sample.outcome, None, sample.values, level=level),),
        assumptions=(_means(sample, shape),),
        tests=_tests(sample.values),
        effect_sizes=_effect_sizes(found, level),
        shape=shape,
    )


def _shape(values: Floats, found: Moments34) -> Shape:
    z = numerics.standard_units(values)
    valley, distance = deepest_valley(z), numerics.quantile_distance(values)
    if valley is not None and (valley.share > VALLEY or z.size < FEW):
        valley = None
    departures = _departures(found, distance, z.size, two_peaks=valley is not None)
    departure = max(departures.values(), default=0)
    apart = float(np.median(z))
    return Shape(
        skewness=found.skewness,
        skewness_error=found.skewness_error,
        kurtosis=found.kurtosis,
        kurtosis_error=found.kurtosis_error,
        verdict=VERDICTS[departure],  # type: ignore[arg-type]  # one of its literals
        departures=tuple(what for what, grade in departures.items() if grade == departure),
        quantile_distance=distance,
        valley_share=valley.share if valley else None,
        peaks=_places(values, valley) if valley else None,
        within_percent=100.0 * float(np.mean(np.abs(z) <= SPREADS)),
        normal_percent=100.0 * float(special.ndtr(SPREADS) - special.ndtr(-SPREADS)),
        rows_needed=28.0 + 25.0 * found.skewness**2,
        mean_minus_median=-apart * float(np.std(values, ddof=1)),
        mean_minus_median_sd=-apart,
    )


def _departures(found: Moments34, distance: float, n: int, *, two_peaks: bool) -> dict[str, int]:
    """Name what parts the values from normal ones, each with its grade, the most telling first."""
    beyond = _grade(distance, DISTANCES) if distance > NORMAL_DISTANCE / np.sqrt(n) else 0
    grades = {
        "two peaks": 2 if two_peaks else 0,
        "light tails" if found.kurtosis < 0 else "heavy tails": _grade_of_tails(found.kurtosis),
        "skewed to the right" if found.skewness > 0 else "skewed to the left": _grade(found.skewness, SKEW),
    }
    if beyond > max(grades.values()):
        grades["quantiles far off"] = beyond
    return {what: grade for what, grade in grades.items() if grade}


def _places(values: Floats, valley: Valley) -> tuple[float, float]:
    found = moments(values)
    first, second = (
        found.centre + found.offset + found.sd * place for place in (valley.first, valley.second)
    )
    return float(first), float(second)


def _grade_of_tails(kurtosis: float) -> int:
    return _grade(kurtosis, LIGHT_TAILS if kurtosis < 0 else TAILS)


def _grade(value: float, limits: tuple[float, float]) -> int:
    return sum(abs(value) >= limit for limit in limits)


def _tests(values: Floats) -> tuple[Test, ...]:
    """Test by Shapiro and Wilk, above 5000 values by D'Agostino and Pearson; by Anderson and Darling too."""
    n = values.size
    found = shapiro(values)
    if found is not None:
        first = Test("primary", "shapiro_wilk", "Shapiro-Wilk test", "W", found[0], (), found[1], n)
    else:
        k2, p = numerics.dagostino_pearson(values)
        title = "D'Agostino-Pearson test of skewness and kurtosis"
        first = Test("primary", "dagostino_pearson", title, "chi2", k2, (2.0,), p, n)
    statistic, p = numerics.anderson_darling(values)
    beside = Test("sensitivity", "anderson_darling", "Anderson-Darling test", "A", statistic, (), p, n)
    return first, beside


def _effect_sizes(found: Moments34, level: float) -> tuple[EffectSize, ...]:
    z = float(special.ndtri((1.0 + level) / 2.0))

    def sized(name: str, title: str, numbers: tuple[float, float], words: tuple[str, str]) -> EffectSize:
        value, error = numbers
        interval = as_interval((value - z * error, value + z * error), level)
        return EffectSize(name, title, value, interval, "standard error of normal samples", *words)

    return (
        sized(
            "skewness",
            "skewness",
            (found.skewness, found.skewness_error),
            (SKEW_WORDS[_grade(found.skewness, SKEW)], SKEW_RULE),
        ),
        sized(
            "excess_kurtosis_difference",
            "excess kurtosis",
            (found.kurtosis, found.kurtosis_error),
            (TAIL_WORDS[_grade_of_tails(found.kurtosis)], TAIL_RULE if found.kurtosis >= 0 else LIGHT_RULE),
        ),
    )


def _means(sample: ShapeSample, shape: Shape) -> Assumption:
    """Say whether the rows suffice for a mean at this skewness."""
    enough = sample.values.size >= shape.rows_needed
    return Assumption(
        name="rows enough for means",
        verdict="holds" if enough else "doubtful",
        consequence=(
            "Intervals of the mean, and tests that compare means of groups this large, hold at this skewness."
            if enough
            else "At this skewness intervals and tests of means are rough; compare ranks or tell medians."
        ),
        test="Sugden, Smith & Jones 2000",
        magnitude=shape.rows_needed,
        magnitude_name="rows from which a mean's interval holds",
    )

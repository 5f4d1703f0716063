"""Checks that several methods make of their samples, each as what it found and what follows from it."""

from jobs.analysis.methods.common import Verdict
from jobs.analysis.results.result import Assumption

ON_VALUES, ON_RESIDUALS = "Shapiro-Wilk", "Shapiro-Wilk on residuals"


def extreme_values(count: int, *, some: str, none: str) -> Assumption:
    """Tell how many values lie beyond the outer fences, and what follows from `some` or from `none`."""
    return Assumption(
        name="no extreme outliers",
        verdict="doubtful" if count else "holds",
        consequence=some if count else none,
        magnitude=float(count),
        magnitude_name="values beyond 3 interquartile ranges",
    )


def shape(
    name: str,
    told: tuple[Verdict, str],
    skew: float | None,
    test: tuple[float, float] | None,
    *,
    tested: str = ON_RESIDUALS,
    skew_of: str = "skewness",
) -> Assumption:
    """Tell a shape by its skewness and Shapiro and Wilk's W and p; `told` is verdict and consequence."""
    verdict, consequence = told
    return Assumption(
        name=name,
        verdict=verdict,
        consequence=consequence,
        test=tested if test else None,
        statistic=test[0] if test else None,
        pvalue=test[1] if test else None,
        magnitude=skew,
        magnitude_name=skew_of if skew is not None else None,
    )

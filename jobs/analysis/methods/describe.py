"""One number: where it lies, how it spreads, what shape it has."""

from jobs.analysis.methods.common import SKEWED, describe, require_range, require_values, shapiro
from jobs.analysis.numerics.moments import skewness
from jobs.analysis.results.result import Assumption, Findings, Plan
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.samples import SingleSample

METHODS = ("profile",)


def choose(plan: Plan, sample: SingleSample) -> Plan:
    """Keep the plan: there is one way to describe a number."""
    require_values(sample.outcome, sample.values, at_least=1)
    return plan


def run(plan: Plan, sample: SingleSample, *, level: float) -> Findings:
    """Describe the values with the interval of their mean.

    Raises
    ------
    TooFewValues
        There is no value.
    UnsuitableData
        Values are beyond what can be squared.
    """
    choose(plan, sample)
    values = sample.values
    require_range(sample.outcome, float(values.min()), float(values.max()))
    return Findings(
        sample=Used(sample.n_total, values.size, dict(sample.dropped)),
        descriptives=(describe(sample.outcome, None, values, level=level),),
        assumptions=_shape(sample),
    )


def _shape(sample: SingleSample) -> tuple[Assumption, ...]:
    skew, test = skewness(sample.values), shapiro(sample.values)
    if skew is None:
        return ()
    skewed = abs(skew) > SKEWED
    side = "right" if skew > 0 else "left"
    return (
        Assumption(
            name="normality",
            verdict="doubtful" if skewed else "holds",
            consequence=(
                f"The values are strongly skewed to the {side}; the median says more than the mean."
                if skewed
                else "The values are not strongly skewed; mean and median say much the same."
            ),
            test="Shapiro-Wilk" if test else None,
            statistic=test[0] if test else None,
            pvalue=test[1] if test else None,
            magnitude=skew,
            magnitude_name="skewness",
        ),
    )

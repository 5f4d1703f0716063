"""The methods beyond two columns: each kind of sample goes to the module of its family."""

from jobs.analysis.methods import (
    agreement,
    ancova,
    factorial,
    missing,
    normality,
    one_sample,
    outliers,
    paired,
    rated,
    repeated,
    strata,
)
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling.adjusting import AdjustedSample
from jobs.analysis.sampling.designs import Design, OneSample, RepeatedSample, ShareSample
from jobs.analysis.sampling.factors import FactorialSample
from jobs.analysis.sampling.gap_scans import GapSample
from jobs.analysis.sampling.outlier_scans import OutlierSample
from jobs.analysis.sampling.rated import RatedSample
from jobs.analysis.sampling.shapes import ShapeSample
from jobs.analysis.sampling.strata import StrataSample
from jobs.errors import UnsuitableData

METHODS = (
    *paired.METHODS,
    *one_sample.METHODS,
    *repeated.METHODS,
    *factorial.METHODS,
    *ancova.METHODS,
    *strata.METHODS,
    *rated.METHODS,
    *agreement.METHODS,
    *outliers.METHODS,
    *normality.METHODS,
    *missing.METHODS,
)


def choose(plan: Plan, sample: Design) -> Plan:
    """Settle the method by the sample, as `jobs.analysis.methods.choose` does."""
    match sample:
        case RatedSample() if plan.method in rated.METHODS:
            return rated.choose(plan, sample)
        case RepeatedSample() | RatedSample() if plan.method in agreement.METHODS:
            return plan
        case RepeatedSample() if plan.method in repeated.METHODS:
            return repeated.choose(plan, sample)
        case RepeatedSample():
            return paired.choose(plan, sample)
        case OneSample():
            return one_sample.choose(plan, sample)
        case StrataSample():
            return strata.choose(plan, sample)
        case _:
            return plan


def run(plan: Plan, sample: Design, *, level: float) -> Findings:
    """Compute the plan's method, as `jobs.analysis.methods.run` does."""
    match sample:
        case RepeatedSample() if plan.method in paired.METHODS:
            return paired.run(plan, sample, level=level)
        case RepeatedSample() if plan.method in repeated.METHODS:
            return repeated.run(plan, sample, level=level)
        case OneSample() if plan.method in one_sample.METHODS:
            return one_sample.run(plan, sample, level=level)
        case FactorialSample() if plan.method in factorial.METHODS:
            return factorial.run(plan, sample, level=level)
        case AdjustedSample() if plan.method in ancova.METHODS:
            return ancova.run(sample, level=level)
        case StrataSample() if plan.method in strata.METHODS:
            return strata.run(plan, sample, level=level)
        case RatedSample() | RepeatedSample():
            return _of_raters(plan, sample, level)
        case ShareSample():
            return one_sample.run_share(sample, level=level)
        case _:
            return _of_one_column(plan, sample, level)


def _of_raters(plan: Plan, sample: RatedSample | RepeatedSample, level: float) -> Findings:
    if isinstance(sample, RepeatedSample):
        return agreement.run_correlation(sample, level=level)
    if plan.method in rated.METHODS:
        return rated.run(plan, sample, level=level)
    return agreement.run_kappa(plan, sample, level=level)


def _of_one_column(plan: Plan, sample: Design, level: float) -> Findings:
    match sample:
        case OutlierSample():
            return outliers.run(sample)
        case ShapeSample():
            return normality.run(sample, level=level)
        case GapSample():
            return missing.run(sample, level=level)
        case _:
            raise UnsuitableData(f"The method {plan.method!r} does not take such a sample.")

"""Models of several columns, by what the outcome is: a number, yes or no, a count."""

from jobs.analysis.methods import counts, odds, prediction
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling.models import ModelSample

METHODS = (*prediction.METHODS, *odds.METHODS, *counts.METHODS)


def choose(plan: Plan, sample: ModelSample) -> Plan:
    """Settle the scale on which the outcome is modelled, and how counts are spread."""
    if plan.method in odds.METHODS:
        return odds.choose(plan, sample)
    if plan.method in counts.METHODS:
        return counts.choose(plan, sample)
    return prediction.choose(plan, sample)


def run(plan: Plan, sample: ModelSample, *, level: float) -> Findings:
    """Fit the model of the plan.

    Raises
    ------
    UnsuitableData
        The predictors or the outcome cannot be modelled.
    """
    if plan.method in odds.METHODS:
        return odds.run(plan, sample, level=level)
    if plan.method in counts.METHODS:
        return counts.run(plan, sample, level=level)
    return prediction.run(plan, sample, level=level)

"""Models of several columns, by what the outcome is: a number, yes or no, a count."""

from dataclasses import replace

from jobs.analysis.catalogue import AS_NUMBER
from jobs.analysis.methods import counts, odds, prediction
from jobs.analysis.methods.counted import counted
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling.models import ModelSample

METHODS = (*prediction.METHODS, *odds.METHODS, *counts.METHODS)


def choose(plan: Plan, sample: ModelSample) -> Plan:
    """Settle the scale on which the outcome is modelled, and how counts are spread."""
    if plan.method in odds.METHODS:
        return odds.choose(plan, sample)
    if plan.method in counts.METHODS:
        return counts.choose(plan, sample)
    if AS_NUMBER in plan.because and (why := counted(sample)) is not None:
        because = f"{why}, so it is taken for a count and its rate is modelled, not its mean."
        return counts.choose(replace(plan, method=counts.POISSON, because=because), sample)
    return prediction.choose(plan, sample)


def coded(sample: ModelSample) -> tuple[str, ...]:
    """Say which predictors of more than two whole numbers were taken as categories, and why."""
    return tuple(
        f"{one.name} holds the whole numbers {', '.join(one.levels)}: as they are few, stand often and are "
        "no plain steps from 0 or 1, they were taken as categories with a coefficient each, not as a scale."
        for one in sample.predictors
        if len(one.levels) > 2 and all(level.lstrip("-").isdecimal() for level in one.levels)
    )


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

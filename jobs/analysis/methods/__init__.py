"""The methods: which one suits a sample, and what it finds.

`choose` settles the method once the values are known; `run` computes. One module a family: `groups` (number
by groups), `relationship` (number and number), `association` (category by category), `describe` (one number).
"""

from dataclasses import replace

from jobs.analysis.catalogue import usual_name
from jobs.analysis.methods import association, describe, designs, groups, matrix, models, relationship, trend
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.designs import Design
from jobs.analysis.sampling.matrices import MatrixSample
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, Sample, SingleSample
from jobs.analysis.sampling.times import TimeSample
from jobs.errors import UnknownMethod, UnsuitableData

METHODS = (
    *groups.METHODS,
    *relationship.METHODS,
    *association.METHODS,
    *describe.METHODS,
    *designs.METHODS,
    *matrix.METHODS,
    *trend.METHODS,
    *(method for method in models.METHODS if method not in relationship.METHODS),
)


def choose(plan: Plan, sample: Sample) -> Plan:
    """Settle the method by the sample, with the reason and the number that decided.

    Parameters
    ----------
    plan : Plan
        If `explicit`, its method stays, under its usual name.
    sample : Sample
        What `jobs.analysis.sampling.samples.load` gave for the plan.

    Raises
    ------
    UnsuitableData, TooFewValues
        The values cannot answer the question by any method.
    UnknownMethod
        The plan is explicit and there is no such method.
    """
    if isinstance(sample, GroupedSample) and sample.pooled:
        plan = _pooling(plan, sample)
    if isinstance(sample, ModelSample):
        plan = replace(plan, notes=(*plan.notes, *models.coded(sample)))
    if plan.explicit:
        return replace(plan, method=_known(plan.method))
    return _chosen(replace(plan, method=usual_name(plan.method)), sample)


def _pooling(plan: Plan, sample: GroupedSample) -> Plan:
    """Say that small groups are compared together, and under which name."""
    other, alone = sample.levels[-1], len(sample.levels) - 1
    note = (
        f"{sample.group} has {alone + sample.pooled} groups: the {alone} with the most values are "
        f"compared, and all smaller ones together as '{other}', which may hide how these differ."
    )
    return replace(plan, notes=(*plan.notes, note), params={**plan.params, "other": other})


def _chosen(plan: Plan, sample: Sample) -> Plan:
    match sample:
        case GroupedSample():
            return groups.choose(plan, sample)
        case PairedSample():
            return relationship.choose(plan, sample)
        case CrossSample():
            return association.choose(plan, sample)
        case SingleSample():
            return describe.choose(plan, sample)
        case Design():
            return designs.choose(plan, sample)
        case ModelSample():
            return models.choose(plan, sample)
        case MatrixSample():
            return matrix.choose(plan, sample)
        case TimeSample():
            return trend.choose(plan, sample)
        case None:
            return plan


def run(plan: Plan, sample: Sample, *, level: float = 0.95) -> Findings:
    """Compute the plan's method, the tests beside it, effect sizes, descriptives and assumptions.

    Parameters
    ----------
    level : float in (0, 1)
        Coverage of every interval.

    Returns
    -------
    Findings
        The primary test and its effect size first; no NaN and no infinity anywhere. Empty for no sample.

    Raises
    ------
    UnsuitableData, TooFewValues
        The values cannot be used with this method.
    UnknownMethod
        There is no such method.
    """
    plan = replace(plan, method=_known(plan.method))
    match sample:
        case GroupedSample():
            return groups.run(_fitting(plan, groups.METHODS, "a number in groups"), sample, level=level)
        case PairedSample():
            return relationship.run(_fitting(plan, relationship.METHODS, "two numbers"), sample, level=level)
        case CrossSample():
            return association.run(_fitting(plan, association.METHODS, "two categories"), sample, level=level)
        case SingleSample():
            return describe.run(_fitting(plan, describe.METHODS, "one number"), sample, level=level)
        case Design():
            return designs.run(plan, sample, level=level)
        case ModelSample():
            return models.run(_fitting(plan, models.METHODS, "several predictors"), sample, level=level)
        case MatrixSample():
            return matrix.run(_fitting(plan, matrix.METHODS, "many numbers"), sample, level=level)
        case TimeSample():
            return trend.run(_fitting(plan, trend.METHODS, "values over time"), sample, level=level)
        case None:
            return Findings(sample=Used(0, 0))


def _known(method: str) -> str:
    name = usual_name(method)
    if name not in METHODS:
        raise UnknownMethod(f"There is no method {method!r}; there are {', '.join(METHODS)}.")
    return name


def _fitting(plan: Plan, methods: tuple[str, ...], given: str) -> Plan:
    if plan.method not in methods:
        raise UnsuitableData(
            f"The method {plan.method!r} does not take {given}; use {' or '.join(map(repr, methods))}."
        )
    return plan

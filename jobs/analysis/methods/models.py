"""Models of several columns, by what the outcome is: so far a number."""

from jobs.analysis.methods import prediction
from jobs.analysis.models import ModelSample
from jobs.analysis.result import Findings, Plan

METHODS = prediction.METHODS


def choose(plan: Plan, sample: ModelSample) -> Plan:
    """Settle the scale on which the outcome is modelled."""
    return prediction.choose(plan, sample)


def run(plan: Plan, sample: ModelSample, *, level: float) -> Findings:
    """Fit the model of the plan.

    Raises
    ------
    UnsuitableData
        The predictors or the outcome cannot be modelled.
    """
    return prediction.run(plan, sample, level=level)

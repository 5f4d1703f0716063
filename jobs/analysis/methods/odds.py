"""Yes or no explained by several columns: logistic regression, unless a column separates the two."""

import numpy as np

from jobs.analysis.methods.likelihood import coefficients, predictors, ratio_test, wald_test
from jobs.analysis.methods.modelling import (
    described,
    enough_rows,
    require,
    shared_assumptions,
    steps,
)
from jobs.analysis.numerics.discrimination import area_under_curve
from jobs.analysis.numerics.dispersion import NoMaximum
from jobs.analysis.numerics.families import Logistic
from jobs.analysis.numerics.general_model import GeneralModel, fit_general, separates
from jobs.analysis.numerics.linear_model import DependentColumns
from jobs.analysis.results.modelled import Model
from jobs.analysis.results.result import EffectSize, Findings, Interval, Plan
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.models import ModelSample
from jobs.errors import UnsuitableData

METHODS = ("logistic_regression",)
LIMITS, RULE = (0.56, 0.64, 0.71), "Rice & Harris 2005: .56/.64/.71"
WORDS = ("negligible", "small", "medium", "large")


def choose(plan: Plan, sample: ModelSample) -> Plan:
    """Keep the plan: there is one way to model yes or no."""
    require(sample)
    return plan


def run(plan: Plan, sample: ModelSample, *, level: float) -> Findings:
    """Fit the odds of the outcome on the predictors.

    Raises
    ------
    UnsuitableData
        A predictor separates yes from no, or follows from the others.
    """
    del plan
    require(sample)
    y, family = sample.values, Logistic()
    model = _fitted(sample, family)
    found = predictors(sample, model)
    share = float(y.mean())
    null = family.log_likelihood(y, np.full(y.size, share))
    events = min(int(y.sum()), int(y.size - y.sum()))
    df = model.coefficients.size - 1
    told = model.fitted
    return Findings(
        sample=Used(sample.n_total, y.size, dict(sample.dropped)),
        descriptives=described(sample, level=level),
        assumptions=(
            enough_rows(events / df, what="rows of the rarer outcome"),
            *shared_assumptions(sample, found),
        ),
        tests=(
            ratio_test(METHODS[0], "logistic regression", rise=model.log_likelihood - null, df=df, n=y.size),
            wald_test(sample, model),
        ),
        effect_sizes=(_curve(sample, model, level),),
        model=Model(
            outcome=sample.outcome,
            scale="log odds",
            coefficients=coefficients(sample, model, family, level=level),
            predictors=found,
            fit={
                "mcfadden": 1.0 - model.log_likelihood / null,
                "tjur": float(told[y == 1.0].mean() - told[y == 0.0].mean()),
                "log_likelihood": model.log_likelihood,
                "null_log_likelihood": null,
                "aic": 2.0 * (model.coefficients.size - model.log_likelihood),
                "events": float(y.sum()),
            },
            event=sample.events[1],
        ),
    )


def _fitted(sample: ModelSample, family: Logistic) -> GeneralModel:
    model: GeneralModel | None = None
    try:
        model = fit_general(sample.columns, sample.values, family)
    except DependentColumns as error:
        column = steps(sample)[error.place].column
        raise UnsuitableData(
            f"Column {column!r} follows exactly from the other predictors; leave one of them out."
        ) from error
    except NoMaximum:
        pass
    place = separates(sample.columns, sample.values, model)
    if place is None and model is not None:
        return model
    step = steps(sample)[place or 0]
    which = f"{step.column} = {step.level}" if step.level is not None else step.column
    raise UnsuitableData(
        f"Column {step.column!r} separates {sample.outcome!r} perfectly, alone or with others (see {which}): "
        f"some of its values stand with {sample.events[0]!r} or with {sample.events[1]!r} only, so that the "
        "odds ratio is infinite. Leave it out, or join its values into larger groups."
    )


def _curve(sample: ModelSample, model: GeneralModel, level: float) -> EffectSize:
    value, low, high = area_under_curve(sample.values, model.fitted, level)
    label = WORDS[sum(value >= limit for limit in LIMITS)]
    interval = Interval(low, high, level)
    return EffectSize("auc", "AUC", value, interval, "DeLong 1988", label, RULE)

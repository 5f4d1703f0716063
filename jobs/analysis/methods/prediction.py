"""A number explained by several columns: least squares with HC3 errors, and how much each column adds."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods.common import (
    SKEWED,
    SMALL,
    as_interval,
    require_usable,
)
from jobs.analysis.methods.modelling import (
    by_importance,
    described,
    enough_rows,
    fitted,
    ratio_of,
    ratios,
    require,
    shared_assumptions,
    steps,
)
from jobs.analysis.numerics import noncentral
from jobs.analysis.numerics.cross_validation import cross_validated, five_folds
from jobs.analysis.numerics.linear_model import (
    DependentColumns,
    JointTest,
    LinearModel,
    fit_model,
    inflation,
    joint_test,
    partial_r_squared,
)
from jobs.analysis.numerics.means import t_quantile, t_two_sided
from jobs.analysis.numerics.moments import moments, skewness
from jobs.analysis.results.modelled import FOLDING, Coefficient, Model, Predictor
from jobs.analysis.results.result import Assumption, EffectSize, Findings, Interval, Plan, Test
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.models import ModelSample
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

LOGARITHM = "log_linear_regression"
METHODS = ("linear_regression", LOGARITHM)
STRETCHED = 2.0  # skewness above which a positive outcome is modelled by its logarithm
OPTIMISTIC = 0.1  # of R2, lost on rows that were not seen
SOMETHING = 0.02  # R2 of rows set aside, below which a model tells hardly more than their mean
BENT = 0.02  # adjusted R2 that the squares of the fitted values add: a visible bend
R2_LIMITS, R2_RULE = (0.02, 0.13, 0.26), "Cohen 1988: .02/.13/.26"
R2_WORDS = ("negligible", "small", "medium", "large")


def choose(plan: Plan, sample: ModelSample) -> Plan:
    """Model the logarithm of an outcome that is positive and skewed beyond 2, else the outcome itself."""
    skew = skewness(sample.values) or 0.0
    if plan.method != LOGARITHM and float(sample.values.min()) > 0.0 and skew > STRETCHED:
        because = (
            f"{sample.outcome} is positive and strongly skewed (skewness {skew:.2f}), so that its logarithm "
            "is modelled: coefficients become factors."
        )
        return replace(plan, method=LOGARITHM, because=because)
    return plan


def run(plan: Plan, sample: ModelSample, *, level: float) -> Findings:
    """Fit the outcome, or its logarithm, on the predictors.

    Raises
    ------
    UnsuitableData
        A predictor follows from the others, one row decides a coefficient, or nothing is left to explain.
    """
    require(sample)
    require_usable(sample.outcome, [sample.values])
    y = _outcome(plan.method, sample)
    model = fitted(sample, y)
    _require_errors(sample, model)
    predictors = by_importance(_predictors(sample, model))
    unseen = cross_validated(sample.columns, y, five_folds(y.size, FOLDING))
    return Findings(
        sample=Used(sample.n_total, y.size, dict(sample.dropped)),
        descriptives=described(sample, level=level),
        assumptions=(*_assumptions(sample, y, model, unseen), *shared_assumptions(sample, predictors)),
        tests=_tests(plan.method, model),
        effect_sizes=_effects(model, level),
        model=Model(
            outcome=sample.outcome,
            scale="log" if plan.method == LOGARITHM else "identity",
            coefficients=_coefficients(plan.method, sample, y, model, level),
            predictors=predictors,
            fit={
                "r_squared": model.r_squared,
                "adjusted_r_squared": model.adjusted_r_squared,
                "cross_validated_r_squared": unseen,
                "residual_sd": float(np.sqrt(model.variance)),
            },
        ),
    )


def _outcome(method: str, sample: ModelSample) -> Floats:
    if method != LOGARITHM:
        return sample.values
    lowest = float(sample.values.min())
    if lowest <= 0.0:
        raise UnsuitableData(
            f"Column {sample.outcome!r} holds {lowest:g}, which has no logarithm; choose linear_regression."
        )
    logarithm: Floats = np.log(sample.values)
    return logarithm


def _require_errors(sample: ModelSample, model: LinearModel) -> None:
    if model.squares <= 1e-26 * model.total:
        raise UnsuitableData(
            f"{sample.outcome!r} follows exactly from the predictors; there is no uncertainty to test. Was "
            "it computed from them?"
        )
    if model.robust is None:
        row = int(np.argmax(model.leverage))
        apart = [abs(step.values[row] - step.values.mean()) / step.values.std() for step in steps(sample)]
        column = steps(sample)[int(np.argmax(apart))].column
        raise UnsuitableData(
            f"One row alone decides a coefficient of the model, most likely that of {column!r}; leave that "
            "column out."
        )


def _tests(method: str, model: LinearModel) -> tuple[Test, ...]:
    every = range(1, model.coefficients.size)
    n = model.residuals.size

    def test(name: str, title: str, found: JointTest) -> Test:
        return Test(
            "sensitivity", name, title, "F", found.statistic, (found.df, found.df_error), found.pvalue, n
        )

    of = "linear regression of the logarithm" if method == LOGARITHM else "linear regression"
    robust = test(method, f"Wald's F of the {of} (HC3)", joint_test(model, every, robust=True))
    classic = test("classic_f", "the classic F test", joint_test(model, every, robust=False))
    return replace(robust, role="primary"), classic


def _effects(model: LinearModel, level: float) -> tuple[EffectSize, ...]:
    value, df = model.r_squared, float(model.coefficients.size - 1)
    df_error = float(model.df_error)
    implied = (value / df) / ((1.0 - value) / df_error)
    low, high = (limit / (limit + df_error) for limit in noncentral.f_limits(implied, df, df_error, level))
    interval = Interval(min(low, value), max(high, value), level)
    label = R2_WORDS[sum(value >= limit for limit in R2_LIMITS)]
    return (EffectSize("r_squared", "R²", value, interval, "noncentral F", label, R2_RULE),)


def _coefficients(
    method: str, sample: ModelSample, y: Floats, model: LinearModel, level: float
) -> tuple[Coefficient, ...]:
    assert model.robust is not None  # noqa: S101 - refused above; for the type checker
    errors = np.sqrt(np.diag(model.robust))
    reach = t_quantile(model.df_error, level) * errors
    spread = moments(y).sd
    found = []
    for place, estimate in enumerate(model.coefficients):
        step = steps(sample)[place - 1] if place else None
        value, error = float(estimate), float(errors[place])
        interval = as_interval((value - float(reach[place]), value + float(reach[place])), level)
        statistic = value / error
        factor = method == LOGARITHM and step is not None
        scale = 1.0 if step is None or step.level is not None else moments(step.values).sd
        found.append(
            Coefficient(
                column=step.column if step else None,
                level=step.level if step else None,
                reference=step.reference if step else None,
                estimate=value,
                error=error,
                interval=interval,
                statistic=statistic,
                pvalue=t_two_sided(statistic, model.df_error),
                standardised=value * scale / (1.0 if factor else spread) if step else None,
                ratio=ratio_of(step, value) if step and factor else None,
                ratio_interval=ratios(interval) if factor else None,
                unit=step.unit if step else None,
            )
        )
    return tuple(found)


def _predictors(sample: ModelSample, model: LinearModel) -> list[Predictor]:
    sizes = inflation(model.inverse, sample.places)
    found = []
    for predictor, places, size in zip(sample.predictors, sample.places, sizes, strict=True):
        test = joint_test(model, places, robust=True)
        found.append(
            Predictor(
                predictor.name,
                test.statistic,
                (test.df, test.df_error),
                test.pvalue,
                partial_r_squared(model, places),
                size,
            )
        )
    return found


def _assumptions(
    sample: ModelSample, y: Floats, model: LinearModel, unseen: float | None
) -> tuple[Assumption, ...]:
    n, p = y.size, model.coefficients.size
    cook = model.residuals**2 * model.leverage / (p * model.variance * (1.0 - model.leverage) ** 2)
    strong, skew = int(np.sum(cook > 1.0)), skewness(model.residuals) or 0.0
    odd = n < SMALL and abs(skew) > SKEWED
    found = [
        _bend(sample, y, model),
        Assumption("equal spread", "not needed", "The errors (HC3) hold for unequal spread as well."),
        Assumption(
            "no row that decides alone",
            "doubtful" if strong else "holds",
            "Look at these rows: the coefficients would be others without them."
            if strong
            else "No row moves the coefficients much.",
            magnitude=float(strong),
            magnitude_name="rows of large Cook's distance",
        ),
        Assumption(
            "normal residuals",
            "doubtful" if odd else "holds",
            "Few rows with skewed residuals make intervals and p-values rough."
            if odd
            else "With so many rows, or so little skewness, intervals hold.",
            magnitude=skew,
            magnitude_name="skewness of the residuals",
        ),
        enough_rows(n / p),
    ]
    return (*found, _optimism(model.r_squared, unseen))


def _bend(sample: ModelSample, y: Floats, model: LinearModel) -> Assumption:
    """See whether the squares of the fitted values explain what the columns leave (Ramsey 1969)."""
    told = y - model.residuals
    square = (told - told.mean()) ** 2
    gain = 0.0
    if model.df_error > 1 and np.ptp(square) > 0.0:
        with suppress(DependentColumns):
            bent = fit_model((*sample.columns, square), y)
            gain = bent.adjusted_r_squared - model.adjusted_r_squared
    bent_relations = gain >= BENT
    return Assumption(
        "straight relations",
        "doubtful" if bent_relations else "holds",
        "The relations are bent, so that the coefficients hold only roughly; look at the single columns."
        if bent_relations
        else "A bend would explain hardly more.",
        magnitude=gain,
        magnitude_name="adjusted R2 added by the squares of the fitted values",
    )


def _optimism(seen: float, unseen: float | None) -> Assumption:
    name = "a fit that holds for other rows"
    if unseen is None:
        return Assumption(name, "not checked", "There are too few rows to set a fifth of them aside.")
    lost, nothing = seen - unseen > OPTIMISTIC, unseen < SOMETHING
    says = "It explains rows that were set aside nearly as well."
    if nothing:
        says = "Of rows that were set aside it explains next to nothing: their mean tells about as much."
    elif lost:
        says = "The model fits the rows it was made from better than others; expect the lower figure."
    return Assumption(
        name,
        "doubtful" if lost or nothing else "holds",
        says,
        magnitude=unseen,
        magnitude_name="R2 of rows set aside",
    )

"""Counts explained by several columns: Poisson, or negative binomial where they spread more than that."""

from dataclasses import replace

import numpy as np

from jobs.analysis.methods.likelihood import coefficients, predictors, ratio_test, wald_test
from jobs.analysis.methods.modelling import described, enough_rows, require, shared_assumptions, steps
from jobs.analysis.numerics.dispersion import NoMaximum, dispersion
from jobs.analysis.numerics.families import Family, NegativeBinomial, Poisson
from jobs.analysis.numerics.general_model import GeneralModel, fit_general, fit_negative_binomial
from jobs.analysis.numerics.linear_model import DependentColumns
from jobs.analysis.results.modelled import Model
from jobs.analysis.results.result import Assumption, Findings, Plan
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.models import ModelSample
from jobs.errors import UnsuitableData

POISSON, NEGATIVE_BINOMIAL = "poisson_regression", "negative_binomial_regression"
METHODS = (POISSON, NEGATIVE_BINOMIAL)
TITLES = {POISSON: "Poisson regression", NEGATIVE_BINOMIAL: "negative binomial regression"}
DISPERSED = 1.5  # times the variance of a Poisson, above which its errors are clearly too small


def choose(plan: Plan, sample: ModelSample) -> Plan:
    """Choose the negative binomial if the counts spread at least 1.5 times as much as a Poisson's."""
    require(sample)
    spread = _poisson(sample).pearson
    if spread < DISPERSED:
        return plan
    because = (
        f"{sample.outcome} is a count that spreads {spread:.1f} times as much as a Poisson's, so that a "
        "negative binomial is fitted."
    )
    if plan.because.startswith("By its values"):
        because = f"{plan.because} {because}"
    return replace(plan, method=NEGATIVE_BINOMIAL, because=because)


def run(plan: Plan, sample: ModelSample, *, level: float) -> Findings:
    """Fit the rate of the counts on the predictors.

    Raises
    ------
    UnsuitableData
        A predictor follows from the others, some value goes with zeros only, or, for a negative binomial, the
        counts spread no more than a Poisson's.
    """
    require(sample)
    y = sample.values
    if not y.any():
        raise UnsuitableData(
            f"Column {sample.outcome!r} is 0 in all {y.size:,} rows; there is nothing to count."
        )
    plain = _poisson(sample)
    model, family = _fitted(plan.method, sample, plain)
    null = _null(family, sample)
    found = predictors(sample, model)
    df = model.coefficients.size - 1
    extra = 1.0 if isinstance(family, NegativeBinomial) else 0.0
    return Findings(
        sample=Used(sample.n_total, y.size, dict(sample.dropped)),
        descriptives=described(sample, level=level),
        assumptions=(
            _spread(plan.method, plain),
            enough_rows(y.size / (df + 1.0)),
            *shared_assumptions(sample, found),
        ),
        tests=(
            ratio_test(plan.method, TITLES[plan.method], rise=model.log_likelihood - null, df=df, n=y.size),
            wald_test(sample, model),
        ),
        model=Model(
            outcome=sample.outcome,
            scale="log rate",
            coefficients=coefficients(sample, model, family, level=level),
            predictors=found,
            fit={
                "mcfadden": 1.0 - model.log_likelihood / null,
                "log_likelihood": model.log_likelihood,
                "null_log_likelihood": null,
                "aic": 2.0 * (df + 1.0 + extra - model.log_likelihood),
                "dispersion": model.pearson,
                "theta": family.theta if isinstance(family, NegativeBinomial) else None,
            },
        ),
    )


def _poisson(sample: ModelSample) -> GeneralModel:
    try:
        return fit_general(sample.columns, sample.values, Poisson())
    except DependentColumns as error:
        column = steps(sample)[error.place].column
        raise UnsuitableData(
            f"Column {column!r} follows exactly from the other predictors; leave one of them out."
        ) from error
    except NoMaximum as error:
        raise UnsuitableData(
            f"Some value of a predictor goes with {sample.outcome!r} = 0 only, so that its rate ratio is 0. "
            "Leave it out, or join its values into larger groups."
        ) from error


def _fitted(method: str, sample: ModelSample, plain: GeneralModel) -> tuple[GeneralModel, Family]:
    if method == POISSON:
        return plain, Poisson()
    try:
        return fit_negative_binomial(sample.columns, sample.values)
    except NoMaximum as error:
        raise UnsuitableData(
            f"The counts in {sample.outcome!r} spread no more than a Poisson's (dispersion "
            f"{plain.pearson:.2f}); choose {POISSON}."
        ) from error


def _null(family: Family, sample: ModelSample) -> float:
    """Give the log likelihood without predictors; theta is fitted anew."""
    y = sample.values
    mean = np.full(y.size, y.mean())
    if isinstance(family, NegativeBinomial):
        family = NegativeBinomial(dispersion(y, mean, family.theta))
    return family.log_likelihood(y, mean)


def _spread(method: str, plain: GeneralModel) -> Assumption:
    wide = plain.pearson >= DISPERSED
    if method == NEGATIVE_BINOMIAL and plain.pearson <= 1.0:
        says = "The counts do not spread more than a Poisson's, so that a Poisson regression would do."
    elif method == NEGATIVE_BINOMIAL:
        says = "The negative binomial takes in how much more than a Poisson's the counts spread."
    elif wide:
        says = f"The counts spread more than a Poisson's: errors are too small; choose {NEGATIVE_BINOMIAL}."
    elif plain.pearson <= 1.0 / DISPERSED:
        says = "The counts spread less than a Poisson's: errors are too large, and p-values with them."
    else:
        says = "The counts spread about as a Poisson's do."
    return Assumption(
        name="spread of a Poisson",
        verdict="not needed" if method == NEGATIVE_BINOMIAL else "doubtful" if wide else "holds",
        consequence=says,
        magnitude=plain.pearson,
        magnitude_name="variance as a multiple of a Poisson's",
    )

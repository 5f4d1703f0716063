"""What models of yes or no and of counts share: their tests, coefficients as ratios, limits by profile."""

from collections.abc import Iterator

import numpy as np
from scipy import special

from jobs.analysis.methods.common import as_interval
from jobs.analysis.methods.modelling import by_importance, ratio_of, ratios, steps
from jobs.analysis.numerics.families import Family
from jobs.analysis.numerics.general_model import GeneralModel, profile_interval
from jobs.analysis.numerics.linear_model import inflation
from jobs.analysis.numerics.moments import moments
from jobs.analysis.results.modelled import Coefficient, Predictor
from jobs.analysis.results.result import Interval, Test
from jobs.analysis.sampling.models import ModelSample

MOST_PROFILED = 3_000_000  # cells of a design; beyond it the two kinds of limits agree anyway


def ratio_test(method: str, title: str, *, rise: float, df: int, n: int) -> Test:
    """Test all predictors at once by the rise of the log likelihood over the model without them."""
    statistic = max(0.0, 2.0 * rise)
    pvalue = float(special.chdtrc(df, statistic))
    return Test(
        "primary", method, f"Likelihood ratio test of the {title}", "chi2", statistic, (df,), pvalue, n
    )


def wald_test(sample: ModelSample, model: GeneralModel) -> Test:
    """Test all predictors at once by their coefficients and covariance."""
    places = list(range(1, model.coefficients.size))
    statistic = _wald(model, places)
    df = float(len(places))
    return Test(
        "sensitivity",
        "wald",
        "Wald's test",
        "chi2",
        statistic,
        (df,),
        float(special.chdtrc(df, statistic)),
        sample.values.size,
    )


def _wald(model: GeneralModel, places: list[int]) -> float:
    part = model.covariance[np.ix_(places, places)]
    size = np.sqrt(np.diag(part))
    unit = model.coefficients[places] / size
    return float(unit @ np.linalg.solve(part / np.outer(size, size), unit))


def predictors(sample: ModelSample, model: GeneralModel) -> tuple[Predictor, ...]:
    """Test each predictor, the one with the smallest p-value first."""
    sizes = inflation(model.covariance, sample.places)
    found = []
    for predictor, places, size in zip(sample.predictors, sample.places, sizes, strict=True):
        statistic, df = _wald(model, list(places)), float(len(places))
        pvalue = float(special.chdtrc(df, statistic))
        found.append(Predictor(predictor.name, statistic, (df,), pvalue, None, size))
    return by_importance(found)


def coefficients(
    sample: ModelSample, model: GeneralModel, family: Family, *, level: float
) -> tuple[Coefficient, ...]:
    """Give each coefficient with its ratio, limits by Wald, and by the profile where there is time for it."""
    return tuple(_coefficients(sample, model, family, level))


def _coefficients(
    sample: ModelSample, model: GeneralModel, family: Family, level: float
) -> Iterator[Coefficient]:
    z = float(special.ndtri((1.0 + level) / 2.0))
    names = steps(sample)
    profiled = sample.values.size * len(names) ** 2 <= MOST_PROFILED
    for place, (estimate, error) in enumerate(zip(model.coefficients, model.errors, strict=True)):
        value, size = float(estimate), float(error)
        interval = as_interval((value - z * size, value + z * size), level)
        step = names[place - 1] if place else None
        profile = None
        if step is not None and profiled:
            limits = profile_interval(sample.columns, sample.values, family, model, place=place, level=level)
            profile = Interval(*limits, level)
        spread = 1.0 if step is None or step.level is not None else moments(step.values).sd
        yield Coefficient(
            column=step.column if step else None,
            level=step.level if step else None,
            reference=step.reference if step else None,
            estimate=value,
            error=size,
            interval=interval,
            statistic=value / size,
            pvalue=min(1.0, 2.0 * float(special.ndtr(-abs(value / size)))),
            standardised=value * spread if step else None,
            ratio=ratio_of(step, value) if step else None,
            ratio_interval=ratios(profile or interval) if step else None,
            profile_interval=profile,
            unit=step.unit if step else None,
        )

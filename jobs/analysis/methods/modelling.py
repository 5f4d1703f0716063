"""What models of a number, of yes or no, and of a count share: names of coefficients, checks, refusals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods.common import INDEPENDENCE, Verdict, describe, is_ordinal, require_usable
from jobs.analysis.numerics.linear_model import DependentColumns, LinearModel, fit_model
from jobs.analysis.results.modelled import Predictor
from jobs.analysis.results.result import Assumption, Descriptive, Interval
from jobs.analysis.sampling.models import Explaining, ModelSample
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

OVERLAPPING = 5.0  # variance inflation from which coefficients are hard to tell apart
ROWS_A_COEFFICIENT = 10
MOST_EXPONENT = 700.0  # of a float is about 709


@dataclass(frozen=True)
class Step:
    """What one coefficient is about."""

    column: str
    level: str | None
    reference: str | None
    unit: str | None
    values: Floats


def steps(sample: ModelSample) -> tuple[Step, ...]:
    """Name the coefficients after the intercept, in the order of the design."""
    return tuple(step for predictor in sample.predictors for step in _steps(predictor))


def _steps(predictor: Explaining) -> Iterator[Step]:
    for place, values in enumerate(predictor.columns, 1):
        if predictor.levels:
            yield Step(predictor.name, predictor.levels[place], predictor.levels[0], None, values)
        else:
            yield Step(predictor.name, None, None, predictor.unit, values)


def ratio_of(step: Step, estimate: float) -> float:
    """Give what one unit of a column multiplies the odds, the rate or the outcome by.

    Raises
    ------
    UnsuitableData
        It is beyond any number, for the column's values are tiny beside its unit.
    """
    if estimate > MOST_EXPONENT:
        raise UnsuitableData(
            f"One unit of {step.column!r} goes with a factor of e to the power of {estimate:.3g}, beyond any "
            "number; express the column in another unit."
        )
    return float(np.exp(estimate))


def ratios(interval: Interval) -> Interval:
    """Give the limits of a ratio by those of its logarithm; a limit beyond any number is None."""
    low, high = (
        float(np.exp(limit)) if limit is not None and limit < MOST_EXPONENT else None
        for limit in (interval.low, interval.high)
    )
    return Interval(low, high, interval.level)


def require(sample: ModelSample) -> None:
    """Refuse predictors that are constant but for rounding, or that determine each other.

    Raises
    ------
    UnsuitableData
        Naming the column.
    """
    for predictor in sample.predictors:
        if not predictor.levels:
            require_usable(predictor.name, [predictor.values])


def fitted(sample: ModelSample, y: Floats) -> LinearModel:
    """Fit `y` on the columns of the sample.

    Raises
    ------
    UnsuitableData
        A predictor is determined by those before it.
    """
    try:
        return fit_model(sample.columns, y)
    except DependentColumns as error:
        column = steps(sample)[error.place].column
        others = ", ".join(repr(other.name) for other in sample.predictors if other.name != column)
        raise UnsuitableData(
            f"Column {column!r} follows exactly from the other predictors ({others}), so that what goes with "
            "it cannot be told apart; leave one of them out."
        ) from error


def described(sample: ModelSample, *, level: float) -> tuple[Descriptive, ...]:
    """Describe the outcome and each predictor that is a number."""
    numbers = [(sample.outcome, sample.values)]
    numbers += [(found.name, found.values) for found in sample.predictors if not found.levels]
    return tuple(describe(name, None, values, level=level) for name, values in numbers)


def by_importance(predictors: Sequence[Predictor]) -> tuple[Predictor, ...]:
    """Put the predictor with the largest share, else with the smallest p-value, first."""
    return tuple(sorted(predictors, key=lambda found: (-(found.share or 0.0), found.pvalue)))


def overlap(predictors: Sequence[Predictor]) -> Assumption:
    """Say whether predictors go together so closely that their coefficients are hard to tell apart."""
    worst = max(predictors, key=lambda found: found.inflation or 0.0)
    size = worst.inflation or 1.0
    close = size >= OVERLAPPING
    return Assumption(
        name="predictors that do not overlap",
        verdict="doubtful" if close else "holds",
        consequence=(
            f"{worst.column} nearly follows from the other predictors, so that its coefficient is "
            "uncertain and depends on which others are in the model."
            if close
            else "Each predictor tells enough of its own."
        ),
        magnitude=size,
        magnitude_name="largest variance inflation factor",
    )


def enough_rows(rows: float, *, what: str = "rows") -> Assumption:
    """Say whether there are enough rows, or events, for each coefficient."""
    few = rows < ROWS_A_COEFFICIENT
    verdict: Verdict = "doubtful" if few else "holds"
    return Assumption(
        name=f"enough {what} for each coefficient",
        verdict=verdict,
        consequence=(
            "With so few the coefficients fit these data better than they would fit others; use fewer "
            "predictors, or read them as a first look."
            if few
            else "There are enough for stable coefficients."
        ),
        magnitude=rows,
        magnitude_name=f"{what} a coefficient",
    )


def steps_are_equal(sample: ModelSample) -> tuple[Assumption, ...]:
    """Say which ratings were taken as numbers."""
    rated = [
        found.name
        for found in sample.predictors
        if not found.levels and np.unique(found.values[:1000]).size > 2 and is_ordinal(found.values)
    ]
    if not rated:
        return ()
    return (
        Assumption(
            name="equal steps",
            verdict="not checked",
            consequence=f"{', '.join(rated)}: whole numbers taken as a scale whose steps all count the same.",
        ),
    )


def shared_assumptions(sample: ModelSample, predictors: Sequence[Predictor]) -> tuple[Assumption, ...]:
    """Give what every model assumes of its predictors and rows."""
    several = (overlap(predictors),) if len(predictors) > 1 else ()  # one alone has none to overlap with
    return (*several, *steps_are_equal(sample), INDEPENDENCE)

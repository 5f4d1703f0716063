"""Outcomes that are counts by their values, whatever they are called."""

import numpy as np

from jobs.analysis.methods.common import is_ordinal
from jobs.analysis.numerics.moments import moments, skewness
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.tables.measured import words_of_measures

MOST_ON_AVERAGE = 10.0  # events of a row; beyond it scores, years and prices look alike
LEAST_SKEW = 0.4  # a Poisson of mean 6 has it; larger means are close to normal, and scores lean left
LEAST_SPREAD = 0.7  # times the mean; the variance of a Poisson is its mean, without what predictors explain


def counted(sample: ModelSample) -> str | None:
    """Return why an outcome is a count: whole numbers from 0, few on average, with a tail to the right.

    A rating (at most 7 values) is none, nor is what has a unit or the name of a measure.
    """
    values = sample.values
    if sample.unit is not None or words_of_measures(sample.outcome):
        return None
    if not 0.0 <= float(values.min()) <= 1.0 or bool(np.any(values != np.rint(values))):
        return None
    found, skew = moments(values), skewness(values) or 0.0
    few = 0.0 < found.mean <= MOST_ON_AVERAGE
    if not few or skew < LEAST_SKEW or found.variance < LEAST_SPREAD * found.mean or is_ordinal(values):
        return None
    return (
        f"By its values {sample.outcome} counts something: whole numbers from {values.min():.0f} to "
        f"{values.max():.0f} with mean {found.mean:.2f}, variance {found.variance:.2f} and a tail to the "
        f"right (skewness {skew:.2f})"
    )

"""Values that lie far from the others: Tukey's fences and modified z scores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

FENCE, FAR_FENCE = 1.5, 3.0  # interquartile ranges
FAR_SCORE = 3.5
NORMAL_MAD = 0.6745  # as Iglewicz and Hoaglin round the MAD of a standard normal distribution
NORMAL_MEAN_DEVIATION = 1.253314  # 1 / the mean absolute deviation of a standard normal distribution, rounded


@dataclass(frozen=True)
class Outlying:
    """Fences, scores, and the places of the values that either of them marks, those farthest out first."""

    q1: float
    median: float
    q3: float
    fences: tuple[float, float] | None
    far_fences: tuple[float, float] | None
    deviation: float
    scale: float  # from a distance to a modified z; 0 where there is none
    score_limits: tuple[float, float] | None
    places: Places
    beyond: int
    far_beyond: int
    by_score: int


def outlying(values: Floats) -> Outlying:
    """Find the values beyond Tukey's fences or with a modified z beyond 3.5.

    Parameters
    ----------
    values : (n,) float array, finite, n at least 1
        Missing ones left out.

    References
    ----------
    Tukey (1977), Exploratory Data Analysis, with the quartiles of R's `quantile` (type 7); Iglewicz & Hoaglin
    (1993), How to Detect and Handle Outliers.
    """
    q1, median, q3 = (float(q) for q in np.quantile(values, (0.25, 0.5, 0.75)))
    spread = q3 - q1
    marks = np.zeros((3, values.size), dtype=np.bool_)
    fences = far = limits = None
    if spread > 0:
        fences, far = ((q1 - reach * spread, q3 + reach * spread) for reach in (FENCE, FAR_FENCE))
        marks[0], marks[1] = (_outside(values, ends) for ends in (fences, far))
    apart = np.abs(values - median)
    scale, deviation = _scale(apart)
    if scale > 0:
        limits = (median - FAR_SCORE / scale, median + FAR_SCORE / scale)
        marks[2] = apart * scale > FAR_SCORE
    places = np.flatnonzero(marks[0] | marks[2])
    places = places[np.argsort(-apart[places], kind="stable")]
    beyond, far_beyond, by_score = (int(count) for count in marks.sum(axis=1))
    return Outlying(
        q1, median, q3, fences, far, deviation, scale, limits, places, beyond, far_beyond, by_score
    )


def _scale(apart: Floats) -> tuple[float, float]:
    """Give what turns distances from the median into modified z scores, and the deviation behind it.

    The scale is 0 where all distances are.
    """
    mad = float(np.median(apart))
    if mad > 0:
        return NORMAL_MAD / mad, mad
    mean = float(np.mean(apart))
    return (1.0 / (NORMAL_MEAN_DEVIATION * mean) if mean > 0 else 0.0), mean


def _outside(values: Floats, ends: tuple[float, float]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (values < ends[0]) | (values > ends[1])
    return found

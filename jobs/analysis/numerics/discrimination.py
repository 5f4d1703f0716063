"""How well a score tells rows with 1 from rows with 0."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.blocks import checkpoint

Floats = NDArray[np.float64]


def area_under_curve(y: Floats, score: Floats, level: float) -> tuple[float, float, float]:
    """Give the chance that a row with 1 has the higher score than one with 0, and its limits.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845, by midranks (Sun & Xu 2014).
    """
    n = int(y.sum())
    m = y.size - n
    order = np.argsort(score, kind="stable")
    checkpoint()
    ordered, event = score[order], y[order] == 1.0
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))  # of runs of equal scores
    in_run = np.diff(np.append(starts, y.size))
    events_in_run = np.add.reduceat(event.astype(np.int64), starts)
    others_in_run = in_run - events_in_run
    events_below, others_below = (np.cumsum(of) - of / 2.0 for of in (events_in_run, others_in_run))
    above, below = others_below / m, events_below / n  # below an event of each run, and below another row
    auc = float(np.dot(above, events_in_run)) / n
    variance = 0.0
    for found, times, size in ((above, events_in_run, n), (below, others_in_run, m)):
        if size > 1:
            mean = float(np.dot(found, times)) / size
            variance += float(np.dot((found - mean) ** 2, times)) / (size - 1.0) / size
    reach = float(special.ndtri((1.0 + level) / 2.0)) * float(np.sqrt(variance))
    return auc, max(0.0, auc - reach), min(1.0, auc + reach)

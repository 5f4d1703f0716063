"""Change over time beside a season: each point is compared with those of its own place in the cycle."""

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.numerics.change import Kendall

Floats = NDArray[np.float64]


def seasonal_slopes(t: Floats, y: Floats, season: int) -> Floats:
    """Give the slopes between all pairs of points a whole number of cycles apart, in order.

    References
    ----------
    Hirsch, Slack & Smith (1982), Water Resour. Res. 18, 107-121.
    """
    i, j = np.triu_indices(t.size, 1)
    alike = (j - i) % season == 0
    i, j = i[alike], j[alike]
    found: Floats = np.sort((y[j] - y[i]) / (t[j] - t[i]))
    return found


def seasonal_kendall(y: Floats, season: int) -> Kendall:
    """Test whether y rises or falls within the places of its season.

    Parameters
    ----------
    y : (n,) float array, evenly spaced, of at least three cycles
    season : int
        Points a cycle.

    Returns
    -------
    Kendall
        The sum of Mann-Kendall's S over the places of the season; `factor` is what the covariances of the
        places make of its variance.

    References
    ----------
    Hirsch, Slack & Smith (1982), Water Resour. Res. 18, 107-121; Hirsch & Slack (1984), Water Resour. Res.
    20, 727-732, with the covariances of Dietz & Killeen (1981) where a cycle is not complete.
    """
    cycles = -(-y.size // season)
    padded = np.append(y, np.full(cycles * season - y.size, np.nan))
    table: Floats = padded.reshape(cycles, season)
    signs = np.nan_to_num(np.sign(table[None, :, :] - table[:, None, :]))  # [i, j, place]: of j over i
    upper = np.triu_indices(cycles, 1)
    ordered = signs[upper]  # pairs by places
    there = np.sum(~np.isnan(table), axis=0) + 1.0
    ranks = (there - signs.sum(axis=1)) / 2.0  # of a missing value the middle one
    together = ordered.T @ ordered
    covariance = (together + 4.0 * ranks.T @ ranks - cycles * np.outer(there, there)) / 3.0
    plain = float(np.sum(_variances(table)))
    whole = float(covariance.sum()) - float(np.trace(covariance)) + plain
    factor = whole / plain if plain > 0.0 else 1.0
    return Kendall(float(ordered.sum()), plain, factor)


def _variances(table: Floats) -> list[float]:
    """Give the variance of S of each place, with ties."""
    found = []
    for values in table.T:
        kept = values[~np.isnan(values)]
        n, ties = float(kept.size), np.unique(kept, return_counts=True)[1].astype(np.float64)
        spread = n * (n - 1.0) * (2.0 * n + 5.0) - float(np.sum(ties * (ties - 1.0) * (2.0 * ties + 5.0)))
        found.append(spread / 18.0)
    return found

"""Whether values gather around two places: the valley between the peaks of a smoothed histogram."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CELLS = 2_048  # of the histogram that is smoothed
ENDS = (0.01, 0.99)  # quantiles between which peaks are looked for
SIDE = 0.1  # of the values, at least, on either side of a valley
LOWER = 0.25  # of the higher peak, at least, is the lower one
APART = 1.0  # standard deviations, at least, between the peaks


@dataclass(frozen=True)
class Valley:
    """The deepest valley; places in the unit of the values."""

    share: float  # density at the bottom, of that at the lower of the two peaks: 0 is empty, 1 is no valley
    first: float  # where the peaks are
    second: float


def deepest_valley(values: Floats) -> Valley | None:
    """Give the deepest valley between two peaks of a Gaussian kernel density; None where there is none.

    Bandwidth by Silverman's rule (R's `bw.nrd0`), and not below the usual step between different values, so
    that whole numbers are no peaks. Either side of the valley holds a tenth of the values at least, the
    lower peak has a quarter of the height of the higher one, and the two lie a standard deviation apart.

    Parameters
    ----------
    values : (n,) float array, not all equal

    References
    ----------
    Silverman (1986), Density Estimation for Statistics and Data Analysis, 3.31.
    """
    ordered = np.sort(values)
    sd, width = float(np.std(ordered, ddof=1)), _bandwidth(ordered)
    low, high = (float(end) for end in np.quantile(ordered, ENDS))
    edges = np.linspace(low - 3.0 * width, high + 3.0 * width, CELLS + 1)
    step = edges[1] - edges[0]
    reach = int(np.ceil(4.0 * width / step))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / width) ** 2)
    counts = np.histogram(ordered, edges)[0]
    density = np.convolve(counts, kernel)[reach : reach + CELLS]
    below = np.cumsum(counts) / ordered.size
    middles = edges[:-1] + step / 2.0
    left, right = np.maximum.accumulate(density), np.maximum.accumulate(density[::-1])[::-1]
    lower = np.minimum(left, right)
    peaks = (below >= SIDE) & (below <= 1.0 - SIDE) & (lower >= LOWER * density.max())
    shares = np.where(peaks, density / np.where(peaks, lower, 1.0), 1.0)
    for bottom in np.argsort(shares, kind="stable"):
        if shares[bottom] >= 1.0:
            return None
        first = float(middles[int(np.argmax(density[: bottom + 1]))])
        second = float(middles[bottom + int(np.argmax(density[bottom:]))])
        if second - first >= APART * sd:
            return Valley(float(shares[bottom]), first, second)
    return None


def _bandwidth(ordered: Floats) -> float:
    """Give Silverman's bandwidth of sorted values, at least the median step between different ones."""
    sd = float(np.std(ordered, ddof=1))
    q1, q3 = np.quantile(ordered, (0.25, 0.75))
    spread = min(sd, float(q3 - q1) / 1.34) or sd
    steps = np.diff(ordered)
    steps = steps[steps > 0.0]
    usual = float(np.median(steps)) if steps.size < ordered.size / 2 else 0.0
    return float(max(0.9 * spread * ordered.size**-0.2, usual))

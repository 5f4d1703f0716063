"""Mean, spread and shape of one sample, exact for values that differ only in their last digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.numerics.blocks import checkpoint

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Size, mean and sum of squared deviations of a sample; `variance` needs n of at least 2.

    The mean is kept in two parts, so that `minus` is exact where two means differ in their last digits only.
    """

    n: int
    centre: float
    offset: float
    squares: float

    @property
    def mean(self) -> float:
        """Arithmetic mean."""
        return self.centre + self.offset

    def minus(self, other: "Moments") -> float:
        """Difference of the two means."""
        return (self.centre - other.centre) + (self.offset - other.offset)

    @property
    def variance(self) -> float:
        """Unbiased variance."""
        return self.squares / (self.n - 1)

    @property
    def sd(self) -> float:
        """Standard deviation, the root of the unbiased variance."""
        return float(np.sqrt(self.variance))


def moments(values: Floats) -> Moments:
    """Compute mean and squared deviations in two passes with a correction (Chan, Golub & LeVeque 1983).

    Parameters
    ----------
    values : (n,) float array, n at least 1, finite
        A sample.
    """
    checkpoint()
    n = values.size
    first = float(values[0])
    if bool(np.all(values == first)):
        return Moments(n, first, 0.0, 0.0)
    centre = float(values.mean())
    deviations = values - centre
    left_over = float(deviations.sum())
    squares = float(np.dot(deviations, deviations)) - left_over * left_over / n
    return Moments(n, centre, left_over / n, max(squares, 0.0))


def skewness(values: Floats) -> float | None:
    """Compute the adjusted skewness G1; None for fewer than three values and for a constant.

    References
    ----------
    Joanes & Gill (1998), The Statistician 47, 183-189. Equal to R's `e1071::skewness(x, type = 2)`.
    """
    n = values.size
    if n < 3:
        return None
    found = moments(values)
    if found.squares == 0.0:
        return None
    scaled = (values - found.mean) / np.sqrt(found.squares / n)
    return float(np.mean(scaled * scaled * scaled)) * float(np.sqrt(n * (n - 1.0))) / (n - 2.0)


def quartiles(values: Floats) -> tuple[float, float, float, float, float]:
    """Give minimum, first quartile, median, third quartile and maximum (R's `quantile`, type 7)."""
    checkpoint()
    low, q1, median, q3, high = (float(q) for q in np.quantile(values, (0.0, 0.25, 0.5, 0.75, 1.0)))
    return low, q1, median, q3, high

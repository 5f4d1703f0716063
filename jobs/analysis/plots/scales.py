"""Linear and logarithmic axes: which one values ask for, and what is drawn on a logarithmic one.

Whatever the axis, statistics are those of the values themselves.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from jobs.analysis.plots.drawing import Floats, wants_logarithm

NOTE = "Logarithmic axis."
PADDING = 0.07  # of the length of an axis beyond its values


@dataclass(frozen=True)
class Scales:
    """Which axes of a drawing are logarithmic."""

    x: bool = False
    y: bool = False

    @classmethod
    def of(cls, x: Floats, y: Floats) -> "Scales":
        """Choose the scales that points at `x` and `y` ask for."""
        return cls(wants_logarithm(x), wants_logarithm(y))

    @property
    def note(self) -> str:
        """Say for a caption which axes are logarithmic, and what that does to lines; or nothing."""
        if not (self.x or self.y):
            return ""
        which = "axes" if self.x and self.y else "horizontal axis" if self.x else "vertical axis"
        return f"Logarithmic {which}, on which straight lines bend."

    def put_on(self, axes: Axes) -> None:
        """Make axes logarithmic before anything is drawn."""
        if self.x:
            axes.set_xscale("log")
        if self.y:
            axes.set_yscale("log")


def steps(low: float, high: float, count: int, *, logarithmic: bool) -> Floats:
    """Return `count` places from `low` to `high` that lie evenly along the axis."""
    return np.geomspace(low, high, count) if logarithmic else np.linspace(low, high, count)


def padded(values: Floats, *, logarithmic: bool, share: float = PADDING) -> tuple[float, float]:
    """Return ends of an axis with a `share` of it beyond the values, so that no line drives them apart."""
    low, high = float(values.min()), float(values.max())
    if logarithmic:
        factor = (high / low) ** share
        return low / factor, high * factor
    room = share * ((high - low) or 1.0)
    return low - room, high + room


def share_along(axes: Axes, at: float) -> float:
    """Return where a value lies along the horizontal axis: 0 at its left end, 1 at its right."""
    places: NDArray[np.float64] = axes.xaxis.get_transform().transform(np.array([*axes.get_xlim(), at]))
    return float((places[2] - places[0]) / (places[1] - places[0]))

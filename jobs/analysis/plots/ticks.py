"""The numbers along an axis: thousands set apart, and as many digits as tell the ticks apart."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, NullLocator

from jobs.analysis.plots.text import width_of
from jobs.analysis.words.numbers import THOUSANDS

SIZE = 10.5  # points
FIRST_YEAR, LAST_YEAR = 1700, 2150  # an axis within them is taken for one of years
PLAIN = (1e-4, 1e15)  # outside, a number with all its zeros is hard to read
FEWEST = 3  # numbers from which the steps of a logarithmic axis can be seen
DIGITS = 16  # of a float


def thousands(axes: Axes, which: str) -> None:
    """Write the numbers of an axis with thousands set apart and a true minus; years stay whole."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = sorted(axis.get_view_interval())
    if axis.get_scale() == "log":
        _logarithmic(axis, (low, high))
        return
    years = low >= FIRST_YEAR and high <= LAST_YEAR
    write = teller(_seen(axis, (low, high)), years=years)
    if which == "x":
        _thin(axes, write)
        write = teller(_seen(axis, (low, high)), years=years)
    axis.set_major_formatter(lambda value, _: write(value))


def _seen(axis: Axis, view: tuple[float, float]) -> list[float]:
    return [float(value) for value in axis.get_majorticklocs() if view[0] <= value <= view[1]]


def _logarithmic(axis: Axis, view: tuple[float, float]) -> None:
    """Number a logarithmic axis at powers of ten, or also between them where those in view are few."""
    if len(_seen(axis, view)) < FEWEST:
        axis.set_major_locator(LogLocator(base=10.0, subs=(1.0, 2.0, 5.0)))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(lambda value, _: tick(value))


def teller(ticks: Sequence[float], *, years: bool = False) -> Callable[[float], str]:
    """Return what writes a number so that none of `ticks` reads as another one, nor as it is not.

    That is `tick`, or where the ticks differ in later digits only, as many as they differ in.
    """
    step = min((b - a for a, b in pairwise(sorted(ticks))), default=1.0)

    def write_shortly(value: float) -> str:
        return tick(value, years=years)

    exact = all(abs(value) >= 1e7 or abs(round(value, 6) - value) < 0.01 * step for value in ticks)
    if exact and len(set(map(write_shortly, ticks))) == len(ticks):
        return write_shortly
    largest = max(map(abs, ticks))
    ways = _powers() if largest >= PLAIN[1] or largest < PLAIN[0] else _decimals()
    for write in ways:
        if all(abs(float(write(value)) - value) <= 0.01 * step for value in ticks):
            break
    return lambda value: _set(write(value))


def _decimals() -> list[Callable[[float], str]]:
    return [f"{{:.{digits}f}}".format for digits in range(DIGITS + 1)]


def _powers() -> list[Callable[[float], str]]:
    return [f"{{:.{digits}g}}".format for digits in range(1, DIGITS + 2)]


def _set(text: str) -> str:
    """Set thousands apart and true minus signs in the text of a number."""
    whole, mark, rest = text.partition(".")
    if whole.lstrip("-").isdigit() and "e" not in rest:
        whole = f"{int(whole):,}".replace(",", THOUSANDS)
    return _short_power(f"{whole}{mark}{rest}").replace("-", "−")


def _thin(axes: Axes, write: Callable[[float], str]) -> None:
    """Leave so few ticks along the foot that their numbers stay apart."""
    low, high = sorted(axes.xaxis.get_view_interval())
    labels = [write(value) for value in _seen(axes.xaxis, (low, high))]
    wide = max((width_of(label, SIZE) for label in labels), default=0.0) + SIZE
    # The layout is not known yet; names at the left and a legend at the right take about a quarter.
    room = 0.75 * 72 * axes.get_position().width * _figure_width(axes)
    most = int(room / wide)
    if len(labels) > most:
        axes.xaxis.set_major_locator(MaxNLocator(max(1, most - 1)))


def _figure_width(axes: Axes) -> float:
    """Return the width in inches of the figure around some axes."""
    figure = axes.get_figure(root=True)
    return float(figure.get_figwidth()) if figure is not None else 0.0


def tick(value: float, *, years: bool = False) -> str:
    """Write a number for an axis, without digits that say nothing."""
    if value != 0 and (abs(value) >= 1e7 or abs(value) < 1e-3):
        return _short_power(f"{value:.4g}").replace("-", "−")
    text = f"{round(value, 6):,.6f}".rstrip("0").rstrip(".")
    return text.replace(",", "" if years else THOUSANDS).replace("-", "−")


def _short_power(text: str) -> str:
    """Write 1e+07 as 1e7, and 1e-05 as 1e-5."""
    number, mark, power = text.partition("e")
    return f"{number}e{int(power)}" if mark else text

"""One number: its histogram with a normal curve, and its quantiles against normal ones."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import (
    Cell,
    Drawing,
    Floats,
    labelled,
    primary,
    sample_note,
    statistic,
    wants_logarithm,
)
from jobs.analysis.plots.scales import NOTE, padded, share_along, steps
from jobs.analysis.plots.text import minus, plain, width_of, wrapped
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.samples import SingleSample
from jobs.analysis.words import numbers as n

MAX_BARS = 60
BARS_ROOM = 260.0  # points of the axis of the bars, nearly
BENT = f"{NOTE} The normal curve and line are those of the values, not of their logarithms. "
QUANTILES = 200  # points of the Q-Q plot at most


def draw(sample: SingleSample, findings: Findings, title: str) -> Drawing:
    """Draw the distribution of `sample`."""
    values = np.sort(sample.values)
    logarithmic = wants_logarithm(values)
    words = house.Words(title, _subtitle(sample, findings), _caption(findings, logarithmic))
    figure = house.sheet(words)
    left, quantiles = figure.subplots(1, 2, width_ratios=[3, 1])
    if logarithmic:
        left.set_xscale("log")
        quantiles.set_yscale("log")
    rows = histogram(left, values, sample.outcome, sample.unit)
    rows += _quantiles(quantiles, values)
    return Drawing(
        "distribution", title, _alt(sample, values), figure, ("layer", "x", "y", "low", "high"), tuple(rows)
    )


def edges(values: Floats) -> Floats:
    """Give the edges of the bars: the rule of Freedman and Diaconis (1981), whole numbers kept whole."""
    low, high = float(values[0]), float(values[-1])
    if high == low:
        return np.array([low - 0.5, low + 0.5])
    q1, q3 = np.quantile(values, [0.25, 0.75])
    width = 2 * float(q3 - q1) / values.size ** (1 / 3) or (high - low) / (np.log2(values.size) + 1)
    if bool(np.all(values == np.round(values))):
        width = max(1.0, np.round(width))
        if (high - low) / width < MAX_BARS:
            return np.arange(low - 0.5, high + 0.5 + width, width)
    bars = int(np.clip(np.ceil((high - low) / width), 5, MAX_BARS))
    return np.linspace(low, high, bars + 1)


def bars(values: Floats, *, logarithmic: bool) -> tuple[Floats, NDArray[np.intp]]:
    """Return the edges of bars for sorted values, of equal width along the axis, and the rows of each."""
    placed = np.log(values) if logarithmic else values
    at = edges(placed)
    counts, _ = np.histogram(placed, at)
    return (np.exp(at) if logarithmic else at), counts


def _subtitle(sample: SingleSample, findings: Findings) -> str:
    if not findings.descriptives:
        return f"$n$ = {n.count(sample.values.size)}"
    found = findings.descriptives[0]
    decimals, unit = n.decimals_for(found.sd), plain(sample.unit) if sample.unit else None
    parts = [statistic(primary(findings))] if findings.tests else []
    parts += [
        f"mean {n.measured(found.mean, decimals, unit)}",
        f"median {n.measured(found.median, decimals, unit)}",
    ]
    parts.append(f"SD {n.measured(found.sd, decimals, unit)}")
    if found.skewness is not None:
        parts.append(f"skewness {n.number(found.skewness)}")
    return minus(",  ".join([*parts, f"$n$ = {n.count(found.n)}"]))


def _caption(findings: Findings, logarithmic: bool) -> str:
    return (
        "Bars: rule of Freedman and Diaconis. Orange: normal curve with the same mean and SD. Right: "
        "quantiles of "
        f"the data against those of a normal distribution, which would follow the line. "
        f"{BENT if logarithmic else ''}{sample_note(findings)}"
    )


def histogram(axes: Axes, values: Floats, name: str, unit: str | None) -> list[tuple[Cell, ...]]:
    """Draw sorted values as bars with a normal curve, their mean and their median; give what is drawn."""
    logarithmic = axes.get_xscale() == "log"
    at, counts = bars(values, logarithmic=logarithmic)
    gap = 1.0 if counts.size <= 30 else 0.4
    axes.bar(at[:-1], counts, np.diff(at), align="edge", color=house.BARS, edgecolor="white", lw=gap)
    mean, median = float(values.mean()), float(np.median(values))
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    top = float(counts.max())
    rows: list[tuple[Cell, ...]] = [
        ("bar", None, int(count), float(low), float(high))
        for count, low, high in zip(counts, at[:-1], at[1:], strict=True)
    ]
    if sd > 0:
        grid = steps(*padded(at, logarithmic=logarithmic), 200, logarithmic=logarithmic)
        # Bars of equal width on a logarithmic axis are the wider the further to the right they stand.
        width = grid * float(np.log(at[1] / at[0])) if logarithmic else float(at[1] - at[0])
        height = values.size * width / (sd * np.sqrt(2 * np.pi))
        curve = height * np.exp(-0.5 * ((grid - mean) / sd) ** 2)
        axes.plot(grid, curve, color=house.PALETTE[1], lw=2.2)
        top = max(top, float(curve.max()))
        rows += [("normal curve", float(x), float(y), None, None) for x, y in zip(grid, curve, strict=True)]
    _middle(axes, mean, median, top, sd)
    axes.set_xlabel(wrapped(labelled(name, unit), 300, 11, lines=2))
    axes.set_ylabel("Number of rows")
    if not logarithmic:
        axes.locator_params(axis="x", nbins=6)
    for which in ("x", "y"):
        ticks.thousands(axes, which)
    return [*rows, ("mean", mean, None, None, None), ("median", median, None, None, None)]


def _middle(axes: Axes, mean: float, median: float, top: float, sd: float) -> None:
    """Draw lines at the mean and the median, their names side by side or at an edge above each other."""
    decimals = n.decimals_for(sd)
    names = {
        name: minus(f"{name} {n.number(at, decimals)}") for name, at in (("median", median), ("mean", mean))
    }
    shares = sorted(share_along(axes, at) for at in (mean, median))
    left, right = ("median", "mean") if median <= mean else ("mean", "median")
    room = [(width_of(names[name], 10, "semibold") + 8) / BARS_ROOM for name in (left, right)]
    beside = (shares[0] >= room[0], shares[1] + room[1] <= 1.0)
    stacked = not all(beside)
    axes.set_ylim(0, top * (1.26 if stacked else 1.16))
    axes.vlines([median], 0, top * 1.08, color=house.INK, lw=1.3)
    axes.vlines([mean], 0, top * 1.08, color=house.PALETTE[1], lw=1.3, ls=(0, (4, 2)))
    for value, name, colour in ((median, "median", house.INK), (mean, "mean", house.DARK_ORANGE)):
        to_left = beside[0] and (name == left or not beside[1])
        axes.annotate(
            names[name],
            (value, top * (1.18 if stacked and name == left else 1.08)),
            xytext=(-4 if to_left else 4, 0),
            textcoords="offset points",
            ha="right" if to_left else "left",
            va="center",
            size=10,
            weight="semibold",
            color=colour,
        )


def _quantiles(axes: Axes, values: Floats) -> list[tuple[Cell, ...]]:
    """Plot sorted values against the normal quantiles at (i - 0.5) / n, the line by mean and SD."""
    size = values.size
    shown = np.unique(np.linspace(0, size - 1, min(size, QUANTILES)).astype(int))
    normal = special.ndtri((shown + 0.5) / size)
    observed = values[shown]
    mean, sd = float(values.mean()), float(values.std(ddof=1)) if size > 1 else 0.0
    ends = np.array([normal.min(), normal.max()])
    normal_line(axes, ends, mean, sd)
    axes.plot(normal, observed, ls="", marker="o", ms=2.6, mew=0, color=house.PALETTE[0], alpha=0.6)
    axes.grid(visible=True, axis="both")
    axes.set_xlabel("Normal quantile")
    axes.set_xticks([-2, 0, 2], ["−2", "0", "2"])
    fewer_numbers(axes, values)
    return [("quantile", float(x), float(y), None, None) for x, y in zip(normal, observed, strict=True)]


def normal_line(axes: Axes, ends: Floats, mean: float, sd: float) -> None:
    """Draw where the quantiles of a normal distribution with this mean and standard deviation would lie."""
    along = np.linspace(ends[0], ends[-1], 80)
    axes.plot(along, mean + sd * along, color=house.PALETTE[1], lw=1.3, zorder=2)


def fewer_numbers(axes: Axes, values: Floats) -> None:
    """Number the upright axis of quantiles, which a logarithmic one fits to the values alone."""
    if axes.get_yscale() == "log":
        axes.set_ylim(padded(values, logarithmic=True))
    else:
        axes.locator_params(axis="y", nbins=6)
    ticks.thousands(axes, "y")


def _alt(sample: SingleSample, values: Floats) -> str:
    decimals = n.decimals_for(float(values.std()))
    low, middle, high = (
        n.number(float(value), decimals) for value in (values[0], np.median(values), values[-1])
    )
    return (
        f"Histogram of {n.count(values.size)} values of {sample.outcome} from {low} to {high}, median "
        f"{middle}, with "
        "a normal curve, and their quantiles against normal ones."
    )

"""Two numbers: their points, or how densely they lie, with the least-squares line and its confidence band."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from scipy import special

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import (
    POINTS,
    SHARP,
    Cell,
    Drawing,
    Floats,
    effect,
    labelled,
    primary,
    sample_note,
    statistic,
)
from jobs.analysis.plots.scales import Scales, padded, steps
from jobs.analysis.plots.text import fitting, minus, plain, wrapped
from jobs.analysis.results.result import Findings, Line, Parabola
from jobs.analysis.sampling.samples import PairedSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import NEVER_ABOVE_ONE
from jobs.analysis.words.relationship import LINEAR, slope_decimals

CELLS = 44  # across the figure, where points are too many to tell apart
BLUES = LinearSegmentedColormap.from_list("longhaul", ["#dcebf5", "#56a0d3", "#0072B2", "#00385c"])


def draw(sample: PairedSample, findings: Findings, title: str) -> Drawing:
    """Draw `sample` with the line of `findings`."""
    x, y = sample.x_values, sample.y_values
    scales = Scales.of(x, y)
    figure = house.sheet(house.Words(title, _subtitle(findings), _caption(sample, findings, scales)))
    axes = figure.add_subplot()
    scales.put_on(axes)
    rows = cloud(axes, x, y)
    if findings.line is not None:
        leads = _is_linear(findings) and findings.parabola is None
        rows += _line(axes, x, y, findings.line, leads)
    if findings.line is not None and findings.parabola is None and _is_linear(findings):
        _equation(axes, sample, findings.line)
    if findings.parabola is not None:
        rows += _curve(axes, x, findings.parabola)
    if scales.y or findings.line is not None:
        axes.set_ylim(padded(y, logarithmic=scales.y))
    axes.set_xlabel(wrapped(labelled(sample.x, sample.x_unit), 420, 11, lines=2))
    axes.set_ylabel(wrapped(labelled(sample.y, sample.y_unit), 190, 11, lines=3))
    for which in ("x", "y"):
        ticks.thousands(axes, which)
    return Drawing(
        "relationship",
        title,
        _alt(sample, findings),
        figure,
        ("layer", "x", "y", "low", "high", "count"),
        tuple(rows),
    )


def _is_linear(findings: Findings) -> bool:
    return primary(findings).symbol in LINEAR


def _subtitle(findings: Findings) -> str:
    test = primary(findings)
    parts: list[str | None] = [statistic(test)]
    own = test.estimate
    if own is not None and test.symbol in NEVER_ABOVE_ONE and own.interval.low is not None:
        limits = f"[{n.bounded(own.interval.low)}, {n.bounded(own.interval.high)}]"
        parts.append(minus(f"{own.interval.level * 100:g} % CI {limits}"))
    else:
        parts.append(effect(findings))
    if findings.line is not None and _is_linear(findings):
        parts.append(f"$R^2$ = {n.bounded(findings.line.r_squared)}")
    parts.append(f"$n$ = {n.count(findings.sample.n_used)}")
    return ",  ".join(part for part in parts if part)


def _caption(sample: PairedSample, findings: Findings, scales: Scales) -> str:
    many = sample.x_values.size > POINTS
    parts = ["Cells: number of rows, the darker the more (square root)." if many else "Dot: one row."]
    if findings.line is not None:
        percent = f"{100 * findings.line.slope_interval.level:g}"
        parts.append(f"Line: least squares with the {percent} % confidence band of the mean.")
    if findings.parabola is not None:
        parts.append(f"Curve: least-squares parabola (R² = {n.bounded(findings.parabola.r_squared)}).")
    if not _is_linear(findings):
        parts.append("The test compares ranks; the straight line is for comparison only.")
    parts += [scales.note] if scales.note else []
    parts.append(sample_note(findings))
    return " ".join(parts)


def cloud(axes: Axes, x: Floats, y: Floats) -> list[tuple[Cell, ...]]:
    """Draw each row as a dot, or, where they are too many to tell apart, how densely they lie."""
    return _points(axes, x, y) if x.size <= POINTS else _cells(axes, x, y)


def _points(axes: Axes, x: Floats, y: Floats) -> list[tuple[Cell, ...]]:
    axes.plot(
        x,
        y,
        ls="",
        marker="o",
        ms=4.6,
        mew=0,
        color=house.PALETTE[0],
        alpha=0.42,
        zorder=3,
        rasterized=x.size > SHARP,
    )
    axes.margins(x=0.02, y=0.05)
    return [("point", float(a), float(b), None, None, None) for a, b in zip(x, y, strict=True)]


def _cells(axes: Axes, x: Floats, y: Floats) -> list[tuple[Cell, ...]]:
    """Draw how many rows lie in each cell of a grid, as an image, so that the SVG stays small."""
    across, up = (axis.get_scale() == "log" for axis in (axes.xaxis, axes.yaxis))
    counts, x_edges, y_edges = np.histogram2d(x, y, bins=(_bins(x, stretched=across), _bins(y, stretched=up)))
    shown = np.ma.masked_equal(np.sqrt(counts.T), 0)
    axes.pcolormesh(x_edges, y_edges, shown, cmap=BLUES, zorder=2, rasterized=True, linewidth=0)
    filled = np.argwhere(counts > 0)
    x_middle, y_middle = (x_edges[:-1] + x_edges[1:]) / 2, (y_edges[:-1] + y_edges[1:]) / 2
    return [
        ("cell", float(x_middle[i]), float(y_middle[j]), None, None, int(counts[i, j])) for i, j in filled
    ]


def _bins(values: Floats, *, stretched: bool) -> Floats:
    """Give edges of cells; whole numbers of a small range get a cell each, so that no stripes appear."""
    low, high = float(values.min()), float(values.max())
    if not stretched and high - low < 2 * CELLS and bool(np.all(values == np.round(values))):
        return np.arange(low - 0.5, high + 1.0)
    found = steps(low, high, CELLS + 1, logarithmic=stretched)
    found[[0, -1]] = low, high  # to the last digit, so that each value lies in a cell
    return found


def _line(axes: Axes, x: Floats, y: Floats, line: Line, linear: bool) -> list[tuple[Cell, ...]]:
    """Draw the line and the band in which its mean lies."""
    grid = _along(axes, x)
    fit = line.intercept + line.slope * grid
    half = _half_band(x, y, line, grid)
    colour = house.PALETTE[1]
    axes.fill_between(grid, fit - half, fit + half, color=colour, alpha=0.28, lw=0, zorder=4)
    axes.plot(grid, fit, color=colour, lw=2.2 if linear else 1.4, ls="-" if linear else (0, (5, 3)), zorder=5)
    return [
        ("line", float(a), float(b), float(b - h), float(b + h), None)
        for a, b, h in zip(grid, fit, half, strict=True)
    ]


def _along(axes: Axes, x: Floats) -> Floats:
    """Return places for a line over the range of `x`."""
    return steps(float(x.min()), float(x.max()), 80, logarithmic=axes.get_xscale() == "log")


def _curve(axes: Axes, x: Floats, parabola: Parabola) -> list[tuple[Cell, ...]]:
    grid = _along(axes, x)
    bend = parabola.turning_value + parabola.curvature * (grid - parabola.turning_point) ** 2
    axes.plot(grid, bend, color=house.DARK_ORANGE, lw=2.4, zorder=6)
    return [("curve", float(a), float(b), None, None, None) for a, b in zip(grid, bend, strict=True)]


def _half_band(x: Floats, y: Floats, line: Line, grid: Floats) -> Floats:
    """Return half the width of the mean's band, with HC3 errors (MacKinnon and White 1985)."""
    size = x.size
    centred = x - x.mean()
    total = float(centred @ centred)
    if size < 3 or total == 0:
        return np.zeros(grid.size)
    leverage = np.minimum(1 / size + centred**2 / total, 0.999999)
    weights = ((y - line.intercept - line.slope * x) / (1 - leverage)) ** 2
    # With x centred the bread is diagonal, so that the variance of the line is a quadratic in the distance.
    a = float(weights.sum()) / size**2
    b = float((weights * centred).sum()) / (size * total)
    c = float((weights * centred**2).sum()) / total**2
    distance = grid - x.mean()
    variance = a + 2 * b * distance + c * distance**2
    half: Floats = float(special.stdtrit(size - 2, (1.0 + line.slope_interval.level) / 2.0)) * np.sqrt(
        np.maximum(variance, 0)
    )
    return half


def _equation(axes: Axes, sample: PairedSample, line: Line) -> None:
    decimals = slope_decimals(line)
    sign = "+" if line.intercept >= 0 else "−"
    x, y = (plain(fitting(name, 130, 10, weight="semibold", length=24)) for name in (sample.x, sample.y))
    words = (
        f"{y} = {n.number(line.slope, decimals)} × {x} "
        f"{sign} {n.number(abs(line.intercept), n.decimals_for(float(sample.y_values.std())))}"
    )
    rising = line.slope >= 0
    axes.text(
        0.985,
        0.04 if rising else 0.96,
        minus(words),
        transform=axes.transAxes,
        ha="right",
        va="bottom" if rising else "top",
        color=house.DARK_ORANGE,
        size=10,
        weight="semibold",
        zorder=8,
        bbox={"fc": "white", "ec": "none", "pad": 2, "alpha": 0.85},
        in_layout=False,  # names of wide letters may not push the axes together
    )


def _alt(sample: PairedSample, findings: Findings) -> str:
    text = f"{sample.y} against {sample.x} for {n.count(sample.x_values.size)} rows"
    if findings.line is None:
        return f"{text}."
    if findings.parabola is not None:
        extreme = "lowest" if findings.parabola.curvature > 0.0 else "highest"
        return f"{text}; a parabola is {extreme} at {n.number(findings.parabola.turning_point, 3)}."
    course = n.sloping(findings.line.slope, 3)
    return f"{text}; the least-squares line {course} for each unit."

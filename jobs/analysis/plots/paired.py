"""Two measures of the same rows: a line for each row, and beside it how large the changes are."""

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import (
    SHARP,
    Cell,
    Drawing,
    Floats,
    any_wants_logarithm,
    density,
    finding,
    jitter,
    labelled,
    number_beside,
    primary,
    sample_note,
    sampled,
)
from jobs.analysis.plots.scales import NOTE
from jobs.analysis.plots.text import plain, upright, width_of, wrapped
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import outcome_decimals

LINES = 160  # more rows hide each other
UP, DOWN, SAME = house.PALETTE[0], house.PALETTE[1], house.FAINT
ALONE = 8  # a density of fewer changes would show a shape that is not there
LONGEST = 42.0  # points of a number beside a box
BOX_AT = 0.17  # how far outside the lines the boxes stand


def draw(sample: RepeatedSample, findings: Findings, title: str) -> Drawing:
    """Draw the rows of `sample` with the statistics of `findings`."""
    figure = house.sheet(
        house.Words(title, finding(findings, primary(findings).n), _caption(sample, findings))
    )
    left, right = figure.subplots(1, 2, width_ratios=(1.55, 1.0))
    if any_wants_logarithm(sample.values):
        left.set_yscale("log")
    rows = _rows(left, sample, findings)
    rows += _changes(right, sample.values[:, 1] - sample.values[:, 0], findings)
    left.set_ylabel(wrapped(_measured(sample), 240, 11, lines=2))
    name = f"Change{f' ({plain(sample.unit)})' if sample.unit else ''}"
    right.set_ylabel(wrapped(name, 240, 11, lines=2))
    for axes in (left, right):
        ticks.thousands(axes, "y")
    columns = ("layer", "name", "first", "second", "low", "high")
    return Drawing("paired", title, _alt(sample, findings), figure, columns, tuple(rows))


def _measured(sample: RepeatedSample) -> str:
    """Name the axis of the values: the column, or the unit where two columns share the axis."""
    if sample.outcome is None:
        return plain(sample.unit) if sample.unit else "Value"
    return labelled(sample.outcome, sample.unit)


def _caption(sample: RepeatedSample, findings: Findings) -> str:
    changes = sample.values[:, 1] - sample.values[:, 0]
    up, down = int((changes > 0).sum()), int((changes < 0).sum())
    drawn = f"{LINES} of them drawn" if changes.size > LINES else "one a row"
    found = findings.descriptives[2].mean_interval
    level = 100 * (found.level if found else 0.95)
    same = changes.size - up - down
    ranks = _by_ranks(findings)
    middles = "medians" if ranks else "means"
    change = "typical change (Hodges-Lehmann)" if ranks else "mean change"
    stretched = f"Left: {NOTE[0].lower()}{NOTE[1:]} " if any_wants_logarithm(sample.values) else ""
    alike = f", {n.count(same)} alike" if same else ""
    return (
        f"Lines ({drawn}): {n.count(up)} rise (blue), {n.count(down)} fall (orange){alike}. Boxes: median "
        f"and quartiles. Black: {middles}; right: {change} with {level:g} % confidence interval. "
        f"{stretched}{sample_note(findings)}"
    )


def _rows(axes: Axes, sample: RepeatedSample, findings: Findings) -> list[tuple[Cell, ...]]:
    shown = sample.values[sampled(len(sample.values), LINES)]
    changes = shown[:, 1] - shown[:, 0]
    strength = 0.5 if len(shown) <= 40 else 0.32
    for colour, chosen in ((SAME, changes == 0), (UP, changes > 0), (DOWN, changes < 0)):
        part = shown[chosen]
        # One line with gaps instead of one for each row: a figure of 160 rows stays quick and small.
        places = np.tile([0.0, 1.0, np.nan], len(part))
        heights = np.column_stack([part, np.full(len(part), np.nan)]).ravel()
        axes.plot(places, heights, color=colour, lw=1.0, alpha=strength, zorder=2)
        axes.plot(places, heights, ls="", marker="o", ms=3.4, mew=0, color=colour, alpha=0.5, zorder=3)
    for place in (0, 1):
        _box(axes, place - BOX_AT if place == 0 else place + BOX_AT, sample.values[:, place])
    told = findings.descriptives[:2]
    ranks = _by_ranks(findings)
    means = [(found.median if ranks else found.mean) or 0.0 for found in told]
    axes.plot([0, 1], means, color=house.INK, lw=2.4, marker="o", ms=6, mfc="white", mew=1.8, zorder=6)
    _numbers(axes, means, outcome_decimals(told))
    room = 118  # points for each name
    names = [upright(name, room) for name in sample.measures]
    axes.set_xticks([0, 1], names)
    axes.set_xlim(-0.42, 1.42)
    if sample.group is not None:
        axes.set_xlabel(wrapped(plain(sample.group), 240, 11, lines=2))
    rows = [("row", None, float(a), float(b), None, None) for a, b in shown]
    return [*rows, ("medians" if ranks else "means", None, means[0], means[1], None, None)]


def _numbers(axes: Axes, means: list[float], decimals: int) -> None:
    """Write the means outside their boxes, or between them above and below the line where they are long."""
    first, second = (n.number(mean, decimals) for mean in means)
    if max(width_of(text, 9.5, "semibold") for text in (first, second)) > LONGEST:
        number_beside(axes, (0, means[0]), first, xytext=(4, 12))
        number_beside(axes, (1, means[1]), second, xytext=(-4, -12), ha="right")
        return
    number_beside(axes, (-BOX_AT - 0.06, means[0]), first, xytext=(0, 0), ha="right")
    number_beside(axes, (1 + BOX_AT + 0.06, means[1]), second, xytext=(0, 0))


def _box(axes: Axes, at: float, values: Floats) -> None:
    low, q1, median, q3, high = np.quantile(values, (0.0, 0.25, 0.5, 0.75, 1.0))
    reach = 1.5 * (q3 - q1)
    inside = values[(values >= q1 - reach) & (values <= q3 + reach)]
    ends = (min(q1, inside.min()), max(q3, inside.max())) if inside.size else (low, high)
    axes.plot([at, at], [ends[0], q1], color=house.MUTED, lw=1.1, zorder=3)
    axes.plot([at, at], [q3, ends[1]], color=house.MUTED, lw=1.1, zorder=3)
    half = 0.045
    corners = ([at - half, at + half, at + half, at - half], [q1, q1, q3, q3])
    axes.fill(*corners, facecolor="white", edgecolor=house.MUTED, lw=1.2, zorder=3)
    axes.plot([at - half, at + half], [median, median], color=house.MUTED, lw=2, zorder=4)


def _by_ranks(findings: Findings) -> bool:
    return primary(findings).symbol == "T"


def _middle_change(findings: Findings) -> tuple[str, float, float | None, float | None]:
    """Name and return the change that the title tells, with its limits."""
    found, estimate = findings.descriptives[2], primary(findings).estimate
    if _by_ranks(findings) and estimate is not None:
        return "typical change", estimate.value, estimate.interval.low, estimate.interval.high
    limits = found.mean_interval
    return "mean change", found.mean or 0.0, *((limits.low, limits.high) if limits else (None, None))


def _changes(axes: Axes, changes: Floats, findings: Findings) -> list[tuple[Cell, ...]]:
    """Draw the changes as points and a density, with their middle, its interval and a line at none."""
    shown = changes[sampled(changes.size, 600)]
    axes.axhline(0, color=house.FAINT, lw=1.2, ls=(0, (4, 3)), zorder=1)
    axes.plot(
        -0.3 + jitter(shown.size, 0.1),
        shown,
        ls="",
        marker="o",
        ms=3.6,
        mew=0,
        color=house.PALETTE[2],
        alpha=0.5,
        zorder=2,
        rasterized=shown.size > SHARP,
    )
    if changes.size >= ALONE:
        grid, heights = density(changes)
        axes.fill_betweenx(
            grid, 0.12, 0.12 + 0.6 * heights, color=house.PALETTE[2], alpha=0.3, lw=0, zorder=2
        )
        axes.plot(0.12 + 0.6 * heights, grid, color=house.PALETTE[2], lw=1.2, zorder=2)
    kind, middle, low, high = _middle_change(findings)
    if low is not None and high is not None:
        axes.plot([0, 0], [low, high], color=house.INK, lw=3, zorder=5)
    axes.plot(0, middle, marker="o", ms=5.5, mfc="white", mec=house.INK, mew=1.6, zorder=6)
    number_beside(axes, (0, middle), n.number(middle, outcome_decimals(findings.descriptives)))
    axes.set_xlim(-0.5, 0.85)
    axes.set_xticks([])
    points = [("change", None, None, float(value), None, None) for value in shown]
    return [*points, (kind, findings.descriptives[2].column, None, middle, low, high)]


def _alt(sample: RepeatedSample, findings: Findings) -> str:
    told, places = findings.descriptives[:2], outcome_decimals(findings.descriptives)
    kind = "median" if _by_ranks(findings) else "mean"
    ends = [
        f"{name} ({kind} {n.number(getattr(found, kind), outcome_decimals(told))})"
        for name, found in zip(sample.measures, told, strict=True)
    ]
    name, change, *_ = _middle_change(findings)
    return (
        f"Each of {n.count(len(sample.values))} rows as a line from {ends[0]} to {ends[1]}; beside it the "
        f"changes, {name} {n.number(change, places)}."
    )

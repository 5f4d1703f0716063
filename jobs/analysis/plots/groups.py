"""A number in groups: points, boxes, densities and means side by side, with the pairs that differ."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.brackets import BOX_AT, draw_brackets, told_pairs
from jobs.analysis.plots.drawing import (
    POINTS,
    SHARP,
    Cell,
    Drawing,
    Floats,
    density,
    finding,
    jitter,
    labelled,
    middle,
    number_beside,
    primary,
    sample_note,
    sampled,
    wants_logarithm,
)
from jobs.analysis.plots.scales import NOTE
from jobs.analysis.plots.text import fitting, plain, typeset, upright, wrapped
from jobs.analysis.results.result import Descriptive, Findings, Pairwise
from jobs.analysis.sampling.samples import GroupedSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import ALPHA, outcome_decimals
from jobs.analysis.words.groups import RANKS
from jobs.analysis.words.pairs import pair_title

UPRIGHT = 6  # more groups lie on their side, each with a line of its own for its name
POINTS_AT, DENSITY_AT, DENSITY_WIDTH = -0.19, 0.14, 0.36
ALONE = 3  # a density of fewer points would show a shape that is not there


Numbers = float | Floats | list[float]


@dataclass(frozen=True)
class _Frame:
    """Where things go: along `place` the groups, along `value` the number."""

    axes: Axes
    lying: bool
    logarithmic: bool
    by_median: bool  # the median stands for a group, where ranks are compared
    decimals: int

    def line(self, place: Numbers, value: Numbers, **how: Any) -> None:
        """Draw a line through (place, value)."""
        x, y = (value, place) if self.lying else (place, value)
        self.axes.plot(x, y, **how)


def draw(sample: GroupedSample, findings: Findings, title: str) -> Drawing:
    """Draw the groups of `sample` with the statistics of `findings`."""
    many = len(sample.levels)
    lying = many > UPRIGHT
    logarithmic = wants_logarithm(*sample.values)
    pairs = [] if lying else told_pairs(findings)
    height = 1.9 + 0.42 * many if lying else 4.7 + 0.16 * len(pairs)
    words = house.Words(
        title, finding(findings, findings.sample.n_used), _caption(sample, findings, pairs, logarithmic)
    )
    figure = house.sheet(words, height=height)
    axes = figure.add_subplot()
    decimals = outcome_decimals(findings.descriptives)
    frame = _Frame(axes, lying, logarithmic, primary(findings).symbol in RANKS, decimals)
    if logarithmic:
        (axes.set_xscale if lying else axes.set_yscale)("log")
    described = {found.group: found for found in findings.descriptives}
    rows: list[tuple[Cell, ...]] = []
    for index, level in enumerate(sample.levels):
        place = float(index)
        rows += _group(frame, place, sample, level, described.get(level))
    _axes(frame, sample)
    draw_brackets(axes, sample.levels, pairs, logarithmic=logarithmic)
    rows += [
        ("pair", f"{pair.a} - {pair.b}", pair.difference, pair.interval.low, pair.interval.high, pair.pvalue)
        for pair in findings.posthoc
    ]
    return Drawing(
        "groups",
        title,
        _alt(sample, findings),
        figure,
        ("layer", "group", "value", "low", "high", "p_or_n"),
        tuple(rows),
    )


def _caption(sample: GroupedSample, findings: Findings, pairs: list[Pairwise], logarithmic: bool) -> str:
    shown, by_median = _points_each(sample), primary(findings).symbol in RANKS
    thinned = any(values.size > shown for values in sample.values)
    dots = f"Dots: up to {n.count(shown)} rows of each group, drawn at random" if thinned else "Dot: one row"
    parts = [
        f"{dots}. Box: median and quartiles, whiskers to 1.5 times the box. Black: "
        f"{'median' if by_median else 'mean'} with {_percent(findings)} % confidence interval."
    ]
    total = len(findings.posthoc)
    if total > 1:
        apart = sum(pair.pvalue < ALPHA for pair in findings.posthoc)
        method = pair_title(findings.posthoc[0].method).replace("-", "–")
        told = "" if len(pairs) >= total else f"; {apart} of {total} pairs differ at p < .05"
        parts.append(f"Pairs: {method}{told}.")
    if logarithmic:
        parts.append(NOTE)
    parts.append(sample_note(findings))
    return " ".join(parts)


def _percent(findings: Findings) -> str:
    levels = [found.mean_interval.level for found in findings.descriptives if found.mean_interval]
    return f"{100 * (levels[0] if levels else 0.95):g}"


def _points_each(sample: GroupedSample) -> int:
    return max(40, POINTS // len(sample.levels))


def _group(
    frame: _Frame,
    place: float,
    sample: GroupedSample,
    level: str,
    described: Descriptive | None,
) -> list[tuple[Cell, ...]]:
    """Draw one group and return the rows of what was drawn."""
    values = sample.values[sample.levels.index(level)]
    colour = house.PALETTE[int(place) % len(house.PALETTE)]
    shown = values[sampled(values.size, _points_each(sample))]
    few = values.size <= 20
    crowded = min(values.size, shown.size) * len(sample.levels) > SHARP
    frame.line(
        place + POINTS_AT + jitter(shown.size, 0.02 if few else 0.1),
        shown,
        ls="",
        marker="o",
        ms=5 if few else 3.4,
        mew=0,
        color=colour,
        alpha=0.5,
        zorder=2,
        rasterized=crowded,
    )
    rows: list[tuple[Cell, ...]] = [("point", level, float(value), None, None, None) for value in shown]
    if values.size > ALONE and described is not None:
        _cloud(frame, place, values, colour)
        rows += _box(frame, place, values, described, colour)
    if described is not None and described.mean is not None:
        rows.append(_middle(frame, place, sample, described))
    return rows


def _cloud(frame: _Frame, place: float, values: Floats, colour: str) -> None:
    grid, heights = density(np.log(values) if frame.logarithmic else values, points=54 if frame.lying else 90)
    grid = np.exp(grid) if frame.logarithmic else grid
    edge = place + DENSITY_AT + heights * DENSITY_WIDTH
    fill = frame.axes.fill_between if frame.lying else frame.axes.fill_betweenx
    fill(grid, place + DENSITY_AT, edge, color=colour, alpha=0.28, lw=0, zorder=1)
    frame.line(edge, grid, color=colour, lw=1, zorder=1)


def _box(
    frame: _Frame, place: float, values: Floats, described: Descriptive, colour: str
) -> list[tuple[Cell, ...]]:
    if described.q1 is None or described.median is None or described.q3 is None:
        return []
    level, q1, median, q3 = described.group, described.q1, described.median, described.q3
    reach = 1.5 * (q3 - q1)
    inside = values[(values >= q1 - reach) & (values <= q3 + reach)]
    low, high = min(q1, float(inside.min())), max(q3, float(inside.max()))
    at, half = place + BOX_AT, 0.058
    frame.line([at, at], [low, q1], color=colour, lw=1.2, zorder=3)
    frame.line([at, at], [q3, high], color=colour, lw=1.2, zorder=3)
    around = ([at - half, at + half, at + half, at - half], [q1, q1, q3, q3])
    x, y = around[::-1] if frame.lying else around
    frame.axes.fill(x, y, facecolor="white", edgecolor=colour, lw=1.3, zorder=3)
    frame.line(
        [at - half, at + half], [median, median], color=colour, lw=2.2, solid_capstyle="butt", zorder=4
    )
    return [("box", level, median, q1, q3, None), ("whiskers", level, None, low, high, None)]


def _middle(frame: _Frame, place: float, sample: GroupedSample, described: Descriptive) -> tuple[Cell, ...]:
    """Draw what the title tells of the group, the mean or the median, with its interval and its number."""
    at, values = place + DENSITY_AT, sample.values[int(place)]
    told, low, high = middle(described, values, by_median=frame.by_median)
    if low is not None and high is not None:
        frame.line([at, at], [low, high], color=house.INK, lw=3, zorder=6)
    frame.line(at, told, marker="o", ms=4.2, mfc="white", mec=house.INK, mew=1.3, zorder=7)
    if not frame.lying:
        text = n.measured(told, frame.decimals, plain(sample.unit) if sample.unit else None)
        number_beside(frame.axes, (at, told), text)
    return ("median" if frame.by_median else "mean", described.group, told, low, high, described.n)


def _axes(frame: _Frame, sample: GroupedSample) -> None:
    axes, many = frame.axes, len(sample.levels)
    places = list(range(many))
    if frame.lying:
        labels = [
            typeset(f"{plain(fitting(level, 160, 10.5, length=28))}  $n$ = {n.count(values.size)}")
            for level, values in zip(sample.levels, sample.values, strict=True)
        ]
        axes.set_yticks([place + 0.08 for place in places], labels)
        axes.set_ylim(many - 0.45, -0.42)
        axes.set_xlabel(wrapped(labelled(sample.outcome, sample.unit), 320, 11, lines=2))
        axes.tick_params(axis="y", labelcolor=house.INK)
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        ticks.thousands(axes, "x")
        return
    room = 420 / many
    axes.set_xticks(
        [place + 0.08 for place in places],
        [
            f"{upright(level, room)}\n$n$ = {n.count(values.size)}"
            for level, values in zip(sample.levels, sample.values, strict=True)
        ],
    )
    axes.set_xlim(-0.44, many - 0.32)
    axes.set_ylabel(wrapped(labelled(sample.outcome, sample.unit), 175, 11, lines=3))
    axes.set_xlabel(wrapped(plain(sample.group), 420, 11, lines=2))
    ticks.thousands(axes, "y")


def _alt(sample: GroupedSample, findings: Findings) -> str:
    kind = "median" if primary(findings).symbol in RANKS else "mean"
    decimals = outcome_decimals(findings.descriptives)
    described = [
        f"{found.group}: {kind} {n.number(getattr(found, kind), decimals)}, n = {n.count(found.n)}"
        for found in findings.descriptives
        if found.group is not None
    ]
    more = " and more" if len(described) > 6 else ""
    return (
        f"{sample.outcome} in {len(sample.levels)} groups of {sample.group}, each with its points, box, "
        f"density and "
        f"{kind}. {'; '.join(described[:6])}{more}."
    )

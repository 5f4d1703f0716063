"""A number in groups: which share of each group lies at or below every value."""

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import (
    Cell,
    Drawing,
    Floats,
    finding,
    labelled,
    sample_note,
    wants_logarithm,
)
from jobs.analysis.plots.scales import NOTE, Scales
from jobs.analysis.plots.text import fitting, wrapped
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.samples import GroupedSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import outcome_decimals

LEGEND_ROOM = 130.0  # points for the names of groups
STEPS = 300  # points of a curve at most
COLOURED = 7  # more groups share the palette: the others are grey behind the lowest and the highest


def draw(sample: GroupedSample, findings: Findings) -> Drawing:
    """Draw the cumulative shares of the groups of `sample`."""
    medians = {
        level: float(np.median(values)) for level, values in zip(sample.levels, sample.values, strict=True)
    }
    decimals = outcome_decimals(findings.descriptives)
    title = _title(sample, medians, decimals)
    subtitle = finding(findings, findings.sample.n_used)
    scales = Scales(x=wants_logarithm(*sample.values))
    words = house.Words(title, subtitle, _caption(sample, findings, scales))
    figure = house.sheet(words, height=4.7)
    axes = figure.add_subplot()
    scales.put_on(axes)
    rows = _curves(axes, sample, medians)
    _axes(axes, sample)
    return Drawing(
        "cumulative", title, _alt(sample, medians, decimals), figure, ("group", "value", "share"), tuple(rows)
    )


def _title(sample: GroupedSample, medians: dict[str, float], decimals: int) -> str:
    low, high = min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__)
    if medians[low] == medians[high]:
        middle = n.measured(medians[low], decimals, sample.unit)
        return f"Half of the rows lie at or below {middle} in every group"
    least, most = n.number(medians[low], decimals), n.measured(medians[high], decimals, sample.unit)
    return f"Half of the rows of {low} lie at or below {least}, half of those of {high} at or below {most}"


def _curve(values: Floats) -> tuple[Floats, Floats]:
    """Give the steps of the cumulative share, or as many quantiles as can be told apart."""
    ordered = np.sort(values)
    places = np.unique(np.linspace(0, ordered.size - 1, min(ordered.size, STEPS)).astype(np.intp))
    return ordered[places], (places + 1.0) / ordered.size


def _curves(axes: Axes, sample: GroupedSample, medians: dict[str, float]) -> list[tuple[Cell, ...]]:
    ends = (min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__))
    many = len(sample.levels) > COLOURED
    rows: list[tuple[Cell, ...]] = []
    for place, (level, values) in enumerate(zip(sample.levels, sample.values, strict=True)):
        x, share = _curve(values)
        named = level in ends if many else True
        hue = ends.index(level) if many and named else place % len(house.PALETTE)
        name = house.counted_name(fitting(level, LEGEND_ROOM, 10, length=28), values.size) if named else None
        axes.step(
            np.concatenate([x[:1], x]),
            np.concatenate([[0.0], share]),
            where="post",
            color=house.PALETTE[hue] if named else house.FAINT,
            lw=2.0 if named else 0.9,
            label=name,
            zorder=3 if named else 2,
        )
        rows += [(level, float(a), float(b)) for a, b in zip(x, share, strict=True)]
    axes.axhline(0.5, color=house.INK, lw=1, ls=(0, (4, 3)), zorder=1)
    return rows


def _axes(axes: Axes, sample: GroupedSample) -> None:
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    axes.set_ylim(-0.02, 1.02)
    axes.set_ylabel("Share at or below")
    axes.set_xlabel(wrapped(labelled(sample.outcome, sample.unit), 400, 11, lines=2))
    ticks.thousands(axes, "x")
    house.legend_beside(axes, sample.group)


def _caption(sample: GroupedSample, findings: Findings, scales: Scales) -> str:
    grey = " Grey: the other groups." if len(sample.levels) > COLOURED else ""
    stretched = f" {NOTE}" if scales.x else ""
    return (
        "A curve further to the right has the larger values; curves that cross differ in more than their "
        f"middle. Dashed: half of a group, its median.{grey}{stretched} {sample_note(findings)}"
    )


def _alt(sample: GroupedSample, medians: dict[str, float], decimals: int) -> str:
    told = [f"{level} {n.number(middle, decimals)}" for level, middle in list(medians.items())[:6]]
    more = " and more" if len(medians) > 6 else ""
    return (
        f"Cumulative shares of {sample.outcome} in {len(medians)} groups of {sample.group}; medians: "
        f"{', '.join(told)}{more}."
    )

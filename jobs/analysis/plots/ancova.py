"""Groups with a covariate: points, a line for each group with the common slope, and adjusted means."""

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.numerics.blocks import decomposed
from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import (
    SHARP,
    Cell,
    Drawing,
    finding,
    labelled,
    sample_note,
    sampled,
)
from jobs.analysis.plots.scales import Scales, padded, steps
from jobs.analysis.plots.text import fitting, plain, wrapped
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.adjusting import AdjustedSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import outcome_decimals

POINTS = 1_200


def draw(sample: AdjustedSample, findings: Findings, title: str) -> Drawing:
    """Draw `sample` against its first covariate with the statistics of `findings`."""
    scales = Scales.of(sample.beside[:, 0], sample.values)
    words = house.Words(title, finding(findings, findings.sample.n_used), _caption(findings, scales))
    figure = house.sheet(words)
    axes = figure.add_subplot()
    scales.put_on(axes)
    middle = float(sample.beside[:, 0].mean())
    slope = _slope(sample)
    rows: list[tuple[Cell, ...]] = []
    for place in range(len(findings.adjusted)):
        rows += _group(axes, sample, findings, (place, slope), scales)
    if scales.y:
        axes.set_ylim(padded(sample.values, logarithmic=True))
    axes.axvline(middle, color=house.FAINT, lw=1, ls=(0, (4, 3)), zorder=1)
    axes.set_xlabel(wrapped(plain(sample.covariates[0]), 400, 11, lines=2))
    axes.set_ylabel(wrapped(labelled(sample.outcome, sample.unit), 190, 11, lines=3))
    for which in ("x", "y"):
        ticks.thousands(axes, which)
    house.legend_beside(axes, sample.group)
    columns = ("layer", "group", "covariate", "value", "low", "high")
    return Drawing("ancova", title, _alt(sample, findings), figure, columns, tuple(rows))


def _colour(sample: AdjustedSample, findings: Findings, place: int) -> str:
    """Give a group its colour; of more groups than colours only the lowest and the highest have one."""
    if len(sample.levels) <= len(house.PALETTE):
        return house.PALETTE[place]
    order = sorted(range(len(findings.adjusted)), key=lambda group: findings.adjusted[group].value)
    return {order[0]: house.PALETTE[0], order[-1]: house.PALETTE[1]}.get(place, house.FAINT)


def _group(
    axes: Axes, sample: AdjustedSample, findings: Findings, at: tuple[int, float], scales: Scales
) -> list[tuple[Cell, ...]]:
    """Draw the points, the line and the adjusted mean of the group at a place, lines having one slope."""
    place, slope = at
    level, colour = sample.levels[place], _colour(sample, findings, place)
    mean = findings.adjusted[place]
    x, middle = sample.beside[:, 0], float(sample.beside[:, 0].mean())
    shown = sampled(x.size, POINTS)
    own = shown[sample.places[shown] == place]
    axes.plot(
        x[own],
        sample.values[own],
        ls="",
        marker="o",
        ms=4,
        mew=0,
        color=colour,
        alpha=0.4,
        zorder=2,
        rasterized=x.size > SHARP,
    )
    inside = x[sample.places == place]
    points = 80 if scales.x or scales.y else 2  # a line is straight on linear axes alone
    along = steps(float(inside.min()), float(inside.max()), points, logarithmic=scales.x)
    name = house.counted_name(fitting(level, 130, 10, length=24), inside.size)
    named = colour != house.FAINT
    axes.plot(
        along,
        mean.value + slope * (along - middle),
        color=colour,
        lw=2 if named else 1,
        zorder=4 if named else 3,
        label=name if named else None,
    )
    low, high = mean.interval.low, mean.interval.high
    if low is not None and high is not None:
        axes.plot([middle, middle], [low, high], color=colour, lw=3, zorder=5)
    axes.plot(middle, mean.value, marker="o", ms=6, mfc="white", mec=colour, mew=1.8, zorder=6)
    rows: list[tuple[Cell, ...]] = [
        ("row", level, float(x[i]), float(sample.values[i]), None, None) for i in own
    ]
    return [*rows, ("adjusted mean", level, middle, mean.value, low, high)]


def _slope(sample: AdjustedSample) -> float:
    """Return the common slope of the first covariate."""
    centred = sample.beside - sample.beside.mean(axis=0)
    scale = np.sqrt(np.mean(centred**2, axis=0))
    design = np.column_stack([np.eye(len(sample.levels))[sample.places], centred / scale])
    q, r = decomposed(design)
    found = np.linalg.solve(r, q.T @ (sample.values - sample.values.mean()))
    return float(found[len(sample.levels)] / scale[0])


def _caption(findings: Findings, scales: Scales) -> str:
    level = f"{100 * findings.adjusted[0].interval.level:g}"
    grey = " Grey: the other groups." if len(findings.adjusted) > len(house.PALETTE) else ""
    return (
        f"Dots: rows. Lines: groups with the common slope. Circles: means adjusted to the covariates' means, "
        f"with {level} % confidence intervals, compared where the covariate has its mean (dashed).{grey} "
        f"{f'{scales.note} ' if scales.note else ''}{sample_note(findings)}"
    )


def _alt(sample: AdjustedSample, findings: Findings) -> str:
    places = outcome_decimals(findings.descriptives)
    told = [f"{mean.name}: {n.number(mean.value, places)}" for mean in findings.adjusted[:8]]
    return (
        f"{sample.outcome} against {sample.covariates[0]}, a parallel line for each group of {sample.group}. "
        f"Adjusted means: {'; '.join(told)}."
    )

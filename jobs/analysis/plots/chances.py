"""A model of yes or no: how well it tells the two apart, and whether its probabilities come true."""

import numpy as np
from matplotlib.axes import Axes
from scipy import special

from jobs.analysis.plots import house
from jobs.analysis.plots.drawing import Cell, Drawing, Floats, effect, sample_note
from jobs.analysis.plots.fitted import Group, level_of, linear_predictor, measures, tenths
from jobs.analysis.plots.text import minus, wrapped
from jobs.analysis.results.modelled import Model
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.words import numbers as n

STEPS = 400  # points of the curve at most: more would not move a pixel


def draw(sample: ModelSample, findings: Findings, model: Model) -> Drawing:
    """Draw how many yes and no each threshold tells right, and told probabilities against observed shares."""
    told = np.asarray(special.expit(linear_predictor(sample, model)), dtype=np.float64)
    groups = tenths(told, sample.values, level_of(findings, model))
    event, auc = model.event or "yes", findings.effect_sizes[0]
    what = f"{sample.outcome} = {event}"
    title = f"In {n.percent(auc.value)} of pairs the row with {what} gets the higher probability"
    fit = [
        f"{name} = {n.bounded(model.fit[key])}"
        for key, name in (("tjur", "Tjur's $R^2$"), ("mcfadden", "McFadden's $R^2$"))
        if model.fit.get(key) is not None
    ]
    subtitle = minus(measures(effect(findings), *fit, rows=findings.sample.n_used))
    figure = house.sheet(house.Words(title, subtitle, _caption(findings, model)), height=4.4)
    curve, shares = figure.subplots(1, 2)
    rows = _curve(curve, sample.values, told, auc.value)
    rows += _calibration(shares, groups, what)
    names = ("layer", "x", "y", "low", "high", "rows")
    return Drawing("discrimination", title, _alt(what, auc.value, groups), figure, names, tuple(rows))


def roc(y: Floats, score: Floats) -> tuple[Floats, Floats]:
    """Give the share of rows with 0 and of rows with 1 whose score reaches each threshold, from (0, 0) on.

    Parameters
    ----------
    y : (n,) float array of 0 and 1, both among them
    score : (n,) float array, the higher the more likely 1; equal scores cross a threshold together
    """
    order = np.argsort(-score, kind="stable")
    ordered, event = score[order], y[order]
    last = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]), y.size - 1)
    hits = np.cumsum(event)[last]
    false = last + 1.0 - hits
    return np.append(0.0, false / false[-1]), np.append(0.0, hits / hits[-1])


def _curve(axes: Axes, y: Floats, told: Floats, auc: float) -> list[tuple[Cell, ...]]:
    false, true = roc(y, told)
    if false.size > STEPS:
        kept = np.unique(np.searchsorted(false + true, np.linspace(0.0, 2.0, STEPS)).clip(0, false.size - 1))
        false, true = false[kept], true[kept]
    axes.plot([0, 1], [0, 1], color=house.FAINT, lw=1.2, ls=(0, (4, 3)), zorder=2)
    axes.fill_between(false, false, true, color=house.PALETTE[0], alpha=0.12, lw=0, zorder=1)
    axes.plot(false, true, color=house.PALETTE[0], lw=2.2, zorder=3)
    axes.text(0.97, 0.05, f"AUC {n.bounded(auc)}", ha="right", size=11, weight="semibold", zorder=5)
    axes.text(0.5, 0.455, "by chance", ha="left", va="top", size=9.5, color=house.MUTED, zorder=5)
    axes.set_xlabel("Others taken for it (false alarms)")
    axes.set_ylabel("Found of those with it")
    _percents(axes)
    return [("curve", float(x), float(y), None, None, None) for x, y in zip(false, true, strict=True)]


def _calibration(axes: Axes, groups: list[Group], what: str) -> list[tuple[Cell, ...]]:
    axes.plot([0, 1], [0, 1], color=house.FAINT, lw=1.2, ls=(0, (4, 3)), zorder=2)
    for group in groups:
        axes.plot([group.told] * 2, [group.low, group.high], color=house.PALETTE[1], lw=2, zorder=3)
    axes.plot(
        [group.told for group in groups],
        [group.seen for group in groups],
        ls="",
        marker="o",
        ms=6.5,
        color=house.PALETTE[1],
        mec="white",
        mew=0.8,
        zorder=4,
    )
    axes.set_xlabel("Probability told by the model")
    axes.set_ylabel(wrapped(f"Share with {what}", 190, 11, lines=3, math=False), parse_math=False)
    _percents(axes)
    return [("group", one.told, one.seen, one.low, one.high, one.rows) for one in groups]


def _percents(axes: Axes) -> None:
    """Make a square of shares from 0 to 1."""
    places = [0.0, 0.25, 0.5, 0.75, 1.0]
    axes.set_xticks(places, ["0", "25", "50", "75", "100 %"])
    axes.set_yticks(places, ["0", "25", "50", "75", "100 %"])
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.grid(visible=True, axis="both")
    axes.set_box_aspect(1)


def _caption(findings: Findings, model: Model) -> str:
    percent = f"{100 * level_of(findings, model):g}"
    return (
        "Left: every threshold of the probability; the area under the curve (AUC) is the chance that a row "
        f"with {model.event} gets more than another. Right: groups of rows with like probabilities, with "
        f"{percent} % intervals (Wilson); on the dashed line probabilities come true. Told of the rows that "
        f"made the model: others fit somewhat less. {sample_note(findings)}"
    )


def _alt(what: str, auc: float, groups: list[Group]) -> str:
    low, high = groups[0], groups[-1]
    return (
        f"Receiver operating characteristic of a model of {what}, area under the curve {n.bounded(auc)}; "
        f"beside it observed shares against told probabilities, from {n.percent(low.seen)} observed where "
        f"{n.percent(low.told)} were told to {n.percent(high.seen)} observed where {n.percent(high.told)} "
        "were told."
    )

"""A model of a number: what was observed against what it tells, and what it leaves."""

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import POINTS, Cell, Drawing, Floats, labelled, sample_note
from jobs.analysis.plots.fitted import Group, level_of, linear_predictor, measures, tenths
from jobs.analysis.plots.relationship import cloud
from jobs.analysis.plots.text import minus, plain, wrapped
from jobs.analysis.results.modelled import Model
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.numbers import decimals_for

COLUMNS = ("layer", "x", "y", "low", "high", "rows")


def draw(sample: ModelSample, findings: Findings, model: Model) -> Drawing:
    """Draw observed against predicted values, and the residuals against the predicted values."""
    told = linear_predictor(sample, model)
    seen = np.log(sample.values) if model.scale == "log" else sample.values
    left = seen - told
    groups = tenths(told, left, level_of(findings, model))
    title = _title(sample, model)
    words = house.Words(title, _subtitle(sample, findings, model), _caption(findings, model, told.size))
    figure = house.sheet(words, height=4.6)
    against, residuals = figure.subplots(1, 2)
    rows = [("observed", *row[1:]) for row in _shown(against, told, seen)]
    _diagonal(against, told, seen)
    rows += [("residual", *row[1:]) for row in _shown(residuals, told, left)]
    rows += _level(residuals, groups)
    name = labelled(sample.outcome, sample.unit)
    name = f"Logarithm of {plain(sample.outcome)}" if model.scale == "log" else name
    against.set_ylabel(wrapped(f"Observed: {name}", 180, 10.5, lines=3))
    residuals.set_ylabel("Observed less predicted")
    for axes in (against, residuals):
        axes.set_xlabel("Predicted")
        axes.grid(visible=True, axis="both")
        axes.locator_params(axis="x", nbins=5)
        ticks.thousands(axes, "x")
        ticks.thousands(axes, "y")
    return Drawing("predictions", title, _alt(sample, model, groups), figure, COLUMNS, tuple(rows))


def _title(sample: ModelSample, model: Model) -> str:
    share = model.fit["r_squared"] or 0.0
    what = f"the logarithm of {sample.outcome}" if model.scale == "log" else sample.outcome
    return f"The model explains {n.percent(share)} of the variance of {what}"


def _subtitle(sample: ModelSample, findings: Findings, model: Model) -> str:
    fit, unit = model.fit, plain(sample.unit) if sample.unit and model.scale != "log" else None
    spread, unseen = fit["residual_sd"], fit["cross_validated_r_squared"]
    parts = [f"$R^2$ = {n.bounded(fit['r_squared'])}", f"adjusted {n.bounded(fit['adjusted_r_squared'])}"]
    if unseen is not None:
        parts.append(f"of rows set aside {n.bounded(unseen)}")
    parts.append(f"residual SD {n.measured(spread, decimals_for(spread), unit)}")
    return minus(measures(*parts, rows=findings.sample.n_used))


def _caption(findings: Findings, model: Model, rows: int) -> str:
    percent = f"{100 * level_of(findings, model):g}"
    dots = "Cells: number of rows, the darker the more (square root)." if rows > POINTS else "Dot: one row."
    return (
        f"{dots} Left: on the dashed line the model is right. Right, orange: mean of what it leaves in "
        f"groups of rows predicted alike, with {percent} % intervals; near 0 if relations are straight. "
        f"{sample_note(findings)}"
    )


def _shown(axes: Axes, x: Floats, y: Floats) -> list[tuple[Cell, ...]]:
    rows = cloud(axes, x, y)
    return [(layer, a, b, None, None, count) for layer, a, b, _, _, count in rows]


def _diagonal(axes: Axes, told: Floats, seen: Floats) -> None:
    low, high = max(told.min(), seen.min()), min(told.max(), seen.max())
    axes.plot([low, high], [low, high], color=house.INK, lw=1.2, ls=(0, (4, 3)), zorder=5)


def _level(axes: Axes, groups: list[Group]) -> list[tuple[Cell, ...]]:
    axes.axhline(0, color=house.INK, lw=1.2, ls=(0, (4, 3)), zorder=4)
    for group in groups:
        axes.plot([group.told] * 2, [group.low, group.high], color=house.PALETTE[1], lw=2, zorder=5)
    told, seen = [group.told for group in groups], [group.seen for group in groups]
    axes.plot(told, seen, color=house.PALETTE[1], lw=1.4, marker="o", ms=5.5, mec="white", mew=0.8, zorder=6)
    return [("group", one.told, one.seen, one.low, one.high, one.rows) for one in groups]


def _alt(sample: ModelSample, model: Model, groups: list[Group]) -> str:
    spread = model.fit["residual_sd"]
    worst = max(groups, key=lambda group: abs(group.seen))
    decimals = decimals_for(spread)
    return (
        f"Observed against predicted {sample.outcome} for {n.count(sample.values.size)} rows, and residuals "
        f"with a standard deviation of {n.number(spread, decimals)}; their mean in groups of like rows "
        f"is farthest from 0 at {n.number(worst.seen, decimals)}, where {n.number(worst.told, decimals)} is "
        "predicted."
    )

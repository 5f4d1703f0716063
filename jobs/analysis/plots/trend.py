"""Values over time with Theil-Sen's line and, where there is one, the season smoothed away."""

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import (
    Cell,
    Drawing,
    labelled,
    primary,
    sample_note,
    statistic,
    wants_logarithm,
)
from jobs.analysis.plots.scales import Scales, padded, steps
from jobs.analysis.plots.text import minus, plain, wrapped
from jobs.analysis.results.modelled import Trend
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.times import TimeSample, wide_gaps
from jobs.analysis.words import numbers as n
from jobs.analysis.words.trend import a_period, decimals

Series = np.ndarray[tuple[int], np.dtype[np.float64]]

DOTS = 60  # points up to which each gets a dot
TICKS = 6


def draw(sample: TimeSample, findings: Findings, trend: Trend, title: str) -> Drawing:
    """Draw `sample` with the line of `trend`."""
    scales = Scales(y=wants_logarithm(sample.values))
    words = house.Words(title, _subtitle(findings, trend), _caption(sample, findings, scales))
    figure = house.sheet(words)
    axes = figure.add_subplot()
    scales.put_on(axes)
    t, y = sample.times, sample.values
    smooth = _smoothed(sample)
    _series(axes, sample, smooth)
    line = trend.intercept + trend.slope * t
    along = steps(t[0], t[-1], 80, logarithmic=False) if scales.y else t[[0, -1]]
    axes.plot(
        along,
        trend.intercept + trend.slope * along,
        color=house.PALETTE[1],
        lw=2.0,
        ls=(0, (5, 3)),
        zorder=6,
    )
    axes.margins(x=0.02, y=0.08)
    if scales.y:
        axes.set_ylim(padded(y, logarithmic=True))
    axes.set_ylabel(wrapped(labelled(sample.outcome, sample.unit), 190, 11, lines=3))
    axes.set_xlabel(wrapped(plain(sample.time), 420, 11, lines=2))
    places = _places(t)
    axes.set_xticks([float(t[place]) for place in places], [_label(sample, place) for place in places])
    ticks.thousands(axes, "y")
    rows: list[tuple[Cell, ...]] = [
        (float(a), float(b), float(c), None if smooth is None or np.isnan(d) else float(d))
        for a, b, c, d in zip(t, y, line, smooth if smooth is not None else y, strict=True)
    ]
    names = (f"{sample.period}s_from_the_first", "value", "theil_sen_line", "season_averaged")
    return Drawing("trend", title, _alt(sample, trend), figure, names, tuple(rows))


def _series(axes: Axes, sample: TimeSample, smooth: Series | None) -> None:
    """Draw the values, joined where they follow each other, and what is left without the season."""
    t, y = sample.times, sample.values
    for part in np.split(np.arange(t.size), [place + 1 for place in wide_gaps(t)]):
        dot = "o" if part.size == 1 and t.size > DOTS else ""
        lw = 1.0 if smooth is not None else 1.4
        axes.plot(t[part], y[part], color=house.PALETTE[0], lw=lw, marker=dot, ms=3, alpha=0.55, zorder=3)
    if t.size <= DOTS:
        axes.plot(t, y, ls="", marker="o", ms=4.2, mew=0, color=house.PALETTE[0], zorder=4)
    if smooth is not None:
        axes.plot(t, smooth, color=house.PALETTE[0], lw=2.2, zorder=5)


def _smoothed(sample: TimeSample) -> Series | None:
    """Average over one cycle, centred; None without a season."""
    season = sample.season
    if season is None or sample.values.size < 2 * season + 1:
        return None
    weights = np.full(season, 1.0 / season)
    if season % 2 == 0:
        weights = np.concatenate([[0.5], np.ones(season - 1), [0.5]]) / season
    inner = np.convolve(sample.values, weights, "valid")
    found = np.full(sample.values.size, np.nan)
    first = (weights.size - 1) // 2
    found[first : first + inner.size] = inner
    return found


def _places(t: Series) -> list[int]:
    """Choose points to label, of which none is too near to the one before or to the last."""
    spread = sorted({round(place) for place in np.linspace(0, t.size - 1, min(TICKS, t.size))})
    room, found = 0.75 * float(t[-1] - t[0]) / TICKS, [spread[0]]
    for place in spread[1:-1]:
        if min(t[place] - t[found[-1]], t[-1] - t[place]) >= room:
            found.append(place)
    return [*found, spread[-1]]


def _label(sample: TimeSample, place: int) -> str:
    return plain(sample.labels[place])


def _subtitle(findings: Findings, trend: Trend) -> str:
    places = decimals(trend)
    limits = f"[{n.number(trend.slope_interval.low, places)}, {n.number(trend.slope_interval.high, places)}]"
    slope = f"slope {n.number(trend.slope, places)} {limits} {a_period(trend.period)}"
    return minus(f"{statistic(primary(findings))},  {slope},  $n$ = {n.count(trend.points)} points")


def _caption(sample: TimeSample, findings: Findings, scales: Scales) -> str:
    parts = ["Dashed: Theil-Sen's line, the median of the slopes between all pairs of points."]
    if findings.trend is not None and findings.trend.within_season:
        parts = ["Dashed: the median of the slopes between points at the same place of the season."]
    if _smoothed(sample) is not None:
        parts.append("Dark: average over one cycle of the season.")
    if wide_gaps(sample.times):
        parts.append("The line is broken where there are no values for long.")
    if sample.rows > sample.values.size:
        parts.append("Values at the same time averaged.")
    parts += [scales.note] if scales.y else []
    parts.append(sample_note(findings))
    return " ".join(parts)


def _alt(sample: TimeSample, trend: Trend) -> str:
    course = n.sloping(trend.slope, decimals(trend))
    return (
        f"{sample.outcome} at {n.count(trend.points)} points from {sample.first} to {sample.last}; the line "
        f"{course} {a_period(sample.period)}."
    )

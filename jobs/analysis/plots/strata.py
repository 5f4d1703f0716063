"""Two categories within strata: an odds ratio a stratum and the common one, or shares where there is none."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import Cell, Drawing, effect, primary, sample_note, statistic
from jobs.analysis.plots.models import ratio_axis
from jobs.analysis.plots.text import fitting, minus, plain, shortened, typeset, upright, wrapped
from jobs.analysis.results.result import Findings, Interval
from jobs.analysis.results.stratified import Odds, Strata, Stratum
from jobs.analysis.sampling.strata import StrataSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import ALPHA
from jobs.analysis.words.strata import ALIKE

SHOWN = 20  # of more strata the largest
LABEL_ROOM = 150.0  # points for the names of strata
AXIS_ROOM, ROW_ROOM = 240.0, 20.0  # points beside those names, and of a row
LARGEST, SMALLEST = 9.0, 3.5  # points across a square
ARROWS = " Arrows: 0 or infinite, since a cell is empty, with exact limits."
BEYOND = 3.0  # times as far as the farthest number stand the arrows
COLUMNS = ("layer", "stratum", "rows", "value", "low", "high")


def draw(sample: StrataSample, findings: Findings, strata: Strata, title: str) -> Drawing:
    """Draw the strata of `findings` and what they have in common."""
    unlike = [test for test in findings.tests if test.method in ALIKE and test.pvalue < ALPHA]
    parts = [statistic(unlike[0] if unlike else primary(findings)), effect(findings)]
    largest = sorted(range(len(strata.strata)), key=lambda place: -strata.strata[place].n)[:SHOWN]
    shown = [strata.strata[place] for place in sorted(largest)]
    words = house.Words(title, ",  ".join(part for part in parts if part), _caption(findings, strata))
    figure = house.sheet(words, height=2.1 + 0.32 * (len(shown) + 2 * (strata.odds is not None)))
    axes = figure.add_subplot()
    odds = strata.odds
    rows = _strengths(axes, sample, shown, findings) if odds is None else _forest(axes, sample, shown, odds)
    return Drawing("strata", title, _alt(sample, strata, shown), figure, COLUMNS, tuple(rows))


def _caption(findings: Findings, strata: Strata) -> str:
    fewer = (
        f" The {SHOWN} largest of {n.count(len(strata.strata))} shown." if len(strata.strata) > SHOWN else ""
    )
    if strata.odds is None:
        return (
            f"Bars: Cramér's V where {strata.stratum} has one value. Line: within all.{fewer} "
            f"{sample_note(findings)}"
        )
    level = f"{100 * strata.odds.interval.level:g}"
    return (
        f"Squares: odds ratios with {level} % intervals (Woolf), larger where there are more rows."
        f"{ARROWS if any(map(_is_open, strata.strata)) else ''} Diamond: common odds ratio (Mantel-Haenszel; "
        f"Robins, Breslow, Greenland). Circle: all rows without {strata.stratum}.{fewer} "
        f"{sample_note(findings)}"
    )


def _forest(axes: Axes, sample: StrataSample, shown: Sequence[Stratum], odds: Odds) -> list[tuple[Cell, ...]]:
    common, crude, most = len(shown) + 0.3, len(shown) + 1.3, max(one.n for one in shown)
    rows: list[tuple[Cell, ...]] = []
    for place, one in enumerate(shown):
        size = max(SMALLEST, LARGEST * math.sqrt(one.n / most))
        if _is_open(one):
            _arrow(axes, place, one, _edges(shown, odds))
        else:
            _odds(axes, place, (one.odds_ratio, one.interval), (house.PALETTE[0], "s", size))
        high: Cell = "inf" if one.infinite else one.interval.high
        value: Cell = "inf" if one.infinite else one.odds_ratio
        rows.append(("stratum", one.level, one.n, value, one.interval.low, high))
    axes.axhline(common - 0.65, color=house.GRID, lw=1)
    _odds(axes, common, (odds.common, odds.interval), (house.DARK_ORANGE, "D", 8.0))
    _odds(axes, crude, (odds.crude, odds.crude_interval), (house.MUTED, "o", 6.0))
    total = sum(sum(map(sum, one.counts)) for one in shown)
    rows.append(("common", None, total, odds.common, odds.interval.low, odds.interval.high))
    rows.append(("all rows", None, total, odds.crude, odds.crude_interval.low, odds.crude_interval.high))
    axes.axvline(1.0, color=house.FAINT, lw=1, zorder=1)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.set_ylim(crude + 0.55, -0.6)
    names = [*(_label(one) for one in shown), "common to all", "without strata"]
    axes.set_yticks([*range(len(shown)), common, crude], names)
    axes.tick_params(axis="y", labelcolor=house.INK, labelsize=10)
    ratio_axis(axes)
    column, row = (shortened(name, 40) for name in (sample.column, sample.row))
    event, level, other = (shortened(name, 30) for name in (odds.event, odds.level, odds.reference))
    text = f"Odds ratio of {column} = {event}, {row} = {level} to {other} (logarithmic)"
    axes.set_xlabel(wrapped(plain(text), AXIS_ROOM, 10.5, lines=3))
    axes.set_ylabel(upright(sample.stratum, ROW_ROOM * (len(shown) + 2)))
    return rows


def _is_open(one: Stratum) -> bool:
    """Return whether the odds ratio of a stratum is 0 or infinite, which no logarithmic axis shows."""
    return one.infinite or one.odds_ratio == 0.0


def _edges(shown: Sequence[Stratum], odds: Odds) -> tuple[float, float]:
    """Give the places on the axis where arrows to 0 and to infinity end: beyond all numbers."""
    found = [odds.common, odds.interval.low, odds.interval.high, odds.crude, odds.crude_interval.low]
    found += [odds.crude_interval.high, 1.0]
    for one in shown:
        found += [one.odds_ratio, one.interval.low, one.interval.high]
    known = [value for value in found if value]
    return min(known) / BEYOND, max(known) * BEYOND


def _arrow(axes: Axes, place: float, one: Stratum, edges: tuple[float, float]) -> None:
    """Draw an interval without one end as an arrow to that side, and write it at the right."""
    limit, edge, marker = one.interval.high or edges[0], edges[0], "<"
    text = f"0 [0, {n.number(limit)}]"
    if one.infinite:
        limit, edge, marker = one.interval.low or edges[0], edges[1], ">"
        text = f"∞ [{n.number(limit)}, ∞]"
    axes.plot([limit, edge], [place, place], color=house.PALETTE[0], lw=2.0, zorder=3)
    axes.plot([edge], [place], ls="", marker=marker, ms=8.0, color=house.PALETTE[0], mew=0, zorder=4)
    _written(axes, place, text, house.INK)


def _odds(
    axes: Axes, place: float, found: tuple[float | None, Interval], look: tuple[str, str, float]
) -> None:
    """Draw an odds ratio with its limits, and write both at the right."""
    (value, limits), (colour, marker, size) = found, look
    if value is None or limits.low is None or limits.high is None:
        _written(axes, place, "does not vary", house.MUTED)
        return
    axes.plot(
        [limits.low, limits.high], [place, place], color=colour, lw=2.0, zorder=3, solid_capstyle="round"
    )
    axes.plot([value], [place], ls="", marker=marker, ms=size, color=colour, mec="white", mew=0.8, zorder=4)
    _written(axes, place, f"{n.number(value)} [{n.number(limits.low)}, {n.number(limits.high)}]", house.INK)


def _written(axes: Axes, place: float, text: str, colour: str) -> None:
    axes.text(
        1.0,
        place,
        minus(text),
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="center",
        size=9,
        color=colour,
        bbox={"fc": "white", "ec": "none", "pad": 1.5},
        zorder=6,
        in_layout=False,
    )


def _label(one: Stratum) -> str:
    return typeset(f"{plain(fitting(one.level, LABEL_ROOM, 10, length=30))}  $n$ = {n.count(one.n)}")


def _strengths(
    axes: Axes, sample: StrataSample, shown: Sequence[Stratum], findings: Findings
) -> list[tuple[Cell, ...]]:
    """Draw how closely the two go together in each stratum."""
    places = range(len(shown))
    axes.barh(places, [one.cramers_v or 0.0 for one in shown], 0.62, color=house.BARS)
    for place, one in zip(places, shown, strict=True):
        text = "does not vary" if one.cramers_v is None else n.bounded(one.cramers_v)
        axes.annotate(
            text,
            (one.cramers_v or 0.0, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            size=9.5,
            zorder=6,
            bbox={"fc": "white", "ec": "none", "pad": 1.2},  # the line of all strata may run behind it
        )
    within = findings.effect_sizes[0]
    axes.axvline(within.value, color=house.DARK_ORANGE, lw=2, ls=(0, (4, 2)))
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0, min(1.0, 1.25 * max(within.value, *(one.cramers_v or 0.0 for one in shown))) or 1.0)
    axes.set_yticks(places, [_label(one) for one in shown])
    axes.tick_params(axis="y", labelcolor=house.INK, labelsize=10)
    row, column = (shortened(name, 40) for name in (sample.row, sample.column))
    axes.set_xlabel(wrapped(plain(f"Cramér's V of {row} and {column}"), AXIS_ROOM, 10.5, lines=3))
    axes.set_ylabel(upright(sample.stratum, ROW_ROOM * len(shown)))
    ticks.thousands(axes, "x")
    rows: list[tuple[Cell, ...]] = [("stratum", one.level, one.n, one.cramers_v, None, None) for one in shown]
    return [*rows, ("within all", None, None, within.value, within.interval.low, within.interval.high)]


def _alt(sample: StrataSample, strata: Strata, shown: Sequence[Stratum]) -> str:
    if strata.odds is None:
        told = [f"{one.level}: {n.bounded(one.cramers_v)}" for one in shown[:8] if one.cramers_v is not None]
        return (
            f"How closely {sample.row} and {sample.column} go together within each value of {sample.stratum} "
            f"(Cramér's V). {'; '.join(told)}."
        )
    odds = strata.odds
    told = [
        f"{one.level}: {'infinite' if one.infinite else n.number(one.odds_ratio)}"
        for one in shown[:8]
        if one.varies
    ]
    return (
        f"Odds ratio of {sample.column} = {odds.event}, {sample.row} = {odds.level} to {odds.reference}, "
        f"within each value of {sample.stratum}. {'; '.join(told)}; common to all {n.number(odds.common)}."
    )

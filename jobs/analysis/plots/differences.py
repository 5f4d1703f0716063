"""The pairs of groups: how far apart the means of each are, with intervals, the farthest at the top."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import Cell, Drawing, labelled, sample_note
from jobs.analysis.plots.fitted import measures
from jobs.analysis.plots.text import fitting, minus, plain, wrapped
from jobs.analysis.results.result import Findings, Pairwise
from jobs.analysis.sampling.samples import GroupedSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import ALPHA

SHOWN = 24
NAMES_ROOM = 105.0  # points for each of the two names
METHODS = {"games_howell": "Games-Howell", "tukey_hsd": "Tukey's HSD"}


def told_with_limits(findings: Findings) -> list[Pairwise]:
    """Return the pairs whose difference has an interval."""
    return [
        pair for pair in findings.posthoc if pair.interval.low is not None and pair.interval.high is not None
    ]


def draw(sample: GroupedSample, findings: Findings) -> Drawing:
    """Draw the difference of each pair that has an interval; there must be one."""
    pairs = sorted(told_with_limits(findings), key=lambda pair: -abs(pair.difference))
    shown, apart = pairs[:SHOWN], sum(pair.pvalue < ALPHA for pair in pairs)
    title = f"The data show a difference for {n.count(apart)} of {n.counted(len(pairs), 'pair')} of groups"
    if apart == 0:
        which = "the pair" if len(pairs) == 1 else f"any of the {n.count(len(pairs))} pairs"
        title = f"The data do not show a difference for {which} of groups"
    method = METHODS.get(pairs[0].method, pairs[0].method.replace("_", " "))
    subtitle = measures(f"{method}, differences of means", rows=findings.sample.n_used)
    words = house.Words(title, subtitle, _caption(findings, pairs, method))
    figure = house.sheet(words, height=1.7 + 0.3 * len(shown))
    axes = figure.add_subplot()
    rows = [_row(axes, pair, place) for place, pair in enumerate(shown)]
    _axes(axes, sample, shown)
    names = ("a", "b", "difference", "low", "high", "pvalue")
    return Drawing("differences", title, _alt(sample, shown, apart), figure, names, tuple(rows))


def _turned(pair: Pairwise) -> tuple[str, str, float, float, float]:
    """Write a pair with the higher mean first, so that every difference is positive."""
    low, high = pair.interval.low or 0.0, pair.interval.high or 0.0
    if pair.difference < 0.0:
        return pair.b, pair.a, -pair.difference, -high, -low
    return pair.a, pair.b, pair.difference, low, high


def _row(axes: Axes, pair: Pairwise, place: int) -> tuple[Cell, ...]:
    a, b, difference, low, high = _turned(pair)
    colour = house.PALETTE[0] if pair.pvalue < ALPHA else house.FAINT
    axes.plot([low, high], [place, place], color=colour, lw=2.2, zorder=3)
    axes.plot([difference], [place], ls="", marker="o", ms=6.5, color=colour, mec="white", mew=0.8, zorder=4)
    axes.text(
        1.01,
        place,
        n.probability(pair.pvalue).replace("p", "$p$", 1),
        transform=axes.get_yaxis_transform(),
        va="center",
        size=9.5,
        color=house.INK if pair.pvalue < ALPHA else house.MUTED,
    )
    return (a, b, difference, low, high, pair.pvalue)


def _axes(axes: Axes, sample: GroupedSample, shown: Sequence[Pairwise]) -> None:
    axes.axvline(0, color=house.INK, lw=1.2, ls=(0, (4, 3)), zorder=2)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.set_ylim(len(shown) - 0.45, -0.6)
    axes.set_yticks(range(len(shown)), [_label(pair) for pair in shown])
    axes.tick_params(axis="y", labelcolor=house.INK, labelsize=10)
    axes.set_xlabel(
        wrapped(f"Difference of means: {labelled(sample.outcome, sample.unit)}", 300, 11, lines=2)
    )
    ticks.thousands(axes, "x")


def _label(pair: Pairwise) -> str:
    a, b, *_ = _turned(pair)
    return " − ".join(plain(fitting(name, NAMES_ROOM, 10, length=24)) for name in (a, b))


def _caption(findings: Findings, pairs: Sequence[Pairwise], method: str) -> str:
    more = f"The {SHOWN} largest of {len(pairs)} differences. " if len(pairs) > SHOWN else ""
    return (
        f"{more}Dot: difference of two means, the higher first; bar: {100 * pairs[0].interval.level:g} % "
        f"interval that holds for all pairs at once ({method}); grey: not shown by the data (p of .05 or "
        f"more). {sample_note(findings)}"
    )


def _alt(sample: GroupedSample, shown: Sequence[Pairwise], apart: int) -> str:
    told = []
    for pair in shown[:4]:
        a, b, difference, low, high = _turned(pair)
        digits = n.decimals_for((high - low) / 2)
        limits = f"[{n.number(low, digits)}, {n.number(high, digits)}]"
        told.append(f"{a} over {b} {n.number(difference, digits)} {limits}")
    return minus(
        f"Differences of the mean {sample.outcome} between groups of {sample.group} with intervals, {apart} "
        f"of them apart from 0. The largest: {'; '.join(told)}."
    )

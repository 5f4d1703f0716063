"""One sample against a value: the values, their mean and the value; or a share as a bar with its interval."""

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house
from jobs.analysis.plots.drawing import (
    Cell,
    Drawing,
    Floats,
    effect,
    labelled,
    primary,
    sample_note,
    statistic,
)
from jobs.analysis.plots.text import minus, plain, shortened, width_of, wrapped
from jobs.analysis.results.result import Findings, Interval, Share
from jobs.analysis.sampling.designs import OneSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import outcome_decimals

MOST_BARS = 60
AXIS = 440.0  # points of the axis, nearly
THINNEST = 0.004  # of the axis, of a bar that is to be seen


def draw(sample: OneSample, findings: Findings, title: str) -> Drawing:
    """Draw the distribution of `sample` with its mean and the value that it is compared with."""
    found = findings.descriptives[0]
    kind, mean, limits = _middle(findings)
    level = f"{100 * (limits.level if limits else 0.95):g}"
    caption = (
        f"Bars: number of rows. Black: {kind} with {level} % confidence interval. Orange: the value that is "
        f"compared with. {sample_note(findings)}"
    )
    figure = house.sheet(house.Words(title, _subtitle(findings), caption))
    axes = figure.add_subplot()
    rows = _bars(axes, sample.values, sample.value)
    top = axes.get_ylim()[1]
    axes.set_ylim(0, top * 1.24)
    axes.axvline(sample.value, color=house.PALETTE[1], lw=2, ls=(0, (4, 2)), ymax=0.93, zorder=5)
    low, high = (limits.low, limits.high) if limits else (None, None)
    height = top * 1.09
    if low is not None and high is not None:
        axes.plot([low, high], [height, height], color=house.INK, lw=3, zorder=6)
    axes.plot(mean, height, marker="o", ms=6, mfc="white", mec=house.INK, mew=1.7, zorder=7)
    text = f"{kind.partition(' (')[0]} {n.number(mean, outcome_decimals([found]))}"
    right = _goes_right(axes, mean, text, rather=mean >= sample.value)
    end = (high if right else low) if low is not None else mean
    _name(axes, (mean if end is None else end, 1.09 / 1.24), text, house.INK, right=right)
    against = house.tick(sample.value)
    right = _goes_right(axes, sample.value, against, rather=mean < sample.value)
    _name(axes, (sample.value, 0.965), against, house.DARK_ORANGE, right=right)
    axes.set_xlabel(wrapped(labelled(sample.outcome, sample.unit), 420, 11, lines=2))
    axes.set_ylabel("Number of rows")
    for which in ("x", "y"):
        house.thousands(axes, which)
    rows += [(kind, mean, low, high, None), ("value", sample.value, None, None, None)]
    alt = (
        f"Distribution of {sample.outcome} in {n.count(sample.values.size)} rows, {kind} "
        f"{n.number(mean, outcome_decimals([found]))}, with a line at {house.tick(sample.value)}."
    )
    return Drawing("one_sample", title, alt, figure, ("layer", "value", "low", "high", "rows"), tuple(rows))


def _middle(findings: Findings) -> tuple[str, float, Interval | None]:
    """Name and return the middle that the title tells: the mean, or the pseudomedian of signed ranks."""
    found, estimate = findings.descriptives[0], primary(findings).estimate
    if primary(findings).symbol == "T" and estimate is not None:
        return "typical value (Hodges-Lehmann)", estimate.value, estimate.interval
    return "mean", found.mean or 0.0, found.mean_interval


def _goes_right(axes: Axes, at: float, text: str, *, rather: bool) -> bool:
    """Say whether a text stands right of a place: where `rather`, unless there is no room at that side."""
    low, high = axes.get_xlim()
    share = (at - low) / (high - low)
    needed = (width_of(text, 10, "semibold") + 8) / AXIS
    return share + needed <= 1.0 if rather else share < needed


def _subtitle(findings: Findings) -> str:
    parts = [statistic(primary(findings)), effect(findings), f"$n$ = {n.count(findings.sample.n_used)}"]
    return ",  ".join(part for part in parts if part)


def _bars(axes: Axes, values: Floats, against: float) -> list[tuple[Cell, ...]]:
    edges = _edges(values)
    counts, edges = np.histogram(values, bins=edges)
    low, high = min(float(edges[0]), against), max(float(edges[-1]), against)
    wide = np.maximum(np.diff(edges), THINNEST * (high - low))
    edge = "white" if float(wide.max()) > 2 * THINNEST * (high - low) else "none"
    axes.bar(edges[:-1], counts, wide, align="edge", color=house.BARS, edgecolor=edge, lw=0.6)
    axes.margins(x=0.02)
    axes.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    pairs = zip(counts, edges[:-1], edges[1:], strict=True)
    return [("bar", None, float(begin), float(end), int(count)) for count, begin, end in pairs]


def _edges(values: Floats) -> Floats:
    """Give edges of bars by Freedman and Diaconis; whole numbers of a small range get a bar each."""
    low, high = float(values.min()), float(values.max())
    if high - low < MOST_BARS / 2 and bool(np.all(values == np.round(values))):
        return np.arange(low - 0.5, high + 1.0)
    q1, q3 = np.quantile(values, (0.25, 0.75))
    width = 2.0 * (q3 - q1) / values.size ** (1 / 3)
    bars = int(np.clip(np.ceil((high - low) / width) if width > 0 else 12, 5, MOST_BARS))
    return np.linspace(low, high, bars + 1)


def _name(axes: Axes, at: tuple[float, float], text: str, colour: str, *, right: bool) -> None:
    """Write a text beside a value, at a share of the height."""
    axes.annotate(
        minus(text),
        at,
        xycoords=("data", "axes fraction"),
        xytext=(6 if right else -6, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        size=10,
        weight="semibold",
        color=colour,
        zorder=8,
        annotation_clip=False,
        in_layout=False,
    )


def draw_share(findings: Findings, share: Share, title: str) -> Drawing:
    """Draw the share as a bar, its interval and the value that it is compared with."""
    level = f"{100 * share.interval.level:g}"
    caption = (
        f"Bar: share of the rows. Black: {level} % interval (Wilson). Dashed: what it is compared with. "
        f"{sample_note(findings)}"
    )
    figure = house.sheet(house.Words(title, _subtitle(findings), caption), height=2.7)
    axes = figure.add_subplot()
    axes.barh(0, 1, 0.62, color=house.PALE)
    axes.barh(0, share.value, 0.62, color=house.BARS)
    low, high = share.interval.low or 0.0, share.interval.high or 0.0
    axes.plot([low, high], [0, 0], color=house.INK, lw=3, zorder=5)
    axes.plot(share.value, 0, marker="o", ms=6, mfc="white", mec=house.INK, mew=1.7, zorder=6)
    axes.plot([share.against] * 2, [-0.42, 0.42], color=house.DARK_ORANGE, lw=2, ls=(0, (4, 2)), zorder=4)
    for at, text, colour, height in (
        (share.value, n.percent(share.value), house.INK, -0.4),
        (share.against, n.percent(share.against), house.DARK_ORANGE, 0.57),
    ):
        axes.text(at, height, text, ha="center", va="center", size=10.5, weight="semibold", color=colour)
    axes.set_ylim(-0.62, 0.72)
    axes.set_xlim(0, 1)
    axes.set_yticks([])
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.grid(visible=False)
    name = f"Share of {plain(shortened(share.column, 60))} = {plain(shortened(share.level, 40))}"
    axes.set_xlabel(wrapped(name, 440, 11, lines=2))
    rows = (
        ("share", share.value, low, high, share.hits),
        ("compared with", share.against, None, None, None),
    )
    alt = (
        f"{share.column} = {share.level} in {n.count(share.hits)} of {n.count(share.n)} rows "
        f"({n.percent(share.value)}), with a line at {n.percent(share.against)}."
    )
    return Drawing("share", title, alt, figure, ("layer", "value", "low", "high", "rows"), rows)

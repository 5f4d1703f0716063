"""One sample against a value: the values as bars, their mean and the value."""

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.distribution import bars
from jobs.analysis.plots.drawing import (
    Cell,
    Drawing,
    Floats,
    finding,
    labelled,
    primary,
    sample_note,
    wants_logarithm,
)
from jobs.analysis.plots.scales import NOTE, padded, share_along
from jobs.analysis.plots.text import minus, width_of, wrapped
from jobs.analysis.results.result import Findings, Interval
from jobs.analysis.sampling.designs import OneSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import outcome_decimals

AXIS = 440.0  # points of the axis, nearly
THINNEST = 0.004  # of the axis, of a bar that is to be seen


def draw(sample: OneSample, findings: Findings, title: str) -> Drawing:
    """Draw the distribution of `sample` with its mean and the value that it is compared with."""
    kind, mean, limits = _middle(findings)
    logarithmic = sample.value > 0 and wants_logarithm(sample.values)
    words = house.Words(
        title, finding(findings, findings.sample.n_used), _caption(findings, kind, limits, logarithmic)
    )
    figure = house.sheet(words)
    axes = figure.add_subplot()
    if logarithmic:
        axes.set_xscale("log")
    rows = _bars(axes, sample.values, sample.value)
    _compared(axes, sample, findings)
    axes.set_xlabel(wrapped(labelled(sample.outcome, sample.unit), 420, 11, lines=2))
    axes.set_ylabel("Number of rows")
    for which in ("x", "y"):
        ticks.thousands(axes, which)
    low, high = (limits.low, limits.high) if limits else (None, None)
    rows += [(kind, mean, low, high, None), ("value", sample.value, None, None, None)]
    alt = (
        f"Distribution of {sample.outcome} in {n.count(sample.values.size)} rows, {kind} "
        f"{n.number(mean, outcome_decimals(findings.descriptives[:1]))}, with a line at "
        f"{ticks.tick(sample.value)}."
    )
    return Drawing("one_sample", title, alt, figure, ("layer", "value", "low", "high", "rows"), tuple(rows))


def _caption(findings: Findings, kind: str, limits: Interval | None, logarithmic: bool) -> str:
    level = f"{100 * (limits.level if limits else 0.95):g}"
    stretched = f"{NOTE} " if logarithmic else ""
    return (
        f"Bars: number of rows. Black: {kind} with {level} % confidence interval. Orange: the value that is "
        f"compared with. {stretched}{sample_note(findings)}"
    )


def _compared(axes: Axes, sample: OneSample, findings: Findings) -> None:
    """Draw the middle with its limits above the bars, and a line at the value, each with its number."""
    kind, mean, limits = _middle(findings)
    top = axes.get_ylim()[1]
    axes.set_ylim(0, top * 1.24)
    axes.axvline(sample.value, color=house.PALETTE[1], lw=2, ls=(0, (4, 2)), ymax=0.93, zorder=5)
    low, high = (limits.low, limits.high) if limits else (None, None)
    height = top * 1.09
    if low is not None and high is not None:
        axes.plot([low, high], [height, height], color=house.INK, lw=3, zorder=6)
    axes.plot(mean, height, marker="o", ms=6, mfc="white", mec=house.INK, mew=1.7, zorder=7)
    places = outcome_decimals(findings.descriptives[:1])
    text = f"{kind.partition(' (')[0]} {n.number(mean, places)}"
    right = _goes_right(axes, mean, text, rather=mean >= sample.value)
    end = (high if right else low) if low is not None else mean
    _name(axes, (mean if end is None else end, 1.09 / 1.24), text, house.INK, right=right)
    against = ticks.tick(sample.value)
    right = _goes_right(axes, sample.value, against, rather=mean < sample.value)
    _name(axes, (sample.value, 0.965), against, house.DARK_ORANGE, right=right)


def _middle(findings: Findings) -> tuple[str, float, Interval | None]:
    """Name and return the middle that the title tells: the mean, or the pseudomedian of signed ranks."""
    found, estimate = findings.descriptives[0], primary(findings).estimate
    if primary(findings).symbol == "T" and estimate is not None:
        return "typical value (Hodges-Lehmann)", estimate.value, estimate.interval
    return "mean", found.mean or 0.0, found.mean_interval


def _goes_right(axes: Axes, at: float, text: str, *, rather: bool) -> bool:
    """Say whether a text stands right of a place: where `rather`, unless there is no room at that side."""
    share = share_along(axes, at)
    needed = (width_of(text, 10, "semibold") + 8) / AXIS
    return share + needed <= 1.0 if rather else share < needed


def _bars(axes: Axes, values: Floats, against: float) -> list[tuple[Cell, ...]]:
    """Draw the bars, none so thin that it is not seen, and make room for the value that they lie far from."""
    logarithmic = axes.get_xscale() == "log"
    edges, counts = bars(np.sort(values), logarithmic=logarithmic)
    ends = padded(np.array([edges[0], edges[-1], against]), logarithmic=logarithmic, share=0.03)
    wide, edge = np.diff(edges), "white"
    if not logarithmic:
        thinnest = THINNEST * (ends[1] - ends[0])
        wide = np.maximum(wide, thinnest)
        edge = "white" if float(wide.max()) > 2 * thinnest else "none"
    axes.bar(edges[:-1], counts, wide, align="edge", color=house.BARS, edgecolor=edge, lw=0.6)
    axes.set_xlim(ends)
    pairs = zip(counts, edges[:-1], edges[1:], strict=True)
    return [("bar", None, float(begin), float(end), int(count)) for count, begin, end in pairs]


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

"""Three and more measures of the same rows: a line for each row, and the means with their intervals."""

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.brackets import draw_brackets, told_pairs
from jobs.analysis.plots.drawing import (
    Cell,
    Drawing,
    any_wants_logarithm,
    finding,
    labelled,
    middle,
    number_beside,
    off_line,
    primary,
    sample_note,
    sampled,
)
from jobs.analysis.plots.scales import NOTE, Scales
from jobs.analysis.plots.text import plain, upright, wrapped
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.described import places_of
from jobs.analysis.words.facts import ALPHA, outcome_decimals

LINES = 160  # more rows hide each other


def draw(sample: RepeatedSample, findings: Findings, title: str) -> Drawing:
    """Draw the rows of `sample` with the statistics of `findings`."""
    pairs = told_pairs(findings)
    scales = Scales(y=any_wants_logarithm(sample.values))
    words = house.Words(
        title, finding(findings, primary(findings).n), _caption(sample, findings, len(pairs), scales)
    )
    figure = house.sheet(words, height=4.7 + 0.16 * len(pairs))
    axes = figure.add_subplot()
    scales.put_on(axes)
    rows = _rows(axes, sample) + _means(axes, sample, findings)
    many = len(sample.measures)
    room = 430 / many
    names = [upright(name, room) for name in sample.measures]
    axes.set_xticks(range(many), names)
    axes.set_xlim(-0.45, many - 0.55)
    if sample.group is not None:
        axes.set_xlabel(wrapped(plain(sample.group), 420, 11, lines=2))
    unit = plain(sample.unit) if sample.unit else "Value"
    axes.set_ylabel(
        wrapped(labelled(sample.outcome, sample.unit) if sample.outcome else unit, 190, 11, lines=3)
    )
    ticks.thousands(axes, "y")
    draw_brackets(axes, sample.measures, pairs, logarithmic=scales.y)
    rows += [
        ("pair", f"{pair.a} - {pair.b}", pair.difference, pair.interval.low, pair.interval.high, pair.pvalue)
        for pair in findings.posthoc
    ]
    columns = ("layer", "measure", "value", "low", "high", "p_or_row")
    return Drawing("repeated", title, _alt(sample, findings), figure, columns, tuple(rows))


def _caption(sample: RepeatedSample, findings: Findings, told: int, scales: Scales) -> str:
    drawn = f"{LINES} of the rows" if len(sample.values) > LINES else "one row each"
    limits = findings.descriptives[0].mean_interval
    level = f"{100 * (limits.level if limits else 0.95):g}"
    total = len(findings.posthoc)
    apart = sum(pair.pvalue < ALPHA for pair in findings.posthoc)
    kind = "signed ranks" if findings.posthoc[0].method.startswith("signed") else "paired t"
    middles = "medians" if _by_ranks(findings) else "means"
    more = "" if told >= total else f"; {apart} of {total} pairs differ at p < .05"
    return (
        f"Lines: {drawn}. Black: {middles} with {level} % confidence intervals. Pairs: {kind}, Holm{more}. "
        f"{f'{NOTE} ' if scales.y else ''}{sample_note(findings)}"
    )


def _rows(axes: Axes, sample: RepeatedSample) -> list[tuple[Cell, ...]]:
    places = sampled(len(sample.values), LINES)
    shown, many = sample.values[places], len(sample.measures)
    # One line with gaps instead of one for each row: a figure of 160 rows stays quick and small.
    across = np.tile([*range(many), np.nan], len(shown))
    heights = np.column_stack([shown, np.full(len(shown), np.nan)]).ravel()
    strength = 0.5 if len(shown) <= 40 else 0.25
    axes.plot(across, heights, color=house.FAINT, lw=0.9, alpha=strength, zorder=2)
    for place in range(many):
        colour = house.PALETTE[place % len(house.PALETTE)]
        at = np.full(len(shown), float(place))
        axes.plot(at, shown[:, place], ls="", marker="o", ms=4, mew=0, color=colour, alpha=0.5, zorder=3)
    return [
        ("row", sample.measures[place], float(value), None, None, int(row))
        for row, values in zip(places, shown, strict=True)
        for place, value in enumerate(values)
    ]


def _by_ranks(findings: Findings) -> bool:
    return primary(findings).symbol == "chi2"


def _means(axes: Axes, sample: RepeatedSample, findings: Findings) -> list[tuple[Cell, ...]]:
    """Draw what stands for each measure, the mean or where ranks are compared the median, with its limits."""
    found, ranks = findings.descriptives, _by_ranks(findings)
    middles = [middle(one, sample.values[:, place], by_median=ranks) for place, one in enumerate(found)]
    means = [value for value, *_ in middles]
    axes.plot(range(len(found)), means, color=house.INK, lw=2.2, zorder=6)
    rows: list[tuple[Cell, ...]] = []
    for place, one in enumerate(found):
        _, low, high = middles[place]
        if low is not None and high is not None:
            axes.plot([place, place], [low, high], color=house.INK, lw=3, zorder=6)
        axes.plot(place, means[place], marker="o", ms=5.5, mfc="white", mec=house.INK, mew=1.6, zorder=7)
        text = n.number(means[place], places_of(one, found))
        number_beside(axes, (place, means[place]), text, xytext=off_line(place, means))
        rows.append(("median" if ranks else "mean", one.group, means[place], low, high, None))
    return rows


def _alt(sample: RepeatedSample, findings: Findings) -> str:
    kind = "median" if _by_ranks(findings) else "mean"
    told = [
        f"{found.group}: {kind} {n.number(getattr(found, kind), outcome_decimals(findings.descriptives))}"
        for found in findings.descriptives
    ]
    rows = n.count(len(sample.values))
    return f"Each of {rows} rows as a line across {len(told)} measures. {'; '.join(told)}."

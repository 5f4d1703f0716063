"""Agreement: the table of what two raters say, or the numbers that raters give each case."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import (
    Cell,
    Drawing,
    finding,
    labelled,
    primary,
    sample_note,
    sampled,
    statistic,
)
from jobs.analysis.plots.text import plain, shortened, upright, wrapped
from jobs.analysis.results.rated import Rated
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.analysis.words import numbers as n

SHOWN = 80  # cases; more hide each other
NUMBERED = 12  # levels; in more cells no number can be read
SHADES = LinearSegmentedColormap.from_list("shares", ["#f5f7f9", house.BARS])


def draw(findings: Findings, rated: Rated, title: str) -> Drawing:
    """Draw how often each pair of categories was told, the diagonal framed."""
    counts = np.array(rated.counts)
    told = f"{statistic(primary(findings))},  $n$ = {n.count(rated.n)}"
    words = house.Words(title, told, _caption(findings, rated))
    figure = house.sheet(words, height=2.6 + min(3.6, 0.5 * len(counts) + 0.6))
    axes = figure.add_subplot()
    axes.imshow(counts, cmap=SHADES, aspect="auto", vmin=0, vmax=max(1, counts.max()))
    for place in range(len(counts)):
        corners = np.array([-0.5, 0.5, 0.5, -0.5, -0.5]), np.array([-0.5, -0.5, 0.5, 0.5, -0.5])
        axes.plot(place + corners[0], place + corners[1], color=house.DARK_ORANGE, lw=1.6, zorder=5)
    if len(counts) <= NUMBERED:
        for (row, column), count in np.ndenumerate(counts):
            axes.text(column, row, n.count(int(count)), ha="center", va="center", size=10.5, zorder=6)
    names = [upright(level, 400 / len(counts)) for level in rated.levels]
    axes.set_xticks(range(len(counts)), names)
    axes.set_yticks(range(len(counts)), [plain(shortened(level, 22)) for level in rated.levels])
    axes.grid(visible=False)
    first, second = (wrapped(plain(shortened(name, 40)), 240, 11, lines=2) for name in rated.measures)
    axes.set_ylabel(first)
    axes.set_xlabel(second)
    rows: list[tuple[Cell, ...]] = [
        (rated.levels[row], rated.levels[column], int(count), float(count / rated.n))
        for (row, column), count in np.ndenumerate(counts)
    ]
    columns = ("first", "second", "cases", "share")
    return Drawing("agreement", title, _alt(rated), figure, columns, tuple(rows))


def _caption(findings: Findings, rated: Rated) -> str:
    return (
        f"Cells: cases by what {shortened(rated.measures[0], 40)} and {shortened(rated.measures[1], 40)} "
        "say. "
        f"Framed: both the same, {n.count(rated.same)} of {n.counted(rated.n, 'case')}. "
        f"{sample_note(findings)}"
    )


def _alt(rated: Rated) -> str:
    return (
        f"Table of {n.counted(rated.n, 'case')} by what {rated.measures[0]} and {rated.measures[1]} say; "
        "both say "
        f"the same of {n.count(rated.same)} ({n.percent(rated.same / rated.n)})."
    )


def draw_numbers(sample: RepeatedSample, findings: Findings, title: str) -> Drawing:
    """Draw the ratings of each case above each other, cases in the order of their means."""
    order = np.argsort(sample.values.mean(axis=1), kind="stable")
    shown = sample.values[order][sampled(len(order), SHOWN)]
    caption = (
        f"Each column: one case, its ratings joined by a line; {_of_all(len(shown), len(order))}, in the "
        "order of "
        f"their means. {sample_note(findings)}"
    )
    figure = house.sheet(house.Words(title, finding(findings, len(order)), caption), height=4.7)
    axes = figure.add_subplot()
    rows = _ratings(axes, sample, shown)
    axes.set_xticks([])
    axes.set_xlim(-1, len(shown))
    axes.set_xlabel("Cases, by their mean")
    unit = plain(sample.unit) if sample.unit else "Rating"
    name = labelled(sample.outcome, sample.unit) if sample.outcome else unit
    axes.set_ylabel(wrapped(name, 190, 11, lines=3))
    ticks.thousands(axes, "y")
    house.legend_beside(axes, plain(sample.group) if sample.group else "Rater")
    alt = (
        f"Ratings of {n.counted(len(shown), 'case')} by {n.count(len(sample.measures))} raters "
        f"({', '.join(sample.measures)}), cases in the order of their means."
    )
    return Drawing("ratings", title, alt, figure, ("case", "rater", "value"), tuple(rows))


def _of_all(shown: int, total: int) -> str:
    return f"{n.count(shown)} of {n.count(total)} cases" if shown < total else "all cases"


def _ratings(axes: Axes, sample: RepeatedSample, shown: np.ndarray) -> list[tuple[Cell, ...]]:
    places = np.arange(len(shown))
    axes.vlines(places, shown.min(axis=1), shown.max(axis=1), color=house.GRID, lw=2, zorder=2)
    for place, name in enumerate(sample.measures):
        colour = house.PALETTE[place % len(house.PALETTE)]
        axes.plot(
            places,
            shown[:, place],
            ls="",
            marker="osD^v<>PX*"[place % 10],
            ms=4.5,
            mew=0,
            alpha=0.8,
            color=colour,
            label=plain(shortened(name, 24)),
            zorder=3,
        )
    return [
        (int(case) + 1, sample.measures[place], float(value))
        for case, values in enumerate(shown)
        for place, value in enumerate(values)
    ]

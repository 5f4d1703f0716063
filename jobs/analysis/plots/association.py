"""Two categories: the shares of one within each value of the other, with marks where they stand out."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from jobs.analysis.plots import house
from jobs.analysis.plots.drawing import Cell, Drawing, effect, primary, sample_note, statistic
from jobs.analysis.plots.text import fitting, plain, shortened, typeset, upright, wrapped
from jobs.analysis.results.result import CrossTable, Findings
from jobs.analysis.words import numbers as n
from jobs.analysis.words.association import NOTABLE, highlighted

UPRIGHT = 8  # more row levels lie on their side
DIRECT = 3  # more column levels get a legend instead of words beside the last bar
FIRST = house.PALETTE[1]
SHADES = (house.PALE, "#aebccb", "#8498ad", "#5c6670", "#c9b8a8")
MOST_SHADES = 6  # more greys beside the followed level cannot be found again in a legend
LYING_ROOM, LEGEND_ROOM = 160.0, 130.0  # points for the names beside the bars, which need the rest
NORMAL = 1.959963984540054  # the 97.5 % point of the standard normal distribution


def draw(findings: Findings, table: CrossTable, title: str) -> Drawing:
    """Draw the shares within each row level of `table`."""
    words = house.Words(title, _subtitle(findings), _caption(findings, table))
    table = joined(table)
    rows = [index for index, counts in enumerate(table.counts) if sum(counts)]
    lying = len(rows) > UPRIGHT
    figure = house.sheet(words, height=1.9 + 0.36 * len(rows) if lying else 4.9)
    axes = figure.add_subplot()
    order = _order(table)
    data: list[tuple[Cell, ...]] = []
    told = n.percents(*(table.counts[row][order[0]] / sum(table.counts[row]) for row in rows))
    for place, row in enumerate(rows):
        data += (drawn := _bar(axes, place, row, table, order, lying))
        _mark(axes, place, drawn[0], told[place], lying)
    _axes(axes, table, rows, lying)
    _name_levels(axes, table, rows, order, lying)
    columns = ("row", "column", "count", "share", "low", "high", "adjusted_residual")
    return Drawing("association", title, _alt(table), figure, columns, tuple(data))


def joined(table: CrossTable) -> CrossTable:
    """Join the rarest column levels where there are more than shades that can be told apart.

    The level that is followed stays; what is joined stands last and has no residuals of its own.
    """
    many = len(table.column_levels)
    if many <= MOST_SHADES:
        return table
    sums = [sum(row[column] for row in table.counts) for column in range(many)]
    first = highlighted(table)
    order = sorted(range(many), key=lambda column: (column != first, -sums[column]))
    kept = sorted(order[: MOST_SHADES - 1])
    rest = [column for column in range(many) if column not in kept]

    def shortened_row(row: Sequence[Any], of_rest: Callable[[list[Any]], Any]) -> tuple[Any, ...]:
        return (*(row[column] for column in kept), of_rest([row[column] for column in rest]))

    return replace(
        table,
        column_levels=(*(table.column_levels[column] for column in kept), f"{len(rest)} others"),
        counts=tuple(shortened_row(row, sum) for row in table.counts),
        expected=tuple(shortened_row(row, sum) for row in table.expected),
        adjusted_residuals=tuple(shortened_row(row, lambda _: 0.0) for row in table.adjusted_residuals),
    )


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    share, squared = count / total, NORMAL**2
    middle = (share + squared / (2 * total)) / (1 + squared / total)
    half = NORMAL * math.sqrt(share * (1 - share) / total + squared / (4 * total**2)) / (1 + squared / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def _order(table: CrossTable) -> list[int]:
    """Give the column levels from the foot of the bars: the one that is followed first."""
    first = highlighted(table)
    return [first, *(index for index in range(len(table.column_levels)) if index != first)]


def _colour(place: int) -> str:
    return FIRST if place == 0 else SHADES[(place - 1) % len(SHADES)]


def _subtitle(findings: Findings) -> str:
    parts = [statistic(primary(findings)) if findings.tests else None, effect(findings)]
    return ",  ".join(part for part in parts if part)


def _caption(findings: Findings, table: CrossTable) -> str:
    smallest = min(min(row) for row in table.expected)
    return (
        f"Bars: shares within each value of {table.row}. Black: 95 % interval (Wilson). ▲▼: more or fewer "
        f"than "
        f"expected if {table.row} and {table.column} were unrelated (adjusted residual beyond ±2). Smallest "
        f"expected count {n.number(smallest, 1)}. {sample_note(findings)}"
    )


def _bar(
    axes: Axes, place: int, row: int, table: CrossTable, order: list[int], lying: bool
) -> list[tuple[Cell, ...]]:
    counts = table.counts[row]
    total, start = sum(counts), 0.0
    data: list[tuple[Cell, ...]] = []
    for rank, column in enumerate(order):
        share = counts[column] / total
        low, high = wilson(counts[column], total)
        if lying:
            axes.barh(place, share, 0.78, left=start, color=_colour(rank), edgecolor="white", lw=0.6)
        else:
            axes.bar(place, share, 0.86, bottom=start, color=_colour(rank), edgecolor="white", lw=0.6)
        residual = table.adjusted_residuals[row][column]
        data.append(
            (table.row_levels[row], table.column_levels[column], counts[column], share, low, high, residual)
        )
        start += share
    return data


def _mark(axes: Axes, place: int, data: tuple[Cell, ...], told: str, lying: bool) -> None:
    """Write the followed share beside its interval, with the sign of its departure."""
    low, high, residual = (float(value) if isinstance(value, float) else 0.0 for value in data[4:])
    sign = " ▲" if residual > NOTABLE else " ▼" if residual < -NOTABLE else ""
    ends = ([low, high], [place, place]) if lying else ([place, place], [low, high])
    axes.plot(*ends, color=house.INK, lw=1.6, zorder=5)
    near_end = high > 0.9
    offset = -5 if near_end else 5
    at = low if near_end else high
    axes.annotate(
        f"{told}{sign}",
        (at, place) if lying else (place, at),
        xytext=(offset, 0) if lying else (0, offset),
        textcoords="offset points",
        size=10.5,
        weight="semibold",
        ha=("right" if near_end else "left") if lying else "center",
        va="center" if lying else ("top" if near_end else "bottom"),
        zorder=6,
        color="white" if near_end else house.INK,
    )


def _axes(axes: Axes, table: CrossTable, rows: list[int], lying: bool) -> None:
    places = list(range(len(rows)))
    shares, percents = [0.0, 0.25, 0.5, 0.75, 1.0], ["0 %", "25 %", "50 %", "75 %", "100 %"]
    totals = [n.count(sum(table.counts[row])) for row in rows]
    name = f"Share of {table.column}"
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    if lying:
        labels = [
            typeset(f"{plain(fitting(table.row_levels[row], LYING_ROOM, 10, length=28))}  $n$ = {total}")
            for row, total in zip(rows, totals, strict=True)
        ]
        axes.set_yticks(places, labels)
        axes.tick_params(axis="y", labelcolor=house.INK)
        axes.set_xticks(shares, percents)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 1)
        axes.set_xlabel(wrapped(plain(shortened(name, 70)), 300, 11, lines=2))
        return
    room = 310 / len(rows)  # beside a legend
    labels = [
        f"{upright(table.row_levels[row], room)}\n$n$ = {total}"
        for row, total in zip(rows, totals, strict=True)
    ]
    axes.set_xticks(places, labels)
    axes.set_yticks(shares, percents)
    axes.set_ylim(0, 1)
    axes.set_xlabel(wrapped(plain(shortened(table.row, 70)), 400, 11, lines=2))
    axes.set_ylabel(wrapped(plain(name), 190, 11, lines=3))


def _name_levels(axes: Axes, table: CrossTable, rows: list[int], order: list[int], lying: bool) -> None:
    """Write each column level beside its part of the last bar, or in a legend where that cannot be read."""
    last = table.counts[rows[-1]]
    shares = [last[column] / sum(last) for column in order]
    if lying or len(order) > DIRECT or min(shares) < 0.06:
        names = [fitting(table.column_levels[column], LEGEND_ROOM, 10, length=24) for column in order]
        patches = [Patch(color=_colour(rank), label=plain(name)) for rank, name in enumerate(names)]
        axes.legend(
            handles=patches,
            loc="upper left",
            bbox_to_anchor=(1.01, 1.0),
            borderaxespad=0,
            fontsize=10,
            handlelength=1.0,
            handleheight=1.0,
        )
        axes.set_xlim(*((0, 1) if lying else (-0.5, len(rows) - 0.5)))
        return
    start = 0.0
    for rank, (column, share) in enumerate(zip(order, shares, strict=True)):
        words = wrapped(plain(shortened(table.column_levels[column], 40)), 90, 10.5, weight="semibold")
        axes.annotate(
            words,
            (len(rows) - 0.5, start + share / 2),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            size=10.5,
            weight="semibold",
            annotation_clip=False,
            color=house.DARK_ORANGE if rank == 0 else house.MUTED,
        )
        start += share
    axes.set_xlim(-0.5, len(rows) - 0.5)


def _alt(table: CrossTable) -> str:
    level = highlighted(table)
    told = [
        f"{name}: {n.percent(counts[level] / sum(counts))}"
        for name, counts in zip(table.row_levels, table.counts, strict=True)
        if sum(counts)
    ]
    more = " and more" if len(told) > 8 else ""
    return (
        f"Share of {table.column} = {table.column_levels[level]} within each value of {table.row}. "
        f"{'; '.join(told[:8])}{more}."
    )

"""The whole table at a glance: the histogram or the most frequent values of each column."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import Cell, Drawing
from jobs.analysis.plots.text import fitting, width_of
from jobs.analysis.results.described import ColumnProfile, TopValue
from jobs.analysis.tables.columns import natural_order
from jobs.analysis.words import numbers as n

SHOWN = 12
ACROSS = 4
VALUES = 6  # bars of a category
ROW_INCHES = 1.5
CELL = 112.0  # points for the words above a picture
MISSING_SIZE = 7.5


def draw(profile: Sequence[ColumnProfile], title: str) -> Drawing:
    """Draw up to 12 columns of `profile`."""
    columns = [column for column in profile if column.histogram or column.top][:SHOWN] or list(
        profile[:SHOWN]
    )
    across = min(ACROSS, max(1, len(columns)))
    down = math.ceil(len(columns) / across)
    words = house.Words(title, _subtitle(profile), _caption(profile, len(columns)))
    figure = house.sheet(words, height=1.15 + ROW_INCHES * down)
    grid = figure.subplots(down, across, squeeze=False)
    rows: list[tuple[Cell, ...]] = []
    for axes, column in zip(grid.flat, columns, strict=False):
        rows += _column(axes, column)
    for axes in list(grid.flat)[len(columns) :]:
        axes.set_visible(False)
    names = ("column", "role", "low_or_value", "high", "count")
    return Drawing("overview", title, _alt(columns), figure, names, tuple(rows))


def _subtitle(profile: Sequence[ColumnProfile]) -> str:
    kinds: dict[str, int] = {}
    for column in profile:
        kinds[column.role] = kinds.get(column.role, 0) + 1
    return "Columns by kind:  " + ",  ".join(f"{kind} {count}" for kind, count in kinds.items())


def _caption(profile: Sequence[ColumnProfile], shown: int) -> str:
    fewer = f" {shown} of {n.count(len(profile))} columns shown." if shown < len(profile) else ""
    return (
        f"Blue: histograms of numbers and dates. Orange: most frequent values with their counts. Missing: "
        f"cells "
        f"without a value, or with one that does not fit the column's type.{fewer}"
    )


def _column(axes: Axes, column: ColumnProfile) -> list[tuple[Cell, ...]]:
    share = column.missing / column.rows if column.rows else 0.0
    missing = f"{n.percent(share)} missing" if column.missing else ""
    room = CELL - width_of(missing, MISSING_SIZE)
    name = fitting(column.name, room, 10, weight="semibold", length=19)
    axes.set_title(name, loc="left", size=10, weight="semibold", pad=4, parse_math=False)
    axes.set_title(missing, loc="right", size=MISSING_SIZE, color=house.DARK_ORANGE, pad=4)
    axes.grid(visible=False)
    if column.histogram:
        return _histogram(axes, column)
    if column.top:
        return _values(axes, column)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.text(0.5, 0.5, column.role, transform=axes.transAxes, ha="center", va="center", color=house.MUTED)
    return []


def _histogram(axes: Axes, column: ColumnProfile) -> list[tuple[Cell, ...]]:
    lows = np.array([found.low for found in column.histogram])
    highs = np.array([found.high for found in column.histogram])
    counts = [found.count for found in column.histogram]
    widths = np.where(highs > lows, highs - lows, 1.0)
    axes.bar(lows, counts, widths, align="edge", color=house.BARS, edgecolor="white", lw=0.4)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=3)
    axes.tick_params(axis="x", labelsize=8, labelcolor=house.MUTED)
    ticks.thousands(axes, "x")
    return [(column.name, column.role, found.low, found.high, found.count) for found in column.histogram]


def _values(axes: Axes, column: ColumnProfile) -> list[tuple[Cell, ...]]:
    top = _in_order(column)
    places = range(len(top))
    largest = max(found.count for found in top) or 1
    axes.barh(places, [found.count for found in top], 0.82, color="#e8a06a")
    for place, found in zip(places, top, strict=True):
        words = f"{fitting(found.value, 76, 7.8, length=14)}  {n.count(found.count)}"
        axes.text(
            largest * 0.03, place, words, va="center", ha="left", size=7.8, parse_math=False, clip_on=True
        )
    axes.set_xlim(0, largest)
    axes.set_ylim(max(len(top), 3) - 0.45, -0.55)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    return [(column.name, column.role, found.value, None, found.count) for found in top]


def _in_order(column: ColumnProfile) -> list[TopValue]:
    """Give the most frequent values, those of a scale from low to high."""
    top = list(column.top[:VALUES])
    if column.role != "ordinal":
        return top
    order = natural_order([found.value for found in top])
    return sorted(top, key=lambda found: order.index(found.value))


def _alt(columns: Sequence[ColumnProfile]) -> str:
    names = ", ".join(column.name for column in columns)
    pictures = "A small picture" if len(columns) == 1 else "Small pictures"
    each = "" if len(columns) == 1 else " each"
    of = n.counted(len(columns), "column")
    return f"{pictures} of {of}, a histogram or the most frequent values{each}: {names}."

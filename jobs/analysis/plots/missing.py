"""What is missing: which columns lack values together, in how many rows, and how much each column lacks."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from jobs.analysis.plots import house
from jobs.analysis.plots.drawing import Cell, Drawing
from jobs.analysis.plots.text import fitting, plain
from jobs.analysis.results.gaps import GapPattern, Gaps
from jobs.analysis.words import numbers as n

SHOWN_COLUMNS, SHOWN_PATTERNS = 14, 12
LACKS, HAS = house.PALETTE[1], house.PALE
NAME_ROOM = 105.0
COLUMNS = ("layer", "columns", "rows", "percent")


def draw(gaps: Gaps, title: str) -> Drawing:
    """Draw the patterns of `gaps`, or the complete rows where none lacks anything."""
    columns = _columns(gaps)
    patterns = gaps.patterns[:SHOWN_PATTERNS]
    words = house.Words(title, _subtitle(gaps), _caption(gaps, len(columns), len(patterns)))
    figure = house.sheet(words, height=2.5 + 0.27 * max(2, len(patterns)) + (0.5 if columns else 0.0))
    if not columns:
        _nothing(figure.add_subplot(), gaps)
        return Drawing("missing", title, _alt(gaps), figure, COLUMNS, (("complete", None, gaps.rows, 100.0),))
    whole = gaps.column is None
    heights = (1.0, max(1.0, 0.36 * len(patterns))) if whole else (0.12, 1.0)
    (top, corner), (middle, right) = figure.subplots(2, 2, width_ratios=(3.2, 1), height_ratios=heights)
    if whole:
        _shares(top, columns)
    else:
        top.set_axis_off()
    _legend(corner)
    _squares(middle, [name for name, _ in columns], patterns)
    _counts(right, patterns)
    rows: list[tuple[Cell, ...]] = [
        ("column", name, round(gaps.rows * share / 100), share) for name, share in columns
    ]
    rows += [("pattern", " + ".join(one.columns) or None, one.rows, one.percent) for one in patterns]
    return Drawing("missing", title, _alt(gaps), figure, COLUMNS, tuple(rows))


def _columns(gaps: Gaps) -> list[tuple[str, float]]:
    """Give the columns that lack values in these patterns, and the percent that each lacks of all rows."""
    shares = {gap.column: gap.percent for gap in gaps.gaps}
    seen = {name for one in gaps.patterns for name in one.columns}
    return [(name, shares.get(name, 0.0)) for name in gaps.patterns_of if name in seen][:SHOWN_COLUMNS]


def _subtitle(gaps: Gaps) -> str:
    parts = [f"{n.count(gaps.complete_rows)} of {n.counted(gaps.rows, 'row')} complete"]
    if gaps.column is None:
        parts.append(f"{n.count(gaps.missing)} of {n.counted(gaps.cells, 'cell')} missing")
    if gaps.tested:
        linked = sum(link.holm < 0.05 for link in gaps.links)
        parts.append(f"{n.count(linked)} of {n.count(gaps.tested)} comparisons differ at $p$ < .05 (Holm)")
    return ",  ".join(parts)


def _caption(gaps: Gaps, columns: int, patterns: int) -> str:
    of = "all rows" if gaps.column is None else f"the rows that lack {gaps.column}"
    parts = [
        "Each line is a pattern: rows that lack a value of the orange columns; at the right their number, "
        f"of {of}."
    ]
    if gaps.column is None:
        parts.append("Top: the share of rows that each column lacks.")
    if columns == SHOWN_COLUMNS < gaps.lacking:
        parts.append(f"{columns} of {n.count(gaps.lacking)} columns shown.")
    if patterns < gaps.patterns_found:
        parts.append(f"{patterns} of {n.count(gaps.patterns_found)} patterns shown.")
    return " ".join(parts)


def _shares(axes: Axes, columns: Sequence[tuple[str, float]]) -> None:
    places = range(len(columns))
    axes.bar(places, [share for _, share in columns], 0.72, color=LACKS)
    for place, (_, share) in zip(places, columns, strict=True):
        text = f"{n.number(share, 0 if share >= 10 else 1)} %"
        axes.annotate(
            text,
            (place, share),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            size=9,
            in_layout=False,
        )
    axes.set_ylim(0, 1.35 * max(share for _, share in columns))
    axes.set_xlim(-0.55, len(columns) - 0.45)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)


def _squares(axes: Axes, columns: Sequence[str], patterns: Sequence[GapPattern]) -> None:
    half = 0.42
    for down, pattern in enumerate(patterns):
        for across, name in enumerate(columns):
            colour = LACKS if name in pattern.columns else HAS
            x, y = np.array([-half, half, half, -half]), np.array([-half, -half, half, half])
            axes.fill(across + x, down + 0.92 * y, color=colour, lw=0)
    axes.set_xlim(-0.55, len(columns) - 0.45)
    axes.set_ylim(len(patterns) - 0.4, -0.6)
    axes.set_yticks([])
    slanted = len(columns) > 4
    room = NAME_ROOM if slanted else 330.0 / len(columns)
    names = [plain(fitting(name, room, 10, length=26)) for name in columns]
    axes.set_xticks(range(len(columns)), names)
    if slanted:
        axes.tick_params(axis="x", labelrotation=35)
        for label in axes.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)


def _legend(axes: Axes) -> None:
    axes.set_axis_off()
    handles = [Patch(color=LACKS, label="missing"), Patch(color=HAS, label="present")]
    axes.legend(handles=handles, loc="lower left", fontsize=9.5, handlelength=1.0, handleheight=1.0, ncols=1)


def _counts(axes: Axes, patterns: Sequence[GapPattern]) -> None:
    places = range(len(patterns))
    axes.barh(places, [one.rows for one in patterns], 0.62, color=house.BARS)
    for place, one in zip(places, patterns, strict=True):
        text = n.count(one.rows) if one.columns else f"{n.count(one.rows)} complete"
        axes.annotate(
            text, (one.rows, place), xytext=(4, 0), textcoords="offset points", va="center", size=9.5
        )
    axes.set_xlim(0, 1.9 * max(one.rows for one in patterns))
    axes.set_ylim(len(patterns) - 0.4, -0.6)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel("Rows")


def _nothing(axes: Axes, gaps: Gaps) -> None:
    axes.barh([0], [1], 0.5, color=house.BARS)
    text = (
        f"{n.counted(gaps.rows, 'row')}, none incomplete"
        if gaps.column is None
        else f"{n.counted(gaps.rows, 'row')}"
    )
    axes.text(0.5, 0, text, ha="center", va="center", color="white", size=12, weight="semibold")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(0, 1)
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)


def _alt(gaps: Gaps) -> str:
    told = [f"{gap.column} lacks {n.count(gap.missing)}" for gap in gaps.gaps[:8]] or ["nothing is missing"]
    return (
        f"Which columns lack values in the same rows: {'; '.join(told)}; {n.count(gaps.complete_rows)} of "
        f"{n.counted(gaps.rows, 'row')} are complete."
    )

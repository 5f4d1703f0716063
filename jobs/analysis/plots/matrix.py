"""Every pair of many columns: a triangle of coloured cells, columns that go together side by side."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jobs.analysis.plots import house
from jobs.analysis.plots.drawing import Cell, Drawing, sample_note
from jobs.analysis.plots.text import fitting, minus, plain
from jobs.analysis.results.modelled import CorrelationMatrix, CorrelationPair
from jobs.analysis.results.result import Findings
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import ALPHA

WRITTEN = 15  # columns up to which the numbers stand in their cells
DARK = 0.55  # |r| from which a number is white
SHADES = LinearSegmentedColormap.from_list(
    "longhaul_signed", ["#003a70", "#0072B2", "#9ccae6", "#ffffff", "#f6b99d", "#D55E00", "#7a2e00"]
)
SIGNS = {"pearson": "$r$", "spearman": r"$\rho$"}
NAMES = {"pearson": "Pearson correlations", "spearman": "Spearman rank correlations"}


def draw(findings: Findings, matrix: CorrelationMatrix, title: str) -> Drawing:
    """Draw the lower triangle of `matrix`."""
    size = len(matrix.order)
    side = min(9.0, max(3.0, 0.42 * size if size <= WRITTEN else 0.22 * size))
    words = house.Words(title, _subtitle(findings, matrix), _caption(findings, matrix))
    figure = house.sheet(words, width=max(7.2, side + 2.6), height=side + 2.0)
    axes = figure.add_subplot()
    found = {frozenset((pair.a, pair.b)): pair for pair in matrix.pairs}
    mesh = _cells(axes, matrix, found)
    if size <= WRITTEN:
        _numbers(axes, matrix, found)
    _axes(axes, matrix, size)
    _scale(figure, axes, mesh, matrix)
    names = ("a", "b", "correlation", "low", "high", "p", "p_holm", "p_bh", "n")
    return Drawing("matrix", title, _alt(matrix), figure, names, tuple(_row(pair) for pair in matrix.pairs))


def _row(pair: CorrelationPair) -> tuple[Cell, ...]:
    low, high = pair.interval.low, pair.interval.high
    return (pair.a, pair.b, pair.value, low, high, pair.pvalue, pair.holm, pair.bh, pair.n)


def _cells(axes: Axes, matrix: CorrelationMatrix, found: dict[frozenset[str], CorrelationPair]) -> QuadMesh:
    size = len(matrix.order)
    values: NDArray[np.float64] = np.full((size - 1, size - 1), np.nan)
    for row in range(1, size):
        for column in range(row):
            pair = found[frozenset((matrix.order[row], matrix.order[column]))]
            values[row - 1, column] = pair.value if pair.holm < ALPHA else 0.0
    edges = np.arange(size)
    lines = 1.2 if size <= WRITTEN else 0.3
    return axes.pcolormesh(
        edges,
        edges,
        np.ma.masked_invalid(values),
        cmap=SHADES,
        vmin=-1,
        vmax=1,
        zorder=2,
        lw=lines,
        edgecolor="white",
    )


def _numbers(axes: Axes, matrix: CorrelationMatrix, found: dict[frozenset[str], CorrelationPair]) -> None:
    for row in range(1, len(matrix.order)):
        for column in range(row):
            pair = found[frozenset((matrix.order[row], matrix.order[column]))]
            shown = pair.holm < ALPHA
            dark = shown and abs(pair.value) >= DARK
            colour = "white" if dark else house.INK if shown else house.FAINT
            axes.text(
                column + 0.5,
                row - 0.5,
                minus(n.bounded(pair.value)),
                ha="center",
                va="center",
                size=9 if len(matrix.order) <= 12 else 7.5,
                color=colour,
                zorder=4,
            )


def _axes(axes: Axes, matrix: CorrelationMatrix, size: int) -> None:
    axes.set_ylim(size - 1, 0)
    axes.set_xlim(0, size - 1)
    axes.set_aspect("equal")
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    small = 10.0 if size <= WRITTEN else max(4.5, 9.5 - 0.1 * size)
    rows = [plain(fitting(name, 150, small)) for name in matrix.order[1:]]
    across = [plain(fitting(name, 110, small)) for name in matrix.order[:-1]]
    places = np.arange(size - 1) + 0.5
    axes.set_yticks(places, rows, fontsize=small, color=house.INK)
    upright = size <= 3
    axes.set_xticks(
        places,
        across,
        fontsize=small,
        rotation=0 if upright else 40 if size <= WRITTEN else 90,
        ha="center" if upright or size > WRITTEN else "right",
        rotation_mode="default" if upright or size > WRITTEN else "anchor",
    )


def _scale(figure: Figure, axes: Axes, mesh: QuadMesh, matrix: CorrelationMatrix) -> None:
    # In the empty corner above the triangle, where it takes no room from the names.
    place = axes.inset_axes((0.62, 0.93, 0.36, 0.035))
    bar = figure.colorbar(mesh, cax=place, orientation="horizontal")
    bar.outline.set_visible(False)
    bar.set_ticks([-1, -0.5, 0, 0.5, 1], labels=["−1", "−.5", "0", ".5", "1"])
    bar.ax.set_title(SIGNS[matrix.kind], size=10)


def _subtitle(findings: Findings, matrix: CorrelationMatrix) -> str:
    return (
        f"{NAMES[matrix.kind]} of {len(matrix.columns)} columns,  $n$ = {n.count(findings.sample.n_used)};  "
        f"{n.count(matrix.shown)} of {n.count(matrix.count)} differ from zero at $p$ < .05 (Holm)"
    )


def _caption(findings: Findings, matrix: CorrelationMatrix) -> str:
    parts = ["White cells: not shown by the data after Holm's correction."]
    parts.append("Columns ordered by hierarchical clustering of 1 − |correlation|.")
    if len({pair.n for pair in matrix.pairs}) > 1:
        parts.append("Each pair uses the rows that have both.")
    parts.append(sample_note(findings))
    return " ".join(parts)


def _alt(matrix: CorrelationMatrix) -> str:
    told = [f"{pair.a} and {pair.b} {n.bounded(pair.value)}" for pair in matrix.pairs[:5]]
    return f"{NAMES[matrix.kind]} of {len(matrix.columns)} columns, the closest: {'; '.join(told)}."

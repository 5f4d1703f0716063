"""Brackets above a figure of groups, with the p-value of each pair that is told."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house
from jobs.analysis.results.result import Findings, Pairwise
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import ALPHA

BRACKETS = 6  # more hide the data
BOX_AT = 0.02  # where the box of a group stands beside its place


def told_pairs(findings: Findings) -> list[Pairwise]:
    """Choose the pairs to bracket: all where they are few, else those that differ most clearly."""
    pairs = list(findings.posthoc)
    if len(pairs) < 2:
        return []
    if len(pairs) <= 3:
        return pairs
    apart = [pair for pair in pairs if pair.pvalue < ALPHA]
    return sorted(apart, key=lambda pair: (pair.pvalue, -abs(pair.statistic)))[:BRACKETS]


def draw_brackets(axes: Axes, levels: Sequence[str], pairs: Sequence[Pairwise], *, logarithmic: bool) -> None:
    """Draw the pairs above the data, each as low as the brackets below it allow."""
    if not pairs:
        return
    low, high = axes.get_ylim()
    base, top = (float(np.log(limit)) if logarithmic else limit for limit in (low, high))
    step = (top - base) * 0.085
    kept = [tick for tick in axes.get_yticks() if low <= tick <= high]
    placed = _stacked(levels, pairs)

    def at(height: float) -> float:
        return float(np.exp(height)) if logarithmic else height

    for left, right, row, pair in placed:
        y = top + step * (row + 0.25)
        ends = (left + BOX_AT + 0.03, right + BOX_AT - 0.03)
        xs = (ends[0], ends[0], ends[1], ends[1])
        ys = [at(height) for height in (y - step * 0.16, y, y, y - step * 0.16)]
        axes.plot(xs, ys, lw=1, color=house.MUTED, solid_joinstyle="miter", zorder=5)
        words = n.probability(pair.pvalue).replace("p", "$p$", 1)
        x, foot = (left + right) / 2 + BOX_AT, at(y + step * 0.06)
        axes.text(x, foot, words, ha="center", va="bottom", size=9.2, color=house.MUTED)
    rows = 1 + max(row for _, _, row, _ in placed)
    axes.set_ylim(low, at(top + step * (rows + 0.45)))
    if not logarithmic:
        axes.set_yticks(kept)


def _stacked(levels: Sequence[str], pairs: Sequence[Pairwise]) -> list[tuple[int, int, int, Pairwise]]:
    """Give each pair its ends and the lowest row where it touches no other, the narrow ones first."""
    places = [(levels.index(pair.a), levels.index(pair.b), pair) for pair in pairs]
    spans = [(min(a, b), max(a, b), pair) for a, b, pair in places]
    spans.sort(key=lambda span: (span[1] - span[0], span[0]))
    rows: list[list[tuple[int, int]]] = []
    placed = []
    for left, right, pair in spans:
        free = (place for place, taken in enumerate(rows) if all(right <= a or left >= b for a, b in taken))
        row = next(free, len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append((left, right))
        placed.append((left, right, row, pair))
    return placed

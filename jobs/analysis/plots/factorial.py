"""A number by two factors: the values and means of each cell, means of one level joined by a line."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import (
    SHARP,
    Cell,
    Drawing,
    finding,
    jitter,
    labelled,
    number_beside,
    off_line,
    sample_note,
    sampled,
    wants_logarithm,
)
from jobs.analysis.plots.scales import NOTE, Scales
from jobs.analysis.plots.text import fitting, plain, upright, wrapped
from jobs.analysis.results.result import Descriptive, Findings
from jobs.analysis.sampling.factors import FactorialSample
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import outcome_decimals

POINTS = 900  # drawn at most, over all cells
NUMBERED = 8  # cells up to which each mean is written beside its point
MOST_LINES = 12
NARROWEST = 36.0  # points for a name side by side with others
SPREAD = 0.62  # of the way to the next place, that the lines of one place take


def draw(sample: FactorialSample, findings: Findings, title: str) -> Drawing:
    """Draw the cells of `sample`: the factor with more levels along the axis, the other as lines."""
    turned = len(sample.second_levels) > len(sample.first_levels)
    across, lines = (
        (sample.second_levels, sample.first_levels) if turned else (sample.first_levels, sample.second_levels)
    )
    named = (sample.second, sample.first) if turned else (sample.first, sample.second)
    scales = Scales(y=wants_logarithm(*(cell for row in sample.cells for cell in row)))
    figure = house.sheet(
        house.Words(title, finding(findings, findings.sample.n_used), _caption(findings, scales))
    )
    axes = figure.add_subplot()
    scales.put_on(axes)
    rows: list[tuple[Cell, ...]] = []
    totals = [0] * len(across)
    for line, level in enumerate(lines):
        cells = []
        for place in range(len(across)):
            i, j = (line, place) if turned else (place, line)
            found = findings.descriptives[i * len(sample.second_levels) + j]
            at = place + _offset(line, len(lines))
            cells.append((at, found))
            rows += _points(axes, at, sample, (i, j), line)
        name = house.counted_name(fitting(level, 130, 10, length=24), sum(found.n for _, found in cells))
        rows += _line(axes, cells, line, name, sample.cell_count <= NUMBERED)
        totals = [total + found.n for total, (_, found) in zip(totals, cells, strict=True)]
    _name_levels(axes, across, totals)
    axes.set_xlim(-0.5, len(across) - 0.5)
    axes.set_xlabel(wrapped(plain(named[0]), 420, 11, lines=2))
    axes.set_ylabel(wrapped(labelled(sample.outcome, sample.unit), 190, 11, lines=3))
    ticks.thousands(axes, "y")
    house.legend_beside(axes, named[1])
    columns = ("layer", "cell", "value", "low", "high", "n")
    return Drawing("factorial", title, _alt(sample, findings), figure, columns, tuple(rows))


def _name_levels(axes: Axes, names: Sequence[str], totals: Sequence[int]) -> None:
    """Name the levels along the foot with their rows, slanted where they have no room side by side."""
    room = 260 / len(names)  # beside a legend
    if room >= NARROWEST:
        labels = [
            f"{upright(name, room)}\n$n$ = {n.count(rows)}" for name, rows in zip(names, totals, strict=True)
        ]
        axes.set_xticks(range(len(names)), labels)
        return
    labels = [
        house.counted_name(fitting(name, 90, 9, length=24), rows)
        for name, rows in zip(names, totals, strict=True)
    ]
    axes.set_xticks(range(len(names)), labels, rotation=90, fontsize=9)


def _offset(line: int, lines: int) -> float:
    return 0.0 if lines == 1 else SPREAD * ((line + 0.5) / lines - 0.5)


def _caption(findings: Findings, scales: Scales) -> str:
    levels = [found.mean_interval.level for found in findings.descriptives if found.mean_interval]
    level = f"{100 * (levels[0] if levels else 0.95):g}"
    kind = "type III" if findings.tests[0].method.endswith("interaction") else "type II"
    return (
        f"Dots: rows. Circles: means of cells with {level} % confidence intervals, joined for one level. "
        f"{kind[0].upper()}{kind[1:]} sums of squares. {f'{NOTE} ' if scales.y else ''}"
        f"{sample_note(findings)}"
    )


def _points(
    axes: Axes, at: float, sample: FactorialSample, place: tuple[int, int], line: int
) -> list[tuple[Cell, ...]]:
    values = sample.cells[place[0]][place[1]]
    shown = values[sampled(values.size, max(12, POINTS // sample.cell_count))]
    width = min(0.09, 0.24 / max(2, min(len(sample.first_levels), len(sample.second_levels))))
    axes.plot(
        at + jitter(shown.size, width),
        shown,
        ls="",
        marker="o",
        ms=3.4,
        mew=0,
        color=house.PALETTE[line % len(house.PALETTE)],
        alpha=0.32,
        zorder=2,
        rasterized=shown.size * sample.cell_count > SHARP,
    )
    name = f"{sample.first_levels[place[0]]}, {sample.second_levels[place[1]]}"
    return [("row", name, float(value), None, None, None) for value in shown]


def _line(
    axes: Axes, cells: list[tuple[float, Descriptive]], line: int, name: str, numbered: bool
) -> list[tuple[Cell, ...]]:
    colour = house.PALETTE[line % len(house.PALETTE)]
    places, means = [at for at, _ in cells], [found.mean or 0.0 for _, found in cells]
    axes.plot(places, means, color=colour, lw=2, zorder=5, label=name if line < MOST_LINES else None)
    rows: list[tuple[Cell, ...]] = []
    for place, ((at, found), mean) in enumerate(zip(cells, means, strict=True)):
        limits = found.mean_interval
        low, high = (limits.low, limits.high) if limits else (None, None)
        if low is not None and high is not None:
            axes.plot([at, at], [low, high], color=colour, lw=3, zorder=6)
        axes.plot(at, mean, marker="o", ms=6, mfc="white", mec=colour, mew=1.8, zorder=7)
        if numbered:
            text = n.number(mean, outcome_decimals([one for _, one in cells]))
            number_beside(axes, (at, mean), text, xytext=off_line(place, means), color=colour)
        rows.append(("mean", found.group, mean, low, high, found.n))
    return rows


def _alt(sample: FactorialSample, findings: Findings) -> str:
    told = [
        f"{found.group}: mean {n.number(found.mean, outcome_decimals(findings.descriptives))}"
        for found in findings.descriptives[:8]
    ]
    more = " and more" if len(findings.descriptives) > 8 else ""
    return (
        f"{sample.outcome} in the cells of {sample.first} and {sample.second}, means joined by lines. "
        f"{'; '.join(told)}{more}."
    )

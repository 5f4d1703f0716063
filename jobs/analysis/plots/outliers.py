"""Values that lie far out: a box with its fences, the values beyond them named by their rows."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import SHARP, Cell, Drawing, Floats, jitter, labelled, sample_note
from jobs.analysis.plots.text import fitting, minus, plain, wrapped
from jobs.analysis.results.result import Findings
from jobs.analysis.results.scanned import Outlier, OutlierScan
from jobs.analysis.sampling.outlier_scans import Looked, OutlierSample
from jobs.analysis.words import numbers as n

SHOWN = 12  # columns; of more those with the largest share of such values
NAMED = 6  # rows named in the figure of one column
CLOSE = 0.035  # of the axis; names nearer than this would touch
LABEL_ROOM = 150.0
COLUMNS = ("layer", "column", "row", "value", "standardised")
FAR, NEAR = house.DARK_ORANGE, house.PALETTE[4]


def draw(sample: OutlierSample, findings: Findings, title: str) -> Drawing:
    """Draw the columns of `sample`: one in its own unit, several in interquartile ranges from the median."""
    if len(sample.columns) == 1:
        return _alone(sample.columns[0], findings, title)
    order = sorted(sample.columns, key=lambda one: -one.scan.marked_percent)[:SHOWN]
    words = house.Words(title, _counts(findings), _caption(findings, len(sample.columns)))
    figure = house.sheet(words, height=1.7 + 0.42 * len(order))
    axes = figure.add_subplot()
    rows: list[tuple[Cell, ...]] = []
    for place, one in enumerate(order):
        rows += _column(axes, one, place)
    axes.set_ylim(len(order) - 0.4, -0.6)
    names = [f"{plain(fitting(one.scan.column, LABEL_ROOM, 10, length=30))}" for one in order]
    axes.set_yticks(range(len(order)), names)
    _axes(axes)
    axes.set_xlabel("Interquartile ranges from the median")
    return Drawing("outliers", title, _alt(findings), figure, COLUMNS, tuple(rows))


def _alone(looked: Looked, findings: Findings, title: str) -> Drawing:
    scan = looked.scan
    figure = house.sheet(house.Words(title, _rules(scan), _caption(findings, 1)), height=3.3)
    axes = figure.add_subplot()
    rows = _column(axes, looked, 0, standardised=False)
    for value in (scan.far_low, scan.far_high):
        _line(axes, value, house.FAINT, "outer fence")
    for value in (scan.low, scan.high):
        _line(axes, value, house.MUTED, "fence")
    _name(axes, scan)
    axes.set_ylim(0.75, -0.95)
    axes.set_yticks([])
    _axes(axes)
    axes.set_xlabel(wrapped(labelled(scan.column, scan.unit), 400, 11, lines=2))
    return Drawing("outliers", title, _alt(findings), figure, COLUMNS, tuple(rows))


def _axes(axes: Axes) -> None:
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", labelcolor=house.INK, labelsize=10)
    ticks.thousands(axes, "x")


def _rules(scan: OutlierScan) -> str:
    decimals = n.decimals_for(scan.everything.sd)
    parts = []
    if scan.low is not None and scan.high is not None:
        parts.append(f"Tukey's fences {n.number(scan.low, decimals)} to {n.number(scan.high, decimals)}")
    if scan.score_low is not None and scan.score_high is not None:
        ends = f"{n.number(scan.score_low, decimals)} to {n.number(scan.score_high, decimals)}"
        parts.append(f"modified z beyond 3.5 outside {ends}")
    return minus(",  ".join([*parts, f"$n$ = {n.count(scan.everything.n)}"]))


def _counts(findings: Findings) -> str:
    told = sum(scan.marked for scan in findings.outliers)
    values = sum(scan.everything.n for scan in findings.outliers)
    which = "beyond Tukey's fences or with a modified z beyond 3.5"
    return f"{n.counted(told, 'value')} of {n.count(values)} {which}"


def _caption(findings: Findings, columns: int) -> str:
    fewer = f" {SHOWN} of {n.count(columns)} columns shown." if columns > SHOWN else ""
    many = max(scan.marked for scan in findings.outliers)
    most = max(len(scan.outliers) for scan in findings.outliers)
    limit = f" At most {most} of them drawn." if many > most else ""
    note = sample_note(findings) if columns == 1 else ""
    return (
        "Box: median and quartiles, whiskers to the last values inside the fences. Yellow: beyond the "
        "fences (1.5 interquartile ranges) or by modified z; orange: beyond the outer ones "
        f"(3).{limit}{fewer} {note}"
    ).strip()


def _column(axes: Axes, looked: Looked, place: int, *, standardised: bool = True) -> list[tuple[Cell, ...]]:
    scan = looked.scan
    middle = scan.everything.median
    spread = scan.q3 - scan.q1 or scan.deviation

    def at(value: float) -> float:
        return (value - middle) / spread if standardised else value

    inside = _inside(looked)
    shown = np.array([at(float(value)) for value in inside])
    _box(axes, place, [at(value) for value in (scan.q1, middle, scan.q3)], shown)
    heights = place - 0.36 + jitter(shown.size, 0.1) if not standardised else place + jitter(shown.size, 0.17)
    axes.plot(
        shown,
        heights,
        ls="",
        marker="o",
        ms=3.2 if not standardised else 2.2,
        mew=0,
        color=house.PALETTE[0],
        alpha=0.3,
        zorder=2,
        rasterized=shown.size > SHARP,
    )
    rows: list[tuple[Cell, ...]] = [
        ("inside", scan.column, None, float(value), float(there))
        for value, there in zip(inside, shown, strict=True)
    ]
    for far, colour in ((False, NEAR), (True, FAR)):
        own = [one for one in scan.outliers if (one.fence == "far beyond") is far]
        x = [at(one.value) for one in own]
        axes.plot(
            x, [place] * len(x), ls="", marker="o", ms=5.5, mew=0.8, mec="white", color=colour, zorder=5
        )
        layer = "far out" if far else "out"
        rows += [(layer, scan.column, one.row, one.value, at(one.value)) for one in own]
    return rows


def _inside(looked: Looked) -> Floats:
    """Give the shown values that neither rule marks."""
    scan = looked.scan
    low = max((end for end in (scan.low, scan.score_low) if end is not None), default=-np.inf)
    high = min((end for end in (scan.high, scan.score_high) if end is not None), default=np.inf)
    return looked.shown[(looked.shown >= low) & (looked.shown <= high)]


def _box(axes: Axes, place: int, quartiles: Sequence[float], inside: Floats) -> None:
    q1, median, q3 = quartiles
    low = min(q1, float(inside.min())) if inside.size else q1
    high = max(q3, float(inside.max())) if inside.size else q3
    for begin, end in ((low, q1), (q3, high)):
        axes.plot([begin, end], [place, place], color=house.MUTED, lw=1.2, zorder=3)
    half = 0.17
    corners = ([q1, q3, q3, q1], [place - half, place - half, place + half, place + half])
    axes.fill(*corners, facecolor="white", edgecolor=house.MUTED, lw=1.3, alpha=0.85, zorder=3)
    axes.plot([median, median], [place - half, place + half], color=house.INK, lw=2.2, zorder=4)


def _line(axes: Axes, value: float | None, colour: str, name: str) -> None:
    low, high = axes.get_xlim()
    if value is None or not low <= value <= high:
        return
    axes.axvline(value, color=colour, lw=1.1, ls=(0, (4, 3)), zorder=1)
    axes.annotate(
        name, (value, 0.70), xytext=(3, 0), textcoords="offset points", size=8.5, color=colour, va="center"
    )


def _name(axes: Axes, scan: OutlierScan) -> None:
    """Name the rows of the values that lie farthest out, above them where there is room."""
    low, high = axes.get_xlim()
    taken: list[float] = []
    for one in scan.outliers:
        if len(taken) == NAMED:
            return
        if any(abs(one.value - other) < CLOSE * 2.2 * (high - low) for other in taken):
            continue
        taken.append(one.value)
        _label(axes, one)


def _label(axes: Axes, one: Outlier) -> None:
    axes.annotate(
        f"row {n.count(one.row)}",
        (one.value, 0),
        xytext=(0, 7),
        textcoords="offset points",
        ha="center",
        va="bottom",
        size=9,
        color=house.INK,
        bbox={"fc": "white", "ec": "none", "pad": 1.0},
        zorder=7,
        in_layout=False,
    )


def _alt(findings: Findings) -> str:
    told = [
        f"{scan.column}: {n.count(scan.marked)} of {n.count(scan.everything.n)} values far out"
        for scan in findings.outliers[:8]
    ]
    return f"Boxes with the values beyond their fences. {'; '.join(told)}."

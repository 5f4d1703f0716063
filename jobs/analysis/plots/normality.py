"""The shape of one number: its histogram with a normal curve, and its quantiles with a band."""

import numpy as np
from matplotlib.axes import Axes
from scipy import special

from jobs.analysis.numerics.normality import order_band
from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.distribution import BENT, QUANTILES, fewer_numbers, histogram, normal_line
from jobs.analysis.plots.drawing import (
    Cell,
    Drawing,
    Floats,
    primary,
    sample_note,
    statistic,
    wants_logarithm,
)
from jobs.analysis.plots.text import minus
from jobs.analysis.results.result import Findings
from jobs.analysis.results.scanned import Shape
from jobs.analysis.sampling.shapes import ShapeSample
from jobs.analysis.words import numbers as n

COLUMNS = ("layer", "x", "y", "low", "high")


def draw(sample: ShapeSample, findings: Findings, shape: Shape, title: str) -> Drawing:
    """Draw the values of `sample` beside what a normal distribution would give."""
    level = findings.effect_sizes[0].interval.level
    values = np.sort(sample.values)
    logarithmic = wants_logarithm(values)
    words = house.Words(title, _subtitle(findings, shape), _caption(findings, level, logarithmic))
    figure = house.sheet(words)
    bars, quantiles = figure.subplots(1, 2, width_ratios=[1.25, 1])
    if logarithmic:
        bars.set_xscale("log")
        quantiles.set_yscale("log")
    rows = histogram(bars, values, sample.outcome, sample.unit)
    rows += _quantiles(quantiles, values, level)
    why = f" ({n.joined(shape.departures)})" if shape.departures else ""
    alt = (
        f"Histogram of {n.count(values.size)} values of {sample.outcome} with a normal curve, and their "
        f"quantiles against normal ones with a band: {shape.verdict}{why}."
    )
    return Drawing("normality", title, alt, figure, COLUMNS, tuple(rows))


def _subtitle(findings: Findings, shape: Shape) -> str:
    parts = [
        f"skewness {n.number(shape.skewness)} (SE {n.number(shape.skewness_error)})",
        f"excess kurtosis {n.number(shape.kurtosis)} (SE {n.number(shape.kurtosis_error)})",
        statistic(primary(findings)),
        f"$n$ = {n.count(findings.sample.n_used)}",
    ]
    return minus(",  ".join(parts))


def _caption(findings: Findings, level: float, logarithmic: bool) -> str:
    return (
        "Bars: rule of Freedman and Diaconis. Orange: normal curve with the same mean and SD. Right: "
        "quantiles of the data against normal ones; band: where each point of a normal sample lies in "
        f"{100 * level:g} of 100 samples, point by point; orange points lie outside it. "
        f"{BENT if logarithmic else ''}{sample_note(findings)}"
    )


def _quantiles(axes: Axes, values: Floats, level: float) -> list[tuple[Cell, ...]]:
    """Plot sorted values against the normal quantiles at (i - 0.5) / n, with the band of order statistics."""
    size = values.size
    # Evenly in normal quantiles: the tails, where shapes differ, are drawn value by value.
    ends = special.ndtri(np.array([0.5, size - 0.5]) / size)
    even = special.ndtr(np.linspace(ends[0], ends[1], min(size, QUANTILES))) * size - 0.5
    shown = np.unique(np.clip(np.rint(even), 0, size - 1).astype(np.intp))
    normal, observed = special.ndtri((shown + 0.5) / size), values[shown]
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    low, high = (mean + sd * edge for edge in order_band(shown, size, level))
    axes.fill_between(normal, low, high, color=house.PALETTE[1], alpha=0.16, lw=0, zorder=1)
    normal_line(axes, ends, mean, sd)
    outside = (observed < low) | (observed > high)
    for chosen, colour in ((~outside, house.PALETTE[0]), (outside, house.DARK_ORANGE)):
        axes.plot(
            normal[chosen],
            observed[chosen],
            ls="",
            marker="o",
            ms=3,
            mew=0,
            color=colour,
            alpha=0.7,
            zorder=3,
        )
    axes.grid(visible=True, axis="both")
    axes.set_xlabel("Normal quantile")
    fewer_numbers(axes, values)
    ticks.thousands(axes, "x")
    rows = zip(normal, observed, low, high, strict=True)
    return [("quantile", *(float(cell) for cell in row)) for row in rows]

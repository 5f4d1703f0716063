"""What the kinds of figure have in common: the drawing itself, fixed jitter, densities, words for tests."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.plots import house
from jobs.analysis.plots.glyphs import restored
from jobs.analysis.plots.text import minus, plain, shortened
from jobs.analysis.results.result import Descriptive, Findings, Plot, Test
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import MAY_EXCEED_ONE, statistic_value

Floats = NDArray[np.float64]
Cell = str | int | float | None

SEED = 20_140_305  # any constant: the same data must give the same picture
# Drawn at most: more hide each other.
POINTS = 1_200
# More points than this are a picture inside the SVG, which would otherwise grow beyond what a page loads
# quickly.
SHARP = 500
ENOUGH = 100_000  # values for the shape of a density; more would not move a pixel
GREEK = {"omega": r"$\omega^2$", "eta": r"$\eta^2$", "epsilon": r"$\varepsilon^2$"}
ITALIC = {"chi2": r"$\chi^2$", "rho": r"$\rho$", "tau": r"$\tau$", "kappa": r"$\kappa$"}


@dataclass(frozen=True)
class Drawing:
    """A finished figure and the table of what it shows."""

    id: str
    title: str
    alt: str
    figure: Figure
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def naming(self, stand_ins: Mapping[str, str]) -> "Drawing":
        """Return the same with the names themselves in title, description and data, as the table has them."""
        if not stand_ins:
            return self
        rows = tuple(
            tuple(restored(cell, stand_ins) if isinstance(cell, str) else cell for cell in row)
            for row in self.rows
        )
        return replace(
            self, title=restored(self.title, stand_ins), alt=restored(self.alt, stand_ins), rows=rows
        )

    def save(self, folder: Path) -> Plot:
        """Write the picture in its formats and its data as CSV."""
        files: Mapping[str, str] = house.save(self.figure, folder, self.id, alt=self.alt)
        data = f"plots/{self.id}.csv"
        with (folder / data).open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(self.columns)
            writer.writerows(self.rows)
        return Plot(self.id, self.title, self.alt, files, data)


def sampled(size: int, limit: int) -> NDArray[np.intp]:
    """Return the places of at most `limit` of `size` values, in order, the same at each call."""
    if size <= limit:
        return np.arange(size)
    # Draw with replacement and keep the distinct: a shuffle of a million places would cost more than the
    # figure.
    places = np.random.default_rng(SEED).integers(0, size, limit)
    return np.unique(places)


def jitter(size: int, half_width: float) -> Floats:
    """Return offsets in (-half_width, half_width) that keep equal values apart, the same at each call."""
    golden = 0.618033988749895  # its multiples fill an interval evenly, without clumps
    steps: Floats = np.arange(size, dtype=np.float64) * golden
    offsets: Floats = (steps % 1.0 - 0.5) * (2.0 * half_width)
    return offsets


def density(values: Floats, *, points: int = 90) -> tuple[Floats, Floats]:
    """Estimate a density on a grid over the range of `values`, the peak being 1.

    A Gaussian kernel with Silverman's bandwidth (1986, formula 3.31) over binned counts of at most 100,000
    values, so that a million values cost no more.
    """
    low, high, size = float(values.min()), float(values.max()), values.size
    values = values[sampled(size, ENOUGH)]
    grid = np.linspace(low, high, points)
    spread = float(values.std())
    q1, q3 = np.quantile(values, [0.25, 0.75])
    if q3 > q1:
        spread = min(spread, float(q3 - q1) / 1.349)
    bandwidth = max(0.9 * spread * size**-0.2, (high - low) / points)
    if high == low or bandwidth == 0:
        return grid, np.zeros(points)
    # From 0 to 1: between neighbours of 10^16 there are fewer floating-point numbers than bins.
    counts, edges = np.histogram((values - low) / (high - low), bins=8 * points, range=(0.0, 1.0))
    centres = (edges[:-1] + edges[1:]) / 2
    filled = counts > 0
    width = bandwidth / (high - low)
    kernel = np.exp(-0.5 * ((np.linspace(0.0, 1.0, points)[:, None] - centres[None, filled]) / width) ** 2)
    heights: Floats = kernel @ counts[filled].astype(float)
    return grid, heights / heights.max()


def wants_logarithm(*parts: Floats) -> bool:
    """Say whether values are so stretched that only a logarithmic axis shows the bulk of them.

    All must be positive; how they are spread is judged by at most 2,000 of each part.
    """
    filled = [part for part in parts if part.size]
    if sum(part.size for part in filled) < 10 or min(float(part.min()) for part in filled) <= 0:
        return False
    shown = np.concatenate([part[sampled(part.size, 2_000)] for part in filled])
    low, middle, high = np.quantile(shown, [0.005, 0.5, 0.995])
    return bool(high / middle > 12 and (high - middle) > 6 * (middle - low))


def any_wants_logarithm(columns: Floats) -> bool:
    """Say the same of measures that share an axis, one a column: all positive, and one of them stretched."""
    return bool(columns.min() > 0) and any(wants_logarithm(column) for column in columns.T)


def middle(
    found: Descriptive, values: Floats, *, by_median: bool
) -> tuple[float, float | None, float | None]:
    """Return what stands for a group with its limits: the mean, or the median where ranks are compared.

    The limits of a median are the order statistics that hold it with at least the coverage of the mean's
    (Conover 1999, section 3.2); fewer than six values have none at 95 %.
    """
    limits = found.mean_interval
    if not by_median:
        return found.mean or 0.0, *((limits.low, limits.high) if limits else (None, None))
    level = limits.level if limits else 0.95
    if 0.5**values.size > (1.0 - level) / 2.0:
        return found.median or 0.0, None, None
    place = int(special.bdtrik((1.0 - level) / 2.0, values.size, 0.5))
    ends = np.partition(values, (place, values.size - 1 - place))
    return found.median or 0.0, float(ends[place]), float(ends[values.size - 1 - place])


def primary(findings: Findings) -> Test:
    """Return the test that answers the question."""
    return next((test for test in findings.tests if test.role == "primary"), findings.tests[0])


def statistic(test: Test) -> str:
    """Write a test for a subtitle, symbols in italics: "Welch's ANOVA F(2, 189.5) = 317.6, p < .001"."""
    inside = [n.number(df, 0 if float(df).is_integer() else 1) for df in test.df]
    if test.symbol == "chi2":
        inside.append(f"$N$ = {n.count(test.n)}")
    degrees = f"({', '.join(inside)})" if inside else ""
    symbol = ITALIC.get(test.symbol, f"${test.symbol}$")
    probability = n.probability(test.pvalue).replace("p", "$p$", 1)
    return minus(f"{plain(test.title)}  {symbol}{degrees} = {statistic_value(test)},  {probability}")


def effect(findings: Findings) -> str | None:
    """Write the first effect size with its limits for a subtitle."""
    if not findings.effect_sizes:
        return None
    found = findings.effect_sizes[0]
    write = n.number if any(word in found.name for word in MAY_EXCEED_ONE) else n.bounded
    ends = n.limits(found.interval.low, found.interval.high, below_one=write is n.bounded)
    absent = found.interval.low is None and found.interval.high is None
    limits = "" if absent else f" [{ends}]"
    name = next((sign for key, sign in GREEK.items() if found.name.startswith(key)), plain(found.title))
    return minus(f"{name} = {write(found.value)}{limits}")


def number_beside(axes: Axes, at: tuple[float, float], text: str, **how: Any) -> None:
    """Write a number on a pale ground beside what it tells, 8 points to the right if not told otherwise."""
    settings = {"xytext": (8, 0), "color": house.INK, "ha": "left"} | how
    axes.annotate(
        minus(text),
        at,
        textcoords="offset points",
        va="center",
        size=9.5,
        weight="semibold",
        zorder=8,
        bbox={"fc": "white", "ec": "none", "pad": 1.2, "alpha": 0.8},
        **settings,
    )


def off_line(place: int, means: Sequence[float]) -> tuple[float, float]:
    """Return how many points from a mean its number stands, off the line that goes on to the next mean."""
    if place == len(means) - 1:
        return 8.0, 0.0
    return 6.0, -9.5 if means[place + 1] > means[place] else 9.5


def finding(findings: Findings, rows: int) -> str:
    """Write the test with its effect size and the number of rows, for a subtitle."""
    parts = [statistic(primary(findings)), effect(findings), f"$n$ = {n.count(rows)}"]
    return ",  ".join(part for part in parts if part)


def sample_note(findings: Findings) -> str:
    """Say what was left out, for a caption."""
    sample = findings.sample
    left = sample.n_total - sample.n_used
    if not left:
        return f"All {n.count(sample.n_total)} rows used."
    told = [f"{n.count(count)} {shortened(reason, 80)}" for reason, count in sample.dropped.items()]
    reasons = f" ({', '.join(told)})" if told else ""
    return f"{n.count(left)} of {n.count(sample.n_total)} rows left out{reasons}."


def labelled(column: str, unit: str | None) -> str:
    """Write a column's name for an axis, with its unit unless the name ends with it ("mass_g")."""
    name = plain(column)
    if unit is None or re.split(r"[\W_]+", column.rstrip(")]"))[-1].casefold() == unit.casefold():
        return name
    return f"{name} ({plain(unit)})"

"""A model of counts: how often each count was observed and is expected, and whether rates come true."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from scipy import special

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import Cell, Drawing, Floats, sample_note
from jobs.analysis.plots.fitted import Group, level_of, linear_predictor, measures, tenths
from jobs.analysis.plots.text import minus, plain, wrapped
from jobs.analysis.results.modelled import Model
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.words import numbers as n

MOST_BARS = 40
RATES = 400  # different rates that expected counts are summed over; more would not move a pixel
COLUMNS = ("layer", "x", "observed", "low", "high", "expected_or_rows")
# Share of the rows with bars of their own: a few large counts would press the others together.
MOST_SEEN = 0.995


def draw(sample: ModelSample, findings: Findings, model: Model) -> Drawing:
    """Draw a hanging rootogram of `model`, and observed against expected means."""
    told = np.exp(np.minimum(linear_predictor(sample, model), 700.0))
    edges = _edges(sample.values)
    seen = np.histogram(np.minimum(sample.values, edges[-1] - 0.5), edges)[0].astype(np.float64)
    expected = expected_counts(told, edges, model.fit.get("theta"))
    expected[-1] += told.size - expected.sum()
    groups = tenths(told, sample.values, level_of(findings, model))
    title = _title(sample.outcome, seen, expected, edges)
    more = float(sample.values.max()) > edges[-1]
    words = house.Words(title, _subtitle(findings, model), _caption(findings, model, more=more))
    figure = house.sheet(words, height=4.6)
    frequencies, means = figure.subplots(1, 2, width_ratios=[1.35, 1])
    rows = _hanging(frequencies, edges, seen, expected)
    frequencies.set_xlabel(wrapped(plain(sample.outcome), 260, 11, lines=2))
    rows += _means(means, groups)
    alt = _alt(sample.outcome, seen, expected, groups)
    return Drawing("counts", title, alt, figure, COLUMNS, tuple(rows))


def _edges(values: Floats) -> Floats:
    """Give edges between whole numbers: each has a bar of its own where there are at most forty."""
    high = float(np.quantile(values, MOST_SEEN, method="higher"))
    width = float(np.ceil((high + 1.0) / MOST_BARS))
    return np.arange(0.0, high + width + 1.0, width) - 0.5


def expected_counts(told: Floats, edges: Floats, theta: float | None) -> Floats:
    """Give how many rows are expected between `edges` if their rates are `told`.

    Parameters
    ----------
    told : (n,) float array above 0
    edges : (k + 1,) float array, halfway between whole numbers
    theta : float, optional
        Of a negative binomial; without it the counts are a Poisson's.

    Notes
    -----
    Rates are taken as the means of at most 400 groups of like rates.
    """
    ordered = np.sort(told)
    starts = np.unique(np.linspace(0, told.size, min(told.size, RATES) + 1).astype(np.intp)[:-1])
    sizes = np.diff(np.append(starts, told.size))
    rates = np.add.reduceat(ordered, starts) / sizes
    below: Callable[[float], Floats]
    if theta is None:
        below = lambda count: np.asarray(special.pdtr(count, rates), dtype=np.float64)  # noqa: E731 - one of two
    else:
        share = theta / (theta + rates)
        below = lambda count: np.asarray(special.betainc(theta, count + 1.0, share))  # noqa: E731 - the other
    reached = [float(np.dot(sizes, below(edge - 0.5))) if edge > 0.0 else 0.0 for edge in edges]
    return np.diff(reached)


def _title(outcome: str, seen: Floats, expected: Floats, edges: Floats) -> str:
    if edges[1] == 0.5:
        zeros = int(seen[0])
        rows = "row has" if zeros == 1 else "rows have"
        return (
            f"{n.count(zeros)} {rows} {outcome} = 0; the model expects {n.count(round(float(expected[0])))}"
        )
    return f"Counts of {outcome}, and what the model expects"


def _subtitle(findings: Findings, model: Model) -> str:
    fit = model.fit
    parts = [f"McFadden's $R^2$ = {n.bounded(fit['mcfadden'])}"]
    # What is left is held against the fitted distribution, which for a negative binomial spreads more itself.
    of_what = "a Poisson's" if fit.get("theta") is None else "what the model expects"
    parts.append(f"spread {n.number(fit['dispersion'])} times {of_what}")
    if fit.get("theta") is not None:
        parts.append(f"$\\theta$ = {n.number(fit['theta'])}")
    return minus(measures(*parts, rows=findings.sample.n_used))


def _caption(findings: Findings, model: Model, *, more: bool) -> str:
    percent = f"{100 * level_of(findings, model):g}"
    last = " The last bar holds all larger counts." if more else ""
    return (
        "Left: bars of the observed rows hang from the curve of the expected ones, on a square-root scale; a "
        f"bar that ends above 0 means too few rows, below 0 too many.{last} Right: groups of rows "
        f"with like rates, with {percent} % intervals of the mean, cut at 0; on the dashed line rates "
        f"come true. {sample_note(findings)}"
    )


def _hanging(axes: Axes, edges: Floats, seen: Floats, expected: Floats) -> list[tuple[Cell, ...]]:
    middle, width = (edges[:-1] + edges[1:]) / 2.0, float(edges[1] - edges[0])
    top, length = np.sqrt(np.maximum(expected, 0.0)), np.sqrt(seen)
    axes.bar(middle, -length, 0.82 * width, bottom=top, color=house.BARS, zorder=2)
    axes.axhline(0, color=house.INK, lw=1.2, zorder=4)
    axes.plot(
        middle, top, color=house.PALETTE[1], lw=2, marker="o", ms=4 if middle.size < 25 else 2.6, zorder=5
    )
    low, high = float(np.min(top - length)), float(np.max(top))
    axes.set_ylim(min(low, 0.0) - 0.06 * high, 1.06 * high)
    counts = _round_counts(high * high)
    axes.set_yticks(np.sqrt(counts), [ticks.tick(count) for count in counts])
    axes.set_ylabel("Rows (square root)")
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    ticks.thousands(axes, "x")
    return [
        ("count", float(x), float(count), float(low), float(high), float(wanted))
        for x, count, low, high, wanted in zip(middle, seen, edges[:-1], edges[1:], expected, strict=True)
    ]


def _round_counts(most: float) -> list[float]:
    """Give round counts up to `most` that stand apart on a scale of square roots."""
    found = [0.0]
    for power in range(12):
        for digit in (1.0, 2.0, 5.0):
            count = digit * 10.0**power
            if count <= most and np.sqrt(count) - np.sqrt(found[-1]) > 0.08 * np.sqrt(most):
                found.append(count)
    return found


def _means(axes: Axes, groups: list[Group]) -> list[tuple[Cell, ...]]:
    for group in groups:
        axes.plot([group.told] * 2, [max(group.low, 0.0), group.high], color=house.PALETTE[1], lw=2, zorder=3)
    told, seen = [group.told for group in groups], [group.seen for group in groups]
    axes.plot(told, seen, ls="", marker="o", ms=6.5, color=house.PALETTE[1], mec="white", mew=0.8, zorder=4)
    ends = [min(*told, *seen), max(*told, *seen)]
    axes.plot(ends, ends, color=house.FAINT, lw=1.2, ls=(0, (4, 3)), zorder=2)
    axes.set_xlabel("Expected mean")
    axes.set_ylabel("Observed mean")
    axes.grid(visible=True, axis="both")
    for which in ("x", "y"):
        axes.locator_params(axis=which, nbins=5)
        ticks.thousands(axes, which)
    return [("group", one.told, one.seen, max(one.low, 0.0), one.high, float(one.rows)) for one in groups]


def _alt(outcome: str, seen: Floats, expected: Floats, groups: list[Group]) -> str:
    off = int(np.argmax(np.abs(np.sqrt(seen) - np.sqrt(np.maximum(expected, 0.0)))))
    low, high = groups[0], groups[-1]
    return (
        f"Hanging rootogram of {outcome}: the bar farthest from what is expected stands for "
        f"{n.count(int(seen[off]))} observed and {n.number(float(expected[off]), 0)} expected rows; beside "
        f"it observed against expected means, from {n.number(low.seen)} where {n.number(low.told)} is "
        f"expected to {n.number(high.seen)} where {n.number(high.told)} is expected."
    )

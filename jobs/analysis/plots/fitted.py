"""What a model tells for each row, and how it compares with what was observed, in groups of like rows."""

from dataclasses import dataclass

import numpy as np

from jobs.analysis.numerics.blocks import blocks
from jobs.analysis.numerics.contingency import wilson
from jobs.analysis.numerics.means import mean_interval
from jobs.analysis.numerics.moments import moments
from jobs.analysis.plots.drawing import Floats
from jobs.analysis.results.modelled import Model
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.words import numbers as n

TENTHS = 10
FEWEST = 5  # rows of a group; of fewer a mean says nothing


@dataclass(frozen=True)
class Group:
    """Rows of which a model tells nearly the same."""

    told: float  # mean of what the model tells
    seen: float  # mean of what was observed
    low: float
    high: float
    rows: int


def linear_predictor(sample: ModelSample, model: Model) -> Floats:
    """Give what the coefficients of `model` tell for each row, before any link."""
    intercept, *slopes = (one.estimate for one in model.coefficients)
    columns = sample.columns
    found = np.empty(sample.values.size)
    for rows in blocks(found.size):
        found[rows] = intercept
        for slope, column in zip(slopes, columns, strict=True):
            found[rows] += slope * column[rows]
    return found


def level_of(findings: Findings, model: Model) -> float:
    """Return the coverage of the intervals of a model."""
    sizes = findings.effect_sizes
    return sizes[0].interval.level if sizes else model.coefficients[0].interval.level


def tenths(told: Floats, seen: Floats, level: float) -> list[Group]:
    """Split rows by what is told of them into at most ten groups of like size, equal ones kept together.

    The intervals are of the mean observed: Wilson's of shares where all are 0 or 1, else by the t
    distribution.
    """
    order = np.argsort(told, kind="stable")
    told, seen = told[order], seen[order]
    parts = min(TENTHS, max(1, told.size // FEWEST))
    cuts = np.linspace(0, told.size, parts + 1).astype(np.intp)[1:-1]
    starts = np.unique(np.concatenate([[0], np.searchsorted(told, told[cuts], side="left")]))
    ends = np.append(starts[1:], told.size)
    shares = bool(np.all((seen == 0.0) | (seen == 1.0)))
    found = []
    for begin, end in zip(starts, ends, strict=True):
        part = seen[begin:end]
        low, high = wilson(float(part.sum()), part.size, level) if shares else _mean(part, level)
        found.append(Group(float(told[begin:end].mean()), float(part.mean()), low, high, int(end - begin)))
    return found


def _mean(values: Floats, level: float) -> tuple[float, float]:
    found = moments(values)
    return mean_interval(found, level) if found.n > 1 else (found.mean, found.mean)


def measures(*parts: str | None, rows: int) -> str:
    """Join what a subtitle tells, the number of rows last."""
    return ",  ".join(part for part in (*parts, f"$n$ = {n.count(rows)}") if part)

"""The numbers of many correlations that a program must find again."""

from collections.abc import Iterator

from jobs.analysis.results.modelled import CorrelationMatrix
from jobs.analysis.results.result import Findings

PARTS = ("matrix",)


def literals(matrix: CorrelationMatrix) -> list[str]:
    """Write what the program needs besides the columns."""
    return [f"RANKS = {matrix.kind == 'spearman'!r}"]


def numbers(findings: Findings) -> Iterator[tuple[str, float | None]]:
    """Name the correlations; p-values of ranks follow R, which takes other approximations than scipy."""
    yield "n used", findings.sample.n_used
    matrix = findings.matrix
    if matrix is None:
        return
    place = {name: index for index, name in enumerate(matrix.columns)}
    for pair in matrix.pairs:
        first, second = sorted((pair.a, pair.b), key=lambda name: place[name])
        name = f"{first} and {second}"
        yield f"{name} correlation", pair.value
        if matrix.kind == "pearson":
            yield f"{name} pvalue", pair.pvalue
            yield f"{name} low", pair.interval.low
            yield f"{name} high", pair.interval.high
            yield f"{name} holm pvalue", pair.holm
            yield f"{name} bh pvalue", pair.bh

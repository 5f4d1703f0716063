"""Profiles of columns made by hand, for the words and the figures."""

import numpy as np

from jobs.analysis.results.described import Bin, ColumnProfile, TopValue
from jobs.analysis.results.result import Dataset


def number_column(name: str, values: np.ndarray, unit: str | None = None, missing: int = 0) -> ColumnProfile:
    counts, edges = np.histogram(values, 12)
    bins = tuple(Bin(float(a), float(b), int(c)) for a, b, c in zip(edges, edges[1:], counts, strict=False))
    return ColumnProfile(
        name,
        "number",
        "number",
        unit,
        values.size + missing,
        missing,
        0,
        int(np.unique(values).size),
        float(values.mean()),
        float(values.std(ddof=1)),
        float(values.min()),
        1.0,
        2.0,
        3.0,
        float(values.max()),
        histogram=bins,
    )


def category_column(name: str, counts: dict[str, int], missing: int = 0) -> ColumnProfile:
    return ColumnProfile(
        name,
        "category",
        "text",
        None,
        sum(counts.values()) + missing,
        missing,
        0,
        len(counts),
        top=tuple(TopValue(value, count) for value, count in counts.items()),
    )


def penguin_table() -> Dataset:
    warnings = ("3 cells were trimmed.",)
    return Dataset("penguins.csv", "0" * 64, 15241, 344, 8, "csv", "utf-8", ",", warnings)

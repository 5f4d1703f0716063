"""Categories of the same cases: two or more columns side by side, or one below the other by subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.design_catalogue import RATED
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.designs import MAX_MEASURES, MIN_ROWS, Design, Units, require_single_values
from jobs.analysis.sampling.frames import complete, natural, read_columns, text_of
from jobs.analysis.tables.columns import natural_order
from jobs.analysis.tables.when import in_time
from jobs.errors import TooFewValues, UnsuitableData

METHODS = RATED
MOST_LEVELS = 20
TWO_LEVELS = frozenset({"mcnemar_test", "cochran_q_test"})
TWO_MEASURES = frozenset({"mcnemar_test", "cohen_kappa"})


@dataclass(frozen=True)
class RatedSample(Design):
    """Categories of n cases in k measures: `codes[i, j]` is the place in `levels` of measure j of case i."""

    outcome: str | None  # the column, where the measures stand one below the other
    group: str | None  # and the one that tells them apart
    measures: tuple[str, ...]
    levels: tuple[str, ...]
    codes: NDArray[np.intp]  # (n, k)
    n_total: int
    dropped: Mapping[str, int]

    @property
    def name(self) -> str:
        """What was told: the column, or the names of the columns."""
        return self.outcome or " and ".join(self.measures)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return (*filter(None, (self.outcome, self.group)), *self.measures, *self.levels)

    @property
    def doing(self) -> str:
        """What is being done with it, for a progress report."""
        return f"Comparing {' and '.join(self.measures[:3])} case by case"

    @property
    def rows_used(self) -> int:
        """Rows of the table that take part."""
        return int(self.codes.size if self.outcome is not None else len(self.codes))


def load(plan: Plan, parquet: Path, units: Units) -> RatedSample:
    """Read the categories of a plan with the roles first and second, measures, or outcome, group, subject.

    Raises
    ------
    UnknownColumn, UnsuitableData, TooFewValues
        A column is lacking, has too many values for the method, or too few cases are complete.
    """
    del units
    roles = plan.columns
    if "subject" in roles:
        texts, sample = _below(parquet, roles["outcome"], roles["group"], roles["subject"])
    else:
        ordered = sorted(roles, key=lambda role: (len(role), role))
        texts, sample = _beside(parquet, tuple(roles[role] for role in ordered))
    if plan.method in TWO_MEASURES and len(sample.measures) != 2:
        raise UnsuitableData(
            f"Column {sample.group!r} has {len(sample.measures)} different values; two are compared here."
        )
    if len(texts) < MIN_ROWS:
        raise TooFewValues(
            f"{len(texts)} cases have a value of each of {' and '.join(map(repr, sample.measures))}; "
            f"comparing them case by case needs {MIN_ROWS}."
        )
    levels = natural_order(sorted({text for row in texts for text in row}, key=natural))
    _require_levels(plan.method, sample, levels)
    place = {level: index for index, level in enumerate(levels)}
    codes = np.array([[place[text] for text in row] for row in texts], dtype=np.intp)
    return RatedSample(
        sample.outcome, sample.group, sample.measures, levels, codes, sample.n_total, sample.dropped
    )


_NONE = np.empty((0, 0), dtype=np.intp)
Texts = list[tuple[str, ...]]


def _beside(parquet: Path, measures: tuple[str, ...]) -> tuple[Texts, RatedSample]:
    everything = read_columns(parquet, *measures)
    table, dropped = complete(everything)
    texts = [tuple(map(text_of, row)) for row in table.iter_rows()]
    return texts, RatedSample(None, None, measures, (), _NONE, everything.height, dropped)


def _below(parquet: Path, outcome: str, group: str, subject: str) -> tuple[Texts, RatedSample]:
    everything = read_columns(parquet, outcome, group, subject)
    table, dropped = complete(everything)
    require_single_values(table, outcome, group, subject)
    names = {value: text_of(value) for value in table[group].unique()}
    if not 2 <= len(names) <= MAX_MEASURES:
        raise UnsuitableData(
            f"Column {group!r} has {len(names)} different values; 2 to {MAX_MEASURES} measures of each "
            "subject can be compared."
        )
    measures = in_time(sorted(names.values(), key=natural))
    by_subject: dict[object, dict[str, str]] = {}
    for value, where, who in table.iter_rows():
        by_subject.setdefault(who, {})[names[where]] = text_of(value)
    whole = [one for one in by_subject.values() if len(one) == len(measures)]
    texts = [tuple(one[measure] for measure in measures) for one in whole]
    if left_out := table.height - len(texts) * len(measures):
        dropped[f"{subject} without every value of {group}"] = left_out
    return texts, RatedSample(outcome, group, measures, (), _NONE, everything.height, dropped)


def _require_levels(method: str, sample: RatedSample, levels: tuple[str, ...]) -> None:
    most = 2 if method in TWO_LEVELS else MOST_LEVELS
    if 2 <= len(levels) <= most:
        return
    shown = ", ".join(map(repr, levels[:5])) + (", ..." if len(levels) > 5 else "")
    wanted = "two, the same in each measure" if most == 2 else f"2 to {MOST_LEVELS}"
    raise UnsuitableData(
        f"{sample.name!r} has {len(levels)} different {'value' if len(levels) == 1 else 'values'} ({shown}); "
        f"this method takes {wanted}."
    )


def counts_of(sample: RatedSample) -> NDArray[np.int64]:
    """Count two measures together: rows the levels of the first, columns those of the second."""
    counts = np.zeros((len(sample.levels),) * 2, dtype=np.int64)
    np.add.at(counts, (sample.codes[:, 0], sample.codes[:, 1]), 1)
    return counts

"""Samples of designs beyond two columns: several measures of the same rows or subjects.

The shapes stand here with how they are read; `jobs.analysis.sampling.samples` has those of two columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.frames import complete, floats, natural, read_columns, require_number, text_of
from jobs.analysis.tables.when import in_time
from jobs.errors import TooFewValues, UnsuitableData

Floats = NDArray[np.float64]
Units = Mapping[str, str | None]

PAIRED = frozenset({"paired_t_test", "wilcoxon_signed_rank"})
AGAINST_VALUE = frozenset({"one_sample_t_test", "one_sample_signed_rank"})
REPEATED = frozenset({"repeated_measures_anova", "friedman_test"})
METHODS = PAIRED | REPEATED | AGAINST_VALUE | {"binomial_test", "intraclass_correlation"}
MIN_ROWS = 3  # with two rows a change has hardly a spread
MAX_MEASURES = 10


class Design:
    """What samples of such designs have in common; each is a frozen dataclass."""

    n_total: int
    dropped: Mapping[str, int]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return ()

    @property
    def doing(self) -> str:
        """What is being done with it, for a progress report."""
        return "Computing"


@dataclass(frozen=True)
class RepeatedSample(Design):
    """Several measures of the same rows or subjects: `values[i, j]` is measure j of row i."""

    outcome: str | None  # the column, where the measures stand one below the other
    measures: tuple[str, ...]
    values: Floats  # (n, k), n at least 3
    n_total: int
    dropped: Mapping[str, int]
    unit: str | None = None
    group: str | None = None  # the column that tells the measures apart, where there is one

    @property
    def name(self) -> str:
        """What was measured: the column, or the names of the columns."""
        return self.outcome or " and ".join(self.measures)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return (*filter(None, (self.outcome, self.group)), *self.measures)

    @property
    def doing(self) -> str:
        """What is being done with it, for a progress report."""
        return f"Comparing {' and '.join(self.measures[:3])} row by row"


@dataclass(frozen=True)
class OneSample(Design):
    """One number, and the value that its middle is compared with."""

    outcome: str
    values: Floats
    value: float
    n_total: int
    dropped: Mapping[str, int]
    unit: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return (self.outcome,)


@dataclass(frozen=True)
class ShareSample(Design):
    """How many of n rows have a level, and the share that this is compared with."""

    outcome: str
    level: str
    hits: int
    n: int
    share: float
    n_total: int
    dropped: Mapping[str, int]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return (self.outcome, self.level)


def load(plan: Plan, parquet: Path, units: Units) -> Design:
    """Read the sample of a plan whose method is one of `METHODS`.

    Raises
    ------
    UnknownColumn
        The table lacks a column.
    UnsuitableData, TooFewValues
        A column has the wrong type, or too few complete rows are left.
    """
    if plan.method in AGAINST_VALUE:
        return _one(plan, parquet, units)
    if plan.method == "binomial_test":
        return _share(plan, parquet)
    return _repeated(plan, parquet, units)


def _one(plan: Plan, parquet: Path, units: Units) -> OneSample:
    outcome = plan.columns["outcome"]
    everything = read_columns(parquet, outcome)
    require_number(everything, outcome)
    table, dropped = complete(everything)
    if table.height < MIN_ROWS:
        raise TooFewValues(f"Column {outcome!r} has {table.height} values; at least {MIN_ROWS} are needed.")
    values, value = floats(table[outcome]), float(plan.params["mu"])
    return OneSample(outcome, values, value, everything.height, dropped, units.get(outcome))


def _share(plan: Plan, parquet: Path) -> ShareSample:
    outcome, level = plan.columns["outcome"], str(plan.params["level"])
    everything = read_columns(parquet, outcome)
    table, dropped = complete(everything)
    counted = {text_of(value): n for value, n in table.group_by(outcome).len("\0rows").iter_rows()}
    if level not in counted:
        named = [name for name in counted if name.casefold() == level.casefold()]
        if len(named) != 1:
            listed = ", ".join(map(repr, sorted(counted, key=natural)[:20]))
            raise UnsuitableData(f"Column {outcome!r} has no value {level!r}; it has {listed}.")
        level = named[0]
    hits, share = int(counted[level]), float(plan.params["share"])
    return ShareSample(outcome, level, hits, table.height, share, everything.height, dropped)


def _repeated(plan: Plan, parquet: Path, units: Units) -> RepeatedSample:
    """Read measures side by side in columns, or one below the other with a column of subjects."""
    roles = plan.columns
    if "subject" in roles:
        return _long(parquet, roles["outcome"], roles["group"], roles["subject"], units)
    # "measure_2" before "measure_10", and "first" before "second", in whatever order they were given
    ordered = sorted(roles, key=lambda role: (len(role), role))
    return _wide(parquet, tuple(roles[role] for role in ordered), units)


def _wide(parquet: Path, measures: tuple[str, ...], units: Units) -> RepeatedSample:
    everything = read_columns(parquet, *measures)
    for measure in measures:
        require_number(everything, measure)
    table, dropped = complete(everything)
    _require_rows(table.height, everything.height, measures)
    found = {units.get(measure) for measure in measures}
    values = np.column_stack([floats(table[measure]) for measure in measures])
    unit = found.pop() if len(found) == 1 else None
    return RepeatedSample(None, measures, values, everything.height, dropped, unit)


def _require_rows(rows: int, total: int, measures: tuple[str, ...]) -> None:
    if rows < MIN_ROWS:
        listed = " and ".join(map(repr, measures))
        raise TooFewValues(
            f"{rows} of {total:,} rows have all of {listed}; comparing them row by row needs {MIN_ROWS}."
        )


def _long(parquet: Path, outcome: str, group: str, subject: str, units: Units) -> RepeatedSample:
    """Set one row a subject and measure side by side, subjects that lack a measure left out."""
    everything = read_columns(parquet, outcome, group, subject)
    require_number(everything, outcome)
    table, dropped = complete(everything)
    names = {value: text_of(value) for value in table[group].unique()}
    if not 2 <= len(names) <= MAX_MEASURES:
        raise UnsuitableData(
            f"Column {group!r} has {len(names)} different values; 2 to {MAX_MEASURES} measures of each "
            "subject can be compared."
        )
    require_single_values(table, outcome, group, subject)
    measures = in_time(sorted(names.values(), key=natural))
    place = {value: measures.index(name) for value, name in names.items()}
    rows = _codes(table[subject])
    columns = np.array([place[value] for value in table[group]], dtype=np.intp)
    values = np.full((int(rows.max(initial=-1)) + 1, len(measures)), np.nan)
    values[rows, columns] = floats(table[outcome])
    whole = ~np.isnan(values).any(axis=1)
    if left_out := table.height - int(whole.sum()) * len(measures):
        dropped[f"{subject} without every value of {group}"] = left_out
    _require_rows(int(whole.sum()), values.shape[0], measures)
    unit = units.get(outcome)
    return RepeatedSample(outcome, measures, values[whole], everything.height, dropped, unit, group)


def require_single_values(table: pl.DataFrame, outcome: str, group: str, subject: str) -> None:
    """Raise `UnsuitableData` where a subject has several values of one measure."""
    counted = table.group_by(subject, group).len("\0rows").filter(pl.col("\0rows") > 1)
    if counted.height:
        who, where, times = counted.sort("\0rows", subject, descending=True).row(0)
        raise UnsuitableData(
            f"{subject!r} {text_of(who)} has {times} values of {outcome!r} where {group!r} is "
            f"{text_of(where)}; each subject needs one value a measure. Average them first."
        )


def _codes(values: pl.Series) -> NDArray[np.intp]:
    """Number the different values from 0."""
    codes: NDArray[np.intp] = (values.cast(pl.String).rank("dense").to_numpy() - 1).astype(np.intp)
    return codes

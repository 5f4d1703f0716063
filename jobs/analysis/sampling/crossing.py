"""How the rows of subjects lie over the levels of a group: once in each, several times, or in one only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from jobs.analysis.results.condition import Condition
from jobs.analysis.sampling.frames import complete, read_columns, selected

NEARLY_ALL = 0.8  # of the subjects; a few that missed a visit leave the design what it is
MOST = 0.5  # of the subjects: from here on they link the levels, and these are not independent
_ROWS, _LEVELS = "\0rows", "\0levels"  # no column of a table is called so


@dataclass(frozen=True)
class Crossing:
    """The complete rows of `subjects` subjects over `levels` levels of a group."""

    subject: str
    group: str
    subjects: int
    levels: int
    in_several: int  # subjects with rows in two and more levels
    in_all: int  # subjects with rows in each level
    most_in_a_level: int  # rows of one subject in one level

    @property
    def is_complete(self) -> bool:
        """Return whether nearly each subject has one row in each level."""
        return self.most_in_a_level == 1 and self.in_all >= NEARLY_ALL * self.subjects

    @property
    def links_levels(self) -> bool:
        """Return whether most subjects have rows in several levels."""
        return self.in_several >= MOST * self.subjects


@dataclass(frozen=True)
class Repeats:
    """How many subjects have complete rows, and how many of them have several."""

    subjects: int
    repeating: int

    @property
    def is_usual(self) -> bool:
        """Return whether most subjects have several rows."""
        return self.repeating >= MOST * self.subjects


def repeats(parquet: Path, subject: str, *others: str, where: Sequence[Condition] = ()) -> Repeats | None:
    """Count the rows of each value of `subject` that are complete in `others`; None where none has two.

    Parameters and errors are those of `crossing`.
    """
    if not where:
        return _repeated(parquet, subject, others)
    named = {subject, *others, *(one.column for one in where)}
    with selected(parquet, named, where) as (rows, _):
        return _repeated(rows, subject, others)


def _repeated(parquet: Path, subject: str, others: Sequence[str]) -> Repeats | None:
    table, _ = complete(read_columns(parquet, subject, *others))
    own = table.group_by(subject).len(_ROWS)
    repeating = own.filter(pl.col(_ROWS) > 1).height
    return Repeats(own.height, repeating) if repeating else None


def crossing(
    parquet: Path, subject: str, group: str, *others: str, where: Sequence[Condition] = ()
) -> Crossing | None:
    """Count how the rows of each value of `subject` lie over the values of `group`.

    Parameters
    ----------
    parquet : Path
        The typed table: a file, or a folder of parts.
    subject, group : str
        Two columns.
    others : str
        Columns without which a row takes no part.
    where : sequence of Condition
        Which rows count; all without one.

    Returns
    -------
    Crossing
        None where no value of `subject` has two rows, or `group` has a single level.

    Raises
    ------
    UnknownColumn, UnsuitableData, TooFewValues
        A column is lacking or named twice; no row fulfils the conditions.
    """
    if not where:
        return _counted(parquet, subject, group, others)
    named = {subject, group, *others, *(one.column for one in where)}
    with selected(parquet, named, where) as (rows, _):
        return _counted(rows, subject, group, others)


def _counted(parquet: Path, subject: str, group: str, others: Sequence[str]) -> Crossing | None:
    table, _ = complete(read_columns(parquet, subject, group, *others))
    cells = table.group_by(subject, group).len(_ROWS)
    of_each = cells.group_by(subject).agg(pl.len().alias(_LEVELS), pl.col(_ROWS).sum())
    levels = cells[group].n_unique()
    if levels < 2 or of_each.height == table.height:
        return None
    return Crossing(
        subject=subject,
        group=group,
        subjects=of_each.height,
        levels=levels,
        in_several=of_each.filter(pl.col(_LEVELS) > 1).height,
        in_all=of_each.filter(pl.col(_LEVELS) == levels).height,
        most_in_a_level=int(cells[_ROWS].to_numpy().max()),
    )

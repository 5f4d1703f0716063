"""The vectors of an index in numbers."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from jobs.indexing.vectors.layout import about, folder_of, missing, reading, size_of


@dataclass(frozen=True)
class VectorStatistics:
    """What an index has of vectors: for how many passages, and for how many not yet.

    `dimensions` is 0 until there is one; `bytes` is the part of the index's size that they are.
    """

    model: str
    dimensions: int
    passages: int
    missing: int
    bytes: int


def vector_statistics(index: Path) -> VectorStatistics | None:
    """Count the vectors of an index; None where there are none, or they cannot be read."""
    try:
        with reading(index) as database:
            state = about(database)
            (passages,) = database.execute("select count(*) from passages").fetchone()
            lacking = missing(database)
    except (sqlite3.Error, FileNotFoundError, TypeError):
        return None
    return VectorStatistics(state.model, state.dimension, passages, lacking, size_of(folder_of(index)))

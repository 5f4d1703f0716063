"""What stands beside the Parquet of a typed table: how it was read, and what it is like."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from jobs.analysis.results.described import ColumnProfile, TableProfile
from jobs.analysis.results.result import Dataset
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.dialect import Dialect

NAME = "schema.json"


@dataclass(frozen=True)
class Kept:
    """Everything about a typed table but its values."""

    dataset: Dataset
    columns: tuple[Column, ...]
    dialect: Dialect
    profile: tuple[ColumnProfile, ...]
    whole: TableProfile


def write(folder: Path, kept: Kept) -> None:
    """Write `kept` into the folder of the table."""
    (folder / NAME).write_bytes(_adapter().dump_json(kept, indent=1))


def read(folder: Path) -> Kept:
    """Return what `write` has written."""
    return _adapter().validate_json((folder / NAME).read_bytes())


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Kept]:
    return TypeAdapter(Kept)

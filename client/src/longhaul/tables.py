"""DataFrames as files, told by what they can do: neither pandas nor polars is imported."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from longhaul.errors import UnusableData


def is_frame(data: object) -> bool:
    """Return whether `data` is a DataFrame of pandas, polars or their like."""
    return any(hasattr(data, name) for name in ("write_parquet", "to_parquet", "to_csv", "collect_schema"))


def write_frame(frame: Any, folder: Path, stem: str) -> Path:
    """Write a DataFrame as Parquet, or as CSV where no writer of Parquet is installed; return the file.

    The index of a pandas DataFrame becomes columns, unless it only counts the rows.

    Raises
    ------
    UnusableData
        It can be written as neither.
    """
    if hasattr(frame, "collect_schema") and hasattr(frame, "collect") and not hasattr(frame, "write_parquet"):
        frame = frame.collect()  # a LazyFrame of polars
    faults: list[str] = []
    for suffix, write in _writers(frame):
        target = folder / f"{stem}{suffix}"
        try:
            write(target)
        except Exception as error:  # noqa: BLE001 - each library has errors of its own for what it lacks
            faults.append(f"{suffix}: {error}")
        else:
            return target
    raise UnusableData(f"The DataFrame cannot be written: {'; '.join(faults) or 'it has no way to'}.")


def _writers(frame: Any) -> list[tuple[str, Callable[[Path], Any]]]:
    """Return the ways to write a frame, the best first."""
    if hasattr(frame, "write_parquet"):
        return [(".parquet", frame.write_parquet), (".csv", frame.write_csv)]
    counts_rows = type(getattr(frame, "index", None)).__name__ == "RangeIndex" and frame.index.name is None
    whole = frame if counts_rows or not hasattr(frame, "reset_index") else frame.reset_index()
    ways: list[tuple[str, Callable[[Path], Any]]] = []
    if hasattr(whole, "to_parquet"):
        ways.append((".parquet", lambda target: whole.to_parquet(target, index=False)))
    if hasattr(whole, "to_csv"):
        ways.append((".csv", lambda target: whole.to_csv(target, index=False)))
    return ways


def scratch_folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder that is gone once it is no longer needed."""
    return tempfile.TemporaryDirectory(prefix="longhaul-")

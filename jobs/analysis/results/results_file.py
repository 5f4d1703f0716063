"""results.json: everything an analysis found, in one file that exists only when it is whole."""

import os
import tempfile
from dataclasses import fields, is_dataclass
from math import isfinite
from pathlib import Path

import orjson

from jobs.analysis.results.result import Analysis

NAME = "results.json"

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def write(analysis: Analysis, project: Path) -> Path:
    """Write `analysis` into `project` and return the path.

    The file appears at once and complete, so that its presence means a complete project. A value that does
    not exist is null; NaN and infinity never stand in it.
    """
    target = project / NAME
    put(target, orjson.dumps(as_json(analysis), option=orjson.OPT_INDENT_2))
    return target


def put(target: Path, content: bytes) -> None:
    """Write a file that is whole or not there, in place of what has its name."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as scratch:
        scratch.write(content)
        scratch.flush()
        os.fsync(scratch.fileno())
    path = Path(scratch.name)
    path.chmod(0o644)  # a temporary file is private; this one is to be served
    path.replace(target)


def as_json(value: object) -> Json:
    """Turn dataclasses, mappings and tuples into what JSON has, numbers of numpy into plain ones.

    Raises
    ------
    TypeError
        The value holds something that JSON has no form for.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "items"):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool | int):
        return plain
    if isinstance(plain, float):
        return plain if isfinite(plain) else None
    raise TypeError(f"results.json cannot hold {type(value).__name__}")

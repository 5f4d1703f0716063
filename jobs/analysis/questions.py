"""The questions that were asked of the tables of a session: one small file each, in a folder of their own."""

from dataclasses import asdict
from pathlib import Path

import orjson

from jobs.analysis.results import results_file
from jobs.analysis.results.asked import Question

FORMAT = "question/1"
SUFFIX = ".json"


def note(folder: Path, name: str, question: Question) -> tuple[Question, ...]:
    """Keep a question under `name`, in place of an earlier one of that name; return the others, oldest first.

    A question is written before the others are read. Of two that are noted at the same moment, on whatever
    machines, at least the later one therefore sees the other, without a lock.
    """
    folder.mkdir(exist_ok=True)
    results_file.put(path_of(folder, name), orjson.dumps({"format": FORMAT, **asdict(question)}))
    files = sorted(folder.glob(f"*{SUFFIX}"), key=_changed)
    return tuple(found for path in files if path.stem != name and (found := _read(path)) is not None)


def path_of(folder: Path, name: str) -> Path:
    """Return where a question is kept, or would be."""
    return folder / f"{name}{SUFFIX}"


def forget(folder: Path, name: str) -> None:
    """Drop the question that was kept under `name`, if there is one."""
    for path in (path_of(folder, name), *folder.glob(f".{name}{SUFFIX}-*")):
        path.unlink(missing_ok=True)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # its job was deleted meanwhile
        return 0


def _read(path: Path) -> Question | None:
    """Return a question; None if it was dropped meanwhile, or is of a version that kept others."""
    try:
        members = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    if members.pop("format", None) != FORMAT:
        return None
    return Question(**members)

"""Checks the files of the full-text index against the check sums that the engine ends each of them with.

These files never change once they are written. So each is read whole once, and again when its size or time
has changed, and all of them after a week, by each process that lives so long: what a disk loses by itself
shows in no time stamp.
"""

import math
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import orjson

from jobs.indexing.index.generations import CHECKED, SEGMENTS
from jobs.indexing.index.seal import check_sum
from jobs.indexing.wording import reason

SUFFIXES: Final = ("idx", "pos", "term", "store", "fast", "fieldnorm")
META: Final = "meta.json"
CHECK_AGAIN_SECONDS: Final = 7 * 24 * 3600.0
REMEMBERED_FILES: Final = 4_096

_END = struct.Struct("<II")  # length of the footer, and the number that ends every such file
_MAGIC = 1337
_MOST_FOOTER_BYTES = 4_096

Known = dict[str, list[int]]
Turn = tuple[float, int]


def damaged_file(place: Path, *, most_bytes: float = math.inf) -> str | None:
    """Say what is wrong with the first file of the documents that is damaged or missing; None if none is.

    Parameters
    ----------
    most_bytes : float
        How much is read, about: a look that comes to its end there is continued by the next one.
    """
    segments, known, turn = place / SEGMENTS, _known(place), _turn(place)
    while True:
        try:
            before = (segments / META).read_bytes()
            names = list(_names(orjson.loads(before)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            return f"{META} cannot be read: {reason(error)}"
        found = _first_fault(segments, names, known, turn, most_bytes)
        with suppress(OSError):
            if found is not None and (segments / META).read_bytes() != before:
                continue  # a run has merged meanwhile
        return found


def _first_fault(segments: Path, names: list[str], known: Known, turn: Turn, most_bytes: float) -> str | None:
    left = most_bytes
    for name in names:
        path, read = segments / name, _as_written.cache_info().misses
        if left <= 0:
            fault = None if path.exists() else f"{name} is missing"
        else:
            fault = _fault(path, known.get(name), turn)
        if fault is not None:
            return fault
        if _as_written.cache_info().misses != read:
            left -= path.stat().st_size
    return None


def segment_names(meta: dict[str, Any]) -> list[list[str]]:
    """List the files of each segment that the engine's list names, in its order."""
    found = []
    for segment in meta["segments"]:
        stem = segment["segment_id"].replace("-", "")
        names = [f"{stem}.{suffix}" for suffix in SUFFIXES]
        if segment["deletes"] is not None:
            names.append(f"{stem}.{segment['deletes']['opstamp']}.del")
        found.append(names)
    return found


def is_sound(path: Path) -> bool:
    """Tell whether a file of a segment is there, and as it was written."""
    return _fault(path, None, _turn(path.parent.parent)) is None


def remember(place: Path) -> None:
    """Note that all files are sound, so that the next look need not read them; they are read now."""
    segments = place / SEGMENTS
    with suppress(OSError, ValueError, KeyError, TypeError):
        names = list(_names(orjson.loads((segments / META).read_bytes())))
        known, turn = _known(place), _turn(place)
        if any(_fault(segments / name, known.get(name), turn) for name in names):
            return
        now = {name: _identity(segments / name) for name in names}
        if now.keys() != known.keys():
            at = _checked_at(place) if known else time.time()
            (place / CHECKED).write_bytes(orjson.dumps({"at": at, "files": now}))


def _names(meta: dict[str, Any]) -> Iterator[str]:
    for names in segment_names(meta):
        yield from names


def _fault(path: Path, known: list[int] | None, turn: Turn) -> str | None:
    try:
        identity = _identity(path)
        sound = identity == known or _as_written(str(path), *identity, turn)
    except OSError as error:
        return f"{path.name} cannot be read: {reason(error)}"
    return None if sound else f"{path.name} is not as it was written"


def _identity(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_ino, status.st_size, status.st_mtime_ns]


@lru_cache(maxsize=REMEMBERED_FILES)
def _as_written(name: str, _inode: int, size: int, _mtime_ns: int, _turn: Turn) -> bool:
    """Compare a file with the check sum at its end."""
    path = Path(name)
    with path.open("rb") as file:
        if size < _END.size:
            return False
        file.seek(size - _END.size)
        length, magic = _END.unpack(file.read(_END.size))
        if magic != _MAGIC or length > min(size - _END.size, _MOST_FOOTER_BYTES):
            return False
        file.seek(size - _END.size - length)
        try:
            expected = orjson.loads(file.read(length))["crc"]
        except (ValueError, KeyError, TypeError):
            return False
    return bool(check_sum(path, but_last=_END.size + length) == expected)


def _known(place: Path) -> Known:
    """Give the files that were found sound not long ago."""
    if _turn(place)[1]:
        return {}
    files = _noted(place).get("files")
    return files if isinstance(files, dict) else {}


def _turn(place: Path) -> Turn:
    """Tell when all files were looked at last, and for how many weeks that has been due again."""
    at = _checked_at(place)
    return at, max(0, int((time.time() - at) // CHECK_AGAIN_SECONDS))


def _checked_at(place: Path) -> float:
    at = _noted(place).get("at")
    return float(at) if isinstance(at, int | float) else 0.0


def _noted(place: Path) -> dict[str, Any]:
    try:
        found = orjson.loads((place / CHECKED).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}

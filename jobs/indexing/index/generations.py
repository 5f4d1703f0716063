"""Where the newest whole state of an index lies, so that it can be built anew beside the one that answers.

An index begins in its own folder. When it is built anew that happens in `next`, and the finished folder is
renamed to `generation-2`, `generation-3` and so on: the one with the highest number counts. A rename happens
or does not, so that whoever looks finds the old index or the new one, each whole, whenever a process dies.
"""

import os
import re
from pathlib import Path
from typing import Final

from jobs.indexing.durable import clear, sync_folder

FILE_NAME: Final = "manifest.db"
SEGMENTS: Final = "segments"
STAMP: Final = "stamp.json"
SEAL: Final = "seal.json"
CHECKED: Final = "checked.json"
NEXT: Final = "next"
# What an index consists of, in its own folder or in that of a generation.
PARTS: Final = (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", SEGMENTS, STAMP, SEAL, CHECKED)

_GENERATION = re.compile(r"generation-([1-9][0-9]{0,8})")


def current(index: Path) -> Path:
    """Give the folder of the manifest and the documents that count; nothing may be in it yet."""
    number, place = _newest(index)
    return place if number else index


def upcoming(index: Path) -> Path:
    """Give the folder in which the index is built anew, which need not exist."""
    return index / NEXT


def adopt(index: Path) -> Path:
    """Let the index that was built beside count from now on; give its folder."""
    number, _ = _newest(index)
    place = index / f"generation-{max(number, 1) + 1}"
    upcoming(index).rename(place)
    sync_folder(index)
    return place


def clear_outlived(index: Path) -> None:
    """Remove what the generations before the current one have left."""
    number, place = _newest(index)
    if not number:
        return
    for name in PARTS:
        clear(index / name)
    for folder in index.glob("generation-*"):
        if folder != place:
            clear(folder)


def exists(index: Path) -> bool:
    """Tell whether there is anything of an index: its list of files, or its documents."""
    place = current(index)
    return (place / FILE_NAME).exists() or (place / SEGMENTS / "meta.json").exists()


def _newest(index: Path) -> tuple[int, Path]:
    try:
        names = os.listdir(index)  # noqa: PTH208 - a few times as fast, and every search looks
    except (FileNotFoundError, NotADirectoryError):
        names = []
    numbers = [int(found[1]) for found in map(_GENERATION.fullmatch, names) if found]
    number = max(numbers, default=0)
    return number, index / f"generation-{number}"

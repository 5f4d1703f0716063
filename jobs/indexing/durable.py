"""Files that are whole or not there, and folders that are there or gone, also after a power cut."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from jobs.errors import Unavailable
from jobs.indexing.wording import reason


def write_durably(path: Path, data: bytes) -> None:
    """Write a file that is whole or not there, also after a power cut.

    Raises
    ------
    Unavailable
        The disk does not take it.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise Unavailable(f"The index could not be written ({reason(error)}); is the disk full?") from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear(path: Path) -> None:
    """Remove a file or a folder; a folder is gone at once, even if somebody still writes into it."""
    gone = path.with_name(f".{path.name}.gone")
    if not gone.exists():  # else it is what a process left that was killed in here
        with suppress(FileNotFoundError):
            path.replace(gone)
    for one in (path, gone):
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)

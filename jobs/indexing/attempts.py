"""Files that attempts of a run write, each its own: `<stem>.0`, `<stem>.1` and so on.

A process that was wrongly thought dead may go on writing beside its successor, perhaps on another machine:
with one file for both it could tear what the other has written, and a lock would make the second wait for a
first that hangs.
"""

import os
from contextlib import suppress
from pathlib import Path


def new_attempt(folder: Path, stem: str) -> int:
    """Make the file of a new attempt; give its descriptor, for writing.

    Raises
    ------
    OSError
        The disk does not take it, or the folder is gone.
    """
    attempt = len(attempts(folder, stem))
    while True:
        path = folder / f"{stem}.{attempt}"
        with suppress(FileExistsError):
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        attempt += 1


def attempts(folder: Path, stem: str) -> list[Path]:
    """List the files of all attempts, the first one first."""
    return sorted(folder.glob(f"{stem}.*"), key=lambda path: int(path.suffix[1:]))

"""Lists the files of a folder."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jobs.errors import BadInput

_LATEST_NS = 2**63 - 1  # the year 2262: what fits the manifest and the index; file systems allow later ones


@dataclass(frozen=True, slots=True)
class File:
    """A regular file. `path` is relative to the root, with "/", and fit to be shown; `location` opens it."""

    path: str
    location: bytes
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Scan:
    """What a folder holds. `unreadable`: folders, with a final "/", that could not be listed, and why."""

    files: tuple[File, ...]
    unreadable: tuple[tuple[str, str], ...]


def scan(root: Path, *, leave_out: Path, found: Callable[[int], None]) -> Scan:
    """List the regular files below a folder, in the order of their paths.

    Links are not followed, and names that begin with a dot are left out, files and folders alike: they are
    the working data of programs (.git, .cache, .~lock). Pipes, sockets and devices are no files.

    Parameters
    ----------
    leave_out : Path
        A folder that is never entered: the index itself, should it lie below the root.
    found : callable
        Told after each folder how many files were found so far; may raise to stop.

    Raises
    ------
    BadInput
        The root is no folder that can be listed.
    """
    try:
        own = _identity(leave_out.stat()) if leave_out.exists() else None
        os.scandir(root).close()
    except OSError as error:
        raise BadInput(
            f"{root}: the folder cannot be listed ({error.strerror}); is the path right?"
        ) from error
    files: dict[str, File] = {}
    unreadable: list[tuple[str, str]] = []
    folders = [os.fsencode(root)]
    while folders:
        folder = folders.pop()
        try:
            for entry in _entries(folder):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode) and _identity(status) != own:
                    folders.append(entry.path)
                elif stat.S_ISREG(status.st_mode):
                    file = _file(entry.path, os.fsencode(root), status, files)
                    files[file.path] = file
        except OSError as error:
            unreadable.append((f"{_shown(folder, os.fsencode(root))}/", error.strerror or str(error)))
        found(len(files))
    return Scan(tuple(files[path] for path in sorted(files)), tuple(sorted(unreadable)))


def _entries(folder: bytes) -> Iterator["os.DirEntry[bytes]"]:
    """Yield what a folder holds in the order of names, but for hidden names and entries that vanished."""
    with os.scandir(folder) as listing:
        entries = sorted(
            (entry for entry in listing if not entry.name.startswith(b".")), key=lambda one: one.name
        )
    for entry in entries:
        try:
            entry.stat(follow_symlinks=False)  # kept by the entry: asking again costs nothing
        except FileNotFoundError:
            continue
        yield entry


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _file(location: bytes, root: bytes, status: os.stat_result, taken: dict[str, File]) -> File:
    path = _shown(location, root)
    while path in taken:  # two names may read the same once their unreadable bytes are spelt out
        stem, suffix = os.path.splitext(path)  # noqa: PTH122 - a path to be shown, not one to be opened
        path = f"{stem}~{suffix}"
    return File(path, location, status.st_size, modified_ns(status))


def modified_ns(status: os.stat_result) -> int:
    """Give the time of the last change in nanoseconds since 1970, bounded to 64 bits."""
    return min(max(status.st_mtime_ns, -_LATEST_NS), _LATEST_NS)


def _shown(location: bytes, root: bytes) -> str:
    """Spell a path below the root; bytes that are not UTF-8 as \\xNN."""
    return (location[len(root) :].lstrip(b"/") or b".").decode("utf-8", "backslashreplace")

"""Lists the files of a folder."""

import os
import stat
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jobs.errors import BadInput
from jobs.indexing.sources.globs import EVERYTHING, Choice
from jobs.indexing.times import modified_ns
from jobs.indexing.wording import reason

# Archives whose members are files of the folder. Those that are documents (.docx, .epub) are read as such.
ARCHIVE_SUFFIXES: Final = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A regular file, or a member of an archive.

    `path` is relative to the root of its source, with "/", and fit to be shown; `location` opens it. That of
    a `member`, by its number in the archive, opens the archive.
    """

    path: str
    location: bytes
    size: int
    mtime_ns: int
    source: str = ""
    member: int | None = None

    @property
    def name(self) -> str:
        """What tells it from every other file of its run."""
        return f"{self.source}/{self.path}"


@dataclass(frozen=True)
class Refusal:
    """A file that is not even read, and why."""

    file: File
    status: str
    reason: str
    detail: str


@dataclass(frozen=True)
class Scan:
    """What a folder holds. `unreadable`: folders, with a final "/", that could not be listed, and why.

    `refused` are members of archives, and archives, that nobody will read.
    """

    source: str
    files: tuple[File, ...]
    unreadable: tuple[tuple[str, str], ...]
    refused: tuple[Refusal, ...] = ()


def scan(
    root: Path,
    *,
    leave_out: Path,
    found: Callable[[int], None],
    source: str = "",
    choice: Choice = EVERYTHING,
) -> Scan:
    """List the regular files below a folder, in the order of their paths.

    Links are not followed, and names that begin with a dot are left out, files and folders alike: they are
    the working data of programs (.git, .cache, .~lock). Pipes, sockets and devices are no files.

    Parameters
    ----------
    leave_out : Path
        A folder that is never entered: the index itself, should it lie below the root.
    found : callable
        Told after each folder how many files were found so far; may raise to stop.
    source : str
        What the index calls the folder.
    choice : Choice
        Which files are meant.

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
            f"{source or root.name}: the folder cannot be listed ({error.strerror}); is it still there?"
        ) from error
    files: dict[str, File] = {}
    unreadable: list[tuple[str, str]] = []
    folders = [os.fsencode(root)]
    while folders:
        folder = folders.pop()
        try:
            for entry in _entries(folder):
                status = entry.stat(follow_symlinks=False)
                path = _shown(entry.path, os.fsencode(root))
                if stat.S_ISDIR(status.st_mode) and _identity(status) != own and choice.enters(path):
                    folders.append(entry.path)
                elif stat.S_ISREG(status.st_mode) and _is_meant(path, choice):
                    path = untaken(path, files)
                    files[path] = File(path, entry.path, status.st_size, modified_ns(status), source)
        except OSError as error:
            unreadable.append((f"{_shown(folder, os.fsencode(root))}/", reason(error)))
        found(len(files))
    return Scan(source, tuple(files[path] for path in sorted(files)), tuple(sorted(unreadable)))


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


def is_archive(path: str) -> bool:
    """Tell by its name whether a file is an archive."""
    return path.lower().endswith(ARCHIVE_SUFFIXES)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _is_meant(path: str, choice: Choice) -> bool:
    """Tell whether a file is meant, or may have members that are."""
    return choice.wants(path) or (is_archive(path) and choice.enters(path))


def untaken(path: str, taken: Container[str]) -> str:
    """Give a path that no other file has: two may read the same once their unreadable bytes are spelt out."""
    while path in taken:
        stem, suffix = os.path.splitext(path)  # noqa: PTH122 - a path to be shown, not one to be opened
        path = f"{stem}~{suffix}"
    return path


def _shown(location: bytes, root: bytes) -> str:
    """Spell a path below the root; bytes that are not UTF-8 as \\xNN."""
    return (location[len(root) :].lstrip(b"/") or b".").decode("utf-8", "backslashreplace")

"""Lists the files of a folder."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jobs.errors import BadInput
from jobs.indexing.extraction.naming import Names
from jobs.indexing.sources.globs import EVERYTHING, Choice
from jobs.indexing.times import modified_ns
from jobs.indexing.wording import UNREADABLE, reason

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

    "./" is the folder itself. An entry of which the system tells nothing at all, not even whether it is a
    file, counts as a folder. `refused` are files, archives and members of archives that nobody will read.
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
    the working data of programs (.git, .cache, .~lock). Pipes, sockets and devices are no files. What the
    system refuses to show costs a row of its own, and nothing beside it.

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
    walk = _Walk(os.fsencode(root), source, choice, own)
    while walk.folders:
        walk.look_into(walk.folders.pop())
        found(len(walk.files))
    return Scan(
        source,
        tuple(sorted(walk.files, key=lambda file: file.path)),
        tuple(sorted(walk.unreadable.items())),
        tuple(walk.refused),
    )


@dataclass
class _Walk:
    """A walk through a folder: what was found so far, and the folders that are to be listed yet."""

    root: bytes
    source: str
    choice: Choice
    own: tuple[int, int] | None
    files: list[File] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folders = [self.root]
        self._names = Names()

    def look_into(self, folder: bytes) -> None:
        """Take in what a folder holds, in the order of names."""
        try:
            with os.scandir(folder) as listing:
                shown = [entry for entry in listing if not entry.name.startswith(b".")]
        except OSError as error:
            self.unreadable[f"{_shown(folder, self.root)}/"] = reason(error)
            return
        for entry in sorted(shown, key=lambda one: one.name):
            path = _shown(entry.path, self.root)
            try:
                self._note(entry, path, entry.stat(follow_symlinks=False))
            except FileNotFoundError:
                continue  # it has gone since
            except OSError as error:
                self._note_unseen(entry, path, reason(error))

    def _note(self, entry: "os.DirEntry[bytes]", path: str, status: os.stat_result) -> None:
        if stat.S_ISDIR(status.st_mode) and _identity(status) != self.own and self.choice.enters(path):
            self.folders.append(entry.path)
        elif stat.S_ISREG(status.st_mode) and _is_meant(path, self.choice):
            path, when = self._names.take(path), modified_ns(status)
            self.files.append(File(path, entry.path, status.st_size, when, self.source))

    def _note_unseen(self, entry: "os.DirEntry[bytes]", path: str, why: str) -> None:
        """Note an entry that cannot be looked at, by the kind that the listing of its folder gives it."""
        try:
            is_file, is_folder = entry.is_file(follow_symlinks=False), entry.is_dir(follow_symlinks=False)
        except OSError:
            is_file, is_folder = False, True
        if is_folder and self.choice.enters(path):
            self.unreadable[f"{path}/"] = why
        elif is_file and _is_meant(path, self.choice):
            file = File(self._names.take(path), entry.path, 0, 0, self.source)
            self.refused.append(Refusal(file, "failed", UNREADABLE, why))


def is_archive(path: str) -> bool:
    """Tell by its name whether a file is an archive."""
    return path.lower().endswith(ARCHIVE_SUFFIXES)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _is_meant(path: str, choice: Choice) -> bool:
    """Tell whether a file is meant, or may have members that are."""
    return choice.wants(path) or (is_archive(path) and choice.enters(path))


def _shown(location: bytes, root: bytes) -> str:
    """Spell a path below the root; bytes that are not UTF-8 as \\xNN."""
    return (location[len(root) :].lstrip(b"/") or b".").decode("utf-8", "backslashreplace")

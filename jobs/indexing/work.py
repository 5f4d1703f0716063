"""Decides what a run has to do with each file, before any is read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from jobs.indexing.children import Task
from jobs.indexing.formats import format_of
from jobs.indexing.frames import Request
from jobs.indexing.limits import Limits
from jobs.indexing.manifest import Row
from jobs.indexing.order import Order
from jobs.indexing.scan import File, Scan
from jobs.indexing.update import Update

_UNLISTED: Final = b""  # the location of what cannot be opened: a folder, or a file that is gone


@dataclass(frozen=True)
class Refusal:
    """A file that is not even read, and why."""

    file: File
    status: str
    reason: str
    detail: str


@dataclass(frozen=True)
class Work:
    """The files of a run by what is to be done with them.

    `files` has those that are or may be read by number: `todo`, large ones first, and `kept`, which are as
    they are known. `gone` are the paths of known files that are no more, `listed` those of folders that
    could not be listed before, and can now.
    """

    files: Mapping[int, File]
    todo: tuple[Task, ...]
    kept: tuple[int, ...]
    refused: tuple[Refusal, ...]
    gone: tuple[str, ...]
    listed: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many files the run has to account for."""
        return len(self.todo) + len(self.kept) + len(self.refused)

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {file.path: number for number, file in self.files.items()}

    def again(self, path: str) -> Task:
        """Make the order to read a file whatever is known of its content."""
        number = self._numbers[path]
        return task(number, self.files[number], None)


def sort_out(
    found: Scan, rows: Mapping[str, Row], limits: Limits, order: Order, *, cut_short: Collection[str]
) -> Work:
    """Sort the files of a folder by what is known of them.

    Parameters
    ----------
    rows : mapping of path to Row
        What is known, without what is in doubt.
    cut_short : collection of paths
        Files whose last commit was cut short, so that nobody knows whether they are indexed.
    """
    if order.only == "failed":
        return _failed_only(found, rows, limits, cut_short=cut_short)
    return _all(found, rows, limits, order)


def _all(found: Scan, rows: Mapping[str, Row], limits: Limits, order: Order) -> Work:
    full = order.mode == "full"
    refused = [Refusal(_nowhere(path), "failed", "unreadable", why) for path, why in found.unreadable]
    todo, kept, files = [], [], dict(enumerate(found.files))
    for number, file in files.items():
        row = rows.get(file.path)
        refusal = _refusal(file, limits)
        if refusal is not None:
            refused.append(refusal)
        elif row is not None and not full and _as_known(file, row):
            kept.append(number)
        else:
            todo.append(task(number, file, None if row is None or full else row.hash))
    gone = _gone(found, rows) if order.remove_deleted else ()
    return Work(files, _large_first(todo), tuple(kept), tuple(refused), gone)


def _failed_only(found: Scan, rows: Mapping[str, Row], limits: Limits, *, cut_short: Collection[str]) -> Work:
    failed = {path for path, row in rows.items() if row.status == "failed"}
    folders = tuple(path for path in failed if path.endswith("/"))  # stand for the files in them
    refused = [
        Refusal(_nowhere(path), "failed", "unreadable", why)
        for path, why in found.unreadable
        if path in failed or path.startswith(folders)
    ]
    todo, files = [], dict(enumerate(found.files))
    for number, file in files.items():
        if file.path in failed or file.path in cut_short or file.path.startswith(folders):
            refusal = _refusal(file, limits)
            if refusal is not None:
                refused.append(refusal)
            else:
                todo.append(task(number, file, None))
    gone = [path for path in _gone(found, rows) if path in failed]
    lost = [path for path in gone if not path.endswith("/")]
    refused += [Refusal(_nowhere(path), "skipped", "vanished", "the file is gone") for path in lost]
    listed = tuple(path for path in gone if path.endswith("/"))
    return Work(files, _large_first(todo), (), tuple(refused), (), listed)


def settle_unread(update: Update, work: Work) -> list[int]:
    """Settle all that needs no reading; list the kept files of which nothing is known any more."""
    for path in (*work.gone, *work.listed):
        if path in update.rows:
            update.remove(path)
    for one in work.refused:
        update.refuse(one.file, one.status, one.reason, one.detail)
    unknown = []
    for number in work.kept:
        file = work.files[number]
        if file.path in update.rows:
            update.keep(file.path, size=file.size, mtime_ns=file.mtime_ns)
        else:
            unknown.append(number)
    return unknown


def task(number: int, file: File, known_hash: str | None) -> Task:
    """Make the order to read a file, of a type that is read."""
    form = format_of(file.path)
    assert form is not None  # noqa: S101 - the others are refused
    return Task(Request(number, file.location, form.name, known_hash), file.size, file.path)


def _refusal(file: File, limits: Limits) -> Refusal | None:
    if format_of(file.path) is None:
        return Refusal(file, "skipped", "unsupported_type", "files of this type are not indexed")
    if file.size > limits.file_bytes:
        detail = f"{file.size:,} bytes, the limit is {limits.file_bytes:,}"
        return Refusal(file, "skipped", "too_large", detail)
    if file.size == 0:
        return Refusal(file, "skipped", "no_text", "the file is empty")
    return None


def _as_known(file: File, row: Row) -> bool:
    """Tell whether a file needs no reading. One that could not be read (it has no hash) is tried again."""
    return row.hash is not None and (row.size, row.mtime_ns) == (file.size, file.mtime_ns)


def _gone(found: Scan, rows: Mapping[str, Row]) -> tuple[str, ...]:
    present = {file.path for file in found.files} | {path for path, _ in found.unreadable}
    hidden = tuple(path for path, _ in found.unreadable)  # nobody knows whether their files are gone
    return tuple(path for path in rows if path not in present and not path.startswith(hidden))


def _large_first(todo: list[Task]) -> tuple[Task, ...]:
    """Put large files first, so that none is left for the end alone."""
    return tuple(sorted(todo, key=lambda one: -one.size))


def _nowhere(path: str) -> File:
    return File(path, _UNLISTED, 0, 0)

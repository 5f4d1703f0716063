"""Decides what a run has to do with each file, before any is read."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from jobs.indexing.extraction.children import Task
from jobs.indexing.extraction.frames import Request
from jobs.indexing.formats import format_of
from jobs.indexing.index.manifest import Manifest, Row
from jobs.indexing.limits import Limits
from jobs.indexing.runs.updates import Updates
from jobs.indexing.sources.archives import PASSING
from jobs.indexing.sources.order import Order
from jobs.indexing.sources.scan import File, Refusal, Scan, is_archive
from jobs.indexing.wording import UNREADABLE

ROOT: Final = "."  # the source itself, among the folders that could not be listed
_UNLISTED: Final = b""  # the location of what cannot be opened: a folder, or a file that is gone


Key = tuple[str, str]  # the source and the path of a file


@dataclass(frozen=True)
class Known:
    """What is known of a source: its rows by path, without those in doubt.

    `cut_short` are the files whose last commit was cut short, so that nobody knows whether they are indexed.
    """

    rows: Mapping[str, Row]
    cut_short: Collection[str] = ()


@dataclass(frozen=True)
class Work:
    """The files of a run by what is to be done with them.

    `files` has those that are or may be read by number: `todo`, large ones first, and `kept`, which are as
    they are known. `gone` are known files that are no more, or are not meant any more, `listed` folders and
    archives that could not be listed before, and can now.
    """

    files: Mapping[int, File]
    todo: tuple[Task, ...]
    kept: tuple[int, ...]
    refused: tuple[Refusal, ...]
    gone: tuple[Key, ...]
    listed: tuple[Key, ...] = ()

    @property
    def total(self) -> int:
        """How many files the run has to account for."""
        return len(self.todo) + len(self.kept) + len(self.refused)

    @cached_property
    def _numbers(self) -> Mapping[Key, int]:
        return {(file.source, file.path): number for number, file in self.files.items()}

    def again(self, key: Key) -> Task:
        """Make the order to read a file whatever is known of its content."""
        number = self._numbers[key]
        return task(number, self.files[number], None)


def sort_out(found: Sequence[Scan], known: Mapping[str, Known], limits: Limits, order: Order) -> Work:
    """Sort the files of all places by what is known of them.

    Parameters
    ----------
    known : mapping of source to Known
        The sources of `found`, and those that are gone as a whole.
    """
    begin, parts = 0, []
    for one in found:
        sort = _failed_only if order.only == "failed" else _all
        parts.append(sort(one, known.get(one.source, _NOTHING), limits, order, begin))
        begin += len(one.files)
    gone = [key for part in parts for key in part.gone]
    if order.only == "all" and order.remove_deleted:
        gone += [
            (source, path)
            for source in known.keys() - {one.source for one in found}
            for path in known[source].rows
        ]
    return Work(
        files={number: file for part in parts for number, file in part.files.items()},
        todo=_large_first([task for part in parts for task in part.todo]),
        kept=tuple(number for part in parts for number in part.kept),
        refused=tuple(refusal for part in parts for refusal in part.refused),
        gone=tuple(gone),
        listed=tuple(key for part in parts for key in part.listed),
    )


_NOTHING: Final = Known({})


def involved(found: Sequence[Scan], manifest: Manifest, order: Order) -> list[str]:
    """List the sources of a run: those that were scanned, and those of its family that are gone.

    Of a family those count that hold something, or did.
    """
    if not order.family:
        return [one.source for one in found]
    holding = {one.source for one in found if one.files or one.unreadable or one.refused}
    return sorted(holding | {source for source in manifest.sources() if source.startswith(order.family)})


def _all(found: Scan, known: Known, limits: Limits, order: Order, begin: int) -> Work:
    full, rows = order.mode == "full", known.rows
    refused = [*_unlistable(found), *found.refused]
    todo, kept, files = [], [], dict(enumerate(found.files, begin))
    for number, file in files.items():
        row = rows.get(file.path)
        refusal = _refusal(file, limits)
        if refusal is not None:
            refused.append(refusal)
        elif row is not None and not full and _as_known(file, row):
            kept.append(number)
        else:
            todo.append(task(number, file, None if row is None or full else row.hash))
    gone = tuple(
        (found.source, path)
        for path in _absent(found, rows)
        if order.remove_deleted or not order.choice.wants(path.rstrip("/"))
    )
    return Work(files, tuple(todo), tuple(kept), tuple(refused), gone)


def _failed_only(found: Scan, known: Known, limits: Limits, order: Order, begin: int) -> Work:  # noqa: ARG001 - as _all
    failed = {path for path, row in known.rows.items() if row.status == "failed" or row.reason == UNREADABLE}
    # A folder or an archive that could not be listed stands for the files in it.
    inside = tuple(f"{path.rstrip('/')}/" for path in failed if path.endswith("/") or is_archive(path))
    refused = [
        one
        for one in (*_unlistable(found), *found.refused)
        if one.file.path in failed or one.file.path.startswith(inside)
    ]
    todo, files = [], dict(enumerate(found.files, begin))
    for number, file in files.items():
        if file.path in failed or file.path in known.cut_short or file.path.startswith(inside):
            refusal = _refusal(file, limits)
            if refusal is not None:
                refused.append(refusal)
            else:
                todo.append(task(number, file, None))
    gone = [path for path in _absent(found, known.rows) if path in failed]
    seen = {file.path for file in found.files} | {one.file.path for one in found.refused}
    opened = [path for path in gone if path.endswith("/") or _has_inside(path, seen)]
    for path in gone:
        if path not in opened:
            file = _nowhere(path, found.source)
            refused.append(Refusal(file, "skipped", "vanished", "the file is gone"))
    listed = tuple((found.source, path) for path in opened)
    return Work(files, tuple(todo), (), tuple(refused), (), listed)


def _has_inside(path: str, paths: Collection[str]) -> bool:
    """Tell whether an archive that could not be opened before has shown members now."""
    return is_archive(path) and any(one.startswith(f"{path}/") for one in paths)


def _unlistable(found: Scan) -> list[Refusal]:
    return [
        Refusal(_nowhere(path, found.source), "failed", UNREADABLE, why) for path, why in found.unreadable
    ]


def settle_unread(update: Updates, work: Work) -> list[int]:
    """Settle all that needs no reading; list the kept files of which nothing is known any more."""
    for source, path in (*work.gone, *work.listed):
        part = update.part(source)
        if path in part.rows:
            part.remove(path)
    for one in work.refused:
        update.part(one.file.source).refuse(one.file, one.status, one.reason, one.detail)
    unknown = []
    for number in work.kept:
        file = work.files[number]
        part = update.part(file.source)
        if file.path in part.rows:
            part.keep(file.path, size=file.size, mtime_ns=file.mtime_ns)
        else:
            unknown.append(number)
    return unknown


def task(number: int, file: File, known_hash: str | None) -> Task:
    """Make the order to read a file, of a type that is read."""
    form = format_of(file.path)
    assert form is not None  # noqa: S101 - the others are refused
    request = Request(number, file.location, form.name, known_hash)
    return Task(request, file.size, file.name, file.member)


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
    """Tell whether a file needs no reading. One that could not be read is tried again."""
    read = row.hash is not None and row.reason != UNREADABLE
    return read and (row.size, row.mtime_ns) == (file.size, file.mtime_ns)


def _absent(found: Scan, rows: Mapping[str, Row]) -> Iterator[str]:
    """Yield the known paths that are no file of the run, but for those that are out of sight."""
    present = {file.path for file in found.files} | {one.file.path for one in found.refused}
    present |= {path for path, _ in found.unreadable}
    sight = Sight((one.file.path, one.status, one.reason) for one in (*_unlistable(found), *found.refused))
    return (path for path in rows if path not in present and not sight.lacks(path))


class Sight:
    """What of a source could be looked at: whatever could not is not known to be gone.

    That is what lies in a folder that could not be listed, or in an archive that could not be opened for a
    reason that may pass. `outcomes` are path, status and reason of files and folders.
    """

    def __init__(self, outcomes: Iterable[tuple[str, str, str | None]]) -> None:
        self._hidden = {
            path.rstrip("/")
            for path, status, reason in outcomes
            if status == "failed" and reason in PASSING - {"vanished"}
        }

    def lacks(self, path: str) -> bool:
        """Tell whether nobody knows what has become of a file."""
        if not self._hidden:
            return False
        at = path.rstrip("/")
        while at and at not in self._hidden:
            at = at.rpartition("/")[0]
        return at != "" or ROOT in self._hidden


def _large_first(todo: list[Task]) -> tuple[Task, ...]:
    """Put large files first, so that none is left for the end alone."""
    return tuple(sorted(todo, key=lambda one: -one.size))


def _nowhere(path: str, source: str) -> File:
    return File(path, _UNLISTED, 0, 0, source)

"""Index a folder: the whole of an indexing job, from the scan to the last commit."""

import fcntl
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from jobs.errors import BrokenIndex, IndexBusy
from jobs.indexing.children import Children, Task
from jobs.indexing.engine import Writer, discard, size_on_disk
from jobs.indexing.formats import format_of
from jobs.indexing.frames import Request
from jobs.indexing.limits import Limits
from jobs.indexing.manifest import FILE_NAME, SEGMENTS, Manifest, Row
from jobs.indexing.scan import File, Scan, scan
from jobs.indexing.update import Update
from jobs.progress import Progress, Report, silent

__all__ = ["IndexingResult", "Limits", "Mode", "Problem", "index_folder"]

Mode = Literal["incremental", "full"]

MAXIMUM_PROBLEMS: Final = 200  # the manifest lists them all
SCAN_PERCENT, EXTRACT_PERCENT, LAST_PERCENT = 5.0, 95.0, 99.0


@dataclass(frozen=True)
class Problem:
    """A file that is not in the index, and why. `status` is "skipped" or "failed"."""

    path: str
    status: str
    reason: str
    detail: str | None


@dataclass(frozen=True)
class IndexingResult:
    """What a run did: indexed + unchanged + skipped + failed + duplicate = total = processed.

    `removed` are files that were indexed and are gone. `chunks`, `characters`, `bytes` and `by_type` (format
    to number of documents) tell of the documents of this source that can be searched after the run, the
    unchanged included. `index_bytes` is the size of the whole index on disk. `problems` are the first 200,
    failures before skipped files.
    """

    index: str
    total: int
    indexed: int
    unchanged: int
    skipped: int
    failed: int
    duplicate: int
    removed: int
    processed: int
    chunks: int
    characters: int
    bytes: int
    by_type: Mapping[str, int]
    index_bytes: int
    problems: tuple[Problem, ...]


def index_folder(  # noqa: PLR0913 - two by position; each other is a choice of the caller
    root: Path,
    index: Path,
    *,
    name: str,
    source: str,
    mode: Mode = "incremental",
    remove_deleted: bool = True,
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    report: Report = silent,
) -> IndexingResult:
    """Bring an index in line with the files of a folder.

    A file that cannot be read is a result, counted and listed with its reason. A run that is killed at any
    moment loses at most the work since the last commit; the next one continues, to the same index.

    Parameters
    ----------
    root : Path
        The folder. Hidden files and folders are left out, links are not followed.
    index : Path
        Folder of the index, on a local disk; made when it does not exist.
    name : str
        What the user calls the index, for the result.
    source : str
        Where the files come from ("folder:docs/2026"). An index can hold several sources; a run touches its
        own.
    mode : "incremental" or "full"
        Read what has changed, by size and time and then by content; or read every file again, in place, while
        the old documents stay searchable. Full also builds a damaged or outdated index anew: the documents of
        other sources are then gone until those are indexed again.
    remove_deleted : bool
        Take documents out whose files are gone.
    processes : int, at least 1
        Extraction processes that run at the same time.
    report : Report
        Told of each file; what it raises stops the run, and the index stays as it was at the last commit.

    Raises
    ------
    BadInput
        The folder cannot be listed.
    IndexBusy
        Another run is writing this index.
    BrokenIndex
        The index is damaged, and `mode` is not full.
    Unavailable
        The disk is full, or extraction processes do not start.
    """
    root = root.absolute()  # the extraction processes work in another folder
    index.mkdir(parents=True, exist_ok=True)
    with ExitStack() as resources:
        resources.enter_context(_exclusive(index))
        found = scan(root, leave_out=index, found=lambda number: report(_scanning(number)))
        manifest, writer = _opened(index, mode)
        resources.enter_context(closing(manifest))
        resources.enter_context(closing(writer))
        update = Update(manifest, writer, source)
        update.recover()
        if remove_deleted:
            _remove_vanished(update, found)
        todo = _sort_out(update, found, limits, full=mode == "full")
        with Children(max(1, processes), limits) as children:
            _extract(children, update, found, todo, report)
        report(_progress(update, "commit", EXTRACT_PERCENT, "Writing the index"))
        update.finish()
        writer.close()
        manifest.close()
        report(_progress(update, "commit", LAST_PERCENT, "The index is written"))
        return _result(name, index, update)


@contextmanager
def _exclusive(index: Path) -> Iterator[None]:
    """Hold the index for one writer; the kernel lets go of it when the process dies."""
    with (index / "writer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusy("Another job is writing this index; try again when it has ended.") from error
        yield


def _opened(index: Path, mode: Mode) -> tuple[Manifest, Writer]:
    try:
        return _open(index)
    except BrokenIndex:
        if mode != "full":
            raise
    discard(index / SEGMENTS)
    for suffix in ("", "-wal", "-shm"):
        (index / f"{FILE_NAME}{suffix}").unlink(missing_ok=True)
    return _open(index)


def _open(index: Path) -> tuple[Manifest, Writer]:
    """Open manifest and index, which are worth nothing without each other."""
    segments = index / SEGMENTS
    if not (index / FILE_NAME).exists():
        discard(segments)  # nobody could tell any more what these documents are
    manifest = Manifest(index)
    try:
        return manifest, Writer(segments, new=manifest.empty())
    except BrokenIndex:
        manifest.close()
        raise


def _remove_vanished(update: Update, found: Scan) -> None:
    present = {file.path for file in found.files} | {path for path, _ in found.unreadable}
    hidden = tuple(path for path, _ in found.unreadable)  # nobody knows whether their files are gone
    for path in [path for path in update.rows if path not in present]:
        if not path.startswith(hidden):
            update.remove(path)


def _sort_out(update: Update, found: Scan, limits: Limits, *, full: bool) -> list[Task]:
    """Settle the files whose fate is known without reading them; list the others, numbered as found."""
    for path, why in found.unreadable:
        update.refuse(File(path, b"", 0, 0), "failed", "unreadable", why)
    todo = []
    for number, file in enumerate(found.files):
        form, row = format_of(file.path), update.rows.get(file.path)
        if form is None:
            update.refuse(file, "skipped", "unsupported_type", "files of this type are not indexed")
        elif file.size > limits.file_bytes:
            detail = f"{file.size:,} bytes, the limit is {limits.file_bytes:,}"
            update.refuse(file, "skipped", "too_large", detail)
        elif file.size == 0:
            update.refuse(file, "skipped", "no_text", "the file is empty")
        elif row is not None and not full and _as_known(file, row):
            update.keep(file.path, size=file.size, mtime_ns=file.mtime_ns)
        else:
            known = None if row is None or full else row.hash
            todo.append(Task(Request(number, file.location, form.name, known), file.size))
    return sorted(
        todo, key=lambda task: -task.size
    )  # large ones first, so that none is left for the end alone


def _as_known(file: File, row: Row) -> bool:
    """Tell whether a file needs no reading. One that could not be read (it has no hash) is tried again."""
    return row.hash is not None and (row.size, row.mtime_ns) == (file.size, file.mtime_ns)


def _extract(children: Children, update: Update, found: Scan, todo: Sequence[Task], report: Report) -> None:
    """Read the files of `todo`, then those that inherit a content whose indexed path has changed."""
    numbers = {file.path: number for number, file in enumerate(found.files)}
    report(_extracting(update, found, None))
    while todo := todo or [_again(numbers[path], found) for path in update.orphans()]:
        for answer in children.extract(todo):
            if answer is not None:
                update.settle(found.files[answer.number], answer)
                update.commit_if_due()
            report(_extracting(update, found, children.in_hand()))
        todo = []


def _again(number: int, found: Scan) -> Task:
    file = found.files[number]
    form = format_of(file.path)
    assert form is not None  # noqa: S101 - it was read before
    return Task(Request(number, file.location, form.name, None), file.size)


def _scanning(number: int) -> Progress:
    share = number / (number + 1_000)  # the end is not known: always forward, never beyond
    return Progress("scan", SCAN_PERCENT * share, f"Found {number:,} files", None, number, None)


def _extracting(update: Update, found: Scan, number: int | None) -> Progress:
    done, total = len(update.outcomes), len(found.files) + len(found.unreadable)
    percent = SCAN_PERCENT + (EXTRACT_PERCENT - SCAN_PERCENT) * (done / total if total else 1.0)
    message = f"Indexing {min(done + 1, total)} of {total}"
    current = None if number is None else found.files[number].path
    return Progress("extract", percent, message, current, done, total, update.counts)


def _progress(update: Update, stage: str, percent: float, message: str) -> Progress:
    done = len(update.outcomes)
    return Progress(stage, percent, message, None, done, done, update.counts)


def _result(name: str, index: Path, update: Update) -> IndexingResult:
    rows = [update.rows[path] for path in update.outcomes]
    held = [row for row in rows if row.status == "indexed"]
    refused = sorted((row for row in rows if row.reason is not None), key=lambda row: (row.status, row.path))
    return IndexingResult(
        index=name,
        total=len(rows),
        **update.counts,
        removed=update.removed,
        processed=len(rows),
        chunks=sum(row.chunks for row in held),
        characters=sum(row.characters for row in held),
        bytes=sum(row.size for row in held),
        by_type=dict(sorted(Counter(row.format for row in held).items())),
        index_bytes=size_on_disk(index),
        problems=tuple(
            Problem(r.path, r.status, r.reason or "", r.detail) for r in refused[:MAXIMUM_PROBLEMS]
        ),
    )

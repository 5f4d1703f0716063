"""Pages of the account of a run: its own rows, live or kept, or else what the index knows of its sources."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath
from typing import Final

from jobs.errors import NotFound
from jobs.indexing.index import manifest
from jobs.indexing.index.manifest import FileRow
from jobs.indexing.index.ownership import working_folder
from jobs.indexing.runs.ledger import Cursor, LedgerRow, live_rows, sealed_rows

_PAGE_ROWS: Final = 1_000


@dataclass(frozen=True)
class Wanted:
    """Which rows are asked for: None and empty for all.

    `extension` is in lower case, without a dot; `text` is looked for in paths, whatever the case of letters.
    """

    status: str | None = None
    reason: str | None = None
    extension: str | None = None
    text: str = ""

    def fits(self, row: LedgerRow) -> bool:
        """Tell whether a row is asked for."""
        return (
            self.status in (None, row.status)
            and self.reason in (None, row.reason)
            and (self.extension is None or PurePath(row.path).suffix.lower() == f".{self.extension}")
            and self.text.casefold() in row.path.casefold()
        )


@dataclass(frozen=True)
class Page:
    """Rows by path and source. `more` tells whether others follow.

    `origin` tells whence they come: "live", "job" (as the run left them) or "index" (as the newest run of
    each source left them).
    """

    rows: tuple[LedgerRow, ...]
    more: bool
    origin: str


def page(
    index: Path,
    run: str,
    covers: Callable[[str], bool],
    wanted: Wanted,
    *,
    after: Cursor | None = None,
    limit: int = 100,
    ended: bool = True,
) -> Page:
    """Return rows of a run.

    Parameters
    ----------
    covers : callable
        Whether files of a source are of this run; asked where the rows of the run are not kept.
    ended : bool
        Whether the run has ended: one that has not has no other rows than its own.
    """
    rows, origin = _rows(index, run, covers, after, ended=ended)
    fitting = (row for row in rows if (after is None or row.key > after) and wanted.fits(row))
    found = list(islice(fitting, limit + 1))
    return Page(tuple(found[:limit]), len(found) > limit, origin)


def _rows(
    index: Path, run: str, covers: Callable[[str], bool], after: Cursor | None, *, ended: bool
) -> tuple[Iterable[LedgerRow], str]:
    kept = sealed_rows(index, run, after=after)
    if kept is not None:
        return kept, "job"
    if not ended:
        return live_rows(working_folder(index, run)) or (), "live"
    return (row for row in _of_index(index, after) if covers(row.source)), "index"


def _of_index(index: Path, after: Cursor | None) -> Iterator[LedgerRow]:
    """Yield what the index knows of its files; nothing where there is no index."""
    last = None if after is None or not after[0] else _before(after[0])
    while True:
        try:
            rows = manifest.files(index, after=last, limit=_PAGE_ROWS)
        except NotFound:
            return
        yield from map(_row, rows)
        if len(rows) < _PAGE_ROWS:
            return
        last = rows[-1].path


def _before(path: str) -> str | None:
    """Give a text that sorts before a path, and behind all that do not begin as it does but for its end."""
    return path[:-1] or None


def _row(row: FileRow) -> LedgerRow:
    return LedgerRow(
        path=row.path,
        source=row.source,
        status=row.status,
        reason=row.reason,
        detail=row.detail,
        stage="extract" if row.milliseconds or row.chunks else "scan",
        milliseconds=row.milliseconds,
        bytes=row.bytes,
        hash=None,
        format=None,
        title=None,
        pages=None,
        chunks=row.chunks,
        mtime_ns=round(row.modified_at.timestamp() * 10**9),
    )

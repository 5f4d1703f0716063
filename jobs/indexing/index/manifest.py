"""What an index knows of each file: one row a file, in SQLite beside the full-text index.

The full-text index is committed first and the manifest after it. What is about to be committed is noted here
before (`pending`), so that a run that was killed in between is made good by the next one: it deletes those
documents and reads those files again.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path

from jobs.indexing.index.engine import SCHEMA_VERSION
from jobs.indexing.index.faults import broken, is_of_the_disk, unwritable
from jobs.indexing.index.generations import FILE_NAME
from jobs.indexing.index.manifest_reading import LOCK_SECONDS, reading_manifest
from jobs.indexing.index.seal import break_seal, seal

DEFINITION = """
create table if not exists files(
    source text not null, path text not null, status text not null, size integer not null, mtime_ns integer
    not null, hash text, format text not null, reason text, detail text, chunks integer not null, characters
    integer not null, milliseconds integer not null, run integer not null, language text not null,
    primary key (source, path)) without rowid;
create index if not exists files_by_path on files(path, source);
create index if not exists files_by_hash on files(source, hash) where status = 'indexed';
create table if not exists pending(source text not null, path text not null, primary key (source, path))
without rowid; create table if not exists runs(run integer primary key autoincrement, source text not null,
finished_at real);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One file as the manifest keeps it. `hash` is None where the content was never read."""

    path: str
    status: str  # indexed, skipped, failed, duplicate
    size: int
    mtime_ns: int
    hash: str | None
    format: str
    reason: str | None
    detail: str | None
    chunks: int
    characters: int
    milliseconds: int
    run: int
    language: str = ""  # of ISO 639-1, where it is known


@dataclass(frozen=True)
class FileRow:
    """One file of an index, as its user sees it.

    `status` is indexed, unchanged (indexed by an earlier run, and found the same by the last one), skipped,
    failed or duplicate (its content is indexed under another path, which `detail` names). `milliseconds` is
    how long the extraction took. `run` counts the runs on this index; the file's row is of that run.
    """

    path: str
    source: str
    status: str
    reason: str | None
    detail: str | None
    bytes: int
    chunks: int
    milliseconds: int
    modified_at: datetime
    run: int


_NAMES = [field.name for field in fields(Row)]
_COLUMNS = ", ".join(_NAMES)
_values = attrgetter(*_NAMES)


def document_id(source: str, path: str) -> str:
    """Give a document's id: 32 hexadecimal digits of where it comes from."""
    return blake2b(f"{source}\0{path}".encode(), digest_size=16).hexdigest()


class Manifest:
    """The manifest, opened for writing by the one run that holds the index.

    Raises
    ------
    BrokenIndex
        The file is no manifest.
    """

    def __init__(self, place: Path) -> None:
        self._place, self._open = place, True
        break_seal(place)
        self._database = sqlite3.connect(place / FILE_NAME, isolation_level=None, timeout=LOCK_SECONDS)
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._database.close()
            raise unwritable(error) if is_of_the_disk(error) else broken(str(error)) from error

    def _prepare(self) -> None:
        self._database.execute("pragma journal_mode = wal")
        # Commits are rare, and each must outlive a power cut as the full-text index does.
        self._database.execute("pragma synchronous = full")
        self._database.executescript(DEFINITION)
        self._database.execute(f"pragma user_version = {SCHEMA_VERSION:d}")

    def close(self) -> None:
        """Close the database, the documents being closed; an open transaction is undone.

        Safe to be called again.
        """
        self._database.close()
        if self._open:
            self._open = False
            seal(self._place)

    def empty(self) -> bool:
        """Tell whether no document of any source is noted."""
        found = self._database.execute("select 1 from files where status = 'indexed' limit 1").fetchone()
        return found is None and self._database.execute("select 1 from pending limit 1").fetchone() is None

    def begin_run(self, source: str, run: int | None = None) -> int:
        """Number a new run, or go on with the number of one that was cut off."""
        with self._transaction():
            added = self._database.execute(
                "insert or ignore into runs(run, source) values(?, ?)", (run, source)
            )
        return int(added.lastrowid or 0) if run is None else run

    def has_ended(self, source: str) -> bool:
        """Tell whether a run on a source has come to its end."""
        question = "select 1 from runs where source = ? and finished_at is not null limit 1"
        return self._database.execute(question, (source,)).fetchone() is not None

    def forget_source(self, source: str) -> None:
        """Forget the runs of a source whose files have left the index."""
        with self._transaction():
            self._database.execute("delete from runs where source = ?", (source,))

    def end_run(self, run: int) -> None:
        """Note when a run ended, and forget the earlier ones of its source."""
        now = datetime.now(UTC).timestamp()
        with self._transaction():
            self._database.execute("update runs set finished_at = ? where run = ?", (now, run))
            self._database.execute(
                "delete from runs where run < ?1 and source = (select source from runs where run = ?1)",
                (run,),
            )

    def rows(self, source: str) -> dict[str, Row]:
        """Load the rows of one source by path."""
        found = self._database.execute(f"select {_COLUMNS} from files where source = ?", (source,))  # noqa: S608 - our own
        return {row[0]: Row(*row) for row in found}

    def sources(self) -> list[str]:
        """List the sources that hold files, or may."""
        found = self._database.execute("select source from files union select source from pending")
        return [source for (source,) in found]

    def pending(self, source: str) -> list[str]:
        """List the paths whose last commit was cut short."""
        found = self._database.execute("select path from pending where source = ?", (source,))
        return [path for (path,) in found]

    def note_pending(self, source: str, paths: Iterable[str]) -> None:
        """Note what the coming commit of the full-text index touches."""
        with self._transaction():
            self._database.executemany(
                "insert or ignore into pending values(?, ?)", ((source, path) for path in paths)
            )

    def record(self, source: str, rows: Mapping[str, Row | None]) -> None:
        """Replace the rows of these paths, None removing one, once the full-text index is committed."""
        kept = [(source, *_values(row)) for row in rows.values() if row is not None]
        gone = [(source, path) for path, row in rows.items() if row is None]
        marks = ", ".join("?" * (len(fields(Row)) + 1))
        with self._transaction():
            self._database.executemany("delete from files where source = ? and path = ?", gone)
            self._database.executemany(
                f"insert or replace into files(source, {_COLUMNS}) values({marks})", kept
            )
            self._database.execute("delete from pending where source = ?", (source,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._database.execute("begin immediate")
            yield
            self._database.execute("commit")
        except sqlite3.Error as error:
            raise unwritable(error) from error
        finally:
            if self._database.in_transaction:
                self._database.execute("rollback")


def files(
    index: Path,
    *,
    source: str | None = None,
    status: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> tuple[FileRow, ...]:
    """List the files of an index by path.

    Parameters
    ----------
    source : str, optional
        Only files that came from there.
    status : str, optional
        Only indexed, unchanged, skipped, failed or duplicate ones.
    after : str, optional
        Only paths beyond this one: the last path of the page before.
    limit : int
        Rows a page. Rows of one path in several sources stay together, so a page may be longer by those.

    Raises
    ------
    NotFound
        There is no index.
    BrokenIndex
        The manifest is damaged.
    """
    with reading_manifest(index) as database:
        found = database.execute(
            _PAGE, {"source": source, "status": status, "after": after, "limit": max(1, limit)}
        )
        return tuple(_file_row(row) for row in found)


# A document that the last run of its source found unchanged needed no new row: its status follows from the
# numbers.
_VISIBLE = """
select path, source,
    case when status = 'indexed'
        and run < (select max(run) from runs where runs.source = f.source and finished_at is not null)
        then 'unchanged' else status end as status,
    reason,
    case when status = 'duplicate' then (select 'the same content as ' || o.path from files o
        where o.source = f.source and o.hash = f.hash and o.format = f.format and o.status = 'indexed')
        else detail end as detail,
    size, chunks, milliseconds, mtime_ns, run
from files f
"""
_FILTER = (
    "where (:status is null or status = :status) and (:source is null or source = :source)"
    " and (:after is null or path > :after) order by path, source"
)
_PAGE = f"""
with visible as ({_VISIBLE}), page as (select * from visible {_FILTER} limit :limit)
select * from visible where path <= (select max(path) from page) and path >= (select min(path) from page)
and (:status is null or status = :status) and (:source is null or source = :source) order by path, source
"""  # noqa: S608 - constants


def _file_row(row: tuple[str, str, str, str | None, str | None, int, int, int, int, int]) -> FileRow:
    path, source, status, reason, detail, size, chunks, milliseconds, mtime_ns, run = row
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=mtime_ns // 1000)
    return FileRow(path, source, status, reason, detail, size, chunks, milliseconds, moment, run)

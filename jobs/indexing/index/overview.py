"""An index in numbers, for whoever decides what to keep, to rename or to remove."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jobs.errors import BrokenIndex
from jobs.indexing.index.engine import size_on_disk
from jobs.indexing.index.manifest_reading import reading_manifest


@dataclass(frozen=True)
class SourceStatistics:
    """What an index holds of one source. `updated_at`: when a run on it last ended, None before the first.

    `problems` are the files that were skipped or failed.
    """

    source: str
    documents: int
    chunks: int
    problems: int
    updated_at: datetime | None


@dataclass(frozen=True)
class IndexStatistics:
    """An index in numbers. `bytes` is its size on disk; `updated_at` is None before the first run ended.

    `by_type` counts documents by format, `by_language` by code of ISO 639-1, with "" for those of which
    nobody knows it.
    """

    documents: int
    chunks: int
    bytes: int
    updated_at: datetime | None
    schema_version: int
    problems: int
    by_type: Mapping[str, int]
    by_language: Mapping[str, int]
    sources: tuple[SourceStatistics, ...]


def statistics(index: Path) -> IndexStatistics:
    """Count what an index holds.

    Raises
    ------
    NotFound
        There is no index.
    BrokenIndex
        Its list of files is damaged.
    """
    with reading_manifest(index) as database:
        (version,) = database.execute("pragma user_version").fetchone()
        sources = _sources(database)
        by_type = _counted(database, "format")
        by_language = _counted(database, "language") if _has_languages(database) else {}
    moments = [one.updated_at for one in sources if one.updated_at is not None]
    return IndexStatistics(
        documents=sum(one.documents for one in sources),
        chunks=sum(one.chunks for one in sources),
        bytes=size_on_disk(index),
        updated_at=max(moments, default=None),
        schema_version=version,
        problems=sum(one.problems for one in sources),
        by_type=by_type,
        by_language=by_language,
        sources=sources,
    )


def statistics_or_none(index: Path) -> IndexStatistics | None:
    """Count what an index holds; None where its list of files is too damaged for that.

    Raises
    ------
    NotFound
        There is no index.
    """
    try:
        return statistics(index)
    except BrokenIndex:
        return None


def _sources(database: sqlite3.Connection) -> tuple[SourceStatistics, ...]:
    found = database.execute("""
        select source, sum(status = 'indexed'), sum(case status when 'indexed' then chunks else 0 end),
            sum(status in ('skipped', 'failed')),
            (select max(finished_at) from runs where runs.source = f.source)
        from (select source, status, chunks from files union all select source, '', 0 from runs) f
        group by source order by source
    """)
    return tuple(
        SourceStatistics(source, documents, chunks, problems, _moment(at))
        for source, documents, chunks, problems, at in found
    )


def _counted(database: sqlite3.Connection, column: str) -> dict[str, int]:
    found = database.execute(
        f"select {column}, count(*) from files where status = 'indexed' group by {column} order by {column}"  # noqa: S608 - one of ours
    )
    return dict(found.fetchall())


def _has_languages(database: sqlite3.Connection) -> bool:
    """Tell whether the list of files is of a version that notes languages."""
    return any(name == "language" for _, name, *_ in database.execute("pragma table_info(files)"))


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

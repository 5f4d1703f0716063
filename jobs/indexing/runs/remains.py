"""What can still be read of an index that is damaged, or of another version, to keep it in the new one."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import MISSING, fields
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import orjson
import tantivy

from jobs.indexing.durable import clear
from jobs.indexing.extraction.chunks import Chunk
from jobs.indexing.formats import format_of
from jobs.indexing.index.checksums import META, is_sound, segment_names
from jobs.indexing.index.engine import Entry
from jobs.indexing.index.generations import FILE_NAME, SEGMENTS
from jobs.indexing.index.health import fault_of, is_panic, opened
from jobs.indexing.index.manifest import Row
from jobs.indexing.index.seal import seal

SALVAGED: Final = "salvaged"
WRITER_BYTES: Final = 20_000_000


class Remains:
    """An old index, read only. Whatever cannot be read is not there: nothing here raises for damage."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def sources(self) -> set[str]:
        """List the sources of which it holds or lists anything."""
        found = {str(row["source"]) for row in self._listed("select distinct source from files")}
        if found:
            return found
        with self._documents() as index:
            return set() if index is None else _stored_sources(index)

    def rows(self, source: str) -> dict[str, Row]:
        """Load the rows of one source by path; none where the list of files is lost."""
        names = {field.name: field.default for field in fields(Row)}
        found = {}
        for row in self._listed("select * from files where source = ?", source):
            known = {name: row[name] for name in names if name in row.keys()}  # noqa: SIM118 - no mapping
            if all(name in known or default is not MISSING for name, default in names.items()):
                found[str(row["path"])] = Row(**known)
        return found

    def entries(self, source: str) -> Iterator[Entry]:
        """Yield the documents of one source as they are stored."""
        with self._documents() as index:
            if index is None:
                return
            try:
                yield from _entries(index, source)
            except (ValueError, OSError, RuntimeError, KeyError, IndexError, StopIteration):
                return
            except BaseException as error:
                if not is_panic(error):
                    raise

    def _listed(self, question: str, *values: str) -> list[sqlite3.Row]:
        address = f"{(self._place / FILE_NAME).resolve().as_uri()}?mode=ro"
        with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True, timeout=10.0)) as database:
            database.row_factory = sqlite3.Row
            if database.execute("pragma quick_check(1)").fetchone()[0] == "ok":
                return database.execute(question, values).fetchall()
        return []

    @contextmanager
    def _documents(self) -> Iterator[tantivy.Index | None]:
        """Open the segments that are whole, without the others."""
        folder = self._place / SALVAGED
        clear(folder)
        try:
            yield _opened_without_damage(self._place / SEGMENTS, folder)
        finally:
            clear(folder)


def _opened_without_damage(segments: Path, folder: Path) -> tantivy.Index | None:
    try:
        meta = orjson.loads((segments / META).read_bytes())
        names = segment_names(meta)
        kept = [
            (segment, files)
            for segment, files in zip(meta["segments"], names, strict=True)
            if all(is_sound(segments / file) for file in files)
        ]
        folder.mkdir()
        for name in (file for _, files in kept for file in files):
            os.link(segments / name, folder / name)
        (folder / META).write_bytes(orjson.dumps(meta | {"segments": [segment for segment, _ in kept]}))
        return opened(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    except BaseException as error:
        if not is_panic(error):
            raise
        return None


def _stored_sources(index: tantivy.Index) -> set[str]:
    searcher = index.searcher()
    found: set[str] = set()
    unknown = tantivy.Query.all_query()
    while hits := searcher.search(unknown, limit=1, count=False).hits:
        found.update(searcher.doc(hits[0][1]).to_dict()["source"])
        others = [(tantivy.Occur.MustNot, _of_source(index, one)) for one in sorted(found)]
        unknown = tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), *others])
    return found


def _of_source(index: tantivy.Index, source: str) -> tantivy.Query:
    return tantivy.Query.term_query(index.schema, "source", source, index_option="basic")


def _entries(index: tantivy.Index, source: str) -> Iterator[Entry]:
    searcher = index.searcher()
    hits = searcher.search(_of_source(index, source), limit=max(1, searcher.num_docs), count=False).hits
    addresses = [address for _, address in hits]
    keys = searcher.fast_field_values("key", addresses)
    orders = searcher.fast_field_values("ord", addresses)
    sequence = sorted(range(len(addresses)), key=lambda one: (keys[one], orders[one]))
    for _, numbers in groupby(sequence, key=lambda one: keys[one]):
        yield _entry([searcher.doc(addresses[number]).to_dict() for number in numbers])


def _entry(chunks: list[dict[str, list[Any]]]) -> Entry:
    first = chunks[0]
    return Entry(
        doc=_one(first, "doc", ""),
        path=_one(first, "path", ""),  # its folders may follow it
        source=_one(first, "source", ""),
        suffix=_one(first, "ext", ""),
        title=_body(first)[0],
        size=_one(first, "bytes", 0),
        modified=_one(first, "mtime", 0),
        author=_one(first, "author", _one(first, "author_name", "")),
        created=_one(first, "created", None),
        language=_one(first, "language", ""),
        chunks=[_chunk(chunk) for chunk in chunks],
    )


def _chunk(stored: dict[str, list[Any]]) -> Chunk:
    """Make a passage of what is stored of it; an older index stores less."""
    page, label = _one(stored, "page", None), _one(stored, "label", None)
    return Chunk(_body(stored)[1], page, label, _one(stored, "overlap", 0))


def _body(stored: dict[str, list[Any]]) -> list[str]:
    """Give title and passage, under whatever name of a field they are kept."""
    if "text" in stored:
        return [value.decode() for value in stored["text"]]
    return next(values for name, values in stored.items() if name.startswith("body") and len(values) > 1)


def _one(stored: dict[str, list[Any]], name: str, otherwise: Any) -> Any:
    return stored.get(name, [otherwise])[0]


def row_of(entry: Entry) -> Row:
    """Make the row of a document of which the list of files knows nothing that fits.

    Its content is called after its path: it equals no other, and the file is read when it is there again.
    """
    form = format_of(entry.path)
    return Row(
        path=entry.path,
        status="indexed",
        size=entry.size,
        mtime_ns=entry.modified * 10**9,
        hash=f"kept:{entry.doc}",
        format="" if form is None else form.name,
        reason=None,
        detail=None,
        chunks=len(entry.chunks),
        characters=sum(len(chunk.text) for chunk in entry.chunks),
        milliseconds=0,
        run=0,
        language=entry.language,
    )


def withdraw(place: Path, source: str) -> int:
    """Take a source out of an index that cannot be written as ours are, as far as that goes.

    Returns how many documents its list of files named. Nothing here raises for damage.
    """
    documents = sum(row.status == "indexed" for row in Remains(place).rows(source).values())
    whole = fault_of(place) is None
    try:
        writer = opened(place / SEGMENTS).writer(WRITER_BYTES, 1)
        writer.delete_documents_by_term("source", source)
        writer.commit()
        writer.wait_merging_threads()
    except (ValueError, OSError, RuntimeError):
        pass  # it answers nobody then, and the new index is made without this source
    except BaseException as error:
        if not is_panic(error):
            raise
    with suppress(sqlite3.Error), closing(sqlite3.connect(place / FILE_NAME, timeout=10.0)) as database:
        for table in ("files", "runs", "pending"):
            database.execute(f"delete from {table} where source = ?", (source,))  # noqa: S608 - ours
        database.commit()
    if whole:
        seal(place)  # a seal that was broken stays so: it tells of the damage
    return documents

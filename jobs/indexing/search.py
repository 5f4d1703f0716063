"""Search an index. Made for the process that answers HTTP: loads the engine and SQLite, and no parser."""

import html
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import tantivy

from jobs.errors import NotFound
from jobs.indexing.engine import register_analysers
from jobs.indexing.generations import SEGMENTS, current
from jobs.indexing.health import is_panic
from jobs.indexing.manifest import broken
from jobs.indexing.overview import IndexStatistics, statistics
from jobs.indexing.query import Mode, compiled, parse, separately

__all__ = ["Hit", "IndexStatistics", "SearchResult", "search", "statistics"]

FIRST_CHUNKS: Final = 100  # the best hits of almost every query lie among these
MAXIMUM_CHUNKS: Final = 10_000
EXACT_CHUNKS: Final = 2_000  # counting the documents of more passages one by one costs milliseconds
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)  # times before it are no error, unlike for fromtimestamp
HIGHLIGHT_CHARACTERS: Final = 240
OPEN_INDEXES: Final = 16
ATTEMPTS: Final = 3  # a commit may remove files between the reading of their list and their opening


@dataclass(frozen=True)
class Hit:
    """A document that was found, by its best passage.

    `score` compares hits of one result only. `page` counts from 1 and is that of the passage; None where
    there are no pages. `highlights` are safe HTML: escaped, but for `<mark>` around the words found.
    `modified_at`, in UTC, is the time of the file when this content was read; `bytes` the size of the file.
    """

    id: str
    path: str
    title: str
    score: float
    page: int | None
    highlights: tuple[str, ...]
    bytes: int
    modified_at: datetime
    source: str


@dataclass(frozen=True)
class SearchResult:
    """The hits of one page, best first, and how many documents match in all.

    `total` is exact up to 2,000 matching passages, and an estimate within about one per cent beyond.
    """

    hits: tuple[Hit, ...]
    total: int
    took_ms: float


def search(index: Path, query: str, *, mode: Mode = "all", limit: int = 20, offset: int = 0) -> SearchResult:
    """Find documents.

    Parameters
    ----------
    query : str
        Words, "phrases in quotation marks", and -words to leave out.
    mode : "all", "any", "phrase" or "prefix"
        All words must be found, in one passage of a document (of some 200 words) or, when no document has
        them that near, anywhere in it; or any of them; or all of them in this order next to each other; or
        all of them, each as the beginning of a word.
    limit, offset : int
        Documents on a page, at least 1, and before it. Pages end at the 10,000 best passages.

    Raises
    ------
    UnusableQuery
        The query cannot be parsed; it carries the position.
    NotFound
        There is no index yet.
    BrokenIndex
        The index is damaged.
    """
    begin = time.perf_counter()
    clauses = parse(query, mode)
    limit, offset = max(1, limit), max(0, offset)
    with _damage_explained():
        reader = _reader(index)
        question = compiled(clauses, mode, reader.searcher, reader.schema)
        best, total = _documents(reader.searcher, question, offset + limit)
        if total == 0 and mode in ("all", "prefix"):
            best = _scattered(reader.searcher, separately(clauses, mode, reader.searcher, reader.schema))
            total = len(best)
        snippets = _Snippets(reader, question)
        hits = tuple(
            _hit(reader, snippets, score, address) for score, address in best[offset : offset + limit]
        )
    return SearchResult(hits, total, (time.perf_counter() - begin) * 1000)


@dataclass(frozen=True)
class _Reader:
    """An index as it was at one commit."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    stamp: tuple[str, int, int, int]


_readers: OrderedDict[Path, _Reader] = (
    OrderedDict()
)  # a cache and nothing more: bounded, and checked at each use
_readers_lock = threading.Lock()


def _reader(index: Path) -> _Reader:
    """Give the newest commit of an index, opened once in this process."""
    try:
        stamp = _stamp(current(index) / SEGMENTS)
    except NotFound:
        let_go(index)
        raise
    with _readers_lock:
        known = _readers.get(index)
        if known is not None and known.stamp == stamp:
            _readers.move_to_end(index)
            return known
    fresh = _open(index)
    with _readers_lock:
        _readers[index] = fresh
        while len(_readers) > OPEN_INDEXES:
            _readers.popitem(last=False)
    return fresh


def let_go(index: Path) -> None:
    """Forget an index that was removed: its files would stay on the disk for as long as they are open."""
    with _readers_lock:
        _readers.pop(index, None)


def _stamp(folder: Path) -> tuple[str, int, int, int]:
    """Tell one commit from another: each replaces the file, and an index built anew lies elsewhere."""
    try:
        status = (folder / "meta.json").stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("There is no such index yet; an indexing job makes it.") from error
    return str(folder), status.st_ino, status.st_mtime_ns, status.st_size


def _open(index_folder: Path) -> _Reader:
    for attempt in range(ATTEMPTS):
        folder = current(index_folder) / SEGMENTS
        stamp = _stamp(folder)
        try:
            index = tantivy.Index.open(str(folder))
            register_analysers(index)
            index.config_reader(reload_policy="manual")  # no thread that watches: the stamp tells
            return _Reader(index.searcher(), index.schema, stamp)
        except ValueError:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


@contextmanager
def _damage_explained() -> Iterator[None]:
    """Turn what the engine throws on a damaged index into an error with a remedy."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise broken(str(error)) from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise broken("its documents cannot be read") from error


Found = tuple[float, tantivy.DocAddress]


def _documents(searcher: tantivy.Searcher, question: tantivy.Query, wanted: int) -> tuple[list[Found], int]:
    """Give the best passage of each of the best documents, and how many documents match."""
    limit = FIRST_CHUNKS
    while True:
        result = searcher.search(question, limit=limit)
        best: dict[int | float | bool | None, Found] = {}
        keys = searcher.fast_field_values("key", [address for _, address in result.hits])
        for key, (score, address) in zip(keys, result.hits, strict=True):
            best.setdefault(key, (score, address))
        matching: int = result.count  # type: ignore[attr-defined]  # exists; the types forget it
        if matching <= limit:
            return list(best.values()), len(best)
        if limit >= MAXIMUM_CHUNKS:
            return list(best.values()), max(len(best), round(searcher.cardinality(question, "key")))
        if len(best) >= wanted:
            return list(best.values()), _distinct(searcher, question, matching)
        limit = min(limit * 10, MAXIMUM_CHUNKS)


def _scattered(searcher: tantivy.Searcher, questions: list[tantivy.Query]) -> list[Found]:
    """Give the documents that answer every question, each in some passage, by the sum of their scores.

    Only the 10,000 best passages of each question are looked at.
    """
    sums: dict[int | float | bool | None, Found] | None = None
    for question in questions:
        hits = searcher.search(question, limit=MAXIMUM_CHUNKS, count=False).hits
        best: dict[int | float | bool | None, Found] = {}
        for key, hit in zip(searcher.fast_field_values("key", [one for _, one in hits]), hits, strict=True):
            best.setdefault(key, hit)
        if sums is None:
            sums = best
        else:
            sums = {key: (sums[key][0] + best[key][0], best[key][1]) for key in sums.keys() & best.keys()}
    return sorted((sums or {}).values(), key=lambda found: -found[0])


def _distinct(searcher: tantivy.Searcher, question: tantivy.Query, matching: int) -> int:
    if matching > EXACT_CHUNKS:
        return round(searcher.cardinality(question, "key"))
    addresses = [address for _, address in searcher.search(question, limit=matching, count=False).hits]
    return len(set(searcher.fast_field_values("key", addresses)))


class _Snippets:
    """Makes highlights for one question."""

    def __init__(self, reader: _Reader, question: tantivy.Query) -> None:
        self._generators = []
        for field in ("body", "body_cjk"):
            generator = tantivy.SnippetGenerator.create(reader.searcher, question, reader.schema, field)
            generator.set_max_num_chars(HIGHLIGHT_CHARACTERS)
            self._generators.append((field, generator))

    def of(self, passage: str) -> str:
        """Cut the best part out of a passage and mark the words in it; its beginning where there are none."""
        for field, generator in self._generators:
            snippet = generator.snippet_from_doc(tantivy.Document(**{field: passage}))
            ranges = [(one.start, one.end) for one in snippet.highlighted()]
            if ranges:
                return _marked(snippet.fragment().encode(), ranges)
        return html.escape(passage[:HIGHLIGHT_CHARACTERS])


def _marked(fragment: bytes, ranges: list[tuple[int, int]]) -> str:
    """Escape a fragment and mark the ranges, which count bytes."""
    pieces, end = [], 0
    for begin, stop in _joined(ranges):
        pieces += [_escaped(fragment[end:begin]), "<mark>", _escaped(fragment[begin:stop]), "</mark>"]
        end = stop
    pieces.append(_escaped(fragment[end:]))
    return "".join(pieces)


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join ranges that touch or overlap: of Chinese each character is one."""
    joined: list[tuple[int, int]] = []
    for begin, stop in sorted(ranges):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((begin, stop))
    return joined


def _escaped(text: bytes) -> str:
    return html.escape(text.decode("utf-8", "replace"))


def _hit(reader: _Reader, snippets: _Snippets, score: float, address: tantivy.DocAddress) -> Hit:
    found = reader.searcher.doc(address).to_dict()
    title, passage = found["body"]
    return Hit(
        id=found["doc"][0],
        path=found["path"][0],  # the folders follow it
        title=title,
        score=score,
        page=found["page"][0] if "page" in found else None,
        highlights=(snippets.of(passage),),
        bytes=found["bytes"][0],
        modified_at=EPOCH + timedelta(seconds=found["mtime"][0]),
        source=found["source"][0],
    )

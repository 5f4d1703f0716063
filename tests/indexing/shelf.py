"""Indexes of made-up documents, written as a run writes them but without files to be read."""

from dataclasses import dataclass
from datetime import UTC, datetime

from jobs.indexing.extraction.chunks import Chunk, passages
from jobs.indexing.formats import Section
from jobs.indexing.index.engine import Entry, Writer
from jobs.indexing.index.manifest import document_id
from jobs.indexing.search.hits import Wanted, search

SOURCE = "folder:shelf"
MODIFIED = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())
DAY = 86_400


@dataclass(frozen=True)
class Book:
    """A document to be: its text, or its passages where it matters how it is cut."""

    path: str
    text: str = ""
    title: str = ""
    author: str = ""
    language: str = ""
    day: int = 0  # of its file, counted from the first of March 2026
    created: datetime | None = None
    source: str = SOURCE
    chunks: tuple[Chunk, ...] = ()

    @property
    def id(self):
        return document_id(self.source, self.path)

    def entry(self):
        found = passages(self.title, [Section(self.text)], characters=10_000_000)
        return Entry(
            doc=self.id,
            path=self.path,
            source=self.source,
            suffix=self.path.rpartition(".")[2] if "." in self.path else "",
            title=found.title or self.path,
            size=len(self.text),
            modified=MODIFIED + self.day * DAY,
            author=self.author,
            created=None if self.created is None else int(self.created.timestamp()),
            language=self.language,
            chunks=self.chunks or found.chunks,
        )


def put(index, *books, remove=()):
    """Write documents into an index, each in place of the one with its path, and commit."""
    writer = Writer(index / "segments", new=True)
    try:
        for book in (*books, *remove):
            writer.delete(book.id)
        for book in books:
            writer.add(book.entry())
        writer.commit()
    finally:
        writer.close()
    return index


def found(index, query, **wanted):
    """Give the paths of the hits, in their order."""
    return [hit.path for hit in search(index, query, Wanted(**wanted)).hits]


def pages(index, query, **wanted):
    """Walk through all pages; give the hits of each."""
    results = [search(index, query, Wanted(**wanted))]
    while results[-1].next is not None:
        results.append(search(index, query, Wanted(**wanted, cursor=results[-1].next)))
    return results

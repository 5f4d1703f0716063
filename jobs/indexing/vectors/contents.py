"""What an index holds, for those who make vectors of it: its documents, and the text of their passages."""

from pathlib import Path

import tantivy

from jobs.indexing.index.entries import document_key
from jobs.indexing.index.generations import SEGMENTS, current
from jobs.indexing.index.health import opened
from jobs.indexing.index.manifest import document_id
from jobs.indexing.index.manifest_reading import reading_manifest
from jobs.indexing.vectors.embedder import text_of
from jobs.indexing.vectors.store import Document, Key


def documents_of(index: Path) -> dict[Key, Document]:
    """List the documents of an index, each with a mark that changes whenever its passages may have.

    Raises
    ------
    NotFound
        There is no index.
    BrokenIndex
        Its list of files is damaged.
    """
    place = current(index)
    generation = "" if place == index else place.name  # the index itself may be called otherwise tomorrow
    with reading_manifest(index) as database:
        found = database.execute(
            "select source, path, run, hash, format, chunks from files where status = 'indexed'"
        ).fetchall()
    documents = {}
    for source, path, *state in found:
        key = document_key(document_id(source, path))
        mark = ":".join(map(str, (generation, *state)))
        documents[source, path] = Document(source, path, key, mark)
    return documents


class Passages:
    """The passages of an index as it is now."""

    def __init__(self, index: Path) -> None:
        documents = opened(current(index) / SEGMENTS)
        self._searcher, self._schema = documents.searcher(), documents.schema

    def texts(self, document: Document) -> list[str]:
        """Give the text of each passage of a document, in order, under its title."""
        of_it = tantivy.Query.term_query(self._schema, "key", document.key, index_option="basic")
        count: int = self._searcher.search(of_it, limit=1).count  # type: ignore[attr-defined]  # exists
        found = self._searcher.search(
            of_it, limit=max(1, count), order_by_field="ord", order=tantivy.Order.Asc, count=False
        )
        return [_text(self._searcher.doc(address).to_dict()) for _, address in found.hits]


def _text(stored: dict[str, list[bytes]]) -> str:
    title, passage = stored["text"]
    return text_of(title.decode(), passage.decode())

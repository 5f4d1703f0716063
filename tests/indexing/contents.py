"""Everything an index holds, as plain values: two indexes are equal when these are."""

from pathlib import Path

import tantivy

from jobs.indexing.index.engine import register_analysers
from jobs.indexing.index.generations import SEGMENTS, current
from jobs.indexing.index.manifest import files

EVERYTHING = 1_000_000


def documents(index: Path) -> list[tuple]:
    """List every chunk of every document that searches can find."""
    opened = tantivy.Index.open(str(current(index) / SEGMENTS))
    register_analysers(opened)
    searcher = opened.searcher()
    found = searcher.search(tantivy.Query.all_query(), limit=max(1, searcher.num_docs)).hits
    chunks = [searcher.doc(address).to_dict() for _, address in found]
    fields = [sorted((name, tuple(values)) for name, values in chunk.items()) for chunk in chunks]
    return sorted(map(tuple, fields))


def rows(index: Path) -> list[tuple]:
    """List what the manifest says of each file, but for when it was said."""
    return [
        (row.source, row.path, row.status.replace("unchanged", "indexed"), row.reason, row.bytes, row.chunks)
        for row in files(index, limit=EVERYTHING)
    ]

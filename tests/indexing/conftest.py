"""Folders of real documents, and their indexes, in a temporary place."""

from dataclasses import fields
from pathlib import Path

import pytest

from jobs.indexing.runs.run import IndexingResult, index_folder
from jobs.indexing.search.hits import Wanted, search
from jobs.indexing.sources.order import Order
from tests.indexing.meaning import LIBRARY, asking
from tests.support.embedding import embeddings

SOURCE = "folder:documents"


def counts(result: IndexingResult) -> dict[str, int]:
    """Give the numbers of a result that are not zero."""
    names = ("indexed", "unchanged", "skipped", "failed", "duplicate", "removed")
    return {name: getattr(result, name) for name in names if getattr(result, name)}


def ordered(desk: "Desk", options: dict[str, object]) -> tuple[Order, dict[str, object]]:
    """Make the order for a desk's folder; give it, and the options that are not of it."""
    chosen = {"root": desk.root, "index": desk.index, "name": "desk", "source": SOURCE} | options
    parts = {field.name for field in fields(Order)}
    order = Order(**{name: value for name, value in chosen.items() if name in parts})
    return order, {name: value for name, value in options.items() if name not in parts}


class Desk:
    """A folder of documents and its index: what a user has."""

    def __init__(self, place: Path) -> None:
        self.root = place / "documents"
        self.index = place / "index"
        self.root.mkdir()

    def write(self, path: str, content: str | bytes) -> Path:
        """Put a file into the folder."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def run(self, **options) -> IndexingResult:
        """Index the folder, and check what holds for every result."""
        order, means = ordered(self, options)
        result = index_folder(order, **means)
        outcomes = (result.indexed, result.unchanged, result.skipped, result.failed, result.duplicate)
        assert sum(outcomes) == result.total == result.processed
        return result

    def found(self, query: str, **options) -> list[str]:
        """Give the paths of the hits."""
        return [hit.path for hit in search(self.index, query, Wanted(**options)).hits]


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture
def endpoint():
    """A real embeddings endpoint on loopback."""
    with embeddings() as running:
        yield running


@pytest.fixture
def embedder(endpoint):
    return asking(endpoint)


@pytest.fixture
def library(desk):
    """A desk with documents to be found by what they mean."""
    for path, text in LIBRARY.items():
        desk.write(path, text)
    return desk

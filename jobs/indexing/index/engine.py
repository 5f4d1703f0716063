"""The full-text index on disk, and its one writer.

One tantivy directory on a local disk. A fresh `Index` is opened for each run and closed after it: one that is
kept open never lets go of merged-away files.
"""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

import tantivy

from jobs.errors import BrokenIndex, IndexBusy, Unavailable
from jobs.indexing.index.entries import Entry, entry_fields, schema
from jobs.indexing.text.languages import analysers
from jobs.indexing.wording import reason

__all__ = [
    "SCHEMA_VERSION",
    "Entry",
    "Writer",
    "analysers",
    "discard",
    "register_analysers",
    "schema",
    "size_on_disk",
]

SCHEMA_VERSION: Final = 4
HEAP_BYTES: Final = 100_000_000


def register_analysers(index: tantivy.Index) -> None:
    """Tell an opened index how words are cut: the directory keeps only the names."""
    for name, analyser in analysers().items():
        index.register_tokenizer(name, analyser)


class Writer:
    """The one writer of an index, opened when it is first needed: a run that finds nothing new opens none.

    Raises
    ------
    BrokenIndex
        The directory holds no index that can be opened.
    """

    def __init__(self, folder: Path, *, new: bool) -> None:
        self._schema = schema()
        self._writer: tantivy.IndexWriter | None = None
        if not new and not (folder / "meta.json").exists():
            raise BrokenIndex("The index has lost its documents. Start an indexing job: it builds them anew.")
        self._index = _opened(folder, self._schema)

    def delete(self, doc: str) -> None:
        """Delete the chunks of a document, those not yet committed too."""
        self._open().delete_documents_by_term("doc", doc)

    def add(self, entry: Entry) -> None:
        """Add the chunks of a document."""
        writer = self._open()
        for fields in entry_fields(entry):
            try:
                writer.add_document(tantivy.Document.from_dict(fields, self._schema))
            except ValueError as error:  # the writing thread has died
                raise _unwritable(error) from error

    def commit(self) -> None:
        """Make everything so far durable and visible to searches.

        Raises
        ------
        Unavailable
            The disk does not take it.
        """
        if self._writer is not None:
            try:
                self._writer.commit()
            except ValueError as error:
                raise _unwritable(error) from error

    def close(self) -> None:
        """Wait for merges and let go of the directory. What is not committed is lost."""
        if self._writer is not None:
            # The writer must be told to go: an exception's traceback would keep it, and its lock, alive.
            with suppress(ValueError, RuntimeError):
                self._writer.rollback()
            with suppress(ValueError, RuntimeError):
                self._writer.wait_merging_threads()
        self._writer = None

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(HEAP_BYTES, 1)
            except ValueError as error:
                if "LockBusy" in str(error):
                    raise IndexBusy(
                        "Another job is writing this index; try again when it has ended."
                    ) from error
                raise Unavailable(f"The index could not be opened for writing ({reason(error)}).") from error
        return self._writer


def _unwritable(error: ValueError) -> Unavailable:
    return Unavailable(f"The index could not be written ({reason(error)}); is the disk full?")


def _opened(folder: Path, expected: tantivy.Schema) -> tantivy.Index:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        index = tantivy.Index(expected, path=str(folder))
        register_analysers(index)
        index.searcher()  # opens every segment: a damaged one shows here, not in the middle of the work
    except (ValueError, OSError) as error:
        raise BrokenIndex(
            f"The index is damaged ({error}). Start an indexing job: it builds it anew."
        ) from error
    return index


def discard(folder: Path) -> None:
    """Remove an index from disk, so that it is built anew."""
    shutil.rmtree(folder, ignore_errors=True)


def size_on_disk(index: Path) -> int:
    """Sum the sizes of an index's files; those that a merge removes meanwhile count nothing."""
    total = 0
    for file in index.rglob("*"):
        try:
            total += file.lstat().st_size if not file.is_dir() else 0
        except FileNotFoundError:
            continue
    return total

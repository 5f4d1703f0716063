"""The full-text index on disk: its schema, how words are cut, and its one writer.

One tantivy directory on a local disk. A fresh `Index` is opened for each run and closed after it: one that is
kept open never lets go of merged-away files.
"""

import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tantivy

from jobs.errors import BrokenIndex, IndexBusy, Unavailable
from jobs.indexing.chunks import Chunk

SCHEMA_VERSION: Final = 2
HEAP_BYTES: Final = 100_000_000
LONGEST_WORD: Final = 64

# Chinese, Japanese and Korean are written without spaces: each character is a word, and a run of them a
# phrase.
_CJK: Final = (
    r"[\u{2E80}-\u{2FDF}\u{3040}-\u{312F}\u{31F0}-\u{31FF}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}"
    r"\u{AC00}-\u{D7AF}\u{F900}-\u{FAFF}\u{20000}-\u{3FFFF}]"
)
# The same in Python's spelling: `\uXXXX` or `\UXXXXXXXX`.
CJK_RUN: Final = re.compile(re.sub(r"u\{(\w+)\}", lambda code: f"U{code[1]:0>8}", _CJK) + "+")


def schema() -> tantivy.Schema:
    """Build the schema: one entry a chunk.

    `body` holds two values, the document's title and the chunk, so that a search for words of the title finds
    each chunk, while a highlight shows the chunk alone. `key` is `doc` as a number, in a column that is read
    in bulk.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("doc", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("path", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("ext", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("source", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="english")
    builder.add_text_field("body", stored=True, tokenizer_name="english")
    builder.add_text_field("body_cjk", tokenizer_name="cjk")
    # Signed: a signed value in an unsigned field would kill the writer's thread.
    builder.add_integer_field("key", fast=True)
    builder.add_integer_field("ord", stored=True, fast=True)
    builder.add_integer_field("page", stored=True)
    builder.add_text_field("label", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("author", stored=True, tokenizer_name="english")
    builder.add_text_field("language", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("created", stored=True, indexed=True, fast=True)
    builder.add_integer_field("mtime", stored=True, indexed=True, fast=True)
    builder.add_integer_field("bytes", stored=True)
    return builder.build()


def english() -> tantivy.TextAnalyzer:
    """Cut text into words: lower case, without accents, stemmed as English."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    words = words.filter(tantivy.Filter.remove_long(LONGEST_WORD)).filter(tantivy.Filter.lowercase())
    return words.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.stemmer("english")).build()


def folded() -> tantivy.TextAnalyzer:
    """Cut text into words like `english`, but unstemmed: the beginnings of words."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(
        tantivy.Filter.remove_long(LONGEST_WORD)
    )
    return words.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold()).build()


def cjk() -> tantivy.TextAnalyzer:
    """Cut the Chinese, Japanese and Korean characters out of text, each one a word."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_CJK)).build()


def analysers() -> dict[str, tantivy.TextAnalyzer]:
    """Give every analyser of the schema by name. An index made by others is built anew."""
    return {"english": english(), "cjk": cjk()}


def register_analysers(index: tantivy.Index) -> None:
    """Tell an opened index how words are cut: the directory keeps only the names."""
    for name, analyser in analysers().items():
        index.register_tokenizer(name, analyser)


@dataclass(frozen=True)
class Entry:
    """A document as the index keeps it.

    `doc` is 32 hexadecimal digits; `modified`, and `created` if the document bears a date, are seconds since
    1970; `language` is a code of ISO 639-1, empty where nobody knows.
    """

    doc: str
    path: str
    source: str
    suffix: str
    title: str
    size: int
    modified: int
    author: str
    created: int | None
    language: str
    chunks: Sequence[Chunk]


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
            raise BrokenIndex("The index has lost its documents. Build it again: mode full.")
        self._index = _opened(folder, self._schema)

    def delete(self, doc: str) -> None:
        """Delete the chunks of a document, those not yet committed too."""
        self._open().delete_documents_by_term("doc", doc)

    def add(self, entry: Entry) -> None:
        """Add the chunks of a document."""
        writer = self._open()
        common: dict[str, object] = {
            "doc": entry.doc,
            "path": [entry.path, *_folders(entry.path)],
            "ext": entry.suffix,
            "source": entry.source,
            "title": entry.title,
            "key": document_key(entry.doc),
            "mtime": entry.modified,
            "bytes": entry.size,
            "author": entry.author,
            "language": entry.language,
        }
        if entry.created is not None:
            common["created"] = entry.created
        for order, chunk in enumerate(entry.chunks):
            fields = common | {"body": [entry.title, chunk.text], "ord": order}
            if chunk.page is not None:
                fields["page"] = chunk.page
            if chunk.label is not None:
                fields["label"] = chunk.label
            if not chunk.text.isascii() and CJK_RUN.search(chunk.text):
                fields["body_cjk"] = chunk.text
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
                raise Unavailable(f"The index could not be opened for writing ({error}).") from error
        return self._writer


def _unwritable(error: ValueError) -> Unavailable:
    return Unavailable(f"The index could not be written ({error}); is the disk full?")


def _opened(folder: Path, expected: tantivy.Schema) -> tantivy.Index:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        index = tantivy.Index(expected, path=str(folder))
        register_analysers(index)
        index.searcher()  # opens every segment: a damaged one shows here, not in the middle of the work
    except (ValueError, OSError) as error:
        raise BrokenIndex(f"The index is damaged ({error}). Build it again: mode full.") from error
    return index


def discard(folder: Path) -> None:
    """Remove an index from disk, so that it is built anew."""
    shutil.rmtree(folder, ignore_errors=True)


def document_key(doc: str) -> int:
    """Give a document's number: 63 bits of its id."""
    return int(doc[:16], 16) >> 1


def _folders(path: str) -> list[str]:
    """List the folders that a path lies in, each with its final "/"."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]


def size_on_disk(index: Path) -> int:
    """Sum the sizes of an index's files; those that a merge removes meanwhile count nothing."""
    total = 0
    for file in index.rglob("*"):
        try:
            total += file.lstat().st_size if not file.is_dir() else 0
        except FileNotFoundError:
            continue
    return total

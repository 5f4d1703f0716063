"""What the full-text index keeps of a document: the schema, and the fields of each passage."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import tantivy

from jobs.indexing.extraction.chunks import Chunk
from jobs.indexing.text.languages import (
    all_tagged,
    characters,
    distinct,
    listed,
    stemmed,
    stemming,
)

ORDER_CHARACTERS: Final = 60  # of a title, by which documents are sorted


def schema() -> tantivy.Schema:
    """Build the schema: one entry a passage; the first of each document also stands for the whole of it.

    `text` keeps the document's title and the passage, `body` their stems, each under the name of its
    language, so that a search for words of the title finds each passage. It is one field for all languages:
    the engine tells long passages from short ones by the mean of a field. Of a document's first passage
    `words` holds every word of the whole document once, and every stem: which documents match, how many, and
    of which kinds, is told from these without a look at the passages. `key` is `doc` as a number, in a column
    that is read in bulk.
    """
    builder = tantivy.SchemaBuilder()
    for name, stored, fast in (
        ("doc", True, False),
        ("whole", False, False),
        ("stemming", True, False),
        ("label", True, False),
        ("path", True, True),
        ("title_order", False, True),
        ("folder", False, True),
        ("ext", True, True),
        ("source", True, True),
        ("language", True, True),
        ("author_name", True, True),
    ):
        builder.add_text_field(name, stored=stored, fast=fast, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("text", stored=True)
    builder.add_text_field("body", tokenizer_name="listed")
    for name in ("title", "author", "place"):
        builder.add_text_field(name, tokenizer_name="listed")
    builder.add_text_field("words", tokenizer_name="listed", index_option="basic")
    # Signed: a signed value in an unsigned field would kill the writer's thread.
    builder.add_integer_field("key", indexed=True, fast=True)
    for name in ("mtime", "created"):
        builder.add_integer_field(name, stored=True, indexed=True, fast=True)
    builder.add_integer_field("ord", stored=True, fast=True)
    for name in ("page", "overlap", "bytes"):
        builder.add_integer_field(name, stored=True)
    return builder.build()


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


def entry_fields(entry: Entry) -> Iterator[dict[str, Any]]:
    """Give the fields of each passage of a document, in reading order."""
    code = stemming(entry.language)
    title = stemmed(code, entry.title)
    words, has_characters = distinct("\n".join([entry.title, *(chunk.text for chunk in entry.chunks)]))
    cut = [stemmed(code, chunk.text) for chunk in entry.chunks]
    common = _common(entry, code)
    for order, (chunk, stems) in enumerate(zip(entry.chunks, cut, strict=True)):
        body = [all_tagged(code, title), all_tagged(code, stems)]
        if has_characters:  # runs of them are values of their own: no phrase goes from one into the next
            body += [" ".join(run) for run in characters(f"{entry.title}\n{chunk.text}")]
        fields = common | {"text": [entry.title.encode(), chunk.text.encode()], "body": body, "ord": order}
        if order == 0:
            fields |= _whole(entry, words, all_tagged(code, set(title).union(*cut)))
        if chunk.overlap:
            fields["overlap"] = chunk.overlap
        if chunk.page is not None:
            fields["page"] = chunk.page
        if chunk.label is not None:
            fields["label"] = chunk.label
        yield fields


def _common(entry: Entry, code: str) -> dict[str, Any]:
    """Give the fields that every passage of a document has, those without a value left out."""
    title = listed(entry.title)
    stems = [stem for stem in stemmed(code, " ".join(title)) if stem not in title]
    fields = {
        "doc": entry.doc,
        "key": document_key(entry.doc),
        "stemming": code,
        "path": entry.path,
        "place": " ".join(listed(entry.path)),
        "folder": _folders(entry.path),
        "ext": entry.suffix,
        "source": entry.source,
        "title": [" ".join(title), " ".join(stems)],
        "author": " ".join(listed(entry.author)),
        "author_name": entry.author,
        "language": entry.language,
        "mtime": entry.modified,
        "created": entry.created,
        "bytes": entry.size,
    }
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def _whole(entry: Entry, words: set[str], stems: str) -> dict[str, Any]:
    """Give what the first passage says of the whole document: each of its words and stems once."""
    return {"whole": "1", "words": " ".join([*words, stems]), "title_order": ordering(entry.title)}


def document_key(doc: str) -> int:
    """Give a document's number: 63 bits of its id."""
    return int(doc[:16], 16) >> 1


def ordering(title: str) -> str:
    """Give what documents are sorted by: their title without regard to case and accents."""
    plain = unicodedata.normalize("NFKD", title[:ORDER_CHARACTERS])
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold() or " "


def _folders(path: str) -> list[str]:
    """List the folders that a path lies in, each with its final "/"."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]

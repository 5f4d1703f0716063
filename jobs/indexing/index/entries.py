"""What the full-text index keeps of a document: the schema, and the fields of each passage."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import tantivy

from jobs.indexing.extraction.chunks import Chunk
from jobs.indexing.text.languages import (
    CJK_RUN,
    PLAIN,
    STEMMERS,
    body_field,
    distinct,
    listed,
    stemmed,
    stemming,
)

ORDER_CHARACTERS: Final = 60  # of a title, by which documents are sorted
KNOWN_WORDS: Final = 100_000  # of one language, in memory; some 150 bytes each


def schema() -> tantivy.Schema:
    """Build the schema: one entry a passage; the first of each document also stands for the whole of it.

    A body holds two values, the document's title and the passage, so that a search for words of the title
    finds each passage, while a highlight shows the passage alone. Of a document's first passage `words` holds
    every word of the whole document once, and every stem with its language: which documents match, how many,
    and of which kinds, is told from these without a look at the passages. `key` is `doc` as a
    number, in a column that is read in bulk.
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
    for code in (*STEMMERS, PLAIN):
        builder.add_text_field(body_field(code), stored=True, tokenizer_name=code)
    builder.add_text_field("body_cjk", tokenizer_name="cjk")
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
    words, has_cjk = distinct("\n".join([entry.title, *(chunk.text for chunk in entry.chunks)]))
    body, common = body_field(code), _common(entry, code)
    for order, chunk in enumerate(entry.chunks):
        fields = common | {body: [entry.title, chunk.text], "ord": order}
        if order == 0:
            fields |= _whole(entry, code, words)
        if chunk.overlap:
            fields["overlap"] = chunk.overlap
        if chunk.page is not None:
            fields["page"] = chunk.page
        if chunk.label is not None:
            fields["label"] = chunk.label
        if has_cjk and CJK_RUN.search(text := f"{entry.title}\n{chunk.text}"):
            fields["body_cjk"] = text
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


def _whole(entry: Entry, code: str, words: set[str]) -> dict[str, Any]:
    """Give what the first passage says of the whole document: each of its words once, and their stems."""
    return {
        "whole": "1",
        "words": " ".join(_spellings[code].of(words)),
        "title_order": ordering(entry.title),
    }


class _Spellings:
    """Of each word what `words` has for it: the word, and its stem.

    Most words of a document were in the ones before it; to ask the stemmer again takes five times as long.
    """

    def __init__(self, code: str) -> None:
        self._code = code
        self._known: dict[str, str] = {}

    def of(self, words: set[str]) -> Iterable[str]:
        """Give what `words` has for each of some words."""
        if len(self._known) > KNOWN_WORDS:
            self._known.clear()
        unknown = words.difference(self._known)
        plain = [word for word in unknown if word.isascii()]  # each of them is one word to every stemmer
        for word, stem in zip(plain, stemmed(self._code, " ".join(plain)), strict=True):
            self._know(word, [stem])
        for word in unknown.difference(plain):
            self._know(word, stemmed(self._code, word))
        return map(self._known.__getitem__, words)

    def _know(self, word: str, stems: Sequence[str]) -> None:
        self._known[word] = " ".join([word, *(tagged(self._code, stem) for stem in stems)])


_spellings: Final = {code: _Spellings(code) for code in (*STEMMERS, PLAIN)}


def tagged(code: str, stem: str) -> str:
    """Spell a stem of one language so that it is no word, and no other language's stem."""
    return f":{code}:{stem}"


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

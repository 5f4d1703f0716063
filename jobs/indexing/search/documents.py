"""One document of an index: what it is, its whole text, and documents like it."""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tantivy

from jobs.errors import NotFound
from jobs.indexing.search.compiling import MUST, MUST_NOT, SHOULD, Compiler, any_of, silently
from jobs.indexing.search.filters import Filters
from jobs.indexing.search.highlights import Marker
from jobs.indexing.search.matching import Question
from jobs.indexing.search.query import Mode, parse
from jobs.indexing.search.readers import Reader, damage_explained, reader
from jobs.indexing.search.stored import About, Passage, about, passage_of
from jobs.indexing.text.languages import folded, stemmed

# What a document is about shows in its beginning, and in few words.
SAMPLED_PASSAGES: Final = 50
TELLING_WORDS: Final = 25
CANDIDATE_WORDS: Final = 200
SHORTEST_WORD: Final = 3
LEAST_DOCUMENTS: Final = 2  # a word of this document alone finds no other


@dataclass(frozen=True)
class Document:
    """A document of an index. `pages` is the number of its last page, None where it has no pages."""

    about: About
    passages: int
    pages: int | None


@dataclass(frozen=True)
class TextPart:
    """A part of a document's text, in reading order.

    `html` is safe: escaped, but for `<mark>` around the words found. `continues` tells that it goes on in the
    middle of the paragraph that the part before ends with; else a new paragraph begins.
    """

    number: int
    page: int | None
    label: str | None
    html: str
    continues: bool


@dataclass(frozen=True)
class Text:
    """Parts of a document's text; `next` is the number of the part that follows them, None at the end."""

    parts: tuple[TextPart, ...]
    next: int | None


@dataclass(frozen=True)
class Similar:
    """A document that is like another; `score` compares those of one list."""

    about: About
    score: float


def document(index: Path, doc: str) -> Document:
    """Tell what a document is.

    Raises
    ------
    NotFound
        There is no such index, or no such document in it.
    BrokenIndex
        The index is damaged.
    """
    with damage_explained():
        opened = reader(index)
        last = opened.searcher.search(
            _of(opened, doc), limit=1, order_by_field="ord", order=tantivy.Order.Desc
        )
        stored = _stored(opened, last.hits)
        passages = int(last.count)  # type: ignore[attr-defined]  # exists; the types forget it
        return Document(about(stored), passages, passage_of(stored).page)


def text(
    index: Path, doc: str, query: str | None = None, *, mode: Mode = "all", begin: int = 0, limit: int = 100
) -> Text:
    """Give the text of a document, in order and nothing twice, with the words of a query marked.

    Parameters
    ----------
    begin : int
        Number of the first part, from 0.
    limit : int, at least 1
        Parts a page, each of at most some 1,200 characters.

    Raises
    ------
    UnusableQuery
        The query cannot be parsed.
    NotFound
        There is no such index, or no such document in it.
    BrokenIndex
        The index is damaged.
    """
    clauses = parse(query, mode) if query is not None else ()
    with damage_explained():
        opened = reader(index)
        here = tantivy.Query.range_query(
            opened.schema,
            "ord",
            tantivy.FieldType.Integer,
            lower_bound=begin,
            upper_bound=begin + limit,
            include_upper=True,
        )
        asked = tantivy.Query.boolean_query([(MUST, _of(opened, doc)), (MUST, silently(here))])
        found = opened.searcher.search(
            asked, limit=limit + 1, order_by_field="ord", order=tantivy.Order.Asc, count=False
        )
        if not found.hits:
            _stored(opened, opened.searcher.search(_of(opened, doc), limit=1, count=False).hits)
        passages = [passage_of(opened.searcher.doc(address).to_dict()) for _, address in found.hits[:limit]]
        marker = Marker(Question(opened, clauses, mode, Filters()))
        parts = tuple(_part(marker, passage) for passage in passages)
        return Text(parts, begin + limit if len(found.hits) > limit else None)


def similar(index: Path, doc: str, *, limit: int = 10) -> tuple[Similar, ...]:
    """Find documents that share the words which tell this one from all others, the most alike first.

    Raises
    ------
    NotFound
        There is no such index, or no such document in it.
    BrokenIndex
        The index is damaged.
    """
    with damage_explained():
        opened = reader(index)
        sample = opened.searcher.search(
            _of(opened, doc), limit=SAMPLED_PASSAGES, order_by_field="ord", order=tantivy.Order.Asc
        )
        _stored(opened, sample.hits)
        passages = [passage_of(opened.searcher.doc(address).to_dict()) for _, address in sample.hits]
        words = _telling(opened, passages)
        if not words:
            return ()
        asked = tantivy.Query.boolean_query([*words, (MUST_NOT, _of(opened, doc))])
        found = opened.searcher.search(asked, limit=limit, count=False).hits
        return tuple(
            Similar(about(opened.searcher.doc(address).to_dict()), score) for score, address in found
        )


def _of(opened: Reader, doc: str) -> tantivy.Query:
    return tantivy.Query.term_query(opened.schema, "doc", doc, index_option="basic")


def _stored(opened: Reader, hits: list[tuple[object, tantivy.DocAddress]]) -> dict[str, list[object]]:
    if not hits:
        raise NotFound("There is no such document in this index; its file may have been removed or changed.")
    stored: dict[str, list[object]] = opened.searcher.doc(hits[0][1]).to_dict()
    return stored


def _part(marker: Marker, passage: Passage) -> TextPart:
    continues = passage.overlap > 0
    return TextPart(passage.order, passage.page, passage.label, marker.whole(passage), continues)


def _telling(opened: Reader, passages: list[Passage]) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    """Weigh a document's words: often in it, and in few others.

    A document of the same language may have any form of a word, one of another has it as it stands here:
    names and terms are the same in many languages, and languages may be mistaken.
    """
    code = passages[0].stemming
    counts = Counter(stem for passage in passages for stem in stemmed(code, passage.text))
    forms = _forms(code, {word for passage in passages for word in folded(passage.text)})
    documents = max(1, opened.searcher.doc_freq("whole", "1"))
    compiler, weights = Compiler(opened), dict[str, float]()
    for stem, count in counts.most_common(CANDIDATE_WORDS):
        words = (opened.frequency("words", word) for word in forms.get(stem, ()))
        frequency = max(compiler.frequency(code, stem), *words, 0)
        if len(stem) >= SHORTEST_WORD and frequency >= LEAST_DOCUMENTS:
            weights[stem] = (1 + math.log(count)) * math.log(1 + documents / frequency)
    best = sorted(weights, key=lambda stem: (-weights[stem], stem))[:TELLING_WORDS]
    weigh = tantivy.Query.const_score_query
    return [(SHOULD, weigh(_in_any_form(compiler, code, stem, forms), weights[stem])) for stem in best]


def _forms(code: str, words: set[str]) -> dict[str, list[str]]:
    """Give the words of a document by their stem."""
    listed = sorted(words)
    stems = stemmed(code, " ".join(listed))
    if len(stems) != len(listed):  # a stemmer that drops one, or makes two of it
        stems = [" ".join(stemmed(code, word)) for word in listed]
    found: dict[str, list[str]] = {}
    for stem, word in zip(stems, listed, strict=True):
        found.setdefault(stem, []).append(word)
    return found


def _in_any_form(compiler: Compiler, code: str, stem: str, forms: dict[str, list[str]]) -> tantivy.Query:
    words = [compiler.term("words", word) for word in forms.get(stem, ())]
    return any_of([compiler.stem(code, stem), *words])

"""Searches by words and by meaning at once. docs/decisions/0014-hybrid-search.md says why in this way.

What is nearest in meaning is put together with what the words find by rank: a document's score is the sum of
1 / (60 + rank) over the two lists (reciprocal rank fusion; Cormack, Clarke and Buettcher, SIGIR 2009).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Final

import tantivy

from jobs.indexing.search.compiling import Compiler, among, any_of, together
from jobs.indexing.search.filters import narrowing
from jobs.indexing.search.matching import Question
from jobs.indexing.search.query import Clause
from jobs.indexing.search.ranking import Position, Ranked, Sort, ranked
from jobs.indexing.search.stored import about, passage_of
from jobs.indexing.vectors.embedder import Embedder, EmbeddingFault, print_of, text_of
from jobs.indexing.vectors.nearest import Near, NoVectors, nearest

FUSED: Final = -1  # the tier of documents that were put together: before all others
FUSION_RANK: Final = 60  # as published; little depends on it
WINDOW: Final = 200  # documents found by words that take part; the others follow in their own order
MOST_LISTED: Final = 20_000  # passages of the documents of the nearest
NEAREST: Final = 100  # passages; that every document is near to some degree helps nobody

Keyed = Mapping[int, Sequence[tantivy.DocAddress]]


@dataclass(frozen=True)
class Fused(Question):
    """A question of which the words are one half: `near` has the passages nearest in meaning, by document."""

    words: Question = field(kw_only=True)
    near: Keyed = field(kw_only=True, compare=False)

    @property
    def commit(self) -> str:
        """Name the commit, and what was near: one list of documents belongs to both."""
        found = f"{self.reader.commit}{[*self.near]}"
        return blake2b(found.encode(), digest_size=6).hexdigest()

    @cached_property
    def documents(self) -> tantivy.Query:
        """Ask for the documents of both halves."""
        whole = Compiler(self.reader).term("whole", "1")
        return any_of([self.words.documents, together([among(self.reader, [*self.near]), whole])])

    @property
    def total(self) -> int:
        """Count the documents of both halves."""
        return self.words.total + len(self.near.keys() - self._in_both)

    @cached_property
    def _in_both(self) -> set[int]:
        return self.words.matching([*self.near]) if self.near else set()

    def passages_of(self, keys: Sequence[int], limit: int) -> dict[int, list[tantivy.DocAddress]]:
        """Give passages of documents to show: the nearest ones where not all of the words are found."""
        found = self.words.passages_of(keys, limit)
        for key in keys:
            if key in self.near and (self.mode == "any" or key not in self._in_both):
                others = [one for one in found[key] if one not in self.near[key]]
                found[key] = [*self.near[key], *others][:limit]
        return found

    def fused(self, after: Position | None, wanted: int) -> list[Ranked]:
        """Give the documents that follow a position, by the sum of their ranks, and then those behind."""
        words = ranked(self.words, "relevance", None, WINDOW)
        found = self._put_together(words)
        if after is not None:
            found = [one for one in found if _follows(one.position, after)]
        if len(found) < wanted and len(words) == WINDOW:
            begin = words[-1].position if after is None or after.tier == FUSED else after
            rest = ranked(self.words, "relevance", begin, wanted + len(self.near))
            found += [one for one in rest if one.position.key not in self.near]
        return found[:wanted]

    def _put_together(self, words: Sequence[Ranked]) -> list[Ranked]:
        scores: dict[int, float] = {}
        addresses = {key: some[0] for key, some in self.near.items()}
        for keys in ([one.position.key for one in words], [*self.near]):
            for rank, key in enumerate(keys, 1):
                scores[key] = scores.get(key, 0.0) + 1 / (FUSION_RANK + rank)
        addresses |= {one.position.key: one.address for one in words}
        order = sorted(scores, key=lambda key: (-scores[key], key))
        return [Ranked(Position(FUSED, scores[key], key), addresses[key]) for key in order]


def _follows(position: Position, after: Position) -> bool:
    if after.tier != FUSED:
        return False
    return (-position.value, position.key) > (-after.value, after.key)  # type: ignore[operator]  # numbers


def ordered(question: Question, sort: Sort, after: Position | None, wanted: int) -> list[Ranked]:
    """Give the documents that follow a position, in their order, whatever the kind of question."""
    if isinstance(question, Fused) and sort == "relevance":
        return question.fused(after, wanted)
    return ranked(question, sort, after, wanted)


def fuse(
    questions: Mapping[str, Question], folders: Mapping[str, Path], query: str, embedder: Embedder
) -> tuple[list[Question], list[str]]:
    """Widen questions to several indexes by what is near in meaning; say where that was not possible.

    A query that says more than words, such as a phrase or a field, is left as it is: that only the words can
    answer.
    """
    asked = list(questions.values())
    if not all(map(_is_plain, asked[0].clauses)):
        return asked, ["The query has signs that only words can answer: it was searched by its words alone."]
    words = _more_words(asked)
    try:
        vector = embedder.query(query)
    except EmbeddingFault as fault:
        said = f"Searched by words alone: the embeddings endpoint {fault}."
        return [_fused(one, ()) for one in words], [said]
    fused, warnings = list[Question](), list[str]()
    for name, one in zip(questions, words, strict=True):
        try:
            found = nearest(folders[name], embedder.model, vector, most=NEAREST, documents=_narrowed(one))
        except NoVectors as why:
            fused.append(_fused(one, ()))
            warnings.append(f"The index {name!r} was searched by words alone: {why}.")
            continue
        fused.append(_fused(one, found.passages))
        if found.missing:
            warnings.append(
                f"{found.missing:,} passages of the index {name!r} have no vector yet: they are found by "
                "words alone. The next indexing job on it makes the vectors."
            )
    return fused, warnings


def _is_plain(clause: Clause) -> bool:
    return (clause.kind, clause.field, clause.excluded) == ("words", "body", False)


def _more_words(questions: Sequence[Question]) -> list[Question]:
    """Ask for any of the words where no document has all of them, as is so with most questions."""
    if any(one.total for one in questions):
        return [*questions]
    return [Question(one.reader, one.clauses, "any", one.filters) for one in questions]


def _fused(words: Question, near: Sequence[Near]) -> Fused:
    there = _addresses(words, near)
    by_document: dict[int, list[tantivy.DocAddress]] = {}
    for one in near:
        address = there.get((one.key, one.ord))
        if address is not None and _says(words, address, one.print):
            by_document.setdefault(one.key, []).append(address)
    return Fused(words.reader, words.clauses, words.mode, words.filters, words=words, near=by_document)


def _says(question: Question, address: tantivy.DocAddress, text: bytes) -> bool:
    """Tell whether a passage still says what its vector was made of."""
    stored = question.reader.searcher.doc(address).to_dict()
    return print_of(text_of(about(stored).title, passage_of(stored).text)) == text


def _addresses(question: Question, near: Sequence[Near]) -> dict[tuple[int, int], tantivy.DocAddress]:
    """Find passages by document and number."""
    if not near:
        return {}
    searcher = question.reader.searcher
    asked = among(question.reader, sorted({one.key for one in near}))
    count: int = searcher.search(asked, limit=1).count  # type: ignore[attr-defined]  # exists
    if count > MOST_LISTED:
        asked = any_of([_numbered(question, one) for one in near])
    found = searcher.search(asked, limit=max(1, min(count, MOST_LISTED)), count=False).hits
    addresses = [address for _, address in found]
    keys = searcher.fast_field_values("key", addresses)
    orders = searcher.fast_field_values("ord", addresses)
    return {
        (int(key or 0), int(order or 0)): address
        for key, order, address in zip(keys, orders, addresses, strict=True)
    }


def _numbered(question: Question, one: Near) -> tantivy.Query:
    """Ask for one passage: that takes longer than to list those of its document, unless it has very many."""
    schema = question.reader.schema
    of_it = tantivy.Query.term_query(schema, "key", one.key, index_option="basic")
    here = tantivy.Query.range_query(schema, "ord", tantivy.FieldType.Integer, one.ord, one.ord)
    return together([of_it, here])


def _narrowed(question: Question) -> set[int] | None:
    """Give the documents that the filters leave, None for all."""
    narrow = narrowing(question.reader, question.filters, question.clauses)
    if not narrow:
        return None
    compiler = Compiler(question.reader)
    return set(compiler.keys(together([*narrow, compiler.term("whole", "1")])))

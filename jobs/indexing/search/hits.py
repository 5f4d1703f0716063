"""Search one index or several. Made for the process that answers HTTP: loads the engine, and no parser."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from jobs.errors import NotFound
from jobs.indexing.index.overview import IndexStatistics, statistics
from jobs.indexing.search import cursors
from jobs.indexing.search.allowance import MOST_SECONDS, Allowance
from jobs.indexing.search.cursors import Place
from jobs.indexing.search.filters import Counts, Facet, Filters, added_up, facets
from jobs.indexing.search.highlights import Marker
from jobs.indexing.search.hybrid import FUSED, Fused, fuse, ordered
from jobs.indexing.search.matching import Question
from jobs.indexing.search.merging import merged
from jobs.indexing.search.query import Clause, Mode, parse
from jobs.indexing.search.ranking import TOGETHER, Ranked, Sort
from jobs.indexing.search.readers import Reader, damage_explained, let_go, reader
from jobs.indexing.search.spelling import suggestion
from jobs.indexing.search.stored import About, Passage, Stored, about, passage_of
from jobs.indexing.vectors.embedder import Embedder

__all__ = [
    "Filters",
    "Hit",
    "IndexStatistics",
    "Part",
    "SearchResult",
    "Wanted",
    "let_go",
    "search",
    "search_all",
    "statistics",
]

FEW: Final = 3  # documents found; with fewer it is asked whether a word was misspelt


@dataclass(frozen=True)
class Wanted:
    """How a search is made and what is told of it.

    Parameters
    ----------
    mode : "all", "any", "phrase", "prefix" or "fuzzy"
        All words must be in a document; or any of them; or all of them in this order next to each other, in
        one passage; or all of them, each as the beginning of a word; or all of them, or words spelt like
        them. Documents with all words in one passage (of some 200 words) come before those that have them in
        different places.
    filters : Filters
        What else a document must be.
    sort : "relevance", "-modified" (the newest first), "modified", "path" or "title"
        The order of the documents.
    limit : int, at least 1
        Documents a page.
    cursor : str, optional
        The `next` of the page before.
    facets : tuple of "ext", "folder", "language", "author", "source"
        What to count all documents found by.
    highlights : int, 1 to 5
        Passages to show of each document, at most.
    embedder : Embedder, optional
        Finds documents by their meaning too. Where no document has all of the words, any of them do.
    """

    mode: Mode = "all"
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "relevance"
    limit: int = 20
    cursor: str | None = None
    facets: tuple[Facet, ...] = ()
    highlights: int = 1
    embedder: Embedder | None = None


@dataclass(frozen=True)
class Part:
    """A passage that was found, best first. `highlight` is safe HTML; `page` and `label` say where it is."""

    highlight: str
    page: int | None
    label: str | None


@dataclass(frozen=True)
class Hit(About):
    """A document that was found.

    `score` compares hits of one index only; None where they are not ordered by it, or far down by words alone
    in a search by meaning.
    """

    index: str
    score: float | None
    passages: tuple[Part, ...]

    @property
    def page(self) -> int | None:
        """Give the page of the best passage."""
        return self.passages[0].page

    @property
    def highlights(self) -> tuple[str, ...]:
        """Give the passages as safe HTML: escaped, but for `<mark>` around the words found."""
        return tuple(one.highlight for one in self.passages)


@dataclass(frozen=True)
class SearchResult:
    """The hits of one page, and what is true of all documents that match.

    `total` and the counts of `facets` are exact. `next` leads to the page that follows. `changed` tells that
    an index was written since the page before: this page goes on behind the document where that one ended,
    and a document whose place has changed may come twice, or never. `suggestion` is the query with what may
    be misspelt replaced. `warnings` are sentences on what a search by meaning could not do, and on what was
    left out of one that takes too much time.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Counts
    next: str | None
    changed: bool
    suggestion: str | None
    took_ms: float
    warnings: tuple[str, ...] = ()


def search(index: Path, query: str, wanted: Wanted = Wanted()) -> SearchResult:
    """Find documents in one index.

    Raises
    ------
    UnusableQuery
        The query cannot be parsed; it carries the position. Or the search takes too much time.
    BadInput
        The cursor is not one of this search.
    NotFound
        There is no index yet.
    BrokenIndex
        The index is damaged.
    """
    return search_all({index.name: index}, query, wanted)


def search_all(
    indexes: dict[str, Path],
    query: str,
    wanted: Wanted = Wanted(),
) -> SearchResult:
    """Find documents in several indexes, by name; `search` for what it raises."""
    begin = time.perf_counter()
    clauses = parse(query, wanted.mode)
    allowance = Allowance(MOST_SECONDS)
    with damage_explained(), allowance.needed():
        questions, by_words, warnings = _questions(indexes, query, clauses, wanted, allowance)
        purpose = _purpose(indexes, query, wanted)
        places = _places(questions, wanted, purpose)
        streams = [
            ordered(question, wanted.sort, place.last, wanted.limit + 1)
            for question, place in zip(questions, places, strict=True)
        ]
        page, following, is_last = merged(streams, places, wanted.sort, wanted.limit)
        total = _total(questions)
        few = (total if questions is by_words else _total(by_words)) < FEW
        hits = _hits([*indexes], questions, page, wanted, allowance)
        counted = allowance.sparing("the counts of `facets`", partial(_facets, questions, wanted), _UNCOUNTED)
        sought = by_words if few else ()
        better = allowance.sparing("the `suggestion`", partial(_suggestion, sought, query, clauses), None)
        return SearchResult(
            hits=hits,
            total=total,
            facets=counted,
            next=None if is_last else cursors.encode(purpose, _now(questions, following)),
            changed=_commits(questions) != [place.commit for place in places],
            suggestion=better,
            took_ms=(time.perf_counter() - begin) * 1000,
            warnings=(*warnings, *_too_much(allowance)),
        )


def _questions(
    indexes: dict[str, Path], query: str, clauses: tuple[Clause, ...], wanted: Wanted, allowance: Allowance
) -> tuple[list[Question], list[Question], list[str]]:
    """Make the question to each index, what of it asks for words, and what is to be told of the others."""
    readers = [allowance.reader(_reader(name, folder)) for name, folder in indexes.items()]
    questions = [Question(one, clauses, wanted.mode, wanted.filters) for one in readers]
    if wanted.embedder is None:
        return questions, questions, []
    named = dict(zip(indexes, questions, strict=True))
    fused, warnings = fuse(named, indexes, query, wanted.embedder)
    return fused, questions, warnings


_UNCOUNTED: Final[Counts] = {}


def _too_much(allowance: Allowance) -> list[str]:
    """Say what a search has left out that takes too much time."""
    what = list(dict.fromkeys(allowance.left_out))
    return [f"The search takes too much time: it was left without {', '.join(what)}."] if what else []


def _reader(name: str, folder: Path) -> Reader:
    try:
        return reader(folder)
    except NotFound as error:
        raise NotFound(f"There is no index {name!r} yet; an indexing job makes it.") from error


def _places(questions: Sequence[Question], wanted: Wanted, purpose: str) -> list[Place]:
    if wanted.cursor is None:
        return [Place(commit) for commit in _commits(questions)]
    return cursors.decode(wanted.cursor, purpose, wanted.sort, len(questions))


def _now(questions: Sequence[Question], places: Sequence[Place]) -> list[Place]:
    """Date the places: the next page is told if anything is committed from now on."""
    dated = zip(_commits(questions), places, strict=True)
    return [Place(commit, place.shown, place.last) for commit, place in dated]


def _commits(questions: Sequence[Question]) -> list[str]:
    return [question.commit for question in questions]


def _total(questions: Sequence[Question]) -> int:
    return sum(question.total for question in questions)


def _purpose(indexes: Mapping[str, Path], query: str, wanted: Wanted) -> str:
    """Tell one search from another, for the cursors of its pages."""
    meant = wanted.embedder is not None
    return cursors.print_of(query, wanted.mode, wanted.filters, wanted.sort, [*indexes], meant)


def _suggestion(questions: Sequence[Question], query: str, clauses: Sequence[Clause]) -> str | None:
    if not questions:
        return None  # enough was found
    return suggestion([question.reader for question in questions], query, clauses)


def _facets(questions: Sequence[Question], wanted: Wanted) -> Counts:
    """Count the documents of several indexes."""
    return added_up([facets(one.reader, one.documents, wanted.facets, wanted.filters) for one in questions])


def _hits(
    names: Sequence[str],
    questions: Sequence[Question],
    page: Sequence[tuple[int, Ranked]],
    wanted: Wanted,
    allowance: Allowance,
) -> tuple[Hit, ...]:
    """Read the documents of a page, each index's together, and mark the words in them."""
    hits: dict[int, Hit] = {}
    for number, (name, question) in enumerate(zip(names, questions, strict=True)):
        mine = [(place, one) for place, (owner, one) in enumerate(page) if owner == number]
        stored = [question.reader.searcher.doc(one.address).to_dict() for _, one in mine]
        ranks = [one for _, one in mine]
        passages = allowance.sparing(
            "some of the passages",
            partial(_passages, question, list(zip(ranks, stored, strict=True)), wanted),
            [[passage_of(fields)] for fields in stored],
        )
        marker = Marker(question)
        for (place, one), fields, some in zip(mine, stored, passages, strict=True):
            parts = tuple(Part(marker.best_part(passage), passage.page, passage.label) for passage in some)
            score = float(one.position.value) if _is_scored(one, question, wanted) else None
            hits[place] = Hit(**vars(about(fields)), index=name, score=score, passages=parts)
    return tuple(hits[place] for place in range(len(page)))


def _is_scored(one: Ranked, question: Question, wanted: Wanted) -> bool:
    """Tell whether the value of a document's place can be compared with those of others."""
    return wanted.sort == "relevance" and (not isinstance(question, Fused) or one.position.tier == FUSED)


def _passages(
    question: Question, page: Sequence[tuple[Ranked, Stored]], wanted: Wanted
) -> list[list[Passage]]:
    """Give the best passages of each document; the one that it was ranked by is known already."""

    def is_known(one: Ranked) -> bool:
        return wanted.sort == "relevance" and one.position.tier == TOGETHER and wanted.highlights == 1

    sought = [one.position.key for one, _ in page if not is_known(one)]
    found = question.passages_of(sought, wanted.highlights) if sought else {}
    doc = question.reader.searcher.doc
    return [
        [passage_of(doc(address).to_dict()) for address in found.get(one.position.key, ())]
        or [passage_of(stored)]
        for one, stored in page
    ]

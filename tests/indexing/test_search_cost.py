"""What one search may cost, and what becomes of one that would cost more."""

import itertools

import pytest

from jobs.errors import UnusableQuery
from jobs.indexing.search import allowance
from jobs.indexing.search.compiling import EXPANSIONS, SHARED_EXPANSIONS, Compiler
from jobs.indexing.search.filters import Filters
from jobs.indexing.search.hits import Wanted, search
from jobs.indexing.search.matching import Question
from jobs.indexing.search.query import parse
from jobs.indexing.search.readers import reader
from tests.indexing.shelf import Book, found, put

LETTERS = "abcdefghijklmnopqrstuvwxyz"
DEAR = Wanted(mode="any", facets=("ext", "folder"), highlights=3, sort="path")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    words = [a + b + c for a, b, c in itertools.product(LETTERS, "aeiou", LETTERS)]
    texts = [" ".join(words[n::7]) for n in range(7)]
    books = [Book(f"{n % 3}/{n}.txt", texts[n % 7], language=("en", "de", "fr")[n % 3]) for n in range(21)]
    return put(tmp_path_factory.mktemp("shelf"), *books)


def widened(index, query):
    """Give the compiler of a query."""
    return Question(reader(index), parse(query, "all"), "all", Filters())._compiler


def test_beginnings_of_a_query_share_the_words_that_they_stand_for(index):
    many = widened(index, " ".join(f"{letter}*" for letter in LETTERS))
    one = widened(index, "a*")

    assert len(one.expansions("a")) == EXPANSIONS + 1
    assert sum(len(many.expansions(letter)) - 1 for letter in LETTERS) <= SHARED_EXPANSIONS


def test_all_documents_are_found_by_a_beginning_however_many_words_it_stands_for(index):
    for query in ("a*", " ".join(f"{letter}*" for letter in LETTERS)):
        assert len(found(index, query, limit=100)) == 21


def test_a_beginning_that_is_asked_for_again_and_again_costs_once(index):
    question = Question(reader(index), parse("a* a* A* title:a* baz~ baz~ dog dog", "any"), "any", Filters())

    asked = [(one.field, one.kind, one.text) for one in question._sought]

    assert asked == [
        ("body", "prefix", "a"),
        ("title", "prefix", "a"),
        ("body", "fuzzy", "baz"),
        ("body", "words", "dog"),
        ("body", "words", "dog"),
    ]


def test_no_stem_is_asked_for_that_the_index_has_not(index):
    compiler = Compiler(reader(index))

    assert compiler._any_stem("de", ["zzzz", "yyyy"]) is None
    assert compiler._any_stem("de", ["zzzz", "bab"]) is not None


def running_out(monkeypatch, checks):
    """Let the processor time that a search has run out after so many looks at it."""
    looks = itertools.count()
    monkeypatch.setattr(allowance.time, "thread_time", lambda: 0.0 if next(looks) <= checks else 1e9)


def test_a_search_that_costs_too_much_is_refused_or_answers_without_what_it_can_spare(index, monkeypatch):
    whole = search(index, "bab cac* dud~ eee~", DEAR)
    left_out, refused = set(), set()

    for checks in range(200):
        running_out(monkeypatch, checks)
        try:
            result = search(index, "bab cac* dud~ eee~", DEAR)
        except UnusableQuery as error:
            refused.add(str(error))
            continue
        assert (result.total, [hit.id for hit in result.hits]) == (
            whole.total,
            [hit.id for hit in whole.hits],
        )
        if not result.warnings:
            break
        left_out.add(result.warnings)
        assert result.facets in ({}, whole.facets)
    assert whole.total == 21
    assert len(refused) == 1
    assert "takes too much time" in str(refused)
    assert (result.facets, result.suggestion, result.hits) == (whole.facets, whole.suggestion, whole.hits)
    assert {len(one) for one in left_out} == {1}
    assert "facets" in str(left_out)
    assert "passages" in str(left_out)

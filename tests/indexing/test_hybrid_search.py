"""What holds for every search holds for those by meaning: pages, filters, counts, orders, passages."""

import pytest

from jobs.errors import BadInput, UnusableQuery
from jobs.indexing.search.filters import Filters
from jobs.indexing.search.hits import Wanted, search
from tests.indexing.conftest import Desk
from tests.indexing.meaning import asking, found, paths
from tests.support.embedding import Answer, embeddings

KINDS = ("md", "txt")
DOCUMENTS = 480  # more than take part in the putting together: 200 found by words, 100 passages near
QUERY = "bread garden"


def text(number: int) -> str:
    """Say bread, or something that means it, or neither; and a garden in most."""
    subject = ("bread", "loaf", "roses")[number % 3]
    return f"{subject} {'garden ' * (number % 4)} and the number {number}"


@pytest.fixture(scope="module")
def running():
    with embeddings() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, running):
    desk = Desk(tmp_path_factory.mktemp("shelf"))
    for number in range(DOCUMENTS):
        desk.write(f"{'ab'[number % 2]}/{number:03}.{KINDS[number % 2]}", text(number))
    assert desk.run(embedder=asking(running)).warnings == ()
    return desk


@pytest.fixture
def embedder(running):
    return asking(running)


def pages(index, query, embedder, **wanted):
    cursor, found_pages = None, []
    while True:
        page = found(index, query, embedder, cursor=cursor, **wanted)
        found_pages.append(page)
        cursor = page.next
        if cursor is None:
            return found_pages


@pytest.mark.parametrize("sort", ["relevance", "path", "-modified"])
@pytest.mark.parametrize("query", [QUERY, "bread", "garden", "loaves of toast"])
def test_pages_are_the_whole_list_cut_into_parts(shelf, embedder, query, sort):
    whole = found(shelf.index, query, embedder, limit=1_000, sort=sort)

    parts = pages(shelf.index, query, embedder, limit=37, sort=sort)

    assert [path for page in parts for path in paths(page)] == paths(whole)
    assert len(set(paths(whole))) == len(whole.hits) == whole.total == parts[0].total
    assert not any(page.changed for page in parts)


def test_a_document_that_only_words_find_far_down_comes_after_all_others_and_has_no_score(shelf, embedder):
    result = found(shelf.index, "garden", embedder, limit=1_000)

    scores = [hit.score for hit in result.hits]
    with_score = [score for score in scores if score is not None]
    assert with_score == sorted(with_score, reverse=True)
    assert scores[: len(with_score)] == with_score
    assert 0 < len(with_score) < len(scores)
    assert set(shelf.found("garden", limit=1_000)) <= set(paths(result))


def test_filters_hold_for_what_is_near_in_meaning_too(shelf, embedder):
    result = found(shelf.index, "bakery", embedder, filters=Filters(ext=("md",), folder="a"), limit=1_000)
    none = found(shelf.index, "bakery", embedder, filters=Filters(ext=("md",), folder="b"))

    assert result.total == len(result.hits) == 100
    assert all(path.startswith("a/") and path.endswith(".md") for path in paths(result))
    assert {int(path[2:5]) % 3 for path in paths(result)} == {0, 1}  # bread and loaves, no roses
    assert (none.total, none.hits) == (0, ())


def test_facets_count_what_either_has_found_and_each_once(shelf, embedder):
    result = found(shelf.index, QUERY, embedder, facets=("ext", "folder"), limit=1_000)

    by_type = {kind: sum(path.endswith(kind) for path in paths(result)) for kind in KINDS}
    assert dict(result.facets["ext"]) == by_type
    assert dict(result.facets["folder"]) == {"a/": by_type["md"], "b/": by_type["txt"]}
    assert sum(by_type.values()) == result.total


@pytest.mark.parametrize(
    "query",
    ['"bread garden"', "bread -garden", "brea*", "bread~", "title:bread", "bread ext:md", "lang:en bread"],
)
def test_a_query_that_says_more_than_words_is_answered_by_words_alone(shelf, running, embedder, query):
    asked = len(running.requests)

    result = found(shelf.index, query, embedder, limit=1_000)

    assert paths(result) == shelf.found(query, limit=1_000)
    assert result.warnings == (
        "The query has signs that only words can answer: it was searched by its words alone.",
    )
    assert len(running.requests) == asked


def test_a_query_that_cannot_be_understood_is_refused_before_anything_is_asked(shelf, running, embedder):
    asked = len(running.requests)

    with pytest.raises(UnusableQuery):
        found(shelf.index, 'bread "garden', embedder)
    assert len(running.requests) == asked


def test_a_page_after_the_endpoint_has_gone_says_that_the_list_is_another(shelf, running):
    first = found(shelf.index, "bread", asking(running), limit=10)
    running.behaviour = lambda number, texts: Answer(500)
    try:
        second = found(shelf.index, "bread", asking(running), limit=10, cursor=first.next)
    finally:
        running.behaviour = lambda number, texts: None

    assert second.changed
    assert len(second.hits) == 10
    assert second.warnings == ("Searched by words alone: the embeddings endpoint answered with status 500.",)


def test_a_cursor_of_a_search_by_words_is_none_of_one_by_meaning(shelf, embedder):
    cursor = search(shelf.index, "bread", Wanted(limit=5)).next

    with pytest.raises(BadInput):
        found(shelf.index, "bread", embedder, cursor=cursor)


def test_a_query_is_embedded_once_for_all_of_its_pages(shelf, running):
    before = len(running.requests)

    pages(shelf.index, "a loaf of the baker", asking(running), limit=20)

    assert len(running.requests) == before + 1


def test_the_passage_that_is_near_is_shown_with_its_place(desk, endpoint):
    long = "Roses and lilies grow along the wall. " * 60
    desk.write("book.md", f"# Garden\n\n{long}\n\n# Kitchen\n\nA loaf with its crust.\n\n# Shed\n\n{long}")
    desk.run(embedder=asking(endpoint))

    (hit,) = found(desk.index, "bakery", asking(endpoint)).hits

    assert hit.passages[0].label == "Garden … Shed"  # the second of three
    assert "Kitchen" in hit.highlights[0]


def test_words_that_are_misspelt_are_still_suggested(desk, endpoint):
    for number in range(5):
        desk.write(f"{number}.txt", f"albatross and number {number}")
    desk.run(embedder=asking(endpoint))

    result = found(desk.index, "albatros", asking(endpoint))

    assert result.total == 5
    assert result.suggestion == "albatross"

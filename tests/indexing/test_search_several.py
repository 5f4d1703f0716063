"""One search in several indexes."""

import pytest

from jobs.errors import NotFound
from jobs.indexing.search.hits import Wanted, search_all
from tests.indexing.shelf import Book, found, put

SMALL = [Book(f"s{n}.txt", f"albatross petrel {n}", title=f"S{n}", day=n) for n in range(3)]
APART = Book(
    "apart.txt", "albatross " + " ".join(f"sand{n}" for n in range(500)) + " petrel", title="A", day=9
)
LARGE = [Book(f"l{n:02}.pdf", f"albatross petrel sand {n} " * 4, title=f"L{n}", day=n) for n in range(20)]


@pytest.fixture(scope="module")
def indexes(tmp_path_factory):
    place = tmp_path_factory.mktemp("several")
    noise = [Book(f"n{n}.md", f"stones {n}", title=f"N{n}") for n in range(200)]
    return {
        "small": put(place / "small", *SMALL, APART),
        "large": put(place / "large", *LARGE, *noise),
        "empty": put(place / "empty", Book("e.txt", "nothing of it", title="E")),
    }


def walked(indexes, query, **wanted):
    """Walk through all pages; give the (index, path) of each hit."""
    result = search_all(indexes, query, Wanted(**wanted))
    hits = [(hit.index, hit.path) for hit in result.hits]
    while result.next is not None:
        result = search_all(indexes, query, Wanted(**wanted, cursor=result.next))
        hits += [(hit.index, hit.path) for hit in result.hits]
    return hits


def test_each_index_has_its_turn_by_rank(indexes):
    alone = {name: found(index, "albatross petrel", limit=100) for name, index in indexes.items()}

    hits = walked(indexes, "albatross petrel", limit=100)

    assert [name for name, _ in hits[:7]] == ["small", "large"] * 3 + ["large"]
    for name in indexes:
        assert [path for owner, path in hits if owner == name] == alone[name]


def test_documents_with_the_words_apart_come_last_whatever_their_index(indexes):
    assert walked(indexes, "albatross petrel", limit=100)[-1] == ("small", "apart.txt")


@pytest.mark.parametrize("sort", ["relevance", "-modified", "path", "title"])
def test_pages_over_several_indexes_are_the_whole_list_cut_into_parts(indexes, sort):
    whole = walked(indexes, "albatross petrel", sort=sort, limit=100)

    assert walked(indexes, "albatross petrel", sort=sort, limit=3) == whole
    assert len(whole) == len(set(whole)) == 24


def test_orders_by_value_hold_across_indexes(indexes):
    newest = walked(indexes, "albatross", sort="-modified", limit=5)
    by_path = walked(indexes, "albatross", sort="path", limit=5)

    days = {book.path: book.day for book in (*SMALL, APART, *LARGE)}
    assert [days[path] for _, path in newest] == sorted((days[path] for _, path in newest), reverse=True)
    assert [path for _, path in by_path] == sorted(path for _, path in by_path)


def test_counts_and_suggestions_are_of_all_indexes_together(indexes):
    result = search_all(indexes, "albatross", Wanted(facets=("ext",), limit=1))
    misspelt = search_all(indexes, "albatros")

    assert result.total == 24
    assert result.facets == {"ext": (("pdf", 20), ("txt", 4))}
    assert (misspelt.total, misspelt.suggestion) == (0, "albatross")


def test_an_index_that_is_not_there_is_named(indexes, tmp_path):
    with pytest.raises(NotFound, match="'gone'"):
        search_all(indexes | {"gone": tmp_path / "gone"}, "albatross")

"""Pages of a search: what a deep one costs, and what becomes of cursors and dates that nobody gave out."""

import base64
import json
from datetime import datetime, timedelta, timezone

import orjson
import pytest

from jobs.errors import BadInput
from jobs.indexing.search.hits import Filters, Wanted, search
from jobs.indexing.search.matching import Question
from tests.indexing.shelf import Book, found, pages, put


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    books = [Book(f"{n:02}.txt", "albatross " * (1 + n % 3), title=f"Tale {n}", day=n) for n in range(9)]
    return put(tmp_path_factory.mktemp("shelf"), *books)


def test_a_page_of_an_order_costs_what_it_shows_however_deep_it_lies(tmp_path, monkeypatch):
    books = [
        Book(f"{'ab'[n % 2]}/{n % 37}/{n:04}.txt", "albatross", title=f"Tale {n % 700}", day=n % 900)
        for n in range(1_200)
    ]
    for begin in range(4):  # in parts, of which each has texts of all the alphabet
        index = put(tmp_path / "index", *books[begin::4])
    given, ask = [], Question.best

    def counting(*arguments, **named):
        answer = ask(*arguments, **named)
        given.append(len(answer[0]))
        return answer

    monkeypatch.setattr(Question, "best", counting)

    for sort in ("path", "title", "modified", "-modified"):
        given.clear()
        listed = [hit.path for page in pages(index, "albatross", sort=sort, limit=50) for hit in page.hits]
        assert sorted(listed) == sorted(book.path for book in books)
        assert max(given) <= 51
        assert sum(given) < 3 * len(books)


def test_texts_of_any_letters_have_their_place_in_an_order(tmp_path):
    names = [
        "a",
        "aa",
        "ab",
        "a b",
        "a/b",
        "a\\",
        'a"',
        "é",
        "e\u0301",
        "ß",
        "Z",
        "\ud7ff",
        "\ue000",
        "日本",
        "😀",
        "😀b",
    ]
    index = put(tmp_path / "index", *(Book(name, "albatross") for name in names))

    listed = [hit.path for page in pages(index, "albatross", sort="path", limit=1) for hit in page.hits]

    assert listed == sorted(names)


@pytest.mark.parametrize(
    ("sort", "position"),
    [
        ("relevance", [0, "x", "1"]),
        ("relevance", [0, 1.5, "x"]),
        ("relevance", [0, 1.5, "9" * 40]),
        ("relevance", [True, 1.5, "1"]),
        ("relevance", [0, None, "1"]),
        ("path", [0, 5, "1"]),
        ("path", [0, 5.5, "1"]),
        ("title", [0, True, "1"]),
        ("modified", [0, "2026", "1"]),
        ("modified", [0, 5.5, "1"]),
        ("-modified", [0, (1 << 64) - 1, "1"]),
        ("-modified", [0, -(1 << 63), "1"]),
    ],
)
def test_a_cursor_with_a_value_of_another_kind_is_none(index, sort, position):
    forged = forging(search(index, "albatross", Wanted(limit=2, sort=sort)).next, position)

    with pytest.raises(BadInput, match="cursor"):
        search(index, "albatross", Wanted(limit=2, sort=sort, cursor=forged))


@pytest.mark.parametrize("sort", ["relevance", "-modified", "modified", "path", "title"])
def test_a_cursor_far_beyond_the_last_document_leads_to_an_end(index, sort):
    first = search(index, "albatross", Wanted(limit=2, sort=sort)).next
    ends = {
        "relevance": [9, -1e308, "0"],
        "-modified": [0, -(1 << 63) + 1, "0"],
        "modified": [0, (1 << 63) - 1, "0"],
    }
    forged = forging(first, ends.get(sort, [0, "\U0010ffff" * 60, "0"]))

    result = search(index, "albatross", Wanted(limit=2, sort=sort, cursor=forged))

    assert (result.hits, result.next) == ((), None)


def forging(cursor, position):
    """Give a cursor of the same search with another position of the last document."""
    of, part = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return base64.urlsafe_b64encode(json.dumps([of, [*part[:2], *position]]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "moment",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=23, minutes=59))),
        datetime.min.replace(tzinfo=timezone(-timedelta(hours=23, minutes=59))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=23, minutes=59))),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=23, minutes=59))),
    ],
)
def test_a_filter_may_name_any_moment(index, moment):
    everything = len(found(index, "albatross", limit=100))
    is_late = moment.year > 2000

    before = found(index, "albatross", limit=100, filters=Filters(modified_before=moment))
    after = found(index, "albatross", limit=100, filters=Filters(modified_after=moment))

    assert (len(before), len(after)) == ((everything, 0) if is_late else (0, everything))

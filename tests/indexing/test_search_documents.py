"""One document: what it is, its text with nothing twice, and those that are like it."""

from datetime import UTC, datetime

import pytest

from jobs.errors import NotFound, UnusableQuery
from jobs.indexing.extraction.chunks import Chunk, normalised
from jobs.indexing.search.documents import document, similar, text
from tests.indexing.shelf import Book, put

SENTENCES = " ".join(
    f"Sentence {number} tells of albatross {number % 7} & <b>others</b>." for number in range(300)
)
MADE = datetime(2001, 2, 3, tzinfo=UTC)
LONG = Book(
    "a/long.txt", f"{SENTENCES}\n\nShort end.", title="Long", author="Ada", language="en", created=MADE
)
SLIDES = Book(
    "slides.pptx",
    title="Slides",
    chunks=(
        Chunk("First albatross", 1, "slide 1"),
        Chunk("Second", 2, "slide 2"),
        Chunk("鳥は海", 3, "slide 3"),
    ),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return put(tmp_path_factory.mktemp("documents") / "index", LONG, SLIDES)


def plain(part):
    """Undo the markup of a part."""
    raw = part.html.replace("<mark>", "").replace("</mark>", "")
    for name, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        raw = raw.replace(name, sign)
    return raw


def whole(index, book, query=None, limit=100):
    """Walk through the pages of a text; give the parts, and how many pages there were."""
    parts, begin, count = [], 0, 0
    while begin is not None:
        page = text(index, book.id, query, begin=begin, limit=limit)
        parts, begin, count = [*parts, *page.parts], page.next, count + 1
    return parts, count


def test_a_document_tells_what_it_is(index):
    found = document(index, LONG.id)

    assert (found.about.path, found.about.title, found.about.author) == ("a/long.txt", "Long", "Ada")
    assert (found.about.language, found.about.created_at) == ("en", MADE)
    assert found.passages == len(LONG.entry().chunks) > 10
    assert found.pages is None
    assert document(index, SLIDES.id).pages == 3


@pytest.mark.parametrize("limit", [1, 3, 1_000])
def test_the_text_of_a_document_is_whole_and_has_nothing_twice(index, limit):
    parts, pages = whole(index, LONG, "albatross", limit=limit)

    together = plain(parts[0])
    for part in parts[1:]:
        together += plain(part) if part.continues else "\n\n" + plain(part)
    assert together == normalised(LONG.text)
    assert pages == -(-len(parts) // limit)


def test_each_word_that_is_sought_is_marked_once_wherever_it_stands(index):
    parts, _ = whole(index, LONG, "albatross -others")

    assert sum(part.html.count("<mark>albatross</mark>") for part in parts) == 300
    assert not any("<mark>others</mark>" in part.html for part in parts)


def test_a_text_is_safe_html_with_pages_and_labels(index):
    first, _, last = whole(index, SLIDES, "albatross 海")[0]

    assert (first.html, first.page, first.label) == ("First <mark>albatross</mark>", 1, "slide 1")
    assert (last.html, last.page, last.label) == ("鳥は<mark>海</mark>", 3, "slide 3")
    assert "&lt;b&gt;others&lt;/b&gt;" in whole(index, LONG)[0][0].html


def test_there_is_nothing_beyond_the_end_of_a_text(index):
    assert text(index, SLIDES.id, begin=3).parts == ()


def test_an_unknown_document_is_not_found(index, tmp_path):
    for look in (document, text, similar):
        with pytest.raises(NotFound, match="no such document"):
            look(index, "0" * 32)
        with pytest.raises(NotFound, match="no such index"):
            look(tmp_path / "none", LONG.id)


def test_a_query_that_cannot_be_understood_marks_nothing(index):
    with pytest.raises(UnusableQuery):
        text(index, LONG.id, '"open')


BIRDS = [
    Book(
        f"bird{n}.txt",
        f"The albatross and the petrel glide over the southern ocean, observation {n}.",
        title=f"B{n}",
    )
    for n in range(4)
]
TAXES = [
    Book(f"tax{n}.txt", f"The invoice and the tax return of the office for the year {n}.", title=f"T{n}")
    for n in range(12)
]


def test_documents_about_the_same_are_found_before_others(tmp_path):
    index = put(tmp_path / "index", *BIRDS, *TAXES)

    found = similar(index, BIRDS[0].id, limit=5)

    assert {one.about.path for one in found[:3]} == {book.path for book in BIRDS[1:]}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert BIRDS[0].path not in {one.about.path for one in found}


def test_documents_of_other_languages_are_like_one_that_shares_its_names_and_terms(tmp_path):
    names = "asyncio contextvars dataclasses functools itertools"
    more = "multiprocessing subprocess threading typing weakref"
    index = put(
        tmp_path / "index",
        Book("index-s.html", f"{names} {more}", language="sl"),
        Book("index-t.html", f"{names} and {more}", language="en"),
        Book("kapitel.html", f"{names} und {more}", language="de"),
        Book("chuong.html", "trong cho khi asyncio", language="vi"),
        Book("poglavje.html", "asyncio zelo lepo poglavje", language="sl"),
        *(Book(f"other/{n}.html", f"some other page {n}", language="en") for n in range(20)),
    )

    for path in ("index-s.html", "index-t.html", "kapitel.html"):
        alike = [one.about.path for one in similar(index, Book(path).id, limit=2)]
        assert {path, *alike} == {"index-s.html", "index-t.html", "kapitel.html"}


def test_a_document_like_no_other_has_nothing_similar(tmp_path):
    index = put(
        tmp_path / "index", Book("x.txt", "zygote quokka", title="x"), Book("y.txt", "fjord", title="y")
    )

    assert similar(index, Book("x.txt").id) == ()

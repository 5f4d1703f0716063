"""What can be typed: phrases, beginnings, likeness, fields; and what is pasted, which means none of these."""

import pytest

from jobs.errors import UnusableQuery
from jobs.indexing.search.hits import Wanted, search
from jobs.indexing.search.query import parse
from tests.indexing.shelf import Book, found, put

BOOKS = (
    Book("birds/king.txt", "The king penguin walks to the sea.", title="On kings", author="Ada Müller"),
    Book("birds/emperor.pdf", "The emperor penguin dives deep.", title="On emperors", author="Eve Sørensen"),
    Book("plants/moss.txt", "Moss grows on kings' graves.", title="Green things", language="en"),
    Book("pflanzen/moos.html", "Das Moos wächst auf Gräbern der Könige.", title="Moose", language="de"),
    Book(
        "code/readme.md",
        "Written in C++ at 12:30; see https://station.example/a?b=1 or mail bursar@station.example. "
        r"Title: none. On Windows C:\Users\ada\notes.txt, elsewhere ~/notes.txt~ and type: ignore.",
        title="Read me",
    ),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return put(tmp_path_factory.mktemp("query") / "index", *BOOKS)


KING, EMPEROR, MOSS, MOOS, CODE = (book.path for book in BOOKS)


@pytest.mark.parametrize(
    ("query", "mode", "paths"),
    [
        ("peng*", "all", {KING, EMPEROR}),
        ("emp* peng*", "all", {EMPEROR}),
        ("pengiun~", "all", {KING, EMPEROR}),
        ("emperer~ pengiun~", "all", {EMPEROR}),
        ("kign~", "all", {KING, MOSS}),  # one slip: two neighbours changed places
        ("knig~ walsk~", "all", {KING}),
        ("pangiun~", "all", set()),  # two slips, of a word of seven letters
        ("empror penguin", "fuzzy", {EMPEROR}),
        ("knig", "all", set()),
        ("to~ deep", "all", set()),  # too short for a likeness
        ("title:kings", "all", {KING}),
        ("title:king", "all", {KING}),  # a stem
        ("title:emp*", "all", {EMPEROR}),
        ("title:knigs~", "all", {KING}),
        ('title:"on kings"', "all", {KING}),
        ('title:"kings on"', "all", set()),
        ("title:kings title:emperors", "any", {KING, EMPEROR}),
        ("title:on -title:emperors", "all", {KING}),
        ("author:muller", "all", {KING}),
        ('author:"ada müller"', "all", {KING}),
        ("author:sorensen penguin", "all", {EMPEROR}),
        ("path:birds", "all", {KING, EMPEROR}),
        ("path:birds/king", "all", {KING}),
        ("moss -path:plants", "all", set()),
        ("ext:pdf", "all", {EMPEROR}),
        ("ext:.PDF penguin", "all", {EMPEROR}),
        ("type:pdf,md", "all", {EMPEROR, CODE}),
        ("penguin -ext:pdf", "all", {KING}),
        ("penguin moss -ext:pdf", "any", {KING, MOSS}),
        ("lang:de", "all", {MOOS}),
        ("lang:de-AT", "all", {MOOS}),
        ("lang:DE ext:txt", "all", set()),
        ("king -lang:en", "all", {KING}),
        ('"king penguin"', "all", {KING}),
        ('"penguin king"', "all", set()),
        ('-"king penguin" penguin', "all", {EMPEROR}),
        ("king penguin walks", "phrase", {KING}),
        ("title:kings", "phrase", set()),  # in this mode everything is text
        ("C++", "all", {CODE}),
        ("12:30", "all", {CODE}),
        ("https://station.example/a?b=1", "all", {CODE}),
        ("bursar@station.example", "all", {CODE}),
        (r"C:\Users\ada\notes.txt", "all", {CODE}),
        ("~/notes.txt~", "all", {CODE}),
        ("notes.txt~", "fuzzy", {CODE}),
        ("Title: none", "all", {CODE}),
        ("type: ignore", "all", {CODE}),
        ("station:bursar", "all", set()),  # no field: two words in this order
        ("windows:elsewhere", "any", set()),
    ],
)
def test_what_is_typed_finds_what_is_meant(index, query, mode, paths):
    assert set(found(index, query, mode=mode)) == paths


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("penguin lang:german", 13, "lang:de"),
        ('title:"king', 6, "close it"),
        ('king title:"', 11, "close it"),
        ("-title:king", 0, "add a word"),
        ("title:... ext:!!", 0, "type one"),
        ("king " + "word " * 64, 320, "leave out"),
    ],
)
def test_what_cannot_be_understood_says_where_and_what_to_do(index, query, position, words):
    with pytest.raises(UnusableQuery, match=words) as caught:
        search(index, query)

    assert caught.value.position == position


def test_only_words_that_were_found_are_marked(index):
    (alike,) = search(index, "pengiun~ king").hits[0].highlights
    (beginning,) = search(index, "emp* -king", Wanted()).hits[0].highlights
    (title,) = search(index, "title:king penguin -emperor").hits[0].highlights

    assert alike == "The <mark>king</mark> <mark>penguin</mark> walks to the sea."
    assert beginning == "The <mark>emperor</mark> penguin dives deep."
    assert title == "The king <mark>penguin</mark> walks to the sea."


def test_a_word_left_out_anywhere_in_a_document_leaves_it_out(tmp_path):
    far = Book("far.txt", "albatross " + "sand " * 600 + "petrel")
    index = put(tmp_path / "index", far, Book("near.txt", "albatross alone"))

    assert found(index, "albatross -petrel") == ["near.txt"]
    assert found(index, "albat* -petr*") == ["near.txt"]


def test_documents_with_all_words_in_one_passage_come_before_those_that_have_them_apart(tmp_path):
    sand = " ".join(f"sand{number}" for number in range(600))
    index = put(
        tmp_path / "index",
        Book("apart.txt", title="Apart", text=f"albatross albatross {sand} petrel petrel"),
        Book("together.txt", title="Near", text=f"{sand} albatross and petrel {sand}"),
    )

    result = search(index, "albatross petrel")

    assert [hit.path for hit in result.hits] == ["together.txt", "apart.txt"]
    assert result.total == 2
    assert "<mark>" in result.hits[1].highlights[0]


@pytest.mark.parametrize("text", ["é" * 100, "a" * 3_999, "x" * 64 + " " + "y" * 80])
def test_a_query_of_words_that_no_index_keeps_is_told_so(text):
    with pytest.raises(UnusableQuery, match="too long"):
        parse(text, "all")

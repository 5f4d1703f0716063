"""What is found, how it is shown, and that no query breaks anything."""

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.errors import BrokenIndex, NotFound, UnusableQuery
from jobs.indexing.index.engine import SCHEMA_VERSION
from jobs.indexing.runs.run import index_folder
from jobs.indexing.search.hits import Wanted, search, statistics
from jobs.indexing.sources.order import Order
from tests.data.documents.make import pdf
from tests.indexing.conftest import Desk
from tests.indexing.damaging import put

WORDS = {
    "king.txt": "The king penguin walks. Its chicks wear brown down.",
    "emperor.txt": "The emperor penguin dives deep. Penguins are studied; studies of diving.",
    "cafe.txt": "Le café crème de la Zürcher Straße, naïve déjà vu.",
    "code.txt": "Written in C++ by bursar@station.example; see /etc/station.conf and 3.14.",
    "tokyo.txt": "東京のペンギンは水族館に住んでいます。 Seoul 서울 too.",
    "script.txt": "Danger <script>alert('albatross')</script> & <mark>more</mark> albatross \"quotes\".",
    "report.pdf": pdf([["Summary"], ["Krill is eaten"], ["The end of krill and krill"]], title="On krill"),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("library"))
    for path, content in WORDS.items():
        desk.write(path, content)
    desk.run()
    return desk


@pytest.mark.parametrize(
    ("query", "mode", "paths"),
    [
        ("penguin", "all", {"king.txt", "emperor.txt"}),
        ("PENGUINS", "all", {"king.txt", "emperor.txt"}),
        ("study", "all", {"emperor.txt"}),
        ("king emperor", "all", set()),
        ("king emperor", "any", {"king.txt", "emperor.txt"}),
        ("penguin -emperor", "all", {"king.txt"}),
        ("penguin -king", "any", {"emperor.txt"}),
        ('"penguin walks"', "all", {"king.txt"}),
        ('"walks penguin"', "all", set()),
        ("penguin dives", "phrase", {"emperor.txt"}),
        ("dives penguin", "phrase", set()),
        ("peng", "prefix", {"king.txt", "emperor.txt"}),
        ("emp peng", "prefix", {"emperor.txt"}),
        ("studie", "prefix", {"emperor.txt"}),
        ("peng", "all", set()),
        ("cafe creme", "all", {"cafe.txt"}),
        ("CAFÉ", "all", {"cafe.txt"}),
        ("cafe\u0301", "all", {"cafe.txt"}),
        ("strasse", "all", {"cafe.txt"}),
        ("東京", "all", {"tokyo.txt"}),
        ("水族館", "any", {"tokyo.txt"}),
        ("京東", "all", set()),
        ("ペンギン Seoul", "all", {"tokyo.txt"}),
        ("서울", "prefix", {"tokyo.txt"}),
        ("C++", "all", {"code.txt"}),
        ("bursar@station.example", "all", {"code.txt"}),
        ("station.example bursar", "all", {"code.txt"}),
        ("/etc/station.conf", "all", {"code.txt"}),
        ("krill:", "all", {"report.pdf"}),
        ("summary eaten", "all", {"report.pdf"}),  # on different pages
        ("summary eaten penguin", "all", set()),
        ("summary eaten -end", "all", set()),  # the word is in the document
        ("summary eaten -penguin", "all", {"report.pdf"}),
        ("summ eat", "prefix", {"report.pdf"}),
        ("🐧 krill", "all", {"report.pdf"}),
        ('5" krill', "any", {"report.pdf"}),
        ("krill OR eaten", "all", set()),  # OR is a word like any other
        ("krill AND the", "all", {"report.pdf"}),
    ],
)
def test_the_right_documents_are_found(library, query, mode, paths):
    result = search(library.index, query, Wanted(mode=mode))

    assert {hit.path for hit in result.hits} == paths
    assert result.total == len(paths)


def test_a_hit_says_where_and_when_and_on_which_page(library):
    hit = search(library.index, "krill eaten").hits[0]
    about, file = hit, library.root / "report.pdf"

    assert (about.path, about.title, about.source) == ("report.pdf", "On krill", "folder:documents")
    assert (hit.page, about.bytes) == (2, file.stat().st_size)
    assert about.modified_at == datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    assert hit.highlights == ("<mark>Krill</mark> is <mark>eaten</mark>",)
    assert len(about.id) == 32


def test_a_document_is_one_hit_by_its_best_passage(library):
    result = search(library.index, "krill")

    assert result.total == 1
    assert [hit.page for hit in result.hits] == [3]


def test_a_title_alone_is_found(library):
    hit = search(library.index, "on krill summary").hits[0]

    assert (hit.path, hit.page) == ("report.pdf", 1)


def test_highlights_are_escaped_but_for_the_marks(library):
    (highlight,) = search(library.index, "albatross alert").hits[0].highlights

    assert "<script>" not in highlight
    assert "&lt;script&gt;<mark>alert</mark>(&#x27;<mark>albatross</mark>&#x27;)&lt;/script&gt;" in highlight
    assert "&lt;mark&gt;more&lt;/mark&gt;" in highlight


def test_characters_of_many_bytes_are_highlighted_whole(library):
    (accents,) = search(library.index, "zurcher").hits[0].highlights
    (characters,) = search(library.index, "水族").hits[0].highlights

    assert "<mark>Zürcher</mark> Straße, naïve" in accents
    assert "ペンギンは<mark>水族</mark>館" in characters


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("", 0),
        ("  ... !? 🐧", 0),
        ('krill "never closed', 6),
        ("-krill", 0),
        ("  -krill -penguin", 2),
        ("x" * 10_000, 4_000),
        ("word " * 65, 320),
    ],
)
def test_an_unusable_query_says_where(library, query, position):
    with pytest.raises(UnusableQuery) as caught:
        search(library.index, query)

    assert caught.value.position == position


ODD_WORDS = [
    "krill",
    "penguin",
    "AND",
    "OR",
    "NOT",
    '"',
    "-",
    "+",
    "*",
    "?",
    ":",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
]
ODD_WORDS += ["^", "~", "\\", "/", "東京", "é", "🐧", "\0", "\ud800", "<b>", "C++", "a@b.c", "title:krill"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(alphabet=st.characters(codec=None, categories=None), max_size=60)
    | st.lists(st.sampled_from(ODD_WORDS)).map(" ".join)
    | st.lists(st.sampled_from(ODD_WORDS)).map("".join),
    mode=st.sampled_from(["all", "any", "phrase", "prefix", "fuzzy"]),
)
def test_any_query_gives_hits_or_says_that_it_is_unusable(library, query, mode):
    try:
        result = search(library.index, query, Wanted(mode=mode))
    except UnusableQuery:
        return
    assert result.total >= len(result.hits)


def test_pages_of_hits_are_complete_and_do_not_overlap(desk):
    for number in range(150):
        desk.write(f"{number:03}.txt", f"albatross number {number} " * 120)
    desk.run()

    pages = [search(desk.index, "albatross", Wanted(limit=40))]
    while pages[-1].next is not None:
        pages.append(search(desk.index, "albatross", Wanted(limit=40, cursor=pages[-1].next)))
    paths = [hit.path for page in pages for hit in page.hits]

    assert [page.total for page in pages] == [150] * 4
    assert len(paths) == len(set(paths)) == 150


def test_a_search_sees_what_was_committed_last(desk):
    desk.write("a.txt", "albatross")
    desk.run()
    before = desk.found("albatross petrel", mode="any")
    desk.write("b.txt", "petrel")
    desk.run()

    assert before == ["a.txt"]
    assert sorted(desk.found("albatross petrel", mode="any")) == ["a.txt", "b.txt"]


def test_searches_go_on_while_the_index_is_written(desk):
    for number in range(30):
        desk.write(f"{number}.txt", f"albatross {number}")
    desk.run()
    stop, failures, searches = threading.Event(), [], []

    def look():
        while not stop.is_set():
            try:
                searches.append(search(desk.index, "albatross").total)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for step in range(6):
        desk.write(f"{step}.txt", f"albatross again {step}")
        desk.run()
    stop.set()
    for thread in threads:
        thread.join()

    assert failures == []
    assert set(searches) == {30}


def test_there_is_no_index_before_the_first_run(tmp_path):
    for look in (lambda: search(tmp_path / "none", "x"), lambda: statistics(tmp_path / "none")):
        with pytest.raises(NotFound):
            look()


def test_a_damaged_index_says_what_to_do(desk):
    desk.write("a.txt", "albatross")
    desk.run()
    for file in [*(desk.index / "segments").iterdir()]:
        if file.suffix in (".idx", ".term", ".store"):
            put(file, b"no index " * 10)

    with pytest.raises(BrokenIndex, match="Start an indexing job"):
        search(desk.index, "albatross")


def test_statistics_count_what_can_be_found(desk):
    desk.write("a.txt", "albatross")
    desk.write("b.txt", "albatross")
    desk.write("c.pdf", pdf([["one"], ["two"]]))
    begin = datetime.now(UTC)

    result = index_folder(Order(desk.root, desk.index, "x", "s"))
    found = statistics(desk.index)

    assert (found.documents, found.chunks, found.schema_version) == (2, 3, SCHEMA_VERSION)
    assert found.bytes >= result.index_bytes > 0
    assert begin <= found.updated_at <= datetime.now(UTC)

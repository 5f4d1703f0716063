"""What narrows a search, what is counted of all that it finds, and in which order and pages it is shown."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.errors import BadInput
from jobs.indexing.search.hits import Filters, Wanted, search
from tests.indexing.shelf import Book, found, pages, put

BOOKS = [
    Book(
        f"{2020 + number % 3}/{'ab'[number % 2]}/{number:02}.{('txt', 'pdf', 'html', 'txt')[number % 4]}",
        "albatross " * (1 + number % 5) + "sand " * 30 * (number % 7),
        title=f"{'Über' if number % 2 else 'about'} {number:02}",
        author=("Ada Müller", "Eve Sørensen", "")[number % 3],
        language=("en", "de", "fr", "")[number % 4],
        day=number % 10,
        created=None if number % 5 else datetime(2000 + number, 1, 1, tzinfo=UTC),
        source=("folder:one", "folder:two")[number % 2],
    )
    for number in range(60)
]
FIRST = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Written in several parts, as a large index is."""
    place = tmp_path_factory.mktemp("filters") / "index"
    for begin in range(0, 60, 15):
        put(place, *BOOKS[begin : begin + 15])
    return place


def made(book):
    return book.created.year if book.created else float("nan")


def day(number):
    return FIRST + timedelta(days=number)


@pytest.mark.parametrize(
    ("filters", "belongs"),
    [
        (Filters(ext=("pdf",)), lambda book: book.path.endswith(".pdf")),
        (Filters(ext=(".PDF", "html")), lambda book: book.path.endswith((".pdf", ".html"))),
        (Filters(folder="2021"), lambda book: book.path.startswith("2021/")),
        (Filters(folder="/2021/a/"), lambda book: book.path.startswith("2021/a/")),
        (Filters(folder="202"), lambda book: False),
        (Filters(language=("de", "FR")), lambda book: book.language in ("de", "fr")),
        (Filters(author=("Ada Müller",)), lambda book: book.author == "Ada Müller"),
        (Filters(author=("Ada",)), lambda book: False),
        (Filters(source=("folder:two",)), lambda book: book.source == "folder:two"),
        (Filters(modified_after=day(7)), lambda book: book.day >= 7),
        (Filters(modified_before=day(7)), lambda book: book.day < 7),
        (Filters(modified_after=day(2), modified_before=day(4)), lambda book: book.day in (2, 3)),
        (Filters(created_after=datetime(2030, 1, 1, tzinfo=UTC)), lambda book: made(book) >= 2030),
        (Filters(created_before=datetime(2010, 1, 1, tzinfo=UTC)), lambda book: made(book) < 2010),
        (
            Filters(ext=("txt",), folder="2020", modified_after=day(5)),
            lambda book: book.path.startswith("2020/") and book.path.endswith("txt") and book.day >= 5,
        ),
    ],
)  # fmt: skip
def test_a_filter_lets_through_what_it_says(index, filters, belongs):
    result = search(index, "albatross", Wanted(filters=filters, limit=100))

    expected = {book.path for book in BOOKS if belongs(book)}
    assert {hit.path for hit in result.hits} == expected
    assert result.total == len(expected)


def test_filters_do_not_change_the_ranking(index):
    filters = Filters(source=("folder:one",), modified_after=day(0))

    everything = search(index, "albatross", Wanted(limit=100)).hits
    narrowed = search(index, "albatross", Wanted(filters=filters, limit=100)).hits

    scores = {hit.path: hit.score for hit in everything}
    assert [hit.path for hit in narrowed] == [hit.path for hit in everything if hit.source == "folder:one"]
    assert [hit.score for hit in narrowed] == pytest.approx([scores[hit.path] for hit in narrowed], rel=1e-5)


def test_facets_count_every_document_found_once(index):
    long_one = Book("2020/a/long.pdf", "albatross " * 3_000)  # many passages
    put(index, long_one)
    try:
        wanted = Wanted(facets=("ext", "language", "author", "source", "folder"), limit=1)
        facets = search(index, "albatross", wanted).facets
    finally:
        put(index, remove=[long_one])

    assert dict(facets["ext"]) == {"txt": 30, "pdf": 16, "html": 15}
    assert dict(facets["language"]) == {"en": 15, "de": 15, "fr": 15, "": 16}
    assert dict(facets["author"]) == {"Ada Müller": 20, "Eve Sørensen": 20, "": 21}
    assert dict(facets["source"]) == {"folder:one": 30, "folder:two": 30, "folder:shelf": 1}
    assert dict(facets["folder"]) == {"2020/": 21, "2021/": 20, "2022/": 20}
    assert facets["ext"][0] == ("txt", 30)


def test_folders_are_counted_one_level_below_the_filter(index):
    wanted = Wanted(facets=("folder",), filters=Filters(folder="2021", ext=("txt",)))

    result = search(index, "albatross", wanted)

    texts = [book.path for book in BOOKS if book.path.startswith("2021/") and book.path.endswith("txt")]
    expected = {f"2021/{name}/": sum(path[5] == name for path in texts) for name in "ab"}
    assert dict(result.facets["folder"]) == {name: count for name, count in expected.items() if count}


@pytest.mark.parametrize("name", ["a.b", "a+b", "[x]", "a(b)", "^$", "a|b", "a\\b", "x#y&z~", "日本"])
def test_folders_may_have_any_name(tmp_path, name):
    index = put(
        tmp_path / "index", Book(f"{name}/in/one.txt", "albatross"), Book("axb/in/two.txt", "albatross")
    )

    result = search(index, "albatross", Wanted(facets=("folder",), filters=Filters(folder=name)))

    assert result.facets["folder"] == ((f"{name}/in/", 1),)
    assert [hit.path for hit in result.hits] == [f"{name}/in/one.txt"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-modified", lambda book: -book.day),
        ("modified", lambda book: book.day),
        ("path", lambda book: book.path),
        ("title", lambda book: book.title.casefold().replace("ü", "u")),
    ],
)
def test_documents_can_be_ordered(index, sort, order):
    hits = search(index, "albatross", Wanted(sort=sort, limit=100)).hits

    keys = {book.path: order(book) for book in BOOKS}
    assert [keys[hit.path] for hit in hits] == sorted(keys.values())
    assert all("<mark>albatross</mark>" in hit.highlights[0] for hit in hits)
    assert {hit.score for hit in hits} == {None}


@pytest.mark.parametrize("query", ["albatross", "albatross sand", "alba* -missing", "albatros~"])
@pytest.mark.parametrize("sort", ["relevance", "-modified", "modified", "path", "title"])
def test_pages_are_the_whole_list_cut_into_parts(index, query, sort):
    whole = found(index, query, sort=sort, limit=100)

    results = pages(index, query, sort=sort, limit=7)

    assert [hit.path for page in results for hit in page.hits] == whole
    assert {page.total for page in results} == {len(whole)}
    assert not any(page.changed for page in results)


def test_a_page_goes_on_where_the_last_one_ended_although_the_index_was_written(tmp_path):
    books = [Book(f"{number:02}.txt", "albatross", day=number) for number in range(10)]
    index = put(tmp_path / "index", *books)
    first = search(index, "albatross", Wanted(sort="path", limit=4))
    put(index, Book("00a.txt", "albatross"), Book("99.txt", "albatross"), remove=[books[3], books[4]])

    second = search(index, "albatross", Wanted(sort="path", limit=4, cursor=first.next))
    third = search(index, "albatross", Wanted(sort="path", limit=4, cursor=second.next))

    assert [hit.path for hit in second.hits] == ["05.txt", "06.txt", "07.txt", "08.txt"]
    assert [hit.path for hit in third.hits] == ["09.txt", "99.txt"]
    assert (first.changed, second.changed, third.changed) == (False, True, False)
    assert third.next is None


def test_a_cursor_serves_its_own_search_only(index):
    cursor = search(index, "albatross", Wanted(limit=2)).next

    for query, wanted in (
        ("sand", Wanted(cursor=cursor)),
        ("albatross", Wanted(cursor=cursor, sort="path")),
        ("albatross", Wanted(cursor=cursor, filters=Filters(ext=("pdf",)))),
        ("albatross", Wanted(cursor="bm9uZQ")),
        ("albatross", Wanted(cursor=f"{cursor}x")),
        ("albatross", Wanted(cursor="é")),
    ):
        with pytest.raises(BadInput, match="cursor"):
            search(index, query, wanted)


def test_equal_documents_have_one_order_however_many_there_are(tmp_path):
    books = [Book(f"{number:03}.txt", "albatross") for number in range(350)]
    index = put(tmp_path / "index", *books)

    for sort in ("relevance", "-modified", "title"):
        listed = [hit.path for page in pages(index, "albatross", sort=sort, limit=90) for hit in page.hits]
        assert sorted(listed) == [book.path for book in books]


def test_several_passages_of_a_document_can_be_shown(tmp_path):
    sand = "sand " * 230
    index = put(tmp_path / "index", Book("long.txt", "\n\n".join(f"albatross {n} {sand}" for n in range(8))))

    (one,) = search(index, "albatross").hits
    (three,) = search(index, "albatross", Wanted(highlights=3)).hits

    assert len(one.passages) == 1
    assert len({part.highlight for part in three.passages}) == 3
    assert all("<mark>albatross</mark>" in part.highlight for part in three.passages)


@pytest.mark.parametrize("name", ["ext", "language", "author"])
def test_documents_without_a_value_are_counted_and_can_be_asked_for(tmp_path, name):
    there = {"ext": "txt", "language": "en", "author": "Ada"}[name]
    with_it = Book("one.txt", "albatross", author="Ada", language="en")
    without = [Book(path, "albatross", author="", language="") for path in ("README", "Makefile")]
    index = put(tmp_path / "index", with_it, *without)

    result = search(index, "albatross", Wanted(facets=(name,)))

    assert dict(result.facets[name]) == {there: 1, "": 2}
    assert sum(count for _, count in result.facets[name]) == result.total
    assert found(index, "albatross", sort="path", filters=Filters(**{name: ("",)})) == ["Makefile", "README"]
    assert len(found(index, "albatross", filters=Filters(**{name: ("", there)}))) == 3
    assert found(index, "albatross", filters=Filters(**{name: (there,)})) == ["one.txt"]

"""Search and documents over HTTP: parameters, pages, errors, and whose index it is."""

import pytest

from jobs import folders
from tests.indexing.shelf import Book, put

BOOKS = [
    Book(
        f"{'ab'[n % 2]}/{n:02}.{('txt', 'pdf')[n % 3 == 0]}",
        f"albatross, petrel {n} & <b>more</b>",
        title=f"Bird & co {n}",
        author="Doe, Jane" if n % 4 == 0 else "Ada",
        language="en",
        day=n,
    )
    for n in range(12)
]


@pytest.fixture(scope="module")
def reader(client_of):
    """Give the client of somebody who has two indexes."""
    client = client_of("reader-of-birds")
    put(folders.index_folder("reader-of-birds", "birds"), *BOOKS)
    put(
        folders.index_folder("reader-of-birds", "tales"),
        Book("tale.md", "An albatross in a tale.", title="Tale"),
    )
    return client


def search(client, query, index="birds"):
    answer = client.get(f"/api/v1/indexes/{index}/search?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_hit_tells_all_of_its_document_and_where_the_words_stand(reader):
    (hit,) = search(reader, "q=%22petrel%204%22&sort=title")["items"]

    assert (hit["index"], hit["path"], hit["title"]) == ("birds", "a/04.txt", "Bird & co 4")
    assert (hit["author"], hit["language"], hit["source"]) == ("Doe, Jane", "en", "folder:shelf")
    assert hit["modified_at"] == "2026-03-05T00:00:00Z"
    assert hit["created_at"] is None
    assert hit["score"] is None
    assert hit["highlights"] == [
        "albatross, <mark>petrel</mark> <mark>4</mark> &amp; &lt;b&gt;more&lt;/b&gt;"
    ]
    assert hit["passages"] == [{"highlight": hit["highlights"][0], "page": None, "label": None}]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("ext=pdf", [0, 3, 6, 9]),
        ("ext=pdf,md", [0, 3, 6, 9]),
        ("ext=pdf&ext=txt&folder=a&modified_after=2026-03-09", [8, 10]),
        ("folder=b/&modified_before=2026-03-04T12:00:00Z", [1, 3]),
        ("modified_before=2026-03-02T01:00:00%2B02:00", [0]),
        ("author=Doe,%20Jane&language=en", [0, 4, 8]),
        ("source=folder:none", []),
        ("author=-", []),
        ("ext=-", []),
        ("language=en,-", list(range(12))),
        ("created_after=2000-01-01", []),
    ],
)
def test_a_search_is_narrowed_by_parameters(reader, query, numbers):
    found = search(reader, f"q=albatross&sort=path&limit=50&{query}")

    assert sorted(int(hit["path"][2:4]) for hit in found["items"]) == numbers
    assert found["total"] == len(numbers)


def test_pages_follow_each_other_by_their_addresses(reader):
    page, paths, pages = search(reader, "q=albatross&ext=pdf,txt&limit=5&highlights=2"), [], 1
    paths += [hit["path"] for hit in page["items"]]
    while page["next"]:
        page = reader.get(page["next"]).json
        paths += [hit["path"] for hit in page["items"]]
        pages += 1

    assert sorted(paths) == sorted(book.path for book in BOOKS)
    assert pages == 3


def test_facets_and_suggestions_come_with_a_search(reader):
    found = search(reader, "q=albatross&facets=ext,folder&facets=language")

    assert found["facets"] == {
        "ext": [{"value": "txt", "count": 8}, {"value": "pdf", "count": 4}],
        "folder": [{"value": "a/", "count": 6}, {"value": "b/", "count": 6}],
        "language": [{"value": "en", "count": 12}],
    }
    assert found["suggestion"] is None
    assert search(reader, "q=albatros")["suggestion"] == "albatross"


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("q=albatross&sort=size", "sort", "relevance"),
        ("q=albatross&offset=3", "offset", "no such"),
        ("q=albatross&highlights=6", "highlights", "5"),
        ("q=albatross&limit=0", "limit", "1"),
        ("q=albatross&facets=ext,size", "facets/1", "ext"),
        ("q=albatross&cursor=bm9uZQ", "cursor", "not one of ours"),
        ("q=albatross&modified_after=yesterday", "modified_after", "datetime"),
        ("q=albatross&q=petrel", "q", "more than once"),
        ("mode=all", "q", "required"),
        ("q=lang:english", "q", "lang:de"),
        ("q=albatross&modified_after=1e300", "modified_after", "date"),
        ("q=albatross&created_before=99999-01-01", "created_before", "date"),
        ("q=albatross&limit=1e400", "limit", "integer"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(reader, query, parameter, words):
    answer = reader.get(f"/api/v1/indexes/birds/search?{query}")

    assert answer.status_code == 422
    (error,) = answer.json["errors"]
    assert error["parameter"] == parameter
    assert words in error["detail"]


@pytest.mark.parametrize("name", ["modified_after", "modified_before", "created_after", "created_before"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "0", "-1"])
def test_moments_at_the_ends_of_time_can_be_asked_for(reader, name, moment):
    assert search(reader, f"q=albatross&{name}={moment}")["total"] in (0, len(BOOKS))


def test_a_query_that_cannot_be_understood_says_at_which_character(reader):
    answer = reader.get("/api/v1/search?index=birds&q=albatross%20%22petrel")

    assert (answer.status_code, answer.json["type"]) == (422, "/problems/unusable-query")
    (error,) = answer.json["errors"]
    assert (error["parameter"], error["position"]) == ("q", 10)
    assert "close it" in error["detail"]


def test_several_indexes_are_searched_at_once(reader):
    found = reader.get("/api/v1/search?index=birds&index=tales&q=albatross&limit=4").json

    assert found["total"] == 13
    assert [hit["index"] for hit in found["items"]] == ["birds", "tales", "birds", "birds"]
    assert reader.get(found["next"]).json["items"][0]["index"] == "birds"
    assert reader.get("/api/v1/search?index=tales,birds&q=albatross").json["items"][0]["index"] == "tales"


def test_unknown_and_foreign_indexes_are_the_same(reader, eve):
    addresses = (
        "/api/v1/indexes/{}/search?q=albatross",
        "/api/v1/search?index={}&q=albatross",
        f"/api/v1/indexes/{{}}/documents/{BOOKS[0].id}",
        f"/api/v1/indexes/{{}}/documents/{BOOKS[0].id}/text",
        f"/api/v1/indexes/{{}}/documents/{BOOKS[0].id}/similar",
    )
    for address in addresses:
        foreign, unknown = eve.get(address.format("birds")), eve.get(address.format("words"))
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert foreign.json["detail"] == unknown.json["detail"].replace("words", "birds")
    assert reader.get("/api/v1/search?index=birds&index=none&q=albatross").status_code == 404
    assert reader.get("/api/v1/search?q=albatross").status_code == 422


def test_a_document_leads_to_its_text_and_to_similar_ones(reader):
    hit = search(reader, "q=%22petrel%204%22")["items"][0]

    about = reader.get(hit["links"]["self"]).json
    text = reader.get(f"{hit['links']['text']}?q=petrel").json
    similar = reader.get(f"{hit['links']['similar']}?limit=3").json

    assert (about["path"], about["passages"], about["pages"], about["index"]) == (
        "a/04.txt",
        1,
        None,
        "birds",
    )
    assert [part["html"] for part in text["items"]] == [
        "albatross, <mark>petrel</mark> 4 &amp; &lt;b&gt;more&lt;/b&gt;"
    ]
    assert text["next"] is None
    assert len(similar["items"]) == 3
    assert hit["path"] not in {one["path"] for one in similar["items"]}
    assert reader.get(similar["items"][0]["links"]["self"]).status_code == 200


def test_a_long_text_is_given_page_by_page(reader):
    folder = folders.index_folder("reader-of-birds", "long")
    book = Book("long.txt", "\n\n".join(f"albatross {n} " + "sand " * 230 for n in range(7)), title="Long")
    put(folder, book)
    address, numbers = f"/api/v1/indexes/long/documents/{book.id}/text?limit=3&q=albatross", []

    while address:
        page = reader.get(address).json
        assert all("<mark>albatross</mark>" in part["html"] for part in page["items"])
        numbers += [part["number"] for part in page["items"]]
        address = page["next"]

    assert numbers == list(range(7))


def test_an_unknown_document_is_not_found(reader):
    for what in ("", "/text", "/similar"):
        answer = reader.get(f"/api/v1/indexes/birds/documents/{'0' * 32}{what}")
        assert (answer.status_code, answer.json["type"]) == (404, "/problems/not-found")


def test_the_search_parameters_are_in_the_openapi_document(reader):
    paths = reader.get("/api/v1/openapi.json").json["paths"]

    parameters = {one["name"]: one for one in paths["/api/v1/search"]["get"]["parameters"]}
    assert parameters["index"]["required"]
    assert parameters["ext"]["schema"]["type"] == "array"
    assert "/api/v1/indexes/{name}/documents/{document_id}/similar" in paths

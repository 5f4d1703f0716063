"""Searches by meaning over HTTP, from a whole service that an embeddings endpoint is configured for."""

import time
from pathlib import Path

import pytest

from tests.support.embedding import Answer, embeddings
from tests.support.service import Service
from tests.support.waiting import until

PROJECT = Path(__file__).resolve().parents[2]
SECRET = "sk-a-key-that-nobody-may-see"
FILES = [
    ("loaves.txt", b"How a loaf is stored so that sourdough does not become dry."),
    ("engine.txt", b"The diesel of our vessel: what to do when it stops."),
    ("log.txt", b"Albatross and petrel at noon."),
    ("terms.md", b"Your salary is on its way in the last week of each month."),
]


@pytest.fixture(scope="module")
def endpoint():
    with embeddings() as running:
        yield running


@pytest.fixture(scope="module")
def service(tmp_path_factory, endpoint):
    tree = tmp_path_factory.mktemp("hybrid")
    for name in ("api", "jobs", "celeryconfig.py"):
        (tree / name).symlink_to(PROJECT / name)
    settings = {
        "LONGHAUL_EMBEDDINGS_URL": endpoint.url,
        "LONGHAUL_EMBEDDINGS_MODEL": "concepts",
        "LONGHAUL_EMBEDDINGS_KEY": SECRET,
        "LONGHAUL_EMBEDDINGS_QUERY_SECONDS": "0.5",
        "LONGHAUL_FAN_OUT_FILES": "30",
        "LONGHAUL_BATCH_FILES": "20",
    }
    with Service(tree, queues="indexing,control", concurrency=2, **settings) as running:
        yield running


@pytest.fixture(scope="module")
def user(service):
    """Give the client of somebody with an index that has vectors."""
    client = service.client()
    job = client.run("indexing", index="library", session=client.upload(*FILES))
    assert (job["status"], job["results"]["warnings"]) == ("completed", [])
    return client


@pytest.fixture
def behaving(endpoint):
    """Return a function that has the endpoint answer otherwise, until the test ends."""

    def behave(answer):
        endpoint.behaviour = lambda number, texts: answer

    yield behave
    behave(None)


def search(user, query, index="library"):
    answer = user.get(f"/api/v1/indexes/{index}/search?mode=hybrid&{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def search_by_meaning(user, query, index="library"):
    """Search once the endpoint is asked again: for some seconds after it was silent it is not."""

    def answered():
        page = search(user, query, index)
        return page if page["warnings"] == [] else None

    return until(answered, seconds=20, what="the endpoint is asked again")


def paths(page):
    return [hit["path"] for hit in page["items"]]


def test_a_question_finds_a_document_with_which_it_shares_no_word(user):
    by_words = user.get("/api/v1/indexes/library/search?q=keeping+bread+fresh").json

    by_meaning = search(user, "q=keeping+bread+fresh")

    assert by_words["items"] == []
    assert by_words["warnings"] == []
    assert paths(by_meaning)[0] == "loaves.txt"
    assert (by_meaning["total"], by_meaning["warnings"]) == (4, [])


def test_the_endpoint_is_asked_as_openai_is(user, endpoint):
    search(user, "q=how+to+repair+a+motor")

    request = endpoint.requests[-1]
    assert (request["path"], request["model"]) == ("/v1/embeddings", "concepts")
    assert request["input"] == ["how to repair a motor"]
    assert request["key"] == f"Bearer {SECRET}"


def test_next_leads_through_all_pages(user):
    found, address = [], "/api/v1/indexes/library/search?mode=hybrid&q=bread&limit=1&facets=ext"
    while address:
        page = user.get(address).json
        assert page["facets"]["ext"] == [{"value": "txt", "count": 3}, {"value": "md", "count": 1}]
        found += paths(page)
        address = page["next"]

    assert sorted(found) == sorted(name for name, _ in FILES)
    assert found[0] == "loaves.txt"


def test_several_indexes_are_searched_by_meaning_at_once(user):
    user.run("indexing", index="second", session=user.upload(("bakery.txt", b"The bakery has toast.")))

    answer = user.get("/api/v1/search?index=library&index=second&mode=hybrid&q=bread").json

    assert {(hit["index"], hit["path"]) for hit in answer["items"][:2]} == {
        ("library", "loaves.txt"),
        ("second", "bakery.txt"),
    }
    assert answer["total"] == 5


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(500), "answered with status 500"),
        (Answer(body=b"<html>"), "gave an answer that holds no vectors"),
        (Answer(after=30), "did not answer within 0.5 s"),
    ],
)
def test_a_search_is_answered_by_words_within_three_seconds_when_the_endpoint_fails(
    user, behaving, answer, why
):
    behaving(answer)
    begun = time.monotonic()

    page = search(user, f"q=petrel+noon&limit={10 + len(why)}")

    assert time.monotonic() - begun < 3
    assert paths(page) == ["log.txt"]
    assert page["warnings"] == [f"Searched by words alone: the embeddings endpoint {why}."]


def test_an_index_made_while_the_endpoint_was_away_is_whole_and_gets_its_vectors_later(user, behaving):
    session = user.upload(("ship.txt", b"The yacht in the harbour."))
    behaving(Answer(401))

    first = user.run("indexing", index="later", session=session)
    behaving(None)
    again = user.run("indexing", index="later", session=session)

    assert (first["status"], first["results"]["indexed"]) == ("completed", 1)
    assert first["results"]["warnings"] == [
        "1 passage has no vector: the embeddings endpoint answered with status 401. "
        "What has none is found by its words; "
        "the next indexing job on this index makes those that are missing."
    ]
    assert (again["results"]["unchanged"], again["results"]["warnings"]) == (1, [])
    assert paths(search_by_meaning(user, "q=a+vessel", "later")) == ["ship.txt"]


def test_a_job_that_is_cancelled_while_it_waits_for_vectors_leaves_an_index_to_be_searched(user, behaving):
    behaving(Answer(503, headers={"Retry-After": "50"}))
    address = user.submit("indexing", index="cancelled", session=user.upload(("a.txt", b"petrel")))
    until(lambda: user.get(address).json["stage"] == "vectors", seconds=30, what="vectors are being made")

    cancelled = user.post(f"{address}/cancel", json={})

    assert cancelled.status_code == 202
    assert user.wait_for(address, seconds=20)["status"] == "cancelled"
    assert paths(user.get("/api/v1/indexes/cancelled/search?q=petrel").json) == ["a.txt"]


def test_a_job_that_is_spread_over_workers_makes_vectors_at_its_end(user):
    files = [(f"{number:02}.txt", f"Note {number} about a loaf".encode()) for number in range(40)]

    job = user.run("indexing", index="spread", session=user.upload(*files))

    assert (job["results"]["indexed"], job["results"]["warnings"]) == (40, [])
    assert search_by_meaning(user, "q=bakery&limit=100", "spread")["total"] == 40


def test_a_document_that_has_left_the_index_is_not_found_by_meaning(user):
    session = user.upload(("a.txt", b"A loaf."), ("b.txt", b"A vessel."))
    user.run("indexing", index="leaving", session=session)

    removed = user.http.delete(f"/api/v1/indexes/leaving/sources/session:{session}", headers=user.headers)

    assert removed.status_code == 204
    assert search(user, "q=bread", "leaving")["items"] == []


def test_an_index_tells_what_it_has_of_vectors(user):
    shown = user.get("/api/v1/indexes/library").json

    vectors = shown["vectors"]
    assert (vectors["model"], vectors["dimensions"]) == ("concepts", 48)
    assert (vectors["passages"], vectors["missing"]) == (4, 0)
    assert 4 * 48 * 2 < vectors["bytes"] < shown["bytes"]


def test_a_text_is_shown_with_the_words_of_a_hybrid_search_marked(user):
    (hit,) = search(user, "q=petrel&limit=1")["items"]

    text = user.get(f"{hit['links']['text']}?q=petrel+sandwich&mode=hybrid").json

    assert text["items"][0]["html"] == "Albatross and <mark>petrel</mark> at noon."


def test_a_query_that_says_more_than_words_is_told_to_go_by_words(user):
    page = search(user, "q=%22at+noon%22")

    assert paths(page) == ["log.txt"]
    assert page["warnings"] == [
        "The query has signs that only words can answer: it was searched by its words alone."
    ]


def test_a_form_is_told_that_indexes_can_be_searched_by_meaning(user):
    about = user.get("/api/v1/kinds/indexing").json["about"]

    assert about["hybrid"] is True


def test_the_key_is_in_no_log_and_in_no_file(user, service):
    search(user, "q=anything+at+all")

    written = [path for path in service.tree.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len([path for path in written if path.suffix == ".log"]) == 3
    assert [path for path in written if SECRET.encode() in path.read_bytes()] == []


def test_where_no_endpoint_is_configured_a_search_by_meaning_is_refused_by_name(ada):
    refused = ada.get("/api/v1/indexes/any/search?q=bread&mode=hybrid")

    assert refused.status_code == 422
    assert refused.json["errors"] == [
        {
            "parameter": "mode",
            "detail": "There are no searches by meaning here, for no embeddings endpoint is configured; "
            "use `all`.",
        }
    ]

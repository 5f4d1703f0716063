"""An endpoint that is away, slow or answers nonsense: nothing is lost, and the user is told what to do."""

import logging
import time

import pytest

from jobs import embeddings as client
from jobs.indexing.vectors import filling, patience
from tests.indexing.conftest import counts
from tests.indexing.meaning import asking, found, passages_with_vectors, paths
from tests.support.embedding import Answer, embeddings

NEXT = (
    "What has none is found by its words; the next indexing job on this index makes those that are missing."
)
SECRET = "sk-a-key-that-nobody-may-see"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(patience, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(client, "REST_SECONDS", 0.0)


def always(answer):
    return lambda number, texts: answer


FAULTS = [
    (Answer(500), "answered with status 500"),
    (Answer(503), "answered with status 503"),
    (Answer(429, headers={"Retry-After": "0"}), "answered with status 429"),
    (Answer(401), "answered with status 401"),
    (Answer(404), "answered with status 404"),
    (Answer(body=b"<html>Welcome</html>"), "gave an answer that holds no vectors"),
    (Answer(body=b'{"data": []}'), "gave an answer that holds no vectors"),
    (Answer(body=b'{"data": [{"embedding": [0, 0]}]}'), "gave an answer that holds no vectors"),
    (Answer(body=b'{"data": [{"embedding": [NaN, 1]}]}'), "gave an answer that holds no vectors"),
    (Answer(body=b'{"data": [{"embedding": ["a"]}]}'), "gave an answer that holds no vectors"),
    (Answer(body=b'{"data": 3}'), "gave an answer that holds no vectors"),
    (
        Answer(307, headers={"Location": "/elsewhere"}),
        "answered with status 307, a redirection, which is not followed",
    ),
]


@pytest.mark.parametrize(("answer", "why"), FAULTS)
def test_a_fault_of_the_endpoint_loses_no_file_and_the_next_run_makes_what_is_missing(
    library, endpoint, embedder, answer, why
):
    endpoint.behaviour = always(answer)

    result = library.run(embedder=embedder)
    endpoint.behaviour = always(None)
    again = library.run(embedder=embedder)

    assert counts(result) == {"indexed": 4}
    assert result.warnings == (f"4 passages have no vector: the embeddings endpoint {why}. {NEXT}",)
    assert (counts(again), again.warnings) == ({"unchanged": 4}, ())
    assert passages_with_vectors(library.index) == 4


@pytest.mark.parametrize(("answer", "why"), FAULTS)
def test_a_search_that_gets_no_vector_goes_by_the_words_and_says_so(library, endpoint, embedder, answer, why):
    library.run(embedder=embedder)
    endpoint.behaviour = always(answer)

    result = found(library.index, "petrel", embedder)

    assert paths(result) == ["sea/log.txt"]
    assert result.warnings == (f"Searched by words alone: the embeddings endpoint {why}.",)


def test_an_endpoint_that_nobody_runs_is_named_neither_by_address_nor_by_key(library, caplog):
    with embeddings() as gone:
        embedder = asking(gone, key=SECRET)
    caplog.set_level(logging.DEBUG)

    result = library.run(embedder=embedder)
    searched = found(library.index, "petrel", embedder)

    why = "the embeddings endpoint takes no connections."
    assert result.warnings == (f"4 passages have no vector: {why} {NEXT}",)
    assert (paths(searched), searched.warnings) == (["sea/log.txt"], (f"Searched by words alone: {why}",))
    logged = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    assert any("query without vector" in line for line in logged)
    told = f"{logged} {embedder!r} {result} {searched}"
    assert SECRET not in told
    assert "127.0.0.1" not in " ".join([*logged, *result.warnings, *searched.warnings])


def test_the_key_is_sent_to_the_endpoint_and_not_along_a_redirection(library, endpoint):
    embedder = asking(endpoint, key=SECRET)
    with embeddings() as other:
        endpoint.behaviour = always(Answer(308, headers={"Location": f"{other.url}/embeddings"}))

        library.run(embedder=embedder)

        assert {one["key"] for one in endpoint.requests} == {f"Bearer {SECRET}"}
        assert other.requests == []


def test_a_slow_endpoint_keeps_no_search_waiting_beyond_its_time(library, endpoint):
    library.run(embedder=asking(endpoint))
    endpoint.behaviour = always(Answer(after=30))
    embedder = asking(endpoint, query_seconds=0.3)
    begun = time.monotonic()

    result = found(library.index, "petrel", embedder)

    assert time.monotonic() - begun < 3
    assert paths(result) == ["sea/log.txt"]
    assert result.warnings == (
        "Searched by words alone: the embeddings endpoint did not answer within 0.3 s.",
    )


def test_after_an_endpoint_was_silent_other_searches_do_not_wait_for_it(library, endpoint, monkeypatch):
    monkeypatch.setattr(client, "REST_SECONDS", 60.0)
    library.run(embedder=asking(endpoint))
    endpoint.behaviour = always(Answer(after=30))
    embedder = asking(endpoint, query_seconds=0.3)
    found(library.index, "petrel", embedder)
    asked = len(endpoint.requests)

    result = found(library.index, "albatross", embedder)

    assert paths(result) == ["sea/log.txt"]
    assert result.warnings != ()
    assert len(endpoint.requests) == asked


def test_a_busy_endpoint_is_asked_again_when_it_wants_to_be(library, endpoint, embedder):
    def busy_twice(number, texts):
        return Answer(429, headers={"Retry-After": "1"}) if number in (2, 3) else None

    endpoint.behaviour = busy_twice
    begun = time.monotonic()

    result = library.run(embedder=embedder)

    assert time.monotonic() - begun >= 2
    assert result.warnings == ()
    assert passages_with_vectors(library.index) == 4


def test_a_run_that_is_stopped_while_it_waits_for_a_busy_endpoint_ends_soon(library, endpoint, embedder):
    endpoint.behaviour = always(Answer(429, headers={"Retry-After": "50"}))
    begun = time.monotonic()

    def stop(progress):
        if progress.stage == "vectors" and endpoint.requests:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.run(embedder=embedder, report=stop)
    assert time.monotonic() - begun < 20
    assert library.found("petrel") == ["sea/log.txt"]


@pytest.mark.parametrize("status", [400, 413, 422, 500])
def test_a_text_that_the_endpoint_refuses_costs_the_others_nothing(desk, endpoint, embedder, status):
    for number in range(20):
        desk.write(f"{number:02}.txt", f"bread {number}" + (" poison" if number == 7 else ""))
    endpoint.behaviour = lambda number, texts: (
        Answer(status) if any("poison" in text for text in texts) else None
    )

    result = desk.run(embedder=embedder)
    searched = found(desk.index, "poison", embedder)

    assert result.warnings == (
        "1 passage has no vector: the embeddings endpoint refuses such texts, even their first words.",
    )
    assert passages_with_vectors(desk.index) == 19
    assert paths(searched)[0] == "07.txt"
    assert searched.warnings[-1].startswith("Searched by words alone")


def test_a_text_that_is_too_long_is_known_by_its_beginning(desk, endpoint, embedder):
    desk.write("long.txt", "The bakery. " + "And other words that say nothing. " * 30)
    endpoint.behaviour = lambda number, texts: Answer(413) if max(map(len, texts)) > 400 else None

    result = desk.run(embedder=embedder)

    assert result.warnings == ()
    assert paths(found(desk.index, "loaf", embedder)) == ["long.txt"]


def test_an_endpoint_that_changes_the_length_of_its_vectors_on_the_way_is_not_believed(desk, endpoint):
    for number in range(20):
        desk.write(f"{number:02}.txt", f"bread {number}")

    def shorter_later(number, texts):
        endpoint.dimensions = 48 if number < 4 else 32

    endpoint.behaviour = shorter_later
    result = desk.run(embedder=asking(endpoint, batch=5))

    assert result.warnings == (
        "10 passages have no vector: the embeddings endpoint gave a vector of 32 numbers after some of 48. "
        + NEXT,
    )
    assert passages_with_vectors(desk.index) == 10


def test_vectors_of_another_length_than_was_configured_are_refused(library, endpoint):
    result = library.run(embedder=asking(endpoint, dimensions=256))

    assert endpoint.requests[0]["dimensions"] == 256
    assert result.warnings == (
        "4 passages have no vector: the embeddings endpoint gave vectors of 48 numbers instead of 256. "
        + NEXT,
    )


def test_a_search_tells_how_many_passages_have_no_vector_yet(desk, endpoint):
    for number in range(20):
        desk.write(f"{number:02}.txt", f"bread {number}")
    endpoint.behaviour = lambda number, texts: None if number < 4 else Answer(401)
    desk.run(embedder=asking(endpoint, batch=5))
    endpoint.behaviour = always(None)

    result = found(desk.index, "loaf", asking(endpoint))

    assert result.total == 10
    assert result.warnings == (
        "10 passages of the index 'index' have no vector yet: they are found by words alone. "
        "The next indexing job on it makes the vectors.",
    )


def test_a_model_that_is_too_slow_for_one_job_goes_on_in_the_next(desk, endpoint, monkeypatch):
    for number in range(20):
        desk.write(f"{number:02}.txt", f"bread {number}")
    embedder = asking(endpoint, batch=5)
    monkeypatch.setattr(filling, "MOST_SECONDS", 0.0)

    warned = [desk.run(embedder=embedder).warnings for _ in range(4)]

    why = "making them has taken 0 hours"
    assert warned == [*((f"{left} passages have no vector: {why}. {NEXT}",) for left in (15, 10, 5)), ()]
    assert len(endpoint.texts) == 20


def test_nothing_is_asked_or_stored_while_no_endpoint_is_configured(library, endpoint):
    endpoint.behaviour = always(Answer(500))

    result = library.run()

    assert result.warnings == ()
    assert endpoint.requests == []
    assert not (library.index / "vectors").exists()

"""Bodies that come slowly: they keep few threads, only those of their user, and not for long."""

import io
import os
import socket
import threading
from contextlib import contextmanager

import pytest

from api import patience, silence
from jobs.settings import settings
from tests.support.waiting import until

SHARE = max(1, settings().threads // patience.USERS_SHARE)


class Body(io.BytesIO):
    """A body of JSON that comes when `wait` returns."""

    def __init__(self, wait):
        super().__init__(b"{}")
        self._wait = wait

    def read(self, size=-1):
        self._wait()
        return super().read(size)


def posted(app, client, wait, statuses):
    """Return a thread that posts a body which comes when `wait` returns, and notes the status."""

    def post():
        answer = app.test_client().post(
            "/api/v1/jobs/doomed",
            headers=client.headers,
            input_stream=Body(wait),
            content_type="application/json",
            content_length=2,
        )
        statuses.append(answer.status_code)

    thread = threading.Thread(target=post)
    thread.start()
    return thread


def test_more_submits_at_once_than_a_user_has_places_are_all_taken(app, ada):
    statuses, together = [], threading.Barrier(SHARE)

    posts = [posted(app, ada, lambda: together.wait(timeout=20), statuses) for _ in range(3 * SHARE)]
    for post in posts:
        post.join()

    assert statuses == [202] * 3 * SHARE


def test_bodies_of_others_that_do_not_come_keep_nobody_from_submitting(app, ada, eve, client_of):
    come, statuses, begun = threading.Event(), [], threading.Semaphore(0)

    def wait():
        begun.release()
        come.wait(timeout=30)

    slow = [posted(app, client, wait, statuses) for client in (ada, eve) for _ in range(SHARE)]
    for _ in slow:
        begun.acquire(timeout=20)
    try:
        other = client_of("patience-other").post("/api/v1/jobs/doomed", json={})
        beyond = ada.post("/api/v1/jobs/doomed", json={})
    finally:
        come.set()
        for post in slow:
            post.join()

    assert other.status_code == 202
    assert beyond.status_code == 429
    assert "bodies" in beyond.json["detail"]
    assert statuses == [202] * 2 * SHARE


class AlwaysEnded:
    """A watch for which every read that comes short was ended."""

    @contextmanager
    def watching(self, _address):
        yield lambda: True


def test_a_body_that_was_given_up_may_be_sent_again_soon(ada, monkeypatch):
    monkeypatch.setattr(patience, "silence", AlwaysEnded)

    answer = ada.http.post(
        "/api/v1/jobs/doomed",
        headers=ada.headers,
        input_stream=io.BytesIO(b"{"),
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": "100"},
    )

    assert (answer.status_code, answer.json["type"]) == (408, "/problems/request-timeout")
    assert int(answer.headers["Retry-After"]) >= 1


def test_it_is_described_that_a_body_may_be_given_up(app):
    document = app.test_client().get("/api/v1/openapi.json").json

    for path, method in (("/api/v1/jobs/analysis", "post"), ("/api/v1/sessions", "post")):
        told = document["paths"][path][method]["responses"]["408"]
        assert "Retry-After" in told["headers"]


@pytest.fixture
def pair():
    """Two ends of a connection over TCP: the client's, and the one of this process."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname())
        served, _ = listening.accept()
        with client, served:
            served.settimeout(0.05)
            yield client, served


def has_ended(served):
    """Tell whether nothing can be received any more, and take what has come."""
    try:
        while served.recv(65_536):
            pass
    except TimeoutError:
        return False
    return True


def looked(sends, known):
    """Return a look at the connections after some bytes have come."""
    client, served, content = sends

    def look():
        if has_ended(served):
            return True
        client.sendall(content)
        silence.end_late({"127.0.0.1"}, known)
        return False

    return look


@pytest.fixture
def hasty(monkeypatch):
    """Let a body be slow in less than a second, and never silent."""
    monkeypatch.setattr(silence, "SLOW_SECONDS", 0.5)


def test_a_connection_on_which_hardly_anything_comes_is_ended(pair, hasty):
    assert until(looked((*pair, b"x"), {}), seconds=20, what="it is ended")


def test_a_connection_on_which_enough_comes_goes_on(pair, hasty):
    with pytest.raises(AssertionError):
        until(looked((*pair, b"x" * silence.SLOW_BYTES), {}), seconds=2, what="it is ended")


def test_a_connection_that_was_answered_meanwhile_goes_on(pair, hasty):
    client, served = pair
    look = looked((client, served, b"x"), {})

    def look_and_answer():
        served.sendall(b"an answer")
        return look()

    with pytest.raises(AssertionError):
        until(look_and_answer, seconds=2, what="it is ended")


def test_a_look_at_the_connections_leaves_nothing_open(pair):
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - as many as there are

    for _ in range(20):
        silence.end_late({"127.0.0.1"}, {})

    assert len(os.listdir("/proc/self/fd")) <= before + 5  # noqa: PTH208 - others may open some meanwhile

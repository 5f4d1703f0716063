"""Every route while Redis is frozen or gone: a clear answer soon, and as before once it is back."""

import io
import os
import signal
import threading
import time

import pytest

from tests.api.test_two_users import NOTHING, document, send

LONGEST_SECONDS = 3.0
# What answers without Redis: the process itself, and what is the same for everybody.
NEEDS_NO_REDIS = frozenset({"healthz", "openapi", "docs", "problem_page", "problem_list", "reference"})


def every_route():
    return [
        (operation["operationId"], method, NOTHING.address(path), operation)
        for path, item in document().items()
        for method, operation in item.items()
        if operation["operationId"] not in NEEDS_NO_REDIS and "{slug}" not in path
    ]


def answers(client):
    """Ask every route at once; return the status of each and the seconds that it took."""
    found = {}

    def ask(name, method, address, operation):
        began = time.monotonic()
        status = send(client, method, address, operation).status_code
        found[name] = (status, time.monotonic() - began)

    askers = [threading.Thread(target=ask, args=route) for route in every_route()]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    return found


def test_while_redis_is_frozen_every_route_says_so_soon_and_all_serve_again_afterwards(ada, redis_server):
    answers(ada)  # connections are open, as in a service that runs
    os.kill(redis_server.pid, signal.SIGSTOP)
    try:
        away = answers(ada)
    finally:
        os.kill(redis_server.pid, signal.SIGCONT)

    back = answers(ada)

    assert len(away) == len(every_route()) > 30
    assert {name: status for name, (status, _) in away.items() if status != 503} == {}
    assert {name: seconds for name, (_, seconds) in away.items() if seconds >= LONGEST_SECONDS} == {}
    assert {name for name, (status, _) in back.items() if status == 503} == set()


def test_while_redis_is_gone_every_route_says_so_soon_and_all_serve_again_afterwards(ada, redis_server):
    answers(ada)
    redis_server.stop()
    try:
        away = answers(ada)
    finally:
        redis_server.start()

    back = answers(ada)

    assert {name: status for name, (status, _) in away.items() if status != 503} == {}
    assert {name: seconds for name, (_, seconds) in away.items() if seconds >= LONGEST_SECONDS} == {}
    assert {name for name, (status, _) in back.items() if status == 503} == set()


class Freezing(io.BytesIO):
    """A body at whose end Redis freezes."""

    def __init__(self, content, redis_server):
        super().__init__(content)
        self._redis = redis_server

    def read(self, size=-1):
        os.kill(self._redis.pid, signal.SIGSTOP)
        return super().read(size)


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "frozen-in-the-middle"}])
def test_when_redis_freezes_while_a_body_comes_the_answer_is_as_soon(ada, redis_server, headers):
    ada.submit("doomed")  # connections are open
    began = time.monotonic()
    try:
        answer = ada.http.post(
            "/api/v1/jobs/doomed",
            headers=ada.headers | headers,
            input_stream=Freezing(b"{}", redis_server),
            content_type="application/json",
            content_length=2,
        )
        seconds = time.monotonic() - began
    finally:
        os.kill(redis_server.pid, signal.SIGCONT)

    assert answer.status_code == 503
    assert seconds < LONGEST_SECONDS


def test_a_hundred_and_fifty_requests_at_once_are_all_answered(app, ada):
    statuses, together = [], threading.Barrier(150)

    def ask():
        http = app.test_client()
        together.wait()
        statuses.append(http.get("/api/v1/jobs", headers=ada.headers).status_code)

    askers = [threading.Thread(target=ask) for _ in range(150)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert statuses == [200] * 150

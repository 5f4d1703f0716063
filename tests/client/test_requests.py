"""What the client does when things go wrong on the way, against a server that does as a script says."""

import json
import threading
import time

import pytest
from longhaul import (
    Client,
    Conflict,
    Forbidden,
    Invalid,
    LonghaulError,
    NotFound,
    NotSignedIn,
    ServerFault,
    TooLarge,
    TooManyRequests,
    Unavailable,
    Unreachable,
)
from longhaul.patience import backoff, ceiling, retry_after

from tests.client.serving import BUSY, ENDED, JOB, PROBLEM, Said, said
from tests.support.service import free_port


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, NotSignedIn),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (413, TooLarge),
        (422, Invalid),
        (429, TooManyRequests),
        (500, ServerFault),
        (503, Unavailable),
    ],
)
def test_each_refusal_has_a_name_and_says_what_the_service_said(scripted, status, error):
    body = {
        "type": "/problems/some-reason",
        "title": "No",
        "detail": "Because.",
        "request_id": "r1",
        "errors": [{"parameter": "q", "position": 3, "detail": "here"}],
    }
    scripted.answers(Said(status, json.dumps(body).encode(), PROBLEM))

    with pytest.raises(error, match=r"Because\.") as refusal:
        scripted.client(patience=0.0).jobs.get("1")

    problem = refusal.value.problem
    assert (problem.status, problem.slug, problem.request_id) == (status, "some-reason", "r1")
    assert (problem.faults[0].where, problem.faults[0].position) == ("q", 3)


def test_what_a_proxy_says_in_html_is_a_refusal_too(scripted):
    scripted.answers(Said(502, b"<h1>Bad gateway</h1>", {"Content-Type": "text/html"}))

    with pytest.raises(Unavailable, match="502 Bad Gateway"):
        scripted.client(patience=0.0).jobs.get("1")


def test_what_is_no_longhaul_is_told_apart(scripted):
    scripted.answers(Said(200, b"<h1>Hello</h1>", {"Content-Type": "text/html"}))

    with pytest.raises(Unreachable, match="no Longhaul service"):
        scripted.client().jobs.get("1")


@pytest.mark.parametrize("failure", [BUSY, Said(429, headers={"Retry-After": "0"}), Said(hang_up=True)])
def test_a_request_that_changes_nothing_is_sent_again(scripted, failure):
    scripted.answers(failure, failure, said(JOB))

    assert scripted.client().jobs.get("1").progress == 10.0
    assert len(scripted.asked) == 3


def test_a_job_is_submitted_again_under_the_same_key(scripted):
    scripted.answers(Said(hang_up=True), BUSY, Said(202, json.dumps(JOB).encode()))

    scripted.client().jobs.create("probe", {})

    keys = {headers["Idempotency-Key"] for _, _, headers in scripted.asked}
    assert (len(scripted.asked), len(keys)) == (3, 1)


def test_a_key_that_is_still_worked_on_is_asked_for_again(scripted):
    in_use = json.dumps({"type": "/problems/idempotency-key-in-use", "detail": "Not yet."}).encode()
    answered = Said(202, json.dumps(JOB).encode())
    scripted.answers(Said(hang_up=True), Said(409, in_use, PROBLEM | {"Retry-After": "0"}), answered)

    assert scripted.client().jobs.create("probe", {}).id == JOB["id"]


def test_an_upload_that_broke_off_is_not_sent_again_by_itself(scripted):
    scripted.answers(Said(hang_up=True))

    with pytest.raises(Unreachable):
        scripted.client().analyses.create(b"a,b\n1,2\n", "What?")

    assert [method for method, *_ in scripted.asked] == ["POST"]


def test_an_upload_waits_for_a_service_that_takes_no_connections_yet():
    begun = time.monotonic()
    with (
        Client(f"http://127.0.0.1:{free_port()}", "lh_test", patience=0.6) as client,
        pytest.raises(Unreachable, match="does not answer"),
    ):
        client.analyses.create(b"a\n1\n")

    assert time.monotonic() - begun > 0.1  # it tried more than once: nothing had been sent


def test_an_upload_that_was_refused_for_its_number_is_sent_again(scripted):
    session = {"id": "s", "title": "t", "files": []}
    too_many = Said(429, headers={"Retry-After": "0"})
    scripted.answers(too_many, said(session), Said(202, json.dumps(JOB).encode()))

    assert scripted.client().analyses.create(b"a,b\n1,2\n", "What?").id == JOB["id"]


def test_a_delete_whose_answer_was_lost_has_done_its_work(scripted):
    gone = Said(404, b'{"detail": "There is no such job."}')
    scripted.answers(said(ENDED), Said(hang_up=True), gone)

    scripted.client().jobs.get("1").delete()

    assert [method for method, *_ in scripted.asked] == ["GET", "DELETE", "DELETE"]


def test_the_service_says_when_to_come_again(scripted):
    scripted.answers(Said(429, headers={"Retry-After": "1"}), said(JOB))
    begun = time.monotonic()

    scripted.client().jobs.get("1")

    assert time.monotonic() - begun >= 1.0


def test_a_pause_that_is_longer_than_ones_patience_is_told_at_once(scripted):
    scripted.answers(Said(429, headers={"Retry-After": "3600"}))
    begun = time.monotonic()

    with pytest.raises(TooManyRequests) as refusal:
        scripted.client().jobs.get("1")

    assert refusal.value.retry_after == 3600
    assert time.monotonic() - begun < 3.0


def test_pauses_are_spread_from_nothing_to_a_ceiling_that_doubles_up_to_a_bound():
    pauses = [backoff(4) for _ in range(400)]

    assert [ceiling(n) for n in range(4)] == [0.25, 0.5, 1.0, 2.0]
    assert ceiling(50) == 10.0
    assert 0 <= min(pauses) < 0.4 < 3.6 < max(pauses) <= ceiling(4)  # 400 draws miss a tenth once in 1e18


def test_retry_after_is_read_as_seconds_or_as_a_date():
    assert retry_after("7") == 7.0
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert retry_after("soon") is None
    assert retry_after("nan") is None


def test_an_address_of_another_host_gets_no_token(scripted):
    scripted.answers(said({"items": [], "next": "//elsewhere.example/api/v1/jobs"}))

    with pytest.raises(LonghaulError, match="not its own"):
        list(scripted.client().jobs.list())


def test_threads_share_a_client(scripted):
    scripted.answers(*[said(JOB)] * 40)
    client, found = scripted.client(), []
    threads = [
        threading.Thread(target=lambda: found.extend(client.jobs.get("1").id for _ in range(10)))
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 40


@pytest.mark.parametrize("url", ["ftp://host", "localhost:5000", "http://", "http://user:word@host", ""])
def test_an_address_that_cannot_be_one_is_refused(url, monkeypatch):
    monkeypatch.setenv("LONGHAUL_URL", url or "nowhere")

    with pytest.raises(LonghaulError):
        Client(token="lh_test")

"""A request that starts a job, sent again with its key."""

import threading
import uuid

import pytest
from kombu.exceptions import OperationalError

from api import jobs as api_jobs
from jobs import idempotency, records
from jobs.connection import records_client
from jobs.idempotency import KEPT_SECONDS, Request
from jobs.keys import owner_key
from tests.api.test_lifecycle import change
from tests.support.probe import doomed, runs
from tests.support.waiting import until


@pytest.fixture
def owner():
    return f"keyed-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def client(client_of, owner):
    return client_of(owner)


@pytest.fixture
def key():
    return uuid.uuid4().hex


def post(client, key, path="/api/v1/jobs/doomed", **body):
    return client.http.post(path, headers={**client.headers, "Idempotency-Key": key}, json=body)


def jobs_of(owner):
    return records_client().zcard(owner_key(owner))


def cancel_all(client, owner):
    for job_id in records_client().zrange(owner_key(owner), 0, -1):
        change(client, "cancel", f"/api/v1/jobs/{job_id}")


class Killed(BaseException):
    """The process is killed here."""


def dying(*_):
    raise Killed


def test_a_request_that_is_sent_again_is_answered_with_the_job_that_it_made(client, owner, key):
    first = post(client, key, steps=3)
    again = post(client, key, steps=3)

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json["id"] == first.json["id"]
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert jobs_of(owner) == 1
    cancel_all(client, owner)


def test_what_the_job_is_by_now_is_told_also_after_its_end(worker, client, key):
    done = client.wait_for(post(client, key, "/api/v1/jobs/probe").headers["Location"])

    again = post(client, key, "/api/v1/jobs/probe")

    assert (again.status_code, again.json) == (202, done)


def test_members_in_another_order_are_the_same_request(client, owner, key):
    first = post(client, key, steps=3, slow_attempts=2)
    again = post(client, key, slow_attempts=2, steps=3)

    assert again.json["id"] == first.json["id"]
    cancel_all(client, owner)


@pytest.mark.parametrize(
    "other", [("/api/v1/jobs/doomed", {"steps": 4}), ("/api/v1/jobs/probe", {"steps": 3})]
)
def test_a_key_of_another_request_is_refused(client, owner, key, other):
    path, body = other
    post(client, key, steps=3)

    answer = post(client, key, path, **body)

    assert (answer.status_code, answer.json["type"]) == (422, "/problems/idempotency-key-reused")
    assert jobs_of(owner) == 1
    cancel_all(client, owner)


def test_a_key_belongs_to_its_user(client, client_of, owner, key):
    other = client_of(f"{owner}-2")

    first, foreign = post(client, key), post(other, key, steps=9)

    assert (first.status_code, foreign.status_code) == (202, 202)
    assert first.json["id"] != foreign.json["id"]
    cancel_all(client, owner)
    cancel_all(other, f"{owner}-2")


def test_many_requests_with_one_key_at_once_make_one_job(app, client, owner, key):
    answers, together = [], threading.Barrier(8)

    def send():
        http = app.test_client()
        together.wait()
        answers.append(
            http.post(
                "/api/v1/jobs/doomed",
                headers={**client.headers, "Idempotency-Key": key},
                json={"steps": 2},
            )
        )

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert jobs_of(owner) == 1
    cancel_all(client, owner)


def test_a_request_is_busy_while_the_first_one_is(client, owner, key, monkeypatch):
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.2)
    said = f"doomed {doomed.params(steps=3).model_dump_json()}"
    idempotency._take(records_client(), Request(owner, key, said))

    answer = post(client, key, steps=3)

    assert (answer.status_code, answer.json["type"]) == (409, "/problems/idempotency-key-in-use")
    assert "Retry-After" in answer.headers
    assert jobs_of(owner) == 0


def test_a_key_whose_request_died_before_it_recorded_a_job_is_taken_over(client, owner, key, monkeypatch):
    monkeypatch.setattr(idempotency, "LEASE_SECONDS", 0.3)
    said = f"doomed {doomed.params(steps=3).model_dump_json()}"
    idempotency._take(records_client(), Request(owner, key, said))

    answer = post(client, key, steps=3)

    assert answer.status_code == 202
    assert jobs_of(owner) == 1
    cancel_all(client, owner)


def test_a_job_whose_request_died_before_it_was_queued_is_queued_by_the_next(
    worker, client, owner, key, monkeypatch
):
    monkeypatch.setattr(idempotency, "LEASE_SECONDS", 0.3)
    with monkeypatch.context() as dies:
        dies.setattr("tests.support.probe.probe.publish_in_turn", dying)
        with pytest.raises(Killed):
            post(client, key, "/api/v1/jobs/probe", steps=2)
    (job_id,) = records_client().zrange(owner_key(owner), 0, -1)

    answer = post(client, key, "/api/v1/jobs/probe", steps=2)

    assert (answer.status_code, answer.json["id"]) == (202, job_id)
    assert client.wait_for(answer.headers["Location"])["status"] == "completed"
    assert (len(runs(job_id)), jobs_of(owner)) == (1, 1)


def test_a_job_whose_request_died_after_it_was_queued_runs_once(worker, client, owner, key, monkeypatch):
    monkeypatch.setattr(idempotency, "LEASE_SECONDS", 0.3)
    with monkeypatch.context() as dies:
        dies.setattr("jobs.submitting.mark_published", dying)
        with pytest.raises(Killed):
            post(client, key, "/api/v1/jobs/probe", steps=2, seconds_a_step=0.5)
    (job_id,) = records_client().zrange(owner_key(owner), 0, -1)

    answer = post(client, key, "/api/v1/jobs/probe", steps=2, seconds_a_step=0.5)

    assert answer.json["id"] == job_id
    client.wait_for(answer.headers["Location"])
    assert (len(runs(job_id)), jobs_of(owner)) == (1, 1)


def test_while_the_broker_is_away_nothing_is_left_and_the_key_is_free(client, owner, key, monkeypatch):
    def away(*_, **__):
        raise OperationalError("no broker")

    with monkeypatch.context() as outage:
        outage.setattr("tests.support.probe.doomed.publish", away)
        refused = post(client, key, steps=2)
    left = jobs_of(owner)

    accepted = post(client, key, steps=2)

    assert (refused.status_code, left) == (503, 0)
    assert accepted.status_code == 202
    assert "Idempotency-Replayed" not in accepted.headers
    cancel_all(client, owner)


def test_a_request_that_was_refused_leaves_its_key_free(client, key):
    refused = post(client, key, "/api/v1/jobs/analysis", session=str(uuid.uuid4()), question="Why?")

    again = post(client, key, "/api/v1/jobs/analysis", session=str(uuid.uuid4()), question="Why not?")

    assert (refused.status_code, again.status_code) == (404, 404)


def test_the_key_of_a_job_that_was_deleted_makes_no_other(worker, client, owner, key):
    job = client.wait_for(post(client, key, "/api/v1/jobs/probe").headers["Location"])
    client.http.delete(job["links"]["self"], headers=client.headers)

    answer = post(client, key, "/api/v1/jobs/probe")

    assert (answer.status_code, answer.json["type"]) == (409, "/problems/idempotency-key-of-deleted-job")
    assert jobs_of(owner) == 0


def test_a_job_is_tried_again_once_a_key(worker, client, owner, key):
    job = client.run("probe")

    first = post(client, key, f"{job['links']['self']}/retry")
    again = post(client, key, f"{job['links']['self']}/retry")

    assert (first.status_code, first.json["retry_of"]) == (202, job["id"])
    assert again.json["id"] == first.json["id"]
    assert jobs_of(owner) == 2


def test_a_key_is_kept_for_a_day_and_no_word_of_the_user_is(client, owner, key):
    post(client, key, steps=3)
    names = records_client().keys("idempotency:*")

    name = Request(owner, key, "").name
    assert name in names
    assert key not in name
    assert KEPT_SECONDS - 60 < records_client().ttl(name) <= KEPT_SECONDS
    cancel_all(client, owner)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "clé", "a\tb"])
def test_what_cannot_be_a_key_is_refused(client, owner, key):
    answer = client.http.post(
        "/api/v1/jobs/doomed", headers={**client.headers, "Idempotency-Key": key}, json={}
    )

    assert answer.status_code == 422
    assert [item["parameter"] for item in answer.json["errors"]] == ["Idempotency-Key"]
    assert jobs_of(owner) == 0


@pytest.mark.parametrize("key", ["a", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "!~"])
def test_any_printable_ascii_is_a_key(client, owner, key):
    assert post(client, f"{key}", steps=3).status_code == 202
    assert api_jobs.KEY.fullmatch(key)
    until(lambda: jobs_of(owner) == 1)
    cancel_all(client, owner)


def test_the_record_of_another_users_job_is_out_of_a_keys_reach(client, owner, key):
    post(client, key, steps=3)
    (job_id,) = records_client().zrange(owner_key(owner), 0, -1)

    assert not idempotency.Once(records_client(), Request("eve", key, "").name, job_id).let_go()

    assert records.read(records_client(), job_id) is not None
    cancel_all(client, owner)

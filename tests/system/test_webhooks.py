"""Webhooks of real jobs, sent by real workers, received and verified as the documentation says."""

import re
import subprocess
import sys
import uuid
from contextlib import closing

import pytest
import redis

from jobs import ending, records, status
from jobs.celery import kinds
from jobs.connection import records_client
from jobs.keys import meta_key, record_key
from jobs.settings import settings
from jobs.webhooks import due
from jobs.webhooks.models import FOR_RECORD, Webhook
from jobs.webhooks.run import Run
from jobs.webhooks.sending import Rules
from tests.support.probe import ProbeParams, doomed
from tests.support.processes import ROOT, Worker
from tests.support.receiver import SECRET, Receiver
from tests.support.waiting import until

GUIDE = ROOT / "docs" / "webhooks.md"
HERE = Rules(private_addresses=True)


class Unheard:
    """Stands for a queue that no worker listens to."""

    def send_task(self, name, **options):
        """Publish nothing."""


@pytest.fixture
def receiver():
    with closing(Receiver()) as started:
        yield started


@pytest.fixture
def webhook_worker(redis_server, tmp_path):
    """A worker of the probe kind and of `control`, which a test may kill."""
    name = f"hooks-{uuid.uuid4().hex[:6]}"
    worker = Worker(name, "doomed,control", tmp_path / f"{name}.log", concurrency=2)
    yield worker.wait_until_ready()
    worker.kill()


@pytest.fixture(scope="module")
def verify():
    """Return the function that the documentation gives to receivers."""
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    namespace = {}
    exec(compile(program, GUIDE.name, "exec"), namespace)  # noqa: S102 - our own documentation
    return namespace["verify"]


def params_for(receiver, **more):
    return ProbeParams(webhook=Webhook(url=receiver.url(), secret=SECRET), **more)


def first_of(receiver, seconds=30):
    return until(lambda: receiver.received[:1], seconds=seconds, what="the message arrives")[0]


def state_of(job_id, wanted):
    def look():
        state = due.state(records_client(), job_id)
        return state if state is not None and state.state == wanted else None

    return until(look, what=f"the delivery is {wanted}")


def test_a_job_that_ends_is_told_to_its_webhook_within_seconds(webhook_worker, receiver, verify):
    job_id = doomed.submit("ada", params_for(receiver))

    got = first_of(receiver)

    job = until(lambda: (job := status.read(job_id)).done and job, what="the job ends")
    assert verify(SECRET, got.headers, got.body)
    assert not verify("whsec_" + "QUJD" * 8, got.headers, got.body)
    assert not verify(SECRET, got.headers, got.body + b" ")
    assert not verify(SECRET, got.headers | {"webhook-timestamp": "1700000000"}, got.body)
    assert got.headers["webhook-id"] == f"msg_{job_id}"
    assert (got.json["type"], got.json["data"]["id"]) == ("job.completed", job.id)
    state = state_of(job_id, "delivered")
    assert state.attempts == 1
    assert (state.last_attempt_at - job.finished_at).total_seconds() < 5  # not only at beat's next look


def test_a_failed_job_is_told_too(webhook_worker, receiver):
    doomed.submit("ada", params_for(receiver, raises="UnreadableTable"))

    got = first_of(receiver)

    assert got.json["type"] == "job.failed"
    assert got.json["data"]["error"]["type"] == "/problems/unreadable-table"


def test_a_retry_comes_after_five_seconds_without_beat(webhook_worker):
    with closing(Receiver(500, 204)) as failing:
        job_id = doomed.submit("ada", params_for(failing))
        until(lambda: len(failing.received) == 2, what="the second attempt")
        state_of(job_id, "delivered")

    first, second = failing.received
    apart = int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"])
    assert 4 <= apart <= 10
    assert second.headers["webhook-id"] == first.headers["webhook-id"]
    assert second.body == first.body
    assert second.signed_with(SECRET)


def test_a_job_cancelled_while_it_runs_is_told_as_cancelled(webhook_worker, receiver):
    job_id = doomed.submit("ada", params_for(receiver, steps=200, seconds_a_step=0.1))
    until(lambda: status.read(job_id).status == "running", what="the job runs")

    ending.cancel(kinds(), records.read(records_client(), job_id))

    got = first_of(receiver)
    assert (got.json["type"], got.json["data"]["status"]) == ("job.cancelled", "cancelled")


def test_the_secret_is_in_no_answer_message_or_log(webhook_worker, receiver, client_of):
    ada = client_of("ada")
    job_id = doomed.submit("ada", params_for(receiver))
    got = first_of(receiver)
    state_of(job_id, "delivered")

    answer = ada.get(f"/api/v1/jobs/{job_id}")

    assert answer.json["webhook"]["state"] == "delivered"
    said = [answer.text, got.body.decode(), webhook_worker.log.read_text()]
    said += [str(records_client().get(meta_key(job_id)))]
    assert not any(SECRET in text for text in said)
    assert not any(receiver.url() in text for text in said)


@pytest.mark.parametrize(
    ("webhook", "pointer"),
    [
        ({"url": "https://example.com/"}, "/webhook"),
        ({"url": "https://example.com/", "secret": "S3CRET"}, "/webhook/secret"),
        ({"url": "https://ada:S3CRET@example.com/", "secret": SECRET}, "/webhook/url"),
        ({"url": "https://example.com/", "secret": SECRET, "retries": 3}, "/webhook/retries"),
    ],
)
def test_a_webhook_that_cannot_be_used_is_refused_with_the_job(ada, webhook, pointer):
    answer = ada.post("/api/v1/jobs/probe", json={"webhook": webhook})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert "S3CRET" not in answer.text
    assert SECRET not in answer.text


# What a worker does, in a process that can be killed without harm to others, in a database of its own.
SENDER = """
import sys, redis
from jobs.settings import settings
from jobs.webhooks.run import Run
from jobs.webhooks.sending import Rules
client = redis.Redis.from_url(settings().redis_database(9), decode_responses=True)
Run(client, lambda job_id: b"{}", Rules(private_addresses=True)).deliver()
"""


def test_a_message_whose_sender_is_killed_is_sent_again(redis_server, receiver):
    client = redis.Redis.from_url(settings().redis_database(9), decode_responses=True)
    client.flushdb()
    params = params_for(receiver).model_dump_json(context=FOR_RECORD)
    client.hset(record_key("J"), mapping={"params": params, "seq": 1})
    assert due.enqueue(Unheard(), client, "J")
    receiver.hold.clear()
    with subprocess.Popen([sys.executable, "-c", SENDER], cwd=ROOT) as sender:
        first = first_of(receiver)
        sender.kill()
    receiver.hold.set()
    assert due.state(client, "J").state == "pending"
    until(lambda: not client.exists(due.RUN_KEY), what="the dead run's mark lapses")

    lapsed = client.zscore(due.DUE_KEY, "J") + 1
    Run(client, lambda _: b"{}", HERE, clock=lambda: lapsed).deliver()

    state = due.state(client, "J")
    client.close()
    assert (state.state, state.attempts) == ("delivered", 2)
    assert [got.headers["webhook-id"] for got in receiver.received] == ["msg_J", "msg_J"]
    assert receiver.received[-1].body == first.body

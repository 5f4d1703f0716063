"""What waits in Redis: enqueued once, taken up again when its worker dies, gone with its job."""

import pytest
import redis

from jobs.keys import record_key
from jobs.webhooks import due
from jobs.webhooks.models import WebhookState
from jobs.webhooks.run import Sent
from jobs.webhooks.schedule import MOST_ATTEMPTS, Outcome
from tests.jobs.webhooks.conftest import Nudges
from tests.support.waiting import until


def test_a_job_that_is_concluded_more_than_once_is_delivered_once(
    client, clock, new_job, run, receiver, enqueued, waiting
):
    job_id = new_job(receiver.url())
    queue = enqueued(job_id, job_id)
    clock.pass_(1)
    run()

    assert due.enqueue(queue, client, job_id) is False
    run()

    assert len(receiver.received) == 1
    assert waiting() == {}


def test_many_jobs_that_end_together_start_one_run(new_job, enqueued):
    assert enqueued(*[new_job() for _ in range(20)]).sent == [(due.TASK, 0.0)]


def test_a_job_without_a_webhook_and_one_that_is_gone_are_nothing_to_do(client, new_job, enqueued, waiting):
    queue = enqueued(new_job(url=None), "gone")

    assert queue.sent == []
    assert waiting() == {}
    assert not client.exists(record_key("gone"))


def test_a_queue_that_is_away_leaves_the_delivery_to_beat(client, clock, new_job, run, receiver):
    class Away:
        def send_task(self, name, **options):
            raise redis.ConnectionError("away")

    assert due.enqueue(Away(), client, new_job(receiver.url()))
    clock.pass_(1)

    assert run().delivered == 1


def test_the_delivery_of_a_worker_that_was_killed_is_taken_up_again(
    client, clock, new_job, run, receiver, enqueued
):
    job_id = new_job(receiver.url())
    enqueued(job_id)
    clock.pass_(1)
    due.claim(client, "killed", now=clock(), limit=10)  # and nothing more is ever heard of it
    assert run() == Sent()
    until(
        lambda: not client.exists(due.RUN_KEY), seconds=due.RUN_SECONDS + 5, what="the dead run's mark lapses"
    )

    clock.pass_(due.LEASE_SECONDS - 1)
    assert run() == Sent()
    clock.pass_(2)

    assert run().delivered == 1
    assert len(receiver.received) == 1


def test_attempts_that_end_with_their_process_are_counted(client, clock, new_job, run, enqueued):
    job_id = new_job()
    enqueued(job_id)
    clock.pass_(1)

    class Killed(BaseException):
        """The process ends after it has sent, before it notes the outcome."""

    def die():
        raise Killed

    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            run(chance=die)
        client.delete(due.RUN_KEY)  # as if its seconds had passed
        clock.pass_(due.LEASE_SECONDS + 1)

    assert due.state(client, job_id).attempts == MOST_ATTEMPTS
    assert run().failed == 1
    assert due.state(client, job_id).last_error == "no attempt is left"


def test_what_was_delivered_stays_delivered_when_a_late_run_failed(client, new_job, enqueued):
    job_id = new_job()
    enqueued(job_id)
    pending = due.state(client, job_id)
    due.note(client, job_id, pending.model_copy(update={"state": "delivered"}))

    due.note(client, job_id, pending.model_copy(update={"attempts": 4}))

    assert due.state(client, job_id).state == "delivered"


def test_deleting_a_job_ends_its_deliveries_quietly(client, clock, new_job, run, receiver, enqueued, waiting):
    before, meanwhile = new_job(receiver.url()), new_job()
    enqueued(before, meanwhile)
    client.delete(record_key(before))
    clock.pass_(1)

    def delete_and_fail(*_):
        client.delete(record_key(meanwhile))
        return Outcome(delivered=False, error="it answered 500")

    run(send=delete_and_fail)
    clock.pass_(10)
    run()

    assert receiver.received == []
    assert waiting() == {}
    assert not client.exists(record_key(before), record_key(meanwhile))


def test_only_one_run_is_asked_for_within_the_same_seconds(client):
    queue = Nudges()

    for seconds in (4.0, 3.0):
        due.start_again(queue, client, seconds)

    assert queue.sent == [(due.TASK, 4.0)]


def test_one_run_at_a_time_takes_deliveries(client, clock, new_job, enqueued):
    job_id = new_job()
    assert due.claim(client, "one", now=clock(), limit=10) == []
    enqueued(job_id)
    clock.pass_(1)

    assert due.claim(client, "two", now=clock(), limit=10) is None
    due.release(client, "two")
    assert due.claim(client, "two", now=clock(), limit=10) is None
    due.release(client, "one")

    (lease,) = due.claim(client, "two", now=clock(), limit=10)
    assert lease.job_id == job_id


def test_a_job_that_is_concluded_again_while_it_is_sent_is_not_sent_beside(
    client, clock, new_job, enqueued, waiting
):
    job_id = new_job()
    enqueued(job_id)
    clock.pass_(1)
    (lease,) = due.claim(client, "one", now=clock(), limit=10)

    enqueued(job_id)

    assert waiting() == {job_id: lease.until}


def test_a_lease_that_has_lapsed_ends_nothing_of_the_next(client, clock, new_job, enqueued, waiting):
    job_id = new_job()
    enqueued(job_id)
    clock.pass_(1)
    (old,) = due.claim(client, "one", now=clock(), limit=10)
    clock.pass_(due.LEASE_SECONDS + 1)
    (new,) = due.claim(client, "one", now=clock(), limit=10)

    due.settle(client, old, next_at=None)

    assert waiting() == {job_id: new.until}


def test_what_was_delivered_and_still_waits_is_dropped(client, clock, new_job, run, enqueued, waiting):
    job_id = new_job()
    enqueued(job_id)
    delivered = due.state(client, job_id).model_copy(update={"state": "delivered"})
    due.note(client, job_id, delivered)  # and then the process dies
    clock.pass_(1)

    assert run() == Sent()

    assert waiting() == {}
    assert due.state(client, job_id) == delivered


def test_a_record_that_goes_meanwhile_does_not_come_back(client):
    assert client.eval(due.BEGIN, 1, record_key("gone"), "{}") == ""
    due.note(client, "gone", WebhookState(state="pending"))

    assert not client.exists(record_key("gone"))

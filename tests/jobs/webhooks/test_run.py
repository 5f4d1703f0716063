"""Runs over what is due: each delivery is made, tried again or ended, and none holds up the others."""

import threading
import time
from contextlib import closing

import pytest

from jobs.errors import NotReady
from jobs.keys import record_key
from jobs.webhooks import due
from jobs.webhooks.run import AT_ONCE_OF_AN_OWNER, AT_ONCE_TO_A_HOST, Sent
from jobs.webhooks.schedule import PAUSES_SECONDS, Outcome
from jobs.webhooks.sending import Rules
from tests.support.receiver import SECRET, Receiver
from tests.support.waiting import until

DELIVERED = Outcome(delivered=True)


def test_a_job_that_ends_is_delivered_at_once_and_its_record_says_so(
    client, clock, new_job, run, receiver, enqueued, waiting
):
    job_id = new_job(receiver.url())
    enqueued(job_id)
    assert due.state(client, job_id).state == "pending"
    clock.pass_(1)

    sent = run()

    (got,) = receiver.received
    assert sent == Sent(delivered=1)
    assert (got.headers["webhook-id"], got.body) == (f"msg_{job_id}", job_id.encode())
    assert got.signed_with(SECRET)
    state = due.state(client, job_id)
    assert (state.state, state.attempts, state.last_error, state.next_attempt_at) == (
        "delivered",
        1,
        None,
        None,
    )
    assert int(client.hget(record_key(job_id), "seq")) > 3  # whoever polls sees that something is new
    assert waiting() == {}


def test_failures_are_tried_again_after_the_pauses_with_the_same_id_and_body(
    client, clock, new_job, run, enqueued, waiting
):
    with closing(Receiver(500)) as failing:
        job_id = new_job(failing.url())
        enqueued(job_id)
        clock.pass_(1)
        for attempt, pause in enumerate(PAUSES_SECONDS, start=1):
            assert run().again == 1
            state = due.state(client, job_id)
            assert (state.state, state.attempts, state.last_error) == ("pending", attempt, "it answered 500")
            assert waiting()[job_id] == pytest.approx(clock.now + pause, abs=1e-3)
            clock.pass_(pause - 0.01)
            assert run() == Sent()
            clock.pass_(0.02)
        assert run().failed == 1

    assert len(failing.received) == 10
    assert {got.headers["webhook-id"] for got in failing.received} == {f"msg_{job_id}"}
    assert {got.body for got in failing.received} == {job_id.encode()}
    assert due.state(client, job_id).state == "failed"
    assert waiting() == {}


def test_gone_ends_a_delivery_and_retry_after_puts_it_off(client, clock, new_job, run, enqueued, waiting):
    with closing(Receiver(410)) as gone, closing(Receiver((503, {"Retry-After": "600"}), 204)) as busy:
        ended, put_off = new_job(gone.url()), new_job(busy.url())
        enqueued(ended, put_off)
        clock.pass_(1)
        run()
        first = (due.state(client, ended).state, waiting())
        clock.pass_(599)
        assert run() == Sent()
        clock.pass_(2)
        assert run().delivered == 1

    assert first[0] == "failed"
    assert list(first[1]) == [put_off]
    assert first[1][put_off] == pytest.approx(clock.now - 601 + 600, abs=1)


def test_a_private_address_ends_a_delivery_unless_it_is_allowed(
    client, clock, new_job, run, receiver, enqueued
):
    job_id = new_job(receiver.url())
    enqueued(job_id)
    clock.pass_(1)

    assert run(rules=Rules()).failed == 1

    assert "private" in due.state(client, job_id).last_error
    assert "127.0.0.1" not in client.hget(record_key(job_id), due.STATE_FIELD)
    assert receiver.received == []


def test_a_defect_in_sending_is_a_failure_and_does_not_stop_the_others(client, clock, new_job, run, enqueued):
    broken, fine = new_job("http://broken.example/"), new_job()
    enqueued(broken, fine)
    clock.pass_(1)

    def send(webhook, *_):
        if webhook.host == "broken.example":
            raise ValueError("a defect")
        return DELIVERED

    assert run(send=send) == Sent(delivered=1, again=1)
    assert due.state(client, broken).last_error == "Longhaul failed to send it"


def test_a_job_that_is_still_stopping_is_told_once_it_has(client, clock, new_job, run, receiver, enqueued):
    job_id = new_job(receiver.url())
    enqueued(job_id)
    clock.pass_(1)

    def stopping(_job_id):
        raise NotReady("it stops")

    assert run(body=stopping) == Sent()
    assert due.state(client, job_id).attempts == 0
    clock.pass_(2)
    assert run().delivered == 1


def test_a_receiver_that_hangs_holds_up_no_other(clock, new_job, run, receiver, enqueued):
    free = threading.Event()
    flying = []

    def send(webhook, *_):
        if webhook.host == "slow.example":
            flying.append(1)
            free.wait(30)
        else:
            quick.append(len(flying))
        return DELIVERED

    quick = []
    slow = [new_job("http://slow.example/") for _ in range(40)]
    enqueued(*slow, new_job())
    clock.pass_(1)
    sending = threading.Thread(target=run, kwargs={"send": send})
    sending.start()
    until(lambda: quick, seconds=10, what="the quick receiver has its message")
    late = new_job()
    enqueued(late)
    clock.pass_(1)
    until(lambda: len(quick) == 2, seconds=10, what="and so has one whose job ended during the run")
    other_run = run()
    free.set()
    sending.join(30)

    assert quick == [AT_ONCE_TO_A_HOST, AT_ONCE_TO_A_HOST]
    assert other_run == Sent()  # one run at a time: one place of a worker


def test_a_run_ends_and_starts_another_when_its_time_is_over(client, clock, new_job, run, enqueued):
    started = []

    def send(*_):
        clock.pass_(2)
        enqueued(new_job())
        clock.pass_(2)
        return DELIVERED

    enqueued(new_job())
    clock.pass_(1)
    begun = time.monotonic()

    def again(seconds):
        started.append((seconds, client.exists(due.RUN_KEY)))

    run(send=send, taking_seconds=0.5, again=again)

    assert time.monotonic() - begun < 5
    assert started == [(0.0, 0)]  # the mark was gone before: the other run may begin at once


def test_a_retry_that_is_due_soon_has_a_run_of_its_own_and_a_later_one_waits_for_beat(
    clock, new_job, run, enqueued
):
    enqueued(new_job())
    clock.pass_(1)
    started = []

    def fail(*_):
        return Outcome(delivered=False, error="it answered 500")

    for pause in PAUSES_SECONDS[:2]:
        run(send=fail, again=started.append)
        clock.pass_(pause + 1)

    assert started == [pytest.approx(5, abs=1e-3)]


def test_a_user_whose_receivers_all_hang_leaves_room_for_others(clock, new_job, run, enqueued):
    free = threading.Event()
    flying, quick = [], []

    def send(webhook, *_):
        if webhook.host.endswith(".slow.example"):
            flying.append(webhook.host)
            free.wait(30)
        else:
            quick.append(len(flying))
        return DELIVERED

    slow = [new_job(f"http://{number}.slow.example/", owner="eve") for number in range(40)]
    enqueued(*slow, new_job(owner="ada"))
    clock.pass_(1)
    sending = threading.Thread(target=run, kwargs={"send": send})
    sending.start()
    until(lambda: quick, seconds=10, what="the quick receiver has its message")
    free.set()
    sending.join(30)

    assert quick == [AT_ONCE_OF_AN_OWNER]

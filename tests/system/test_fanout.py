"""One job on many workers: whatever is killed, everything is counted once and the job ends once."""

import itertools
import os
import signal
import time

import pytest

from jobs import records
from jobs.celery import app, kinds
from jobs.connection import records_client
from jobs.reconcile import reconcile
from tests.support.many import ManyParams, finishes, made, many
from tests.support.probe import somebody
from tests.support.waiting import until

# What is lost by chance is lost rarely: how often the whole test is run.
KILL_ROUNDS = int(os.environ.get("KILL_ROUNDS", "1"))


def assert_progress_never_falls(looks):
    counts = [look.processed or 0 for look in looks if look.stage == "work"]
    assert counts == sorted(counts)
    by_attempt = itertools.groupby(looks, key=lambda look: look.attempt)
    for _, same in by_attempt:
        percents = [look.progress for look in same]
        assert percents == sorted(percents)


def test_a_spread_job_counts_every_item_once(start_worker, rest):
    start_worker()
    start_worker()

    job_id = many.submit(somebody(), ManyParams(items=2_000, bad_every=100, seconds_an_item=0.0005))
    looks = rest.looks(job_id)

    last = looks[-1]
    assert (last.status, last.state, last.attempt) == ("completed", "SUCCESS", 1), last
    assert last.results == {"items": 2_000, "failed": 20}
    assert finishes(job_id) == 1
    assert any(0 < (look.processed or 0) < 2_000 and look.total == 2_000 for look in looks)
    assert_progress_never_falls(looks)
    assert many.app.AsyncResult(job_id).state == "SUCCESS"


def test_its_batches_run_on_several_workers(start_worker, rest):
    names = {start_worker().name, start_worker().name}

    job_id = many.submit(somebody(), ManyParams(items=2_000, seconds_an_item=0.001))
    rest.looks(job_id)

    record = records.read(records_client(), job_id)
    batches = records.read_many(records_client(), records.batch_ids(record))
    assert len(batches) == 10
    assert {batch.worker.partition("@")[0] for batch in batches} == names


@pytest.mark.slow
def test_an_item_that_kills_its_process_twice_fails_alone(start_worker, rest):
    start_worker()

    job_id = many.submit(somebody(), ManyParams(items=600, poison=(250, 260)))
    last = rest.looks(job_id)[-1]

    assert last.status == "completed"
    assert last.results == {"items": 600, "failed": 2}
    assert sorted(line for line in made(job_id) if line.endswith("killer")) == ["250 killer", "260 killer"]


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("_round", range(KILL_ROUNDS))
def test_whole_workers_killed_again_and_again_cost_time_alone(start_worker, rest, _round):
    items = 8_000
    job_id = many.submit(somebody(), ManyParams(items=items, bad_every=100, seconds_an_item=0.001))
    workers = [start_worker(), start_worker()]
    looks = []

    def enough(done):
        now = rest.read(job_id)
        looks.append(now)
        # Beat does this each minute: a worker that dies while it takes a message takes the message with it.
        reconcile(app, kinds(), now=time.time())
        return now.done or (now.processed or 0) >= done

    for kill in range(1, 6):
        until(lambda: enough(kill * items // 8), seconds=60, what=f"kill {kill}")  # noqa: B023
        assert not looks[-1].done, f"it has ended before kill {kill}"
        workers.pop(0).kill()
        workers.append(start_worker())
    until(lambda: enough(items + 1), seconds=120, what="the job ends")

    last = looks[-1]
    assert (last.status, last.results) == ("completed", {"items": items, "failed": items // 100})
    assert sorted(int(line.split()[0]) for line in made(job_id)) == list(range(items))
    assert finishes(job_id) == 1
    assert_progress_never_falls(looks)


def test_a_spread_job_goes_on_after_a_restart_of_redis(start_worker, rest, redis_server):
    start_worker()
    start_worker()
    job_id = many.submit(somebody(), ManyParams(items=4_000, seconds_an_item=0.002, bad_every=100))
    until(lambda: (rest.read(job_id).processed or 0) > 500, what="batches run")

    redis_server.stop(signal.SIGKILL)
    redis_server.start()
    looks = []

    def ended():
        looks.append(rest.read(job_id))
        reconcile(app, kinds(), now=time.time())  # as beat does each minute
        return looks[-1].done

    until(ended, seconds=90, what="the job ends")
    assert (looks[-1].status, looks[-1].results) == ("completed", {"items": 4_000, "failed": 40})
    assert finishes(job_id) == 1
    assert_progress_never_falls(looks)


def test_the_time_left_of_a_spread_job_is_told_from_all_its_batches_and_what_follows_them(start_worker, rest):
    start_worker()
    start_worker()
    # Planning is 5 percent, the batches 75 and take some 9 s, and the last 20 percent go at the same pace.
    pace = {"plans_percent": 5.0, "seconds_to_plan": 0.5, "seconds_an_item": 0.003, "seconds_to_finish": 2.5}
    job_id = many.submit(somebody(), ManyParams(items=6_000, **pace))
    rest.running(job_id)

    told = until(lambda: rest.read(job_id).eta_seconds, seconds=20, what="the time left is told")

    at = time.monotonic()
    rest.ended(job_id)
    assert told == pytest.approx(time.monotonic() - at, rel=0.5, abs=3)

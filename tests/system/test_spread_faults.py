"""What ends a job that is spread over workers: a fault of one batch, its user, or an item that kills."""

import pytest

from jobs.connection import records_client
from jobs.keys import busy_key
from jobs.settings import settings
from tests.support.many import ManyParams, finishes, made, many
from tests.support.operating import listening
from tests.support.probe import left_of, somebody
from tests.support.waiting import until

LONG = ManyParams(items=40_000, seconds_an_item=0.005)


@pytest.fixture
def workers(start_worker):
    return [start_worker(), start_worker()]


@pytest.fixture
def events(workers, tmp_path):
    with listening(tmp_path / "events.log") as events:
        yield events


def told(events, end, job_id):
    """Return whether an event told an end of the job itself, not of one of its batches."""
    return events.tell(end, f"({job_id})")


def processed(rest, job_id, least=1):
    """Return once so many items of a job are done."""
    until(lambda: (rest.read(job_id).processed or 0) >= least, what="batches run")


def assert_is_cancelled(rest, job_id, owner):
    answer = rest.post(f"{job_id}/cancel")

    assert answer.status_code == 202, answer.text
    assert answer.json["status"] in ("cancelling", "cancelled")
    last = rest.ended(job_id, seconds=3)
    assert (last.status, last.state, last.reason) == ("cancelled", "REVOKED", "cancelled_by_user")
    until(lambda: not left_of(job_id, owner), seconds=3, what=f"nothing is left: {left_of(job_id, owner)}")


def test_a_fault_of_a_batch_is_the_jobs_each_time(workers, events, rest):
    for _ in range(3):
        owner = somebody()

        job_id = many.submit(owner, ManyParams(items=2_000, raises_in_batch=3, seconds_an_item=0.0005))

        last = rest.ended(job_id, seconds=30)
        assert (last.status, last.state, last.reason) == ("failed", "FAILURE", "unsuitable_data")
        assert last.error["detail"] == "raised on purpose in a batch"
        assert finishes(job_id) == 0
        until(lambda: told(events, "failed", job_id), seconds=5, what="its end is told")  # noqa: B023
        until(lambda: not left_of(job_id, owner), seconds=5, what="nothing is left")  # noqa: B023


def test_a_spread_job_is_cancelled_wholly_each_time(workers, events, rest):
    done_at_end = {}
    for _ in range(5):
        owner = somebody()
        job_id = many.submit(owner, LONG)
        until(lambda: records_client().scard(busy_key(job_id)) == 2, what="both workers run it")  # noqa: B023
        processed(rest, job_id)

        assert_is_cancelled(rest, job_id, owner)

        done_at_end[job_id] = len(made(job_id))
        until(lambda: told(events, "revoked", job_id), seconds=5, what="its end is told")  # noqa: B023
        assert rest.read(job_id).processed > 0

    for job_id, done in done_at_end.items():
        assert (len(made(job_id)), finishes(job_id)) == (done, 0)


def test_a_cancelled_spread_job_gives_its_place_to_the_next_of_its_owner(workers, rest):
    owner = somebody()
    running = [many.submit(owner, LONG) for _ in range(settings().jobs_per_user)]
    held = [many.submit(owner, LONG) for _ in range(3)]
    processed(rest, running[0])

    for job_id, next_id in zip(running, held, strict=False):
        assert is_held_back(rest, next_id)
        assert_is_cancelled(rest, job_id, owner)
        until(lambda: not is_held_back(rest, next_id), seconds=3, what="its place is taken")  # noqa: B023

    for job_id in (*running[len(held) :], *held):
        assert_is_cancelled(rest, job_id, owner)


def is_held_back(rest, job_id):
    """Return whether a job waits for an end of another of its owner."""
    place = rest.read(job_id).queue
    return bool(place and place["limit"])


@pytest.mark.parametrize("_round", range(2))
def test_a_spread_job_is_cancelled_also_when_the_worker_that_planned_it_has_gone(
    start_worker, rest, tmp_path, _round
):
    planner, owner = start_worker(), somebody()
    with listening(tmp_path / "events.log") as events:
        job_id = many.submit(owner, LONG)
        processed(rest, job_id)
        start_worker()
        planner.stop()
        processed(rest, job_id, least=rest.read(job_id).processed + 1)

        assert_is_cancelled(rest, job_id, owner)

        until(lambda: told(events, "revoked", job_id), seconds=5, what="its end is told")
    assert planner.process.returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_an_item_that_kills_its_worker_twice_fails_alone(start_worker, rest):
    workers = [start_worker(), start_worker()]
    job_id = many.submit(somebody(), ManyParams(items=1_000, poison=(250,), kills_worker=True))
    killed = 0

    def ended():
        nonlocal killed
        for dead in [worker for worker in workers if worker.process.poll() is not None]:
            killed += 1
            workers.remove(dead)
            workers.append(start_worker())
        return rest.read(job_id).done

    until(ended, seconds=90, what="it ends without the item")

    last = rest.ended(job_id)
    assert (last.status, last.results) == ("completed", {"items": 1_000, "failed": 1})
    assert [line for line in made(job_id) if not line.endswith("good")] == ["250 killer"]
    assert sorted(int(line.split()[0]) for line in made(job_id)) == list(range(1_000))
    assert (killed, finishes(job_id)) == (2, 1)


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_hundred_percent_that_a_run_claims_too_early_is_shown_once_it_has_ended(
    start_worker, rest, cancelled
):
    start_worker()
    pace = {"plans_percent": 100.0, "seconds_to_plan": 1.0, "seconds_an_item": 0.002}
    job_id = many.submit(somebody(), ManyParams(items=800, **pace))

    looks = []

    def ended():
        looks.append(rest.read(job_id))
        if cancelled and looks[-1].processed:
            rest.post(f"{job_id}/cancel")
        return looks[-1].done

    until(ended, what="it ends")
    before, last = [look for look in looks if not look.done], looks[-1]
    assert {look.progress for look in before if look.stage in ("plan", "work")} == {99.9}
    assert {"plan", "work"} <= {look.stage for look in before}
    assert max(look.progress for look in before) == 99.9
    assert (last.status, last.progress) == (("cancelled", 99.9) if cancelled else ("completed", 100))

"""What operators watch with: every `celery` command, its events, and beat's housekeeping."""

import json

import pytest

import celeryconfig
from jobs import sessions, status
from jobs.celery import app
from tests.support.operating import NODE, Seen, celery, control, inspect, listed, listening, watching
from tests.support.probe import ProbeParams, doomed, runs, somebody
from tests.support.processes import Worker
from tests.support.waiting import until

LONG = ProbeParams(steps=6_000, seconds_a_step=0.1)


@pytest.fixture(scope="module")
def watched(redis_server, tmp_path_factory):
    """A worker with two processes, for the tests of this module alone: its operators change it."""
    log = tmp_path_factory.mktemp("watched") / "worker.log"
    worker = Worker("watched", "doomed", log, concurrency=2).wait_until_ready()
    yield worker
    worker.kill()


@pytest.fixture(scope="module")
def events(watched, tmp_path_factory):
    with listening(tmp_path_factory.mktemp("events") / "events.log") as events:
        yield events


@pytest.fixture(scope="module")
def flower(watched, tmp_path_factory):
    with watching(tmp_path_factory.mktemp("flower") / "flower.log") as flower:
        yield flower


@pytest.fixture(scope="module")
def start(watched, client_of):
    """Start jobs; end at the end what still runs."""
    started = []

    def start(params=LONG):
        started.append(Seen(client_of, params))
        return started[-1]

    yield start
    control("terminate", "KILL", *(job.id for job in started))


@pytest.fixture(scope="module")
def running(start):
    job = start()
    job.wait_for("running")
    return job


@pytest.fixture(scope="module")
def failed(start):
    job = start(ProbeParams(raises="UnreadableTable"))
    job.wait_for_end("failed")
    return job


@pytest.fixture(scope="module")
def cancelled(start):
    job = start()
    job.wait_for("running")
    job.cancel()
    job.wait_for_end("cancelled")
    return job


@pytest.fixture(scope="module")
def completed(start):
    job = start(ProbeParams(steps=3))
    job.wait_for("completed")
    return job


# Command and arguments, what its answer says, and of which jobs it must not speak.
INSPECT = [
    (["active"], ["{running}", "jobs.doomed", "'acknowledged': False"], ["{failed}", "{cancelled}"]),
    (["query_task", "{running}"], ["{running}", "active"], []),
    (["query_task", "{failed}"], ["OK"], ["{failed}"]),
    (["reserved"], ["- empty -"], []),
    (["scheduled"], ["- empty -"], []),
    (["revoked"], ["OK"], ["{running}", "{failed}"]),
    (["stats"], ['"jobs.doomed":', '"max-concurrency": 2'], []),
    (["registered"], ["jobs.analysis", "jobs.indexing", "jobs.doomed"], []),
    (["active_queues"], ["'name': 'doomed'"], ["'name': 'analysis'"]),
    (["conf"], ["jobs.backend:JobBackend", '"task_acks_late": true'], []),
    (["clock"], ['"clock":'], []),
    (["ping"], ["pong"], []),
    (["memsample"], ["MB"], []),
    (["memdump"], ["rss"], []),
    (["report"], ["celery:5.7", "results:jobs.backend:JobBackend"], []),
    (["objgraph"], ["Requires the objgraph library"], []),
]


@pytest.mark.parametrize(("command", "says", "not_of"), INSPECT, ids=lambda value: str(value[:1]))
def test_inspect_tells_of_jobs_that_run_and_of_no_other(command, says, not_of, running, failed, cancelled):
    ids = {"running": running.id, "failed": failed.id, "cancelled": cancelled.id}

    def filled(texts):
        return [text.format(**ids) if text.startswith("{") else text for text in texts]

    answer = inspect(*filled(command))

    assert [text for text in filled(says) if text not in answer] == []
    assert [text for text in filled(not_of) if text in answer] == []


CONTROL = [
    (["heartbeat"], "OK"),
    (["enable_events"], "task events already enabled"),
    (["disable_events"], "task events already disabled"),  # a worker that tells every event has no groups
    (["rate_limit", "jobs.doomed", "1000/s"], "new rate limit set successfully"),
    (["rate_limit", "jobs.doomed", "0"], "new rate limit set successfully"),
    (["time_limit", "jobs.doomed", "3540", "3600"], "time limits set successfully"),
    (["revoke_by_stamped_headers", "owner=nobody"], "flagged as revoked"),
    (["autoscale", "3", "1"], "Autoscale not enabled"),
    (["pool_restart"], "Pool restarts not enabled"),
    (["election"], "missing 2 required positional arguments"),  # workers call it; the command cannot
]
SHOWN_BELOW = {
    "revoke",
    "terminate",
    "pool_grow",
    "pool_shrink",
    "add_consumer",
    "cancel_consumer",
    "shutdown",
}


@pytest.mark.parametrize(("command", "says"), CONTROL, ids=lambda value: str(value[:1]))
def test_control_is_answered_and_disturbs_no_job(command, says, running):
    answer = control(*command)

    assert says in answer
    assert running.look()["status"] == "running"


def test_no_command_of_the_installed_celery_is_left_out():
    assert {command[0] for command, *_ in INSPECT} == listed("inspect")
    assert {command[0] for command, *_ in CONTROL} | SHOWN_BELOW == listed("control")


def test_a_pool_grows_and_shrinks_while_jobs_run(running):
    def processes():
        return len(json.loads(inspect("stats", "--json"))[NODE]["pool"]["processes"])

    control("pool_grow", "1")
    until(lambda: processes() == 3, what="a third process")

    control("pool_shrink", "1")

    until(lambda: processes() == 2, what="two processes again")
    assert running.look()["status"] == "running"


def test_a_worker_takes_up_a_queue_and_leaves_it_again(running):
    control("add_consumer", "probe")
    until(lambda: "'name': 'probe'" in inspect("active_queues"), what="the queue is served")

    control("cancel_consumer", "probe")

    until(lambda: "'name': 'probe'" not in inspect("active_queues"), what="the queue is served no more")


def test_a_running_job_that_is_terminated_is_cancelled_everywhere_and_leaves_nothing(running, start, events):
    job = start()
    job.wait_for("running")

    answer = control("terminate", "KILL", job.id)

    assert job.id in answer
    seen = job.wait_for_end("cancelled")
    assert (seen["state"], seen["reason"], seen["done"]) == ("REVOKED", "revoked_by_operator", True)
    until(lambda: not job.leaves(), seconds=5, what=f"nothing is left of it: {job.leaves()}")
    until(lambda: events.tell("revoked", job.id), what="it is told as an event")
    assert start(ProbeParams()).wait_for("completed")["attempt"] == 1


def test_a_waiting_job_that_is_revoked_is_cancelled_at_once_and_never_runs(running, start):
    busy = start()
    busy.wait_for("running")
    waiting = start()
    assert waiting.look()["status"] == "queued"

    control("revoke", waiting.id)

    seen = waiting.look()
    assert (seen["status"], seen["state"], seen["done"]) == ("cancelled", "REVOKED", True)
    assert waiting.id in inspect("revoked")
    until(lambda: not waiting.leaves(), seconds=5, what=f"nothing is left of it: {waiting.leaves()}")
    control("terminate", "KILL", busy.id)
    assert start(ProbeParams()).wait_for("completed")
    assert runs(waiting.id) == []


def test_revoking_without_terminating_lets_a_running_job_go_on(start):
    job = start(ProbeParams(steps=10, seconds_a_step=0.1))
    job.wait_for("running")

    control("revoke", job.id)

    assert job.wait_for("completed")["attempt"] == 1


def test_result_says_what_became_of_a_job(completed, failed, cancelled):
    assert "'steps': 3" in celery("result", completed.id)
    assert "raised on purpose: UnreadableTable" in celery("result", failed.id, exit_code=1)
    assert "UnreadableTable" in celery("result", "--traceback", failed.id)
    assert "TaskRevokedError" in celery("result", cancelled.id, exit_code=1)


def test_status_and_report_tell_who_is_there_and_how_it_is_set_up(watched):
    assert "1 node online" in celery("status", "--destination", NODE)
    assert "results:jobs.backend:JobBackend" in celery("report")


def test_events_tell_the_percent_and_the_end_of_every_job(events, start):
    done = start(ProbeParams(steps=4, seconds_a_step=0.3))
    fault = start(ProbeParams(raises="UnreadableTable"))
    stopped = start()
    stopped.wait_for("running")
    stopped.cancel()

    until(lambda: "50 % · Working · step-2" in events.text(), what="progress is told as an event")
    for end, job in (("succeeded", done), ("failed", fault), ("revoked", stopped)):
        until(lambda end=end, job=job: events.tell(end, job.id), what=f"it is told that a job has {end}")


def test_flower_shows_what_became_of_every_job(flower, start):
    fault, cancelled = start(ProbeParams(raises="UnreadableTable")), start()
    cancelled.wait_for("running")
    cancelled.cancel()
    terminated = start()
    terminated.wait_for("running")
    control("terminate", "KILL", terminated.id)
    runs_on = start()
    ends = {fault: "FAILURE", cancelled: "REVOKED", terminated: "REVOKED", runs_on: "PROGRESS"}
    expected = {job.id: state for job, state in ends.items()}

    def states():
        tasks = flower.tasks()
        return {job_id: tasks.get(job_id, {}).get("state") for job_id in expected}

    until(lambda: states() == expected, seconds=10, what=f"{expected}; first seen: {states()}")
    until(lambda: " % · Working · step-" in flower.tasks()[runs_on.id]["result"], what="percent and step")
    assert "raised on purpose: UnreadableTable" in flower.tasks()[fault.id]["exception"]
    assert all(state in flower.get(f"/task/{job_id}") for job_id, state in expected.items())
    control("terminate", "KILL", runs_on.id)


def test_flower_shows_a_job_that_was_cancelled_before_it_ran(running, flower, start):
    busy = start()
    busy.wait_for("running")
    waiting = start()
    waiting.cancel()
    control("terminate", "KILL", busy.id)

    until(
        lambda: flower.tasks().get(waiting.id, {}).get("state") == "REVOKED",
        seconds=10,
        what="Flower is told",
    )


def test_a_worker_that_is_told_to_shut_down_ends_its_job_first(start_worker, watched):
    control("cancel_consumer", "doomed")
    until(lambda: "'name': 'doomed'" not in inspect("active_queues"))
    worker = start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=20, seconds_a_step=0.1))
    until(lambda: status.read(job_id).status == "running")

    celery("control", "--destination", f"{worker.name}@test", "shutdown", exit_code=69)  # it answers no more
    worker.process.wait(30)
    control("add_consumer", "doomed")

    assert (status.read(job_id).status, status.read(job_id).attempt) == ("completed", 1)


def test_what_beat_starts_exists_and_removes_an_expired_session(worker):
    app.loader.import_default_modules()
    scheduled = [entry["task"] for entry in celeryconfig.beat_schedule.values()]
    session = sessions.create("ada", "old")
    expired = session.manifest().model_copy(update={"expires_at": 1.0})
    (session.folder / sessions.MANIFEST).write_text(expired.model_dump_json())

    for name in scheduled:
        assert name in app.tasks
        app.send_task(name)

    until(lambda: not session.folder.exists(), what="the session is removed")

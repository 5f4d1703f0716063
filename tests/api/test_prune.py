"""`flask --app api sessions`, as an operator calls it."""

import time
import uuid

import pytest

from api import prune
from jobs import records, sessions
from jobs.celery import app as celery
from jobs.connection import records_client
from jobs.keys import record_key
from jobs.records import NewJob


@pytest.fixture
def owner(redis_server):
    return f"ada-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def command(app, owner):
    """Return a function that runs a command and gives its exit code, the owner's lines, and the last line."""

    def run(*words):
        result = app.test_cli_runner().invoke(prune.group, words)
        lines = result.output.splitlines()
        return result.exit_code, [line for line in lines if owner in line], lines[-1] if lines else ""

    return run


def a_session(owner, *, changed_days_ago=0.0, expired=False, jobs=0, bytes_of_files=0):
    """Make a session as it would be some days after it was last changed."""
    session = sessions.create(owner, "birds")
    (session.files / "birds.csv").write_bytes(b"x" * bytes_of_files)
    for _ in range(jobs):
        celery.backend.store_result(a_job(session), {}, "SUCCESS")
    changed_at = time.time() - changed_days_ago * sessions.SECONDS_PER_DAY
    more = {"changed_at": changed_at, "created_at": changed_at} | ({"expires_at": 0.0} if expired else {})
    changed = session.manifest().model_copy(update=more)
    (session.folder / sessions.MANIFEST).write_text(changed.model_dump_json())
    return session


def a_job(session):
    job = NewJob(str(uuid.uuid4()), session.owner, "probe", "{}", session.id, "probe")
    records.create(records_client(), job, expires_seconds=60)
    return job.id


def counted():
    return int(records_client().hget("counters", "cleanup:sessions") or 0)


def test_a_dry_run_says_what_would_go_and_changes_nothing(owner, command):
    old = a_session(owner, changed_days_ago=31, expired=True, jobs=2, bytes_of_files=5_000)
    a_session(owner)
    before = counted()
    keys = len(list(records_client().scan_iter(f"*{old.id}*")))

    code, lines, total = command("prune", "--dry-run")

    assert code == 0
    (line,) = lines
    verb, session, whose, age, size, jobs = line.split("  ")
    assert (verb, session, whose, age, jobs) == ("would remove", old.id, owner, "31.0 days", "2 jobs")
    assert int(size.removesuffix(" bytes")) >= 5_000
    assert total.endswith("would be removed")
    assert len(records.of_session(records_client(), old.id)) == 2
    assert len(list(records_client().scan_iter(f"*{old.id}*"))) == keys
    assert sessions.find(owner, old.id).manifest().title == "birds"
    assert counted() == before


def test_what_has_expired_is_removed_and_told_as_the_dry_run_did(owner, command):
    old = a_session(owner, changed_days_ago=31, expired=True, jobs=2)
    young = a_session(owner)
    _, promised, _ = command("prune", "--dry-run")
    before = counted()

    code, lines, total = command("prune")

    assert code == 0
    assert [line.replace("removed", "would remove", 1) for line in lines] == promised
    assert total.endswith(" removed")
    assert not old.folder.exists()
    assert records.of_session(records_client(), old.id) == []
    assert young.folder.exists()
    assert counted() > before


def test_a_session_with_a_job_that_has_not_ended_is_told_and_stays(owner, command):
    busy = a_session(owner, expired=True)
    job_id = a_job(busy)

    code, lines, _ = command("prune")

    assert code == 0
    assert [line.partition("  ")[0] for line in lines] == ["stays"]
    assert "1 of its jobs has not ended" in lines[0]
    assert busy.folder.exists()
    assert records_client().exists(record_key(job_id))


def test_what_nobody_has_changed_for_so_many_days_goes_and_what_was_kept_stays(owner, command):
    kept, idle, used = (a_session(owner, changed_days_ago=days) for days in (9, 9, 5))
    kept.keep(60)

    code, lines, _ = command("prune", "--older-than", "7")

    assert code == 0
    assert [line.split("  ")[1] for line in lines] == [idle.id]
    assert [one.folder.exists() for one in (kept, idle, used)] == [True, False, True]


def test_a_session_that_cannot_be_read_is_told_and_stays(owner, command):
    broken = a_session(owner)
    (broken.folder / sessions.MANIFEST).write_text("")

    code, lines, _ = command("prune")
    _, listed, _ = command("list")

    assert code == 0
    assert "cannot be read" in lines[0]
    assert "cannot be read" in listed[0]
    assert broken.folder.exists()
    broken.remove()


@pytest.mark.parametrize("days", ["-1", "soon", ""])
def test_days_that_cannot_be_meant_are_refused(command, days):
    code, _, _ = command("prune", "--older-than", days)

    assert code == 2


def test_all_sessions_are_listed_with_what_they_take(owner, command):
    session = a_session(owner, changed_days_ago=3, jobs=1)

    code, lines, _ = command("list")

    assert code == 0
    assert len(lines) == 1
    assert lines[0].startswith(f"{session.id}  {owner}  3.0 days  ")
    assert lines[0].endswith("  1 job")

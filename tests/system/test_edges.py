"""Where two things meet that seldom do: an operator and a spread job, a run and the lock of a dead one."""

import fcntl
import uuid

import pytest

from jobs import folders
from jobs.celery import app, kinds
from jobs.settings import settings
from tests.support.many import ManyParams, many
from tests.support.probe import somebody
from tests.support.waiting import until


@pytest.mark.parametrize("terminate", [False, True])
def test_a_spread_job_that_the_celery_command_revokes_is_cancelled(rest, start_worker, terminate):
    start_worker()
    start_worker()
    job_id = many.submit(somebody(), ManyParams(items=40_000, seconds_an_item=0.005))
    until(lambda: (rest.read(job_id).processed or 0) > 0, what="batches run")

    app.control.revoke(job_id, terminate=terminate, signal="KILL")

    last = rest.ended(job_id, seconds=10)
    assert (last.status, last.reason) == ("cancelled", "revoked_by_operator")


@pytest.mark.slow
def test_an_attempt_waits_for_the_lock_of_one_that_was_thought_dead(rest, start_worker):
    folder = settings().folder_roots["shelf"] / f"locked-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    for number in range(4_000):
        (folder / f"{number}.txt").write_text(f"letter {number} " * 200)
    owner, kind = somebody(), kinds()["indexing"]
    first = start_worker(queues="indexing")
    job_id = kind.submit(owner, kind.params(index="locked", folder=f"shelf/{folder.name}"))
    until(lambda: (rest.read(job_id).processed or 0) > 0, what="files are read")
    first.kill()
    lock = (folders.index_folder(owner, "locked") / "writer.lock").open("w")

    fcntl.flock(lock, fcntl.LOCK_EX)
    start_worker(queues="indexing")

    waiting = until(lambda: (job := rest.read(job_id)).state == "RETRY" and job, seconds=30)
    assert (waiting.status, waiting.reason) == ("queued", "retry_at")
    lock.close()
    assert rest.ended(job_id).status == "completed"

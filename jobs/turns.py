"""Fairness: how many jobs of one user may stand in a queue or run at once.

A queue is served in the order in which jobs came in. So that nobody waits behind a hundred jobs of somebody
else, an owner's jobs beyond a few are held back, and each is put into the queue when one before it has ended.
"""

import time
from typing import cast

import redis

from jobs.keys import held_key, turns_key
from jobs.records import NewJob, Record
from jobs.settings import settings
from jobs.transitions import ADMIT, NEXT_TURNS


def admit(client: redis.Redis, job: NewJob | Record) -> bool:
    """Return whether a job may be put into its queue now; otherwise it is held back until its turn comes."""
    keys = [turns_key(job.queue, job.owner), held_key(job.queue, job.owner)]
    script = client.register_script(ADMIT)
    return bool(script(keys=keys, args=[job.id, time.time(), settings().jobs_per_user]))


def pass_on(client: redis.Redis, queue: str, owner: str, *, job_id: str = "") -> list[str]:
    """End a job's turn, and return the ids of its owner's jobs whose turn has come thereby."""
    keys = [turns_key(queue, owner), held_key(queue, owner)]
    script = client.register_script(NEXT_TURNS)
    return cast("list[str]", script(keys=keys, args=[job_id, time.time(), settings().jobs_per_user]))


def drop(client: redis.Redis, job: NewJob | Record) -> None:
    """Forget a job that was never put into its queue."""
    with client.pipeline(transaction=True) as pipe:
        pipe.zrem(turns_key(job.queue, job.owner), job.id)
        pipe.zrem(held_key(job.queue, job.owner), job.id)
        pipe.execute()

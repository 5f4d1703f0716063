"""Fairness: how many jobs of one user may stand in a queue or run at once.

A queue is served in the order in which jobs came in. So that nobody waits behind a hundred jobs of somebody
else, an owner's jobs beyond a few are held back, and each is put into the queue when one before it has ended.
"""

import time
from typing import Final, cast

import redis

from jobs.errors import TooManyJobs
from jobs.keys import held_key, turns_key
from jobs.records import NewJob, Record
from jobs.settings import settings

HELD_RETRY_SECONDS: Final = 30  # nobody knows when one of so many jobs ends

# Gives a job its turn among those of its owner in a queue, or holds it back. KEYS: the owner's jobs that may
# be in the queue, those held back. ARGV: job, time, most at once, most held back (0 for no limit).
# Returns 1 if the job may be queued now, 0 if it is held back, -1 if it can be neither.
ADMIT: Final = """
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 1
end
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
local most = tonumber(ARGV[4])
if most > 0 and redis.call('ZCARD', KEYS[2]) >= most then return -1 end
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 0
"""

# Ends a job's turn and gives it to those held back longest. KEYS as above. ARGV: job ("" for none), time,
# most at once.
# Returns the jobs that are to be queued now.
NEXT_TURNS: Final = """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
local admitted = {}
while redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[3]) do
  local oldest = redis.call('ZPOPMIN', KEYS[2])
  if not oldest[1] then break end
  redis.call('ZADD', KEYS[1], ARGV[2], oldest[1])
  table.insert(admitted, oldest[1])
end
return admitted
"""


def admit(client: redis.Redis, job: NewJob | Record) -> bool:
    """Return whether a job may be put into its queue now; otherwise it is held back until its turn comes.

    Raises
    ------
    TooManyJobs
        So many jobs of its owner are held back that this one cannot be. One that was recorded before, and
        is looked at again, always can.
    """
    keys = [turns_key(job.queue, job.owner), held_key(job.queue, job.owner)]
    most = settings().held_jobs_per_user if isinstance(job, NewJob) else 0
    script = client.register_script(ADMIT)
    answer = script(keys=keys, args=[job.id, time.time(), settings().jobs_per_user, most])
    if answer < 0:
        raise TooManyJobs(
            f"{most} of your jobs wait already, which is as many as may; start more when some have ended.",
            HELD_RETRY_SECONDS,
        )
    return bool(answer)


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

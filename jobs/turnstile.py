"""Which jobs are on their way to an index: so that one more joins them, or is refused.

A list in Redis has the ids of an index's jobs. It is never asked whether a job goes on, which the job's own
record says: an id that was left behind by whatever was killed keeps nobody out.
"""

import time
from collections.abc import Callable
from typing import Final, cast

import redis

from jobs import records
from jobs.errors import IndexBusy
from jobs.keys import index_key, writer_key
from jobs.records import NewJob, Record

WAITING_STATES: Final = ("PENDING", "RETRY")
KEPT_SECONDS: Final = 30 * 86_400  # far beyond the longest job, so that nothing stays for ever
# Enters a job alone, unless one has entered that nobody has looked at. KEYS: the list. ARGV: the job, the
# time now, how long the list is kept, and the jobs that were seen to have ended.
ENTER_ALONE: Final = """
local ended = {}
for i = 4, #ARGV do ended[ARGV[i]] = true end
for _, job in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if not ended[job] then return 0 end
end
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
# Gives an index to a job unless another has it. KEYS: who has it. ARGV: the job, one that was seen to have
# ended, how long this is kept. Returns who has it otherwise.
TAKE: Final = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] and holder ~= ARGV[2] then return holder end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
return ''
"""
# Lets go of an index that a job has. KEYS: who has it. ARGV: the job.
LET_GO: Final = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


def enter(client: redis.Redis, job: NewJob, index: str) -> None:
    """Enter a job that waits for its turn if there are others."""
    key = index_key(job.owner, index)
    with client.pipeline(transaction=True) as pipe:
        pipe.zadd(key, {job.id: time.time()})
        pipe.expire(key, KEPT_SECONDS)
        pipe.execute()


def enter_alone(
    client: redis.Redis, job: NewJob, index: str, *, joins: Callable[[Record], bool]
) -> str | None:
    """Enter a job unless another goes on; of many that come at once, one does.

    Parameters
    ----------
    job : NewJob
        Its record is there already, for it is what others look at.
    joins : callable
        Whether another job will do instead.

    Returns
    -------
    str or None
        The id of that other job; None if this one has entered.

    Raises
    ------
    IndexBusy
        Another job goes on that will not do.
    """
    key = index_key(job.owner, index)
    script = client.register_script(ENTER_ALONE)
    while True:
        entered = cast("list[str]", client.zrange(key, 0, -1))
        going = [record for record in records.read_many(client, entered) if not record.done]
        if going:
            return _other(going, index, joins)
        if script(keys=[key], args=[job.id, time.time(), KEPT_SECONDS, *entered]):
            return None


def is_in_use(client: redis.Redis, record: Record, index: str) -> bool:
    """Return whether another job than this one has begun on an index, and goes on."""
    entered = cast("list[str]", client.zrange(index_key(record.owner, index), 0, -1))
    return any(
        other.id != record.id and not other.done and other.state not in WAITING_STATES
        for other in records.read_many(client, entered)
    )


def take(client: redis.Redis, owner: str, index: str, job_id: str) -> None:
    """Let a job have an index for itself until it leaves, on whatever machines it runs.

    On one disk a lock of the kernel sees to that; where machines share an index through an object store,
    nobody else does.

    Raises
    ------
    IndexBusy
        Another job has it, and goes on.
    """
    script = client.register_script(TAKE)
    ended = ""
    while holder := script(keys=[writer_key(owner, index)], args=[job_id, ended, KEPT_SECONDS]):
        _refuse_beside(client, holder, index)
        ended = holder


def refuse_if_taken(client: redis.Redis, owner: str, index: str) -> None:
    """Refuse to change an index that a job has for itself.

    Raises
    ------
    IndexBusy
        Such a job goes on.
    """
    if (holder := client.get(writer_key(owner, index))) is not None:
        _refuse_beside(client, str(holder), index)


def _refuse_beside(client: redis.Redis, holder: str, index: str) -> None:
    if records.goes_on(client, holder):
        raise IndexBusy(f"Another job is writing the index {index!r}; try again when it has ended.")


def leave(client: redis.Redis, owner: str, index: str, job_id: str) -> None:
    """Take out a job that has ended."""
    client.zrem(index_key(owner, index), job_id)
    client.register_script(LET_GO)(keys=[writer_key(owner, index)], args=[job_id])


def _other(going: list[Record], index: str, joins: Callable[[Record], bool]) -> str:
    for record in going:
        if joins(record):
            return record.id
    raise IndexBusy(
        f"The job {going[0].id} is on its way to the index {index!r}, and does something else or is not to "
        "be joined. Try again when it has ended."
    )

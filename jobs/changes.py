"""Which of an owner's jobs have changed since somebody last asked: one poll for any number of jobs.

Each change of a job's record is numbered, in the step that makes it, in a sorted set of its owner: the job
stands there once, under the number of its last change. The set holds the jobs that changed last, and goes a
while after the last change. A cursor is such a number, and says which counting it is from: what is older than
the set reaches, or from before it went, is answered with all that the set holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import redis

from jobs.keys import changes_key, changes_state_key, live_key, record_key
from jobs.line import Script, as_lua, line

MOST_JOBS: Final = 1_000  # of one owner
MOST_TOLD: Final = 200  # at once; the next answer goes on with the others
KEPT_SECONDS: Final = 7 * 86_400

# Functions for scripts. `changed` notes that a job of an owner has changed. `publish` tells a state of a job
# to who watches it, and notes the change; of a batch nothing is noted.
CHANGED: Final = f"""
local function changed(owner, job)
  local set, state = {as_lua(changes_key("<owner>"))}, {as_lua(changes_state_key("<owner>"))}
  local number = redis.call('HINCRBY', state, 'number', 1)
  if number == 1 then
    redis.call('DEL', set)
    redis.call('HSET', state, 'epoch', table.concat(redis.call('TIME'), ''))
  end
  redis.call('ZADD', set, number, job)
  local over = redis.call('ZCARD', set) - {MOST_JOBS}
  if over > 0 then
    local gone = redis.call('ZPOPMIN', set, over)
    redis.call('HSET', state, 'lost', gone[#gone])
  end
  redis.call('EXPIRE', set, {KEPT_SECONDS})
  redis.call('EXPIRE', state, {KEPT_SECONDS})
  redis.call('PUBLISH', set, job)
end
local function publish(channel, message, record)
  redis.call('PUBLISH', channel, message)
  local job = string.match(record, '{{([^{{}}]+)}}$')
  local owner = job and redis.call('HGET', record, 'owner')
  if owner then changed(owner, job) end
end
"""
NOTE: Final = CHANGED + "changed(ARGV[1], ARGV[2])"

# ARGV: owner, epoch and number of the cursor ("" and 0 for none), most jobs.
# Returns the epoch, the number that the next cursor holds, whether these are all, and of each job its id,
# whether it is live, and state, seq, progress and result of its record.
_READ: Final = Script(f"""
local owner = ARGV[1]
local set, state = {as_lua(changes_key("<owner>"))}, {as_lua(changes_state_key("<owner>"))}
local epoch, number, lost = unpack(redis.call('HMGET', state, 'epoch', 'number', 'lost'))
if not epoch then return {{'0', 0, ARGV[2] ~= '0' and 1 or 0}} end
local from, reset = tonumber(ARGV[3]), 0
if ARGV[2] ~= epoch or from < tonumber(lost or 0) or from > tonumber(number) then reset = 1 end
local found
if reset == 1 then
  found = redis.call('ZREVRANGE', set, 0, ARGV[4] - 1)
else
  found = redis.call('ZRANGEBYSCORE', set, '(' .. from, '+inf', 'LIMIT', 0, ARGV[4])
  if #found == tonumber(ARGV[4]) then number = redis.call('ZSCORE', set, found[#found]) end
end
local told = {{epoch, tonumber(number), reset}}
for _, job in ipairs(found) do
  local record = redis.call('HMGET', {as_lua(record_key("<job>"))}, 'state', 'seq', 'progress', 'result')
  table.insert(told, {{job, redis.call('EXISTS', {as_lua(live_key("<job>"))}), unpack(record)}})
end
return told
""")


@dataclass(frozen=True)
class Cursor:
    """How far somebody has been told: a number of a counting."""

    epoch: str
    number: int


@dataclass(frozen=True)
class Changed:
    """A job that has changed; without a state it is gone. Members as in its record."""

    job_id: str
    live: bool
    state: str | None
    seq: str | None
    progress: str | None
    result: str | None


@dataclass(frozen=True)
class Changes:
    """The jobs that have changed, and where to go on. `reset`: these are all that are known of."""

    jobs: Sequence[Changed]
    cursor: Cursor
    reset: bool


def note(client: redis.Redis, owner: str, job_id: str) -> None:
    """Note that a job was made, has ended for good, or is gone. `client` may be a pipeline."""
    client.eval(NOTE, 0, owner, job_id)


def read(owner: str, since: Cursor | None, *, limit: int = MOST_TOLD) -> Changes:
    """Return which jobs of an owner have changed: one round trip.

    Raises
    ------
    redis.RedisError
        Redis does not answer.
    """
    after = since or Cursor("", 0)
    epoch, number, reset, *jobs = line().ask(_READ, (), (owner, after.epoch, str(after.number), str(limit)))
    found = [Changed(job_id, bool(live), *fields) for job_id, live, *fields in jobs]
    return Changes(found, Cursor(epoch, number), bool(reset))

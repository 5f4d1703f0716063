"""One look at jobs: everything that a reader is told of them, in one step of Redis and one round trip.

Which queue a job waits in, and so what keeps it, is known only from its record. A script reads both; asking
from here would take a second trip.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jobs.fleet import FLEET_KEY
from jobs.keys import busy_key, held_key, live_key, meta_key, record_key, waiting_key
from jobs.line import Script, as_lua, line
from jobs.records import FINAL_STATES
from jobs.throughput import throughput_key

# KEYS: of each job its record, result, live mark and set of busy batches. ARGV: key of a token ("" for none),
# whose jobs alone are told ("" for everybody's; the token's user may not see others' either), then the ids.
# Returns the token's hash, the hash of workers (empty where nobody waits or runs), then of each job its
# record, result, live mark, and what keeps it: place, place among those held back and measurements of one
# that waits; batches that run and place of one that runs. Of one that has ended only the record is needed.
# A foreign job is as an unknown one from the first command on: both take the same time.
_LOOK: Final = Script(
    "local final = {"
    + ", ".join(f"{state} = true" for state in FINAL_STATES)
    + """}
local token, owner, fleet, told = {}, ARGV[2], {}, {}
if ARGV[1] ~= '' then
  token = redis.call('HGETALL', ARGV[1])
  local who = {}
  for i = 1, #token, 2 do who[token[i]] = token[i + 1] end
  if who['role'] ~= 'admin' then owner = who['user'] or false end
end
for i = 1, #KEYS, 4 do
  local job = ARGV[2 + (i + 3) / 4]
  local of, state, queue, kind = unpack(redis.call('HMGET', KEYS[i], 'owner', 'state', 'queue', 'kind'))
  if not of or (owner ~= '' and of ~= owner) then
    table.insert(told, {{}, false, 0, {}})
  elseif final[state] then
    table.insert(told, {redis.call('HGETALL', KEYS[i]), false, redis.call('EXISTS', KEYS[i + 2]), {}})
  else
    local place
    queue = queue or kind
    if state == 'PENDING' or state == 'RETRY' then
      place = {redis.call('ZRANK', WAITING, job), redis.call('ZRANK', HELD, job),
        redis.call('LRANGE', THROUGHPUT, 0, -1)}
    else
      place = {redis.call('SCARD', KEYS[i + 3]), redis.call('ZRANK', WAITING, job)}
    end
    if #fleet == 0 then fleet = redis.call('HGETALL', FLEET) end
    table.insert(told, {redis.call('HGETALL', KEYS[i]), redis.call('GET', KEYS[i + 1]),
      redis.call('EXISTS', KEYS[i + 2]), place})
  end
end
return {token, fleet, unpack(told)}
""".replace("WAITING", as_lua(waiting_key("<queue>")))
    .replace("HELD", as_lua(held_key("<queue>", "<of>")))
    .replace("THROUGHPUT", as_lua(throughput_key("<kind>")))
    .replace("FLEET", as_lua(FLEET_KEY))
)


@dataclass(frozen=True)
class Look:
    """What Redis holds of one job; `fields` is empty where there is none, or none to be seen.

    `place` is what `jobs.places.place` reads.
    """

    job_id: str
    fields: dict[str, str]
    meta: str | None
    live: bool
    place: Sequence[Any]


@dataclass(frozen=True)
class Seen:
    """The fields of the token that was asked for, the workers' announcements, and the jobs."""

    token: dict[str, str]
    fleet: dict[str, str]
    jobs: Sequence[Look]


def look(job_ids: Sequence[str], *, token: str = "", owner: str = "") -> Seen:
    """Look at jobs, and at the token of who asks: one round trip.

    Parameters
    ----------
    token : str
        Its key, if there is one: then only jobs that its user may see are told.
    owner : str
        If given, only this user's jobs are told.

    Raises
    ------
    redis.RedisError
        Redis does not answer.
    """
    keys = [key(job_id) for job_id in job_ids for key in (record_key, meta_key, live_key, busy_key)]
    token_fields, fleet, *told = line().ask(_LOOK, keys, (token, owner, *job_ids))
    return Seen(_mapping(token_fields), _mapping(fleet), list(_looks(job_ids, told)))


def _looks(job_ids: Sequence[str], told: Sequence[Any]) -> Iterator[Look]:
    for job_id, (fields, meta, live, place) in zip(job_ids, told, strict=True):
        yield Look(job_id, _mapping(fields), meta, bool(live), place)


def _mapping(flat: Sequence[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))

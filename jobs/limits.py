"""How much one user may ask for in a while, and keep: counted in Redis, for all machines together.

What is asked for in a while follows the generic cell rate algorithm: one number a user and policy, the time
at which all would be given back. A full share may be used at once; it comes back evenly, not at the stroke of
a clock.
"""

import math
import uuid
from dataclasses import dataclass
from typing import Final, cast

import redis

from jobs import sessions

COUNT_SECONDS: Final = 600  # then what a user keeps is counted anew, whatever has become of it meanwhile
COUNT_PAUSE_SECONDS: Final = 5  # between two counts of one user that asks for more than there is room for
COMING_SECONDS: Final = 3_600  # after which an upload whose process died takes no room any more

# Takes from a share, or gives back to it. KEYS: the share. ARGV: quota, window in seconds, cost (negative to
# give back). Returns whether it was taken, what is left, seconds until it can be, and until all is there.
SPEND: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local quota, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local each = window / quota
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local taken, wait = 1, 0
if cost > 0 and full_at + cost * each - window > now + 0.000001 then
  taken, wait = 0, full_at + cost * each - window - now
else
  full_at = math.max(full_at + cost * each, now)
  local left = math.ceil((full_at - now) * 1000)
  if left > 0 then redis.call('SET', KEYS[1], string.format('%.6f', full_at), 'PX', left)
  else redis.call('DEL', KEYS[1]) end
end
local rest = math.max(0, math.floor((window - (full_at - now)) / each + 0.000001))
return {taken, string.format('%.0f', rest), string.format('%.6f', wait), string.format('%.6f', full_at - now)}
"""

# Takes room for an upload, in place of what it has. KEYS: what is kept, what is coming. ARGV: most, size,
# upload, seconds. Returns what is taken with it, negative where there is no room; nothing where what is kept
# is not known.
TAKE_ROOM: Final = """
local kept = redis.call('GET', KEYS[1])
if not kept then return false end
local now = tonumber(redis.call('TIME')[1])
local used = tonumber(kept) + tonumber(ARGV[2])
local coming = redis.call('HGETALL', KEYS[2])
for i = 1, #coming, 2 do
  local size, ends = string.match(coming[i + 1], '^(%d+) (%d+)$')
  if tonumber(ends) < now then redis.call('HDEL', KEYS[2], coming[i])
  elseif coming[i] ~= ARGV[3] then used = used + tonumber(size) end
end
if used > tonumber(ARGV[1]) then return '-' .. string.format('%.0f', used) end
redis.call('HSET', KEYS[2], ARGV[3], ARGV[2] .. ' ' .. string.format('%.0f', now + ARGV[4]))
redis.call('EXPIRE', KEYS[2], ARGV[4])
return string.format('%.0f', used)
"""

# Ends an upload. KEYS as above. ARGV: upload, size of what is kept of it.
END_UPLOAD: Final = """
redis.call('HDEL', KEYS[2], ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('INCRBY', KEYS[1], ARGV[2]) end
"""


@dataclass(frozen=True)
class Policy:
    """A share that every user has: `quota` in any `window_seconds`, of bytes or else of requests."""

    name: str
    quota: int
    window_seconds: int
    of_bytes: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a user stands with a policy. `wait_seconds` is 0 unless it was refused."""

    policy: Policy
    taken: bool
    left: int
    wait_seconds: float
    full_seconds: float


def spend(client: redis.Redis, policy: Policy, user: str, cost: int = 1) -> Standing:
    """Take from a user's share, all of `cost` or nothing; a negative cost gives back what was not used.

    Asking for nothing (0) is always granted, and tells where the user stands.
    """
    script = client.register_script(SPEND)
    key = f"limit:{policy.name}:{user}"
    answer = script(keys=[key], args=[policy.quota, policy.window_seconds, cost])
    taken, left, wait, full = cast("tuple[int, str, str, str]", answer)
    return Standing(policy, bool(taken), int(left), float(wait), float(full))


@dataclass(frozen=True)
class Room:
    """Room that an upload was given; `left` is what is free beside it in bytes, None if there was no room."""

    upload: str
    left: int | None


def take_room(client: redis.Redis, user: str, *, most: int, size: int, upload: str | None = None) -> Room:
    """Take room for an upload of `size` bytes among the files of all sessions of a user.

    One that has grown takes its larger room in place of the one that it had; if there is none, it keeps that.
    """
    upload = upload or uuid.uuid4().hex
    script = client.register_script(TAKE_ROOM)
    while True:
        answer = script(keys=_room_keys(user), args=[most, size, upload, COMING_SECONDS])
        if answer is None:
            _count(client, user)
        elif not answer.startswith("-"):
            return Room(upload, most - int(answer))
        elif not client.set(f"{_room_keys(user)[0]}:counted", 1, ex=COUNT_PAUSE_SECONDS, nx=True):
            return Room(upload, None)
        else:
            _count(client, user)  # something may have expired since


def end_upload(client: redis.Redis, user: str, room: Room, kept_bytes: int) -> None:
    """Give room back that an upload did not need after all."""
    client.register_script(END_UPLOAD)(keys=_room_keys(user), args=[room.upload, kept_bytes])


def count_anew(client: redis.Redis, user: str) -> None:
    """Have what a user keeps counted before the next upload: something was removed."""
    key = _room_keys(user)[0]
    client.delete(key, f"{key}:counted")


def _count(client: redis.Redis, user: str) -> None:
    kept = sum(file.bytes for manifest in sessions.of_owner(user) for file in manifest.files)
    client.set(_room_keys(user)[0], kept, ex=COUNT_SECONDS)


def _room_keys(user: str) -> list[str]:
    return [f"room:{{{user}}}:kept", f"room:{{{user}}}:coming"]


def whole_seconds(seconds: float) -> int:
    """Return seconds as headers tell them: none of them too early, and at least one."""
    return max(1, math.ceil(seconds))

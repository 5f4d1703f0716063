"""Housekeeping that beat starts: what is old is removed, and messages that were lost are sent again."""

import logging
import time
from typing import Final

import redis

from jobs import archive, expiry, reconcile
from jobs.celery import app, kinds
from jobs.connection import reaching_redis, records_client

log = logging.getLogger(__name__)

# Of a period; workers begin a task a little sooner or later than beat sent it.
GUARDED_SHARE = 0.9

# Notes that a task ran, unless it did a moment ago. KEYS: the task's mark. ARGV: now, how long ago is a
# moment, seconds that the mark lasts.
GUARD: Final = """
local ran_at = redis.call('GET', KEYS[1])
if ran_at and math.abs(tonumber(ARGV[1]) - tonumber(ran_at)) < tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
return 1
"""


def guard(client: redis.Redis, name: str, period_seconds: float, now: float) -> bool:
    """Return whether a periodic task is to run now: with several beats, it runs once a period all the same.

    The time since the last run decides, not the number of the period on the clock: a beat whose ticks fall
    beside the boundary of such periods would skip some, and two beats on both sides of it would run twice.
    """
    mark = client.register_script(GUARD)
    lasts = max(1, int(2 * period_seconds))
    return bool(mark(keys=[f"beat:{name}"], args=[now, GUARDED_SHARE * period_seconds, lasts]))


def _its_turn(name: str, now: float) -> bool:
    """Return whether a task is to run; its period stands in beat's schedule, and one that does not may."""
    schedule = app.conf.beat_schedule.values()
    periods = [entry["schedule"].total_seconds() for entry in schedule if entry["task"] == name]
    return all(guard(records_client(), name, period, now) for period in periods)


@app.task(name="jobs.cleanup.expire_sessions", ignore_result=True)
def expire_sessions() -> None:
    """Remove sessions that have expired, with their jobs; never one with a job that has not ended."""
    now = time.time()
    with reaching_redis():
        if _its_turn(expire_sessions.name, now):
            log.info("sessions expired", extra=vars(expiry.expire(records_client(), now=now)))


@app.task(name="jobs.cleanup.drop_live_data", ignore_result=True)
def drop_live_data() -> None:
    """Remove what was needed only while jobs ran, some minutes after their end."""
    now = time.time()
    with reaching_redis():
        if _its_turn(drop_live_data.name, now) and (jobs := expiry.drop_live_data(records_client(), now)):
            log.info("live data dropped", extra={"jobs": jobs})


@app.task(name="jobs.cleanup.reconcile_jobs", ignore_result=True)
def reconcile_jobs() -> None:
    """Bring back what Redis has lost, and mend the jobs that stand nowhere."""
    now = time.time()
    with reaching_redis():
        if not _its_turn(reconcile_jobs.name, now):
            return
        archive.restore(records_client())
        done = vars(reconcile.reconcile(app, kinds(), now=now))
    if counts := {name: number for name, number in done.items() if isinstance(number, int) and number}:
        log.warning("jobs reconciled", extra=counts)

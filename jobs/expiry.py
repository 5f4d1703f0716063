"""What goes away in time: old sessions with all that belongs to them, old jobs, live data of ended jobs.

A few minutes after a job has ended only its live data goes: the records and results of its batches and what
counted them. Celery's final result of the job itself stays for `result_expires`, so that `celery result` and
Flower go on to say what the record says; the record stays as long as its session.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

import redis

from jobs import records, sessions
from jobs.errors import LonghaulError
from jobs.keys import ENDED_KEY, owner_key
from jobs.records import Record
from jobs.removal import business, clear_copies, forget, is_closed, manifest_of, remove_session
from jobs.session import MANIFEST, SECONDS_PER_DAY, Manifest, Session
from jobs.settings import settings
from jobs.storage import sweep

log = logging.getLogger(__name__)

# A run shares a worker with questions that people wait for; the next one goes on where it stopped.
MOST_SESSIONS_A_RUN = 1_000
MOST_SECONDS_A_RUN = 30.0
MOST_JOBS_A_RUN = 20_000
AT_ONCE = 200  # records in one round trip, of which each may hold 16 KiB of results

# Longer than anything that still happens to a job after its end: late messages of its batches, the lease of a
# cancelled run that does not stop, a page that polls it once more.
KEEP_LIVE_SECONDS = 600.0

CURSOR_KEY: Final = "cleanup:after"  # owner and id of the session where the last run stopped
COUNTERS_KEY: Final = "counters"


@dataclass(frozen=True)
class Rule:
    """Which sessions go: those that have expired, or those that nobody has changed for some days.

    `now` is in Unix seconds. A session that somebody asked to keep stays until then under either rule.
    """

    now: float
    older_than_days: float | None = None

    def applies_to(self, manifest: Manifest) -> bool:
        """Return whether a session goes."""
        if self.older_than_days is None:
            return manifest.expires_at <= self.now
        idle_since = self.now - self.older_than_days * SECONDS_PER_DAY
        return manifest.kept_until <= self.now and _changed_at(manifest) <= idle_since


@dataclass(frozen=True)
class Outcome:
    """A session that was due. `reason` says why it stays, and is None when it was, or would be, removed."""

    session: str
    owner: str
    age_days: float = 0.0
    bytes: int = 0
    jobs: int = 0
    reason: str | None = None


@dataclass
class Removed:
    """What a run removed."""

    sessions: int = 0
    jobs: int = 0
    bytes: int = 0
    leftovers: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count a session, if it was removed."""
        if outcome.reason is None:
            self.sessions += 1
            self.jobs += outcome.jobs
            self.bytes += outcome.bytes


def expire(
    client: redis.Redis,
    *,
    now: float,
    most_sessions: int = MOST_SESSIONS_A_RUN,
    most_seconds: float = MOST_SECONDS_A_RUN,
) -> Removed:
    """Remove what is over at `now` (Unix seconds), up to a number of sessions and a time; return how much.

    Raises
    ------
    redis.RedisError
        Redis does not answer, so that nobody knows which jobs have ended.
    """
    removed = Removed()
    until = time.monotonic() + most_seconds
    owner, _, session_id = str(client.get(CURSOR_KEY) or "").partition("/")
    place = (owner, session_id)
    for session in sessions.everybodys(after=place):
        if removed.sessions >= most_sessions or time.monotonic() > until:
            client.set(CURSOR_KEY, "/".join(place))
            break
        if (outcome := visit(client, session, Rule(now))) is not None:
            removed.add(outcome)
        place = (session.owner, session.id)
    else:
        client.delete(CURSOR_KEY)  # the next run begins at the first
    removed.jobs += _remove_old_jobs(client, now)
    removed.leftovers = _sweep(now) + clear_copies()
    count(client, removed)
    return removed


def visit(client: redis.Redis, session: Session, rule: Rule, *, dry_run: bool = False) -> Outcome | None:
    """Remove a session if it is due; return what became of it, or None if it is not due.

    A fault with one session is its outcome, so that the others do not have to wait for it.
    """
    outcome = Outcome(session.id, session.owner)
    try:
        manifest = manifest_of(session)
        if not rule.applies_to(manifest) and not is_closed(session):
            return None
        outcome = look(client, session, manifest, now=rule.now)
        if dry_run:
            return outcome
        if outcome.reason is None and not remove_session(client, session, still_due=rule.applies_to):
            return None
    except redis.RedisError:
        raise
    except (ValueError, KeyError):  # their texts repeat users' data
        outcome = replace(outcome, reason=f"its {MANIFEST} or the record of a job cannot be read")
    except (LonghaulError, OSError) as error:
        outcome = replace(outcome, reason=str(error))
    except Exception as error:  # a defect that one session brings to light; the others must still go in time
        log.exception("session not removed", extra={"session": session.id})
        outcome = replace(outcome, reason=f"Longhaul failed: {type(error).__name__}")
    log.info("session removed" if outcome.reason is None else "session stays", extra=vars(outcome))
    return outcome


def look(client: redis.Redis, session: Session, manifest: Manifest, *, now: float) -> Outcome:
    """Return what a removal of a session would do."""
    jobs = records.of_session(client, session.id)
    return Outcome(
        session=session.id,
        owner=session.owner,
        age_days=(now - _changed_at(manifest)) / SECONDS_PER_DAY,
        bytes=_bytes_on_disk(session.folder),
        jobs=len(jobs),
        reason=business(client, jobs),
    )


def drop_live_data(client: redis.Redis, now: float) -> int:
    """Remove what was needed only while a job ran, of jobs that ended long enough ago; return how many.

    Parameters
    ----------
    now : float
        Unix seconds.
    """
    before = now - KEEP_LIVE_SECONDS
    due = client.zrange(ENDED_KEY, "-inf", before, byscore=True, offset=0, num=MOST_JOBS_A_RUN)
    dropped = 0
    for job_id in cast("list[str]", due):
        if records.is_live(client, job_id):  # a cancelled run that has not let go: look again later
            client.zadd(ENDED_KEY, {job_id: now}, xx=True)
            continue
        if (record := records.read(client, job_id)) is not None:
            client.delete(*records.keys_of_batches(record))
        dropped += client.zrem(ENDED_KEY, job_id)  # last, so that a run that is cut off is made again
    return dropped


def count(client: redis.Redis, removed: Removed) -> None:
    """Add what was removed to the totals of all runs."""
    with client.pipeline(transaction=False) as pipe:
        for name in ("sessions", "jobs", "bytes"):
            pipe.hincrby(COUNTERS_KEY, f"cleanup:{name}", getattr(removed, name))
        pipe.execute()


def _remove_old_jobs(client: redis.Redis, now: float) -> int:
    """Forget old jobs that ended and whose session is gone, or that never had one; return how many."""
    before = now - settings().session_days * SECONDS_PER_DAY
    until = time.monotonic() + MOST_SECONDS_A_RUN
    removed = 0
    for record in _created_before(client, before):
        if removed == MOST_JOBS_A_RUN or time.monotonic() > until:
            break
        ended = record.done and (record.finished_at or record.updated_at) < before
        if ended and not _has_session(record) and not records.is_live(client, record.id):
            forget(client, record)
            removed += 1
    return removed


def _has_session(record: Record) -> bool:
    return record.session is not None and (settings().sessions / record.owner / record.session).is_dir()


def _created_before(client: redis.Redis, before: float) -> Iterator[Record]:
    """Yield the records of all owners' jobs created before `before`, a few round trips for many."""
    for key in client.scan_iter(owner_key("*"), count=1_000):
        after = "-inf"
        while page := client.zrange(key, after, before, byscore=True, offset=0, num=AT_ONCE, withscores=True):
            found = cast("list[tuple[str, float]]", page)
            after = f"({found[-1][1]!r}"
            ids = [job_id for job_id, _ in found]
            try:
                known = records.read_many(client, ids)
            except (KeyError, ValueError):
                log.warning("a record cannot be read", extra={"jobs": ids})
                continue
            if dead := set(ids) - {record.id for record in known}:
                client.zrem(key, *dead)
            yield from known


def _bytes_on_disk(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # removed while they were counted
                total += (Path(place) / name).lstat().st_size
    return total


def _changed_at(manifest: Manifest) -> float:
    return manifest.created_at if manifest.changed_at is None else manifest.changed_at


def _sweep(now: float) -> int:
    """Remove what uploads and removals that were cut off more than a day ago have left."""
    before = now - SECONDS_PER_DAY
    count = 0
    for root in (settings().sessions, settings().data / "jobs"):
        if root.is_dir():
            owners = [path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")]
            count += sum(sweep(folder, older_than=before) for folder in (root, *owners))
    return count

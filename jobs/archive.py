"""The archive: ended jobs as files, so that a Redis that lost its data loses no finished work.

sessions/<owner>/<session>/job-<id>.json   beside what the job made, and removed with it
jobs/<owner>/job-<id>.json                 a job that belongs to no session

A file holds the fields of the job's record as they stand in Redis. Nothing of them is decoded, so nothing is
changed on the way, and what a later version adds to records is kept too. Celery's own result is not: it goes
after `result_expires` anyway, and the record answers without it.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Final, Literal, cast

import orjson
import redis
from pydantic import BaseModel, ConfigDict

from jobs import records, sessions
from jobs.errors import NotFound
from jobs.keys import owner_key, record_key, session_key
from jobs.records import NewJob, Record
from jobs.settings import settings
from jobs.sharing.storage import storage
from jobs.storage import write_bytes

log = logging.getLogger(__name__)

VERSION: Final = 1
READ_KEY: Final = "archive:read"  # there as long as Redis remembers what was restored
LOCK_KEY: Final = "archive:reading"
LOCK_SECONDS = 60  # renewed with every batch: another process goes on soon after the one that reads has died
AT_ONCE = 100  # files in memory; a job's parameters are limited to a megabyte, most are a few hundred bytes
MOST_BYTES = 4_000_000  # of a file; a record can hardly be larger
SECRET_PARAMETER = "webhook"  # noqa: S105 - its name: it holds the secret that signs, and is of no use later

# Writes a record unless there is one. KEYS: the record. ARGV: its fields.
RESTORE: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
"""


class UnusableFile(Exception):
    """A file of the archive is not what it should be: the text says how, without what is in it."""


class ArchivedJob(BaseModel):
    """What a job's file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = VERSION
    id: str
    fields: dict[str, str]

    def record(self) -> Record:
        """Return the record that the fields make.

        Raises
        ------
        UnusableFile
            They make none.
        """
        try:
            record = records.parse(self.id, self.fields)
        except (KeyError, ValueError) as error:
            raise UnusableFile("a field is missing or has no meaning") from error
        if record is None or not record.done:
            raise UnusableFile("it does not tell how the job ended")
        return record


def path_of(job: Record | NewJob) -> Path:
    """Return where a job's file lies, or would."""
    if job.session:
        return settings().sessions / job.owner / job.session / _name(job.id)
    return _root() / job.owner / _name(job.id)


def write(client: redis.Redis, record: Record) -> None:
    """Write the file of a job that has ended, in place of an earlier one.

    Of a job that has not ended, was removed, or whose session was removed meanwhile, nothing is written.

    Raises
    ------
    redis.RedisError, OSError
        It could not be done; it may be tried again.
    """
    fields = cast("dict[str, str]", client.hgetall(record_key(record.id)))
    current = records.parse(record.id, fields)
    if current is None or not current.done:
        return
    archived = ArchivedJob(id=record.id, fields={**fields, "params": _without_secret(current.params)})
    try:
        _put(current, orjson.dumps(archived.model_dump(), option=orjson.OPT_INDENT_2))
    except NotFound:
        log.info("job not archived: its session is gone", extra={"job": record.id})
        return
    if not client.exists(record_key(record.id)):  # it was removed while its file was written
        remove(current)


def remove(job: Record | NewJob) -> None:
    """Remove a job's file, if it has one. Remove the record first: `write` looks for it last."""
    path = path_of(job)
    if not job.session:
        storage().drop(path)
        return
    with suppress(NotFound), storage().changing(path.parent) as change:
        change.drop(path.name)


def _put(job: Record, content: bytes) -> None:
    path = path_of(job)
    if job.session:
        with storage().changing(path.parent):
            write_bytes(path, content)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, content)
        storage().keep(path)


def restore(client: redis.Redis) -> int:
    """Make records of all files, once after Redis has lost its data; return how many jobs came back.

    A record that exists is never overwritten. A file that cannot be used is logged and left.

    Raises
    ------
    redis.RedisError
        Redis does not answer; a call a minute later begins again.
    """
    if client.exists(READ_KEY) or not client.set(LOCK_KEY, os.getpid(), nx=True, ex=LOCK_SECONDS):
        return 0
    restored = 0
    files = _files()
    while batch := list(islice(files, AT_ONCE)):
        restored += _restore(client, [job for path in batch if (job := _read(path)) is not None])
        client.expire(LOCK_KEY, LOCK_SECONDS)
    client.set(READ_KEY, time.time())
    client.delete(LOCK_KEY)
    if restored:
        log.warning("jobs restored from their files", extra={"jobs": restored})
    return restored


def _restore(client: redis.Redis, batch: list[tuple[ArchivedJob, Record]]) -> int:
    """Write the records of a batch and the lists that they stand in: one round trip."""
    write_record = client.register_script(RESTORE)
    with client.pipeline(transaction=False) as pipe:
        for archived, record in batch:
            fields = chain.from_iterable(archived.fields.items())
            write_record(keys=[record_key(record.id)], args=list(fields), client=pipe)
        written = pipe.execute()
        for _, record in batch:
            pipe.zadd(owner_key(record.owner), {record.id: record.created_at})
            if record.session:
                pipe.sadd(session_key(record.session), record.id)
        pipe.execute()
    return sum(written)


def _files() -> Iterator[Path]:
    for session in sessions.everybodys():
        yield from _of_folder(session.folder)
    storage().bring_all(_root())
    if _root().is_dir():
        with os.scandir(_root()) as owners:
            for owner in owners:
                if owner.is_dir(follow_symlinks=False):
                    yield from _of_folder(Path(owner.path))


def _of_folder(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if (
                    entry.name.startswith("job-")
                    and entry.name.endswith(".json")
                    and entry.is_file(follow_symlinks=False)
                ):
                    yield Path(entry.path)
    except FileNotFoundError:  # a session that was removed meanwhile
        return
    except OSError as error:
        log.warning("jobs not restored", extra={"folder": folder.name, "reason": repr(error)})


def _read(path: Path) -> tuple[ArchivedJob, Record] | None:
    """Return what a file holds, or None, with a line in the log, if it cannot be used."""
    try:
        if (size := path.stat().st_size) > MOST_BYTES:
            raise UnusableFile(f"{size} bytes are more than a record has")  # noqa: TRY301 - as all others
        archived = ArchivedJob.model_validate_json(path.read_bytes())
        record = archived.record()
        if path_of(record) != path:
            raise UnusableFile("it is the file of another job, owner or session")  # noqa: TRY301
    except FileNotFoundError:
        return None
    except (OSError, UnusableFile) as error:
        log.warning("job not restored", extra={"file": path.name, "reason": str(error)})
        return None
    except ValueError as error:  # its text repeats what is in the file, which is users' data
        log.warning("job not restored", extra={"file": path.name, "reason": type(error).__name__})
        return None
    return archived, record


def _without_secret(params: str) -> str:
    members = orjson.loads(params)
    if SECRET_PARAMETER not in members:
        return params
    return orjson.dumps({name: value for name, value in members.items() if name != SECRET_PARAMETER}).decode()


def _root() -> Path:
    return settings().data / "jobs"


def _name(job_id: str) -> str:
    return f"job-{job_id}.json"

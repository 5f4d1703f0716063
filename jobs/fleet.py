"""Which workers there are, as they say themselves: what makes "nobody serves this queue" a fact.

Each worker writes one field of one hash every few seconds, so that one command of a status read brings them
all. What a worker last said holds until it withdraws or has been silent for too long.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final, cast

import orjson
import redis

FLEET_KEY: Final = "fleet"


@dataclass(frozen=True)
class Worker:
    """One worker, as it announced itself.

    Parameters
    ----------
    hostname : str
        Celery's name of the worker ("indexing@node-7"), one at a time.
    queues : tuple of str
        The queues that it takes jobs from.
    slots : int
        How many jobs it can run at once.
    running : tuple of str
        Ids of what it runs now, batches and housekeeping too.
    at : float
        When it said so, in Unix seconds.
    """

    hostname: str
    queues: tuple[str, ...]
    slots: int
    running: tuple[str, ...]
    at: float

    @property
    def idle(self) -> int:
        """How many more jobs it could begin at once."""
        return max(0, self.slots - len(self.running))

    def silent(self, now: float, seconds: float) -> bool:
        """Return whether it was not heard of for so long; a word from as far ahead is no proof either."""
        return abs(now - self.at) > seconds


@dataclass(frozen=True)
class Fleet:
    """The workers that were heard of lately."""

    members: tuple[Worker, ...] = ()

    def workers(self, queue: str) -> int:
        """Return how many workers serve a queue."""
        return sum(1 for _ in self._serving(queue))

    def slots(self, queue: str) -> int:
        """Return how many jobs of a queue could run at once, if there were no others."""
        return sum(worker.slots for worker in self._serving(queue))

    def idle(self, queue: str) -> int:
        """Return how many jobs of a queue could begin at once."""
        return sum(worker.idle for worker in self._serving(queue))

    def _serving(self, queue: str) -> Iterator[Worker]:
        return (worker for worker in self.members if queue in worker.queues)


def announce(client: redis.Redis, worker: Worker) -> None:
    """Say that a worker is there, and what it does. `client` may be a pipeline."""
    said = asdict(worker)
    client.hset(FLEET_KEY, said.pop("hostname"), orjson.dumps(said))


def withdraw(client: redis.Redis, hostname: str) -> None:
    """Say that a worker is leaving. `client` may be a pipeline."""
    client.hdel(FLEET_KEY, hostname)


def read(client: redis.Redis, *, now: float, silent_seconds: float) -> Fleet:
    """Return the workers heard of within `silent_seconds` before `now` (Unix seconds)."""
    return parse(_fields(client), now, silent_seconds)


def parse(fields: Mapping[str, str], now: float, silent_seconds: float) -> Fleet:
    """Return the workers that the hash holds, less those that have been silent for longer."""
    known = (_worker(hostname, said) for hostname, said in fields.items())
    return Fleet(tuple(worker for worker in known if worker and not worker.silent(now, silent_seconds)))


def prune(client: redis.Redis, now: float, silent_seconds: float) -> int:
    """Forget workers that have been silent for longer, and return how many there were.

    A worker that speaks again in this very moment is back with its next word.
    """
    fields = _fields(client)
    heard = {worker.hostname for worker in parse(fields, now, silent_seconds).members}
    gone = fields.keys() - heard
    return client.hdel(FLEET_KEY, *gone) if gone else 0


def _fields(client: redis.Redis) -> dict[str, str]:
    return cast("dict[str, str]", client.hgetall(FLEET_KEY))


def _worker(hostname: str, said: str) -> Worker | None:
    """Return a worker, or None for what a version with another idea of a worker has written."""
    try:
        fields = orjson.loads(said)
        return Worker(
            hostname=hostname,
            queues=tuple(map(str, fields["queues"])),
            slots=int(fields["slots"]),
            running=tuple(map(str, fields["running"])),
            at=float(fields["at"]),
        )
    except (ValueError, TypeError, KeyError):
        return None

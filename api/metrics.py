"""/metrics: what all processes have counted, and how the queues stand, in Prometheus' format."""

import hmac
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final

import redis
from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from api import auth
from jobs import fleet, measures
from jobs.celery import app as celery
from jobs.connection import reaching_redis, records_client
from jobs.errors import InsufficientScope
from jobs.expiry import COUNTERS_KEY
from jobs.fleet import FLEET_KEY, Fleet
from jobs.keys import OPEN_KEY, waiting_key
from jobs.measures import JOB_SECONDS, REQUEST_SECONDS, SUM, Series
from jobs.settings import settings

log = logging.getLogger(__name__)

FLUSH_SECONDS: Final = 5.0
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# Measure: what it is, and its labels.
COUNTERS: Final = {
    "requests": ("Requests that were answered.", ("method", "route", "status")),
    "problems": ("Answers that were a problem, by its type: also what a limit refused.", ("type",)),
    "jobs_ended": ("Jobs that ended.", ("kind", "status", "reason")),
    "redis_failures": ("Round trips to Redis or the broker that failed.", ("reason",)),
}
HISTOGRAMS: Final = {
    "request_seconds": ("Seconds until an answer began.", ("method", "route"), REQUEST_SECONDS),
    "job_seconds": ("Seconds that jobs ran, by kind.", ("kind", "status"), JOB_SECONDS),
}
OPEN: Final = {"streams": "Streams of events that are open.", "waits": "Requests that wait for a change."}


def install(app: Flask) -> None:
    """Measure every request of `app`."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.begun_at = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule is not None else "none"
    method = request.method if request.method in METHODS else "other"
    took = time.perf_counter() - g.get("begun_at", time.perf_counter())
    counted = measures.measures
    counted.add("requests", method, route, str(response.status_code))
    counted.observe("request_seconds", method, route, seconds=took, bounds=REQUEST_SECONDS)
    _flusher()
    return response


@cache
def _flusher() -> threading.Thread:
    """Return the thread that adds what this process counts to Redis, begun with the first request."""
    thread = threading.Thread(target=_flush_for_ever, name="measures", daemon=True)
    thread.start()
    return thread


def _flush_for_ever() -> None:
    pause = threading.Event()
    while True:
        pause.wait(FLUSH_SECONDS)
        try:
            measures.measures.flush(records_client())
        except redis.RedisError:
            continue  # it is away, which is told elsewhere; what was counted waits
        except Exception:
            log.exception("what was counted is not added up")


def routes() -> Blueprint:
    """Return the blueprint; it takes the token of the settings, or an admin's."""
    blueprint = Blueprint("metrics", __name__)
    blueprint.before_request(_authorise)
    blueprint.add_url_rule("/metrics", view_func=metrics)
    return blueprint


def _authorise() -> None:
    """Let in who knows the scraper's token, or is an admin.

    Raises
    ------
    Unauthenticated
        There is no token, or it is not known.
    InsufficientScope
        It is the token of somebody who sees only what is theirs.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings().metrics_token
    if expected is not None and scheme.lower() == "bearer":
        known = expected.get_secret_value().encode()
        if hmac.compare_digest(token.strip().encode("utf-8", "surrogateescape"), known):
            return
    auth.authorise()
    if not auth.user().sees_everything:
        raise InsufficientScope("What is measured is shown to admins, and to LONGHAUL_METRICS_TOKEN.", None)


def metrics() -> Response:
    """Show what is measured."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    registry = CollectorRegistry(auto_describe=False)
    with reaching_redis():
        registry.register(_Found(_look(records_client())))
    return Response(encode(registry), content_type=content_type)


@dataclass(frozen=True)
class Look:
    """What Redis tells at one moment. `waiting` has of each queue how many wait, and since when the first."""

    now: float
    sums: Mapping[Series, float]
    open: Mapping[str, int]
    fleet: Fleet
    waiting: Mapping[str, tuple[int, float | None]]
    open_jobs: int
    cleaned: Mapping[str, int]


def _look(client: redis.Redis) -> Look:
    """Return what is measured: one round trip, and one for what this process has counted."""
    measures.measures.flush(client)
    queues = sorted(celery.amqp.queues)
    with client.pipeline(transaction=False) as pipe:
        measures.read(pipe)
        pipe.hgetall(FLEET_KEY)
        pipe.zcard(OPEN_KEY)
        pipe.hgetall(COUNTERS_KEY)
        for queue in queues:
            pipe.zcard(waiting_key(queue))
            pipe.zrange(waiting_key(queue), 0, 0, withscores=True)
        sums, now_open, workers, open_jobs, cleaned, *waiting = pipe.execute()
    now = time.time()
    opened, gone = measures.open_of(now_open, now)
    measures.forget(client, gone)
    return Look(
        now=now,
        sums=measures.sums_of(sums),
        open=opened,
        fleet=fleet.parse(workers, now, settings().visibility_timeout_seconds),
        waiting={
            queue: (count, first[0][1] if first else None)
            for queue, count, first in zip(queues, waiting[::2], waiting[1::2], strict=True)
        },
        open_jobs=open_jobs,
        cleaned={
            name.removeprefix("cleanup:"): int(amount)
            for name, amount in cleaned.items()
            if name.startswith("cleanup:")
        },
    )


class _Found(Collector):
    """A look, as Prometheus' families of metrics."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        """Yield the families."""
        yield from _queues(self._look)
        for name, (text, labels) in COUNTERS.items():
            family = CounterMetricFamily(f"longhaul_{name}", text, labels=labels)
            for series, amount in self._of(name, len(labels)):
                family.add_metric(series.labels, amount)
            yield family
        for name, (text, labels, bounds) in HISTOGRAMS.items():
            histogram = HistogramMetricFamily(f"longhaul_{name}", text, labels=labels)
            for values, counted in _parts(self._of(name, len(labels) + 1)).items():
                histogram.add_metric(values, _cumulated(counted, bounds), counted.get(SUM, 0.0))
            yield histogram
        for name, text in OPEN.items():
            yield GaugeMetricFamily(f"longhaul_open_{name}", text, value=self._look.open.get(name, 0))
        cleaned = CounterMetricFamily("longhaul_cleaned", "What was removed in time.", labels=("what",))
        for name, amount in self._look.cleaned.items():
            cleaned.add_metric((name,), amount)
        yield cleaned

    def _of(self, measure: str, labels: int) -> Iterable[tuple[Series, float]]:
        """Return the sums of a measure; another version may have counted with other labels."""
        return (
            (series, amount)
            for series, amount in self._look.sums.items()
            if series.measure == measure and len(series.labels) == labels
        )


def _queues(look: Look) -> Iterator[Metric]:
    told: Mapping[str, tuple[str, Callable[[str], float]]] = {
        "waiting": ("Jobs and batches that wait in a queue.", lambda queue: look.waiting[queue][0]),
        "oldest_waiting_seconds": (
            "How long the first of them has waited.",
            lambda queue: max(0.0, look.now - (look.waiting[queue][1] or look.now)),
        ),
        "workers": ("Workers that serve a queue.", look.fleet.workers),
        "slots": ("Jobs that they can run at once.", look.fleet.slots),
        "idle_slots": ("Jobs that they could begin now.", look.fleet.idle),
    }
    for name, (text, value) in told.items():
        family = GaugeMetricFamily(f"longhaul_queue_{name}", text, labels=("queue",))
        for queue in look.waiting:
            family.add_metric((queue,), value(queue))
        yield family
    running = sum(len(worker.running) for worker in look.fleet.members)
    yield GaugeMetricFamily("longhaul_running", "Jobs and batches that run now.", value=running)
    yield GaugeMetricFamily("longhaul_open_jobs", "Jobs that have not ended.", value=look.open_jobs)


def _parts(found: Iterable[tuple[Series, float]]) -> Mapping[tuple[str, ...], Mapping[str, float]]:
    """Return the parts of a histogram by its labels."""
    parts: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for series, amount in found:
        parts[series.labels[:-1]][series.labels[-1]] = amount
    return parts


def _cumulated(counted: Mapping[str, float], bounds: Sequence[float]) -> list[tuple[str, float]]:
    """Return of each bound how many lie below it."""
    names = [*map(repr, bounds), "+Inf"]
    return list(zip(names, accumulate(counted.get(name, 0.0) for name in names), strict=True))

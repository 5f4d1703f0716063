"""The Celery application: `celery -A jobs ...` finds it here."""

import logging
import os
from collections.abc import Mapping
from typing import Any

from celery import Celery, states
from celery.signals import beat_init, celeryd_after_setup, celeryd_init, heartbeat_sent, setup_logging
from kombu.utils.imports import symbol_by_name

from jobs import acknowledging, confirming, ending, logs, removal
from jobs.backend import job_ended
from jobs.errors import Unavailable
from jobs.job import Job
from jobs.lease import Lease
from jobs.settings import settings

log = logging.getLogger(__name__)

WORKER_SOCKET_TIMEOUT_SECONDS = 5.0

# To Celery a state that it does not know outranks REVOKED: Flower would show a cancelled job as running.
states.PRECEDENCE_LOOKUP["PROGRESS"] = states.PRECEDENCE_LOOKUP[states.STARTED]

confirming.install()
app = Celery("jobs")
app.config_from_object("celeryconfig")
app.steps["consumer"].add(Lease)


def kinds() -> Mapping[str, Job]:
    """Return every kind of job by name: the task modules that `celeryconfig.imports` lists."""
    app.loader.import_default_modules()
    return {task.kind: task for task in app.tasks.values() if isinstance(task, Job)}


@job_ended.connect
def _conclude(job_id: str, **_: Any) -> None:
    """Do what follows the end of a job; if Redis is away, the reconciliation does it later."""
    ending.conclude(kinds(), job_id)


@setup_logging.connect
def _configure_logs(**_: Any) -> None:
    """Write log lines as the rest of Longhaul does; Celery leaves them alone once this is connected."""
    logs.configure(settings())


@celeryd_init.connect
def _outlast_redis(conf: Any, **_: Any) -> None:
    """Let a worker wait for Redis as long as it takes; everybody else fails at once and says so."""
    conf.result_backend_always_retry = True
    # What a run publishes, its batches and what comes after them, waits for the broker too.
    conf.task_publish_retry_policy = {
        **conf.task_publish_retry_policy,
        "max_retries": None,
        "interval_max": 2,
    }
    acknowledging.install()
    confirming.wait_for_room()
    conf.redis_socket_timeout = WORKER_SOCKET_TIMEOUT_SECONDS
    conf.broker_transport_options.pop("socket_timeout", None)


@heartbeat_sent.connect
def _touch_heartbeat(**_: Any) -> None:
    """Leave a mark for health checks: sent while the worker's loop runs and its broker answers."""
    if (path := settings().heartbeat_file) is not None:
        path.touch()


@beat_init.connect
def _make_data_folder(**_: Any) -> None:
    settings().data.mkdir(parents=True, exist_ok=True)


@celeryd_after_setup.connect
def _clear_copies(**_: Any) -> None:
    """Remove what other machines have removed while this one was away; housekeeping runs on one of them."""
    try:
        removal.clear_copies()
    except Unavailable as error:
        log.warning("copies of what was removed are kept", extra={"reason": str(error)})


@celeryd_after_setup.connect
def _preload(instance: Any, **_: Any) -> None:
    """Load the domain of the kinds that this worker serves before it forks, so that its processes share it.

    Each process computes with its share of the cores: the libraries read how many before they are loaded.
    """
    threads = str(max(1, (os.cpu_count() or 1) // max(1, instance.concurrency or 1)))
    for variable in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, threads)
    served = set(instance.app.amqp.queues.consume_from)
    for kind in kinds().values():
        if kind.preload and kind.queue_name in served:
            try:
                symbol_by_name(kind.preload)()
            except Exception:
                log.exception("this worker cannot load what its jobs need", extra={"kind": kind.kind})
                raise SystemExit(1) from None  # Celery would log it and go on to fail every job

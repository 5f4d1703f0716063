"""What an API process does with jobs, done in a process of its own.

Settings are read once a process and each test has its own Redis. So the API's side is a child process that
starts with the environment of its test, as a real one does, and leaves this process's settings alone.
"""

import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

OWNER = "tester"
CALL_SECONDS = 30


class ServiceProcess:
    """A child process with settings of its own; use as a context manager."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=_configure, initargs=(dict(environment),)
        )

    def __enter__(self) -> "ServiceProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _call(self, function: Callable[..., Any], *arguments: object) -> Any:
        return self._pool.submit(function, *arguments).result(CALL_SECONDS)

    def upload(self, path: Path) -> str:
        """Make a session that holds a copy of a file; return its id."""
        return str(self._call(_upload, str(path)))

    def submit(self, kind: str, **params: object) -> str:
        """Start a job; return its id."""
        return str(self._call(_submit, kind, params))

    def submit_without_message(self, kind: str, **params: object) -> str:
        """Start a job whose message is lost on its way to the broker; return its id."""
        return str(self._call(_submit_without_message, kind, params))

    def listed(self) -> list[str]:
        """Return the ids of all jobs of the user."""
        return list(self._call(_listed))

    def reconcile(self, later_seconds: float) -> int:
        """Mend jobs as beat has it done each minute; return how many messages were sent again."""
        return int(self._call(_reconcile, later_seconds))

    def status(self, job_id: str) -> dict[str, Any]:
        """Return the job as every reader sees it."""
        return dict(self._call(_status, job_id))


def _configure(environment: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("LONGHAUL_")]:
        del os.environ[name]
    os.environ.update(environment)


def _upload(path: str) -> str:
    from jobs import sessions

    session = sessions.create(OWNER, "Uploaded by a test")
    with sessions.receive() as upload:
        upload.write(Path(path).read_bytes())
        session.add_file(Path(path).name, upload)
    return session.id


def _submit(kind: str, params: Mapping[str, object]) -> str:
    from jobs.celery import kinds

    job = kinds()[kind]
    return job.submit(OWNER, job.params.model_validate(params))


def _submit_without_message(kind: str, params: Mapping[str, object]) -> str:
    from jobs.job import Job

    apply_async, Job.apply_async = Job.apply_async, lambda *_args, **_more: None
    try:
        return _submit(kind, params)
    finally:
        Job.apply_async = apply_async


def _reconcile(later_seconds: float) -> int:
    from jobs.celery import app, kinds
    from jobs.reconcile import reconcile

    return reconcile(app, kinds(), now=time.time() + later_seconds).published_again


def _listed() -> list[str]:
    from jobs import listing
    from jobs.connection import records_client

    return [place.job_id for place in listing.newest(records_client(), OWNER, after=None, limit=1_000)]


def _status(job_id: str) -> dict[str, Any]:
    from jobs import status

    job = status.read(job_id)
    assert job is not None, f"no record of {job_id}"
    return job.model_dump(mode="json")

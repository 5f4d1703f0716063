"""From an exception, as Celery stores it, to the problem that a user reads."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from jobs import errors
from jobs.errors import InternalError, LonghaulError, OutOfMemory, TookTooLong, WorkerLost

CANCELLED_BY_USER = "cancelled_by_user"
REVOCATIONS = frozenset({CANCELLED_BY_USER})


class Problem(BaseModel):
    """An RFC 9457 problem. `type` is the address of a page that explains it."""

    type: str
    title: str
    status: int
    detail: str


# What Celery and Python raise, by class name, and what it means to the user.
FOREIGN: Mapping[str, tuple[type[LonghaulError], str]] = {
    "SoftTimeLimitExceeded": (TookTooLong, "The job ran into its time limit; try it with less data."),
    "TimeLimitExceeded": (TookTooLong, "The job ran into its time limit; try it with less data."),
    "WorkerLostError": (
        WorkerLost,
        "The process that ran the job died each time it was tried, most likely because it needed more memory "
        "than there is; try it with less data.",
    ),
    "MemoryError": (OutOfMemory, "The job needed more memory than its worker has; try it with less data."),
}


def as_problem(kind: type[LonghaulError], detail: str) -> Problem:
    """Return a problem of a kind with its text."""
    return Problem(type=f"/problems/{kind.slug}", title=kind.title, status=kind.status, detail=detail)


def problem(stored: Mapping[str, Any] | BaseException) -> Problem:
    """Return the problem of a failure.

    Parameters
    ----------
    stored : exception, or mapping with "exc_type" and "exc_message"
        As Celery's backend gives it.

    Returns
    -------
    Problem
        With the error's own text if it is ours; anything else is a defect, whose text might hold data and
        stays in the log.
    """
    if isinstance(stored, BaseException):
        name, message = type(stored).__name__, str(stored)
    else:
        name, message = str(stored.get("exc_type")), _text(stored.get("exc_message"))
    if kind := _ours(name):
        return as_problem(kind, message)
    if name in FOREIGN:
        return as_problem(*FOREIGN[name])
    return as_problem(
        InternalError,
        "Longhaul failed in a way that it did not foresee. The operator finds the reason in the worker's log "
        "under this job's id.",
    )


def as_error(problem: Problem) -> LonghaulError:
    """Return the error that a problem was made of."""
    slug = problem.type.rpartition("/")[2]
    kind = next((one for one in _all_kinds(LonghaulError) if one.slug == slug), InternalError)
    return kind(problem.detail)


def _all_kinds(root: type[LonghaulError]) -> Iterator[type[LonghaulError]]:
    yield root
    for kind in root.__subclasses__():
        yield from _all_kinds(kind)


def reason_of_revocation(stored: object) -> str:
    """Return in one word why a job was revoked: what `cancel` said, or that the `celery` command did it."""
    said = _text(stored.get("exc_message")) if isinstance(stored, Mapping) else str(stored)
    return said if said in REVOCATIONS else "revoked_by_operator"


def _ours(name: str) -> type[LonghaulError] | None:
    found = getattr(errors, name, None)
    return found if isinstance(found, type) and issubclass(found, LonghaulError) else None


def _text(message: Any) -> str:
    """Return the first argument of the exception, which Celery keeps as a list."""
    if isinstance(message, list | tuple):
        return str(message[0]) if message else ""
    return str(message or "")

"""Every error that the client raises on purpose: one tree, drawn by its indentation.

LonghaulError
  UnusableData          what was given cannot be sent
  Unreachable           nobody answers at the address, or no Longhaul
  JobFailed             the job ended without results
  WaitTimeout           the job goes on, the waiting does not
  Refused               the service answered no, with a reason
    NotSignedIn  Forbidden  NotFound  TooLarge  Invalid  TooManyRequests
    Conflict
      NotReady
    ServerFault
      Unavailable       (also Unreachable)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longhaul.models import JobState


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a request: where, and what.

    `pointer` is a JSON pointer into the body, `parameter` a query parameter, `position` a character of it.
    """

    detail: str
    pointer: str | None = None
    parameter: str | None = None
    position: int | None = None

    @property
    def where(self) -> str:
        """What the fault is about."""
        return self.parameter or self.pointer or "/"


@dataclass(frozen=True)
class Problem:
    """What the service said (RFC 9457). An operator finds `request_id` in the log."""

    title: str
    status: int
    detail: str
    slug: str = "about:blank"
    request_id: str | None = None
    faults: tuple[Fault, ...] = ()
    retry_after: float | None = None


class LonghaulError(Exception):
    """Something that the client or the service can explain."""


class UnusableData(LonghaulError, ValueError):
    """What was given cannot be sent as it is."""


class Unreachable(LonghaulError):
    """Nobody answers at the service's address."""


class JobFailed(LonghaulError):
    """A job ended without results: it failed, or was cancelled. `job` is how it looked."""

    def __init__(self, job: "JobState") -> None:
        super().__init__(job.why or f"The job was {job.status}.")
        self.job = job


class WaitTimeout(LonghaulError, TimeoutError):
    """The time for waiting is over. The job goes on: wait again whenever you like."""

    def __init__(self, job_id: str, seconds: float) -> None:
        super().__init__(f"The job {job_id} has not ended within {seconds:g} s; it goes on.")
        self.job_id = job_id
        self.seconds = seconds


class Refused(LonghaulError):
    """The service answered no. `problem` holds all that it said."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with what, one by one."""
        return self.problem.faults

    @property
    def retry_after(self) -> float | None:
        """Seconds after which asking again makes sense, where the service said so."""
        return self.problem.retry_after


class NotSignedIn(Refused):
    """There is no token, or it is not known."""


class Forbidden(Refused):
    """The token does not allow this."""


class NotFound(Refused):
    """There is no such thing, or it is somebody else's."""


class Conflict(Refused):
    """It cannot be done in the state that things are in."""


class NotReady(Conflict):
    """The job has not ended, so that it has no results yet."""


class TooLarge(Refused):
    """More bytes than the service accepts."""


class Invalid(Refused):
    """The request is not valid; `faults` tells what of it."""


class TooManyRequests(Refused):
    """More requests than the service takes from one user; see `retry_after`."""


class ServerFault(Refused):
    """The service failed."""


class Unavailable(ServerFault, Unreachable):
    """The service, or something that it needs, is away."""


_BY_STATUS: Mapping[int, type[Refused]] = {
    400: Invalid,
    401: NotSignedIn,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    415: Invalid,
    422: Invalid,
    429: TooManyRequests,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
_LEAST_FAULT_STATUS = 500


def refused(problem: Problem) -> Refused:
    """Return the error that a problem stands for."""
    if problem.slug == "results-not-ready":
        return NotReady(problem)
    default = ServerFault if problem.status >= _LEAST_FAULT_STATUS else Refused
    return _BY_STATUS.get(problem.status, default)(problem)


def no_token(url: str) -> NotSignedIn:
    """Return the error for a service that no token is known for."""
    detail = f"No token is known for {url}: set LONGHAUL_TOKEN, or run `longhaul login --url {url}`."
    return NotSignedIn(Problem("A token is needed", 401, detail, "unauthenticated"))


def faults_of(document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return the faults that a problem document lists; what is none is left out."""
    listed = document.get("errors")
    if not isinstance(listed, list):
        return ()
    return tuple(
        Fault(str(item.get("detail", "")), item.get("pointer"), item.get("parameter"), item.get("position"))
        for item in listed
        if isinstance(item, dict)
    )

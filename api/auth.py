"""Who asks, and whether the job in the address is theirs: one round trip to Redis for both."""

from typing import cast

from flask import Blueprint, g, request

from jobs import status, users
from jobs.errors import NotFound, Unauthenticated
from jobs.status import JobStatus
from jobs.users import User

# Names that routes give to the id of a job in their address.
JOB_ARGUMENTS = ("job_id", "analysis_id", "task_id")
NO_SUCH_JOB = "There is no such job."


def protect(blueprint: Blueprint) -> None:
    """Let nobody without a token into `blueprint`, and nobody to a job that is not theirs."""
    blueprint.before_request(_authorise)


def _authorise() -> None:
    """Find the user and the job of this request.

    Raises
    ------
    Unauthenticated
        There is no token, or it is not known.
    NotFound
        The job is unknown or somebody else's: the two are never told apart.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send your token in the header `Authorization: Bearer lh_...`.")
    arguments = request.view_args or {}
    job_id = next((str(arguments[name]) for name in JOB_ARGUMENTS if name in arguments), None)
    found = status.lookup(users.digest(token.strip()), job_id)
    if found.user is None:
        raise Unauthenticated("This token is not known; it may have been revoked.")
    if job_id is not None and found.job is None:
        raise NotFound(NO_SUCH_JOB)
    g.user, g.job = found.user, found.job


def user() -> User:
    """Return who asks."""
    return cast(User, g.user)


def job() -> JobStatus:
    """Return the job in the request's address, which the user may see."""
    return cast(JobStatus, g.job)

"""Who asks, what their token is good for, and whether the job in the address is theirs.

One round trip to Redis tells all of it: the token as it is now, so that revoking it takes effect at once, and
the job.
"""

import time
from datetime import UTC, datetime
from typing import Final, cast

from flask import Blueprint, g, request

from api import limits, oidc, scopes, signed
from api.addresses import client_address
from api.last_used import last_used
from api.refusing import refusals
from api.signed import Holder
from jobs import status, users
from jobs.errors import ExpiredToken, InsufficientScope, NotFound, RateLimited, Unauthenticated, UnusableLink
from jobs.limits import whole_seconds
from jobs.settings import settings
from jobs.status import JobStatus, Lookup
from jobs.users import User

# Names that routes give to the id of a job in their address.
JOB_ARGUMENTS = ("job_id", "analysis_id", "task_id")
NO_SUCH_JOB = "There is no such job."
INVALID: Final = "invalid_token"  # RFC 6750's word for one that is wrong, revoked or too old


def protect(blueprint: Blueprint) -> None:
    """Let nobody into `blueprint` without a token that is good for the route, nor to a job of others."""
    blueprint.before_request(authorise)
    blueprint.after_request(limits.end)


def authorise() -> None:
    """Find the user and the job of this request, and charge the user with it.

    Raises
    ------
    Unauthenticated
        There is no token, or it is not known, or its time is over.
    UnusableLink
        The request is a signed link that is good no more.
    InsufficientScope
        The token was made for other uses.
    RateLimited
        The user, or whoever tries wrong tokens, asks too much.
    NotFound
        The job is unknown or somebody else's: the two are never told apart.
    """
    arguments = request.view_args or {}
    job_id = next((str(arguments[name]) for name in JOB_ARGUMENTS if name in arguments), None)
    link = signed.presented()
    found = _looked_up(_sent(), job_id) if link is None else _by_link(link, job_id)
    g.by_link = link is not None
    g.user = cast("User", found.user)
    limits.begin(g.user)
    _check_scope(g.user)
    if job_id is not None and found.job is None:
        raise NotFound(NO_SUCH_JOB)
    g.job = found.job


def _sent() -> str:
    """Return the token that was sent."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    token = sent.strip()
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send your token in the header `Authorization: Bearer lh_...`.")
    return token


def _looked_up(token: str, job_id: str | None) -> Lookup:
    """Return what a token and an id stand for; the token is good."""
    try:
        holder = oidc.user_of(token) if _is_of_others(token) else users.digest(token)
        return _known(holder, job_id)
    except Unauthenticated as error:
        _count_refusal(error)
        raise


def _by_link(link: Holder, job_id: str | None) -> Lookup:
    """Return what a signed link and an id stand for; the token that the link was asked for with is good."""
    try:
        return _known(link, job_id)
    except Unauthenticated as error:
        raise UnusableLink("The token that this link was asked for with is good no more.") from error


def _known(holder: Holder, job_id: str | None) -> Lookup:
    """Return whom the digest of a token, or a user that others vouch for, and an id stand for."""
    found = status.lookup(holder, job_id)
    if found.user is None:
        raise Unauthenticated("This token is not known; it may have been revoked.", INVALID)
    if found.user.has_expired(time.time()):
        ended = datetime.fromtimestamp(found.user.expires_at or 0, UTC)
        raise ExpiredToken(f"This token was good until {ended:%Y-%m-%d %H:%M} UTC; ask for a new one.")
    if isinstance(holder, str):
        last_used().note(holder)
    g.holder = holder
    return found


def _is_of_others(token: str) -> bool:
    """Tell whether a token is one that another service has given out."""
    return oidc.is_configured() and oidc.looks_like_one(token)


def _count_refusal(error: Unauthenticated) -> None:
    """Count a token that is not good, by where it came from.

    One that is good is never refused for what others behind the same address do: a token has 256 random bits,
    and nobody guesses one however often he may try. What is spared is the work, the log and the network.
    """
    seconds = refusals(_address())
    if seconds:
        wait = whole_seconds(seconds)
        raise RateLimited(f"Too many wrong tokens came from your address; wait {wait} s.", wait) from error


def _address() -> str:
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For"))
    return client_address(request.remote_addr, forwarded, settings().trusted_proxies)


def _check_scope(asking: User) -> None:
    """Refuse a token that was not made for this route."""
    if asking.scopes is None:
        return
    rule = request.url_rule
    needed = None if rule is None else scopes.needed(rule.rule, request.method)
    if needed == scopes.ANY:
        return
    if needed is None or not asking.may(needed):
        held = ", ".join(sorted(asking.scopes)) or "nothing"
        wanted = "one without scopes" if needed is None else f"the scope {needed}"
        raise InsufficientScope(f"This takes {wanted}; your token has {held}.", needed)


def user() -> User:
    """Return who asks."""
    return cast(User, g.user)


def job() -> JobStatus:
    """Return the job in the request's address, which the user may see."""
    return cast(JobStatus, g.job)


def by_link() -> bool:
    """Tell whether this request is a signed link, and came without a token."""
    return bool(g.get("by_link"))


def holder() -> Holder:
    """Return by what this request's user is known: the digest of a token, or the user where there is none."""
    return cast(Holder, g.holder)

"""What every answer carries, and what browsers of other origins are told: ids, security headers, CORS."""

import re
import uuid
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed

from api.conditions import forget_impossible_dates
from jobs.logs import request_id
from jobs.settings import settings

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PLACE: Final = re.compile("<[^>]*>")

# Answers are data: a browser that opens one may load and run nothing. What may more says so itself.
DATA_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'"
METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
REQUEST_HEADERS: Final = (
    "Authorization, Content-Type, Content-Digest, Prefer, If-None-Match, If-Match, If-Modified-Since, "
    "If-Unmodified-Since, If-Range, Range, Idempotency-Key, "
    "Last-Event-ID, X-Request-ID"
)
EXPOSED_HEADERS: Final = (
    "ETag, Location, Retry-After, Link, Preference-Applied, Idempotency-Replayed, RateLimit, "
    "RateLimit-Policy, Repr-Digest, Content-Disposition, Accept-Ranges, Content-Range, Content-Length, "
    "WWW-Authenticate, X-Request-ID"
)
PREFLIGHT_SECONDS: Final = "7200"  # the longest that browsers keep it


def install(app: Flask) -> None:
    """Name each request, answer OPTIONS, and put on each answer what it is to carry."""
    app.before_request(_name_the_request)
    app.before_request(forget_impossible_dates)
    app.before_request(_exact_address)
    app.before_request(_options)
    app.after_request(_add_headers)


def _name_the_request() -> None:
    """Give the request an id, the caller's if it sent a decent one; log lines and errors carry it."""
    given = request.headers.get("X-Request-ID", "")
    request_id.set(given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex)


def _exact_address() -> None:
    """Refuse a method that an address does not have itself, though one with a placeholder there would.

    Raises
    ------
    MethodNotAllowed
        Such as GET of /jobs/analysis, which is where analyses are posted and no job.
    """
    rule = request.url_rule
    if rule is None or "<" not in rule.rule or (methods := _exact_addresses().get(request.path)) is None:
        return
    raise MethodNotAllowed(sorted(methods))


@cache
def _exact_addresses() -> Mapping[str, set[str]]:
    """Return the methods of each address without placeholders."""
    found: dict[str, set[str]] = defaultdict(set)
    for rule in current_app.url_map.iter_rules():
        if not rule.arguments:
            found[rule.rule] |= rule.methods or set()
    return found


def _options() -> Response | None:
    """Tell the methods of an address: to anybody, for a browser asks for leave without a token."""
    if request.method != "OPTIONS" or request.routing_exception is not None:
        return None
    answer = Response(status=204, headers={"Allow": ", ".join(sorted(_methods()))})
    if "Access-Control-Request-Method" in request.headers and _allowed_origin() is not None:
        answer.headers["Access-Control-Allow-Methods"] = METHODS
        answer.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
        answer.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    return answer


def _methods() -> set[str]:
    """Return the methods of the address asked for.

    Werkzeug tells those of every rule that fits: of /jobs/analysis also those of /jobs/<job_id>.
    """
    shape = _PLACE.sub("<>", str(request.url_rule))
    rules = current_app.url_map.iter_rules()
    return {
        method
        for rule in rules
        if _PLACE.sub("<>", rule.rule) == shape and not rule.endpoint.endswith(".unknown_kind")
        for method in rule.methods or ()
    }


def _allowed_origin() -> str | None:
    origin = request.headers.get("Origin", "")
    return origin if origin.lower() in settings().allowed_origins else None


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-ID"] = request_id.get() or ""
    headers.setdefault("Cache-Control", "private, no-store")
    for name, value in _security_headers():
        headers.setdefault(name, value)
    policy = headers.get("Content-Security-Policy", DATA_POLICY)
    if "frame-ancestors" not in policy:
        headers["Content-Security-Policy"] = f"{policy}; frame-ancestors {_ancestors()}"
    if settings().allowed_origins:
        headers.add("Vary", "Origin")
        if (origin := _allowed_origin()) is not None:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    return response


@cache
def _security_headers() -> tuple[tuple[str, str], ...]:
    # A page of another origin shows a figure with <img>, which is no CORS request.
    shared = "cross-origin" if settings().allowed_origins else "same-origin"
    return (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", shared),
    )


@cache
def _ancestors() -> str:
    """Return who may show an answer in a frame."""
    return " ".join(("'self'", *settings().allowed_origins))

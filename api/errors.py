"""Every error as RFC 9457 `application/problem+json`, or in its old shape on the previous app's routes."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import orjson
from flask import Flask, Response, request
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException, RequestTimeout

from api import challenges
from jobs import errors as job_errors
from jobs import logs
from jobs.errors import InternalError, LonghaulError, Unavailable, UnusableQuery
from jobs.measures import measures

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 2
# The previous application's routes, and how it said that there is no such thing. Everything below these
# paths, known to the router or not, answers in its shape.
COMPATIBLE_PATHS = {
    "/analysis_progress/": "Analysis not found",
    "/api/index-progress/": "Task not found",
    "/api/smartstat/plots/": "Plot not found",
}


class ErrorItem(BaseModel):
    """One fault: where it is (a JSON pointer into the body, or a query parameter) and what is wrong."""

    pointer: str | None = None
    parameter: str | None = None
    position: int | None = None
    detail: str


class ProblemDocument(BaseModel):
    """An RFC 9457 problem."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: list[ErrorItem] | None = None


class Invalid(LonghaulError):
    """A body or query parameters that do not fit their model."""

    slug = "invalid-request"
    title = "The request is not valid"
    status = 422

    def __init__(self, where: str, items: list[ErrorItem]) -> None:
        named = "; ".join(f"{item.pointer or item.parameter or '/'}: {item.detail}" for item in items)
        super().__init__(f"The {where} is not valid: {named}")
        self.items = items


def install(app: Flask) -> None:
    """Answer every error of `app` in the shape that its route's users know."""
    app.register_error_handler(LonghaulError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _ours(error: LonghaulError) -> Response:
    headers = challenges.headers_of(error)
    if isinstance(error, Unavailable | job_errors.NotReady | job_errors.KeyInUse):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    items = error.items if isinstance(error, Invalid) else None
    if isinstance(error, UnusableQuery):
        items = [ErrorItem(parameter="q", position=error.position, detail=str(error))]
    return _response(
        type(error).slug, type(error).title, error.status, str(error), headers=headers, items=items
    )


def _http(error: HTTPException) -> Response:
    if error.response is not None:  # a redirection, or an answer made elsewhere
        return error.response  # type: ignore[return-value]  # Flask's own responses are what it holds here
    skipped = ("content-type", "content-length")
    headers = {name: value for name, value in error.get_headers() if name.lower() not in skipped}
    if isinstance(error, RequestTimeout):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return _response(
        slug_of(error), error.name, error.code or 500, error.description or error.name, headers=headers
    )


def slug_of(error: type[LonghaulError] | type[HTTPException] | HTTPException) -> str:
    """Return what a type of problem is called: one of HTTP's own by the name of its status."""
    if isinstance(error, type) and issubclass(error, LonghaulError):
        return error.slug
    if error.code == job_errors.TooLarge.status:
        return job_errors.TooLarge.slug
    return HTTPStatus(error.code or 500).phrase.lower().replace(" ", "-")


def _unforeseen(error: Exception) -> Response:
    log.error(
        "unforeseen error", exc_info=error, extra={"method": request.method, "endpoint": request.endpoint}
    )
    kind = InternalError
    return _response(
        kind.slug, kind.title, 500, "Longhaul failed; the operator finds the reason under this request's id."
    )


def _response(
    slug: str,
    title: str,
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    items: Sequence[ErrorItem] | None = None,
) -> Response:
    measures.add("problems", slug)
    compatible = next(
        (text for path, text in COMPATIBLE_PATHS.items() if request.path.startswith(path)), None
    )
    if compatible is not None:
        text = compatible if status == HTTPStatus.NOT_FOUND else detail
        body, media_type = orjson.dumps({"error": text}), "application/json"
    else:
        document = ProblemDocument(
            type=f"/problems/{slug}",
            title=title,
            status=status,
            detail=detail,
            request_id=logs.request_id.get(),
            errors=None if items is None else list(items),
        )
        body = document.model_dump_json(exclude_none=True).encode()
        media_type = "application/problem+json"
    return Response(body, status, headers=headers, content_type=media_type)


def title_of(kind: type[LonghaulError] | type[HTTPException]) -> str:
    """Return what went wrong, in a few words."""
    if issubclass(kind, LonghaulError):
        return kind.title
    return HTTPStatus(kind.code or 500).phrase

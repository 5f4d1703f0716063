"""What HTTP carries around the operations: tags, headers, errors, media types, links.

A route's declaration tells what its view takes and gives; the rest of what a client has to know stands here,
by the operation's name. What follows from the declaration alone (a body can be too large, an id unknown) is
added by api/description.py.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestedRangeNotSatisfiable,
    RequestTimeout,
    UnsupportedMediaType,
)

from api.errors import Invalid
from api.headers import EXAMPLE_ID
from api.openapi import Route
from api.strict import MalformedJson
from jobs import errors
from jobs.errors import LonghaulError, NotAsExpected, TooManyDownloads, UnusableLink

ErrorType = type[LonghaulError] | type[HTTPException]

TAGS: Final = {
    "Sessions": "Uploaded files. Whatever is analysed or indexed lies in a session, or in a folder on the "
    "server.",
    "Jobs": "Submit a job, then look at it until `done`: by polling, waiting, or as a stream of events.",
    "Results": "What a job that has ended left behind: results, report, figures, script, and a row per file.",
    "Kinds": "Which kinds of job there are, and all that a form for their parameters needs.",
    "Indexes": "What was indexed: state, sources, documents.",
    "Search": "Find documents in one index or in several.",
    "Access": "Who you are to the service, what you may do and how much.",
    "Previous application": "Same paths and same shapes as before, for front ends that poll them already. "
    'Every error is `{"error": "<text>"}`.',
    "Service": "Health, metrics and these documents.",
}
_RESULTS: Final = ("/results", "/report", "/plots", "/script", "/files")


@dataclass(frozen=True)
class Facts:
    """What is to be known of an operation beyond its declaration.

    Parameters
    ----------
    errors : tuple of error classes
        That its view may answer with, besides those that follow from its declaration.
    reads : tuple of str
        Request headers, of `REQUEST_HEADERS`.
    tells : mapping of status to tuple of str
        Answer headers, of `ANSWER_HEADERS`.
    media : mapping of status to tuple of str
        Media types of answers that are no JSON of a model.
    body : mapping, optional
        An example of the request's body.
    """

    errors: tuple[ErrorType, ...] = ()
    reads: tuple[str, ...] = ()
    tells: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    media: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


_KEYS: Final = (errors.KeyReused, errors.KeyInUse, errors.KeyOfDeletedJob)
_STARTED: Final = (
    errors.IndexBusy,
    errors.TooManyIndexes,
    errors.IndexSpaceUsed,
    errors.TooManyJobs,
    *_KEYS,
)
_NOT_DONE: Final = (errors.NotReady, errors.JobFailed)
_SUBMITTED: Final = {202: ("Location", "Retry-After")}
_ONCE: Final = {202: ("Location", "Retry-After", "Idempotency-Replayed")}
_CONDITIONAL: Final = Facts(reads=("If-None-Match",), tells={200: ("ETag",), 304: ("ETag",)})


def _file(*media: str, errors: tuple[ErrorType, ...] = _NOT_DONE) -> Facts:
    """Return the facts of a file that can be asked for in parts."""
    told = ("ETag", "Last-Modified", "Repr-Digest", "Accept-Ranges", "Content-Disposition")
    return Facts(
        (*errors, RequestedRangeNotSatisfiable, NotAsExpected, TooManyDownloads, UnusableLink),
        ("Range", "If-Range", "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since"),
        {200: told, 206: ("Content-Range", *told), 304: ("ETag",)},
        dict.fromkeys((200, 206), media),
    )


_IMAGES: Final = ("image/png", "image/jpeg", "image/svg+xml")
_INDEX: Final = (errors.BrokenIndex,)

FACTS: Final[Mapping[str, Facts]] = {
    "create_session": Facts((errors.BadInput, errors.DiskFull), tells={201: ("Location",)}),
    "list_sessions": Facts(tells={200: ("Link",)}),
    "put_file": Facts(
        (
            BadRequest,
            UnsupportedMediaType,
            errors.BadInput,
            errors.DigestDiffers,
            errors.LengthNeeded,
            NotAsExpected,
            errors.DiskFull,
        ),
        ("If-Match", "If-None-Match", "Content-Digest"),
        {200: ("ETag",), 201: ("ETag", "Location")},
    ),
    "get_file": _file("*/*", errors=()),
    "get_archive": _file("application/zip", errors=()),
    "make_links": Facts(body={"addresses": [f"/api/v1/sessions/{EXAMPLE_ID}/archive"], "seconds": 300}),
    "delete_session": Facts((errors.SessionBusy,)),
    "keep_session": Facts(body={"days": 90}),
    "submit_analysis": Facts(
        (
            errors.BadInput,
            errors.UnreadableTable,
            errors.UnknownColumn,
            errors.UnknownMethod,
            errors.NotFound,
            *_KEYS,
        ),
        ("Idempotency-Key",),
        _ONCE,
        body={"session": EXAMPLE_ID, "question": "Do the three species differ in body mass?"},
    ),
    "submit_indexing": Facts(
        (errors.BadInput, errors.NotFound, *_STARTED),
        ("Idempotency-Key",),
        _ONCE,
        body={"index": "library", "session": EXAMPLE_ID},
    ),
    "get_job": Facts(
        (),
        ("If-None-Match", "Prefer"),
        {200: ("ETag", "Retry-After", "Preference-Applied"), 304: ("ETag", "Retry-After")},
    ),
    "list_jobs": Facts(tells={200: ("Link",)}),
    "job_changes": Facts(reads=("Prefer",), tells={200: ("Preference-Applied",)}),
    "cancel_job": Facts((errors.AlreadyEnded,), (), _SUBMITTED, body={}),
    "retry_job": Facts(
        (errors.NotEnded, errors.BadInput, *_STARTED),
        ("Idempotency-Key",),
        _ONCE,
        body={"only": "failed"},
    ),
    "delete_job": Facts((errors.NotEnded,)),
    "job_events": Facts(reads=("Last-Event-ID",), media={200: ("text/event-stream",)}),
    "get_results": _file("application/json"),
    "get_report": _file("text/html", "text/markdown"),
    "list_plots": Facts(_NOT_DONE),
    "get_plot": _file(*_IMAGES),
    "get_script": _file("text/x-python"),
    "list_kinds": _CONDITIONAL,
    "kind_analysis": _CONDITIONAL,
    "kind_indexing": _CONDITIONAL,
    "get_index": Facts(_INDEX),
    "rename_index": Facts((errors.IndexBusy, errors.IndexExists), body={"name": "archive"}),
    "delete_index": Facts((errors.IndexBusy,)),
    "delete_source": Facts((errors.IndexBusy, *_INDEX)),
    "search_index": Facts((errors.UnusableQuery, *_INDEX)),
    "search_indexes": Facts((errors.UnusableQuery, errors.NotFound, *_INDEX)),
    "get_document": Facts(_INDEX),
    "document_text": Facts((errors.UnusableQuery, *_INDEX)),
    "similar_documents": Facts(_INDEX),
    "session_plot": _file(*_IMAGES, errors=()),
    "openapi": Facts(media={200: ("application/vnd.oai.openapi+json",)}),
    "docs": Facts(media={200: ("text/html",)}),
    "problem_page": Facts(media={200: ("text/html",)}),
    "problem_list": Facts(media={200: ("text/html",)}),
    "metrics": Facts(media={200: ("text/plain", "application/openmetrics-text")}),
}


@dataclass(frozen=True)
class Link:
    """What can be done next with what an answer holds: OpenAPI's link."""

    operation: str
    parameters: Mapping[str, str]
    body: Mapping[str, str] | None = None


_ID: Final = "$response.body#/id"
_OF_JOB: Final = tuple(
    Link(name, {"job_id": _ID})
    for name in (
        "get_job",
        "job_events",
        "cancel_job",
        "get_results",
        "get_report",
        "list_plots",
        "get_script",
        "job_files",
        "retry_job",
        "delete_job",
    )
)
LINKS: Final[Mapping[tuple[str, int], tuple[Link, ...]]] = {
    ("create_session", 201): (
        *(
            Link(name, {"session_id": _ID})
            for name in (
                "get_session",
                "list_files",
                "put_file",
                "get_archive",
                "keep_session",
                "delete_session",
            )
        ),
        Link("submit_analysis", {}, {"session": _ID}),
        Link("submit_indexing", {}, {"session": _ID}),
    ),
    ("submit_analysis", 202): (*_OF_JOB, Link("analysis_progress", {"analysis_id": _ID})),
    ("submit_indexing", 202): (
        *_OF_JOB,
        Link("index_progress", {"task_id": _ID}),
        *(
            Link(name, {"name": "$request.body#/index"})
            for name in ("get_index", "search_index", "rename_index", "delete_index")
        ),
    ),
    ("retry_job", 202): _OF_JOB,
    ("list_plots", 200): (
        Link("get_plot", {"job_id": "$request.path.job_id", "name": "$response.body#/items/0/name"}),
    ),
    ("search_index", 200): tuple(
        Link(name, {"name": "$request.path.name", "document_id": "$response.body#/items/0/id"})
        for name in ("get_document", "document_text", "similar_documents")
    ),
    ("get_index", 200): (Link("search_index", {"name": "$response.body#/name"}),),
    ("rename_index", 200): (Link("get_index", {"name": "$response.body#/name"}),),
}


def facts_of(name: str) -> Facts:
    """Return what is to be known of an operation."""
    return FACTS.get(name, Facts())


def tag_of(path: str) -> str:
    """Return under which heading an operation stands."""
    if not path.startswith("/api/v1/"):
        old = path.startswith(("/analysis_progress/", "/api/"))
        return "Previous application" if old else "Service"
    area = path.removeprefix("/api/v1/").partition("/")[0]
    if area == "jobs":
        return "Results" if any(part in path for part in _RESULTS) else "Jobs"
    if area == "search" or path.endswith("/search"):
        return "Search"
    named = {"sessions": "Sessions", "kinds": "Kinds", "indexes": "Indexes", "openapi.json": "Service"}
    return named.get(area, "Access")


def errors_of(route: Route) -> Mapping[int, list[ErrorType]]:
    """Return the types of problems that an operation may answer with, by status."""
    kinds: list[ErrorType] = [errors.InternalError, *facts_of(route.name).errors]
    if not route.is_public:
        kinds += [
            errors.Unauthenticated,
            errors.ExpiredToken,
            errors.InsufficientScope,
            errors.RateLimited,
            errors.Unavailable,
        ]
    if route.name == "readyz":
        kinds.append(errors.Unavailable)
    if "<" in route.path:
        kinds.append(errors.NotFound)
    if route.is_strict:
        kinds.append(Invalid)
    if route.body is not None:
        kinds += [RequestTimeout, MalformedJson, errors.TooLarge, UnsupportedMediaType]
    if route.upload is not None:
        kinds += [RequestTimeout, BadRequest, errors.TooLarge]
        kinds.append(errors.SessionSpaceUsed)
    if route.upload == "multipart/form-data":
        kinds.append(UnsupportedMediaType)
    by_status: dict[int, list[ErrorType]] = defaultdict(list)
    for kind in dict.fromkeys(kinds):
        by_status[_status(kind)].append(kind)
    return by_status


def _status(kind: ErrorType) -> int:
    return (kind.code or 500) if issubclass(kind, HTTPException) else kind.status

"""What stands in the addresses and headers of requests and answers, described for the OpenAPI document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jobs.folders import INDEX_NAME

UUID: Final = {"type": "string", "format": "uuid"}
EXAMPLE_ID: Final = "1f0c3a52-6b1e-4d0f-9a43-2f6d1c0b7e55"


@dataclass(frozen=True)
class Parameter:
    """A part of an address, or a header, and what it may be."""

    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    example: Any = None


PATHS: Final = {
    "job_id": Parameter("A job's id.", UUID, EXAMPLE_ID),
    "analysis_id": Parameter("The id of an analysis.", UUID, EXAMPLE_ID),
    "task_id": Parameter("The id of an indexing job.", UUID, EXAMPLE_ID),
    "session_id": Parameter("A session's id.", UUID, EXAMPLE_ID),
    "document_id": Parameter("A document's id, from a search.", example="0c9d2f5b7a1e4c3d"),
    "source": Parameter(
        "A source of the index: `session:<id>` or a folder, as the index lists it.", example="docs/2026"
    ),
    "slug": Parameter("The last part of a problem's `type`.", example="not-found"),
    "filename": Parameter("The figure's file, or its path below `plots`.", example="groups.png"),
    "path": Parameter("A file's path within the session.", example="penguins.csv"),
    "name": Parameter("A file's name.", example="penguins.csv"),
}
# Where one word means different things in different addresses.
PATHS_BELOW: Final = {
    ("/api/v1/indexes/", "name"): Parameter(
        "An index's name.", {"type": "string", "pattern": INDEX_NAME}, "library"
    ),
    ("/api/v1/jobs/", "name"): Parameter("A figure's file, as the list has it.", example="groups.png"),
}

REQUEST_HEADERS: Final = {
    "Prefer": Parameter(
        "`wait=N`: answer only when there is news, or after N seconds (at most 20). Where too many requests "
        "wait already the answer comes at once, without `Preference-Applied`.",
        example="wait=20",
    ),
    "If-None-Match": Parameter("The `ETag` that you have: 304 if nothing has changed."),
    "If-Modified-Since": Parameter("304 unless it was changed since then; `If-None-Match` is more exact."),
    "If-Match": Parameter("Only if it is what this `ETag` names; `*` only if there is one. Else 412."),
    "If-Unmodified-Since": Parameter("Only if it was not changed since then; else 412."),
    "Content-Digest": Parameter(
        "What the body has to be (RFC 9530); another one is refused with 422.",
        example="sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:",
    ),
    "If-Range": Parameter(
        "The `ETag` that you have: the range only if it is still that file, else all of it."
    ),
    "Range": Parameter("Only these bytes: `bytes=0-999`.", example="bytes=0-"),
    "Idempotency-Key": Parameter(
        "A text of your own, such as a UUID: the same request sent again with it is answered with the job "
        "that the first one made.",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
        "5f1d1c3e-report-2026-07",
    ),
    "Last-Event-ID": Parameter(
        "The `id` of the last event that you have seen: the stream goes on behind it.", example="17"
    ),
}
_SECONDS: Final = {"type": "integer", "minimum": 0}
ANSWER_HEADERS: Final = {
    "X-Request-ID": Parameter("The id of this request, yours if you sent one; errors and log lines bear it."),
    "Location": Parameter("The address of what was made.", {"type": "string", "format": "uri-reference"}),
    "Retry-After": Parameter("Seconds after which it is worth asking again.", _SECONDS, 1),
    "ETag": Parameter("Names this state of what is shown; for `If-None-Match`."),
    "Link": Parameter('RFC 8288; `rel="next"` is the page that follows.'),
    "Idempotency-Replayed": Parameter("`true`, if a request with the same key had made the job before."),
    "Preference-Applied": Parameter("`wait=N`, if the request did wait."),
    "Last-Modified": Parameter("When it was changed."),
    "Repr-Digest": Parameter("SHA-256 of the whole file (RFC 9530)."),
    "Accept-Ranges": Parameter("`bytes`: parts of it can be asked for."),
    "Content-Range": Parameter("Which bytes these are."),
    "Content-Disposition": Parameter("Whether a browser shows or saves it, and under which name."),
    "WWW-Authenticate": Parameter("How to sign in."),
    "Allow": Parameter("The methods that there are."),
}


def path_parameter(path: str, name: str) -> Parameter:
    """Return what a part of an address is."""
    for (prefix, named), parameter in PATHS_BELOW.items():
        if named == name and path.startswith(prefix):
            return parameter
    return PATHS.get(name, Parameter("A name."))

"""What the service tells, as frozen values. Members that a newer service adds are in `raw`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FINISHED = ("completed", "partial")
# What a job does that has said nothing yet.
UNTOLD = {"queued": "Waiting", "running": "Starting", "cancelling": "Stopping"}


@dataclass(frozen=True)
class QueuePlace:
    """Where a job waits: `position` 1 is next; `workers` serve the queue."""

    name: str
    position: int | None
    workers: int


@dataclass(frozen=True)
class JobState:
    """How a job looked at one moment. `raw` is the JSON of it, as every reader of the service sees it."""

    id: str
    kind: str
    status: str
    done: bool
    progress: float
    message: str
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    session: str | None = None
    stage: str | None = None
    reason: str | None = None
    current_file: str | None = None
    processed: int | None = None
    total: int | None = None
    eta_seconds: int | None = None
    retry_of: str | None = None
    queue: QueuePlace | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    expires_at: datetime | None = None

    def _repr_html_(self) -> str:
        from longhaul.jupyter import job_html

        return job_html(self)

    @property
    def succeeded(self) -> bool:
        """Whether it has results; of a `partial` one some files failed."""
        return self.status in FINISHED

    @property
    def why(self) -> str | None:
        """Why it failed, in words for people."""
        error = self.raw.get("error")
        return str(error.get("detail") or error.get("title")) if isinstance(error, Mapping) else None

    @property
    def summary(self) -> Mapping[str, Any]:
        """The summary of its results; empty before it has any."""
        found = self.raw.get("results")
        return found if isinstance(found, Mapping) else {}

    @property
    def links(self) -> Mapping[str, str]:
        """What may be asked of it, by name."""
        found = self.raw.get("links")
        return found if isinstance(found, Mapping) else {}


def job_state(document: Mapping[str, Any]) -> JobState:
    """Return the job that a JSON object of the service describes."""
    same = ("session", "stage", "reason", "current_file", "processed", "total", "eta_seconds", "retry_of")
    times = ("created_at", "started_at", "finished_at", "expires_at")
    more: dict[str, Any] = {name: document.get(name) for name in same}
    more |= {name: moment(document.get(name)) for name in times}
    waits = document.get("queue")
    return JobState(
        id=str(document["id"]),
        kind=str(document["kind"]),
        status=str(document["status"]),
        done=bool(document["done"]),
        progress=float(document["progress"]),
        message=str(document.get("message") or UNTOLD.get(document["status"], "")),
        raw=document,
        queue=QueuePlace(str(waits["name"]), waits.get("position"), int(waits["workers"])) if waits else None,
        **more,
    )


def moment(text: Any) -> datetime | None:
    """Return the time that an RFC 3339 text says, or None for none."""
    return datetime.fromisoformat(text) if isinstance(text, str) else None


@dataclass(frozen=True)
class Me:
    """Who a token speaks for. `raw` holds what else the service tells, such as limits."""

    user: str
    role: str
    raw: Mapping[str, Any] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Hit:
    """A document that was found. `highlights` are passages, HTML in which nothing but <mark> is markup."""

    id: str
    index: str
    path: str
    title: str
    score: float | None
    page: int | None
    highlights: tuple[str, ...]
    raw: Mapping[str, Any] = field(repr=False, compare=False)


@dataclass(frozen=True)
class SearchPage:
    """A page of what a search found; `total` counts all documents, `next` is where the next page is."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    suggestion: str | None
    warnings: tuple[str, ...]
    next: str | None
    raw: Mapping[str, Any] = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def _repr_html_(self) -> str:
        from longhaul.jupyter import search_html

        return search_html(self)


def search_page(query: str, document: Mapping[str, Any]) -> SearchPage:
    """Return the page that a JSON object of the service describes."""
    same = ("id", "index", "path", "title", "score", "page")
    return SearchPage(
        query=query,
        hits=tuple(
            Hit(**{name: item[name] for name in same}, highlights=tuple(item["highlights"]), raw=item)
            for item in document["items"]
        ),
        total=int(document["total"]),
        facets={
            name: {str(one["value"]): int(one["count"]) for one in values}
            for name, values in document["facets"].items()
        },
        suggestion=document.get("suggestion"),
        warnings=tuple(document.get("warnings", ())),
        next=document.get("next"),
        raw=document,
    )


@dataclass(frozen=True)
class IndexState:
    """An index and what is in it. `documents` is None where its list of files is damaged."""

    name: str
    documents: int | None
    bytes: int
    updated_at: datetime | None
    raw: Mapping[str, Any] = field(repr=False, compare=False)


def index_state(document: Mapping[str, Any]) -> IndexState:
    """Return the index that a JSON object of the service describes."""
    return IndexState(
        name=str(document["name"]),
        documents=document.get("documents"),
        bytes=int(document["bytes"]),
        updated_at=moment(document.get("updated_at")),
        raw=document,
    )


@dataclass(frozen=True)
class SessionState:
    """A session: uploaded files, each with its name, size and SHA-256, kept until `expires_at`."""

    id: str
    title: str
    files: Mapping[str, str]
    expires_at: datetime | None
    raw: Mapping[str, Any] = field(repr=False, compare=False)


def session_state(document: Mapping[str, Any]) -> SessionState:
    """Return the session that a JSON object of the service describes."""
    return SessionState(
        id=str(document["id"]),
        title=str(document["title"]),
        files={str(file["name"]): str(file["sha256"]) for file in document["files"]},
        expires_at=moment(document.get("expires_at")),
        raw=document,
    )

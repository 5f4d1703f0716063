"""The files of an indexing job over HTTP: one row a file."""

from typing import Literal

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from api import auth
from api.artifacts import finished
from api.openapi import Catalogue, Query, json_response
from jobs import folders
from jobs.errors import NotFound
from jobs.indexing import manifest

MOST_ROWS = 1_000


class FilesQuery(Query):
    """How the list of an index's files is narrowed and continued."""

    status: Literal["indexed", "unchanged", "skipped", "failed", "duplicate"] | None = None
    after: str | None = Field(None, description="The `next` of the page before.")
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class FileView(BaseModel):
    """What became of one file."""

    path: str
    source: str
    status: str
    reason: str | None
    detail: str | None
    bytes: int
    chunks: int


class FilesView(BaseModel):
    """A page of files, by path."""

    items: list[FileView]
    next: str | None


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint of what an indexing job tells of its files."""
    blueprint = Blueprint("files", __name__, url_prefix="/api/v1/jobs/<job_id>")
    auth.protect(blueprint)
    catalogue.add(blueprint, "/files", job_files, query=FilesQuery, answers={200: FilesView})
    return blueprint


def job_files(job_id: str, query: FilesQuery) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """List what became of each file of an indexing job's source, as its newest run left it"""
    job = finished(auth.job())
    name = (job.results or {}).get("index")
    if not name:
        raise NotFound(f"A job of the kind {job.kind} has no files to list.")
    folder = folders.index_folder(job.owner, str(name))
    source = str((job.results or {})["source"])
    rows = manifest.files(folder, source=source, status=query.status, after=query.after, limit=query.limit)
    items = [FileView(**{field: getattr(row, field) for field in FileView.model_fields}) for row in rows]
    following = rows[-1].path if len(rows) >= query.limit else None
    return json_response(FilesView(items=items, next=following))

"""The files of an indexing job over HTTP: one row a file, while the job runs and afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from flask import Blueprint, Response
from pydantic import BaseModel, Field, TypeAdapter

from api import auth, paging
from api.openapi import Catalogue, Query
from jobs import records, shared_indexes
from jobs.connection import reaching_redis, records_client
from jobs.documents import IndexingParams
from jobs.errors import NotFound
from jobs.indexing.runs.account import Wanted, page
from jobs.indexing.runs.ledger import Cursor, LedgerRow

MOST_ROWS = 1_000
KIND = "indexing"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY: Final[TypeAdapter[Cursor]] = TypeAdapter(Cursor)


class FilesQuery(Query):
    """How the list of a job's files is narrowed and continued."""

    status: Literal["indexed", "unchanged", "skipped", "failed", "duplicate"] | None = None
    reason: str | None = Field(None, max_length=64, description="Such as encrypted or unsupported_type.")
    ext: str | None = Field(None, max_length=32, description="A file name's ending: pdf.")
    q: str | None = Field(None, max_length=400, description="Only paths that hold this text.")
    limit: int = Field(100, ge=1, le=MOST_ROWS)
    cursor: str | None = Field(None, max_length=paging.LONGEST_CURSOR, description=paging.CURSOR_DESCRIPTION)


class FileView(BaseModel):
    """What became of one file."""

    path: str
    source: str
    status: str
    reason: str | None
    detail: str | None
    stage: str = Field(description="When that was known: `scan`, by name, size and time, or `extract`.")
    milliseconds: int = Field(description="How long it took to read.")
    bytes: int
    hash: str | None = Field(description="BLAKE2b of the content, 128 bits; null if it was never read.")
    format: str | None
    title: str | None
    pages: int | None = Field(description="The last page, slide or sheet with text.")
    chunks: int = Field(description="Passages in the index.")
    modified_at: datetime


class FilesView(paging.Page):
    """A page of files, by path; `next` is the address of the following page, null on the last one."""

    items: list[FileView]
    origin: Literal["live", "job", "index"] = Field(
        description="`live`: the files so far. `job`: as the job left them. `index`: the job's own account "
        "is not kept; these are the files of its sources as their newest runs left them."
    )


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("files", __name__, url_prefix="/api/v1/jobs/<job_id>")
    auth.protect(blueprint)
    catalogue.add(blueprint, "/files", job_files, query=FilesQuery, answers={200: FilesView})
    return blueprint


def job_files(job_id: str, query: FilesQuery) -> Response:
    """List what became of each file of an indexing job, also while it runs"""
    job = auth.job()
    if job.kind != KIND or (job.results or {}).get("dry_run"):
        raise NotFound("There are no files to list: this is no job that indexes.")
    params = _params(job_id)
    index = shared_indexes.readable(job.owner, params.index)
    shared_indexes.look_at_run(index, job_id, ended=job.done)
    found = page(
        index,
        job_id,
        params.covers,
        Wanted(query.status, query.reason, (query.ext or "").lower().lstrip(".") or None, query.q or ""),
        after=paging.decoded(query.cursor, KEY),
        limit=query.limit,
        ended=job.done,
    )
    following = paging.next_address(found.rows[-1].key) if found.more else None
    return paging.page_response(
        FilesView(items=[_view(row) for row in found.rows], next=following, origin=found.origin)
    )


def _params(job_id: str) -> IndexingParams:
    with reaching_redis():
        record = records.read(records_client(), job_id)
    if record is None:
        raise NotFound(auth.NO_SUCH_JOB)
    return IndexingParams.model_validate_json(record.params)


def _view(row: LedgerRow) -> FileView:
    shown = {name: getattr(row, name) for name in FileView.model_fields if name != "modified_at"}
    return FileView(**shown, modified_at=EPOCH + timedelta(microseconds=row.mtime_ns // 1_000))

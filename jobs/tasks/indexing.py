"""The kind `indexing`: a folder or a session's uploads become, or update, a searchable index."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field, model_validator

from jobs import folders, records, sessions
from jobs.celery import app
from jobs.connection import records_client
from jobs.errors import IndexBusy
from jobs.job import Batches, Job, Params, Run
from jobs.records import Record
from jobs.settings import settings

if TYPE_CHECKING:
    from jobs.indexing.order import Order
    from jobs.indexing.result import IndexingResult


class IndexingParams(Params):
    """What to index, and into which index."""

    index: str = Field(pattern=folders.INDEX_NAME, description="The index's name, your own.")
    folder: str | None = Field(None, max_length=4096, description="A server folder: root/path below it.")
    mode: Literal["incremental", "full"] = Field(
        "incremental", description="Unchanged files are skipped, or not."
    )
    remove_deleted: bool = Field(True, description="Whether files that are gone leave the index too.")

    @model_validator(mode="after")
    def _one_source(self) -> "IndexingParams":
        if (self.session is None) == (self.folder is None):
            raise ValueError(
                "give either `session` (your uploads) or `folder` (a server folder), one of the two"
            )
        return self


class IndexingAbout(BaseModel):
    """What there is to choose from."""

    folders: tuple[str, ...] = Field(description="The server folders: what `folder` begins with.")
    index_pattern: str = Field(description="Regular expression of the names that an index may have.")


class Problem(BaseModel):
    """A file that is not in the index, and why."""

    path: str
    status: str
    reason: str
    detail: str | None


class IndexingSummary(BaseModel):
    """What became of the files; every file is in exactly one of the first five counts."""

    outcome: Literal["complete", "partial"]
    source: str = Field(description="Where the files came from: folder:<name> or session:<id>.")
    index: str
    total: int
    indexed: int
    unchanged: int
    skipped: int
    failed: int
    duplicate: int
    removed: int
    chunks: int
    characters: int
    bytes: int
    by_type: dict[str, int]
    index_bytes: int
    problems: list[Problem] = Field(description="The first of them; all are in the job's files.")


MOST_PROBLEMS_IN_SUMMARY = 20  # the summary travels with every poll


def source_folder(owner: str, params: IndexingParams) -> tuple[Path, str]:
    """Return where the documents lie and how that place is called.

    Raises
    ------
    LonghaulError
        The session or the folder does not exist for this user.
    """
    if params.session is not None:
        return sessions.find(owner, params.session).files, f"session:{params.session}"
    return folders.server_folder(params.folder or ""), f"folder:{params.folder}"


def check(params: IndexingParams, owner: str) -> None:
    """Refuse at once a source that does not exist."""
    source_folder(owner, params)


def order_of(run: Run[IndexingParams]) -> "Order":
    """Return what a run is to do.

    Raises
    ------
    LonghaulError
        The session or the folder does not exist any more.
    """
    from jobs.indexing.order import Order

    params = run.params
    root, source = source_folder(run.owner, params)
    return Order(
        root=root,
        index=folders.index_folder(run.owner, params.index),
        name=params.index,
        source=source,
        run=run.job_id,
        mode=params.mode,
        remove_deleted=params.remove_deleted,
        only=run.only,
    )


def tidy(record: Record) -> None:
    """Let go of the index, and remove what the runs of the job have left."""
    from jobs.indexing.spread import discard_run

    params = IndexingParams.model_validate_json(record.params)
    discard_run(folders.index_folder(record.owner, params.index), record.id)


def extract(run: Run[IndexingParams]) -> None:
    """Read the files of one batch."""
    from jobs.indexing.spread import extract_batch

    extract_batch(
        folders.index_folder(run.owner, run.params.index),
        run.job_id,
        run.batch or 0,
        processes=settings().extraction_processes,
        journal=run.journal,
        report=run.report,
    )


def finish(run: Run[IndexingParams]) -> IndexingSummary:
    """Put what the batches have read into the index."""
    from jobs.indexing.spread import finish

    order, processes = order_of(run), settings().extraction_processes
    return summary(finish(order, processes=processes, journal=run.journal, report=run.report), order.source)


def summary(found: "IndexingResult", source: str) -> IndexingSummary:
    """Return what a poller needs of a run; the whole of it is in the index's list of files."""
    problems = [Problem(**vars(problem)) for problem in found.problems[:MOST_PROBLEMS_IN_SUMMARY]]
    counts = {name: getattr(found, name) for name in IndexingSummary.model_fields if hasattr(found, name)}
    outcome = "partial" if found.failed else "complete"
    return IndexingSummary(**{**counts, "outcome": outcome, "source": source, "problems": problems})


def about() -> IndexingAbout:
    """Return what a form for the parameters offers."""
    return IndexingAbout(folders=tuple(settings().folder_roots), index_pattern=folders.INDEX_NAME)


@app.task(
    base=Job,
    name="jobs.indexing",
    queue_name="indexing",
    params=IndexingParams,
    check=staticmethod(check),
    about=staticmethod(about),
    batch=staticmethod(extract),
    finish=staticmethod(finish),
    tidy=staticmethod(tidy),
    retry_on=(IndexBusy,),
    retries_failed=True,
)
def indexing(run: Run[IndexingParams]) -> IndexingSummary | Batches:
    """Index documents: here, or in batches if there are many."""
    from jobs.indexing.run import index_folder
    from jobs.indexing.spread import Batching, prepare

    order = order_of(run)
    batching = Batching(
        files=settings().fan_out_files,
        bytes=settings().fan_out_bytes,
        files_a_batch=settings().batch_files,
    )
    holds = partial(records.goes_on, records_client())
    plan = prepare(order, batching=batching, holds=holds, report=run.report)
    if plan.batches:
        return Batches(plan.batches, plan.total, plan.processed, plan.counts)
    found = index_folder(
        order,
        holds=holds,
        processes=settings().extraction_processes,
        journal=run.journal,
        report=run.report,
    )
    return summary(found, order.source)

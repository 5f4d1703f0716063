"""The kind `indexing`: server folders and uploads become, or update, a searchable index."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from jobs import folders, index_care, reading_pace, records, shared_indexes, turnstile
from jobs.celery import app
from jobs.connection import records_client
from jobs.documents import IndexingParams, brought_places, order_of, places, reach
from jobs.embeddings import embedder
from jobs.errors import IndexBusy
from jobs.indexing_told import IndexingDryRun, tell
from jobs.job import Batches, Job, Run
from jobs.passing import MOST_RETRIES
from jobs.records import NewJob, Record
from jobs.settings import settings

if TYPE_CHECKING:
    from jobs.indexing.runs.result import IndexingResult


class IndexingAbout(BaseModel):
    """What there is to choose from."""

    folders: tuple[str, ...] = Field(description="The server folders: what `folder` begins with.")
    index_pattern: str = Field(description="Regular expression of the names that an index may have.")
    hybrid: bool = Field(description="Whether indexes can be searched with `mode=hybrid`, by meaning too.")


class Problem(BaseModel):
    """A file that is not in the index, and why."""

    path: str
    status: str
    reason: str
    detail: str | None


LONGEST_SOURCE = 1_000  # the summary travels with every poll


class IndexingSummary(BaseModel):
    """What became of the files; every file is in exactly one of the first five counts."""

    outcome: Literal["complete", "partial"]
    source: str = Field(
        max_length=LONGEST_SOURCE,
        description="Where the files came from: folder:<name>, session:<id>, or several of them.",
    )
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
    warnings: list[str] = Field(
        [],
        description="Why the index was built anew, and what became of its other sources; how many passages "
        "have no vector, where vectors are made.",
    )


MOST_PROBLEMS_IN_SUMMARY = 20
MOST_WARNINGS_IN_SUMMARY, LONGEST_WARNING = 20, 500


def check(params: IndexingParams, owner: str) -> None:
    """Refuse at once a source that does not exist, and what there is no room for."""
    places(owner, params)
    if not params.dry_run:
        index_care.check_room(owner, params.index)


def enter(job: NewJob, params: IndexingParams) -> str | None:
    """Let a job on its way to its index, unless another is on its way that does the same or is not to be met.

    Raises
    ------
    IndexBusy
        It is not to be met, or the other does something else.
    """
    if params.dry_run:
        return None
    client = records_client()
    if params.if_running == "wait":
        turnstile.enter(client, job, params.index)
        return None

    def joins(other: Record) -> bool:
        theirs = IndexingParams.model_validate_json(other.params)
        same = theirs.model_copy(update={"if_running": params.if_running}) == params
        return params.if_running == "join" and same and other.only == job.only == "all"

    entered = False
    try:
        joined = turnstile.enter_alone(client, job, params.index, joins=joins)
        entered = joined is None
    finally:
        if not entered:
            records.remove(client, job)
    return joined


def waits(record: Record, retried: int) -> bool:
    """Tell whether a job that met another waits: while that one goes on, or else for some minutes."""
    params = IndexingParams.model_validate_json(record.params)
    return retried < MOST_RETRIES or turnstile.is_in_use(records_client(), record, params.index)


def tidy(record: Record) -> None:
    """Let go of the index, and remove what the runs of the job have left."""
    from jobs.indexing.runs.spread import discard_run

    params = IndexingParams.model_validate_json(record.params)
    index = folders.index_folder(record.owner, params.index)
    turnstile.leave(records_client(), record.owner, params.index, record.id)
    discard_run(index, record.id)
    shared_indexes.discard_run(index, record.id)


def discard(record: Record) -> None:
    """Remove the account of a job's files; what it has indexed stays."""
    from jobs.indexing.runs.ledger import forget

    params = IndexingParams.model_validate_json(record.params)
    index = folders.index_folder(record.owner, params.index)
    forget(index, record.id)
    shared_indexes.forget_run(index, record.id)


def extract(run: Run[IndexingParams]) -> None:
    """Read the files of one batch."""
    from jobs.indexing.runs.spread import extract_batch

    index, number = folders.index_folder(run.owner, run.params.index), run.batch or 0
    with shared_indexes.run_shared(index, run.job_id, batch=number):
        extract_batch(
            index,
            run.job_id,
            number,
            roots={place.source: place.root for place in brought_places(run.owner, run.params)},
            processes=settings().extraction_processes,
            journal=run.journal,
            report=run.report,
        )


def finish(run: Run[IndexingParams]) -> IndexingSummary:
    """Put what the batches have read into the index."""
    from jobs.indexing.runs.spread import finish

    order = order_of(run)
    with writing(run, order.index):
        found = finish(
            order,
            resolve=partial(reach, run.owner),
            processes=settings().extraction_processes,
            embedder=embedder(),
            journal=run.journal,
            report=run.report,
        )
    shared_indexes.share_account(order.index, run.job_id)
    return summary(found, run.params.source_name)


@contextmanager
def writing(run: Run[IndexingParams], index: Path) -> Iterator[None]:
    """Begin with what all machines have made of the index and of this run, and share what is made here."""
    if settings().storage is not None:
        turnstile.take(records_client(), run.owner, run.params.index, run.job_id)
    with shared_indexes.run_shared(index, run.job_id):
        try:
            with shared_indexes.changed(index):  # shared before the run's result is: it says what is in it
                yield
        except IndexBusy:
            shared_indexes.forget_result(index, run.job_id)
            raise


def summary(found: "IndexingResult", source: str) -> IndexingSummary:
    """Return what a poller needs of a run; the whole of it is in the index's list of files."""
    problems = [Problem(**vars(problem)) for problem in found.problems[:MOST_PROBLEMS_IN_SUMMARY]]
    counts = {name: getattr(found, name) for name in IndexingSummary.model_fields if hasattr(found, name)}
    outcome = "partial" if found.failed else "complete"
    return IndexingSummary(
        **{
            **counts,
            "outcome": outcome,
            "source": source[:LONGEST_SOURCE],
            "problems": problems,
            "warnings": [one[:LONGEST_WARNING] for one in found.warnings[:MOST_WARNINGS_IN_SUMMARY]],
        }
    )


def about() -> IndexingAbout:
    """Return what a form for the parameters offers."""
    return IndexingAbout(
        folders=tuple(settings().folder_roots),
        index_pattern=folders.INDEX_NAME,
        hybrid=settings().embeddings_url is not None,
    )


@app.task(
    base=Job,
    name="jobs.indexing",
    queue_name="indexing",
    params=IndexingParams,
    check=staticmethod(check),
    about=staticmethod(about),
    batch=staticmethod(extract),
    finish=staticmethod(finish),
    enter=staticmethod(enter),
    tidy=staticmethod(tidy),
    discard=staticmethod(discard),
    retry_on=(IndexBusy,),
    waits=staticmethod(waits),
    retries_failed=True,
)
def indexing(run: Run[IndexingParams]) -> IndexingSummary | IndexingDryRun | Batches:
    """Index documents: here, or in batches if there are many."""
    if run.params.dry_run:
        return look_ahead(run)
    from jobs.indexing.runs.run import index_or_plan
    from jobs.indexing.runs.spread import Batching, Prepared

    order = order_of(run)
    batching = Batching(
        files=settings().fan_out_files,
        bytes=settings().fan_out_bytes,
        files_a_batch=settings().batch_files,
    )
    holds = partial(records.goes_on, records_client())
    with writing(run, order.index):
        began = time.monotonic()
        found = index_or_plan(
            order,
            batching=batching,
            holds=holds,
            resolve=partial(reach, run.owner),
            processes=settings().extraction_processes,
            embedder=embedder(),
            journal=run.journal,
            report=run.report,
        )
        if isinstance(found, Prepared):
            return Batches(found.batches, found.total, found.processed, found.counts)
        reading_pace.note(found.work, time.monotonic() - began)
    shared_indexes.share_account(order.index, run.job_id)
    return summary(found, run.params.source_name)


def look_ahead(run: Run[IndexingParams]) -> IndexingDryRun:
    """Tell what a run would do."""
    from jobs.indexing.runs.outlook import look_ahead

    found = look_ahead(order_of(run), report=run.report)
    return tell(found, run.params.source_name, reading_pace.expect(found.work))

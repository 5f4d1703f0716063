"""The kind `indexing`: a folder or a session's uploads become, or update, a searchable index."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, model_validator

from jobs import folders, sessions
from jobs.celery import app
from jobs.job import Job, Params, Run
from jobs.settings import settings


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


@app.task(base=Job, name="jobs.indexing", params=IndexingParams, check=staticmethod(check))
def indexing(run: Run[IndexingParams]) -> IndexingSummary:
    """Index documents."""
    from jobs.indexing.run import index_folder

    root, source = source_folder(run.owner, run.params)
    found = index_folder(
        root,
        folders.index_folder(run.owner, run.params.index),
        name=run.params.index,
        source=source,
        mode=run.params.mode,
        remove_deleted=run.params.remove_deleted,
        processes=settings().extraction_processes,
        report=run.report,
    )
    problems = [Problem(**vars(problem)) for problem in found.problems[:MOST_PROBLEMS_IN_SUMMARY]]
    counts = {name: getattr(found, name) for name in IndexingSummary.model_fields if hasattr(found, name)}
    outcome = "partial" if found.failed else "complete"
    return IndexingSummary(**{**counts, "outcome": outcome, "source": source, "problems": problems})

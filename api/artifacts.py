"""What a finished job left behind: results, report, figures, script."""

import hashlib
from contextlib import closing
from pathlib import PurePosixPath
from typing import Final, Literal
from urllib.parse import quote

import orjson
from flask import Blueprint, Response, request
from pydantic import BaseModel, Field

from api import auth
from api.downloads import REPORT_SANDBOX, SHOWN, Download, download_of, served
from api.openapi import Catalogue, Query, json_response
from jobs import session_files, sessions
from jobs.errors import JobFailed, NotFound, NotReady
from jobs.session import Session
from jobs.session_files import Opened
from jobs.status import JobStatus

FIGURES: Final = (".png", ".jpg", ".jpeg", ".svg")
RESULTS, SCRIPT, PLOTS = "results.json", "script.py", "plots"
REPORT_TYPES = {"html": "text/html; charset=utf-8", "md": "text/markdown; charset=utf-8"}
SCRIPT_TYPE: Final = "text/x-python; charset=utf-8"


class PlotFile(BaseModel):
    """A file of a figure."""

    name: str
    bytes: int
    media_type: str
    href: str


class PlotList(BaseModel):
    """The figures' files, sorted by name."""

    items: list[PlotFile]


class ReportQuery(Query):
    """In which form to read a report."""

    format: Literal["html", "md"] = Field("html", description="A page, or Markdown.")


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("artifacts", __name__, url_prefix="/api/v1/jobs/<job_id>")
    auth.protect(blueprint)
    catalogue.add(blueprint, "/results", get_results, answers={200: "The results, as the kind defines them."})
    catalogue.add(
        blueprint,
        "/report",
        get_report,
        query=ReportQuery,
        answers={200: "The report, to be read by people."},
    )
    catalogue.add(blueprint, "/plots", list_plots, answers={200: PlotList})
    catalogue.add(blueprint, "/plots/<path:name>", get_plot, answers={200: "An image."})
    catalogue.add(blueprint, "/script", get_script, answers={200: "A Python program."})
    return blueprint


def finished(job: JobStatus) -> JobStatus:
    """Return `job` if it has results.

    Raises
    ------
    NotReady
        It has not ended yet.
    JobFailed
        It ended without any.
    """
    if not job.done:
        raise NotReady(f"The job is {job.status}; its results come when it is completed.")
    if job.status not in ("completed", "partial"):
        raise JobFailed(job.error.detail if job.error else f"The job was {job.status}.")
    return job


def project_of(job: JobStatus) -> tuple[Session, str]:
    """Return the session of a finished job, and the folder of its project there.

    Raises
    ------
    NotFound
        A job of its kind leaves no project.
    """
    if job.session is None or not (job.results or {}).get("project"):
        raise NotFound(f"A job of the kind {job.kind} has no such files.")
    session = sessions.find(job.owner, job.session)
    return session, session_files.project_of(session, job.id)


def _opened(job: JobStatus, path: str) -> Opened:
    return session_files.opened_in_project(*project_of(job), path)


def results_of(job: JobStatus) -> bytes:
    """Return a finished job's full results as JSON: the project's file, or else its summary."""
    if not (job.results or {}).get("project"):
        return orjson.dumps(job.results)
    with closing(_opened(job, RESULTS)) as found:
        return found.file.read()


def is_figure(path: str) -> bool:
    """Tell whether a file is one of a figure, by its name."""
    return PurePosixPath(path).suffix.lower() in FIGURES


def get_results(job_id: str) -> Response:  # noqa: ARG001 - here and below: read by auth, which has found the job
    """Return the full results of a finished job"""
    job = finished(auth.job())
    if (job.results or {}).get("project"):
        return served(download_of(_opened(job, RESULTS)))
    return served(_summary(orjson.dumps(job.results)))


def _summary(content: bytes) -> Download:
    """Return results that lie in no file, as something to send."""
    digest = hashlib.sha256(content).hexdigest()
    return Download(
        name=RESULTS,
        media_type=SHOWN[".json"],
        bytes=len(content),
        etag=digest,
        modified=None,
        content=lambda begin, end: iter([content[begin:end]]),
        close=lambda: None,
        shown=True,
        sha256=digest,
    )


def get_report(job_id: str, query: ReportQuery) -> Response:  # noqa: ARG001
    """Return the report of a finished job"""
    found = _opened(finished(auth.job()), f"report.{query.format}")
    return served(
        download_of(found, media_type=REPORT_TYPES[query.format], shown=True, policy=REPORT_SANDBOX)
    )


def list_plots(job_id: str) -> Response:  # noqa: ARG001
    """List the files of a finished job's figures"""
    session, project = project_of(finished(auth.job()))
    files = session_files.of_project(session, project).values()
    items = [
        PlotFile(
            name=file.name.removeprefix(f"{PLOTS}/"),
            bytes=file.bytes,
            media_type=file.media_type,
            href=f"{request.path}/{quote(file.name.removeprefix(f'{PLOTS}/'))}",
        )
        for file in sorted(files, key=lambda file: file.name)
        if file.name.startswith(f"{PLOTS}/") and is_figure(file.name)
    ]
    return json_response(PlotList(items=items))


def get_plot(job_id: str, name: str) -> Response:  # noqa: ARG001
    """Return one file of a figure"""
    job = finished(auth.job())
    if not is_figure(name):
        raise NotFound("There is no such figure.")
    return served(download_of(_opened(job, f"{PLOTS}/{name}")))


def get_script(job_id: str) -> Response:  # noqa: ARG001
    """Return the program that computes the numbers again"""
    job = finished(auth.job())
    found = _opened(job, SCRIPT)
    return served(download_of(found, name=f"{job.id}.py", media_type=SCRIPT_TYPE, shown=False))

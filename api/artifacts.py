"""What a finished job left behind: results, report, figures, script."""

from pathlib import Path
from typing import Literal

import orjson
from flask import Blueprint, Response, request, send_file
from pydantic import BaseModel, Field

from api import auth
from api.openapi import Catalogue, Query, json_response
from jobs import sessions
from jobs.errors import JobFailed, NotFound, NotReady
from jobs.status import JobStatus
from jobs.storage import inside

FIGURE_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}
# An SVG can hold a script; opened by itself it may run none and reach nobody.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
# A report is a page with words of its user's and pictures inside it: it may show them, and nothing else.
REPORT_SANDBOX = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
RESULTS, SCRIPT, PLOTS = "results.json", "script.py", "plots"
REPORT_TYPES = {"html": "text/html", "md": "text/markdown"}


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
    catalogue.add(blueprint, "/plots/<name>", get_plot, answers={200: "An image."})
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


def project_folder(job: JobStatus) -> Path:
    """Return the folder of a finished job's project.

    Raises
    ------
    NotFound
        A job of its kind leaves no project.
    """
    if job.session is None or not (job.results or {}).get("project"):
        raise NotFound(f"A job of the kind {job.kind} has no such files.")
    return sessions.find(job.owner, job.session).project(job.id)


def results_of(job: JobStatus) -> bytes:
    """Return a finished job's full results as JSON: the project's file, or else its summary."""
    if (job.results or {}).get("project"):
        return inside(project_folder(job), RESULTS).read_bytes()
    return orjson.dumps(job.results)


def image(path: Path) -> Response:
    """Return a figure, which a browser may show but not run."""
    return sandboxed(path, FIGURE_TYPES[path.suffix.lower()], SANDBOX)


def sandboxed(path: Path, media_type: str, policy: str) -> Response:
    """Return a file made of users' words or values, which a browser takes for nothing but what it is."""
    response = send_file(path, mimetype=media_type, conditional=True)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = policy
    return response


def get_results(job_id: str) -> Response:  # noqa: ARG001 - here and below: read by auth, which has found the job
    """Return the full results of a finished job"""
    return Response(results_of(finished(auth.job())), content_type="application/json")


def get_report(job_id: str, query: ReportQuery) -> Response:  # noqa: ARG001
    """Return the report of a finished job"""
    path = inside(project_folder(finished(auth.job())), f"report.{query.format}")
    return sandboxed(path, REPORT_TYPES[query.format], REPORT_SANDBOX)


def list_plots(job_id: str) -> Response:  # noqa: ARG001
    """List the files of a finished job's figures"""
    folder = project_folder(finished(auth.job())) / PLOTS
    found = folder.iterdir() if folder.is_dir() else ()  # not every kind draws
    paths = sorted(path for path in found if path.suffix.lower() in FIGURE_TYPES)
    items = [
        PlotFile(
            name=path.name,
            bytes=path.stat().st_size,
            media_type=FIGURE_TYPES[path.suffix.lower()],
            href=f"{request.path}/{path.name}",
        )
        for path in paths
    ]
    return json_response(PlotList(items=items))


def get_plot(job_id: str, name: str) -> Response:  # noqa: ARG001
    """Return one file of a figure"""
    path = inside(project_folder(finished(auth.job())) / PLOTS, name)
    if path.suffix.lower() not in FIGURE_TYPES:
        raise NotFound(f"There is no figure {name!r}.")
    return image(path)


def get_script(job_id: str) -> Response:  # noqa: ARG001
    """Return the program that computes the numbers again"""
    job = finished(auth.job())
    path = inside(project_folder(job), SCRIPT)
    response = send_file(
        path,
        mimetype="text/x-python",
        as_attachment=True,
        download_name=f"{job.id}.py",
        conditional=True,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

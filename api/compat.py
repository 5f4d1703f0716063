"""The previous application's three routes: same paths, same shapes, for front ends that poll them already.

Its errors were `{"error": text}`; api/errors.py gives them that shape below these paths.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson
from flask import Blueprint, Response

from api import auth
from api.artifacts import PLOTS, is_figure, results_of
from api.downloads import download_of, served
from jobs import session_files, sessions
from jobs.errors import NotFound
from jobs.status import JobStatus


def routes() -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("compat", __name__)
    auth.protect(blueprint)
    blueprint.add_url_rule("/analysis_progress/<analysis_id>", view_func=analysis_progress)
    blueprint.add_url_rule("/api/index-progress/<task_id>", view_func=index_progress)
    blueprint.add_url_rule("/api/smartstat/plots/<session_id>/<path:filename>", view_func=session_plot)
    return blueprint


def _json(body: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(body), content_type="application/json")


def _outcome(job: JobStatus, running: str) -> dict[str, Any]:
    """Return the members that both progress routes share."""
    if not job.done:
        return {"status": running, "progress": int(job.progress)}
    if job.status in ("completed", "partial"):
        try:
            results = orjson.loads(results_of(job))
        except NotFound:  # the session has expired: the summary is what is left
            results = job.results
        return {"status": "completed", "progress": 100, "results": results}
    reason = job.error.detail if job.error else f"The job was {job.status}."
    return {"status": "failed", "progress": int(job.progress), "error": reason}


def analysis_progress(analysis_id: str) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """Tell how an analysis goes."""
    job = auth.job()
    if job.kind != "analysis":
        raise NotFound("This job is no analysis.")
    started_at = job.started_at or job.created_at
    message = job.message or ("Waiting" if job.status == "queued" else "")
    return _json({**_outcome(job, "running"), "message": message, "started_at": started_at.isoformat()})


def index_progress(task_id: str) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """Tell how an indexing job goes."""
    job = auth.job()
    if job.kind != "indexing":
        raise NotFound("This job indexes nothing.")
    files = {
        "current_file": job.current_file or "",
        "processed": job.processed or 0,
        "total": job.total or 0,
    }
    return _json({**_outcome(job, "processing"), **files})


def session_plot(session_id: str, filename: str) -> Response:
    """Return a figure from the session's newest project that has it."""
    session = sessions.find(auth.user().name, session_id)
    projects = session_files.projects(session.manifest()) if is_figure(filename) else []
    for _, project in projects:
        with suppress(NotFound):
            found = session_files.opened_in_project(session, project, f"{PLOTS}/{filename}")
            return served(download_of(found))
    raise NotFound("No project has this figure.")

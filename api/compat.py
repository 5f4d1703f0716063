"""The previous application's three routes: same paths, same shapes, for front ends that poll them already.

Its errors were `{"error": text}`; api/errors.py gives them that shape on this blueprint.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, request

from api import auth
from api.artifacts import FIGURE_TYPES, PLOTS, image, results_of
from api.errors import COMPATIBLE_BLUEPRINT
from jobs import sessions
from jobs.errors import NotFound
from jobs.status import JobStatus
from jobs.storage import inside

NO_ANALYSIS = "Analysis not found"
NO_TASK = "Task not found"
NO_PLOT = "Plot not found"


def routes() -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint(COMPATIBLE_BLUEPRINT, __name__)
    blueprint.register_error_handler(NotFound, _not_found)
    auth.protect(blueprint)
    blueprint.add_url_rule("/analysis_progress/<analysis_id>", view_func=analysis_progress)
    blueprint.add_url_rule("/api/index-progress/<task_id>", view_func=index_progress)
    blueprint.add_url_rule("/api/smartstat/plots/<session_id>/<path:filename>", view_func=session_plot)
    return blueprint


def _not_found(error: NotFound) -> Response:
    """Answer in the old words of the route that was asked."""
    texts = {"analysis_id": NO_ANALYSIS, "task_id": NO_TASK, "session_id": NO_PLOT}
    text = next((texts[name] for name in texts if name in (request.view_args or {})), str(error))
    return _json({"error": text}, 404)


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")


def _outcome(job: JobStatus, running: str) -> dict[str, Any]:
    """Return the members that both progress routes share."""
    if not job.done:
        return {"status": running, "progress": round(job.progress)}
    if job.status in ("completed", "partial"):
        results = orjson.loads(results_of(job))
        return {"status": "completed", "progress": 100, "results": results}
    reason = job.error.detail if job.error else f"The job was {job.status}."
    return {"status": "failed", "progress": round(job.progress), "error": reason}


def analysis_progress(analysis_id: str) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """Tell how an analysis goes."""
    job = auth.job()
    if job.kind != "analysis":
        raise NotFound(NO_ANALYSIS)
    started_at = job.started_at or job.created_at
    message = job.message or ("Waiting" if job.status == "queued" else "")
    return _json({**_outcome(job, "running"), "message": message, "started_at": started_at.isoformat()})


def index_progress(task_id: str) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """Tell how an indexing job goes."""
    job = auth.job()
    if job.kind != "indexing":
        raise NotFound(NO_TASK)
    files = {
        "current_file": job.current_file or "",
        "processed": job.processed or 0,
        "total": job.total or 0,
    }
    return _json({**_outcome(job, "processing"), **files})


def session_plot(session_id: str, filename: str) -> Response:
    """Return a figure from the session's newest project that has it."""
    session = sessions.find(auth.user().name, session_id)
    for project in session.projects_newest_first():
        try:
            path = inside(project / PLOTS, filename)
        except NotFound:
            continue
        if path.suffix.lower() in FIGURE_TYPES:
            return image(path)
    raise NotFound(NO_PLOT)

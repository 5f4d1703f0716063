"""What a status read is held against: the same question, asked of two other Flask applications.

`dictionary` keeps jobs in a dict behind a lock, as an application does that runs them in threads of its own;
`tutorial` asks Celery's `AsyncResult`, as the tutorials of Flask and Celery do.
"""

import os
import threading
from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

JOB_ID = "0b9c3f52-5f0e-4d3c-9a46-2f1c7a9b1e11"
PROGRESS: dict[str, Any] = {
    "status": "running",
    "progress": 41.5,
    "message": "Extracting text",
    "started_at": "2026-05-04T12:00:00Z",
}


def dictionary() -> Flask:
    """Return an application that keeps what it knows of jobs in a dict."""
    app, lock, jobs = Flask("dictionary"), threading.Lock(), {JOB_ID: dict(PROGRESS)}

    @app.get("/analysis_progress/<analysis_id>")
    def progress(analysis_id: str) -> ResponseReturnValue:
        with lock:
            if analysis_id not in jobs:
                return jsonify({"error": "Analysis not found"}), 404
            return jsonify(jobs[analysis_id])

    return app


def tutorial() -> Flask:
    """Return an application that reads a task's state as the tutorials do."""
    from celery import Celery

    address = os.environ["BENCH_RESULTS"]  # named with the class, because a socket's address does not say it
    celery = Celery("tutorial", backend=f"celery.backends.redis:RedisBackend+{address}")
    app = Flask("tutorial")

    @app.get("/status/<task_id>")
    def status(task_id: str) -> ResponseReturnValue:
        task = celery.AsyncResult(task_id)
        if task.state == "PENDING":
            return jsonify({"state": task.state, "current": 0, "total": 1, "status": "Pending..."})
        if task.state == "FAILURE":
            return jsonify({"state": task.state, "current": 1, "total": 1, "status": str(task.info)})
        response = {
            "state": task.state,
            "current": task.info.get("processed", 0),
            "total": task.info.get("total", 1),
            "status": task.info.get("message", ""),
        }
        if "result" in task.info:
            response["result"] = task.info["result"]
        return jsonify(response)

    return app

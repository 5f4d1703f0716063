"""The HTTP API: parse, authorise, call `jobs`, answer. Nothing here computes."""

import re
import uuid

from flask import Flask, Response, request

from api import (
    artifacts,
    compat,
    documents,
    errors,
    files,
    health,
    indexes,
    jobs,
    kinds,
    live,
    prune,
    search,
    sessions,
    tokens,
)
from api.openapi import Catalogue, document
from jobs.logs import request_id
from jobs.settings import settings

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
MOST_FORM_PARTS = 1_000
MOST_FORM_TEXT_BYTES = 100_000


def create_app() -> Flask:
    """Return the WSGI application."""
    app = Flask(__name__, static_folder=None)
    app.request_class = sessions.StreamingRequest
    app.config.update(
        MAX_CONTENT_LENGTH=settings().max_upload_bytes,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_TEXT_BYTES,
    )
    app.url_map.merge_slashes = False  # a doubled slash is another address, not a redirection
    settings().data.mkdir(parents=True, exist_ok=True, mode=0o700)
    errors.install(app)
    catalogue = Catalogue()
    for blueprint in (
        kinds.routes(catalogue),
        jobs.routes(catalogue),
        live.routes(catalogue),
        artifacts.routes(catalogue),
        sessions.routes(catalogue),
        indexes.routes(catalogue),
        search.routes(catalogue),
        documents.routes(catalogue),
        files.routes(catalogue),
        compat.routes(),
        health.routes(),
    ):
        app.register_blueprint(blueprint)
    described = document(catalogue.routes)
    app.add_url_rule(
        "/api/v1/openapi.json",
        "openapi",
        lambda: Response(described, content_type="application/vnd.oai.openapi+json;version=3.1"),
    )
    app.before_request(_name_the_request)
    app.after_request(_add_headers)
    app.cli.add_command(tokens.tokens)
    app.cli.add_command(prune.group)
    return app


def _name_the_request() -> None:
    """Give the request an id, the caller's if it sent a decent one; log lines and errors carry it."""
    given = request.headers.get("X-Request-ID", "")
    request_id.set(given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex)


def _add_headers(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id.get() or ""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response

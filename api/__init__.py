"""The HTTP API: parse, authorise, call `jobs`, answer. Nothing here computes."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from api import (
    archives,
    artifacts,
    changes,
    compat,
    documents,
    errors,
    files,
    front,
    health,
    indexes,
    jobs,
    kinds,
    links,
    live,
    me,
    metrics,
    pages,
    patience,
    plain,
    prune,
    search,
    sessions,
    tokens,
)
from api.description import document
from api.openapi import Catalogue
from jobs.settings import settings

MOST_FORM_PARTS = 1_000
MOST_FORM_TEXT_BYTES = 100_000


class Application(Flask):
    """Flask without asking of each function at each request whether it is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app() -> Flask:
    """Return the WSGI application."""
    app = Application(__name__, static_folder=None)
    app.request_class = sessions.StreamingRequest
    app.config.update(
        MAX_CONTENT_LENGTH=settings().max_upload_bytes,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_TEXT_BYTES,
    )
    app.url_map.merge_slashes = False  # a doubled slash is another address, not a redirection
    settings().data.mkdir(parents=True, exist_ok=True, mode=0o700)
    patience.install(app)
    metrics.install(app)
    front.install(app)
    errors.install(app)
    catalogue = Catalogue()
    for blueprint in (
        me.routes(catalogue),
        kinds.routes(catalogue),
        jobs.routes(catalogue),
        live.routes(catalogue),
        changes.routes(catalogue),
        artifacts.routes(catalogue),
        sessions.routes(catalogue),
        archives.routes(catalogue),
        links.routes(catalogue),
        indexes.routes(catalogue),
        search.routes(catalogue),
        documents.routes(catalogue),
        files.routes(catalogue),
        compat.routes(),
        health.routes(),
        metrics.routes(),
    ):
        app.register_blueprint(blueprint)
    routes = [*catalogue.routes, *plain.PLAIN]
    described = document(routes, server=settings().public_url)
    app.register_blueprint(pages.routes(described))
    app.cli.add_command(tokens.tokens)
    app.cli.add_command(prune.group)
    app.cli.add_command(links.group)
    return app

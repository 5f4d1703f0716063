"""Indexes over HTTP: what there is."""

from datetime import datetime

from flask import Blueprint, Response
from pydantic import BaseModel

from api import auth
from api.openapi import Catalogue, json_response
from jobs import folders
from jobs.errors import NotFound
from jobs.indexing.search import statistics


class IndexView(BaseModel):
    """An index."""

    name: str
    documents: int
    chunks: int
    bytes: int
    updated_at: datetime | None
    links: dict[str, str]


class IndexList(BaseModel):
    """Your indexes, by name."""

    items: list[IndexView]


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("indexes", __name__, url_prefix="/api/v1/indexes")
    auth.protect(blueprint)
    catalogue.add(blueprint, "", list_indexes, answers={200: IndexList})
    catalogue.add(blueprint, "/<name>", get_index, answers={200: IndexView})
    return blueprint


def _view(name: str) -> IndexView:
    found = statistics(folders.index_folder(auth.user().name, name))
    address = f"/api/v1/indexes/{name}"
    return IndexView(
        name=name,
        documents=found.documents,
        chunks=found.chunks,
        bytes=found.bytes,
        updated_at=found.updated_at,
        links={"self": address, "search": f"{address}/search"},
    )


def list_indexes() -> Response:
    """List your indexes"""
    views = []
    for name in folders.index_names(auth.user().name):
        try:
            views.append(_view(name))
        except NotFound:  # its first run has not committed anything yet
            continue
    return json_response(IndexList(items=views))


def get_index(name: str) -> Response:
    """Show an index"""
    return json_response(_view(name))

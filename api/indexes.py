"""Indexes over HTTP: what there is, and search."""

from datetime import datetime
from typing import Literal

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from api import auth
from api.openapi import Catalogue, Query, json_response
from jobs import folders
from jobs.errors import NotFound
from jobs.indexing.search import search, statistics

MOST_HITS = 100
LONGEST_QUERY = 10_000


class SearchQuery(Query):
    """A search."""

    q: str = Field(min_length=1, max_length=LONGEST_QUERY, description="What to look for.")
    mode: Literal["all", "any", "phrase", "prefix"] = "all"
    limit: int = Field(20, ge=1, le=MOST_HITS)
    offset: int = Field(0, ge=0, le=10_000)


class HitView(BaseModel):
    """A document that was found. `highlights` are safe HTML: nothing but <mark> is markup."""

    id: str
    path: str
    title: str
    score: float
    page: int | None
    highlights: list[str]
    bytes: int
    modified_at: datetime
    source: str


class SearchView(BaseModel):
    """What a search found, best first."""

    items: list[HitView]
    total: int
    took_ms: float


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
    catalogue.add(blueprint, "/<name>/search", search_index, query=SearchQuery, answers={200: SearchView})
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


def search_index(name: str, query: SearchQuery) -> Response:
    """Search an index"""
    folder = folders.index_folder(auth.user().name, name)
    found = search(folder, query.q, mode=query.mode, limit=query.limit, offset=query.offset)
    hits = [HitView(**{**vars(hit), "highlights": list(hit.highlights)}) for hit in found.hits]
    return json_response(SearchView(items=hits, total=found.total, took_ms=found.took_ms))

"""Indexes over HTTP as wholes: what there is and in which state, rename, remove."""

from datetime import datetime
from typing import Literal

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict, Field

from api import auth
from api.openapi import Catalogue, json_response
from jobs import folders, index_care, shared_indexes
from jobs.connection import reaching_redis, records_client
from jobs.errors import NotFound
from jobs.indexing.index.health import health
from jobs.indexing.index.overview import IndexStatistics, statistics_or_none
from jobs.indexing.vectors.overview import vector_statistics
from jobs.settings import settings

NOTHING = IndexStatistics(0, 0, 0, None, 0, 0, {}, {}, ())


class IndexItem(BaseModel):
    """An index in a list. `documents` and `chunks` are null where its list of files is damaged."""

    name: str
    documents: int | None
    chunks: int | None
    bytes: int
    updated_at: datetime | None
    links: dict[str, str]


class SourceView(BaseModel):
    """What an index holds of one source. `problems` are the files that were skipped or failed."""

    source: str
    documents: int
    chunks: int
    problems: int
    updated_at: datetime | None = Field(description="When a run on it last ended.")


class VectorsView(BaseModel):
    """What searches by meaning go by. `missing` passages are found by their words alone, so far."""

    model: str
    dimensions: int
    passages: int
    missing: int
    bytes: int


class IndexView(IndexItem):
    """An index, with its state and its numbers. Those that cannot be counted in a damaged one are null."""

    state: Literal["ok", "damaged", "outdated", "building"]
    detail: str | None = Field(description="What the state means, and what to do.")
    schema_version: int | None
    problems: int | None = Field(description="Files that were skipped or failed.")
    by_type: dict[str, int] = Field(description="Documents by format.")
    by_language: dict[str, int] = Field(description="Documents by language; '' where nobody knows it.")
    sources: list[SourceView]
    vectors: VectorsView | None = Field(description="Null where it can be searched by words alone.")


class IndexList(BaseModel):
    """Your indexes, by name, and how much room there is for them."""

    items: list[IndexItem]
    bytes: int = Field(description="What they take on the disk together.")
    most_bytes: int = Field(description="What they may take.")
    most_indexes: int = Field(description="How many there may be.")


class Rename(BaseModel):
    """What an index is to be called."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=folders.INDEX_NAME)


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("indexes", __name__, url_prefix="/api/v1/indexes")
    auth.protect(blueprint)
    catalogue.add(blueprint, "", list_indexes, answers={200: IndexList})
    catalogue.add(blueprint, "/<name>", get_index, answers={200: IndexView})
    catalogue.add(blueprint, "/<name>", rename_index, method="PATCH", body=Rename, answers={200: IndexView})
    catalogue.add(blueprint, "/<name>", delete_index, method="DELETE", answers={204: "It is removed."})
    catalogue.add(
        blueprint,
        "/<name>/sources/<path:source>",
        delete_source,
        method="DELETE",
        answers={204: "Its documents have left the index."},
    )
    return blueprint


def list_indexes() -> Response:
    """List your indexes"""
    owner, items = auth.user().name, []
    for name in shared_indexes.names(owner):
        try:
            items.append(IndexItem(**_numbers(name, _counted(owner, name))))
        except NotFound:  # its first run has not committed anything yet
            continue
    limits = settings()
    return json_response(
        IndexList(
            items=items,
            bytes=index_care.used_bytes(owner),
            most_bytes=limits.index_bytes_per_user,
            most_indexes=limits.indexes_per_user,
        )
    )


def get_index(name: str) -> Response:
    """Show an index, its state and its numbers"""
    return json_response(_view(name))


def rename_index(name: str, body: Rename) -> Response:
    """Give an index another name"""
    with reaching_redis():
        index_care.rename_index(records_client(), auth.user().name, name, body.name)
    return json_response(_view(body.name))


def delete_index(name: str) -> Response:
    """Remove an index; the files that it was made of stay"""
    with reaching_redis():
        index_care.delete_index(records_client(), auth.user().name, name)
    return Response(status=204)


def delete_source(name: str, source: str) -> Response:
    """Take all documents of one source out of an index"""
    with reaching_redis():
        index_care.remove_source(records_client(), auth.user().name, name, source)
    return Response(status=204)


def _view(name: str) -> IndexView:
    owner = auth.user().name
    folder = shared_indexes.readable(owner, name)
    found, vectors = health(folder), vector_statistics(folder)
    try:
        counted = _counted(owner, name)
    except NotFound:
        counted = NOTHING if found.state == "building" else None
    return IndexView(
        **_numbers(name, counted),
        state=found.state,
        detail=found.detail,
        schema_version=None if counted is None else counted.schema_version,
        problems=None if counted is None else counted.problems,
        by_type={} if counted is None else dict(counted.by_type),
        by_language={} if counted is None else dict(counted.by_language),
        sources=[] if counted is None else [SourceView(**vars(one)) for one in counted.sources],
        vectors=None if vectors is None else VectorsView(**vars(vectors)),
    )


def _counted(owner: str, name: str) -> IndexStatistics | None:
    return statistics_or_none(shared_indexes.readable(owner, name))


def _numbers(name: str, counted: IndexStatistics | None) -> dict[str, object]:
    address = f"/api/v1/indexes/{name}"
    return {
        "name": name,
        "documents": None if counted is None else counted.documents,
        "chunks": None if counted is None else counted.chunks,
        "bytes": shared_indexes.size(auth.user().name, name) if counted is None else counted.bytes,
        "updated_at": None if counted is None else counted.updated_at,
        "links": {"self": address, "search": f"{address}/search"},
    }

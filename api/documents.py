"""The documents of an index over HTTP: what each is, its text, and those like it."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request
from pydantic import BaseModel, Field

from api import auth
from api.openapi import Catalogue, Query, json_response
from api.search import LONGEST_QUERY, AboutView, SearchMode, links_of
from jobs import shared_indexes
from jobs.indexing.search import documents

MOST_PARTS = 1_000
MOST_SIMILAR = 50


class TextQuery(Query):
    """Which part of a document's text to give, and which words to mark in it."""

    q: str | None = Field(None, min_length=1, max_length=LONGEST_QUERY, description="As for a search.")
    mode: SearchMode = Field("all", description="As for a search; `hybrid` marks any of the words.")
    begin: int = Field(0, ge=0, le=10**9, description="Number of the first part.")
    limit: int = Field(100, ge=1, le=MOST_PARTS, description="Parts, of at most some 1,200 characters each.")


class SimilarQuery(Query):
    """How many similar documents to give."""

    limit: int = Field(10, ge=1, le=MOST_SIMILAR)


class DocumentView(AboutView):
    """A document of an index. `pages` is the number of its last page, null where it has none."""

    index: str
    passages: int
    pages: int | None
    links: dict[str, str]


class TextPartView(BaseModel):
    """A part of a text, in reading order, as safe HTML: nothing but <mark> is markup.

    A part that `continues` goes on within the paragraph of the part before; else a new paragraph begins.
    """

    number: int
    page: int | None
    label: str | None
    html: str
    continues: bool


class TextView(BaseModel):
    """Text of a document; no word of it twice."""

    items: list[TextPartView]
    next: str | None = Field(description="The address of what follows.")


class SimilarView(AboutView):
    """A document like another. `score` compares those of one list."""

    score: float
    links: dict[str, str]


class SimilarList(BaseModel):
    """Documents like another, the most alike first."""

    items: list[SimilarView]


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("documents", __name__, url_prefix="/api/v1/indexes/<name>/documents/<document_id>")
    auth.protect(blueprint)
    catalogue.add(blueprint, "", get_document, answers={200: DocumentView})
    catalogue.add(blueprint, "/text", document_text, query=TextQuery, answers={200: TextView})
    catalogue.add(blueprint, "/similar", similar_documents, query=SimilarQuery, answers={200: SimilarList})
    return blueprint


def get_document(name: str, document_id: str) -> Response:
    """Show a document of an index"""
    found = documents.document(shared_indexes.readable(auth.user().name, name), document_id)
    view = DocumentView(
        **vars(found.about),
        index=name,
        passages=found.passages,
        pages=found.pages,
        links=links_of(name, document_id),
    )
    return json_response(view)


def document_text(name: str, document_id: str, query: TextQuery) -> Response:
    """Give the text of a document, with the words of a query marked"""
    found = documents.text(
        shared_indexes.readable(auth.user().name, name),
        document_id,
        query.q,
        mode="any" if query.mode == "hybrid" else query.mode,
        begin=query.begin,
        limit=query.limit,
    )
    following = None
    if found.next is not None:
        kept = request.args.to_dict() | {"begin": str(found.next)}
        following = f"{request.path}?{urlencode(kept)}"
    items = [TextPartView(**vars(part)) for part in found.parts]
    return json_response(TextView(items=items, next=following))


def similar_documents(name: str, document_id: str, query: SimilarQuery) -> Response:
    """Find documents that are like one"""
    folder = shared_indexes.readable(auth.user().name, name)
    items = [
        SimilarView(**vars(one.about), score=one.score, links=links_of(name, one.about.id))
        for one in documents.similar(folder, document_id, limit=query.limit)
    ]
    return json_response(SimilarList(items=items))

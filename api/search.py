"""Search over HTTP, in one index or in several."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from api import auth
from api.errors import ErrorItem, Invalid
from api.openapi import Catalogue, Query, json_response
from jobs import embeddings, shared_indexes
from jobs.errors import BadInput, UnusableQuery
from jobs.indexing.search.hits import Filters, Hit, SearchResult, Wanted, search_all
from jobs.indexing.vectors.embedder import Embedder

MOST_HITS = 100
MOST_HIGHLIGHTS = 5
MOST_INDEXES = 16
MOST_VALUES = 100
NONE = "-"  # of a filter: documents that have no such value
LONGEST_QUERY = 4_000  # what the engine takes

Mode = Literal["all", "any", "phrase", "prefix", "fuzzy"]
SearchMode = Literal[Mode, "hybrid"]


def _split(values: Any) -> Any:
    """Take several values in one parameter, with commas between them."""
    if not isinstance(values, list):
        return values
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _with_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Listed = BeforeValidator(_split)
Moment = Annotated[datetime, AfterValidator(_with_zone)]


class SearchQuery(Query):
    """A search. Times without a zone are UTC; a date is its midnight."""

    q: str = Field(
        min_length=1,
        max_length=LONGEST_QUERY,
        description='What to look for: words, "phrases", -words, word*, word~, '
        "title: author: path: ext: lang: with a value.",
    )
    mode: SearchMode = Field(
        "all",
        description="What a document must have of the words; or `hybrid`: all words, or else any, or else "
        "none but a similar meaning, where an embeddings endpoint is configured.",
    )
    ext: Annotated[tuple[str, ...], Listed] = Field(
        (), max_length=MOST_VALUES, description="Endings of file names; `-` for none."
    )
    language: Annotated[tuple[str, ...], Listed] = Field(
        (), max_length=MOST_VALUES, description="Codes of ISO 639-1; `-` for an unknown one."
    )
    author: tuple[str, ...] = Field((), max_length=MOST_VALUES, description="Whole names; `-` for none.")
    source: tuple[str, ...] = Field((), max_length=MOST_VALUES)
    folder: str | None = Field(None, max_length=4_096, description="This folder and those below it.")
    modified_after: Moment | None = None
    modified_before: Moment | None = None
    created_after: Moment | None = None
    created_before: Moment | None = None
    sort: Literal["relevance", "-modified", "modified", "path", "title"] = "relevance"
    limit: int = Field(20, ge=1, le=MOST_HITS)
    cursor: str | None = Field(None, max_length=4_096, description="From the `next` of the page before.")
    facets: Annotated[tuple[Literal["ext", "folder", "language", "author", "source"], ...], Listed] = ()
    highlights: int = Field(1, ge=1, le=MOST_HIGHLIGHTS, description="Passages shown of each document.")


class SearchAllQuery(SearchQuery):
    """A search in several indexes."""

    index: Annotated[tuple[str, ...], Listed] = Field(
        min_length=1, max_length=MOST_INDEXES, description="Names of your indexes."
    )


class PartView(BaseModel):
    """A passage that was found, and where it is. `highlight` is safe HTML."""

    highlight: str
    page: int | None
    label: str | None


class AboutView(BaseModel):
    """A document, without its text. `created_at` is the date that it bears."""

    id: str
    path: str
    source: str
    title: str
    author: str
    language: str
    bytes: int
    modified_at: datetime
    created_at: datetime | None


class HitView(AboutView):
    """A document that was found. `highlights` are safe HTML: nothing but <mark> is markup."""

    index: str
    score: float | None = Field(description="Compares hits of one index; null unless they are sorted by it.")
    page: int | None
    highlights: list[str]
    passages: list[PartView]
    links: dict[str, str]


class FacetView(BaseModel):
    """One value, and how many of all documents found have it; the value "" for those that have none."""

    value: str
    count: int


class SearchView(BaseModel):
    """What a search found.

    `total` counts all documents found, exactly. `changed` tells that an index was written since the page
    before: a document whose place has changed may come twice, or never.
    """

    items: list[HitView]
    total: int
    facets: dict[str, list[FacetView]]
    suggestion: str | None = Field(description="The query without what may be misspelt.")
    next: str | None = Field(description="The address of the page that follows.")
    changed: bool
    took_ms: float
    warnings: list[str] = Field(
        description="What a search by meaning could not do; what one that takes too much time left out."
    )


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("search", __name__, url_prefix="/api/v1")
    auth.protect(blueprint)
    answers: dict[int, type[BaseModel] | str] = {200: SearchView}
    catalogue.add(blueprint, "/indexes/<name>/search", search_index, query=SearchQuery, answers=answers)
    catalogue.add(blueprint, "/search", search_indexes, query=SearchAllQuery, answers=answers)
    return blueprint


def search_index(name: str, query: SearchQuery) -> Response:
    """Search an index"""
    return json_response(_found([name], query))


def search_indexes(query: SearchAllQuery) -> Response:
    """Search several indexes at once"""
    return json_response(_found(query.index, query))


def _found(names: Sequence[str], query: SearchQuery) -> SearchView:
    owner = auth.user().name
    indexes = {name: shared_indexes.readable(owner, name) for name in names}
    try:
        result = search_all(indexes, query.q, _wanted(query))
    except UnusableQuery:
        raise
    except BadInput as error:
        raise Invalid("query", [ErrorItem(parameter="cursor", detail=str(error))]) from error
    return _view(result)


def _wanted(query: SearchQuery) -> Wanted:
    asked = {name: getattr(query, name) for name in Filters.__dataclass_fields__}
    for name in ("ext", "language", "author"):
        asked[name] = tuple("" if value == NONE else value for value in asked[name])
    filters = Filters(**asked)
    same = {name: getattr(query, name) for name in ("sort", "limit", "cursor", "facets", "highlights")}
    if query.mode == "hybrid":
        return Wanted(**same, filters=filters, embedder=_embedder())
    return Wanted(**same, filters=filters, mode=query.mode)


def _embedder() -> Embedder:
    found = embeddings.embedder()
    if found is None:
        detail = "There are no searches by meaning here, for no embeddings endpoint is configured; use `all`."
        raise Invalid("query", [ErrorItem(parameter="mode", detail=detail)])
    return found


def _view(result: SearchResult) -> SearchView:
    following = None
    if result.next is not None:
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
        following = f"{request.path}?{urlencode([*kept, ('cursor', result.next)])}"
    counted = {
        name: [FacetView(value=value, count=count) for value, count in values]
        for name, values in result.facets.items()
    }
    return SearchView(
        items=[_hit(hit) for hit in result.hits],
        total=result.total,
        facets=counted,
        suggestion=result.suggestion,
        next=following,
        changed=result.changed,
        took_ms=result.took_ms,
        warnings=[*result.warnings],
    )


def _hit(hit: Hit) -> HitView:
    parts = [PartView(**vars(part)) for part in hit.passages]
    same = {name: getattr(hit, name) for name in (*AboutView.model_fields, "index", "score", "page")}
    return HitView(**same, highlights=[*hit.highlights], passages=parts, links=links_of(hit.index, hit.id))


def links_of(index: str, document: str) -> dict[str, str]:
    """Give the addresses of a document."""
    address = f"/api/v1/indexes/{index}/documents/{document}"
    return {"self": address, "text": f"{address}/text", "similar": f"{address}/similar"}

"""The kinds of job over HTTP: what may be submitted, and all that a form for it needs."""

import hashlib
import re
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, Field, create_model
from werkzeug.exceptions import MethodNotAllowed

from api import auth
from api.openapi import Catalogue, View
from jobs.celery import kinds
from jobs.errors import NotFound
from jobs.job import Job

_UUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
PREFIX = "/api/v1/kinds"
UNCHANGED = "Nothing has changed."


class KindSummary(BaseModel):
    """A kind of job."""

    name: str
    title: str
    queue: str = Field(description="Which queue its jobs wait in.")
    links: dict[str, str] = Field(description="`self`, and `submit`, where jobs of it are posted.")


class KindList(BaseModel):
    """The kinds of job, by name."""

    items: list[KindSummary]


class Kind(KindSummary):
    """A kind of job, what it takes, and what it offers."""

    params: dict[str, Any] = Field(description="JSON Schema (draft 2020-12) of the body that `submit` takes.")
    retries_failed: bool = Field(description="Whether a job can try again just what failed.")


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint; each kind has a route of its own, with what it alone offers in its answer."""
    blueprint = Blueprint("kinds", __name__, url_prefix=PREFIX)
    auth.protect(blueprint)
    found = sorted(kinds().items())
    summaries = [_summary(kind) for _, kind in found]
    catalogue.add(
        blueprint,
        "",
        _view(KindList(items=summaries), "List the kinds of job"),
        answers={200: KindList, 304: UNCHANGED},
        name="list_kinds",
    )
    for name, kind in found:
        told = _told(kind)
        catalogue.add(
            blueprint,
            f"/{name}",
            _view(told, f"Show what the kind {name} takes and offers"),
            answers={200: type(told), 304: UNCHANGED},
            name=f"kind_{name}",
        )
    blueprint.add_url_rule("/<kind>", "unknown_kind", unknown)
    return blueprint


def _summary(kind: Job) -> KindSummary:
    return KindSummary(
        name=kind.kind,
        title=(kind.__doc__ or kind.kind).strip().partition("\n")[0].rstrip("."),
        queue=kind.queue_name,
        links={"self": f"{PREFIX}/{kind.kind}", "submit": f"/api/v1/jobs/{kind.kind}"},
    )


def _told(kind: Job) -> Kind:
    """Return what is told of a kind; what it offers besides has a schema of its own."""
    members: dict[str, Any] = {
        **_summary(kind).model_dump(),
        "params": kind.params.model_json_schema(),
        "retries_failed": kind.retries_failed,
    }
    offered = type(kind).about
    if offered is None:
        return Kind(**members)
    about = offered()
    name = f"{kind.kind.capitalize()}Kind"
    model = create_model(name, __base__=Kind, __doc__=Kind.__doc__, about=(type(about), ...))
    return model(**members, about=about)


def _view(told: BaseModel, summary: str) -> View:
    """Return a view of what stays as it is while the process lives."""
    content = told.model_dump_json()
    etag = hashlib.sha256(content.encode()).hexdigest()[:32]

    def show() -> Response:
        response = Response(content, content_type="application/json")
        response.set_etag(etag)
        response.headers["Cache-Control"] = "private, no-cache"
        response.make_conditional(request)
        return response

    show.__doc__ = summary
    return show


def unknown(kind: str) -> Response:
    """Refuse the name of a kind that there is not, with those that there are."""
    if request.method == "POST" and _UUID.fullmatch(kind):
        raise MethodNotAllowed(["DELETE", "GET", "HEAD", "OPTIONS"], "Nothing is posted to a job itself.")
    raise NotFound(f"There is no kind of job {kind!r}; there are {', '.join(sorted(kinds()))}.")

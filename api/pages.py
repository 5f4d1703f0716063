"""The documents for people: the API's description, and what each type of problem means.

Everything on these pages comes with them: they load nothing, run nothing, and can be read without JavaScript.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import orjson
from flask import Blueprint, Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import default_exceptions

from api import reference
from api.errors import slug_of
from api.explanations import EXPLANATIONS, Explanation
from jobs.errors import LonghaulError, NotFound

TEMPLATES: Final = Path(__file__).parent / "templates"
STYLE: Final = TEMPLATES / "style.css"
OPENAPI_TYPE: Final = "application/vnd.oai.openapi+json;version=3.1"
# Errors of HTTP itself that a route may answer with; for all others there are types of ours.
ANSWERED: Final = frozenset({400, 404, 405, 408, 415, 416})


@dataclass(frozen=True)
class ProblemType:
    """A type of problem as its page shows it."""

    slug: str
    title: str
    status: int
    what: str
    explanation: Explanation


def routes(described: bytes) -> Blueprint:
    """Return the blueprint; it needs no token.

    Parameters
    ----------
    described : bytes
        The OpenAPI document as JSON.
    """
    blueprint = Blueprint("pages", __name__)
    page = _rendered("docs.html", **reference.of(orjson.loads(described)))
    blueprint.add_url_rule(
        "/api/v1/openapi.json", "openapi", lambda: _lasting(described, OPENAPI_TYPE), methods=["GET"]
    )
    blueprint.add_url_rule("/docs", "docs", lambda: _page(page), methods=["GET"])
    blueprint.add_url_rule("/problems", "problem_list", _problem_list, methods=["GET"])
    blueprint.add_url_rule("/problems/<slug>", "problem_page", _problem_page, methods=["GET"])
    return blueprint


def problem_types() -> Mapping[str, ProblemType]:
    """Return every type of problem that an answer may name, by its slug; ours before HTTP's own."""
    found: dict[str, ProblemType] = {}
    for kind in _kinds():
        what, _, more = (kind.__doc__ or "").strip().partition("\n\n")
        explained = EXPLANATIONS.get(kind.slug) or Explanation(more)
        found.setdefault(kind.slug, ProblemType(kind.slug, kind.title, kind.status, what, explained))
    for code, error in default_exceptions.items():
        slug = slug_of(error)
        if slug not in found and code in ANSWERED:
            explained = EXPLANATIONS.get(slug, Explanation())
            what = (error.description or "").strip()
            found[slug] = ProblemType(slug, HTTPStatus(code).phrase, code, what, explained)
    return dict(sorted(found.items()))


def _kinds(kind: type[LonghaulError] = LonghaulError) -> Iterator[type[LonghaulError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _kinds(child)


def _problem_list() -> Response:
    return _page(_rendered("problems.html", problems=list(problem_types().values())))


def _problem_page(slug: str) -> Response:
    found = problem_types().get(slug)
    if found is None:
        raise NotFound("There is no problem type of this name; /problems lists them all.")
    return _page(_rendered("problem.html", problem=found))


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = reference.prose
    return environment


def _rendered(template: str, **values: Any) -> str:
    style = Markup(STYLE.read_text())  # noqa: S704 - a file of ours, not of a user
    return _templates().get_template(template).render(style=style, **values)


@cache
def _policy() -> str:
    """Return the policy of a page: its own style sheet, which its hash names, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.read_bytes()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _page(text: str) -> Response:
    response = _lasting(text.encode(), "text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _policy()
    return response


def _lasting(content: bytes, content_type: str) -> Response:
    """Return what stays as it is while this process lives; clients look whether it is still the same."""
    response = Response(content, content_type=content_type)
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response

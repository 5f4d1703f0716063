"""Routes that validate what comes in; the OpenAPI document is made from the same declarations.

What a declaration says is what a view takes and gives. What HTTP carries around it - headers, errors, media
types, links - stands in api/contract.py; api/description.py makes the document of both.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response
from pydantic import BaseModel

from api.strict import Query, body_of, query_of

__all__ = ["Catalogue", "Query", "Route", "View", "json_response"]

View = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """One declared route. `answers` maps a status to the model of its JSON, or to words for anything else."""

    path: str
    method: str
    name: str
    summary: str
    description: str
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    upload: str | None
    answers: Mapping[int, type[BaseModel] | str]
    is_public: bool = False  # needs no token
    is_strict: bool = True  # refuses query parameters that it does not know


@dataclass
class Catalogue:
    """The routes of one application, in the order of their declaration."""

    routes: list[Route] = field(default_factory=list)

    def add(  # noqa: PLR0913 - one declaration says all of a route; each member but the first three by name
        self,
        blueprint: Blueprint,
        path: str,
        view: View,
        *,
        answers: Mapping[int, type[BaseModel] | str],
        method: str = "GET",
        query: type[BaseModel] | None = None,
        body: type[BaseModel] | None = None,
        upload: str | None = None,
        name: str | None = None,
    ) -> None:
        """Serve `view` at `path`; it gets the validated `query` and `body` as keywords.

        Parameters
        ----------
        upload : str, optional
            Media type of a request body that the view reads itself.
        name : str, optional
            The operation's name, by default the view's.
        """
        name = name or view.__name__
        summary, _, description = (inspect.getdoc(view) or "").partition("\n")
        self.routes.append(
            Route(
                (blueprint.url_prefix or "") + path,
                method,
                name,
                summary.rstrip("."),
                description.strip(),
                query,
                body,
                upload,
                answers,
            )
        )

        @functools.wraps(view)
        def validated(**values: Any) -> Response:
            parameters = query_of(query or Query)
            if query is not None:
                values["query"] = parameters
            if body is not None:
                values["body"] = body_of(body)
            return view(**values)

        blueprint.add_url_rule(path, endpoint=name, view_func=validated, methods=[method])


def json_response(model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a model as a JSON response."""
    return Response(model.model_dump_json(), status, headers=headers, content_type="application/json")

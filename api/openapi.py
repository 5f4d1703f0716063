"""Routes that validate what comes in, and the OpenAPI 3.1 document made from the same declarations."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_origin

import orjson
from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.json_schema import models_json_schema
from werkzeug.exceptions import UnsupportedMediaType

from api.errors import ErrorItem, Invalid, ProblemDocument

MOST_BODY_BYTES = 1_000_000  # of a JSON body: parameters, never data
VERSION = "1.0.0"

View = Callable[..., Response]


class Query(BaseModel):
    """Query parameters; unknown ones are refused by name. A tuple may be given several times."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Route:
    """One declared route. `answers` maps a status to the model of its JSON, or to words for anything else."""

    path: str
    method: str
    name: str
    summary: str
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    upload: str | None
    answers: Mapping[int, type[BaseModel] | str]


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
        summary = (inspect.getdoc(view) or "").partition("\n")[0]
        full_path = (blueprint.url_prefix or "") + path
        self.routes.append(Route(full_path, method, name, summary, query, body, upload, answers))

        @functools.wraps(view)
        def validated(**values: Any) -> Response:
            parameters = _query(query or Query)
            if query is not None:
                values["query"] = parameters
            if body is not None:
                values["body"] = _body(body)
            return view(**values)

        blueprint.add_url_rule(path, endpoint=name, view_func=validated, methods=[method])


def _query(model: type[BaseModel]) -> BaseModel:
    lists = {name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple}
    values: dict[str, str | list[str]] = {}
    items = []
    for name, given in request.args.lists():
        if name in lists:
            values[name] = given
        elif len(given) > 1:
            items.append(ErrorItem(parameter=name, detail="this parameter is given more than once"))
        else:
            values[name] = given[0]
    if items:
        raise Invalid("query", sorted(items, key=lambda item: item.parameter or ""))
    try:
        # Lists are no strings to pydantic; where there are none it need not guess what a string means.
        return model.model_validate(values) if lists else model.model_validate_strings(values)
    except ValidationError as error:
        raise Invalid("query", _items(error, "parameter")) from error


def _body(model: type[BaseModel]) -> BaseModel:
    if not request.headers.get("Content-Type") and not request.content_length and not _required(model):
        return model()
    if not request.is_json:
        raise UnsupportedMediaType("This request takes application/json.")
    request.max_content_length = MOST_BODY_BYTES
    try:
        return model.model_validate_json(request.get_data(cache=False), strict=True)
    except ValidationError as error:
        raise Invalid("body", _items(error, "body")) from error


def _required(model: type[BaseModel]) -> bool:
    """Return whether a body must say something."""
    return any(field.is_required() for field in model.model_fields.values())


def _items(error: ValidationError, where: str) -> list[ErrorItem]:
    """Return one item a fault, which says where it is and what is wrong, and never repeats the value."""
    items = []
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        detail = "there is no such member" if fault["type"] == "extra_forbidden" else fault["msg"]
        if where == "parameter":
            items.append(ErrorItem(parameter="/".join(map(str, fault["loc"])), detail=detail))
        else:
            items.append(ErrorItem(pointer="".join(f"/{part}" for part in fault["loc"]), detail=detail))
    return items


def json_response(model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a model as a JSON response."""
    return Response(model.model_dump_json(), status, headers=headers, content_type="application/json")


def document(routes: list[Route]) -> bytes:
    """Return the OpenAPI 3.1 document of `routes` as JSON."""
    models: set[type[BaseModel]] = {ProblemDocument}
    for route in routes:
        candidates = (route.body, *route.answers.values())
        models |= {model for model in candidates if isinstance(model, type) and issubclass(model, BaseModel)}
    ordered = sorted(models, key=lambda model: model.__name__)
    references, definitions = models_json_schema(
        [(model, "validation") for model in ordered], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", route.path)
        operation = _operation(route, path, lambda model: references[(model, "validation")])
        paths.setdefault(path, {})[route.method.lower()] = operation
    return orjson.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Longhaul", "version": VERSION},
            "paths": paths,
            "components": {
                "schemas": definitions["$defs"],
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
            "security": [{"token": []}],
        }
    )


def _operation(route: Route, path: str, reference: Callable[[type[BaseModel]], Any]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{([^}]+)}", path)
    ]
    if route.query is not None:
        schema = route.query.model_json_schema()
        required = schema.get("required", [])
        parameters += [
            {"name": name, "in": "query", "required": name in required, "schema": member}
            for name, member in schema["properties"].items()
        ]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": parameters,
        "responses": {str(status): _answer(answer, reference) for status, answer in route.answers.items()},
    }
    operation["responses"]["default"] = {
        "description": "What went wrong.",
        "content": {"application/problem+json": {"schema": reference(ProblemDocument)}},
    }
    if route.body is not None:
        content = {"application/json": {"schema": reference(route.body)}}
        operation["requestBody"] = {"required": _required(route.body), "content": content}
    if route.upload is not None:
        operation["requestBody"] = {"required": True, "content": {route.upload: {}}}
    return operation


def _answer(answer: type[BaseModel] | str, reference: Callable[[type[BaseModel]], Any]) -> dict[str, Any]:
    if isinstance(answer, str):
        return {"description": answer}
    content = {"application/json": {"schema": reference(answer)}}
    return {"description": (inspect.getdoc(answer) or "").partition("\n")[0], "content": content}

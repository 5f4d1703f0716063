"""The OpenAPI 3.1 document: made from what routes declare and from api/contract.py."""

import inspect
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

import orjson
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from api import scopes
from api.contract import LINKS, TAGS, ErrorType, Facts, Link, errors_of, facts_of, tag_of
from api.errors import ProblemDocument, slug_of, title_of
from api.headers import ANSWER_HEADERS, REQUEST_HEADERS, Parameter, path_parameter
from api.openapi import Route
from api.plain import OldError
from api.strict import is_required
from jobs import errors
from jobs.status import JobStatus
from jobs.users import ALL_SCOPES

VERSION: Final = "1.0.0"
JSON, PROBLEM, EVENTS = "application/json", "application/problem+json", "text/event-stream"
ABOUT: Final = """Long jobs that people and programs can watch: statistical analysis and document indexing.

**Sign in** with `Authorization: Bearer lh_...`. What is somebody else's answers exactly like what does not
exist.

**Errors** are RFC 9457 problems, `application/problem+json`: `type` is the address of a page that explains
it, `detail` says what was wrong with what you sent, `errors` names each member (`pointer`) or query parameter
(`parameter`) at fault, `request_id` is what an operator finds it by.

**JSON is read strictly**: a number is a number, `"5"` is none, and members and query parameters that nobody
knows are refused by name. Times are RFC 3339 in UTC. `Accept` is not looked at: each address has one form,
but for those that say otherwise.
"""
Json = dict[str, Any]
_PLACE: Final = re.compile(r"<(?:[^:>]+:)?([^>]+)>")


class Schemas:
    """The models of a document, each in the mode that it is used in."""

    def __init__(self, routes: Iterable[Route]) -> None:
        wanted: set[tuple[type[BaseModel], JsonSchemaMode]] = {
            (ProblemDocument, "serialization"),
            (OldError, "serialization"),
        }
        for route in routes:
            if route.body is not None:
                wanted.add((route.body, "validation"))
            wanted |= {
                (model, "serialization") for model in route.answers.values() if not isinstance(model, str)
            }
        ordered = sorted(wanted, key=lambda pair: (pair[0].__name__, pair[1]))
        self._references, definitions = models_json_schema(
            ordered, ref_template="#/components/schemas/{model}"
        )
        self.definitions: Json = definitions["$defs"]

    def of(self, model: Any, mode: JsonSchemaMode = "serialization") -> Any:
        """Return the reference to a model."""
        return self._references[(model, mode)]


def document(routes: Iterable[Route], *, server: str | None = None) -> bytes:
    """Return the OpenAPI 3.1 document of `routes` as JSON.

    Parameters
    ----------
    server : str, optional
        The service's public address; without one addresses are relative to the document's.
    """
    listed = list(routes)
    schemas = Schemas(listed)
    paths: dict[str, Json] = {}
    for route in listed:
        paths.setdefault(address_of(route), {})[route.method.lower()] = _operation(route, schemas)
    return orjson.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Longhaul",
                "version": VERSION,
                "summary": "Statistical analysis and document indexing as jobs that can be watched.",
                "description": ABOUT,
            },
            "servers": [{"url": server or "/", "description": "This service."}],
            "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
            "paths": paths,
            "components": {
                "schemas": schemas.definitions,
                "headers": {name: _header(one) for name, one in ANSWER_HEADERS.items()},
                "securitySchemes": {
                    "token": {
                        "type": "http",
                        "scheme": "bearer",
                        "bearerFormat": "lh_ and 43 characters",
                        "description": "Made by `flask --app api tokens create <user>`. What an operation "
                        "lists is the scope that a token needs, if it has scopes; to write includes to read.",
                    }
                },
            },
            "security": [{"token": []}],
        }
    )


def address_of(route: Route) -> str:
    """Return a route's address as OpenAPI writes it."""
    return _PLACE.sub(r"{\1}", route.path)


def _operation(route: Route, schemas: Schemas) -> Json:
    facts = facts_of(route.name)
    responses = {
        str(status): _answer(route, facts, status, answer, schemas)
        for status, answer in _answers(route, facts)
    }
    for status, kinds in sorted(errors_of(route).items()):
        responses.setdefault(str(status), _error(route, status, kinds, schemas))
    if route.query is not None:
        responses["414"] = {"description": "The address is too long; the server says so without a body."}
    operation: Json = {
        "operationId": route.name,
        "tags": [tag_of(route.path)],
        "summary": route.summary,
        "description": route.description or f"{route.summary}.",
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_headers(facts)],
        "responses": responses,
    }
    if (body := _body(route, facts, schemas)) is not None:
        operation["requestBody"] = body
    need = scopes.needed(route.path, route.method)
    operation["security"] = [] if route.is_public else [{"token": [need] if need in ALL_SCOPES else []}]
    return operation


def _answers(route: Route, facts: Facts) -> Iterable[tuple[int, type[BaseModel] | str]]:
    yield from route.answers.items()
    if "Range" in facts.reads and 206 not in route.answers:
        yield 206, "The bytes that were asked for."
    if route.method == "GET" and "If-None-Match" in facts.reads and 304 not in route.answers:
        yield 304, "Nothing has changed."


def _answer(route: Route, facts: Facts, status: int, answer: type[BaseModel] | str, schemas: Schemas) -> Json:
    told: Json = {"headers": _told(("X-Request-ID", *facts.tells.get(status, ())))}
    if not isinstance(answer, str):
        told["description"] = (inspect.getdoc(answer) or "").partition("\n")[0]
        told["content"] = {JSON: {"schema": schemas.of(answer)}}
        if route.name in ("healthz", "readyz"):
            told["content"]["text/plain"] = {"schema": {"type": "string"}}
    else:
        told["description"] = answer
        if media := facts.media.get(status):
            told["content"] = {name: _medium(name, schemas) for name in media}
    if links := LINKS.get((route.name, status)):
        told["links"] = {link.operation: _link(link) for link in links}
    return told


def _medium(media_type: str, schemas: Schemas) -> Json:
    """Return what is said of an answer that is no JSON of a model; a file of bytes has no schema."""
    if media_type == EVENTS:
        data = {"type": "string", "contentMediaType": JSON, "contentSchema": schemas.of(JobStatus)}
        members = {"id": {"type": "string"}, "event": {"enum": ["progress", "end"]}, "data": data}
        told = "Each event. The one called `end` is the last."
        return {"schema": {"type": "object", "description": told, "properties": members}}
    if media_type.endswith("json"):
        return {"schema": {}}
    return {"schema": {"type": "string"}} if media_type.startswith("text/") else {}


def _link(link: Link) -> Json:
    told: Json = {"operationId": link.operation, "parameters": dict(link.parameters)}
    return told if link.body is None else told | {"requestBody": dict(link.body)}


def _error(route: Route, status: int, kinds: Iterable[ErrorType], schemas: Schemas) -> Json:
    names = {HTTPStatus.UNAUTHORIZED: "WWW-Authenticate", HTTPStatus.SERVICE_UNAVAILABLE: "Retry-After"}
    headers = ["X-Request-ID", *([names[HTTPStatus(status)]] if status in names else [])]
    if any(kind is errors.NotReady for kind in kinds) or status in (408, 429):
        headers.append("Retry-After")
    told = "; ".join(dict.fromkeys(f"{title_of(kind)} (`{slug_of(kind)}`)" for kind in kinds))
    if tag_of(route.path) == "Previous application":
        content: Json = {JSON: {"schema": schemas.of(OldError)}}
    else:
        types = [f"/problems/{slug_of(kind)}" for kind in kinds]
        narrowed = {"properties": {"type": {"enum": types}, "status": {"const": status}}}
        content = {PROBLEM: {"schema": {"allOf": [schemas.of(ProblemDocument), narrowed]}}}
    return {"description": told, "headers": _told(headers), "content": content}


def _told(names: Iterable[str]) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(parameter: Parameter) -> Json:
    return {"description": parameter.description, "schema": dict(parameter.schema)}


def _parameter(name: str, where: str, parameter: Parameter, *, required: bool) -> Json:
    told: Json = {"name": name, "in": where, "required": required, **_header(parameter)}
    return told if parameter.example is None else told | {"example": parameter.example}


def _path_parameters(route: Route) -> Iterable[Json]:
    for name in _PLACE.findall(route.path):
        yield _parameter(name, "path", path_parameter(route.path, name), required=True)


def _headers(facts: Facts) -> Iterable[Json]:
    for name in facts.reads:
        yield _parameter(name, "header", REQUEST_HEADERS[name], required=False)


def _query_parameters(route: Route) -> Iterable[Json]:
    if route.query is None:
        return
    schema = route.query.model_json_schema()
    required = schema.get("required", [])
    for name, member in schema["properties"].items():
        told = _without_null(member)
        description = told.pop("description", f"{told.pop('title', name)}.")
        told.pop("title", None)
        yield {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": description,
            "schema": told,
        }


def _without_null(schema: Json) -> Json:
    """Return the schema of a query parameter: what is not given has no value, `null` would be a word."""
    told = {name: value for name, value in schema.items() if not (name == "default" and value is None)}
    kept = [one for one in told.get("anyOf", ()) if one != {"type": "null"}]
    if len(kept) == 1:
        del told["anyOf"]
        told.update(kept[0])
    return told


def _body(route: Route, facts: Facts, schemas: Schemas) -> Json | None:
    if route.body is not None:
        medium: Json = {"schema": schemas.of(route.body, "validation")}
        if facts.body is not None:
            medium["example"] = dict(facts.body)
        return {"required": is_required(route.body), "content": {JSON: medium}}
    if route.upload == "multipart/form-data":
        return {"required": True, "content": {route.upload: {"schema": UPLOAD}}}
    if route.upload is None:
        return None
    empty = "The file as it is; no body is an empty file."
    return {"required": False, "description": empty, "content": {route.upload: {}}}


UPLOAD: Final = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "contentMediaType": "application/octet-stream"},
            "description": "A part for each file, with its name.",
        },
        "title": {"type": "string", "maxLength": 200, "description": "By default the first file's name."},
    },
}

"""The OpenAPI document, put in the order in which people read it: what the template of /docs shows."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from markupsafe import Markup, escape

Json = Mapping[str, Any]

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_CODE: Final = re.compile(r"`([^`]+)`")
_STRONG: Final = re.compile(r"\*\*([^*]+)\*\*")
_PLACE: Final = re.compile(r"{([^}]+)}")
_PROBLEM: Final = re.compile(r"\(<code>([a-z0-9-]+)</code>\)")
_BOUNDS: Final = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "maxProperties": "at most {} members",
    "pattern": "of the form `{}`",
    "format": "{}",
}


@dataclass(frozen=True)
class Member:
    """A parameter, a header, or a member of a schema."""

    name: str
    type: Markup
    text: Markup
    is_required: bool
    where: str = ""


@dataclass(frozen=True)
class Answer:
    """What an operation may answer with one status."""

    status: str
    text: Markup
    type: Markup
    headers: str

    @property
    def is_error(self) -> bool:
        """Whether it is a problem."""
        return self.status >= "400"


@dataclass(frozen=True)
class Operation:
    """A method of an address."""

    id: str
    method: str
    path: str
    summary: str
    text: Markup
    parameters: Sequence[Member]
    body: Markup
    answers: Sequence[Answer]
    curl: str
    needs_token: bool


@dataclass(frozen=True)
class Group:
    """Operations that belong together."""

    id: str
    name: str
    text: Markup
    operations: Sequence[Operation]


@dataclass(frozen=True)
class Schema:
    """A model of JSON."""

    name: str
    text: Markup
    members: Sequence[Member]


def of(document: Json) -> dict[str, Any]:
    """Return what the template shows of an OpenAPI document."""
    operations = [
        (operation["tags"][0], _operation(path, method, operation))
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in _METHODS
    ]
    groups = [
        Group(_anchor(tag["name"]), tag["name"], prose(tag["description"]), found)
        for tag in document["tags"]
        if (found := [operation for name, operation in operations if name == tag["name"]])
    ]
    schemas = [_schema(name, one) for name, one in sorted(document["components"]["schemas"].items())]
    info = document["info"]
    return {"title": info["title"], "about": prose(info["description"]), "groups": groups, "schemas": schemas}


def prose(text: str) -> Markup:
    """Return a text with its paragraphs, `code` and **strong** words as HTML."""
    return Markup("").join(
        Markup("<p>{}</p>").format(inline(part)) for part in text.strip().split("\n\n") if part
    )


def inline(text: str) -> Markup:
    """Return a text with its `code` and **strong** words as HTML."""
    marked = _CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(_STRONG.sub(r"<strong>\1</strong>", marked))  # noqa: S704 - escaped one line above


def _operation(path: str, method: str, operation: Json) -> Operation:
    parameters = [
        Member(
            one["name"], _type(one["schema"]), inline(one.get("description", "")), one["required"], one["in"]
        )
        for one in operation["parameters"]
    ]
    body, example = _body(operation.get("requestBody"))
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        text=prose(operation["description"]),
        parameters=parameters,
        body=body,
        answers=[_answer(status, answer) for status, answer in sorted(operation["responses"].items())],
        curl=_curl(path, method, operation, example),
        needs_token=operation.get("security") != [],
    )


def _body(body: Json | None) -> tuple[Markup, str | None]:
    """Return what a body is, and an example as an argument of curl."""
    if body is None:
        return Markup(""), None
    media_type, medium = next(iter(body["content"].items()))
    named = Markup("<code>{}</code>").format(media_type)
    if media_type == "application/json":
        example = orjson.dumps(medium.get("example", {})).decode()
        return named + Markup(": ") + _type(medium["schema"]), f"--json {shlex.quote(example)}"
    if media_type == "multipart/form-data":
        members = medium["schema"]["properties"].items()
        parts = [
            Markup("<code>{}</code>: {}").format(name, inline(one["description"])) for name, one in members
        ]
        return named + Markup(". ") + Markup(" ").join(parts), "-F file=@penguins.csv"
    return named + Markup(": the file as it is."), "-T penguins.csv"


def _curl(path: str, method: str, operation: Json, example: str | None) -> str:
    """Return a command that works once its address and token are set."""
    examples = {
        one["name"]: one["example"]
        for one in operation["parameters"]
        if "example" in one and one["in"] == "path"
    }
    address = _PLACE.sub(lambda found: str(examples.get(found[1], found[1])), path)
    wanted = [one["name"] for one in operation["parameters"] if one["in"] == "query" and one["required"]]
    query = "&".join(f"{name}={'penguins' if name == 'q' else 'library'}" for name in wanted)
    parts = ["curl"]
    if method not in ("get", "put") and not (method == "post" and example is not None):
        parts.append(f"-X {method.upper()}")
    if operation.get("security") != []:
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if example is not None:
        parts.append(example)
    parts.append(f'"$LONGHAUL{address}{"?" + query if query else ""}"')
    return " \\\n  ".join(parts) if len(parts) > 3 else " ".join(parts)


def _answer(status: str, answer: Json) -> Answer:
    text = _PROBLEM.sub(r'(<a href="/problems/\1">\1</a>)', str(inline(answer["description"])))
    headers = ", ".join(name for name in answer.get("headers", {}) if name != "X-Request-ID")
    types = (
        []
        if status >= "400"
        else [
            _type(medium["schema"])
            if media_type.endswith("/json") and medium.get("schema")
            else Markup("<code>{}</code>").format(media_type)
            for media_type, medium in answer.get("content", {}).items()
        ]
    )
    return Answer(status, Markup(text), Markup(" or ").join(types), headers)  # noqa: S704 - from `inline`


def _schema(name: str, schema: Json) -> Schema:
    required = schema.get("required", ())
    members = [
        Member(member, _type(one), inline(one.get("description", "")), member in required)
        for member, one in schema.get("properties", {}).items()
    ]
    return Schema(name, prose(schema.get("description", "")), members)


def _type(schema: Json) -> Markup:
    """Return in words what a value may be."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#schema-{}">{}</a>').format(name, name)
    if "const" in schema:
        return Markup("<code>{}</code>").format(schema["const"])
    if "enum" in schema:
        return Markup(" | ").join(Markup("<code>{}</code>").format(value) for value in schema["enum"])
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return Markup(" or ").join(map(_type, several))
    named = str(schema.get("type", "any value"))
    if named == "array":
        kind = Markup("list of {}").format(_type(schema.get("items", {})))
    elif named == "object" and isinstance(schema.get("additionalProperties"), dict):
        kind = Markup("object of {}").format(_type(schema["additionalProperties"]))
    else:
        kind = escape(named)
    return Markup(", ").join([kind, *_bounds(schema)])


def _bounds(schema: Json) -> Iterator[Markup]:
    for name, words in _BOUNDS.items():
        if name in schema:
            yield inline(words.format(schema[name]))
    if schema.get("default") not in (None, [], ()):
        yield Markup("by default <code>{}</code>").format(orjson.dumps(schema["default"]).decode())


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")

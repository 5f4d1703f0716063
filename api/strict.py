"""What a request says, checked strictly: JSON that means one thing, and no parameter that nobody knows."""

import json
import math
import re
from collections.abc import Sequence
from typing import Any, Final, NoReturn, get_origin

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from api.errors import ErrorItem, Invalid
from jobs.errors import LonghaulError

MOST_BODY_BYTES: Final = 1_000_000  # of a JSON body: parameters, never data
DEEPEST_JSON: Final = 32
LARGEST_EXACT: Final = 2.0**53  # beyond it a double may be any of several whole numbers
MOST_DIGITS: Final = 309  # of a whole number: so many has the largest double
LONGEST_NAME_SHOWN: Final = 100
MOST_ITEMS: Final = 50  # faults told of one request
_STRINGS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKETS: Final = re.compile(r"[\[\]{}]")
_NUL: Final = "\x00"


class MalformedJson(LonghaulError):
    """The body is not JSON that every reader understands alike."""

    slug = "malformed-json"
    title = "The body is not JSON"
    status = 400


class Query(BaseModel):
    """Query parameters; unknown ones are refused by name. A tuple may be given several times."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def query_of(model: type[BaseModel]) -> BaseModel:
    """Return the request's query parameters.

    Raises
    ------
    Invalid
        One is unknown, given twice, or not what it must be.
    """
    lists = {name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple}
    values: dict[str, str | list[str]] = {}
    items = []
    for name, given in request.args.lists():
        if any(_NUL in value for value in given):
            items.append(ErrorItem(parameter=_shown(name), detail="this parameter holds a NUL"))
        elif name in lists:
            values[name] = given
        elif len(given) > 1:
            items.append(ErrorItem(parameter=_shown(name), detail="this parameter is given more than once"))
        else:
            values[name] = given[0]
    if items:
        raise Invalid("query", sorted(items, key=lambda item: item.parameter or ""))
    try:
        # Lists are no strings to pydantic; where there are none it need not guess what a string means.
        return model.model_validate(values) if lists else model.model_validate_strings(values)
    except ValidationError as error:
        raise Invalid("query", _items(error, "parameter")) from error


def body_of(model: type[BaseModel]) -> BaseModel:
    """Return the request's JSON body.

    A number is a number and a boolean a boolean; 26.0 is the whole number 26, as JSON has one kind of number.

    Raises
    ------
    UnsupportedMediaType
        It is not said to be JSON.
    MalformedJson
        It is not JSON, or can be read in several ways.
    Invalid
        It does not fit the model.
    """
    if not request.headers.get("Content-Type") and not request.content_length and not is_required(model):
        return model()
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType("This request takes application/json.")
    request.max_content_length = MOST_BODY_BYTES
    content = json.dumps(read_json(request.get_data(cache=False)))
    try:
        return model.model_validate_json(content, strict=True)
    except ValidationError as error:
        raise Invalid("body", _items(error, "body")) from error


def is_required(model: type[BaseModel]) -> bool:
    """Return whether a body must say something."""
    return any(field.is_required() for field in model.model_fields.values())


def read_json(content: bytes) -> Any:
    """Return the value that `content` is in JSON.

    Raises
    ------
    MalformedJson
        It is no JSON in UTF-8, nests too deep, or holds a member twice, NaN, or a number that is no double.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson(f"The body is not UTF-8: byte {error.start} cannot be read.") from error
    if _depth(text) > DEEPEST_JSON:
        raise MalformedJson(f"The body nests deeper than {DEEPEST_JSON} levels.")
    try:
        return json.loads(
            text, object_pairs_hook=_members, parse_float=_number, parse_int=_whole, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise MalformedJson(
            f"The body is not JSON: {error.msg}, at line {error.lineno}, column {error.colno}."
        ) from error


def _depth(text: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _members(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise MalformedJson(f"The member {_shown(name)!r} is there more than once.")
        found[name] = value
    return found


def _number(text: str) -> float | int:
    value = float(text)
    if not math.isfinite(value):
        raise MalformedJson("A number of the body is too large.")
    return int(value) if value.is_integer() and abs(value) <= LARGEST_EXACT else value


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise MalformedJson("A number of the body is too large.")
    return int(text)


def _constant(text: str) -> NoReturn:
    raise MalformedJson(f"The body holds {text}, which is no number in JSON.")


def _shown(name: str) -> str:
    """Return a member's name as an answer may repeat it."""
    return name if len(name) <= LONGEST_NAME_SHOWN else name[:LONGEST_NAME_SHOWN] + "…"


def _items(error: ValidationError, where: str) -> list[ErrorItem]:
    """Return one item a fault, which says where it is and what is wrong, and never repeats the value."""
    items = []
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        detail = "there is no such member" if fault["type"] == "extra_forbidden" else fault["msg"]
        parts = [_shown(str(part)) for part in fault["loc"]]
        if where == "parameter":
            items.append(ErrorItem(parameter="/".join(parts), detail=detail))
        else:
            pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
            items.append(ErrorItem(pointer=pointer, detail=detail))
    return items[:MOST_ITEMS]

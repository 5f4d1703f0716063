"""Lists, page by page: the cursor names the last item told, and a page goes on behind it.

So nothing is told twice or left out when items come and go in between, as would be with numbers of pages. The
address of the next page stands in the body as `next` and in the header `Link` (RFC 8288).
"""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Annotated, TypeVar
from urllib.parse import urlencode

import orjson
from flask import Response, request
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from api.errors import ErrorItem, Invalid
from api.openapi import json_response

T = TypeVar("T")

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _moment(text: object) -> object:
    """Refuse what is no RFC 3339: pydantic reads a bare number, too, as a time."""
    if not isinstance(text, str) or not _RFC_3339.fullmatch(text):
        raise ValueError("not a time as 2026-05-04T12:00:00Z, in an address + written as %2B")
    return text


# A query parameter that is a time.
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]

LONGEST_CURSOR = 10_000  # holds a path
CURSOR_DESCRIPTION = "From `next` of the page before."


class Page(BaseModel):
    """A page of a list, with its items in a member of its own."""

    next: str | None = Field(description="The address of the following page, null on the last one.")


def next_address(last: Sequence[str | float]) -> str:
    """Return the address of the page that begins behind the item `last`, with the same filters."""
    cursor = base64.urlsafe_b64encode(orjson.dumps(list(last))).decode().rstrip("=")
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def decoded(cursor: str | None, key: TypeAdapter[T]) -> T | None:
    """Return the key of the last item of the page before, None for the first page.

    Raises
    ------
    Invalid
        No list has given this cursor.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return key.validate_json(base64.b64decode(padded, altchars=b"-_", validate=True), strict=True)
    except (ValidationError, ValueError, binascii.Error) as error:
        detail = "this is no cursor: take it from `next` of a list"
        raise Invalid("query", [ErrorItem(parameter="cursor", detail=detail)]) from error


def page_response(page: Page) -> Response:
    """Return a page of a list, which `Link` follows if there is another one."""
    return json_response(page, headers={"Link": f'<{page.next}>; rel="next"'} if page.next else None)

"""Ask for links that are good without a token for a while: for `<img>`, and for what a browser saves."""

import math
import time
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import click
from flask import Blueprint, Response, current_app
from flask.cli import AppGroup
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import HTTPException

from api import auth
from api.errors import ErrorItem, Invalid
from api.openapi import Catalogue, json_response
from api.signed import LINKABLE, LONGEST_SECONDS, PARAMETERS, Pairs, link_to
from jobs import signing
from jobs.connection import reaching_redis, records_client

SECONDS: Final = 300
MOST_ADDRESSES: Final = 200
LONGEST_ADDRESS: Final = 2_000

group = AppGroup("links", help="Signed links.")

Address = Annotated[str, Field(max_length=LONGEST_ADDRESS)]


class WantedLinks(BaseModel):
    """What links are wanted to, and for how long."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    addresses: list[Address] = Field(
        min_length=1,
        max_length=MOST_ADDRESSES,
        description="Of figures, results, reports, scripts, files and archives of sessions, as `links` and "
        "`href` give them, such as /api/v1/jobs/{id}/plots/groups.png.",
    )
    seconds: int = Field(SECONDS, ge=1, le=LONGEST_SECONDS, description="How long they are good.")


class SignedLink(BaseModel):
    """A link that is good without a token. Whoever has it may read what you may read there."""

    address: str
    url: str
    expires_at: datetime


class SignedLinks(BaseModel):
    """The links, in the order of the addresses."""

    items: list[SignedLink]


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("links", __name__, url_prefix="/api/v1/links")
    auth.protect(blueprint)
    catalogue.add(blueprint, "", make_links, method="POST", body=WantedLinks, answers={200: SignedLinks})
    return blueprint


def make_links(body: WantedLinks) -> Response:
    """Make links that are good without a token for a while

    For what takes no header: `<img src>`, `<a download>`. They end with the token that they were asked for
    with, if that is revoked. What there is not, or is not yours, is not found by a link either.
    """
    wanted = [_parsed(address, number) for number, address in enumerate(body.addresses)]
    holder, ends = auth.holder(), auth.user().expires_at
    until = int(min(time.time() + body.seconds, ends or math.inf))
    with reaching_redis():
        secret = signing.key(records_client())
    items = [
        SignedLink(
            address=address,
            url=link_to(secret, path, query, holder, until),
            expires_at=datetime.fromtimestamp(until, UTC),
        )
        for address, (path, query) in zip(body.addresses, wanted, strict=True)
    ]
    return json_response(SignedLinks(items=items))


def _parsed(address: str, number: int) -> tuple[str, Pairs]:
    """Return path and query of an address that a link may lead to."""
    try:
        parts = urlsplit(address)
        path, query = unquote(parts.path, errors="strict"), parse_qsl(parts.query, keep_blank_values=True)
        is_more = parts.scheme or parts.netloc or parts.fragment or not path.startswith("/")
        if is_more or set(PARAMETERS) & {name for name, _ in query}:
            raise ValueError("more than a path and a query")  # noqa: TRY301 - as unusable as no address
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except (ValueError, HTTPException):
        endpoint = None
    if endpoint not in LINKABLE:
        detail = "no link can be made to this: take the address of a file from `links` or `href`"
        raise Invalid("body", [ErrorItem(pointer=f"/addresses/{number}", detail=detail)])
    return path, query


@group.command()
def rotate() -> None:
    """Make another key, so that all links that were signed so far are good for nothing."""
    with reaching_redis():
        signing.rotate(records_client())
    click.echo("All links that were signed so far are good for nothing now.")

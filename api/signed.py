"""Links that are good without a token: for `<img>`, and for what a browser saves.

A link lets nobody do more than whoever asked for it: its token is looked at again each time, so that it is
worth nothing once that was revoked, and the owner checks are the same. It is good for one address, for
reading, and for a few routes alone.
"""

import base64
import time
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, urlencode

import orjson
from flask import request
from pydantic import TypeAdapter
from werkzeug.datastructures import ImmutableMultiDict

from api.conditions import READING
from jobs import signing
from jobs.connection import reaching_redis, records_client
from jobs.errors import UnusableLink
from jobs.users import User

BY, UNTIL, SIGNATURE = PARAMETERS = ("lh_by", "lh_until", "lh_signature")
LONGEST_SECONDS: Final = 3_600
# The routes that a link may lead to, by Flask's names of them.
LINKABLE: Final = frozenset(
    {
        "artifacts.get_results",
        "artifacts.get_report",
        "artifacts.get_plot",
        "artifacts.get_script",
        "sessions.get_file",
        "archives.get_archive",
        "compat.session_plot",
    }
)
_CHANGED: Final = "This link is not one of Longhaul's, or was changed: ask for a new one."
_PERSON: Final = "~"  # before somebody whom another service has let in; a token's digest has none
_USER: Final = TypeAdapter(User)

Pairs = Sequence[tuple[str, str]]
Holder = str | User  # the digest of a token, or somebody who has none of ours


def link_to(secret: bytes, path: str, query: Pairs, holder: Holder, until: int) -> str:
    """Return a signed address.

    Parameters
    ----------
    secret : bytes
        The key that signs.
    path : str
        Decoded, as the routes see it.
    until : int
        Unix seconds.
    """
    by = holder if isinstance(holder, str) else _PERSON + _encoded(holder)
    signed = signing.signature(secret, _parts(path, query, by, str(until)))
    more = zip(PARAMETERS, (by, str(until), signed), strict=True)
    return f"{quote(path)}?{urlencode([*query, *more])}"


def presented() -> Holder | None:
    """Return who has asked for the link that this request is; None if it is none.

    The link's own parameters are then gone: the route sees what it takes, and no more.

    Raises
    ------
    UnusableLink
        It was changed, or is over.
    """
    if request.endpoint not in LINKABLE or request.method not in READING or SIGNATURE not in request.args:
        return None
    given = [request.args.getlist(name) for name in PARAMETERS]
    if any(len(values) != 1 for values in given):
        raise UnusableLink(_CHANGED)
    by, until, signed = (values[0] for values in given)
    query = [(name, value) for name, value in request.args.items(multi=True) if name not in PARAMETERS]
    with reaching_redis():
        secret = signing.key(records_client())
    if not signing.is_signed(secret, _parts(request.path, query, by, until), signed):
        raise UnusableLink(_CHANGED)
    if int(until) < time.time():
        raise UnusableLink("This link is over: ask for a new one.")
    request.args = ImmutableMultiDict(query)
    return _decoded(by.removeprefix(_PERSON)) if by.startswith(_PERSON) else by


def _parts(path: str, query: Pairs, by: str, until: str) -> list[str]:
    """Return what is signed; HEAD is signed as GET is."""
    return ["GET", path, urlencode(sorted(query)), by, until]


def _encoded(user: User) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(_USER.dump_python(user, mode="json"))).decode().rstrip("=")


def _decoded(text: str) -> User:
    return _USER.validate_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))

"""The keys of an OpenID Connect issuer: fetched over HTTP, kept, and fetched again when there is reason to.

The issuer's description (OpenID Connect Discovery 1.0) says where they are, unless the operator does. Nobody
waits for them longer than an answer may take, and no flood of tokens with made-up keys becomes a flood of
requests.
"""

import http.client
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlsplit

import orjson

from jobs.errors import Unavailable
from jobs.webhooks.sending import system_trust

log = logging.getLogger(__name__)

FETCH_SECONDS: Final = 2.0  # for all requests of one fetch: every route answers within three
FRESH_SECONDS: Final = 3_600.0  # then the keys are fetched again, by one request in passing
UNKNOWN_PAUSE_SECONDS: Final = 60.0  # between two fetches because of a key that nobody knows
FAILED_PAUSE_SECONDS: Final = 5.0  # between two while there are no keys at all
MOST_ANSWER_BYTES: Final = 1_000_000
READ_BYTES: Final = 1 << 16
DESCRIPTION: Final = "/.well-known/openid-configuration"
OK: Final = 200

Key = TypeVar("Key")
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Issuer:
    """Who makes tokens, and where the keys are; None is where the issuer's description says."""

    url: str
    keys_url: str | None = None


@dataclass
class IssuerKeys(Generic[Key]):
    """The issuer's keys by their ids; `parse` makes one of what was fetched, None of what is of no use."""

    issuer: Issuer
    parse: Callable[[Json], Key | None]
    clock: Callable[[], float] = time.monotonic
    _keys: dict[str | None, Key] = field(default_factory=dict)
    _tried_at: float = float("-inf")
    _fetched_at: float = float("-inf")
    _fetching: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key_id: str | None) -> Key | None:
        """Return the key of an id, None where the issuer has none; without an id, the only one there is.

        Raises
        ------
        Unavailable
            No keys could be fetched so far.
        """
        known = self._known(key_id)
        if known is not None:
            if self.clock() - self._fetched_at > FRESH_SECONDS and self._may_try():
                self._fetch(wait=False)
                return self._known(key_id)
            return known
        if self._may_try() or self._fetching.locked():
            self._fetch(wait=True)
        if not self._keys:
            raise Unavailable("Your token cannot be checked: its issuer does not answer. Try again later.")
        return self._known(key_id)

    def _known(self, key_id: str | None) -> Key | None:
        keys = self._keys
        if key_id is None:
            return next(iter(keys.values())) if len(keys) == 1 else None
        return keys.get(key_id)

    def _may_try(self) -> bool:
        pause = UNKNOWN_PAUSE_SECONDS if self._keys else FAILED_PAUSE_SECONDS
        return self.clock() - self._tried_at >= pause

    def _fetch(self, *, wait: bool) -> None:
        """Fetch the keys, if nobody else does; who has to wait for them waits for the other one."""
        if not self._fetching.acquire(timeout=FETCH_SECONDS if wait else 0.0):
            return
        try:
            if not self._may_try():
                return  # the other one has just done it
            self._tried_at = self.clock()
            self._keys = self._parsed(_fetched(self.issuer))
            self._fetched_at = self.clock()
        except (OSError, ValueError, http.client.HTTPException) as error:
            log.warning("the keys of the issuer cannot be fetched", extra={"reason": repr(error)})
        finally:
            self._fetching.release()

    def _parsed(self, answer: Json) -> dict[str | None, Key]:
        listed = answer.get("keys")
        if not isinstance(listed, list):
            raise ValueError("there is no list of keys")  # noqa: TRY004 - as unusable as what is no JSON
        keys: dict[str | None, Key] = {}
        for one in listed:
            if isinstance(one, dict) and (key := self.parse(one)) is not None:
                keys.setdefault(one.get("kid"), key)
        if not keys:
            raise ValueError("there is no key that can be used here")
        return keys


def _fetched(issuer: Issuer) -> Json:
    end = time.monotonic() + FETCH_SECONDS
    address = issuer.keys_url
    if address is None:
        told = _get(issuer.url.rstrip("/") + DESCRIPTION, end)
        if told.get("issuer") != issuer.url:
            raise ValueError(f"the description is of another issuer: {told.get('issuer')!r}")
        address = told.get("jwks_uri")
        if not isinstance(address, str):
            raise ValueError("the description does not say where the keys are")
        if urlsplit(address).scheme != "https" and urlsplit(issuer.url).scheme == "https":
            raise ValueError("the keys are not behind TLS")
    return _get(address, end)


def _get(address: str, end: float) -> Json:
    """Return a JSON object; redirections are not followed, and the certificate is checked."""
    parts, seconds = urlsplit(address), max(0.1, end - time.monotonic())
    host, port = parts.hostname or "", parts.port
    connection = (
        http.client.HTTPSConnection(host, port, timeout=seconds, context=system_trust())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=seconds)
    )
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"Accept": "application/json"})
        with connection.getresponse() as answer:
            if answer.status != OK:
                raise ValueError(f"{address} answered with status {answer.status}")
            found = orjson.loads(_body(answer, end))
    finally:
        connection.close()
    if not isinstance(found, dict):
        raise ValueError(f"{address} did not answer with an object")  # noqa: TRY004 - as what is no JSON
    return found


def _body(answer: http.client.HTTPResponse, end: float) -> bytes:
    body = b""
    while part := answer.read1(READ_BYTES):
        body += part
        if len(body) > MOST_ANSWER_BYTES:
            raise ValueError("an answer without end")
        if time.monotonic() > end:
            raise TimeoutError("the answer came too slowly")
    return body

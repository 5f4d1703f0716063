"""The key that signs links, and what it makes of them. Redis holds it, so that all machines have the same."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final, cast

import orjson
import redis

KEY: Final = "links:key"
KEY_BYTES: Final = 32


def key(client: redis.Redis) -> bytes:
    """Return the key, which the first call makes."""
    found = cast("str | None", client.get(KEY))
    if found is None:
        client.set(KEY, secrets.token_hex(KEY_BYTES), nx=True)  # of several at once the first one counts
        found = cast("str", client.get(KEY))
    return bytes.fromhex(found)


def rotate(client: redis.Redis) -> None:
    """Make another key: what was signed with the one before is signed no more."""
    client.set(KEY, secrets.token_hex(KEY_BYTES))


def signature(secret: bytes, parts: Sequence[str]) -> str:
    """Return the HMAC-SHA256 of texts, in their order, as text that fits into an address."""
    message = orjson.dumps(parts)  # as JSON, so that no two lists of texts make the same message
    return base64.urlsafe_b64encode(hmac.digest(secret, message, hashlib.sha256)).decode().rstrip("=")


def is_signed(secret: bytes, parts: Sequence[str], given: str) -> bool:
    """Tell whether a signature is that of these texts, in a time that tells nothing of how nearly."""
    return hmac.compare_digest(signature(secret, parts).encode(), given.encode("utf-8", "surrogatepass"))

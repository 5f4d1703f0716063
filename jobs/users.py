"""Who may use the service: tokens, of which only the SHA-256 is kept."""

import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

import redis

from jobs.errors import BadInput
from jobs.settings import Settings
from jobs.storage import write_bytes

Role = Literal["user", "admin"]

PREFIX: Final = "lh_"  # tells a secret scanner, and a person, what this is
RANDOM_BYTES = 32
ID_LENGTH = 12  # of the digest: enough to tell tokens apart, useless to anybody who wants one
ALL_TOKENS_KEY = "tokens"
FIRST_USER = "admin"
# A user's name is a folder's name, so it holds nothing that a path or a URL reads specially.
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True)
class User:
    """Somebody whose token was recognised."""

    name: str
    role: Role

    @property
    def sees_everything(self) -> bool:
        """Whether other users' jobs are shown too."""
        return self.role == "admin"


@dataclass(frozen=True)
class TokenInfo:
    """What is known of a token; `id` is the beginning of its digest."""

    id: str
    user: str
    role: str
    created_at: float


def digest(token: str) -> str:
    """Return what is stored in a token's place."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def token_key(token_digest: str) -> str:
    """Return the key of the hash of a token."""
    return f"token:{token_digest}"


def parse(fields: Mapping[str, str]) -> User | None:
    """Return the user that a token's hash names, or None for no hash."""
    if not fields:
        return None
    return User(fields["user"], "admin" if fields["role"] == "admin" else "user")


def store_token(client: redis.Redis, token: str, user: str, role: Role) -> None:
    """Let `token` speak for `user`.

    Raises
    ------
    BadInput
        The name cannot be a user's.
    """
    if not NAME.fullmatch(user):
        raise BadInput(
            f"{user!r} cannot be a user's name: use a-z, 0-9, - and _, at most 63, no - or _ first."
        )
    key = token_key(digest(token))
    with client.pipeline(transaction=True) as pipe:
        pipe.hset(key, mapping={"user": user, "role": role, "created_at": time.time()})
        pipe.sadd(ALL_TOKENS_KEY, digest(token))
        pipe.execute()


def create_token(client: redis.Redis, user: str, role: Role = "user") -> str:
    """Make a token for `user` and return it: it is never shown again."""
    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    store_token(client, token, user, role)
    return token


def list_tokens(client: redis.Redis) -> list[TokenInfo]:
    """Return all tokens, oldest first."""
    infos = []
    for member in _digests(client):
        fields = cast("dict[str, str]", client.hgetall(token_key(member)))
        if user := parse(fields):
            infos.append(TokenInfo(member[:ID_LENGTH], user.name, user.role, float(fields["created_at"])))
    return sorted(infos, key=lambda info: info.created_at)


def _digests(client: redis.Redis) -> set[str]:
    return cast("set[str]", client.smembers(ALL_TOKENS_KEY))


def revoke_token(client: redis.Redis, token_id: str) -> bool:
    """Forget the token whose digest begins with `token_id`; return whether there was exactly one."""
    matching = [member for member in _digests(client) if token_id and member.startswith(token_id)]
    if len(matching) != 1:
        return False
    with client.pipeline(transaction=True) as pipe:
        pipe.delete(token_key(matching[0]))
        pipe.srem(ALL_TOKENS_KEY, matching[0])
        pipe.execute()
    return True


def ensure_first_token(client: redis.Redis, settings: Settings) -> str | None:
    """Make the first token if there is none at all; return it only then.

    It is also written to the data folder, readable by its owner alone. When Redis has lost its data, the
    token of that file is made valid again.
    """
    if client.scard(ALL_TOKENS_KEY):
        return None
    path = settings.token_file
    if path.is_file():
        store_token(client, path.read_text().strip(), FIRST_USER, "admin")
        return None
    token = create_token(client, FIRST_USER, "admin")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, token.encode() + b"\n", mode=0o600)
    return token

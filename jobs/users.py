"""Who may use the service: tokens, of which only the SHA-256 is kept."""

import hashlib
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

import redis

from jobs.errors import BadInput
from jobs.settings import Settings
from jobs.storage import write_bytes

Role = Literal["user", "admin"]
# What a token may be used for. To write includes to read; `admin` is to use the powers of an admin.
Scope = Literal[
    "jobs:read", "jobs:write", "files:read", "files:write", "indexes:read", "indexes:write", "admin"
]

PREFIX: Final = "lh_"  # tells a secret scanner, and a person, what this is
RANDOM_BYTES = 32
ID_LENGTH = 12  # of the digest: enough to tell tokens apart, useless to anybody who wants one
LONGEST_LABEL = 100
ALL_TOKENS_KEY = "tokens"
# Hash of digest to when a token was last seen, beside the tokens: nothing but an operator changes those.
LAST_USED_KEY: Final = "tokens:used"
FIRST_USER = "admin"
ALL_SCOPES: Final = cast("tuple[Scope, ...]", get_args(Scope))
# A user's name is a folder's name, so it holds nothing that a path or a URL reads specially.
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True)
class User:
    """Somebody who was recognised, and what the token at hand may be used for: None is everything."""

    name: str
    role: Role
    scopes: frozenset[Scope] | None = None
    expires_at: float | None = None

    @property
    def sees_everything(self) -> bool:
        """Whether other users' jobs are shown too."""
        return self.role == "admin" and self.may("admin")

    def may(self, scope: Scope) -> bool:
        """Return whether the token is good for what `scope` names."""
        if self.scopes is None or scope in self.scopes:
            return True
        return scope.endswith(":read") and scope.replace(":read", ":write") in self.scopes

    def has_expired(self, now: float) -> bool:
        """Return whether the token's time is over."""
        return self.expires_at is not None and now >= self.expires_at


@dataclass(frozen=True)
class TokenInfo:
    """What is known of a token; `id` is the beginning of its digest. Times are Unix seconds, UTC."""

    id: str
    user: str
    role: Role
    label: str
    scopes: tuple[Scope, ...] | None
    created_at: float
    expires_at: float | None
    last_used_at: float | None


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a new token is for: whom it speaks for, what it may be used for, until when, and a word on it."""

    user: str
    role: Role = "user"
    scopes: tuple[Scope, ...] | None = None
    expires_at: float | None = None
    label: str = ""


def digest(token: str) -> str:
    """Return what is stored in a token's place."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def token_key(token_digest: str) -> str:
    """Return the key of the hash of a token."""
    return f"token:{token_digest}"


def parse(fields: Mapping[str, str]) -> User | None:
    """Return the user that a token's hash names, or None for no hash. Without scopes it is good for all."""
    if not fields:
        return None
    scopes, expires_at = fields.get("scopes"), fields.get("expires_at")
    return User(
        fields["user"],
        "admin" if fields["role"] == "admin" else "user",
        None if scopes is None else cast("frozenset[Scope]", frozenset(scopes.split())),
        None if expires_at is None else float(expires_at),
    )


def store(client: redis.Redis, token: str, grant: Grant) -> None:
    """Let `token` speak for a user.

    Raises
    ------
    BadInput
        The name cannot be a user's, there is no such scope, or the label is too long.
    """
    if not NAME.fullmatch(grant.user):
        raise BadInput(
            f"{grant.user!r} cannot be a user's name: use a-z, 0-9, - and _, at most 63, no - or _ first."
        )
    if unknown := sorted(set(grant.scopes or ()) - set(ALL_SCOPES)):
        raise BadInput(f"There is no scope {', '.join(unknown)}; there are {', '.join(ALL_SCOPES)}.")
    if len(grant.label) > LONGEST_LABEL or not grant.label.isprintable():
        raise BadInput(f"A label is one line of at most {LONGEST_LABEL} characters.")
    fields: dict[redis.typing.EncodableT, redis.typing.EncodableT] = {
        "user": grant.user,
        "role": grant.role,
        "created_at": time.time(),
        "label": grant.label,
    }
    if grant.scopes is not None:
        fields["scopes"] = " ".join(grant.scopes)
    if grant.expires_at is not None:
        fields["expires_at"] = grant.expires_at
    with client.pipeline(transaction=True) as pipe:
        pipe.delete(token_key(digest(token)))
        pipe.hset(token_key(digest(token)), mapping=fields)
        pipe.sadd(ALL_TOKENS_KEY, digest(token))
        pipe.execute()


def store_token(client: redis.Redis, token: str, user: str, role: Role) -> None:
    """Let `token` speak for `user` in everything and for ever: see `store`."""
    store(client, token, Grant(user=user, role=role))


def create(client: redis.Redis, grant: Grant) -> str:
    """Make a token and return it: it is never shown again. Errors: see `store`."""
    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    store(client, token, grant)
    return token


def create_token(client: redis.Redis, user: str, role: Role = "user") -> str:
    """Make a token for `user` that is good for everything and for ever, and return it."""
    return create(client, Grant(user=user, role=role))


def list_tokens(client: redis.Redis) -> list[TokenInfo]:
    """Return all tokens, oldest first: two round trips, however many there are."""
    digests = sorted(cast("set[str]", client.smembers(ALL_TOKENS_KEY)))
    with client.pipeline(transaction=False) as pipe:
        for member in digests:
            pipe.hgetall(token_key(member))
            pipe.hget(LAST_USED_KEY, member)
        answers = pipe.execute()
    infos = [
        _info(member, fields, used)
        for member, fields, used in zip(digests, answers[::2], answers[1::2], strict=True)
        if fields
    ]
    return sorted(infos, key=lambda info: info.created_at)


def _info(member: str, fields: Mapping[str, str], used: str | None) -> TokenInfo:
    user = cast("User", parse(fields))
    order = None if user.scopes is None else tuple(scope for scope in ALL_SCOPES if scope in user.scopes)
    return TokenInfo(
        id=member[:ID_LENGTH],
        user=user.name,
        role=user.role,
        label=fields.get("label", ""),
        scopes=order,
        created_at=float(fields["created_at"]),
        expires_at=user.expires_at,
        last_used_at=None if used is None else float(used),
    )


def note_used(client: redis.Redis, seen: Mapping[str, float]) -> None:
    """Note when tokens were last seen, by their digests."""
    fields = cast("dict[redis.typing.EncodableT, redis.typing.EncodableT]", dict(seen))
    if fields:
        client.hset(LAST_USED_KEY, mapping=fields)


def matching(client: redis.Redis, token_id: str) -> list[str]:
    """Return the digests of the tokens whose id, or more or less of it, is given: none for nothing."""
    known = cast("set[str]", client.smembers(ALL_TOKENS_KEY))
    return [member for member in known if token_id and member.startswith(token_id)]


def forget(client: redis.Redis, digests: Iterable[str]) -> None:
    """Make tokens useless at once: each request looks its token up."""
    with client.pipeline(transaction=True) as pipe:
        for member in digests:
            pipe.delete(token_key(member))
            pipe.srem(ALL_TOKENS_KEY, member)
            pipe.hdel(LAST_USED_KEY, member)
        pipe.execute()


def revoke_token(client: redis.Redis, token_id: str) -> bool:
    """Forget the token whose digest begins with `token_id`; return whether there was exactly one."""
    found = matching(client, token_id)
    if len(found) != 1:
        return False
    forget(client, found)
    return True


def first_token(settings: Settings) -> str | None:
    """Return the token of the first start, if its file is still there."""
    try:
        return settings.token_file.read_text().strip() or None
    except FileNotFoundError:
        return None


def first_token_opens(client: redis.Redis, settings: Settings) -> bool:
    """Return whether the token of the first start is valid, or the next start would make it so."""
    token = first_token(settings)
    if token is not None and client.exists(token_key(digest(token))):
        return True
    return not client.scard(ALL_TOKENS_KEY)


def ensure_first_token(client: redis.Redis, settings: Settings) -> str | None:
    """Make the first token if there is none at all; return it only then.

    It is also written to the data folder, readable by its owner alone. When Redis has lost its data, the
    token of that file is made valid again.
    """
    if client.scard(ALL_TOKENS_KEY):
        return None
    kept = first_token(settings)
    if kept is not None:
        store(client, kept, Grant(user=FIRST_USER, role="admin", label="first start"))
        return None
    token = create(client, Grant(user=FIRST_USER, role="admin", label="first start"))
    path = settings.token_file
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, token.encode() + b"\n", mode=0o600)
    return token

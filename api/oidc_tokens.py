"""Checks the tokens of an OpenID Connect issuer, and tells whom they speak for.

References
----------
RFC 7519 (JWT), RFC 8725 (their best current practice), RFC 9068 (as access tokens), OpenID Connect Core 1.0.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final, cast

from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError, JoseError, MissingClaimError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.jwt import JWTClaimsRegistry

from api.issuer import Issuer, IssuerKeys
from jobs.errors import ExpiredToken, Unauthenticated
from jobs.settings import Settings
from jobs.users import ALL_SCOPES, Role, Scope, User

INVALID: Final = "invalid_token"
LONGEST_TOKEN: Final = 16_000  # characters
LONGEST_USER: Final = 255  # characters of the claim, as of `sub` in OpenID Connect
# No tokens of other kinds, such as for a logout, which the same key signs: RFC 8725, section 3.11.
TYPES: Final = frozenset({None, "jwt", "at+jwt", "application/at+jwt"})
SLUG_LENGTH: Final = 24
NAME_BITS: Final = 128

PublicKey = RSAKey | ECKey | OKPKey


class Verifier:
    """Checks tokens by the operator's settings."""

    def __init__(self, chosen: Settings) -> None:
        self._issuer = chosen.oidc_issuer or ""
        self._settings = chosen
        issuer = Issuer(self._issuer, chosen.oidc_jwks_url)
        self._keys: IssuerKeys[PublicKey] = IssuerKeys(issuer, public_key)
        self._claims = JWTClaimsRegistry(
            leeway=chosen.oidc_leeway_seconds,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": chosen.oidc_audience or ""},
            exp={"essential": True},
        )

    def user_of(self, token: str) -> User:
        """Return whom a token speaks for; errors: see `api.oidc.user_of`."""
        claims = self._checked(token)
        named = _claim(claims, self._settings.oidc_user_claim)
        if not isinstance(named, str) or not 0 < len(named) <= LONGEST_USER:
            raise _not_good(f"its claim {self._settings.oidc_user_claim} names no user")
        ends = float(claims["exp"]) + self._settings.oidc_leeway_seconds
        return User(user_name(self._issuer, named), self._role(claims), self._scopes(claims), ends)

    def _checked(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a token whose signature and times are good, and which was made for us."""
        if len(token) > LONGEST_TOKEN:
            raise _not_good("it is too long")
        try:
            key = self._key_of(token)
            names = self._settings.oidc_algorithms
            registry = JWSRegistry(algorithms=names, strict_check_header=False)
            claims = jwt.decode(token, key, algorithms=names, registry=registry).claims
            self._claims.validate(claims)
        except ExpiredTokenError as error:
            raise ExpiredToken("This token has expired; get a new one from its issuer.") from error
        except (JoseError, ValueError, TypeError, OverflowError) as error:
            raise _not_good(_reason(error)) from error
        return claims

    def _key_of(self, token: str) -> PublicKey:
        header = extract_compact(token.encode()).headers()
        algorithm, key_id, kind = header.get("alg"), header.get("kid"), header.get("typ")
        if algorithm not in self._settings.oidc_algorithms:
            raise _not_good("it is signed in a way that is not taken here")
        if (kind.lower() if isinstance(kind, str) else kind) not in TYPES:
            raise _not_good("it is of another kind")
        if key_id is not None and not isinstance(key_id, str):
            raise _not_good("it names no key")
        key = self._keys.find(key_id)
        if key is None:
            raise _not_good("it names no key" if key_id is None else "its key is none of its issuer's")
        if key.get("alg") not in (None, algorithm):
            raise _not_good("its key is for another way of signing")
        return key

    def _role(self, claims: Mapping[str, Any]) -> Role:
        chosen = self._settings
        if chosen.oidc_role_claim is None or chosen.oidc_admin_group is None:
            return "user"
        return (
            "admin" if chosen.oidc_admin_group in _texts(_claim(claims, chosen.oidc_role_claim)) else "user"
        )

    def _scopes(self, claims: Mapping[str, Any]) -> frozenset[Scope] | None:
        name = self._settings.oidc_scope_claim
        if name is None:
            return None
        listed = [scope for text in _texts(_claim(claims, name)) for scope in text.split()]
        return cast("frozenset[Scope]", frozenset(listed) & frozenset(ALL_SCOPES))


def public_key(described: Mapping[str, Any]) -> PublicKey | None:
    """Return the key that a JWK describes, None for one that cannot be taken: secret, or for encryption."""
    if described.get("use") not in (None, "sig") or described.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    try:
        return cast("PublicKey", JWKRegistry.import_key(dict(described)))
    except (JoseError, ValueError, TypeError):
        return None  # a key of a kind to come must not hinder the others


def user_name(issuer: str, named: str) -> str:
    """Return the name that a user of an issuer has here: as a folder's name, and never another user's.

    Two names that look alike, the same name at two issuers, and a user with a token of our own are three
    users: 128 bits of a SHA-256 over issuer and name tell them apart.
    """
    digest = hashlib.sha256(f"{issuer}\0{named}".encode("utf-8", "surrogatepass")).digest()[: NAME_BITS // 8]
    distinct = base64.b32encode(digest).decode().rstrip("=").lower()
    readable = re.sub(r"[^a-z0-9]+", "-", named.lower()).strip("-")[:SLUG_LENGTH].strip("-")
    return "-".join(filter(None, ("oidc", readable, distinct)))


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim, or what stands in it: first by its whole name, which may hold dots of its own."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _texts(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [text for text in listed if isinstance(text, str)]


def _reason(error: Exception) -> str:
    """Return what is wrong, without a word of the token."""
    if isinstance(error, BadSignatureError):
        return "its signature does not fit"
    if isinstance(error, MissingClaimError):
        return f"its claim {error.claim} is missing"
    if isinstance(error, ClaimError):
        return f"its claim {error.claim} does not fit"
    return "it cannot be read"


def _not_good(why: str) -> Unauthenticated:
    return Unauthenticated(f"This token is not good: {why}.", INVALID)

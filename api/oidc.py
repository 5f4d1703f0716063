"""Bearer tokens of an OpenID Connect issuer, where the operator has named one: whom they speak for.

The library that checks them is an extra, `oidc`, and is loaded with the first of them.
"""

from functools import cache
from typing import TYPE_CHECKING

from jobs.errors import ConfigurationError
from jobs.settings import Settings, settings
from jobs.users import PREFIX, User

if TYPE_CHECKING:
    from api.oidc_tokens import Verifier

DOTS = 2  # header.claims.signature


def is_configured() -> bool:
    """Return whether tokens of an issuer are taken."""
    return settings().oidc_issuer is not None


def looks_like_one(token: str) -> bool:
    """Return whether a token is in the form of an issuer's; tokens of our own never are."""
    return token.count(".") == DOTS and not token.startswith(PREFIX)


def user_of(token: str) -> User:
    """Return whom a token speaks for.

    Raises
    ------
    Unauthenticated
        It is not good; its text says in what.
    Unavailable
        The issuer's keys cannot be fetched.
    """
    return _verifier().user_of(token)


def check(chosen: Settings) -> None:
    """Refuse to start with an issuer whose tokens nobody here can check.

    Raises
    ------
    ConfigurationError
        The extra is not installed.
    """
    if chosen.oidc_issuer is None:
        return
    try:
        import joserfc  # noqa: F401 - looked for only where it is needed
    except ImportError as error:
        raise ConfigurationError(
            "LONGHAUL_OIDC_ISSUER is set, and joserfc is not installed, which checks its tokens: install the "
            "extra `oidc`, or unset LONGHAUL_OIDC_ISSUER."
        ) from error


@cache
def _verifier() -> "Verifier":
    from api.oidc_tokens import Verifier

    return Verifier(settings())

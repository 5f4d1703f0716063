"""Which service is meant, and the token for it: the environment first, else a file of the user's alone."""

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from longhaul.errors import UnusableData

DEFAULT_URL = "http://127.0.0.1:5000"
URL_VARIABLE, TOKEN_VARIABLE = "LONGHAUL_URL", "LONGHAUL_TOKEN"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Account:
    """A service and who one is there. `origin` says where the token was found."""

    url: str
    token: str | None
    origin: str


def credentials_file() -> Path:
    """Return where `longhaul login` keeps tokens."""
    return Path(platformdirs.user_config_dir("longhaul", appauthor=False)) / "credentials.json"


def checked_url(url: str) -> str:
    """Return a service's address without a slash at its end.

    Raises
    ------
    UnusableData
        It is no address of a web service.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UnusableData(f"{url!r} is no address of a service; one looks like {DEFAULT_URL}.")
    if parts.username is not None or parts.password is not None:
        raise UnusableData("An address must hold no password: sign in with a token.")
    return url.strip().rstrip("/")


def is_in_the_open(url: str) -> bool:
    """Return whether a token would cross a network unencrypted."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in LOOPBACK


def find(url: str | None = None, token: str | None = None) -> Account:
    """Return the service and the token that are meant.

    A token of the file goes to the address only that it was kept for.
    """
    stored = _stored()
    address = checked_url(url or os.environ.get(URL_VARIABLE) or stored.get("current") or DEFAULT_URL)
    if token:
        return Account(address, _checked_token(token), "given")
    if from_environment := os.environ.get(TOKEN_VARIABLE):
        return Account(address, _checked_token(from_environment), TOKEN_VARIABLE)
    kept = stored.get("tokens", {}).get(address)
    return Account(address, kept, str(credentials_file()) if kept else "none")


def _checked_token(token: str) -> str:
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UnusableData("This is no token: one is a single word, such as lh_...")
    return token


def remember(url: str, token: str) -> Path:
    """Keep a token for an address, and take that address from now on; return the file."""
    stored = _stored()
    tokens = {**stored.get("tokens", {}), url: _checked_token(token)}
    return _write({"current": url, "tokens": tokens})


def forget(url: str) -> bool:
    """Forget the token of an address; return whether there was one."""
    stored = _stored()
    tokens = dict(stored.get("tokens", {}))
    known = tokens.pop(url, None) is not None
    if known:
        _write({"current": stored.get("current"), "tokens": tokens})
    return known


def _stored() -> Mapping[str, Any]:
    path = credentials_file()
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UnusableData(f"{path} cannot be read ({error}); remove it and sign in again.") from error
    if not isinstance(found, dict) or not isinstance(found.get("tokens", {}), dict):
        raise UnusableData(f"{path} is not what `longhaul login` writes; remove it and sign in again.")
    return found


def _write(content: Mapping[str, Any]) -> Path:
    """Write the file in one step; mkstemp makes it readable by its owner alone from its first byte."""
    path = credentials_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".credentials-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return path

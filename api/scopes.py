"""What a token must be good for, route by route: the one place that says so.

A route needs the scope of its part of the API: to read it for GET and HEAD, else to write. A route of a part
that is not named here is closed to every token that has scopes.
"""

from typing import Final

from jobs.users import Scope

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# Part of the API, which is a blueprint: what of it a token reads, and what it changes.
PARTS: Final[dict[str, tuple[Scope, Scope]]] = {
    "kinds": ("jobs:read", "jobs:write"),
    "jobs": ("jobs:read", "jobs:write"),
    "live": ("jobs:read", "jobs:write"),
    "artifacts": ("jobs:read", "jobs:write"),
    "files": ("jobs:read", "jobs:write"),
    "compat": ("jobs:read", "jobs:write"),
    "sessions": ("files:read", "files:write"),
    "downloads": ("files:read", "files:write"),
    "archives": ("files:read", "files:write"),
    "indexes": ("indexes:read", "indexes:write"),
    "search": ("indexes:read", "indexes:write"),
    "documents": ("indexes:read", "indexes:write"),
}
# Routes that need something else than their part does, by blueprint and name.
ROUTES: Final[dict[str, Scope]] = {
    "compat.session_plot": "files:read",
}
# Parts and routes that need no token: they tell nothing of anybody.
OPEN: Final = frozenset({"health", "pages", "metrics"})


def needed(endpoint: str, method: str) -> Scope | None:
    """Return the scope that a route needs; None where none is declared, which lets no scoped token in.

    Parameters
    ----------
    endpoint : str
        Flask's name of the route: its blueprint and its own name.
    """
    if endpoint in ROUTES:
        return ROUTES[endpoint]
    read, write = PARTS.get(endpoint.partition(".")[0], (None, None))
    return read if method in READING else write


def is_open(endpoint: str) -> bool:
    """Return whether a route needs no token."""
    return endpoint in OPEN or endpoint.partition(".")[0] in OPEN

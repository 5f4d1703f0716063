"""What a token must be good for, route by route: the one place that says so.

A route needs the scope of its part of the API: to read it for GET and HEAD, else to write. A route of no part
that is named here is closed to every token that has scopes.
"""

from functools import cache
from typing import Final, Literal

from jobs.users import Scope

# What any token is good for.
ANY: Final = "any"
Need = Scope | Literal["any"]

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# The beginning of routes: what a token needs to read there, and to change something. The longest one counts.
PARTS: Final[dict[str, tuple[Need, Need]]] = {
    "/api/v1/kinds": ("jobs:read", "jobs:write"),
    "/api/v1/jobs": ("jobs:read", "jobs:write"),
    "/api/v1/sessions": ("files:read", "files:write"),
    "/api/v1/indexes": ("indexes:read", "indexes:write"),
    "/api/v1/search": ("indexes:read", "indexes:write"),
    "/api/v1/links": (ANY, ANY),  # a link is good for no more than the token that it was asked for with
    "/api/v1/me": (ANY, ANY),
    "/analysis_progress": ("jobs:read", "jobs:write"),
    "/api/index-progress": ("jobs:read", "jobs:write"),
    "/api/smartstat/plots": ("files:read", "files:write"),
    "/metrics": ("admin", "admin"),
}


@cache  # asked with each request, of as many routes as there are
def needed(path: str, method: str) -> Need | None:
    """Return what a route needs; None where nothing is declared, which lets no token in that has scopes.

    Parameters
    ----------
    path : str
        The route as it is declared, with `<job_id>` and its like.
    """
    parts = [part for part in PARTS if path == part or path.startswith(f"{part}/")]
    if not parts:
        return None
    read, write = PARTS[max(parts, key=len)]
    return read if method in READING else write

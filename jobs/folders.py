"""Where a user's indexes lie, and which server folders may be indexed."""

import re
from pathlib import Path

from jobs.errors import NotFound
from jobs.settings import settings
from jobs.storage import contained

INDEX_NAME = r"^[a-z0-9][a-z0-9_-]{0,62}$"  # a folder's name and a part of URLs


def index_folder(owner: str, name: str) -> Path:
    """Return the folder of an owner's index, which may not exist yet.

    Raises
    ------
    NotFound
        No index can have this name.
    """
    if not re.fullmatch(INDEX_NAME, name):
        raise NotFound(f"There is no index {name!r}: a name is made of a-z, 0-9, - and _, at most 63.")
    return settings().indexes / owner / name


def index_names(owner: str) -> list[str]:
    """Return the names of an owner's indexes, sorted."""
    root = settings().indexes / owner
    names = (path.name for path in root.iterdir() if path.is_dir()) if root.is_dir() else ()
    return sorted(name for name in names if re.fullmatch(INDEX_NAME, name))


def server_folder(named: str) -> Path:
    """Return the folder that `root/path/below` names.

    Raises
    ------
    NotFound
        The root is not one of LONGHAUL_FOLDER_ROOTS, or there is no such folder below it.
    """
    name, _, below = named.strip("/").partition("/")
    roots = settings().folder_roots
    if name not in roots:
        known = ", ".join(map(repr, sorted(roots))) or "none; an operator names them in LONGHAUL_FOLDER_ROOTS"
        raise NotFound(f"There is no server folder {name!r}; there are {known}.")
    path = contained(roots[name], below)
    if path is None or not path.is_dir():
        raise NotFound(f"There is no folder {named!r} on the server.")
    return path

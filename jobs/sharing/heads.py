"""The head of a shared folder: which files it has, and which objects hold them.

    heads/<folder>              the head: small, replaced as a whole and never by who has not seen the last
    blobs/<home>/<id>           the content of a file: written once, and never changed

A folder is thereby as it was or as it is, also for a machine that reads while another writes. `home` outlives
a change of the folder's name.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import orjson

from jobs.errors import StorageAway
from jobs.sharing.objects import Changed, Objects, Unchanged

log = logging.getLogger(__name__)

VERSION: Final = 1


@dataclass(frozen=True)
class Blob:
    """A file of a shared folder: its object, size in bytes, and time of change in nanoseconds since 1970."""

    key: str
    bytes: int
    mtime_ns: int


@dataclass(frozen=True)
class Head:
    """What a folder holds, by path relative to it.

    `tag` is that of the object; None of what is not there. Without files the folder is being removed.
    `moves_to` is the name that it is about to have.
    """

    home: str
    files: Mapping[str, Blob] = field(default_factory=dict)
    tag: str | None = None
    moves_to: str | None = None

    def new_key(self) -> str:
        """Return a key that no object has."""
        return f"blobs/{self.home}/{uuid.uuid4().hex}"


def new_head(folder: str) -> Head:
    """Return the head of a folder that is not shared yet."""
    return Head(f"{folder}/{uuid.uuid4().hex}")


def head_key(folder: str) -> str:
    """Return the key of a folder's head."""
    return f"heads/{folder}"


def read_head(objects: Objects, folder: str, *, known: Head | None = None) -> Head | None:
    """Return the head of a folder, `known` itself if that is still it; None if the folder is not shared."""
    try:
        found = objects.read(head_key(folder), unless=None if known is None else known.tag)
    except Unchanged:
        return known
    return None if found is None else decoded(found.content, found.tag)


def write_head(objects: Objects, folder: str, head: Head) -> Head:
    """Let a head take the place of the one with its tag; return it with its own.

    Raises
    ------
    Changed
        Another machine has changed the folder meanwhile.
    """
    content = encoded(head)
    try:
        tag = objects.write(head_key(folder), content, instead_of=head.tag)
    except Changed:
        # A write whose answer was lost is asked for again, and finds what it has written itself.
        found = objects.read(head_key(folder))
        if found is None or found.content != content:
            raise
        tag = found.tag
    return replace(head, tag=tag)


def bury(objects: Objects, folder: str, head: Head) -> None:
    """Remove a shared folder. From the first step on it is gone for all; the rest may follow at a later look.

    Raises
    ------
    Changed
        Another machine has changed the folder meanwhile.
    """
    if head.files:
        head = write_head(objects, folder, replace(head, files={}, moves_to=None))
    objects.delete([key for key, _ in objects.below(f"blobs/{head.home}")])
    objects.delete([head_key(folder)])


def encoded(head: Head) -> bytes:
    """Return a head as JSON; no two writes of the same give the same, so that their tags differ."""
    files = {path: (blob.key, blob.bytes, blob.mtime_ns) for path, blob in head.files.items()}
    members = {"version": VERSION, "id": uuid.uuid4().hex, "home": head.home, "moves_to": head.moves_to}
    return orjson.dumps({**members, "files": files})


def checked(path: str) -> str:
    """Return a path from the store, which must lead to where it says and to nowhere else.

    Raises
    ------
    ValueError
        It is absolute, or leads out of its folder.
    """
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise ValueError(f"{path!r} is no path within a folder")
    return path


def decoded(content: bytes, tag: str) -> Head:
    """Return a head from JSON.

    Raises
    ------
    StorageAway
        It is none, or that of a later version.
    """
    try:
        found = orjson.loads(content)
        if found["version"] != VERSION:
            raise ValueError("another version")  # noqa: TRY301 - as unreadable as what is no JSON
        files = {checked(path): Blob(*blob) for path, blob in found["files"].items()}
        return Head(checked(found["home"]), files, tag, found["moves_to"])
    except (ValueError, KeyError, TypeError) as error:
        log.exception("a head in the object store cannot be read")
        raise StorageAway("What the storage holds of this cannot be read; tell its operator.") from error

"""The head of a shared folder: which files it has, and which objects hold them.

    heads/<folder>              the head: small, replaced as a whole and never by who has not seen the last
    blobs/<home>/<id>           the content of a file: written once, and never changed

A folder is thereby as it was or as it is, also for a machine that reads while another writes. `home` outlives
a change of the folder's name.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson

from jobs.errors import Unavailable
from jobs.sharing.objects import Objects, Unchanged

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
    """What a folder holds, by path relative to it. `tag` is that of the object; None of what is not there."""

    home: str
    files: Mapping[str, Blob] = field(default_factory=dict)
    tag: str | None = None

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
    tag = objects.write(head_key(folder), encoded(head), instead_of=head.tag)
    return Head(head.home, head.files, tag)


def encoded(head: Head) -> bytes:
    """Return a head as JSON; no two writes of the same give the same, so that their tags differ."""
    files = {path: (blob.key, blob.bytes, blob.mtime_ns) for path, blob in head.files.items()}
    return orjson.dumps({"version": VERSION, "id": uuid.uuid4().hex, "home": head.home, "files": files})


def decoded(content: bytes, tag: str) -> Head:
    """Return a head from JSON.

    Raises
    ------
    Unavailable
        It is none, or that of a later version.
    """
    try:
        found = orjson.loads(content)
        if found["version"] != VERSION:
            raise ValueError("another version")  # noqa: TRY301 - as unreadable as what is no JSON
        files = {path: Blob(*blob) for path, blob in found["files"].items()}
        return Head(found["home"], files, tag)
    except (ValueError, KeyError, TypeError) as error:
        log.exception("a head in the object store cannot be read")
        raise Unavailable("What the storage holds of this cannot be read; tell its operator.") from error

"""What is known of a copy: the head that it follows, and how each file looked when it was put there."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import orjson

from jobs.sharing.heads import Blob, Head
from jobs.sharing.objects import Objects
from jobs.storage import TEMPORARY_PREFIX, write_bytes

NOTE: Final = ".shared.json"

Seen = tuple[int, int]  # size and time of change of a file


@dataclass
class Note:
    """What is known of a copy.

    `here` are files that are here, `coming` those that are being put in their places: whatever this process
    is killed in the middle of, neither is taken for a change that was made on this machine.
    """

    head: Head
    here: dict[str, Seen] = field(default_factory=dict)
    coming: dict[str, list[Seen]] = field(default_factory=dict)

    def is_ours(self, path: str, seen: Seen) -> bool:
        """Tell whether a file that looks so was changed, or added, on this machine."""
        blob = self.head.files.get(path)
        of_head = blob is not None and seen == (blob.bytes, blob.mtime_ns)
        return not of_head and seen != self.here.get(path) and seen not in self.coming.get(path, ())

    def home_of(self, head: Head) -> None:
        """Take the home of a head, where nothing was known: from now on this is a copy of something."""
        if self.head.tag is None and not self.head.files:
            self.head = replace(self.head, home=head.home)


def read_note(folder: Path) -> Note | None:
    """Return what is known of the copy of a folder; None if it is none."""
    try:
        found: Any = orjson.loads((folder / NOTE).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    files = {path: Blob(*blob) for path, blob in found["files"].items()}
    here = {path: (seen[0], seen[1]) for path, seen in found["here"].items()}
    coming = {path: [(one[0], one[1]) for one in seen] for path, seen in found["coming"].items()}
    return Note(Head(found["home"], files, found["tag"]), here, coming)


def write_note(folder: Path, note: Note) -> None:
    """Write down what is known of the copy of a folder."""
    files = {path: (blob.key, blob.bytes, blob.mtime_ns) for path, blob in note.head.files.items()}
    members = {"tag": note.head.tag, "home": note.head.home, "files": files}
    write_bytes(folder / NOTE, orjson.dumps({**members, "here": note.here, "coming": note.coming}))


def seen_at(path: Path) -> Seen | None:
    """Return size and time of change of a file, None if there is none."""
    try:
        found = path.stat(follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_size, found.st_mtime_ns


@contextmanager
def fetched(objects: Objects, blobs: Mapping[Path, Blob]) -> Iterator[Mapping[Path, Path]]:
    """Yield shared files under temporary names beside their places, with the times that they were changed.

    Raises
    ------
    FileNotFoundError
        An object has gone: the folder was changed since its head was read.
    """
    temporary = {path: path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}") for path in blobs}
    try:
        for path, blob in blobs.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            objects.download(blob.key, temporary[path])
            os.utime(temporary[path], ns=(blob.mtime_ns, blob.mtime_ns))
        yield temporary
    finally:
        for path in temporary.values():
            path.unlink(missing_ok=True)


def place(temporary: Path, path: Path) -> Seen:
    """Give a file its place in one step; return how it looks there."""
    temporary.replace(path)
    return seen_at(path) or (0, 0)


def download(objects: Objects, blob: Blob, path: Path) -> Seen:
    """Write a shared file to its place in one step; return how it looks there.

    Raises
    ------
    FileNotFoundError
        The object has gone: the folder was changed since its head was read.
    """
    with fetched(objects, {path: blob}) as temporary:
        return place(temporary[path], path)

"""The copy of a shared folder on this machine: brought in line with what is shared, and shared again.

Beside the files lies a note of the head that the copy follows, and of the size and time of each file that is
here. What differs from the note was changed on this machine. Small files directly in the folder are always
here; what lies deeper comes when it is asked for. Hidden files are this machine's own and never shared.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import orjson

from jobs.errors import StorageAway
from jobs.sharing.heads import Blob, Head, head_key, new_head, read_head, write_head
from jobs.sharing.objects import Objects
from jobs.storage import TEMPORARY_PREFIX, remove_folder, write_bytes

NOTE: Final = ".shared.json"
LOCK: Final = ".shared.lock"
TRIES: Final = 5  # what is read may be replaced meanwhile, again and again

Seen = tuple[int, int]  # size and time of change of a file


@dataclass
class Note:
    """What is known of the copy."""

    head: Head
    here: dict[str, Seen] = field(default_factory=dict)


class Copy:
    """One folder, below the data folder at `name` on each machine."""

    def __init__(self, objects: Objects, root: Path, name: str) -> None:
        self._objects = objects
        self._name = name
        self.folder = root / name

    def refresh(self) -> bool:
        """Bring the copy in line with what is shared; return whether the folder is shared.

        Raises
        ------
        Unavailable
            The store does not answer.
        """
        for _ in range(TRIES):
            note = read_note(self.folder)
            head = read_head(self._objects, self._name, known=None if note is None else note.head)
            if head is None:
                if note is not None:  # another machine has removed it
                    remove_folder(self.folder)
                return False
            if note is not None and head.tag == note.head.tag:
                return True
            with suppress(FileNotFoundError):  # replaced since the head was read: once more
                self._follow(head)
                return True
        raise StorageAway("This is being changed by others all the time; try again.")

    def bring(self, *parts: str) -> None:
        """Have files of the folder here: a file by its path, or all below a folder by the folder's.

        Raises
        ------
        Unavailable
            The store does not answer.
        """
        for _ in range(TRIES):
            note = read_note(self.folder)
            if note is None:
                return
            wanted = [path for path in note.head.files if _is_in(path, parts)]
            missing = [path for path in wanted if path not in note.here or not self._path(path).exists()]
            try:
                for path in missing:
                    self._download(path, note.head.files[path])
            except FileNotFoundError:
                self.refresh()
                continue
            if missing:
                self._remember(note.head, missing)
            return
        raise StorageAway("This is being changed by others all the time; try again.")

    def publish(self, *, without: tuple[str, ...] = ()) -> None:
        """Share what was changed or added here since the copy was last in line.

        A file that has disappeared here is not dropped for all: a disk that was tidied up must not cost data.

        Parameters
        ----------
        without : tuple of str
            Files and folders that were dropped, whether or not they were here; what is here now is new.

        Raises
        ------
        Changed
            Another machine has changed the folder meanwhile.
        Unavailable
            The store does not answer.
        """
        with self._locked():
            note = read_note(self.folder) or Note(new_head(self._name))
            files = {path: blob for path, blob in note.head.files.items() if not _is_in(path, without)}
            local = self._local()
            for path, seen in local.items():
                if path not in files or note.here.get(path) != seen:
                    files[path] = self._upload(path, note.head.new_key(), seen)
            if files == note.head.files and note.head.tag is not None:
                return
            head = write_head(self._objects, self._name, replace(note.head, files=files))
            write_note(self.folder, Note(head, {path: seen for path, seen in local.items() if path in files}))
        replaced = {blob.key for blob in note.head.files.values()} - {blob.key for blob in files.values()}
        self._objects.delete(sorted(replaced))

    def remove(self) -> None:
        """Remove the folder, here and for all; other machines remove their copies when they look."""
        known = read_note(self.folder)
        head = read_head(self._objects, self._name, known=None if known is None else known.head)
        self._objects.delete([head_key(self._name)])
        remove_folder(self.folder)
        if head is not None:
            self._objects.delete([key for key, _ in self._objects.below(f"blobs/{head.home}")])

    def size(self) -> int | None:
        """Return how many bytes the folder holds; None if it is not shared."""
        note = read_note(self.folder)
        return None if note is None else sum(blob.bytes for blob in note.head.files.values())

    def _follow(self, head: Head) -> None:
        """Let the copy follow a newer head. What was changed here and is not shared yet stays."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            note = read_note(self.folder) or Note(Head(head.home))
            here = {}
            for path, seen in note.here.items():
                blob, ours = head.files.get(path), seen_at(self._path(path))
                if blob == note.head.files.get(path) or (ours is not None and ours != seen):
                    here[path] = seen
                elif blob is None:
                    self._path(path).unlink(missing_ok=True)
            for path, blob in head.files.items():
                if path not in here and ("/" not in path or path in note.here):
                    here[path] = self._download(path, blob)
            write_note(self.folder, Note(head, here))

    def _remember(self, head: Head, paths: list[str]) -> None:
        with self._locked():
            note = read_note(self.folder)
            if note is None or note.head.tag != head.tag:
                return  # a newer head has come: what is here of the old one comes again
            for path in paths:
                if (seen := seen_at(self._path(path))) is not None:
                    note.here[path] = seen
            write_note(self.folder, note)

    def _path(self, path: str) -> Path:
        return self.folder / path

    def _local(self) -> Mapping[str, Seen]:
        """Return what is here of files that are shared."""
        found = {}
        for parent, folders, files in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                path = Path(parent, name)
                if not name.startswith(".") and (seen := seen_at(path)) is not None:
                    found[path.relative_to(self.folder).as_posix()] = seen
        return found

    def _upload(self, path: str, key: str, seen: Seen) -> Blob:
        self._objects.upload(key, self._path(path))
        return Blob(key, *seen)

    def _download(self, path: str, blob: Blob) -> Seen:
        return download(self._objects, blob, self._path(path))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / LOCK).open("ab") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def download(objects: Objects, blob: Blob, path: Path) -> Seen:
    """Write a shared file to its place in one step, with the time that it was changed; return how it is then.

    Raises
    ------
    FileNotFoundError
        The object has gone: the folder was changed since its head was read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{os.urandom(8).hex()}")
    try:
        objects.download(blob.key, temporary)
        os.utime(temporary, ns=(blob.mtime_ns, blob.mtime_ns))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return blob.bytes, blob.mtime_ns


def read_note(folder: Path) -> Note | None:
    """Return what is known of the copy of a folder; None if it is none."""
    try:
        found: Any = orjson.loads((folder / NOTE).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    files = {path: Blob(*blob) for path, blob in found["files"].items()}
    here = {path: (seen[0], seen[1]) for path, seen in found["here"].items()}
    return Note(Head(found["home"], files, found["tag"]), here)


def write_note(folder: Path, note: Note) -> None:
    """Write down what is known of the copy of a folder."""
    files = {path: (blob.key, blob.bytes, blob.mtime_ns) for path, blob in note.head.files.items()}
    members = {"tag": note.head.tag, "home": note.head.home, "files": files, "here": note.here}
    write_bytes(folder / NOTE, orjson.dumps(members))


def seen_at(path: Path) -> Seen | None:
    """Return size and time of change of a file, None if there is none."""
    try:
        found = path.stat(follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_size, found.st_mtime_ns


def _is_in(path: str, parts: tuple[str, ...]) -> bool:
    return any(path == part or path.startswith(f"{part}/") for part in parts)

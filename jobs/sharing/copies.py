"""The copy of a shared folder on this machine: brought in line with what is shared, and shared again.

Beside the files lies a note of the head that the copy follows, and of the size and time of each file that is
here. A file that is neither as noted nor as the head has it was changed on this machine. Small files directly
in the folder are always here; what lies deeper comes when it is asked for. Hidden files are this machine's
own and never shared.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from jobs.errors import StorageAway
from jobs.sharing.heads import Blob, Head, bury, new_head, read_head, write_head
from jobs.sharing.notes import Note, Seen, download, fetched, place, read_note, seen_at, write_note
from jobs.sharing.objects import Objects
from jobs.storage import remove_folder

LOCK: Final = ".shared.lock"
TRIES: Final = 5  # what is read may be replaced meanwhile, again and again
AT_ONCE: Final = 100  # files that are put in their places, and noted, together


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
        StorageAway
            The store does not answer.
        """
        for _ in range(TRIES):
            note = read_note(self.folder)
            head = read_head(self._objects, self._name, known=None if note is None else note.head)
            if head is None or not head.files:
                if head is not None:  # whoever removed it was cut off
                    bury(self._objects, self._name, head)
                if note is not None:  # another machine has removed it
                    remove_folder(self.folder)
                return False
            if note is not None and head.tag == note.head.tag:
                return True
            with suppress(FileNotFoundError):  # replaced since the head was read: once more
                if self._follow(head, None if note is None else note.head.tag):
                    return True
        raise StorageAway("This is being changed by others all the time; try again.")

    def bring(self, *parts: str) -> None:
        """Have files of the folder here: a file by its path, or all below a folder by the folder's.

        Raises
        ------
        StorageAway
            The store does not answer.
        """
        for _ in range(TRIES):
            note = read_note(self.folder)
            if note is None:
                return
            wanted = [path for path in note.head.files if is_in(path, parts)]
            missing = [path for path in wanted if path not in note.here or not self._path(path).exists()]
            try:
                if all(self._bring_some(note.head, some) for some in _in_portions(missing)):
                    return
            except FileNotFoundError:
                pass
            self.refresh()
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
        StorageAway
            The store does not answer.
        """
        with self._locked():
            note = read_note(self.folder) or Note(new_head(self._name))
            files = {path: blob for path, blob in note.head.files.items() if not is_in(path, without)}
            local = self._local()
            new = {
                path: Blob(note.head.new_key(), *seen)
                for path, seen in local.items()
                if is_in(path, without) or note.is_ours(path, seen)
            }
            files |= new
            if files == note.head.files and note.head.tag is not None:
                return
            try:
                for path, blob in new.items():
                    self._objects.upload(blob.key, self._path(path))
                head = write_head(self._objects, self._name, replace(note.head, files=files))
            except BaseException:
                with suppress(StorageAway):
                    self._objects.delete([blob.key for blob in new.values()])
                raise
            write_note(self.folder, Note(head, {path: seen for path, seen in local.items() if path in files}))
        kept = {blob.key for blob in files.values()}
        self._objects.delete(sorted({blob.key for blob in note.head.files.values()} - kept))

    def remove(self) -> None:
        """Remove the folder for all, and here. Cut off, it is gone all the same; a later look ends it."""
        head = read_head(self._objects, self._name)
        if head is not None:
            bury(self._objects, self._name, head)
        remove_folder(self.folder)

    def _follow(self, head: Head, known: str | None) -> bool:
        """Let the copy follow a newer head, unless it follows another than the `known` one by now.

        What was changed here and is not shared yet stays.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            note = read_note(self.folder) or Note(Head(head.home))
            if note.head.tag != known:
                return False
            here: dict[str, Seen] = {}
            wanted = dict(head.files)
            for path in {*note.here, *note.head.files, *note.coming}:
                seen, blob = seen_at(self._path(path)), head.files.get(path)
                if seen is None:
                    continue
                if note.is_ours(path, seen):
                    wanted.pop(path, None)
                    here[path] = note.here.get(path, (-1, -1))  # not as noted: it is shared next
                elif blob is not None and seen == (blob.bytes, blob.mtime_ns):
                    wanted.pop(path, None)
                    here[path] = seen
                elif blob is None or not _stays(path, note):
                    self._path(path).unlink(missing_ok=True)
            stays = {path: blob for path, blob in wanted.items() if _stays(path, note)}
            here |= self._placed(head, note, stays)
            write_note(self.folder, Note(head, here))
        return True

    def _placed(self, head: Head, note: Note, wanted: Mapping[str, Blob]) -> dict[str, Seen]:
        """Put files in their places. What they will look like is noted first: they are no changes of ours."""
        note.home_of(head)
        for path, blob in wanted.items():
            note.coming.setdefault(path, []).append((blob.bytes, blob.mtime_ns))
        write_note(self.folder, note)
        return {path: download(self._objects, blob, self._path(path)) for path, blob in wanted.items()}

    def _bring_some(self, head: Head, paths: list[str]) -> bool:
        """Have some files here; False where the copy follows another head by now."""
        blobs = {self._path(path): head.files[path] for path in paths}
        with fetched(self._objects, blobs) as temporary, self._locked():
            note = read_note(self.folder)
            if note is None or note.head.tag != head.tag:
                return False
            for path in paths:
                seen = seen_at(self._path(path))
                if seen is None or not note.is_ours(path, seen):
                    note.here[path] = place(temporary[self._path(path)], self._path(path))
            write_note(self.folder, note)
        return True

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

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / LOCK).open("ab") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def is_in(path: str, parts: tuple[str, ...]) -> bool:
    """Tell whether a path is one of these, or below one of them."""
    return any(path == part or path.startswith(f"{part}/") for part in parts)


def _stays(path: str, note: Note) -> bool:
    """Tell whether a file is always here, or was asked for before."""
    return "/" not in path or path in note.here


def _in_portions(paths: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(paths), AT_ONCE):
        yield paths[begin : begin + AT_ONCE]

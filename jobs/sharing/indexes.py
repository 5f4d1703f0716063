"""Indexes that machines share: whoever writes one begins with its newest state, and shares what he has made.

The copy of an index is one of its generations (jobs/indexing/index/generations.py): a newer state is put
together beside the one that answers, of segments that are here and those that are not, and then takes its
place. Writing is safe whatever happens to locks and machines: a state takes the place of the one that it was
made from, or is refused.
"""

import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from jobs.errors import IndexBusy, IndexExists, StorageAway
from jobs.indexing.durable import clear
from jobs.indexing.index.generations import (
    adopt,
    clear_outlived,
    current,
    exists,
    upcoming,
)
from jobs.indexing.index.ownership import exclusive
from jobs.indexing.index.seal import seal
from jobs.sharing.heads import Blob, Head, bury, head_key, new_head, read_head, write_head
from jobs.sharing.looks import Looks
from jobs.sharing.notes import Note, download, read_note, seen_at, write_note
from jobs.sharing.objects import Changed, Objects
from jobs.sharing.parts import (
    DATABASE_SUFFIX,
    clear_journal,
    is_kept,
    is_of_generation,
    shared_parts,
    snapshot,
    version,
)
from jobs.storage import remove_folder

TRIES: Final = 5
SNAPSHOT: Final = ".manifest.shared"  # the list of files while it is uploaded: others may read it meanwhile


class SharedIndexes:
    """The copies of indexes on this machine.

    Parameters
    ----------
    root : Path
        The data folder of this machine.
    """

    def __init__(self, objects: Objects, root: Path) -> None:
        self._objects = objects
        self._root = root
        self._looks = Looks()

    def refresh(self, index: Path, *, behind: float = 0.0) -> None:
        """Have an index here as it was at most `behind` seconds ago, unless it is being written here.

        Raises
        ------
        StorageAway
            The store does not answer, or the index is just being brought for the first time.
        """
        now = time.monotonic()
        if self._looks.younger_than(behind, index):
            return
        try:
            self.fetch(index)
        except IndexBusy as error:
            if not exists(index):
                raise StorageAway("The index is just being brought to this machine; try again.") from error
        self._looks.remember(index, now)

    def fetch(self, index: Path) -> str | None:
        """Have the newest state of an index here; return its tag, None where nothing is shared.

        What was written here since the last one stays where that is still the newest.

        Raises
        ------
        IndexBusy
            It is being written on this machine.
        StorageAway
            The store does not answer.
        """
        for _ in range(TRIES):
            note = read_note(index)
            head = self._head(index, None if note is None else note.head)
            if head is None:
                if note is not None:  # another machine has removed or renamed it
                    with exclusive(index):
                        remove_folder(index)
                return None
            if note is not None and head.tag == note.head.tag:
                return head.tag
            with suppress(FileNotFoundError):  # a newer state has taken its place meanwhile: once more
                self._take(index, head)
                return head.tag
        raise StorageAway("The index is being changed by others all the time; try again.")

    def clear_removed(self, index: Path) -> None:
        """Remove the copy of an index that another machine has removed; nothing else is looked at."""
        if read_note(index) is not None and self._head(index) is None:
            with suppress(IndexBusy), exclusive(index):
                remove_folder(index)

    def publish(self, index: Path, *, begun_from: str | None) -> None:
        """Share the state of an index that is not being written.

        Parameters
        ----------
        begun_from : str or None
            The tag of the state that this one was made of.

        Raises
        ------
        IndexBusy
            Another state was shared since this one was begun: it is to be begun anew.
        StorageAway
            The store does not answer.
        """
        if not index.is_dir():
            return
        with exclusive(index):
            note = read_note(index) or Note(new_head(self._name(index)))
            if note.head.tag != begun_from:
                raise IndexBusy("Another machine has written this index meanwhile; try again.")
            parts = {path: (part, version(part)) for path, part in shared_parts(index)}
            changed = [path for path, (_, seen) in parts.items() if note.here.get(path) != seen]
            files = {path: blob for path, blob in note.head.files.items() if path in parts}
            new: dict[str, Blob] = {}
            try:
                for path in changed + [path for path in parts if path not in files and path not in changed]:
                    new[path] = self._upload(index, parts[path][0], note.head.new_key())
                if (files := files | new) == note.head.files:
                    return
                head = write_head(self._objects, self._name(index), replace(note.head, files=files))
            except Changed as error:
                self._objects.delete(_keys(new))
                raise IndexBusy("Another machine has written this index meanwhile; try again.") from error
            write_note(index, Note(head, {path: seen for path, (_, seen) in parts.items()}))
        self._objects.delete(_keys(note.head.files) - _keys(files))

    def names(self, owner: Path) -> list[str]:
        """Return the names of the indexes in an owner's folder: what is shared, and what is not yet."""
        shared = self._objects.names(f"heads/{self._name(owner)}")
        local = [path for path in owner.iterdir() if path.is_dir()] if owner.is_dir() else []
        own = (path.name for path in local if not path.name.startswith(".") and read_note(path) is None)
        return sorted({*shared, *own})

    def bytes(self, index: Path) -> int | None:
        """Return how large an index is, without having it here; None if it is not shared."""
        head = self._head(index)
        return None if head is None else sum(blob.bytes for blob in head.files.values())

    def remove(self, index: Path) -> None:
        """Remove an index for all. Its copy here is the caller's.

        Raises
        ------
        IndexBusy
            Another machine changes it in this moment.
        """
        if (head := self._head(index)) is not None:
            try:
                bury(self._objects, self._name(index), head)
            except Changed as error:
                raise IndexBusy("Another machine writes this index; try again.") from error

    def rename(self, index: Path, target: Path) -> None:
        """Let an index be called otherwise for all. Its copy here is the caller's, and goes by both names.

        The old head names the new one first: whoever sees it from then on ends what was begun.

        Raises
        ------
        IndexBusy
            Another machine changes it in this moment.
        IndexExists
            There is one of that name.
        """
        head = self._head(index)
        if head is None:
            return
        if self._head(target) is not None:
            raise IndexExists(f"There is an index {target.name!r} already; choose another name.")
        try:
            leaving = write_head(self._objects, self._name(index), replace(head, moves_to=self._name(target)))
        except Changed as error:
            raise IndexBusy("Another machine writes this index; try again.") from error
        renamed = self._move(self._name(index), leaving)
        if (note := read_note(index)) is not None and note.head.tag == head.tag:
            write_note(index, Note(renamed, note.here))

    def _head(self, index: Path, known: Head | None = None) -> Head | None:
        """Return the head of an index; what a removal or a renaming was cut off in is done first."""
        name = self._name(index)
        head = read_head(self._objects, name, known=known)
        if head is not None and head.moves_to is not None:
            self._move(name, head)
            return None
        if head is not None and not head.files:
            bury(self._objects, name, head)
            return None
        return head

    def _move(self, name: str, leaving: Head) -> Head:
        """Let a head that is about to have another name have it; return it as it is there."""
        target = str(leaving.moves_to)
        try:
            found = write_head(self._objects, target, replace(leaving, tag=None, moves_to=None))
        except Changed as error:
            there = read_head(self._objects, target)
            if there is None or there.home != leaving.home:  # another has taken the name meanwhile
                write_head(self._objects, name, replace(leaving, moves_to=None))
                raise IndexExists(f"There is an index {target.rpartition('/')[2]!r} already.") from error
            found = there
        self._objects.delete([head_key(name)])
        return found

    def _take(self, index: Path, head: Head) -> None:
        """Let a shared state take the place of the one that is here."""
        index.mkdir(parents=True, exist_ok=True)
        with exclusive(index):
            if read_note(index) is None and not exists(index):
                write_note(index, Note(Head(head.home)))
            note, old, new = read_note(index), current(index), upcoming(index)
            known = {} if note is None else note.head.files
            clear(new)
            new.mkdir()
            beside = [(path, place) for path, place in shared_parts(index) if not is_of_generation(path)]
            for path, blob in sorted(head.files.items(), key=lambda one: one[0].endswith(DATABASE_SUFFIX)):
                if not is_of_generation(path):
                    if known.get(path) != blob or not (index / path).exists():
                        clear_journal(index / path)
                        download(self._objects, blob, index / path)
                elif known.get(path) == blob and is_kept(path, old, blob):
                    (new / path).parent.mkdir(parents=True, exist_ok=True)
                    os.link(old / path, new / path)
                else:
                    download(self._objects, blob, new / path)
            seal(new)
            write_note(index, Note(Head(head.home)))  # whatever happens now, a copy of nothing whole
            adopt(index)
            clear_outlived(index)
            for path, place in beside:
                if path not in head.files:
                    clear(place)
            write_note(index, Note(head, {path: version(place) for path, place in shared_parts(index)}))

    def _upload(self, index: Path, place: Path, key: str) -> Blob:
        if place.suffix != DATABASE_SUFFIX:
            size, mtime_ns = version(place)
            self._objects.upload(key, place)
            return Blob(key, size, mtime_ns)
        with snapshot(place, index / SNAPSHOT) as copy:
            size, mtime_ns = seen_at(copy) or (0, 0)
            self._objects.upload(key, copy)
            return Blob(key, size, mtime_ns)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def _keys(files: Any) -> set[str]:
    return {blob.key for blob in files.values()}

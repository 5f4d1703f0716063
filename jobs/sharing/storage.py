"""Where folders of users lie: on this machine's disk alone, or shared by several machines."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

import redis

from jobs.connection import records_client
from jobs.errors import StorageAway
from jobs.settings import settings
from jobs.sharing.copies import Copy
from jobs.sharing.heads import Blob, checked
from jobs.sharing.locks import CHANGED, alone
from jobs.sharing.looks import Looks
from jobs.sharing.notes import download
from jobs.sharing.objects import Changed, Objects
from jobs.storage import locked, remove_folder


class Change(Protocol):
    """A folder that is held, and being changed."""

    def drop(self, *parts: str) -> None:
        """Remove files or folders of it."""

    def share(self) -> None:
        """Let others see what was changed so far."""


class Storage(Protocol):
    """Folders below the data folder, as all machines see them. All raise `StorageAway` without an answer."""

    def check(self) -> None:
        """Find out whether the storage answers."""

    def refresh(self, folder: Path, *, behind: float = 0.0) -> None:
        """Have the newest files that lie directly in a folder, if there is such a folder.

        Parameters
        ----------
        behind : float
            Seconds that they may be behind.
        """

    def bring(self, folder: Path, *parts: str) -> None:
        """Have these files of a folder here, and all below these folders of it."""

    def changing(self, folder: Path) -> AbstractContextManager[Change]:
        """Hold a folder, as it is now, alone; share what was changed when nothing is raised.

        Raises
        ------
        NotFound
            There is no such folder.
        """

    def remove(self, folder: Path) -> None:
        """Remove a folder."""

    def names(self, folder: Path) -> list[str]:
        """Return the names of the folders in a folder, sorted."""

    def keep(self, path: Path) -> None:
        """Share a file that lies in no shared folder."""

    def drop(self, path: Path) -> None:
        """Remove such a file, if it is there."""

    def bring_all(self, folder: Path) -> None:
        """Have all such files below a folder here."""

    def clear_removed(self, root: Path) -> int:
        """Remove the copies of folders, two levels below `root`, that others have removed; count them."""


class Disk:
    """The storage of one machine: what lies on its disk is all there is."""

    def check(self) -> None:
        """See `Storage`."""

    def refresh(self, folder: Path, *, behind: float = 0.0) -> None:
        """See `Storage`."""

    def bring(self, folder: Path, *parts: str) -> None:
        """See `Storage`."""

    @contextmanager
    def changing(self, folder: Path) -> Iterator[Change]:
        """See `Storage`."""
        with locked(folder):
            yield _Local(folder)

    def remove(self, folder: Path) -> None:
        """See `Storage`."""
        remove_folder(folder)

    def names(self, folder: Path) -> list[str]:
        """See `Storage`."""
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def keep(self, path: Path) -> None:
        """See `Storage`."""

    def drop(self, path: Path) -> None:
        """See `Storage`."""
        path.unlink(missing_ok=True)

    def bring_all(self, folder: Path) -> None:
        """See `Storage`."""

    def clear_removed(self, root: Path) -> int:  # noqa: ARG002 - nobody else removes anything
        """See `Storage`."""
        return 0


class Shared:
    """Copies on this machine's disk of what an object store holds for all machines.

    Parameters
    ----------
    root : Path
        The data folder of this machine. A folder is called by its path below it.
    """

    def __init__(self, objects: Objects, root: Path, client: redis.Redis) -> None:
        self._objects = objects
        self._root = root
        self._client = client
        self._looks = Looks()

    def check(self) -> None:
        """See `Storage`."""
        self._objects.read("heads/none")  # there is none: whoever may not look at it is refused

    def refresh(self, folder: Path, *, behind: float = 0.0) -> None:
        """See `Storage`."""
        name, now = self._name(folder), time.monotonic()
        if self._looks.younger_than(behind, name):
            return
        self._copy(folder).refresh()
        self._looks.remember(name, now)

    def bring(self, folder: Path, *parts: str) -> None:
        """See `Storage`."""
        self._copy(folder).bring(*parts)

    @contextmanager
    def changing(self, folder: Path) -> Iterator[Change]:
        """See `Storage`."""
        copy = self._copy(folder)
        with alone(self._client, self._name(folder)):
            copy.refresh()
            with locked(folder):
                change = _Published(copy)
                yield change
                if folder.exists():
                    change.share()

    def remove(self, folder: Path) -> None:
        """See `Storage`."""
        try:
            self._copy(folder).remove()
        except Changed as error:
            raise StorageAway(CHANGED) from error

    def names(self, folder: Path) -> list[str]:
        """See `Storage`."""
        return self._objects.names(f"heads/{self._name(folder)}")

    def keep(self, path: Path) -> None:
        """See `Storage`."""
        self._objects.upload(self._key(path), path)

    def drop(self, path: Path) -> None:
        """See `Storage`."""
        path.unlink(missing_ok=True)
        self._objects.delete([self._key(path)])

    def bring_all(self, folder: Path) -> None:
        """See `Storage`."""
        prefix, there = self._key(folder), set()
        for key, size in self._objects.below(prefix):
            path = folder / checked(key.removeprefix(f"{prefix}/"))
            there.add(path)
            if not path.exists() or path.stat().st_size != size:
                download(self._objects, Blob(key, size, time.time_ns()), path)
        for path in [path for path in folder.rglob("*") if path.is_file() and path not in there]:
            if not path.name.startswith("."):
                path.unlink(missing_ok=True)  # another machine has removed it

    def clear_removed(self, root: Path) -> int:
        """See `Storage`."""
        removed = 0
        for parent in [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []:
            there = set(self.names(parent))
            for folder in [path for path in parent.iterdir() if path.name not in there]:
                if folder.name.startswith("."):
                    continue
                before = folder.exists()
                self._copy(folder).refresh()
                removed += before and not folder.exists()
        return removed

    def _copy(self, folder: Path) -> Copy:
        return Copy(self._objects, self._root, self._name(folder))

    def _name(self, folder: Path) -> str:
        return folder.relative_to(self._root).as_posix()

    def _key(self, path: Path) -> str:
        return f"files/{self._name(path)}"


class _Local:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def drop(self, *parts: str) -> None:
        _remove(self._folder, parts)

    def share(self) -> None:
        """Nobody else is there to see it."""


class _Published:
    def __init__(self, copy: Copy) -> None:
        self._copy = copy
        self._dropped: set[str] = set()

    def drop(self, *parts: str) -> None:
        self._dropped |= {*parts}
        _remove(self._copy.folder, parts)

    def share(self) -> None:
        try:
            self._copy.publish(without=tuple(self._dropped))
        except Changed as error:
            raise StorageAway(CHANGED) from error
        self._dropped.clear()


def _remove(folder: Path, parts: tuple[str, ...]) -> None:
    for part in parts:
        path = folder / part
        if path.is_dir():
            remove_folder(path)
        else:
            path.unlink(missing_ok=True)


@cache
def objects() -> Objects | None:
    """Return the object store that machines share; None where what lies on the disk is all there is.

    Raises
    ------
    ConfigurationError
        LONGHAUL_STORAGE cannot be used.
    """
    address = settings().storage
    return None if address is None else Objects(address)


@cache
def storage() -> Storage:
    """Return the storage of this process.

    Raises
    ------
    ConfigurationError
        LONGHAUL_STORAGE cannot be used.
    """
    store = objects()
    return Disk() if store is None else Shared(store, settings().data, records_client())

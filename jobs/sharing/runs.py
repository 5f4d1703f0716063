"""What machines share of a run that writes an index: its plan, what its batches have read, and its account.

Files of a run are written once, by one process, under names that no other has: they need no head.
"""

import time
from contextlib import suppress
from pathlib import Path

from jobs.indexing.index.ownership import OWNER, RESULT_SUFFIX, RUNS
from jobs.indexing.runs.ledger import FOLDER as LEDGERS
from jobs.sharing.copies import download, read_note
from jobs.sharing.heads import Blob, read_head
from jobs.sharing.objects import Objects


class SharedRuns:
    """The runs on the indexes of this machine.

    Parameters
    ----------
    root : Path
        The data folder of this machine.
    """

    def __init__(self, objects: Objects, root: Path) -> None:
        self._objects = objects
        self._root = root

    def push(self, index: Path, run: str, *, batch: int | None = None) -> None:
        """Share what a run has on disk: what one batch has made, or without its number everything."""
        prefix = self._runs(index, run)
        there = dict(self._objects.below(prefix))
        for path in _of_run(index, run, batch):
            key = f"{prefix}/{path.relative_to(index).as_posix()}"
            if there.get(key) != path.stat().st_size:
                self._objects.upload(key, path)

    def pull(self, index: Path, run: str) -> None:
        """Have here what other machines have shared of a run."""
        prefix = self._runs(index, run)
        for key, size in self._objects.below(prefix):
            path = index / key.removeprefix(f"{prefix}/")
            if not path.exists() or path.stat().st_size != size:
                with suppress(FileNotFoundError):  # the run has ended just now
                    download(self._objects, Blob(key, size, time.time_ns()), path)

    def drop(self, index: Path, run: str) -> None:
        """Remove what was shared of a run."""
        self._objects.delete([key for key, _ in self._objects.below(self._runs(index, run))])

    def push_account(self, index: Path, account: Path) -> None:
        """Share the account of a run that has ended."""
        if (key := self._account_key(index, account.name)) is not None and account.exists():
            self._objects.upload(key, account)

    def pull_account(self, index: Path, account: Path) -> None:
        """Have the account of a run here, if there is one."""
        if not account.exists() and (key := self._account_key(index, account.name)) is not None:
            with suppress(FileNotFoundError):
                download(self._objects, Blob(key, 0, time.time_ns()), account)

    def drop_account(self, index: Path, account: Path) -> None:
        """Remove the account of a run for all."""
        if (key := self._account_key(index, account.name)) is not None:
            self._objects.delete([key])

    def accounts(self, index: Path) -> list[str]:
        """Return the file names of the accounts that are shared."""
        key = self._account_key(index, "")
        return [] if key is None else self._objects.names(key.rstrip("/"))

    def _account_key(self, index: Path, name: str) -> str | None:
        note = read_note(index)
        head = read_head(self._objects, self._name(index)) if note is None else note.head
        return None if head is None else f"blobs/{head.home}/{LEDGERS}/{name}"

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _runs(self, index: Path, run: str) -> str:
        return f"runs/{self._name(index)}/{run}"


def _of_run(index: Path, run: str, batch: int | None) -> list[Path]:
    folder = index / RUNS / run
    if batch is not None:  # of others, which may be at work beside it, nothing
        return sorted(folder.glob(f"*-{batch}.*"))
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    result, owner = index / RUNS / f"{run}{RESULT_SUFFIX}", index / OWNER
    return [*files, *(path for path in (result, owner) if path.exists())]

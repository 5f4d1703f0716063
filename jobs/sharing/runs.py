"""What machines share of a run that writes an index: its plan, what its batches have read, and its account.

Files of a run are written once, by one process, under names that no other has: they need no head.
"""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from jobs.indexing.index.ownership import OWNER, RESULT_SUFFIX, RUNS
from jobs.indexing.runs.ledger import FOLDER as LEDGERS
from jobs.indexing.runs.ledger import PLAN
from jobs.indexing.runs.plan import BATCHES, HEAD
from jobs.sharing.heads import Blob, checked, read_head
from jobs.sharing.notes import download, read_note
from jobs.sharing.objects import Objects

ACCOUNT = PLAN.removesuffix("plan")  # what the names of all its parts begin with


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
        if batch is not None and not self._objects.holds(f"{prefix}/{RUNS}/{run}/{HEAD}"):
            return  # the run has ended: nobody would ever remove it
        there = dict(self._objects.below(prefix))
        for path in _of_run(index, run, batch):
            key = f"{prefix}/{path.relative_to(index).as_posix()}"
            if there.get(key) != path.stat().st_size or path.name == OWNER:
                self._objects.upload(key, path)

    def pull(self, index: Path, run: str, *, batch: int | None = None) -> None:
        """Have here what other machines have shared of a run: what one batch needs, or everything.

        Who has the index, `owner.json`, is for him alone who puts the run together.
        """
        if batch is None:
            self._pull(index, run, lambda _: True)
            return
        own = re.compile(rf".*-{batch}\.\d+")
        self._pull(index, run, lambda name: name in (HEAD, BATCHES) or own.fullmatch(name) is not None)

    def pull_accounts(self, index: Path, run: str) -> None:
        """Have here what other machines have noted of the files of a run."""
        self._pull(index, run, lambda name: name.startswith(ACCOUNT))

    def _pull(self, index: Path, run: str, wants: Callable[[str], bool]) -> None:
        prefix = self._runs(index, run)
        for key, size in self._objects.below(prefix):
            path = index / checked(key.removeprefix(f"{prefix}/"))
            if not wants(path.name):
                continue
            if not path.exists() or path.stat().st_size != size or path.name == OWNER:
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
        if (key := self._account_key(index, account.name)) is None:
            return
        if not self._objects.holds(key):
            account.unlink(missing_ok=True)  # it was removed
        elif not account.exists():
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

"""Brings an index in line with all sources of a run, and keeps index and manifest of one mind."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from jobs.indexing.extraction.frames import Answer
from jobs.indexing.index.engine import Writer
from jobs.indexing.index.manifest import Manifest, Row
from jobs.indexing.runs.ledger import Ledger, unwritten
from jobs.indexing.runs.update import STATUSES, Update
from jobs.indexing.sources.scan import File

COMMIT_SECONDS: Final = 20.0  # what a crash may cost, against the price of a commit
COMMIT_CHARACTERS: Final = 64_000_000


def unfenced() -> None:
    """Let every commit pass: the default where nobody else can have taken the index over."""


def _boundless() -> int:
    return COMMIT_CHARACTERS


class Updates:
    """One run's changes to the documents of all its sources, committed together.

    Parameters
    ----------
    sources : iterable of str
        Those of the run, and those that leave the index with it.
    runs : mapping of str to int, optional
        The numbers of a run that was cut off, by source: it goes on where that one ended.
    ledger : Ledger
        Told what became of each file.
    check : callable
        Asked before each step of a commit; raises if another has taken the index over meanwhile.
    committed : callable
        Called when a commit is whole, and stops the run by what it raises.
    room : callable
        Gives how many characters may be added before the next commit.
    """

    def __init__(
        self,
        manifest: Manifest,
        writer: Writer,
        sources: Iterable[str],
        *,
        runs: Mapping[str, int] | None = None,
        ledger: Ledger = unwritten,
        check: Callable[[], None] = unfenced,
        committed: Callable[[], None] = unfenced,
        room: Callable[[], int] = _boundless,
    ) -> None:
        runs = runs or {}
        self._parts = {
            source: Update(manifest, writer, source, run=runs.get(source), ledger=ledger)
            for source in sources
        }
        self._manifest = manifest
        self._writer = writer
        self._check = check
        self._committed = committed
        self._room, self._most = room, room()
        self._ledger = ledger
        self._committed_at = time.monotonic()

    def part(self, source: str) -> Update:
        """Return the changes to one source."""
        return self._parts[source]

    def __iter__(self) -> Iterator[Update]:
        return iter(self._parts.values())

    @property
    def done(self) -> int:
        """How many files are settled."""
        return sum(len(part.outcomes) for part in self)

    @property
    def counts(self) -> Mapping[str, int]:
        """Files of this run by outcome."""
        return {name: sum(part.counts[name] for part in self) for name in STATUSES}

    @property
    def removed(self) -> int:
        """How many files were indexed and are gone."""
        return sum(part.removed for part in self)

    def settled(self) -> Iterator[Row]:
        """Yield the rows of the files of this run."""
        return (part.rows[path] for part in self for path in part.outcomes)

    def problems(self) -> Iterator[tuple[str, str, str, str | None]]:
        """Yield path, status, reason and detail of each file of this run that was refused or not read."""
        return (problem for part in self for problem in part.problems())

    def recover(self) -> Mapping[str, list[str]]:
        """Forget the documents of a commit that was cut short; give the paths to be read again by source."""
        return {part.source: part.recover() for part in self}

    def settle(self, file: File, answer: Answer) -> None:
        """Take in the answer of an extraction, and commit when enough has come together."""
        self.part(file.source).settle(file, answer)
        overdue = time.monotonic() - self._committed_at > COMMIT_SECONDS
        if overdue or sum(part.characters for part in self) > min(self._most, COMMIT_CHARACTERS):
            self.commit()

    def orphans(self) -> list[tuple[str, str]]:
        """List what is to be read for each content whose indexed path has changed or gone."""
        return [(part.source, path) for part in self for path in part.orphans()]

    def commit(self) -> None:
        """Make everything so far durable: intentions, then documents, then the manifest."""
        touched = [part for part in self if part.touched]
        if touched:
            self._check()
            for part in touched:
                self._manifest.note_pending(part.source, part.touched)
            self._check()
            self._writer.commit()
        for part in self:
            if part.changed:
                self._check()
                self._manifest.record(part.source, part.changed)
            part.committed()
        self._committed_at = time.monotonic()
        self._committed()
        self._most = self._room()

    def finish(self, family: str = "") -> None:
        """Commit, and note that the run has ended; forget sources of a family that hold nothing any more."""
        self.commit()
        for part in self:
            part.tell_duplicates()
            self._check()
            self._manifest.end_run(part.run)
            if family and part.source.startswith(family) and not part.rows:
                self._manifest.forget_source(part.source)
        self._ledger.flush()

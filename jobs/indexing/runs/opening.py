"""Opens an index for writing: in place, or, where it is damaged or outdated, to be built anew beside it."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from jobs.indexing.durable import clear
from jobs.indexing.index.checksums import remember
from jobs.indexing.index.engine import Writer
from jobs.indexing.index.generations import (
    FILE_NAME,
    SEGMENTS,
    adopt,
    clear_outlived,
    current,
    exists,
    upcoming,
)
from jobs.indexing.index.health import OUTDATED, fault_of
from jobs.indexing.index.known_sources import UNKNOWN, are_lost, known_sources, note_sources
from jobs.indexing.index.manifest import Manifest
from jobs.indexing.index.space import check_space, live_bytes
from jobs.indexing.index.stamp import is_ours, ours, read_stamp, write_stamp
from jobs.indexing.runs.ledger import Ledger, unwritten
from jobs.indexing.runs.remains import Remains
from jobs.indexing.runs.updates import COMMIT_CHARACTERS, Updates, unfenced
from jobs.indexing.sources.order import Order
from jobs.indexing.vectors.layout import folder_of, size_of

BYTES_A_CHARACTER: Final = 6  # of an index, at most: where each word is another; of usual text two
FEWEST_CHARACTERS: Final = 200_000  # between two commits, which is by how much an index may outgrow its room

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opening:
    """An index that is being written.

    `why` says why it is built anew in `place`, beside `old`; None where it is not. `order` is then to read
    everything, for nothing is known of the files.
    """

    order: Order
    place: Path
    old: Path
    why: str | None
    manifest: Manifest
    writer: Writer

    def updates(
        self,
        sources: Iterable[str],
        *,
        runs: Mapping[str, int] | None = None,
        ledger: Ledger = unwritten,
        check: Callable[[], None] = unfenced,
    ) -> Updates:
        """Begin the changes to some sources: see `Updates`. They stop where the index becomes too large."""
        return Updates(
            self.manifest,
            self.writer,
            sources,
            runs=runs,
            ledger=ledger,
            check=check,
            committed=self.check_space,
            room=self._room,
        )

    def _room(self) -> int:
        """Tell how many characters there is room for; when little is left, look often."""
        if self.order.most_bytes is None:
            return COMMIT_CHARACTERS
        used = live_bytes(self.place) + size_of(folder_of(self.order.index))
        return max(FEWEST_CHARACTERS, (self.order.most_bytes - used) // BYTES_A_CHARACTER)

    def check_space(self) -> None:
        """Refuse an index that has become larger than it may be."""
        besides = size_of(folder_of(self.order.index))
        check_space(self.place, self.order.most_bytes, self.order.name, besides=besides)

    def close(self) -> None:
        """Let go of the documents, and then of the list of files; safe to be called again."""
        self.writer.close()
        self.manifest.close()

    def swap(self, warnings: tuple[str, ...]) -> None:
        """End the run: where the index was built anew, it counts from now on, and the old one is removed."""
        self.close()
        if self.why is None:
            remember(self.place)
            return
        write_stamp(self.place, replace(ours(), built_by=self.order.run, warnings=warnings))
        remember(self.place)
        adopt(self.order.index)
        clear_outlived(self.order.index)


@contextmanager
def open_index(order: Order) -> Iterator[Opening]:
    """Open an index, or make it, whatever state it is in. To be called with the lock held.

    Raises
    ------
    Unavailable
        The disk is full.
    """
    index = order.index
    place, why = _where(index)
    if why is not None:
        log.warning("index built anew", extra={"index": order.name, "reason": why})
        order = replace(order, mode="incremental", only="all")
    if known_sources(index) is None:
        meant = UNKNOWN if are_lost(index) else {}  # where nothing was noted, there were no patterns yet
        note_sources(index, dict.fromkeys(Remains(current(index)).sources(), meant))
    choice = {"include": [*order.choice.include], "exclude": [*order.choice.exclude]}
    note_sources(index, {place.source: choice for place in order.places})
    if not exists_in(place):
        write_stamp(place, ours())
    with (
        closing(Manifest(place)) as manifest,
        closing(Writer(place / SEGMENTS, new=manifest.empty())) as writer,
    ):
        yield Opening(order, place, current(index), why, manifest, writer)


def _where(index: Path) -> tuple[Path, str | None]:
    """Give the folder to write to, and why it is not the one that is searched."""
    place = current(index)
    clear_outlived(index)
    why = why_anew(index)
    if why is None:
        clear(upcoming(index))
        return place, None
    begun = upcoming(index)
    if begun.exists() and (not is_ours(begun) or fault_of(begun) is not None):
        clear(begun)
    begun.mkdir(exist_ok=True)
    return begun, why


def why_anew(index: Path) -> str | None:
    """Say why an index has to be built anew; None where it is whole and of this version, or not there yet."""
    place = current(index)
    if not exists(index):
        return None
    fault = fault_of(place)
    if fault is not None:
        return f"The index was damaged ({fault}) and has been built anew."
    return None if is_ours(place) else f"{OUTDATED} It has been built anew."


def exists_in(place: Path) -> bool:
    """Tell whether an index was begun in a folder."""
    return (place / FILE_NAME).exists()


def warnings_of(order: Order) -> tuple[str, ...]:
    """Give what the run of an order has to tell of an index that it has built anew."""
    found = read_stamp(current(order.index))
    return found.warnings if found is not None and order.run and found.built_by == order.run else ()

"""What a run that is spread has to do, on disk: written once, before its first batch, and only read after."""

import heapq
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import orjson

from jobs.indexing.durable import clear, sync_folder, write_durably
from jobs.indexing.extraction.children import Task
from jobs.indexing.index.ownership import working_folder
from jobs.indexing.runs.ledger import PLAN, Ledger, LedgerRow
from jobs.indexing.runs.shards import gone
from jobs.indexing.runs.work import Work, task
from jobs.indexing.sources.order import Order
from jobs.indexing.sources.scan import File, Refusal

HEAD: Final = "head.json"
BATCHES: Final = "batches"
SETTLED: Final = "settled"
SMALLEST_FILE_BYTES: Final = 32_000  # what it costs to read the smallest of files, in bytes of larger ones


@dataclass(frozen=True)
class Batching:
    """When a run is spread, and how large its batches are.

    Parameters
    ----------
    files, bytes : int
        A run that has to read more than one of these is spread.
    files_a_batch, bytes_a_batch : int
        About what a batch costs: so many small files, or so many bytes of large ones, or a mixture.
    """

    files: int = 5_000
    bytes: int = 2_000_000_000
    # To start the extraction processes costs as much as to read 500 of the smallest files. Where files are
    # more work they have more bytes, and a batch of those takes seconds.
    files_a_batch: int = 1_000
    bytes_a_batch: int = 32_000_000

    def is_small(self, todo: Sequence[Task]) -> bool:
        """Tell whether a run is better done in one go."""
        return len(todo) <= self.files and sum(task.size for task in todo) <= self.bytes

    def split(self, todo: Sequence[Task]) -> list[list[Task]]:
        """Split files, large ones first, into batches of similar cost, large ones first again."""
        units = sorted(((self._cost(unit), unit) for unit in _units(todo)), key=lambda one: -one[0])
        number = -(-sum(cost for cost, _ in units) // (self.files_a_batch * self.bytes_a_batch))
        batches: list[list[Task]] = [[] for _ in range(min(number, len(units)))]
        loads = [(0, batch) for batch in range(len(batches))]
        for cost, unit in units:
            load, batch = heapq.heappop(loads)  # the one with the least so far
            batches[batch].extend(unit)
            heapq.heappush(loads, (load + cost, batch))
        return batches

    def _cost(self, unit: Sequence[Task]) -> int:
        """Sum the bytes of files, and what every file costs, in whole numbers."""
        return sum(one.size * self.files_a_batch + self.bytes_a_batch for one in unit)


def work_of(todo: Sequence[Task]) -> int:
    """Measure how much there is to read: in bytes, and for each file what the smallest costs."""
    return sum(one.size + SMALLEST_FILE_BYTES for one in todo)


def _units(todo: Sequence[Task]) -> Iterator[Sequence[Task]]:
    """Yield each file alone, but the members of an archive together: it is unpacked by one batch."""
    archives: dict[bytes, list[Task]] = {}
    for one in todo:
        if one.member is None:
            yield (one,)
        else:
            archives.setdefault(one.request.path, []).append(one)
    yield from archives.values()


Roots = Mapping[str, bytes]


@dataclass(frozen=True)
class Head:
    """A plan in numbers.

    `runs` are the numbers of the run in the manifest, by source. `counts` are the outcomes of the files
    that need no reading, `removed` how many indexed files are gone. `places` are offset and length of each
    batch. `roots` are the folders of the sources where it was planned; the files of the plan are told
    relative to them, for elsewhere the same folder may have another path.
    """

    runs: Mapping[str, int]
    total: int
    removed: int
    counts: Mapping[str, int]
    places: Sequence[tuple[int, int]] = ()
    roots: Mapping[str, str] = field(default_factory=dict)

    def rooted(self, roots: Mapping[str, Path]) -> "Roots":
        """Return where each source lies: as is said, else where it lay when this was planned."""
        return {name: root.encode("latin-1") for name, root in self.roots.items()} | {
            name: os.fsencode(root) for name, root in roots.items()
        }


@dataclass(frozen=True)
class Planned:
    """A file of a batch, and its outcome should its content be the known one."""

    number: int
    file: File
    known_hash: str | None
    known_outcome: str

    @property
    def task(self) -> Task:
        """The order to read it."""
        return task(self.number, self.file, self.known_hash)


def write_plan(
    folder: Path,
    head: Head,
    work: Work,
    batches: Sequence[Sequence[Planned]],
    settled: Iterable[LedgerRow],
) -> Head:
    """Write a plan that is whole or not there; give its head with the places of the batches.

    Parameters
    ----------
    settled : iterable of LedgerRow
        The files that need no reading.
    """
    new = folder.with_name(f".{folder.name}.new")
    clear(new)
    new.mkdir(parents=True)
    with Ledger(new, PLAN) as ledger:
        for row in settled:
            ledger.note(row)
        ledger.flush()
    roots = head.rooted({})
    packed = [_packed([_planned_out(one, roots) for one in batch]) for batch in batches]
    offset, places = 0, []
    for data in packed:
        places.append((offset, len(data)))
        offset += len(data)
    write_durably(new / BATCHES, b"".join(packed))
    write_durably(new / SETTLED, _packed(_settled_out(work, roots)))
    head = replace(head, places=places)
    write_durably(new / HEAD, orjson.dumps(asdict(head)))
    clear(folder)  # of an attempt that did it in one go: the files have become more since
    new.replace(folder)
    sync_folder(folder.parent)
    return head


def read_head(folder: Path) -> Head | None:
    """Read the numbers of a plan, if there is one."""
    try:
        return Head(**orjson.loads((folder / HEAD).read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_planned(order: Order) -> bool:
    """Tell whether there is a plan for a run."""
    return bool(order.run) and (working_folder(order.index, order.run) / HEAD).exists()


def read_batch(folder: Path, head: Head, batch: int, roots: Roots) -> list[Planned]:
    """Read the files of one batch.

    Parameters
    ----------
    roots : mapping of str to bytes
        Where the sources lie, from `Head.rooted`.

    Raises
    ------
    NotFound
        The run has ended.
    """
    offset, length = head.places[batch]
    try:
        with (folder / BATCHES).open("rb") as file:
            file.seek(offset)
            return [_planned_in(one, roots) for one in _unpacked(file.read(length))]
    except FileNotFoundError as error:
        raise gone() from error


def read_work(folder: Path, head: Head, roots: Roots) -> tuple[Work, list[list[Planned]]]:
    """Read a whole plan.

    Raises
    ------
    NotFound
        The run has ended.
    """
    batches = [read_batch(folder, head, batch, roots) for batch in range(len(head.places))]
    settled = _unpacked((folder / SETTLED).read_bytes())
    files = {one.number: one.file for batch in batches for one in batch}
    kept = {number: _file_in(file, roots) for number, file in settled["kept"]}
    refused = [Refusal(_file_in(file, roots), *why) for file, why in settled["refused"]]
    work = Work(
        files=files | kept,
        todo=tuple(one.task for batch in batches for one in batch),
        kept=tuple(kept),
        refused=tuple(refused),
        gone=tuple((source, path) for source, path in settled["gone"]),
        listed=tuple((source, path) for source, path in settled["listed"]),
    )
    return work, batches


def _settled_out(work: Work, roots: Roots) -> dict[str, Any]:
    return {
        "kept": [(number, _file_out(work.files[number], roots)) for number in work.kept],
        "refused": [
            (_file_out(one.file, roots), (one.status, one.reason, one.detail)) for one in work.refused
        ],
        "gone": work.gone,
        "listed": work.listed,
    }


def _planned_out(one: Planned, roots: Roots) -> tuple[Any, ...]:
    return one.number, _file_out(one.file, roots), one.known_hash, one.known_outcome


def _planned_in(fields: Sequence[Any], roots: Roots) -> Planned:
    number, file, known_hash, known_outcome = fields
    return Planned(number, _file_in(file, roots), known_hash, known_outcome)


def _file_out(file: File, roots: Roots) -> tuple[str, str, int, int, str, int | None]:
    # A file name is any bytes; Latin-1 maps each of them to one character and back.
    location = file.location.removeprefix(roots.get(file.source, b"") + b"/")
    return file.path, location.decode("latin-1"), file.size, file.mtime_ns, file.source, file.member


def _file_in(fields: Sequence[Any], roots: Roots) -> File:
    path, location, size, mtime_ns, source, member = fields
    below = location.encode("latin-1")
    root = roots.get(source, b"")
    full = below if below.startswith(b"/") else root + b"/" + below
    return File(path, full, size, mtime_ns, source, member)


def _packed(value: object) -> bytes:
    return zlib.compress(orjson.dumps(value), 1)


def _unpacked(data: bytes) -> Any:
    return orjson.loads(zlib.decompress(data))

"""What became of each file of a run, one row a file: while it goes on, and afterwards.

A run writes a line for each file as soon as its fate is known, and another if that changes; whoever looks
meanwhile reads the lines. At its end the rows are sealed: sorted by path, in compressed blocks, so that
a page of them is read without the rest.
"""

import logging
import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import orjson

from jobs.errors import Unavailable
from jobs.indexing.attempts import attempts, new_attempt
from jobs.indexing.durable import clear, write_durably
from jobs.indexing.extraction.frames import Answer, write_all
from jobs.indexing.index.manifest import Row

log = logging.getLogger(__name__)

FOLDER: Final = "ledgers"
SEALED: Final = ".ledger"
# What a later phase of a run has to say of a file counts more.
PLAN, RUN, MERGE = "ledger-plan", "ledger-run", "ledger-merge"
BATCH: Final = "ledger-batch"
MOST_SEALED: Final = 50  # of one index; of an older job the list of files of the index answers
BLOCK_ROWS: Final = 1_000
LINES_AT_ONCE: Final = 256
_LENGTH: Final = struct.Struct("<I")

Cursor = tuple[str, str]  # path and source of the last row of a page


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One file of a run.

    `stage` tells when its fate was known: "scan", from its name, size and time alone, or "extract". `pages`
    is the last page, slide or sheet with text; it and `title` are None where nothing was read.
    """

    path: str
    source: str
    status: str
    reason: str | None
    detail: str | None
    stage: str
    milliseconds: int
    bytes: int
    hash: str | None
    format: str | None
    title: str | None
    pages: int | None
    chunks: int
    mtime_ns: int

    @property
    def key(self) -> Cursor:
        """What rows are sorted by."""
        return self.path, self.source


_values = attrgetter(*(field.name for field in fields(LedgerRow)))


def told(source: str, row: Row, outcome: str, detail: str | None, answer: Answer | None) -> LedgerRow:
    """Make the row of a file that was settled, by an answer if it was read."""
    read = answer is not None and answer.status == "extracted"
    pages = [chunk.page for chunk in answer.chunks if chunk.page is not None] if answer is not None else ()
    return LedgerRow(
        path=row.path,
        source=source,
        status=outcome,
        reason=row.reason,
        detail=detail,
        stage="scan" if answer is None else "extract",
        milliseconds=row.milliseconds,
        bytes=row.size,
        hash=row.hash,
        format=row.format or None,
        title=answer.title or None if answer is not None and read else None,
        pages=max(pages) if pages else None,
        chunks=row.chunks,
        mtime_ns=row.mtime_ns,
    )


class Ledger:
    """Writes the rows of one phase of a run; without a folder, none."""

    def __init__(self, folder: Path | None, stem: str = RUN) -> None:
        self._descriptor: int | None = None
        if folder is not None:
            with suppress(OSError):  # a run is worth more than its account
                self._descriptor = new_attempt(folder, stem)
        self._rows: dict[Cursor, bytes] = {}  # as they are written: small, and ready to be kept
        self._lines: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def note(self, row: LedgerRow) -> None:
        """Take a row, in place of an earlier one of the same file; what is known of its text stays known."""
        if self._descriptor is None:
            return
        if row.key in self._rows and row.stage == "scan":
            earlier = LedgerRow(*orjson.loads(self._rows[row.key]))
            row = replace(row, stage=earlier.stage, title=earlier.title, pages=earlier.pages)
        line = orjson.dumps(_values(row)) + b"\n"
        self._rows[row.key] = line
        self._lines.append(line)
        if len(self._lines) >= LINES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Show what was noted to those who look."""
        if self._descriptor is not None and self._lines:
            with suppress(OSError):  # a full disk shows in the index itself, which matters more
                write_all(self._descriptor, b"".join(self._lines))
            self._lines.clear()

    def seal(self, index: Path, run: str) -> None:
        """Keep the rows beyond the end of the run."""
        if self._descriptor is None:
            return
        try:
            _seal(index, run, sorted(self._rows.items()))
        except (OSError, Unavailable) as error:  # the index is written; it answers in place of the account
            log.warning("the account of a run is not kept", extra={"reason": repr(error)})


unwritten: Final = Ledger(None)


def live_rows(folder: Path) -> list[LedgerRow] | None:
    """Read what a run that goes on has noted so far, by path; None if it has noted nothing yet."""
    batches = sorted({path.stem for path in folder.glob(f"{BATCH}-*")})
    stems = [PLAN, *batches, RUN, MERGE]
    files = [path for stem in stems for path in attempts(folder, stem)]
    found: dict[Cursor, LedgerRow] = {}
    for path in files:
        with suppress(FileNotFoundError):  # the run has ended just now
            for row in _lines(path.read_bytes()):
                found[row.key] = row
    return [found[key] for key in sorted(found)] if files else None


def sealed_rows(index: Path, run: str, *, after: Cursor | None = None) -> Iterator[LedgerRow] | None:
    """Read the rows of a run that has ended, by path, those beyond `after`; None if they are not kept."""
    try:
        data = account_path(index, run).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    (length,) = _LENGTH.unpack_from(data)
    head = orjson.loads(data[_LENGTH.size : _LENGTH.size + length])
    return _blocks(data, head["blocks"], _LENGTH.size + length, after)


def forget(index: Path, run: str) -> None:
    """Remove the rows of a run whose job was deleted."""
    account_path(index, run).unlink(missing_ok=True)


def forget_source(index: Path, source: str) -> None:
    """Remove the rows of all runs that a source had a part in: its files are gone, and so are their names."""
    for path in (index / FOLDER).glob(f"*{SEALED}"):
        with suppress(FileNotFoundError), path.open("rb") as file:
            (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
            if source in orjson.loads(file.read(length))["sources"]:
                clear(path)


def _blocks(
    data: bytes, blocks: Iterable[tuple[int, int, str, str]], begin: int, after: Cursor | None
) -> Iterator[LedgerRow]:
    for offset, length, path, source in blocks:
        if after is None or (path, source) > after:
            for row in _lines(zlib.decompress(data[begin + offset : begin + offset + length])):
                if after is None or row.key > after:
                    yield row


def _seal(index: Path, run: str, rows: Sequence[tuple[Cursor, bytes]]) -> None:
    blocks, packed, offset = [], [], 0
    for begin in range(0, len(rows), BLOCK_ROWS):
        block = rows[begin : begin + BLOCK_ROWS]
        packed.append(zlib.compress(b"".join(line for _, line in block), 1))
        blocks.append((offset, len(packed[-1]), *block[-1][0]))
        offset += len(packed[-1])
    head = orjson.dumps({"sources": sorted({source for (_, source), _ in rows}), "blocks": blocks})
    write_durably(account_path(index, run), _LENGTH.pack(len(head)) + head + b"".join(packed))
    newest_first = sorted((index / FOLDER).glob(f"*{SEALED}"), key=_age)
    for path in newest_first[MOST_SEALED:]:
        path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def account_path(index: Path, run: str) -> Path:
    """Return where the rows of a run that has ended are kept."""
    return index / FOLDER / f"{run}{SEALED}"


def _lines(data: bytes) -> Iterator[LedgerRow]:
    """Yield the rows of whole lines; the last may be one that its writer has not ended, or never will."""
    for line in data.splitlines(keepends=True):
        if line.endswith(b"]\n"):
            with suppress(ValueError, TypeError):
                yield LedgerRow(*orjson.loads(line))

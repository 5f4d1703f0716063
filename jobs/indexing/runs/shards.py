"""The answers of one batch on disk: what the batch has done, whatever becomes of its process.

Each attempt writes a file of its own (see attempts.py), so that nobody ever writes after a torn end.

A record is the length of its body, the number of the file, its outcome, and the answer as compressed JSON,
whose check sum tells whether it is whole.
"""

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from jobs.errors import NotFound, Unavailable
from jobs.indexing.attempts import attempts, new_attempt
from jobs.indexing.extraction.frames import Answer, BadFrame, answer_body, decode_answer, write_all
from jobs.indexing.runs.update import STATUSES
from jobs.indexing.wording import reason

_HEADER: Final = struct.Struct("<IIB")
COMPRESSION: Final = 1  # text shrinks to a third already; more would cost more than the disk gains


@dataclass(frozen=True)
class Place:
    """Where the answer of a file stands, and the outcome that it means."""

    shard: Path
    outcome: str


class Shard:
    """The answers of one attempt, each on disk as soon as it is written."""

    def __init__(self, folder: Path, batch: int) -> None:
        try:
            self._descriptor = new_attempt(folder, _stem(batch))
        except FileNotFoundError as error:
            raise gone() from error
        except OSError as error:
            raise _unwritable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            os.fsync(self._descriptor)  # a batch that is done must outlive a power cut
        except OSError as problem:
            raise _unwritable(problem) from problem
        finally:
            os.close(self._descriptor)

    def write(self, answer: Answer, outcome: str) -> None:
        """Append an answer.

        Raises
        ------
        Unavailable
            The disk does not take it.
        """
        body = zlib.compress(answer_body(answer), COMPRESSION)
        header = _HEADER.pack(len(body), answer.number, STATUSES.index(outcome))
        try:
            write_all(self._descriptor, header + body)
        except OSError as error:
            raise _unwritable(error) from error


def places(folder: Path, batch: int) -> dict[int, Place]:
    """Find the answer that counts for each file of a batch: that of the latest attempt which has one.

    A later attempt reads only what it does not find. What it nevertheless has twice came from an attempt that
    went on behind its back, and was not counted.
    """
    found: dict[int, Place] = {}
    for shard in _shards(folder, batch):
        with shard.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            for number, outcome, length in _headers(file, size):
                found[number] = Place(shard, outcome)
                file.seek(length, os.SEEK_CUR)
    return found


def answers(folder: Path, batch: int, wanted: Mapping[int, Place]) -> Iterator[Answer]:
    """Yield the answers that count, one at a time; none of those that cannot be read."""
    for shard in _shards(folder, batch):
        with shard.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            for number, _, length in _headers(file, size):
                place = wanted.get(number)
                if place is None or place.shard != shard:
                    file.seek(length, os.SEEK_CUR)
                    continue
                try:
                    yield decode_answer(zlib.decompress(file.read(length)))
                except (zlib.error, BadFrame):
                    break  # torn by a power cut: what follows is worth no more


def gone() -> NotFound:
    """Make the error of a run whose working folder is no more."""
    return NotFound("This run of the index has ended, or was given up.")


def _shards(folder: Path, batch: int) -> list[Path]:
    """List the files of a batch by attempt."""
    return attempts(folder, _stem(batch))


def _stem(batch: int) -> str:
    return f"shard-{batch}"


def _headers(file: BinaryIO, size: int) -> Iterator[tuple[int, str, int]]:
    """Yield number, outcome and length of each whole record, the file being at its body."""
    while True:
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return
        length, number, outcome = _HEADER.unpack(header)
        if length == 0 or outcome >= len(STATUSES) or file.tell() + length > size:
            return
        yield number, STATUSES[outcome], length


def _unwritable(error: OSError) -> Unavailable:
    return Unavailable(f"The answers of a batch could not be written ({reason(error)}); is the disk full?")

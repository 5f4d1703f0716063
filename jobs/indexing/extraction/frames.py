"""How the run and its extraction processes talk: a length in four bytes, then JSON.

JSON and not pickle: what comes back passed through parsers of hostile documents, and must not be able to do
more than to be a wrong text.
"""

import os
import struct
from dataclasses import asdict, dataclass
from typing import Final

import orjson

from jobs.indexing.extraction.chunks import Chunk

_LENGTH = struct.Struct("<I")
MAXIMUM_FRAME_BYTES: Final = 512_000_000  # 20 million characters of four bytes, overlaps, and room

READY: Final = b"ready"
_OTHER_BYTES: Final = 140  # of a request: number, format and hash, and what stands between them
STATUSES: Final = ("extracted", "same", "skipped", "failed")


class BadFrame(ValueError):
    """The other side sent what is no answer: it is broken, or somebody else speaks through it."""


@dataclass(frozen=True)
class Request:
    """One file to read. `known_hash` is the hash of the content that is already indexed, if any."""

    number: int
    path: bytes
    format: str
    known_hash: str | None


@dataclass(frozen=True)
class Answer:
    """What became of one file.

    `status` is "extracted", "same" (the content is the known one), "skipped" or "failed"; the last two carry
    a reason. `format` is the one that read it, which may differ from the one asked for. Size and time are
    those of the file that was read, which may have changed since it was listed. `created`, the date that the
    document bears, is in seconds since 1970; `language` is a code of ISO 639-1, empty where nobody knows.
    """

    number: int
    status: str
    format: str = ""
    reason: str | None = None
    detail: str | None = None
    size: int | None = None
    mtime_ns: int | None = None
    hash: str | None = None
    title: str = ""
    author: str = ""
    created: int | None = None
    language: str = ""
    characters: int = 0
    milliseconds: int = 0
    chunks: tuple[Chunk, ...] = ()


def encode_requests(requests: list[Request]) -> bytes:
    """Encode a batch of requests as one frame."""
    # A file name is any bytes; Latin-1 maps each of them to one character and back.
    return _framed(orjson.dumps([asdict(one) | {"path": one.path.decode("latin-1")} for one in requests]))


def request_bytes(request: Request) -> int:
    """Measure how much of a frame a request takes at most."""
    return len(orjson.dumps(request.path.decode("latin-1"))) + _OTHER_BYTES


def decode_requests(body: bytes) -> list[Request]:
    """Decode what `encode_requests` wrote, without its length."""
    return [Request(**(one | {"path": one["path"].encode("latin-1")})) for one in orjson.loads(body)]


def encode_answer(answer: Answer) -> bytes:
    """Encode one answer as one frame."""
    return _framed(answer_body(answer))


def answer_body(answer: Answer) -> bytes:
    """Encode one answer, for `decode_answer`."""
    chunks = [(chunk.text, chunk.page, chunk.label, chunk.overlap) for chunk in answer.chunks]
    fields = {name: value for name, value in vars(answer).items() if name != "chunks"}
    return orjson.dumps(fields | {"chunks": chunks})


def decode_answer(body: bytes) -> Answer:
    """Decode and check one answer, without its length.

    Raises
    ------
    BadFrame
        It is not JSON, or not the shape of an answer.
    """
    try:
        fields = orjson.loads(body)
        chunks = tuple(Chunk(*chunk) for chunk in fields.pop("chunks"))
        answer = Answer(**fields, chunks=chunks)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadFrame(str(error)) from error
    if not _sound(answer):
        raise BadFrame("a field is of the wrong type")
    return answer


def _sound(answer: Answer) -> bool:
    numbers = (answer.number, answer.characters, answer.milliseconds)
    optional_numbers = (answer.size, answer.mtime_ns, answer.created)
    texts = (answer.format, answer.title, answer.author, answer.language)
    optional_texts = (answer.reason, answer.detail, answer.hash)
    return (
        answer.status in STATUSES
        and all(type(value) is int for value in numbers)
        and all(value is None or type(value) is int for value in optional_numbers)
        and all(value is None or isinstance(value, str) for value in optional_texts)
        and all(isinstance(value, str) for value in texts)
        and all(map(_sound_chunk, answer.chunks))
        and (answer.status in ("skipped", "failed")) == (answer.reason is not None)
    )


def _sound_chunk(chunk: Chunk) -> bool:
    return (
        isinstance(chunk.text, str)
        and (chunk.page is None or type(chunk.page) is int)
        and (chunk.label is None or isinstance(chunk.label, str))
        and type(chunk.overlap) is int
    )


def _framed(body: bytes) -> bytes:
    return _LENGTH.pack(len(body)) + body


class FrameReader:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take in bytes and give the frames that are complete.

        Raises
        ------
        BadFrame
            A length beyond any answer: these bytes are no frames.
        """
        self._buffer += data
        frames, begin = [], 0
        while len(self._buffer) - begin >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer, begin)
            if length > MAXIMUM_FRAME_BYTES:
                raise BadFrame(f"a frame of {length} bytes")
            end = begin + _LENGTH.size + length
            if len(self._buffer) < end:
                break
            frames.append(bytes(self._buffer[begin + _LENGTH.size : end]))
            begin = end
        del self._buffer[:begin]
        return frames


def read_frame(descriptor: int) -> bytes | None:
    """Read one frame, waiting for it; None when the other side has closed."""
    header = _read_exactly(descriptor, _LENGTH.size)
    return None if header is None else _read_exactly(descriptor, _LENGTH.unpack(header)[0])


def write_frame(descriptor: int, body: bytes) -> None:
    """Write one frame with its length, waiting until all of it is taken."""
    write_all(descriptor, _framed(body))


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte of `data`."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _read_exactly(descriptor: int, count: int) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        piece = os.read(descriptor, count - len(data))
        if not piece:
            return None
        data += piece
    return bytes(data)

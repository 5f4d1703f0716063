"""The process that opens archives: lists what is in one, or writes some of its members to a folder.

It is as killable as the processes that read documents, and for the same reason: a directory of a million
members, a header that asks for a gigabyte, a stream that expands without end. Members are written under their
numbers: no name from an archive ever becomes the name of a file. Links and devices are no files here.
"""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import stat
import sys
import tarfile
import zipfile
import zlib
from calendar import timegm
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final, Protocol, cast

from jobs.indexing.extraction.child import prepare_process
from jobs.indexing.formats.base import Unextractable
from jobs.indexing.limits import Limits

COPY_BYTES: Final = 1 << 20
LONGEST_NAME: Final = 1_000  # characters; what is longer was made to be in the way
HEADER_BYTES: Final = 4_096  # of a member of a tar archive, with a long name and its padding
ENTRIES_A_MEMBER: Final = 4  # folders and links are no members, and cost time all the same
_LATEST_SECONDS: Final = 2**33  # the year 2242
_ENCRYPTED_FLAG: Final = 0x1
_OPENERS: Final = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
_BROKEN: Final = (
    zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError, ValueError,
    NotImplementedError, OverflowError, RuntimeError, KeyError, IndexError,
)  # fmt: skip


class DiskFull(Exception):
    """A member cannot be written: it is not the archive's fault."""


@dataclass(frozen=True)
class Member:
    """A regular file in an archive; `number` counts all entries, `modified` is in seconds since 1970."""

    number: int
    name: str
    size: int
    modified: int
    encrypted: bool = False


def main(parent: int, limits: Limits) -> None:
    """Answer the one request on standard input: a line of JSON for each member."""
    prepare_process(parent, limits.memory_bytes)
    request = json.load(sys.stdin)
    path = request["path"].encode("latin-1")
    try:
        if request["wanted"] is None:
            _list(path, limits)
        else:
            wanted = dict(request["wanted"])
            _unpack(path, wanted, Path(request["folder"]), limits)
    except Unextractable as refusal:
        _say({"refused": [refusal.status, refusal.reason, refusal.detail]})
    except DiskFull as error:
        _say({"full": str(error)})
    except MemoryError:
        _say({"refused": ["failed", "out_of_memory", "the archive needs more memory than is allowed"]})
    except FileNotFoundError:
        _say({"refused": ["skipped", "vanished", "the archive was removed before it was read"]})
    except _BROKEN as error:
        _say({"refused": ["failed", "corrupt", f"not a readable archive: {type(error).__name__}"]})
    _say({"done": True})


def _list(path: bytes, limits: Limits) -> None:
    _say({"hash": _digest(path)})
    count = expanded = 0
    with _opened(path, limits) as archive:
        for member, _ in archive:
            count += 1
            expanded += member.size
            if count > limits.archive_members:
                raise _too_many(limits)
            if expanded > limits.archive_bytes:
                raise _expands_too_much(limits)
            if len(member.name) > LONGEST_NAME:
                raise Unextractable("skipped", "unsafe_path", "a member's name is longer than 1,000 letters")
            _say({"member": [member.number, member.name, member.size, member.modified, member.encrypted]})


def _unpack(path: bytes, wanted: dict[int, int], folder: Path, limits: Limits) -> None:
    with _opened(path, limits) as archive:
        for member, content in archive:
            if wanted.get(member.number) != member.size:
                continue
            try:
                with _there(content()) as source, (folder / str(member.number)).open("xb") as target:
                    _copy(source, target, member.size)
            except _BROKEN as error:
                detail = f"the archive is damaged here: {type(error).__name__}"
                _say({"refused_member": [member.number, "failed", "corrupt", detail]})
                if not isinstance(archive, _Zip):
                    raise  # what follows in the stream is lost too
            else:
                _say({"unpacked": member.number})


def _there(content: IO[bytes] | None) -> IO[bytes]:
    if content is None:
        raise EOFError("a member without content")
    return content


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> None:
    """Copy exactly as many bytes as the archive has declared."""
    left = size
    while left and (data := source.read(min(COPY_BYTES, left))):
        try:
            target.write(data)
        except OSError as error:
            raise DiskFull(error.strerror) from error
        left -= len(data)
    if left or source.read(1):
        raise EOFError("the size differs from what the archive declares")


def _digest(path: bytes) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 - a path of bytes
        digest = hashlib.blake2b(digest_size=16)
        while data := file.read(COPY_BYTES):
            digest.update(data)
    return digest.hexdigest()


class _Content(Protocol):
    """Opens a member."""

    def __call__(self) -> IO[bytes] | None: ...


class _Zip:
    """The members of a zip archive; its directory is believed, and no more is read than it declares."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def __iter__(self) -> Iterator[tuple[Member, _Content]]:
        for number, one in enumerate(self._archive.infolist()):
            kind = stat.S_IFMT(one.external_attr >> 16)
            if one.is_dir() or kind not in (0, stat.S_IFREG):
                continue
            encrypted = bool(one.flag_bits & _ENCRYPTED_FLAG)
            member = Member(number, one.filename, one.file_size, timegm((*one.date_time, 0, 0, 0)), encrypted)
            yield member, partial(self._archive.open, one)


class _Tar:
    """The members of a tar archive, read as a stream."""

    def __init__(self, archive: tarfile.TarFile, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits

    def __iter__(self) -> Iterator[tuple[Member, _Content]]:
        for number, one in enumerate(self._archive):
            if number > ENTRIES_A_MEMBER * self._limits.archive_members:
                raise _too_many(self._limits)
            if one.isreg() and not one.issparse():
                modified = int(min(max(one.mtime, 0), _LATEST_SECONDS))
                member = Member(number, _spelt(one.name), one.size, modified)
                yield member, partial(self._archive.extractfile, one)


class _Bounded(io.RawIOBase):
    """A stream that refuses to go on beyond a number of bytes."""

    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._left = limits.archive_bytes + limits.archive_members * HEADER_BYTES

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes, all that may come with none given."""
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise _expands_too_much(self._limits)
        return data


@contextmanager
def _opened(path: bytes, limits: Limits) -> Iterator["_Zip | _Tar"]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        head = file.read(8)
        file.seek(0)
        if path.lower().endswith(b".zip"):
            with zipfile.ZipFile(file) as archive:
                yield _Zip(archive)
            return
        opener = next((opener for magic, opener in _OPENERS if head.startswith(magic)), None)
        stream = cast("IO[bytes]", file if opener is None else opener(file))
        bounded = cast("IO[bytes]", _Bounded(stream, limits))
        with tarfile.open(fileobj=bounded, mode="r|") as archive:
            yield _Tar(archive, limits)


def _expands_too_much(limits: Limits) -> Unextractable:
    detail = f"the archive expands to more than {limits.archive_bytes:,} bytes"
    return Unextractable("skipped", "archive_expands_too_much", detail)


def _too_many(limits: Limits) -> Unextractable:
    detail = f"the archive has more than {limits.archive_members:,} members"
    return Unextractable("skipped", "too_many_members", detail)


def _spelt(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")

"""The process that opens archives: lists what is in one, or writes some of its members to a folder.

It is as killable as the processes that read documents, and for the same reason: a directory of a million
members, a header that asks for a gigabyte, a stream that expands without end. Members are written under their
numbers: no name from an archive ever becomes the name of a file. Links and devices are no files here.
"""

import bz2
import errno
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
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Final, Protocol, cast

from jobs.indexing.extraction.child import prepare_process
from jobs.indexing.extraction.frames import write_all
from jobs.indexing.extraction.members import Member, shown, tar_seconds, zip_seconds
from jobs.indexing.formats.base import Unextractable
from jobs.indexing.limits import Limits
from jobs.indexing.wording import UNREADABLE, reason

COPY_BYTES: Final = 1 << 20
LONGEST_NAME: Final = 1_000  # characters; what is longer was made to be in the way
HEADER_BYTES: Final = 4_096  # of a member of a tar archive, with a long name and its padding
ENTRIES_A_MEMBER: Final = 4  # folders and links are no members, and cost time all the same
_ENCRYPTED_FLAG: Final = 0x1
_OPENERS: Final = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
_BROKEN: Final = (
    zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError, ValueError,
    NotImplementedError, OverflowError, RuntimeError, KeyError, IndexError,
)  # fmt: skip


class DiskFull(Exception):
    """A member cannot be written: it is not the archive's fault."""


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
        _say({"refused": _blamed(error, "not a readable archive")})
    _say({"done": True})


def _blamed(error: Exception, damage: str) -> tuple[str, str, str]:
    """Tell whose fault it is that an archive cannot be read: that of the system, or its own.

    Libraries report damage as OSError too, without a number or as an impossible place in a file.
    """
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        return "failed", UNREADABLE, reason(error)
    return "failed", "corrupt", f"{damage}: {type(error).__name__}"


def _list(path: bytes, limits: Limits) -> None:
    _say({"hash": _digest(path)})
    members: list[Member] = []
    expanded = 0
    with _opened(path, limits) as archive:
        for member, _ in archive:
            members.append(member)
            expanded += member.size
            if len(members) > limits.archive_members:
                raise _too_many(limits)
            if expanded > limits.archive_bytes:
                raise _expands_too_much(limits)
            if len(member.name) > LONGEST_NAME:
                raise Unextractable("skipped", "unsafe_path", "a member's name is longer than 1,000 letters")
    for one in shown(members):
        _say({"member": one})


def _unpack(path: bytes, wanted: dict[int, int], folder: Path, limits: Limits) -> None:
    with _opened(path, limits) as archive:
        for member, content in archive:
            if wanted.get(member.number) != member.size:
                continue
            try:
                with _there(content()) as source, _written(folder / str(member.number)) as target:
                    _copy(source, target, member.size)
            except _BROKEN as error:
                _say({"refused_member": [member.number, *_blamed(error, "the archive is damaged here")]})
                if not isinstance(archive, _Zip):
                    raise  # what follows in the stream is lost too
            else:
                _say({"unpacked": member.number})


def _there(content: IO[bytes] | None) -> IO[bytes]:
    if content is None:
        raise EOFError("a member without content")
    return content


@contextmanager
def _written(path: Path) -> Iterator[int]:
    """Make a new file; give its descriptor, so that no byte waits in memory for the disk to be full."""
    with _disk():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        with _disk():
            os.close(descriptor)


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskFull(error.strerror) from error


def _copy(source: IO[bytes], target: int, size: int) -> None:
    """Copy exactly as many bytes as the archive has declared."""
    left = size
    while left and (data := source.read(min(COPY_BYTES, left))):
        with _disk():
            write_all(target, data)
        left -= len(data)
    if left or source.read(1):
        raise EOFError("the size differs from what the archive declares")


def _digest(path: bytes) -> str:
    with _regular(path) as file:
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
            member = Member(number, one.filename, one.file_size, zip_seconds(one.date_time), encrypted)
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
                if one.size < 0:
                    raise tarfile.ReadError("a member of less than no bytes")
                member = Member(number, _spelt(one.name), one.size, tar_seconds(one.mtime))
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


def _regular(path: bytes) -> IO[bytes]:
    """Open a file, following no link and waiting for no pipe, whatever took its place meanwhile."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")


@contextmanager
def _opened(path: bytes, limits: Limits) -> Iterator["_Zip | _Tar"]:
    with _regular(path) as file:
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

"""Files that are whole or not there: every write goes to a temporary name and is renamed."""

import errno
import hashlib
import os
import secrets
import shutil
import stat
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import BinaryIO, Final

from jobs.errors import BadInput, DiskFull, NotFound, TooLarge

LONGEST_NAME_BYTES = 200  # file systems allow 255; the rest is for the temporary names beside it
TEMPORARY_PREFIX = ".part-"
NO_SUCH_FILE: Final = "There is no such file."
REMOVED: Final = "It was removed meanwhile."

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_NOT_THERE: Final = (
    errno.ENOENT,
    errno.ENOTDIR,  # also of a link in the place of a folder
    errno.ELOOP,  # a link in the place of a file
    errno.ENAMETOOLONG,
    errno.EACCES,
    errno.ENXIO,  # a socket
)
# Nothing is waited for: whoever opens a pipe would be kept until somebody writes to it.
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True)
class Written:
    """What was written: bytes, SHA-256 in hexadecimal, CRC-32, and the time in nanoseconds since 1970."""

    bytes: int
    sha256: str
    crc32: int
    mtime_ns: int


class Incoming:
    """A file that is being received: hashed as it comes, invisible until `keep`, gone on `close`.

    Its methods are those of a binary file, so that a form parser can write to it.
    """

    def __init__(self, folder: Path, *, most_bytes: int, mode: int = 0o644) -> None:
        self._path = folder / (TEMPORARY_PREFIX + secrets.token_hex(8))
        self._most_bytes = most_bytes
        self._digest = hashlib.sha256()
        self._crc32 = 0
        self._bytes = 0
        self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode), "w+b")

    @property
    def size(self) -> int:
        """How much has come so far."""
        return self._bytes

    @property
    def sha256(self) -> bytes:
        """SHA-256 of what has come so far."""
        return self._digest.digest()

    def write(self, chunk: bytes) -> int:
        """Append `chunk`.

        Raises
        ------
        TooLarge
            There are more bytes now than are accepted.
        DiskFull
            There is no room for them.
        """
        self._bytes += len(chunk)
        if self._bytes > self._most_bytes:
            raise TooLarge(f"The upload is larger than the {self._most_bytes} bytes that are accepted.")
        self._digest.update(chunk)
        self._crc32 = zlib.crc32(chunk, self._crc32)
        with needing_room():
            return self._file.write(chunk)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        return self._file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position for reading."""
        return self._file.seek(offset, whence)

    def keep(self, path: Path) -> Written:
        """Give the file its name, in place of what has it now.

        Raises
        ------
        DiskFull
            There is no room for it.
        """
        with needing_room():
            self._file.flush()
            os.fsync(self._file.fileno())
            mtime_ns = os.fstat(self._file.fileno()).st_mtime_ns
            self._path.replace(path)
        return Written(self._bytes, self._digest.hexdigest(), self._crc32, mtime_ns)

    def close(self) -> None:
        """Close the file, and remove it unless it was kept."""
        with suppress(OSError):  # what a full disk did not take is not wanted any more
            self._file.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> "Incoming":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def needing_room() -> Iterator[None]:
    """Tell a full disk, or a quota that is used up, as `DiskFull`."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DiskFull(
            "The server's disk is full; nothing was stored. Tell its operator, and try again later."
        ) from error


def write_bytes(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a small file in one step, with the permissions `mode` from its first byte."""
    with Incoming(path.parent, most_bytes=len(content), mode=mode) as file:
        file.write(content)
        file.keep(path)


def remove_folder(folder: Path) -> None:
    """Remove a folder: it disappears in one step, and is then emptied."""
    doomed = folder.with_name(TEMPORARY_PREFIX + secrets.token_hex(8))
    try:
        folder.rename(doomed)
    except FileNotFoundError:
        return
    shutil.rmtree(doomed)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock: of all processes on this machine, one at a time is inside.

    Raises
    ------
    NotFound
        There is no such folder, or whoever had the lock before has removed it.
    """
    lock = folder / ".lock"
    try:
        handle = lock.open("ab")
    except FileNotFoundError as error:
        raise NotFound(REMOVED) from error
    with handle:
        flock(handle, LOCK_EX)
        if not _is_at(handle, lock):
            raise NotFound(REMOVED)
        yield


def _is_at(file: BinaryIO, path: Path) -> bool:
    """Tell whether an open file is still the one at a path."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def checked_name(name: str) -> str:
    """Return `name` if it can be the name of one file.

    Raises
    ------
    BadInput
        It is empty, too long, hidden, or holds a separator or a control character.
    """
    if not name or name.startswith(".") or "/" in name or "\\" in name:
        raise BadInput(
            f"{name!r} cannot be a file's name: it must not be empty, start with a dot or hold / or \\."
        )
    if not name.isprintable():
        raise BadInput(f"{name!r} cannot be a file's name: it holds a character that cannot be printed.")
    if len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME_BYTES:
        raise BadInput(f"The file name {name[:40]!r}… is longer than {LONGEST_NAME_BYTES} bytes.")
    return name


def opened(folder: Path, relative: str) -> BinaryIO:
    """Open the regular file at `relative` below `folder` for reading. No link on the way is followed.

    What was looked at is what is read: nothing can be put in its place in between.

    Raises
    ------
    NotFound
        There is none, or something on the way is a link.
    """
    *folders, name = relative.split("/")
    if any(part in ("", ".", "..") for part in (*folders, name)):  # a path has one spelling
        raise NotFound(NO_SUCH_FILE)
    try:
        with ExitStack() as stack:
            place = os.open(folder, _OPEN | os.O_DIRECTORY)
            stack.callback(os.close, place)
            for part in folders:
                place = os.open(part, _OPEN | os.O_DIRECTORY, dir_fd=place)
                stack.callback(os.close, place)
            if not stat.S_ISREG(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
                raise NotFound(NO_SUCH_FILE)  # to open a device can have effects of its own
            file = os.fdopen(os.open(name, _OPEN, dir_fd=place), "rb", buffering=0)
    except ValueError as error:  # it holds a NUL, or half of a character
        raise NotFound(NO_SUCH_FILE) from error
    except OSError as error:
        if error.errno not in _NOT_THERE:
            raise
        raise NotFound(NO_SUCH_FILE) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotFound(NO_SUCH_FILE)
    return file


def inside(folder: Path, relative: str) -> Path:
    """Return the regular file at `relative` below `folder`, wherever links on the way may point.

    Raises
    ------
    NotFound
        There is none, or it lies outside.
    """
    if any(part in ("", ".", "..") for part in relative.split("/")):  # a path has one spelling
        raise NotFound(f"There is no file {relative!r}.")
    path = contained(folder, relative)
    if path is None or not path.is_file():
        raise NotFound(f"There is no file {relative!r}.")
    return path


def contained(folder: Path, relative: str) -> Path | None:
    """Return what `relative` leads to from `folder`, links followed; None if nothing is there, or outside."""
    try:
        root = folder.resolve(strict=True)
        path = (root / relative).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    return path if path.is_relative_to(root) else None


def sweep(folder: Path, *, older_than: float) -> int:
    """Remove what uploads and removals that were cut off left directly in `folder`; return how many.

    Parameters
    ----------
    older_than : float
        Unix seconds: what was changed after it may still be in use.
    """
    stale = [path for path in folder.glob(f"{TEMPORARY_PREFIX}*") if path.lstat().st_mtime < older_than]
    for path in stale:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(stale)

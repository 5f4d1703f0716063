"""Tables packed by gzip or zip: what is inside, within bounds. Standard library only: the API imports it."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from jobs.errors import UnreadableTable
from jobs.progress import Progress, Report

CHUNK_BYTES = 1024 * 1024
MEBIBYTE = 1024 * 1024
MOST_BYTES = 5_000 * MEBIBYTE  # unpacked, as large as an upload may be
HARMLESS_BYTES = 256 * MEBIBYTE  # up to here a table may be packed as tightly as it likes
MOST_RATIO = 200  # of a table; text seldom packs to a fiftieth, a bomb to a thousandth and less
GZIP, ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True)
class Packed:
    """A table in an archive; `member` is its name in a zip archive."""

    kind: Literal["gzip", "zip"]
    member: str | None = None


def packed(path: Path, head: bytes, label: str) -> Packed | None:
    """Return how the file is packed, or None when it is no archive of one table.

    Raises
    ------
    UnreadableTable
        The archive is damaged, encrypted, empty, or holds several files (the message names them).
    """
    if head.startswith(GZIP):
        return Packed("gzip")
    if not head.startswith(ZIP):
        return None
    with _zip(path, label) as archive:
        names = archive.namelist()
        if is_workbook(names):
            return None
        inside = [name for name in names if not name.endswith("/") and not _is_clutter(name)]
        if len(inside) != 1:
            raise UnreadableTable(f"{label}: {_not_one(inside)}; put the table alone into the archive")
        if archive.getinfo(inside[0]).flag_bits & 1:
            raise UnreadableTable(f"{label}: the zip archive is encrypted; send it without a password")
    return Packed("zip", inside[0])


def is_workbook(names: list[str]) -> bool:
    """Return whether the names in a zip archive are those of an Office document."""
    return "[Content_Types].xml" in names or "mimetype" in names


def first_bytes(path: Path, archive: Packed, size: int, label: str) -> bytes:
    """Return how the table in the archive begins, at most `size` bytes."""
    with opened(path, archive, label) as file:
        return file.read(size)


@contextmanager
def opened(path: Path, archive: Packed, label: str) -> Iterator[BinaryIO]:
    """Open the table in the archive for reading; what is damaged is told in plain words."""
    try:
        if archive.kind == "gzip":
            with gzip.open(path, "rb") as file:
                yield cast(BinaryIO, file)
        else:
            with zipfile.ZipFile(path) as outer, outer.open(archive.member or "") as file:
                yield cast(BinaryIO, file)
    except NotImplementedError as error:
        raise UnreadableTable(f"{label}: the archive is packed in an unusual way; pack it anew") from error
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise UnreadableTable(f"{label}: the archive is damaged ({error}); pack it anew") from error


def unpack(path: Path, archive: Packed, target: Path, *, report: Report, label: str) -> None:
    """Write the table in the archive to `target`.

    Raises
    ------
    UnreadableTable
        The archive is damaged, or unpacks to far more than a table would (a bomb).
    """
    done, size = 0, path.stat().st_size
    with opened(path, archive, label) as file, target.open("wb") as out:
        while chunk := file.read(CHUNK_BYTES):
            done += len(chunk)
            if done > MOST_BYTES or (done > HARMLESS_BYTES and done > MOST_RATIO * size):
                unpacked = f"{done // MEBIBYTE:,} MB, {done // size:,} times its size"
                raise UnreadableTable(
                    f"{label}: the archive unpacks to more than {unpacked}, which no table does; "
                    "send the table itself"
                )
            out.write(chunk)
            report(Progress("read", 1.0, "Unpacking the file", None, done, None))


@contextmanager
def _zip(path: Path, label: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        raise UnreadableTable(f"{label}: the zip archive is damaged ({error}); pack it anew") from error


def _is_clutter(name: str) -> bool:
    return name.startswith(_CLUTTER[0]) or name.rsplit("/", 1)[-1] in _CLUTTER


def _not_one(inside: list[str]) -> str:
    if not inside:
        return "the zip archive is empty"
    named = ", ".join(f"'{name[:60]}'" for name in inside[:3])
    return f"the zip archive holds {len(inside)} files ({named}{', ...' if len(inside) > 3 else ''})"

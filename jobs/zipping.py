"""A ZIP file whose bytes are known before the first of its files is read, so that any part of it can be sent.

Files are stored as they are: then sizes and places follow from what is listed, the length can be told first,
and a download that broke off goes on where it stopped. What is made is the same each time.

References
----------
PKWARE, APPNOTE.TXT 6.3.10: 4.3.7 local header, 4.3.12 central directory, 4.3.14-16 ends, 4.5.3 ZIP64.
Info-ZIP, extra field 0x5455: time of change in UTC.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

LOCAL, CENTRAL, END, END_64, LOCATOR_64 = b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7"
UTF_8: Final = 1 << 11
STORED: Final = 0
VERSION, VERSION_64 = 20, 45
UNIX: Final = 3 << 8  # who has made it, whose permissions these are
REGULAR_FILE: Final = 0o100644 << 16
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF  # stand for "too large for here: see ZIP64"
FIRST_YEAR, LAST_YEAR = 1980, 2107  # of a time as DOS has it
EXTRA_64, EXTRA_TIME = 0x0001, 0x5455


@dataclass(frozen=True)
class Entry:
    """A file of the archive, by its name there; its SHA-256 is in hexadecimal, its time in ns since 1970."""

    name: str
    bytes: int
    crc32: int
    sha256: str
    mtime_ns: int


@dataclass(frozen=True)
class Piece:
    """A part of the archive: bytes of its own, or the content of an entry."""

    begin: int
    size: int
    own: bytes = b""
    entry: int | None = None


@dataclass(frozen=True)
class Plan:
    """The whole archive, without the contents. `etag` changes with each byte of it."""

    pieces: Sequence[Piece]
    bytes: int
    etag: str

    def between(self, begin: int, end: int) -> Iterator[tuple[Piece, int, int]]:
        """Yield the pieces from a beginning to an end, each with what of it is in between."""
        for piece in self.pieces:
            first, last = max(begin, piece.begin), min(end, piece.begin + piece.size)
            if first < last:
                yield piece, first - piece.begin, last - piece.begin


def plan(entries: Iterable[Entry]) -> Plan:
    """Return the plan of an archive of these files, whose names are all different."""
    pieces: list[Piece] = []
    directory: list[bytes] = []
    place, digest = 0, hashlib.sha256()
    for number, entry in enumerate(entries):
        header = _local(entry)
        directory.append(_central(entry, place))
        pieces.append(Piece(place, len(header), own=header))
        place += len(header)
        pieces.append(Piece(place, entry.bytes, entry=number))
        place += entry.bytes
        digest.update(entry.sha256.encode())
    index = b"".join(directory)
    closing = index + _end(len(directory), len(index), place)
    digest.update(closing)
    return Plan((*pieces, Piece(place, len(closing), own=closing)), place + len(closing), digest.hexdigest())


def _local(entry: Entry) -> bytes:
    large = entry.bytes >= FULL_32
    size = FULL_32 if large else entry.bytes
    name, extra = entry.name.encode(), _time_extra(entry)
    if large:
        extra = struct.pack("<HHQQ", EXTRA_64, 16, entry.bytes, entry.bytes) + extra
    version = VERSION_64 if large else VERSION
    fields = (version, UTF_8, STORED, *_dos_time(entry), entry.crc32, size, size, len(name), len(extra))
    return LOCAL + struct.pack("<HHHHHIIIHH", *fields) + name + extra


def _central(entry: Entry, place: int) -> bytes:
    large = [value for value in (entry.bytes, entry.bytes, place) if value >= FULL_32]
    size, offset = min(entry.bytes, FULL_32), min(place, FULL_32)
    name, extra = entry.name.encode(), _time_extra(entry)
    if large:
        extra = struct.pack(f"<HH{len(large)}Q", EXTRA_64, 8 * len(large), *large) + extra
    version = VERSION_64 if large else VERSION
    fields = (UNIX | version, version, UTF_8, STORED, *_dos_time(entry), entry.crc32, size, size)
    ends = (len(name), len(extra), 0, 0, 0, REGULAR_FILE, offset)
    return CENTRAL + struct.pack("<HHHHHHIII", *fields) + struct.pack("<HHHHHII", *ends) + name + extra


def _end(count: int, size: int, place: int) -> bytes:
    """Return the end of the archive, whose directory lies at `place`."""
    large = count >= FULL_16 or size >= FULL_32 or place >= FULL_32
    wide = b""
    if large:
        fields = (44, UNIX | VERSION_64, VERSION_64, 0, 0, count, count, size, place)
        wide = END_64 + struct.pack("<QHHIIQQQQ", *fields)
        wide += LOCATOR_64 + struct.pack("<IQI", 0, place + size, 1)
    count, size, place = min(count, FULL_16), min(size, FULL_32), min(place, FULL_32)
    return wide + END + struct.pack("<HHHHIIH", 0, 0, count, count, size, place, 0)


def _time_extra(entry: Entry) -> bytes:
    """Return the time in UTC, where it can be told so: the one of DOS has no zone."""
    seconds = entry.mtime_ns // 1_000_000_000
    return struct.pack("<HHBi", EXTRA_TIME, 5, 1, seconds) if 0 <= seconds < 1 << 31 else b""


def _dos_time(entry: Entry) -> tuple[int, int]:
    """Return time and date in two numbers, as they are in UTC."""
    moment = datetime.fromtimestamp(entry.mtime_ns // 1_000_000_000, UTC)
    year = min(max(moment.year, FIRST_YEAR), LAST_YEAR)
    time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    return time, (year - FIRST_YEAR) << 9 | moment.month << 5 | moment.day

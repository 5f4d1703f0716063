"""What a workbook is before it is opened: its kind, and whether it can be read. Standard library only."""

import html
import re
import struct
import zipfile
from pathlib import Path

from jobs.errors import UnreadableTable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEBIBYTE = 1024 * 1024
MOST_UNPACKED = 300 * MEBIBYTE  # a workbook is held in memory whole, in several times this size
MOST_XML = 4 * MEBIBYTE  # of the list of sheets
_SAVE_AS = "save the sheet as CSV or as a plain workbook (.xlsx) and send that"


def check_workbook(path: Path, head: bytes, label: str) -> tuple[str, ...] | None:
    """Return the names of a workbook's sheets, () where they are not known yet, None for another file.

    Raises
    ------
    UnreadableTable
        The workbook is encrypted, damaged, too large or holds macros, or the file is another Office document.
    """
    if head.startswith(OLE):
        _check_ole(path, label)
        return ()
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            return _check_zip(archive, label)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise UnreadableTable(f"{label}: the workbook is damaged ({error}); save it anew") from error


def _check_zip(archive: zipfile.ZipFile, label: str) -> tuple[str, ...] | None:
    names = set(archive.namelist())
    kind = archive.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    if "[Content_Types].xml" not in names and not kind:
        return None
    unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > MOST_UNPACKED:
        raise UnreadableTable(
            f"{label}: the workbook is {unpacked // MEBIBYTE:,} MB unpacked, at most "
            f"{MOST_UNPACKED // MEBIBYTE} MB can be read; save the sheet as CSV and send that"
        )
    if "xl/vbaProject.bin" in names or any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise UnreadableTable(f"{label}: the workbook holds macros, which are not accepted; {_SAVE_AS}")
    if kind:
        return _check_open_document(archive, kind, label)
    if "xl/workbook.bin" in names:
        return ()
    if "xl/workbook.xml" not in names:
        raise UnreadableTable(f"{label}: this is an Office document without sheets; {_SAVE_AS}")
    with archive.open("xl/workbook.xml") as file:
        text = file.read(MOST_XML).decode("utf-8", "replace")
    found = re.findall(r"<(?:\w+:)?sheet\s[^>]*?\bname=(?:\"([^\"]*)\"|'([^']*)')", text)
    return tuple(html.unescape(one or other) for one, other in found)


def _check_open_document(archive: zipfile.ZipFile, kind: str, label: str) -> tuple[str, ...]:
    if "opendocument.spreadsheet" not in kind:
        raise UnreadableTable(f"{label}: this is a document ({kind.strip()}), not a table; {_SAVE_AS}")
    if "META-INF/manifest.xml" in archive.namelist():
        with archive.open("META-INF/manifest.xml") as file:
            if b"encryption-data" in file.read(MOST_XML):
                raise UnreadableTable(f"{label}: the workbook is encrypted; save it without a password")
    return ()


def _check_ole(path: Path, label: str) -> None:
    """Judge an old binary file by the names of its streams."""
    if path.stat().st_size > MOST_UNPACKED:
        raise UnreadableTable(f"{label}: the workbook is too large to be read; save the sheet as CSV")
    names = stream_names(path)
    if "EncryptedPackage" in names:
        raise UnreadableTable(f"{label}: the workbook is encrypted; save it without a password")
    if "_VBA_PROJECT_CUR" in names or "_VBA_PROJECT" in names:
        raise UnreadableTable(f"{label}: the workbook holds macros, which are not accepted; {_SAVE_AS}")
    if not names & {"Workbook", "Book"}:
        raise UnreadableTable(f"{label}: this is an old Office file without sheets; {_SAVE_AS}")


def stream_names(path: Path) -> set[str]:
    """Return the names in the directory of a compound file (MS-CFB), () when it is damaged."""
    content = path.read_bytes()
    try:
        shift = struct.unpack_from("<H", content, 30)[0]
        size = 1 << shift if shift in (9, 12) else 512
        table = _sector_table(content, size)
        sector, names = struct.unpack_from("<I", content, 48)[0], set[str]()
        for _ in range(1_000):  # a damaged chain may go round in circles
            if sector >= len(table):
                break
            begin = (sector + 1) * size
            for entry in range(begin, begin + size, 128):
                length = struct.unpack_from("<H", content, entry + 64)[0]
                names.add(content[entry : entry + max(0, length - 2)].decode("utf-16-le", "replace"))
            sector = table[sector]
    except struct.error:
        return set()
    return names


def _sector_table(content: bytes, size: int) -> list[int]:
    """Return for each sector the one that follows it."""
    table: list[int] = []
    for sector in struct.unpack_from("<109I", content, 76):
        if sector < 0xFFFFFFFA:
            table += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return table

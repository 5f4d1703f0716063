"""Zipped documents: opened only after a look at what they would expand to."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from jobs.indexing.formats.base import Unextractable
from jobs.indexing.formats.compound import COMPOUND_FILE, refusal
from jobs.indexing.formats.markup import attribute, refused, walk
from jobs.indexing.limits import Limits

_ENCRYPTED_FLAG: Final = 0x1
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
ZIPPED: Final = b"PK\x03\x04"


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open a zipped document; whatever damage shows while it is read is told as such.

    Its directory is believed: the reader never gives more of a member than the directory declares.

    Raises
    ------
    Unextractable
        No readable archive, encrypted, damaged, or beyond the limits when expanded.
    """
    if data.startswith(COMPOUND_FILE):
        raise refusal(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive.infolist(), limits)
            yield archive
    except SyntaxError as error:
        raise refused(error) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, OSError) as error:
        raise Unextractable("failed", "corrupt", f"{type(error).__name__}: {error}") from error
    except NotImplementedError as error:  # a method of compression that no office program uses
        raise Unextractable("failed", "corrupt", f"not a readable archive: {error}") from error


def _check(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.archive_members:
        raise Unextractable("skipped", "too_many_members", f"the archive has {len(members):,} members")
    expanded = sum(member.file_size for member in members)
    if expanded > limits.archive_bytes:
        detail = f"the archive expands to {expanded:,} bytes"
        raise Unextractable("skipped", "archive_expands_too_much", detail)
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise Unextractable("skipped", "encrypted", "the archive asks for a password")


def require(archive: zipfile.ZipFile, part: str, kind: str) -> None:
    """Make sure that an archive has the part that makes it a document of its kind.

    Raises
    ------
    Unextractable
        It has not (`corrupt`).
    """
    if part not in archive.namelist():
        raise Unextractable("failed", "corrupt", f"the archive has no {part}: not {kind}")


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Give what a part of an Office document refers to: by id, its kind and the member that holds it.

    References to members that are not there, or to anything outside the archive, are left out.
    """
    folder, name = posixpath.split(part)
    listing, names = f"{folder}/_rels/{name}.rels", set(archive.namelist())
    if listing not in names:
        return {}
    found = {}
    with archive.open(listing) as source:
        for _, element in walk(source, tags=[_RELATIONSHIP]):
            target = member(folder, attribute(element, "Target"))
            if attribute(element, "TargetMode") != "External" and target in names:
                found[attribute(element, "Id")] = (attribute(element, "Type").rpartition("/")[2], target)
    return found


def member(folder: str, target: str) -> str:
    """Resolve a reference inside an archive, from a folder of it."""
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")

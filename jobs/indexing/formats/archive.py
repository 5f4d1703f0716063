"""Zipped documents: opened only after a look at what they would expand to."""

import io
import zipfile

from jobs.indexing.formats.base import Unextractable
from jobs.indexing.limits import Limits

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Office writes around an encrypted document
_ENCRYPTED_FLAG = 0x1


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open a zipped document.

    Its directory is believed: the reader never gives more of a member than the directory declares.

    Raises
    ------
    Unextractable
        No readable archive, encrypted, or beyond the limits when expanded.
    """
    if data.startswith(_COMPOUND_FILE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unextractable("skipped", "encrypted", "the document asks for a password")
        raise Unextractable("skipped", "unsupported_type", "an Office document of the format before 2007")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unextractable("failed", "corrupt", f"not a readable archive: {error}") from error
    members = archive.infolist()
    if len(members) > limits.archive_members:
        raise Unextractable("skipped", "too_many_members", f"the archive has {len(members):,} members")
    expanded = sum(member.file_size for member in members)
    if expanded > limits.archive_bytes:
        detail = f"the archive expands to {expanded:,} bytes"
        raise Unextractable("skipped", "archive_expands_too_much", detail)
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise Unextractable("skipped", "encrypted", "the archive asks for a password")
    return archive

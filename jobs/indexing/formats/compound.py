"""The container of Office documents before 2007, and of encrypted ones: what it holds, told unopened."""

from typing import Final

from jobs.indexing.formats.base import Unextractable

COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The streams by which programs know their files, the decisive ones first: a text may hold a workbook.
_KINDS: Final = (
    ("WordDocument", "word"),
    ("PowerPoint Document", "powerpoint"),
    ("__substg1.0_", "outlook"),
    ("Workbook", "excel"),
    ("Book", "excel"),
)
_ADVICE: Final = {
    "word": "a Word document of the format before 2007; save it as .docx to have it indexed",
    "powerpoint": "a PowerPoint presentation of the format before 2007; save it as .pptx to have it indexed",
    "outlook": "a message in Outlook's own format; save it as .eml to have it indexed",
    "": "an Office document of the format before 2007; save it in today's format to have it indexed",
}


def kind_of(data: bytes) -> str:
    """Name the program that wrote a compound file; empty for an unknown one."""
    return next((kind for stream, kind in _KINDS if _has_stream(data, stream)), "")


def refusal(data: bytes) -> Unextractable:
    """Say why a compound file is not read, and what to do about it."""
    if _has_stream(data, "EncryptedPackage"):
        return Unextractable("skipped", "encrypted", "the document asks for a password")
    return Unextractable("skipped", "unsupported_type", _ADVICE.get(kind_of(data), _ADVICE[""]))


def _has_stream(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in data

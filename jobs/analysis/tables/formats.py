"""Tell by its first bytes what a file is. Standard library only: the API process imports it."""

import codecs
import json
import re

from jobs.errors import UnreadableTable

REMEDY = "save the table as CSV, Excel, JSON or Parquet and send that"
PARQUET = b"PAR1"

# First bytes of formats that people send instead of a table, and what to call them.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "an archive in an archive"),  # a first one is opened
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"$FL2", "an SPSS file"),
    (b"RDX", "an R data file"),
    (b"<stata_dta>", "a Stata file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
MARKUP = re.compile(r"\s*<(!doctype|html|head|body|table|\?xml|svg|[a-z][\w:-]*(\s[^<>]*)?>)", re.IGNORECASE)
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1b\x7f]")  # \x1c-\x1f are the separators of old exports
BINARY_SHARE = 0.01  # text has no control characters; one in a hundred forgives a damaged cell


def refuse_other_formats(head: bytes, label: str) -> None:
    """Raise `UnreadableTable` that names the format when `head` begins a known file that is not a table."""
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            raise UnreadableTable(f"{label}: this is {kind}; {REMEDY}")


def refuse_markup(text: str, label: str) -> None:
    """Raise `UnreadableTable` when `text` is HTML or XML rather than rows of cells."""
    start = text.lstrip()
    if MARKUP.match(start):
        kind = "an HTML page" if "<html" in start[:2000].lower() or "<table" in start.lower() else "XML"
        raise UnreadableTable(f"{label}: this is {kind}; {REMEDY}")


def decode(head: bytes, label: str) -> tuple[str, str]:
    """Return the text of `head` and the name of its encoding.

    A byte-order mark decides; then NUL bytes at every other place mean UTF-16; then UTF-8 if it is valid,
    else Windows-1252, in which the few undefined bytes become U+FFFD.

    Raises
    ------
    UnreadableTable
        The text is full of control characters, or it is UTF-32.
    """
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnreadableTable(f"{label}: the text is UTF-32; save it as UTF-8 and send that")
    encoding = guess_encoding(head)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head).lstrip("\ufeff")
    text = text.replace("\x00", "")
    if len(CONTROL.findall(text)) > max(2, BINARY_SHARE * len(text)):
        raise UnreadableTable(f"{label}: this is binary data, not a table; {REMEDY}")
    return text, encoding


def guess_encoding(head: bytes) -> str:
    """Return "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932" (Japanese) or "cp1252"."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = min(len(head), 4096) / 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    if _is_utf8(head):
        return "utf-8"
    return "cp932" if _is_japanese(head) else "cp1252"


def _is_japanese(head: bytes) -> bool:
    """Return whether bytes are Shift_JIS: valid, and their signs stand side by side as in words.

    A letter with an accent and the one after it may look like one sign; hardly ever do two follow each other.
    """
    try:
        text = codecs.getincrementaldecoder("cp932")().decode(head)
    except UnicodeDecodeError:
        return False
    signs = len(_JAPANESE.findall(text))
    if any(not sign.isascii() for sign in _JAPANESE.sub("", text)) or not signs:
        return False
    together = sum(len(run) for run in _JAPANESE_WORD.findall(text))
    leading = sum(head.count(bytes([byte])) for byte in range(0x81, 0xA0))
    return together >= 0.6 * signs and 2 * leading >= signs


# Kana, kanji and the full-width signs around them.
_JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
_JAPANESE_WORD = re.compile(f"{_JAPANESE.pattern}{{2,}}")


def _is_utf8(head: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)  # not final: the sample may end inside a character
    except UnicodeDecodeError:
        return False
    return True


def is_json(text: str) -> bool:
    """Return whether `text` begins a JSON object or array."""
    start = text.lstrip()
    if re.match(r'\{\s*("|\}|$)', start) or re.match(r"\[\s*[\[{]", start):
        return True
    if not start.startswith("["):
        return False
    try:
        json.loads(start)
    except ValueError:
        return False
    return True

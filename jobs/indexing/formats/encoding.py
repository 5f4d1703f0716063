"""Which encoding a text file is in. UTF-8 and byte-order marks are certain; the rest is a reasoned guess."""

import codecs
import re
from typing import Final

from jobs.indexing.formats.base import Unextractable

HEAD_BYTES: Final = 8_192
BYTES_PER_CHARACTER: Final = 4  # the most that any supported encoding needs
# The Japanese of old mail, in bytes that are ASCII as well.
_ESCAPES: Final = re.compile(rb"\x1b\$[@B][!-~\s]+\x1b\([BJ]")
CONTROL_SHARE: Final = 0.1
UNTRUSTED_SHARE: Final = 0.25  # UTF-8 with some stray bytes is still UTF-8

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What people write, and what it means (https://encoding.spec.whatwg.org/#names-and-labels): the larger sets.
_MEANT: Final = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "ascii", "us-ascii"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb_2312-80", "cp936"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "korean"), "cp949"),
    **dict.fromkeys(("tis-620", "iso-8859-11"), "cp874"),
    "big5": "big5hkscs",
    "unicode-1-1-utf-8": "utf-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
}
# Python knows others that are no encodings of text, or that need quadratic time.
_DECLARABLE: Final = (
    *("utf-8", "utf8", "utf-16", "iso-8859", "iso8859", "iso-2022", "windows-", "cp", "koi8", "mac"),
    *("gb", "big5", "euc", "hz", "tis", "latin", "johab", "viscii"),
)
_CONTROLS: Final = re.compile(r"[\x00-\x07\x0e-\x1a\x1c-\x1f]")  # all but those found in texts


def decode(data: bytes, characters: int) -> str:
    """Decode a text file.

    Parameters
    ----------
    data : bytes
        The whole file.
    characters : int
        How many characters are wanted: no more than these are decoded for certain.

    Raises
    ------
    Unextractable
        The bytes are not text (`binary`).
    """
    data = data[: (characters + 1) * BYTES_PER_CHARACTER]
    encoding = _marked(data) or _told_by_bytes(data[:HEAD_BYTES])
    text = _utf8(data) if encoding is None else data.decode(encoding, "replace")
    if text is None:
        from jobs.indexing.formats.guessing import guess  # as below: most files are UTF-8

        text = data.decode(guess(data), "replace")
    _refuse_controls(text[:HEAD_BYTES])
    return text


def _told_by_bytes(head: bytes) -> str | None:
    """Name the encoding that shows in zeros and escapes; None for one that has neither."""
    if b"\0" in head:
        from jobs.indexing.formats.guessing import guess_wide

        encoding = guess_wide(head)
        if encoding is None:
            raise Unextractable("skipped", "binary", "the file holds bytes that are no text")
        return encoding
    return "iso2022_jp" if _ESCAPES.search(head) else None


def decode_declared(data: bytes, name: str) -> str | None:
    """Decode bytes in the encoding that a document declares, as browsers understand its name.

    None when nobody knows the name, or the bytes are not in that encoding: a wrong declaration is common.
    """
    name = name.strip().strip("\"'").lower()
    name = _MEANT.get(name, name)
    if not name.startswith(_DECLARABLE):
        return None
    try:
        return data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return None


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def _utf8(data: bytes) -> str | None:
    """Decode UTF-8, with some lines in another encoding, or a few stray bytes, which become U+FFFD."""
    decoder = codecs.getincrementaldecoder("utf-8")
    try:
        return decoder("strict").decode(data, final=False)  # the cut may have split the last character
    except UnicodeDecodeError:
        from jobs.indexing.formats.mixed import decode_lines  # as in `decode`

    if (mixed := decode_lines(data)) is not None:
        return mixed
    text = data.decode("utf-8", "replace")
    stray = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - stray
    return text if stray <= UNTRUSTED_SHARE * good else None


def _refuse_controls(head: str) -> None:
    if len(_CONTROLS.findall(head)) > CONTROL_SHARE * len(head):
        raise Unextractable("skipped", "binary", "the file holds control characters that are no text")

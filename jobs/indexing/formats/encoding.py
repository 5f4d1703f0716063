"""Which encoding a text file is in. UTF-8 and byte-order marks are certain; the rest is a reasoned guess."""

import codecs
import re
from typing import Final

from jobs.indexing.formats.base import Unextractable

SAMPLE_BYTES: Final = 65_536  # more does not improve the guess, and detection is slow
HEAD_BYTES: Final = 8_192
BYTES_PER_CHARACTER: Final = 4  # the most that any supported encoding needs
WESTERN_SHARE: Final = 0.3  # text in a Western language has fewer characters than this outside ASCII
CONTROL_SHARE: Final = 0.1
UNTRUSTED_SHARE: Final = 0.25  # UTF-8 with some stray bytes is still UTF-8

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings in which documents are found; old DOS pages are left out, for they win on short Western texts.
_LIKELY: Final = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 koi8_r shift_jis euc_jp gb18030 big5 euc_kr"
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
    encoding = _marked(data) or _unmarked_utf16(data[:HEAD_BYTES], whole=len(data))
    if encoding is None:
        if b"\0" in data[:HEAD_BYTES]:
            raise Unextractable("skipped", "binary", "the file holds bytes that are no text")
        text = _utf8(data)
        if text is None:
            text = data.decode(_guess(data[:SAMPLE_BYTES]), "replace")
    else:
        text = data.decode(encoding, "replace")
    _refuse_controls(text[:HEAD_BYTES])
    return text


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


def _unmarked_utf16(head: bytes, *, whole: int) -> str | None:
    """Recognise UTF-16 without its mark: in most scripts one byte of each pair is often zero."""
    if whole % 2:
        return None  # its characters have two or four bytes
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if half and odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if half and even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _utf8(data: bytes) -> str | None:
    """Decode UTF-8; a few stray bytes among many good characters become U+FFFD."""
    decoder = codecs.getincrementaldecoder("utf-8")
    try:
        return decoder("strict").decode(data, final=False)  # the cut may have split the last character
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    stray = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text[:SAMPLE_BYTES]) - text[:SAMPLE_BYTES].count("\ufffd")
    return text if stray <= UNTRUSTED_SHARE * good else None


def _guess(sample: bytes) -> str:
    if _looks_western(sample):
        return "cp1252"
    from charset_normalizer import from_bytes  # costs 30 ms, and most files are UTF-8

    best = from_bytes(sample, cp_isolation=_LIKELY.split()).best()
    return best.encoding if best else "cp1252"


def _looks_western(sample: bytes) -> bool:
    """Tell whether these bytes read as Western letters among ASCII; detectors mistake such short texts."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = [character for character in text if character > "\x7f"]
    letters = sum(character.isalpha() or character in "“”‘’–—…•€«»°§\xa0" for character in high)
    return len(high) < WESTERN_SHARE * len(text) and letters >= 0.9 * len(high)


def _refuse_controls(head: str) -> None:
    if len(_CONTROLS.findall(head)) > CONTROL_SHARE * len(head):
        raise Unextractable("skipped", "binary", "the file holds control characters that are no text")

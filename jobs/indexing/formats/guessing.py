"""Which encoding a text without any mark is in, when it is not UTF-8: the one in which it has words."""

import re
from collections.abc import Sequence
from typing import Final

from jobs.indexing.text.language import evidence

WESTERN_SHARE: Final = 0.3  # text in Latin letters has fewer characters than this outside ASCII
FOREIGN_EVIDENCE: Final = 0.1  # a text in another script with fewer small words is left to the statistics
BEFORE: Final = 2_000  # of the sample, in bytes, before the first character outside ASCII
SAMPLE_BYTES: Final = 8_192
STATISTICS_BYTES: Final = 65_536  # more does not improve that guess, and it is slow

# In the order in which files are found; the earlier of two equally good ones is taken. Old DOS and Macintosh
# pages are at the end.
_LATIN: Final = (
    "cp1252",
    "cp1250",
    "iso8859-2",
    "cp1254",
    "cp1257",
    "iso8859-10",
    "cp850",
    "cp852",
    "mac_roman",
)
_OTHERS: Final = (
    "cp1251",
    "koi8_u",
    "cp1253",
    "cp1255",
    "cp1256",
    "iso8859-5",
    "iso8859-7",
    "cp866",
    "iso8859-6",
)
_ASIAN: Final = "shift_jis euc_jp gb18030 big5 euc_kr"

# For UTF-16 and UTF-32 without a mark: what texts consist of. The other order of bytes gives other
# characters.
_EVERYDAY: Final = re.compile(
    "[\t\n\r -~\xa0-\u024f\u0370-\u077f\u0900-\u0e7f\u10a0-\u10ff\u1e00-\u1eff"
    "\u2010-\u2026\u20ac\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uff60]"
)
_BLANK: Final = re.compile(r"[ \n]")
_WIDE: Final = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
EVERYDAY_SHARE: Final = 0.9
FEWEST_CHARACTERS: Final = 3


def guess_wide(data: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32 without their mark, by their zeros; None for what is no text.

    Parameters
    ----------
    data : bytes
        The beginning of a file with a zero in it, a multiple of four bytes or all of the file.
    """
    shares = [(_everyday_share(data, encoding), encoding) for encoding in _WIDE]
    best, encoding = max(shares, key=lambda one: one[0])
    return encoding if best >= EVERYDAY_SHARE else None


def _everyday_share(data: bytes, encoding: str) -> float:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    if len(text) < FEWEST_CHARACTERS or not _BLANK.search(text):
        return 0.0  # numbers may look like Chinese
    return len(_EVERYDAY.findall(text)) / len(text)


def guess(data: bytes) -> str:
    """Choose the encoding of bytes that are not UTF-8 and hold no zero."""
    first = next((found.start() for found in re.finditer(rb"[\x80-\xff]", data)), 0)
    sample = data[max(0, first - BEFORE) : first + SAMPLE_BYTES]
    high = len(re.findall(rb"[\x80-\xff]", sample))
    if high < WESTERN_SHARE * len(sample):
        return _best(sample, _LATIN)[1]
    found, encoding = _best(sample, _OTHERS)
    if found >= FOREIGN_EVIDENCE:
        return encoding
    return _by_statistics(data[:STATISTICS_BYTES])


def _best(sample: bytes, encodings: Sequence[str]) -> tuple[float, str]:
    weighed = [(evidence(sample.decode(one, "replace")), one) for one in encodings if _possible(sample, one)]
    return max(weighed, key=lambda one: one[0], default=(0.0, encodings[0]))


def _possible(sample: bytes, encoding: str) -> bool:
    """Tell whether all bytes mean something in an encoding, controls excepted."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return not any("\x7f" < character < "\xa0" for character in text)


def _by_statistics(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # costs 30 ms, and most files are UTF-8

    best = from_bytes(sample, cp_isolation=[*_LATIN[:4], *_OTHERS[:5], *_ASIAN.split()]).best()
    return best.encoding if best else "cp1252"

"""Which encoding a text without any mark is in, when it is not UTF-8: by what is frequent in languages.

The library `chardet` knows how often each two characters follow each other, in each language and encoding. It
is asked about those encodings that documents are found in, with what it cannot know: that a file of one
foreign name among English words is of no exotic encoding, and that one bad byte does not unmake a text.
Measured in docs/decisions/0020-encodings.md.
"""

import re
from collections.abc import Sequence
from typing import Final

from jobs.indexing.text.language import evidence

BEFORE: Final = 2_000  # of the sample, in bytes, before the first character outside ASCII
SAMPLE_BYTES: Final = 8_192
SPARSE_SHARE: Final = 0.003  # of characters outside ASCII: some names and signs, not a language written so
QUOTING_SHARE: Final = 0.1  # of these: a text in ASCII that may hold words in another script
REPEATED: Final = 4  # of one character outside ASCII: a sign
TOLERATED: Final = 0.8  # of the lines must be in an encoding; the others are damaged, or of another
MIXED_SHARE: Final = 0.2  # of the words in another script: more have letters of ASCII in them by mistake
LIKELIEST: Final = "cp1252"

# As the library calls them. The larger of two related sets are taken once the choice is made.
_USUAL: Final = (
    *("cp1252", "iso8859-1", "iso8859-15", "cp1250", "iso8859-2", "cp1254", "iso8859-9", "cp1257"),
    *("iso8859-13", "iso8859-10", "cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp1253", "iso8859-7", "cp1255"),
    *("iso8859-8", "cp1256", "iso8859-6", "cp874", "tis-620", "cp1258", "cp932", "euc_jis_2004", "gb18030"),
    *("big5hkscs", "cp949", "euc_kr"),
)
_OF_DOS_AND_MACINTOSH: Final = (
    *("cp437", "cp850", "cp858", "cp852", "cp857", "cp737", "cp775", "cp862", "cp866"),
    *("mac-roman", "mac-latin2", "mac-greek", "mac-turkish", "mac-cyrillic"),
)
_ALL: Final = _USUAL + _OF_DOS_AND_MACINTOSH
_LARGER: Final = {"iso8859-1": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874", "euc_kr": "cp949"}
_OF_SEVERAL_BYTES: Final = ("cp932", "euc_jis_2004", "gb18030", "big5hkscs", "cp949")
_OF_OTHER_SCRIPTS: Final = frozenset(
    {"cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp1253", "iso8859-7", "cp1255", "iso8859-8", "cp1256"}
    | {"iso8859-6", "cp874", "cp737", "cp862", "cp866", "mac-greek", "mac-cyrillic"}
)
_MIXED: Final = re.compile("[A-Za-z][\u0370-\u0eff]|[\u0370-\u0eff][A-Za-z]")
_RUN: Final = re.compile("[\u0370-\u0eff]+")
_WORD: Final = re.compile("[\u0370-\u0eff]{3}")
_BALTIC: Final = frozenset({"cp1257", "iso8859-13", "iso8859-10"})
_HIGH: Final = re.compile(rb"[\x80-\xff]")

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
    first = found.start() if (found := _HIGH.search(data)) else 0
    sample = data[max(0, first - BEFORE) : first + SAMPLE_BYTES]
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    high = _HIGH.findall(sample)
    share = len(high) / max(1, len(sample))
    name = _of_foreign_words(lines) if share < QUOTING_SHARE else None
    if name is None and share < SPARSE_SHARE:
        name = _unless_older(_of_names(lines), sample)
    elif name is None and len(high) >= REPEATED and len(set(high)) == 1:
        name = _unless_older(_detected(sample, _USUAL), sample)
    name = name or _detected(sample, _ALL)
    if name in _OF_OTHER_SCRIPTS and _mixes_scripts(sample.decode(name, "replace")):
        name = _detected(sample, [one for one in _ALL if one not in _OF_OTHER_SCRIPTS])
    return name if name in _OF_SEVERAL_BYTES else _despite_damage(lines) or name


def _unless_older(name: str, sample: bytes) -> str:
    """Give the encoding that was found, unless one of DOS or Macintosh makes more words of the sample.

    Of signs alone (® or ©) nothing makes words.
    """
    beyond = {letter for letter in sample.decode(name, "replace") if letter > "\x7f"}
    if all(letter.isprintable() and not letter.isalpha() for letter in beyond):
        return name
    older = _detected(sample, _ALL)
    return name if older not in _OF_DOS_AND_MACINTOSH or _says_as_much(sample, name, older) else older


def _mixes_scripts(text: str) -> bool:
    """Tell whether words have letters of two scripts ("Mйnard"): what the wrong encoding makes of accents."""
    return len(_MIXED.findall(text)) > MIXED_SHARE * len(_RUN.findall(text))


def _of_foreign_words(lines: Sequence[bytes]) -> str | None:
    """Find the encoding of words in another script among lines in ASCII; None where there are none."""
    sample = b"\n".join(lines)
    name = _detected(sample, _USUAL)
    if name in _OF_SEVERAL_BYTES:
        return name
    text = sample.decode(name, "replace")
    return name if name in _OF_OTHER_SCRIPTS and _WORD.search(text) and not _mixes_scripts(text) else None


def _of_names(lines: Sequence[bytes]) -> str:
    """Choose the encoding of a few words with accents."""
    sample = b"\n".join(lines)
    name = _detected(sample, _USUAL)
    western = name in _OF_OTHER_SCRIPTS or (name in _BALTIC and _says_as_much(sample, LIKELIEST, name))
    return LIKELIEST if western else name


def _detected(sample: bytes, among: Sequence[str]) -> str:
    from chardet import detect  # costs 150 ms and 40 MB, and most files are UTF-8

    name = detect(sample, include_encodings=among, compat_names=False)["encoding"] or LIKELIEST
    return _LARGER.get(name, name)


def _says_as_much(sample: bytes, one: str, other: str) -> bool:
    return evidence(sample.decode(one, "replace")) >= evidence(sample.decode(other, "replace"))


def _despite_damage(lines: Sequence[bytes]) -> str | None:
    """Find the encoding of several bytes a character that most lines are in; None where all are, or few."""
    for name in _OF_SEVERAL_BYTES:
        sound = [line for line in lines if _is_in(line, name)]
        if TOLERATED * len(lines) <= len(sound) < len(lines) and _detected(b"\n".join(sound), _ALL) == name:
            return name
    return None


def _is_in(line: bytes, name: str) -> bool:
    try:
        line.decode(name)
    except UnicodeDecodeError:
        return False
    return True

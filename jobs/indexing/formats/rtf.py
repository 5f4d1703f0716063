"""Rich Text (.rtf): the text of the body, with the title and the author of its information group."""

import codecs
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.formats.dates import from_parts
from jobs.indexing.formats.properties import meaningful_name, meaningful_title
from jobs.indexing.limits import Limits

_SIGNATURE: Final = b"{\\rtf"
# A word with its number, a byte, a sign, a brace, or a run of text.
_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
)
# Pictures and programs inside, as digits: most of the bytes of such a file, and no text.
# A check sum is shorter.
_HEX: Final = re.compile(rb"(?<![0-9a-fA-F\r\n])[0-9a-fA-F\r\n]{300,}")
MAXIMUM_DEPTH: Final = 10_000  # of groups; programs write about ten

_SIGNS: Final = {b"~": "\xa0", b"-": "", b"_": "-", b"\n": "\n\n", b"\r": "\n\n"}
_WORDS: Final = {
    b"par": "\n\n",
    b"sect": "\n\n",
    b"page": "\n\n",
    b"row": "\n\n",
    b"nestrow": "\n\n",
    b"line": "\n",
    b"tab": "\t",
    b"cell": " | ",
    b"nestcell": " | ",
    b"emdash": "—",
    b"endash": "–",
    b"emspace": " ",
    b"enspace": " ",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
}
_KEPT_INFO: Final = frozenset({b"title", b"author", b"creatim"})
# Groups without text of the document. Any that begins with \* is left out as well, but for these.
_LEFT_OUT: Final = frozenset(
    b"""
fonttbl colortbl stylesheet info pict object objdata fldinst datafield themedata colorschememapping
latentstyles listtable listoverridetable rsidtbl generator xmlnstbl filetbl revtbl header headerl headerr
headerf footer footerl footerr footerf private xe tc bkmkstart bkmkend nonshppict sp pntext listtext
""".split()
)
_MEANINGFUL: Final = frozenset(
    {*_WORDS, *_LEFT_OUT, *_KEPT_INFO, *b"u uc f fcharset ansicpg mac pc pca yr mo dy hr min".split()}
)
_TEXT_AFTER_ALL: Final = frozenset({b"shppict", b"shpinst", b"annotation", b"footnote"})
_CHARSETS: Final = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip


class RichText:
    """Rich Text of any version."""

    name = "rtf"
    suffixes = frozenset({".rtf"})

    def signed(self, head: bytes) -> bool:
        """Recognise the first group."""
        return head.startswith(_SIGNATURE)

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read the body as one section.

        Raises
        ------
        Unextractable
            It does not begin as Rich Text does, or its groups are nested too deep.
        """
        if not data.startswith(_SIGNATURE):
            raise Unextractable("failed", "corrupt", "the file does not begin as Rich Text does")
        reader = _Reader(limits.characters)
        reader.read(_HEX.sub(b"", data))
        said = {name: "".join(pieces) for name, pieces in reader.info.items()}
        return Extracted(
            meaningful_title(_whole(said.get(b"title", ""))),
            (Section(_whole("".join(reader.body))),),
            meaningful_name(_whole(said.get(b"author", ""))),
            reader.created(),
        )


def _whole(text: str) -> str:
    """Join the halves of characters beyond the 16 bits that the format knows, and tidy the ends of rows."""
    text = text.replace(" | \n", "\n")  # the end of a row is an end of a cell as well
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@dataclass(frozen=True)
class _Group:
    """What holds inside one pair of braces: what it is of, its encoding, what to skip after a character."""

    target: bytes = b""  # empty: the body; a name of `_KEPT_INFO`; anything else is left out
    encoding: str = "cp1252"
    skip: int = 1
    starred: bool = False


@dataclass
class _Reader:
    characters: int
    body: list[str] = field(default_factory=list)
    info: dict[bytes, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._group = _Group()
        self._outer: list[_Group] = []
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._page = "cp1252"
        self._bytes = bytearray()
        self._skip = 0
        self._moment: dict[bytes, int] = {}

    def read(self, data: bytes) -> None:
        """Read all of a file, or as much as is wanted."""
        place = 0
        while place < len(data) and self.characters >= 0:
            place = self._tokens(data, place)
        self._flush()

    def _tokens(self, data: bytes, place: int) -> int:
        """Take in tokens up to the end, or up to bytes that are no text; give where to go on."""
        for found in _TOKEN.finditer(data, place):
            skipped = self._token(found)
            if skipped or self.characters < 0:
                return found.end() + skipped
        return len(data)

    def created(self) -> datetime | None:
        """Give the date of the information group."""
        if b"yr" not in self._moment:
            return None
        return from_parts(*(self._moment.get(part, 0) for part in (b"yr", b"mo", b"dy", b"hr", b"min")))

    def _token(self, found: re.Match[bytes]) -> int:
        """Take in one token; give how many bytes after it are no text at all."""
        word, number, byte, sign, brace, run = found.groups()
        if byte is not None:
            self._raw(bytes.fromhex(byte.decode()))
        elif run is not None:
            self._raw(run)
        elif brace is not None:
            self._brace(brace)
        elif sign is not None:
            self._sign(sign)
        else:
            return self._word(word, None if number is None else int(number))
        return 0

    def _raw(self, data: bytes) -> None:
        """Take in bytes of text, but for those that repeat a character for older programs."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._bytes += data[skipped:]

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._skip = 0
        if brace == b"{":
            self._outer.append(self._group)
            self._group = replace(self._group, starred=False)
            if len(self._outer) > MAXIMUM_DEPTH:
                raise Unextractable(
                    "failed", "corrupt", f"groups are nested more than {MAXIMUM_DEPTH:,} deep"
                )
        elif self._outer:
            self._group = self._outer.pop()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._group = replace(self._group, starred=True)
        elif sign in _SIGNS:
            self._flush()
            self._put(_SIGNS[sign])
        else:  # a backslash or a brace that is meant
            self._raw(sign)

    def _word(self, word: bytes, number: int | None) -> int:
        if word == b"bin":
            return max(0, number or 0)
        if word not in _MEANINGFUL and not self._group.starred:
            return 0  # most words say how the text looks
        self._flush()
        if self._group.starred or word in _LEFT_OUT or self._group.target:
            self._aside(word, number)
        elif word == b"u":
            self._put(chr((number or 0) & 0xFFFF))
            self._skip = self._group.skip
        elif word in _WORDS:
            self._put(_WORDS[word])
        else:
            self._set(word, number or 0)
        return 0

    def _aside(self, word: bytes, number: int | None) -> None:
        """Take in a word that begins, or stands in, a group apart from the body."""
        target = self._group.target
        if target == b"fonttbl":
            self._describe_font(word, number or 0)
        elif target == b"info" and word in _KEPT_INFO:
            target = word
        elif target == b"creatim":
            self._moment.setdefault(word, number or 0)
        elif target in _KEPT_INFO and word == b"u":
            self._put(chr((number or 0) & 0xFFFF))
            self._skip = self._group.skip
        elif not target and not (self._group.starred and word in _TEXT_AFTER_ALL):
            target = word
        self._group = replace(self._group, target=target, starred=False)

    def _describe_font(self, word: bytes, number: int) -> None:
        if word == b"f":
            self._font = number
        elif word == b"fcharset" and number in _CHARSETS:
            self._fonts[self._font] = _CHARSETS[number]

    def _set(self, word: bytes, number: int) -> None:
        """Take in a word that says how to read what follows."""
        if word == b"uc":
            self._group = replace(self._group, skip=min(max(0, number), 9))
        elif word == b"f":
            self._group = replace(self._group, encoding=self._fonts.get(number, self._page))
        elif word in (b"ansicpg", b"mac", b"pc", b"pca"):
            name = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}.get(word, f"cp{number}")
            self._page = name if _known(name) else self._page
            self._group = replace(self._group, encoding=self._page)

    def _flush(self) -> None:
        if self._bytes:
            self._put(self._bytes.decode(self._group.encoding, "replace"))
            self._bytes.clear()

    def _put(self, text: str) -> None:
        if not self._group.target:
            self.body.append(text)
            self.characters -= len(text)
        elif self._group.target in _KEPT_INFO:
            self.info.setdefault(self._group.target, []).append(text)


def _known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return encoding != "cp65001"  # not the name under which Python knows UTF-8 everywhere

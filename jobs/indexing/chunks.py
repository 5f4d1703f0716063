"""Clean text, and cut it into the passages that are searched."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jobs.indexing.formats.base import Section

# Between 400 and 4,000 characters, overlapping or not, the ranking of hits hardly changes.
CHUNK_CHARACTERS: Final = 1_200
OVERLAP_CHARACTERS: Final = (
    150  # only inside a paragraph that had to be cut, so that a sentence is found whole
)
TITLE_CHARACTERS: Final = 120

_LINE_ENDS = re.compile(r"\r\n?|\u2028|\x85")
_SPACE = re.compile(r"[^\S\n]+")
_PARAGRAPHS = re.compile(r" ?\n ?(?:\n ?)+|\u2029")
_LINE_EDGES = re.compile(r" ?\n ?")
# Characters that are not text: controls, soft hyphens, zero-width marks, halves of surrogate pairs,
# non-characters.
_NOISE = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Chunk:
    """A passage of a document, in reading order; `page` counts from 1, None where there are no pages."""

    text: str
    page: int | None


@dataclass(frozen=True)
class Passages:
    """A document ready for the index. `characters` counts the cleaned text."""

    title: str
    chunks: tuple[Chunk, ...]
    characters: int
    truncated: bool


def passages(title: str, sections: Sequence[Section], *, characters: int) -> Passages:
    """Clean a document and cut it into chunks.

    Parameters
    ----------
    title : str
        The document's own title; where it is empty the first line of the text serves.
    characters : int
        Text beyond this is left out, and `truncated` says so.
    """
    clean = [Section(normalised(section.text), section.page) for section in sections]
    clean = [section for section in clean if section.text]
    kept, count = [], 0
    for section in clean:
        kept.append(Section(section.text[: characters - count], section.page))
        count += len(kept[-1].text)
        if count >= characters:
            break
    truncated = count < sum(len(section.text) for section in clean)
    title = normalised(title).replace("\n", " ") or (kept[0].text.split("\n", 1)[0] if kept else "")
    return Passages(title[:TITLE_CHARACTERS].strip(), tuple(_chunks(kept)), count, truncated)


def normalised(text: str) -> str:
    """Give text one form: composed characters, single spaces, LF ends a line, two a paragraph."""
    text = _NOISE.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _SPACE.sub(" ", _LINE_ENDS.sub("\n", text))
    return _LINE_EDGES.sub("\n", _PARAGRAPHS.sub("\n\n", text)).strip()


def _chunks(sections: Sequence[Section]) -> Iterator[Chunk]:
    """Pack paragraphs into chunks.

    A chunk never crosses a page, and begins anew at a heading once it is half full.
    """
    packed: list[str] = []
    size, page = 0, None
    for section in sections:
        if packed and (section.page != page or size > CHUNK_CHARACTERS // 2):
            yield Chunk("\n\n".join(packed), page)
            packed, size = [], 0
        page = section.page
        for piece in _pieces(section.text):
            if packed and size + len(piece) > CHUNK_CHARACTERS:
                yield Chunk("\n\n".join(packed), page)
                packed, size = [], 0
            packed.append(piece)
            size += len(piece) + 2
    if packed:
        yield Chunk("\n\n".join(packed), page)


def _pieces(text: str) -> Iterator[str]:
    """Yield the paragraphs of a section, those that are too long cut at a sentence, a line or a space."""
    begin = 0
    while begin < len(text):
        end = text.find("\n\n", begin)
        end = len(text) if end < 0 else end
        while end - begin > CHUNK_CHARACTERS:
            cut = _cut(text, begin + CHUNK_CHARACTERS // 2, begin + CHUNK_CHARACTERS)
            yield text[begin:cut].strip()
            begin = _word_start(text, cut - OVERLAP_CHARACTERS, cut)
        if end > begin:
            yield text[begin:end].strip()
        begin = end + 2


def _cut(text: str, low: int, high: int) -> int:
    """Find the best place in [low, high) to end a piece; its offset is that of the next character."""
    best = max(text.rfind(". ", low, high), text.rfind("\n", low, high), text.rfind("。", low, high))
    if best < 0:
        best = text.rfind(" ", low, high)
    return best + 1 if best >= 0 else high


def _word_start(text: str, low: int, high: int) -> int:
    """Find where a word begins in [low, high); `low` itself in text without spaces."""
    space = text.find(" ", low, high)
    return space + 1 if 0 <= space < high - 1 else low

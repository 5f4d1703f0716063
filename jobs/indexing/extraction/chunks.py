"""Clean text, and cut it into the passages that are searched."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jobs.indexing.formats.base import Section

# Between 400 and 4,000 characters, overlapping or not, the ranking of hits hardly changes.
CHUNK_CHARACTERS: Final = 1_200
OVERLAP_CHARACTERS: Final = (
    150  # only inside a paragraph that had to be cut, so that a sentence is found whole
)
TITLE_CHARACTERS: Final = 120
LABEL_CHARACTERS: Final = 120  # a label says where, in the line above a hit

# Controls, soft hyphens, zero-width marks, halves of surrogate pairs, non-characters: they are no text.
_NOISE = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")
_WIDE_LINE_ENDS = re.compile("[\x85\u2028]")
_WIDE_SPACE = re.compile(r"[^\S\n ]")
# Any of these, which most texts are without: one look for all is cheaper than a replacement of each.
_ODD = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f\x85\xa0\xad\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000"
    "\ufeff\ud800-\udfff\ufffe\uffff]"
)
_ASCII = dict.fromkeys((*range(9), *range(14, 32), 127)) | dict.fromkeys((9, 11, 12), " ")


@dataclass(frozen=True)
class Chunk:
    """A passage of a document, in reading order, with the page and the labels of the sections that it is of.

    `overlap` counts the characters at its beginning that also end the passage before it, where a paragraph
    had to be cut: without them the passages are the text.
    """

    text: str
    page: int | None
    label: str | None = None
    overlap: int = 0


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
    clean = [replace(one, text=normalised(one.text), label=_label(one.label)) for one in sections]
    clean = [section for section in clean if section.text]
    kept, count = [], 0
    for section in clean:
        kept.append(replace(section, text=section.text[: characters - count]))
        count += len(kept[-1].text)
        if count >= characters:
            break
    truncated = count < sum(len(section.text) for section in clean)
    title = normalised(title).replace("\n", " ") or (kept[0].text.split("\n", 1)[0] if kept else "")
    return Passages(title[:TITLE_CHARACTERS].strip(), tuple(_chunks(kept)), count, truncated)


def _label(label: str | None) -> str | None:
    """Make a label fit for one line; None for an empty one."""
    return normalised(label or "").replace("\n", " ")[:LABEL_CHARACTERS].strip() or None


def normalised(text: str) -> str:
    """Give text one form: composed characters, single spaces, LF ends a line, two end a paragraph.

    Built of plain replacements, which are ten times faster than patterns: this is where most time would go.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        text = text.translate(_ASCII)
    else:
        if _ODD.search(text):
            text = _WIDE_LINE_ENDS.sub("\n", _NOISE.sub("", text).replace("\u2029", "\n\n"))
            text = _WIDE_SPACE.sub(" ", text)
        text = unicodedata.normalize("NFC", text)
    text = _shortened(text, "  ", " ").replace(" \n", "\n").replace("\n ", "\n")
    return _shortened(text, "\n\n\n", "\n\n").strip()


def _shortened(text: str, run: str, shorter: str) -> str:
    """Replace a run until none is left; each pass shortens the longest by a third at least."""
    while run in text:
        text = text.replace(run, shorter)
    return text


def _chunks(sections: Sequence[Section]) -> Iterator[Chunk]:
    """Pack paragraphs into chunks.

    A chunk never crosses a page, and begins anew at a heading once it is half full.
    """
    packed: list[str] = []
    size, first, last, overlap = 0, Section(""), Section(""), 0
    for section in sections:
        if packed and (section.page != first.page or size > CHUNK_CHARACTERS // 2):
            yield _chunk(packed, first, last, overlap)
            packed, size, overlap = [], 0, 0
        text, begin = section.text, 0
        first = first if packed else section
        while begin < len(text):
            end = _fitting(text, begin, CHUNK_CHARACTERS - size)
            if end > begin:
                packed.append(text[begin:end])
                last = section
                size += end - begin + 2
                begin = end + 2
            elif packed:
                yield _chunk(packed, first, last, overlap)
                packed, size, first, overlap = [], 0, section, 0
            else:  # a paragraph longer than a chunk
                cut = _cut(text, begin + CHUNK_CHARACTERS // 2, begin + CHUNK_CHARACTERS)
                piece = text[begin:cut].rstrip()
                yield _chunk([piece], section, section, overlap)
                end, begin = begin + len(piece), _word_start(text, cut - OVERLAP_CHARACTERS, cut)
                overlap = end - begin
    if packed:
        yield _chunk(packed, first, last, overlap)


def _chunk(paragraphs: Sequence[str], first: Section, last: Section, overlap: int) -> Chunk:
    return Chunk("\n\n".join(paragraphs), first.page, _span(first.label, last.label), overlap)


def _span(first: str | None, last: str | None) -> str | None:
    """Name the stretch from one section to another: "Arrival … Weather"."""
    if first is None or last is None or first == last:
        return first or last
    return f"{first} … {last}"


def _fitting(text: str, begin: int, room: int) -> int:
    """Find where the last paragraph ends that still fits; `begin` when none does."""
    if len(text) - begin <= room:
        return len(text)
    return max(begin, text.rfind("\n\n", begin, begin + room + 2))


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

"""Word documents (.docx): paragraphs of the body, notes and comments, straight from the XML."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from jobs.indexing.formats.archive import ZIPPED, opened, require
from jobs.indexing.formats.base import Extracted, Section
from jobs.indexing.formats.markup import Element, attribute, forget, walk
from jobs.indexing.formats.properties import OFFICE, properties_of
from jobs.indexing.formats.rows import Rows
from jobs.indexing.limits import Limits

_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH: Final = f"{_WORD}p"
_BODY: Final = "word/document.xml"
_NOTES: Final = ("word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")
_STYLES: Final = "word/styles.xml"
_CHARACTERS: Final = {
    f"{_WORD}tab": "\t",
    f"{_WORD}br": "\n",
    f"{_WORD}cr": "\n",
    f"{_WORD}noBreakHyphen": "-",
}
_HEADINGS: Final = ("heading", "title")


class WordDocument:
    """Office Open XML text documents."""

    name = "docx"
    suffixes = frozenset({".docx", ".docm", ".dotx"})

    def signed(self, head: bytes) -> bool:
        """Recognise a zip archive with a text among its first members."""
        return head.startswith(ZIPPED) and b"word/" in head

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read the paragraphs in order; a section begins at each heading, which is its label."""
        with opened(data, limits) as archive:
            require(archive, _BODY, "a Word document")
            said = properties_of(archive, "docProps/core.xml", OFFICE)
            outline = _outline(archive, limits.characters)
        sections = tuple(Section("\n\n".join(part.paragraphs), label=part.heading) for part in outline)
        title = said.title or next((part.heading for part in outline if part.heading), "")
        return Extracted(title, sections, said.author, said.created, said.language)


@dataclass
class _Part:
    heading: str | None = None
    paragraphs: list[str] = field(default_factory=list)


def _outline(archive: zipfile.ZipFile, characters: int) -> list[_Part]:
    names = set(archive.namelist())
    headings = _heading_styles(archive) if _STYLES in names else frozenset[str]()
    parts = [_Part()]
    for member in (_BODY, *(name for name in _NOTES if name in names)):
        with archive.open(member) as source:
            for is_heading, text in _paragraphs(source, headings):
                if is_heading:
                    parts.append(_Part(text.strip() or None))
                parts[-1].paragraphs.append(text)
                characters -= len(text)
                if characters < 0:
                    return parts
    return parts


def _heading_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """List the styles of headings: their ids are in the language of the program, their names in English."""
    found = set()
    with archive.open(_STYLES) as source:
        for _, style in walk(source, tags=[f"{_WORD}style"]):
            name = style.find(f"{_WORD}name")
            named = name is not None and attribute(name, f"{_WORD}val").lower().startswith(_HEADINGS)
            if named or style.find(f"{_WORD}pPr/{_WORD}outlineLvl") is not None:
                found.add(attribute(style, f"{_WORD}styleId"))
            forget(style)
    return frozenset(found)


def _paragraphs(source: IO[bytes], headings: frozenset[str]) -> Iterator[tuple[bool, str]]:
    """Yield each paragraph outside tables and each row of a table, and whether it is a heading.

    What has been read is forgotten at once: documents may be large.
    """
    fallback, rows = 0, Rows(f"{_WORD}tr", f"{_WORD}tc")
    for event, element in walk(source, ("start", "end"), [_FALLBACK, _PARAGRAPH, *rows.tags]):
        if element.tag == _FALLBACK:  # the same text box again, for older programs
            fallback += 1 if event == "start" else -1
        elif element.tag in rows.tags:
            yield from ((False, row) for row in rows.note(event, element))
        elif event == "end":
            style, text = _style(element), _text(element)
            is_heading = style in headings or style.lower().startswith(_HEADINGS)
            if not fallback and (is_heading or not rows.keep(text)):
                yield is_heading, text
            forget(element)


def _style(paragraph: Element) -> str:
    style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
    return "" if style is None else attribute(style, f"{_WORD}val")


def _text(paragraph: Element) -> str:
    pieces = []
    for element in paragraph.iter():
        if element.tag == f"{_WORD}t":
            pieces.append(element.text or "")
        elif element.tag in _CHARACTERS:
            pieces.append(_CHARACTERS[str(element.tag)])
    return "".join(pieces)

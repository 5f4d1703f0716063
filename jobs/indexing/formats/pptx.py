"""PowerPoint presentations (.pptx): slides in order, each with its tables, diagrams, charts and notes."""

import zipfile
from collections.abc import Iterator
from typing import Final

from jobs.indexing.formats.archive import ZIPPED, opened, relations, require
from jobs.indexing.formats.base import Extracted, Section
from jobs.indexing.formats.markup import Element, attribute, forget, walk
from jobs.indexing.formats.properties import OFFICE, properties_of
from jobs.indexing.formats.rows import Rows
from jobs.indexing.limits import Limits

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDES: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PRESENTATION: Final = "ppt/presentation.xml"
_ATTACHED: Final = ("diagramData", "chart", "notesSlide")  # what a slide shows, or the speaker says
# Fields that count slides or tell the day are text of the program, not of the author.
_FIELDS: Final = frozenset({f"{_DRAWING}fld"})


class Presentation:
    """Office Open XML presentations."""

    name = "pptx"
    suffixes = frozenset({".pptx", ".pptm", ".ppsx", ".potx"})

    def signed(self, head: bytes) -> bool:
        """Recognise a zip archive with a presentation among its first members."""
        return head.startswith(ZIPPED) and b"ppt/" in head

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read slide by slide; a section each, with its notes."""
        sections, characters = [], 0
        with opened(data, limits) as archive:
            require(archive, _PRESENTATION, "a presentation")
            said = properties_of(archive, "docProps/core.xml", OFFICE)
            for number, slide in enumerate(_slides(archive), start=1):
                sections.append(Section(_slide_text(archive, slide), number, f"slide {number}"))
                characters += len(sections[-1].text)
                if characters > limits.characters:
                    break
        return Extracted(said.title, tuple(sections), said.author, said.created, said.language)


def _slides(archive: zipfile.ZipFile) -> list[str]:
    """List the members that hold the slides, in the order in which they are shown."""
    targets = relations(archive, _PRESENTATION)
    with archive.open(_PRESENTATION) as source:
        ids = [attribute(slide, _RELATION) for _, slide in walk(source, tags=[f"{_SLIDES}sldId"])]
    return [targets[one][1] for one in dict.fromkeys(ids) if one in targets]


def _slide_text(archive: zipfile.ZipFile, slide: str) -> str:
    attached = relations(archive, slide).values()
    parts = [slide, *(part for kind in _ATTACHED for found, part in attached if found == kind)]
    return "\n\n".join(text for part in parts for text in _paragraphs(archive, part) if text)


def _paragraphs(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    fallback, rows = 0, Rows(f"{_DRAWING}tr", f"{_DRAWING}tc")
    with archive.open(part) as source:
        for event, element in walk(source, ("start", "end"), [_FALLBACK, f"{_DRAWING}p", *rows.tags]):
            if element.tag == _FALLBACK:  # the same shape again, for older programs
                fallback += 1 if event == "start" else -1
            elif element.tag in rows.tags:
                yield from rows.note(event, element)
            elif event == "end":
                text = _text(element).strip()
                if not fallback and not rows.keep(text):
                    yield text
                forget(element)


def _text(paragraph: Element) -> str:
    pieces = []
    for element in paragraph:
        if element.tag == f"{_DRAWING}br":
            pieces.append("\n")
        elif element.tag not in _FIELDS:
            words = element.find(f"{_DRAWING}t")
            pieces.append((words.text if words is not None else None) or "")
    return "".join(pieces)

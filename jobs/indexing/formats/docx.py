"""Word documents (.docx): paragraphs of the body, notes and comments, straight from the XML."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final, Protocol

from jobs.indexing.formats.archive import open_archive
from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.limits import Limits

_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
_BODY: Final = "word/document.xml"
_NOTES: Final = ("word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")
_CHARACTERS: Final = {
    f"{_WORD}tab": "\t",
    f"{_WORD}br": "\n",
    f"{_WORD}cr": "\n",
    f"{_WORD}noBreakHyphen": "-",
}


class _Element(Protocol):
    """As much of lxml's element as is used here: it publishes no types."""

    tag: str
    text: str | None

    def find(self, path: str, /) -> "_Element | None": ...
    def get(self, name: str, default: str, /) -> str: ...
    def iter(self) -> Iterator["_Element"]: ...


class WordDocument:
    """Office Open XML text documents."""

    name = "docx"
    suffixes = frozenset({".docx", ".docm", ".dotx"})

    def signed(self, head: bytes) -> bool:
        """Recognise a zip archive whose first member is a part of an Office document."""
        return head.startswith(b"PK\x03\x04") and head[30:49] == b"[Content_Types].xml"

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read the paragraphs in order; a section begins at each heading."""
        from lxml.etree import XMLSyntaxError  # type: ignore[import-untyped]  # it publishes no types

        try:
            with open_archive(data, limits) as archive:
                return _read(archive, limits.characters)
        except (
            XMLSyntaxError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            KeyError,
            NotImplementedError,
        ) as error:
            raise Unextractable("failed", "corrupt", f"{type(error).__name__}: {error}") from error


def _read(archive: zipfile.ZipFile, characters: int) -> Extracted:
    names = set(archive.namelist())
    if _BODY not in names:
        raise Unextractable("failed", "corrupt", f"the archive has no {_BODY}: not a Word document")
    title = _declared_title(archive) if "docProps/core.xml" in names else ""
    sections: list[list[str]] = [[]]
    for part in (_BODY, *(name for name in _NOTES if name in names)):
        for style, text in _paragraphs(archive.read(part)):
            heading = style.lower().startswith(("heading", "title"))
            if heading:
                sections.append([])
                title = title or text.strip()
            sections[-1].append(text)
            characters -= len(text)
            if characters < 0:
                break
    return Extracted(title, tuple(Section("\n\n".join(paragraphs)) for paragraphs in sections))


def _paragraphs(xml: bytes) -> Iterator[tuple[str, str]]:
    """Yield the style and text of each paragraph, forgetting it at once: documents may be large."""
    from lxml.etree import iterparse

    # Entities are never resolved: they are how an XML file reaches other files, or explodes.
    events = iterparse(io.BytesIO(xml), events=("start", "end"), resolve_entities=False, no_network=True)
    fallback = 0
    for event, element in events:
        if element.tag == _FALLBACK:  # the same text box again, for older programs
            fallback += 1 if event == "start" else -1
        elif event == "end" and element.tag == f"{_WORD}p":
            if not fallback:
                yield _style(element), _text(element)
            element.clear()


def _style(paragraph: _Element) -> str:
    style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
    return "" if style is None else str(style.get(f"{_WORD}val", ""))


def _text(paragraph: _Element) -> str:
    pieces = []
    for element in paragraph.iter():
        if element.tag == f"{_WORD}t":
            pieces.append(element.text or "")
        elif element.tag in _CHARACTERS:
            pieces.append(_CHARACTERS[element.tag])
    return "".join(pieces)


def _declared_title(archive: zipfile.ZipFile) -> str:
    from lxml.etree import iterparse

    source = io.BytesIO(archive.read("docProps/core.xml"))
    for _, element in iterparse(source, tag=_TITLE, resolve_entities=False, no_network=True):
        return (element.text or "").strip()
    return ""

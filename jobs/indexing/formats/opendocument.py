"""OpenDocument texts and presentations (.odt, .odp): paragraphs under their headings or on their slides."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final

from jobs.indexing.formats.archive import ZIPPED, opened, require
from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.formats.markup import Element, forget, mixed_text, walk
from jobs.indexing.formats.properties import OPEN_DOCUMENT, Properties, properties_of
from jobs.indexing.formats.rows import Rows
from jobs.indexing.limits import Limits

_NAMESPACES: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT: Final = f"{_NAMESPACES}text:1.0}}"
_TABLE: Final = f"{_NAMESPACES}table:1.0}}"
_PAGE: Final = f"{_NAMESPACES}drawing:1.0}}page"
_CHANGES: Final = f"{_TEXT}tracked-changes"  # what was deleted and is kept for the record
_HEADING: Final = f"{_TEXT}h"
_PARAGRAPH: Final = f"{_TEXT}p"
_CHARACTERS: Final = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_LEFT_OUT: Final = frozenset(
    {
        f"{_TEXT}note-citation",
        f"{_TEXT}ruby-text",
        f"{_TEXT}page-number",
        f"{_NAMESPACES}office:1.0}}annotation",
    }
)
CONTENT: Final = "content.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_ENCRYPTION: Final = f"{_NAMESPACES}manifest:1.0}}encryption-data"


@contextmanager
def opened_open_document(data: bytes, limits: Limits) -> Iterator[tuple[zipfile.ZipFile, Properties]]:
    """Open an OpenDocument file, and read what it says of itself.

    Raises
    ------
    Unextractable
        It is damaged, encrypted, beyond the limits, or no such document.
    """
    with opened(data, limits) as archive:
        if _MANIFEST in archive.namelist():
            with archive.open(_MANIFEST) as source:
                if any(True for _ in walk(source, tags=[_ENCRYPTION])):
                    raise Unextractable("skipped", "encrypted", "the document asks for a password")
        require(archive, CONTENT, "an OpenDocument file")
        yield archive, properties_of(archive, "meta.xml", OPEN_DOCUMENT)


def signed_as(head: bytes, kind: bytes) -> bool:
    """Recognise an OpenDocument or EPUB archive: its first member is its media type, as plain text."""
    return head.startswith(ZIPPED) and head[30:38] == b"mimetype" and kind in head[38:120]


class OpenText:
    """OpenDocument texts."""

    name = "odt"
    suffixes = frozenset({".odt", ".ott"})

    def signed(self, head: bytes) -> bool:
        """Recognise the media type."""
        return signed_as(head, b"opendocument.text")

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read the paragraphs in order; a section begins at each heading, which is its label."""
        return _read(data, limits, slides=False)


class OpenPresentation:
    """OpenDocument presentations."""

    name = "odp"
    suffixes = frozenset({".odp", ".otp"})

    def signed(self, head: bytes) -> bool:
        """Recognise the media type."""
        return signed_as(head, b"opendocument.presentation")

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read slide by slide; a section each, with its notes."""
        return _read(data, limits, slides=True)


@dataclass
class _Part:
    page: int | None = None
    label: str | None = None
    paragraphs: list[str] = field(default_factory=list)


def _read(data: bytes, limits: Limits, *, slides: bool) -> Extracted:
    with opened_open_document(data, limits) as (archive, said), archive.open(CONTENT) as source:
        parts = list(_parts(source, limits.characters, slides=slides))
    sections = tuple(Section("\n\n".join(part.paragraphs), part.page, part.label) for part in parts)
    title = said.title or ("" if slides else next((part.label for part in parts if part.label), ""))
    return Extracted(title, sections, said.author, said.created, said.language)


def _parts(source: IO[bytes], characters: int, *, slides: bool) -> Iterator[_Part]:
    part, slide = _Part(), 0
    for kind, text in _stretches(source):
        if slides and kind == "page":
            yield part
            slide += 1
            part = _Part(slide, f"slide {slide}")
        elif not slides and kind == "heading":
            yield part
            part = _Part(label=text.strip() or None)
        if text.strip():
            part.paragraphs.append(text)
        characters -= len(text)
        if characters < 0:
            break
    yield part


def _stretches(source: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Yield headings, paragraphs and rows of tables with their text, and the beginnings of slides."""
    removed, rows = 0, Rows(f"{_TABLE}table-row", f"{_TABLE}table-cell")
    for event, element in walk(source, ("start", "end"), [_CHANGES, _PAGE, _HEADING, _PARAGRAPH, *rows.tags]):
        if element.tag == _CHANGES:
            removed += 1 if event == "start" else -1
        elif element.tag == _PAGE:
            if event == "start":
                yield "page", ""
        elif element.tag in rows.tags:
            yield from (("paragraph", row) for row in rows.note(event, element))
        elif event == "end":
            kind = "heading" if element.tag == _HEADING else "paragraph"
            text = _text(element)
            if not removed and (kind == "heading" or not rows.keep(text)):
                yield kind, text
            forget(element)


def _text(paragraph: Element) -> str:
    return mixed_text(paragraph, _CHARACTERS, _LEFT_OUT)

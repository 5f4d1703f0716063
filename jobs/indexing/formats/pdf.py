"""PDF: the text of each page, by pdfium."""

from typing import Protocol

from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.formats.dates import from_pdf
from jobs.indexing.formats.properties import meaningful_name, meaningful_title
from jobs.indexing.limits import Limits

# pdfium writes this where a word was hyphenated at the end of a line.
_SOFT_HYPHENS = ("\ufffe\r\n", "\x02\r\n", "\ufffe", "\x02")


LANGUAGE_CHARACTERS = 32  # no tag is longer
# Left, bottom, right and top, beyond any page: a line that runs over the edge is not to be cut in a word.
_EVERYWHERE = (-1e6, -1e6, 1e6, 1e6)


class _Reader(Protocol):
    """pypdfium2's text page, which publishes no types."""

    def get_text_bounded(self, left: float, bottom: float, right: float, top: float) -> str: ...
    def close(self) -> None: ...


class _Page(Protocol):
    """pypdfium2's page."""

    def get_textpage(self) -> _Reader: ...
    def close(self) -> None: ...


class _Document(Protocol):
    """pypdfium2's document."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> _Page: ...
    def get_page_label(self, index: int) -> str: ...
    def get_metadata_value(self, key: str) -> str: ...


class PortableDocument:
    """PDF documents with a text layer. One that is a mere picture gives `no_text`."""

    name = "pdf"
    suffixes = frozenset({".pdf"})

    def signed(self, head: bytes) -> bool:
        """Recognise the header, which may stand anywhere in the first kilobyte."""
        return b"%PDF-" in head[:1024]

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Extract page by page, so that each section knows its page and what is printed for its number."""
        import pypdfium2

        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _explained(error) from error
        try:
            return Extracted(
                meaningful_title(document.get_metadata_value("Title")),
                _sections(document, limits.characters),
                meaningful_name(document.get_metadata_value("Author")),
                from_pdf(document.get_metadata_value("CreationDate")),
                _language(document),
            )
        except pypdfium2.PdfiumError as error:
            raise _explained(error) from error
        finally:
            document.close()


def _language(document: object) -> str:
    """Give the language that the catalogue of a PDF declares."""
    from ctypes import c_ushort

    from pypdfium2.raw import FPDFCatalog_GetLanguage

    tag = (c_ushort * LANGUAGE_CHARACTERS)()
    size = FPDFCatalog_GetLanguage(document, tag, LANGUAGE_CHARACTERS * 2)  # in bytes, with a zero at the end
    return bytes(tag)[: max(0, size - 2)].decode("utf-16-le", "replace").strip("\0")


def _sections(document: _Document, characters: int) -> tuple[Section, ...]:
    sections = []
    for index in range(len(document)):
        text = _page_text(document[index])
        sections.append(Section(text, index + 1, _label(document, index)))
        characters -= len(text)
        if characters < 0:
            break
    return tuple(sections)


def _label(document: _Document, index: int) -> str | None:
    """Give the number that a page bears ("page iv") where it is another than its place."""
    label = document.get_page_label(index).strip()
    return f"page {label}" if label not in ("", str(index + 1)) else None


def _page_text(page: _Page) -> str:
    try:
        reader = page.get_textpage()
        try:
            text = reader.get_text_bounded(*_EVERYWHERE)
        finally:
            reader.close()
    finally:
        page.close()
    for hyphen in _SOFT_HYPHENS:
        text = text.replace(hyphen, "")
    return text


def _explained(error: Exception) -> Unextractable:
    if "password" in str(error).lower() or "security" in str(error).lower():
        return Unextractable("skipped", "encrypted", "the PDF asks for a password")
    return Unextractable("failed", "corrupt", str(error))

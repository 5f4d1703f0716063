"""PDF: the text of each page, by pdfium."""

from typing import Protocol

from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.limits import Limits

# pdfium writes this where a word was hyphenated at the end of a line.
_SOFT_HYPHENS = ("\ufffe\r\n", "\x02\r\n", "\ufffe", "\x02")


class _Reader(Protocol):
    """pypdfium2's text page, which publishes no types."""

    def get_text_bounded(self) -> str: ...
    def close(self) -> None: ...


class _Page(Protocol):
    """pypdfium2's page."""

    def get_textpage(self) -> _Reader: ...
    def close(self) -> None: ...


class PortableDocument:
    """PDF documents with a text layer. One that is a mere picture gives `no_text`."""

    name = "pdf"
    suffixes = frozenset({".pdf"})

    def signed(self, head: bytes) -> bool:
        """Recognise the header, which may stand anywhere in the first kilobyte."""
        return b"%PDF-" in head[:1024]

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Extract page by page, so that each section knows its page."""
        import pypdfium2

        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _explained(error) from error
        try:
            title = document.get_metadata_value("Title").strip()
            sections, characters = [], 0
            for number in range(len(document)):
                text = _page_text(document[number])
                sections.append(Section(text, number + 1))
                characters += len(text)
                if characters > limits.characters:
                    break
            return Extracted(title, tuple(sections))
        except pypdfium2.PdfiumError as error:
            raise _explained(error) from error
        finally:
            document.close()


def _page_text(page: _Page) -> str:
    try:
        reader = page.get_textpage()
        try:
            text = reader.get_text_bounded()
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

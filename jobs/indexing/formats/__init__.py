"""The document formats that can be indexed, chosen by file name and checked against the first bytes.

A parser's library is imported by its reader when the first such file is read, so that listing the formats
costs nothing and loads no native code into the process that runs the job.
"""

from jobs.indexing.formats.base import Extracted, Format, Section, Unextractable
from jobs.indexing.formats.docx import WordDocument
from jobs.indexing.formats.epub import Book
from jobs.indexing.formats.html import WebPage
from jobs.indexing.formats.legacy import LegacyDocument
from jobs.indexing.formats.mail import Mail, Mailbox
from jobs.indexing.formats.markdown import Markdown
from jobs.indexing.formats.notebook import Notebook
from jobs.indexing.formats.opendocument import OpenPresentation, OpenText
from jobs.indexing.formats.pdf import PortableDocument
from jobs.indexing.formats.pptx import Presentation
from jobs.indexing.formats.rtf import RichText
from jobs.indexing.formats.text import PLAIN_NAMES, PlainText
from jobs.indexing.formats.workbook import Workbook

__all__ = [
    "FORMATS",
    "Extracted",
    "Format",
    "Section",
    "Unextractable",
    "format_named",
    "format_of",
    "signed_format",
]

FORMATS: tuple[Format, ...] = (
    PortableDocument(),
    WordDocument(),
    Presentation(),
    Workbook(),
    OpenText(),
    OpenPresentation(),
    Book(),
    RichText(),
    WebPage(),
    Markdown(),
    Mail(),
    Mailbox(),
    Notebook(),
    LegacyDocument(),
    PlainText(),
)

_BY_SUFFIX = {suffix: form for form in FORMATS for suffix in form.suffixes}
_BY_NAME = {form.name: form for form in FORMATS}
_PLAIN_TEXT = _BY_NAME["text"]


def format_of(path: str) -> Format | None:
    """Choose the reader for a file by its name; None for a type that is not indexed."""
    name = path.rpartition("/")[2].lower()
    stem, dot, ending = name.rpartition(".")
    if stem and dot + ending in _BY_SUFFIX:
        return _BY_SUFFIX[dot + ending]
    return _PLAIN_TEXT if name in PLAIN_NAMES else None


def format_named(name: str) -> Format:
    """Return the format called `name`."""
    return _BY_NAME[name]


def signed_format(chosen: Format, head: bytes) -> Format:
    """Return the format that the first bytes speak for, `chosen` where they say nothing.

    A PDF that is called .docx or .txt is read as what it is.
    """
    if chosen.signed(head):
        return chosen
    return next((form for form in FORMATS if form.signed(head)), chosen)

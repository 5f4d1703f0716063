"""What a document format is: the protocol that each reader follows and the values that it gives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from jobs.indexing.limits import Limits

Refusal = Literal["skipped", "failed"]


@dataclass(frozen=True)
class Section:
    """A stretch of text that belongs together: what stands under one heading, or on one page.

    Paragraphs are separated by an empty line. `page` counts pages, slides or sheets from 1; None where the
    format has none. `label` is what people call the place ("slide 3", "sheet Costs", a heading).
    """

    text: str
    page: int | None = None
    label: str | None = None


@dataclass(frozen=True)
class Extracted:
    """The text of a document in reading order, and what the document says of itself.

    `title` and `author` are empty where it names none; `created` is the date that it bears, None without one.
    `language`, as declared by the document, is a tag ("de-AT"), or empty.
    """

    title: str
    sections: tuple[Section, ...]
    author: str = ""
    created: datetime | None = None
    language: str = ""


class Unextractable(Exception):
    """A document gives no text, for a reason that its owner can understand."""

    def __init__(self, status: Refusal, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.status = status
        self.reason = reason
        self.detail = detail


class Format(Protocol):
    """Reads one kind of document. A new kind is one module with such an object and a line in the registry."""

    @property
    def name(self) -> str:
        """One lower-case word, as it appears in results ("pdf")."""

    @property
    def suffixes(self) -> frozenset[str]:
        """File name endings in lower case, with their dot."""

    def signed(self, head: bytes) -> bool:
        """Tell whether the first bytes of a file are unmistakably of this format."""

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Extract the text of a whole file; runs in an extraction process.

        Raises
        ------
        Unextractable
            The document is damaged, encrypted, beyond a limit, or not of this format.
        """

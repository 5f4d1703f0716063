"""What the full-text index gives back of a document: what it is, and the text of its passages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)  # times before it are no error, unlike for fromtimestamp

Stored = dict[str, list[Any]]


@dataclass(frozen=True)
class About:
    """A document, without its text.

    `modified_at`, in UTC, is the time of the file when this content was read, `created_at` the date that the
    document itself bears; `bytes` is the size of the file. `language` is a code of ISO 639-1, empty where
    nobody knows; `author` is empty where none is named.
    """

    id: str
    path: str
    source: str
    title: str
    author: str
    language: str
    bytes: int
    modified_at: datetime
    created_at: datetime | None


@dataclass(frozen=True)
class Passage:
    """A part of a document as the index keeps it.

    `page` counts from 1, and `label` is what people call the place ("slide 3"); None where there is none.
    `overlap` counts the characters at its beginning that also end the passage before.
    """

    text: str
    page: int | None
    label: str | None
    stemming: str
    order: int
    overlap: int


def about(stored: Stored) -> About:
    """Read what is stored of a document with any of its passages."""
    created = _first(stored, "created")
    return About(
        id=stored["doc"][0],
        path=stored["path"][0],
        source=stored["source"][0],
        title=stored["text"][0].decode(),
        author=_first(stored, "author_name") or "",
        language=_first(stored, "language") or "",
        bytes=stored["bytes"][0],
        modified_at=EPOCH + timedelta(seconds=stored["mtime"][0]),
        created_at=None if created is None else EPOCH + timedelta(seconds=created),
    )


def passage_of(stored: Stored) -> Passage:
    """Read a passage."""
    return Passage(
        text=stored["text"][1].decode(),
        page=_first(stored, "page"),
        label=_first(stored, "label"),
        stemming=stored["stemming"][0],
        order=stored["ord"][0],
        overlap=_first(stored, "overlap") or 0,
    )


def _first(stored: Stored, name: str) -> Any:
    return stored[name][0] if name in stored else None

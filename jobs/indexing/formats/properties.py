"""What a document says of itself: title, author, date, language; and which titles say nothing."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

from jobs.indexing.formats.dates import from_iso
from jobs.indexing.formats.markup import walk

_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_TERMS: Final = "{http://purl.org/dc/terms/}"
_META: Final = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"

Names = Mapping[str, Sequence[str]]  # of a property: the elements that hold it, the best first

OFFICE: Final[Names] = {
    "title": (f"{_DC}title",),
    "author": (f"{_DC}creator",),
    "created": (f"{_TERMS}created",),
    "language": (f"{_DC}language",),
}
OPEN_DOCUMENT: Final[Names] = {
    "title": (f"{_DC}title",),
    "author": (f"{_META}initial-creator", f"{_DC}creator"),
    "created": (f"{_META}creation-date", f"{_DC}date"),
    "language": (f"{_DC}language",),
}
MAXIMUM_VALUES: Final = 1_000  # a document has ten or so

# What programs put where nobody wrote a title or a name.
_EMPTY_TITLES: Final = frozenset(
    {
        "untitled",
        "untitled document",
        "untitled presentation",
        "powerpoint presentation",
        "powerpoint-präsentation",
    }
    | {
        "slide 1",
        "folie 1",
        "document",
        "document1",
        "dokument1",
        "presentation1",
        "no slide title",
        "unknown",
    }
    | {"(untitled)", "(anonymous)", "anonymous", "unspecified", "title", "book1", "mappe1", "new document"}
)
_PROGRAM_PREFIXES: Final = ("microsoft word - ", "microsoft powerpoint - ", "microsoft excel - ")


@dataclass(frozen=True)
class Properties:
    """Title, author and language are empty where the document names none."""

    title: str = ""
    author: str = ""
    created: datetime | None = None
    language: str = ""


def properties_of(archive: zipfile.ZipFile, part: str, names: Names) -> Properties:
    """Read the properties that a part of a zipped document holds; none where it has no such part."""
    if part not in archive.namelist():
        return Properties()
    with archive.open(part) as source:
        return read_properties(source, names)


def read_properties(source: IO[bytes], names: Names) -> Properties:
    """Read properties from XML.

    Raises
    ------
    SyntaxError
        It is not well-formed.
    """
    wanted = {tag for tags in names.values() for tag in tags}
    values: dict[str, list[str]] = {}
    for _, element in walk(source, tags=sorted(wanted)):
        text = " ".join((element.text or "").split())
        if text and len(values) < MAXIMUM_VALUES:
            values.setdefault(str(element.tag), []).append(text)
    found = {name: _best(values, tags) for name, tags in names.items()}
    return Properties(
        title=meaningful_title("".join(found.get("title", [])[:1])),
        author=meaningful_name(", ".join(dict.fromkeys(found.get("author", [])))),
        created=from_iso("".join(found.get("created", [])[:1])),
        language="".join(found.get("language", [])[:1]),
    )


def _best(values: Mapping[str, list[str]], tags: Sequence[str]) -> list[str]:
    return next((values[tag] for tag in tags if tag in values), [])


def meaningful_title(title: str) -> str:
    """Give a title without what programs put before it; empty when it is a program's stand-in for none."""
    title = " ".join(title.split())
    for prefix in _PROGRAM_PREFIXES:
        if title.lower().startswith(prefix):
            title = title[len(prefix) :]
    return "" if title.lower() in _EMPTY_TITLES else title


def meaningful_name(name: str) -> str:
    """Give an author's name; empty when it is a program's stand-in for none."""
    name = " ".join(name.split())
    return "" if name.lower() in _EMPTY_TITLES | {"user", "administrator", "python-docx", "author"} else name

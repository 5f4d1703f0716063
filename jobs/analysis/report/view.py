"""A report as a reader goes through it: sections of blocks, with no word of how they are written down.

Text is as the data and the user have it, never escaped: that is for whoever renders it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Cell:
    """A piece of a table: what is shown and, where that is rounded or cut, what it stands for."""

    text: str
    exact: str | None = None  # a number in full precision, an interval as "[low, high]"
    full: str | None = None  # a text that was cut
    code: bool = False  # to be copied as it is


@dataclass(frozen=True)
class Head:
    """The head of a table's column."""

    text: str
    numeric: bool = False  # aligned by the last digit


@dataclass(frozen=True)
class Paragraph:
    """Running text; `kind` says what part it plays."""

    text: str
    kind: Literal["plain", "headline", "apa", "note"] = "plain"


@dataclass(frozen=True)
class Bullets:
    """Short texts, one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Pairs:
    """What something is called, and what it is."""

    items: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Table:
    """A table whose first column names its rows; every row has as many cells as there are heads."""

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A figure, which says itself what it shows, and its files, relative to the project folder."""

    alt: str
    files: Mapping[str, str]
    data: str


Block = Paragraph | Bullets | Pairs | Table | Figure


@dataclass(frozen=True)
class Section:
    """Blocks under one heading; `id` can stand in an address."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """All of a report. `about` says in one line what was analysed."""

    title: str
    about: str
    sections: tuple[Section, ...]

"""XML inside zipped documents, read as a stream: no entity is resolved, nothing fetched, depth bounded."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import IO, Final, Literal, Protocol

from jobs.indexing.formats.base import Unextractable

LONGEST_TEXT: Final = 10_000_000  # between two marks; the parser's own bound
# Of the parser's messages on what goes beyond its bounds.
_MULTIPLIES: Final = ("amplification", "entity reference loop")
_NESTED: Final = ("depth",)
_LONG: Final = ("too long", "too big", "limit exceeded")

Event = Literal["start", "end"]


class _Element(Protocol):
    """As much of lxml's element as is used here: it publishes no types. A comment's `tag` is no text."""

    tag: object
    text: str | None
    tail: str | None

    def find(self, path: str, /) -> "_Element | None": ...
    def get(self, name: str, /) -> str | None: ...
    def getparent(self) -> "_Element | None": ...
    def getprevious(self) -> "_Element | None": ...
    def iter(self) -> Iterator["_Element"]: ...
    def __iter__(self) -> Iterator["_Element"]: ...
    def __delitem__(self, place: int, /) -> None: ...
    def clear(self, *, keep_tail: bool) -> None: ...


Element = _Element


def walk(
    source: IO[bytes], events: Sequence[Event] = ("end",), tags: Sequence[str] | None = None
) -> Iterator[tuple[Event, Element]]:
    """Yield the elements of an XML document as they begin or end.

    The parser refuses by itself more than 2,048 levels (256 in older versions), texts of more than 10 MB, and
    entities that multiply; those that reach for other files stay unresolved.

    Raises
    ------
    SyntaxError
        It is not well-formed, or beyond these bounds.
    """
    from lxml.etree import iterparse  # type: ignore[import-untyped]  # it publishes no types

    return iterparse(  # type: ignore[no-any-return]
        source,
        events=events,
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )


def refused(error: SyntaxError) -> Unextractable:
    """Tell in words for people why a document of XML is not read: too much of something, or damage."""
    said = (error.msg or "").lower()
    if any(words in said for words in _MULTIPLIES):
        detail = "it holds text that multiplies when it is unfolded"
        return Unextractable("skipped", "archive_expands_too_much", detail)
    if any(words in said for words in _NESTED):
        return Unextractable("failed", "corrupt", "its parts are nested deeper than any program writes them")
    if any(words in said for words in _LONG):
        return too_long()
    return Unextractable("failed", "corrupt", f"{type(error).__name__}: {error}")


def too_long() -> Unextractable:
    """Refuse a document for one text beyond `LONGEST_TEXT`."""
    detail = f"a single piece of text in it is longer than {LONGEST_TEXT:,} characters"
    return Unextractable("skipped", "too_large", detail)


def attribute(element: Element, name: str) -> str:
    """Give an attribute of an element; empty where it has none."""
    return element.get(name) or ""


def forget(element: Element) -> None:
    """Free what has been read: the inside of an element, and the elements before it."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def mixed_text(element: Element, characters: Mapping[str, str], left_out: Container[object]) -> str:
    """Give the text of an element and of all inside it, in reading order.

    Parameters
    ----------
    characters : mapping
        Elements that stand for characters (a tab, a line end).
    left_out : container of tags
        Elements whose text is not part of the sentence (the number of a footnote).
    """
    from lxml.etree import iterwalk

    pieces = []
    steps = iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, step in steps:
        if event == "start":
            if step.tag in left_out:
                steps.skip_subtree()
            else:
                pieces.append(characters.get(step.tag, step.text or ""))
        elif step is not element:
            pieces.append(step.tail or "")
    return "".join(pieces)

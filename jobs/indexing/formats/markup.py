"""XML inside zipped documents, read as a stream: no entity is resolved, nothing fetched, depth bounded."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import IO, Literal, Protocol

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

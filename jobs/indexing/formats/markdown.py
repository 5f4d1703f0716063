"""Markdown: the words without the marks, one section a heading."""

import re
from itertools import pairwise

from jobs.indexing.formats.base import Extracted, Section
from jobs.indexing.formats.dates import from_iso
from jobs.indexing.formats.encoding import decode
from jobs.indexing.limits import Limits

# Each pattern is linear in the length of the text: no nested repetition, bounded gaps.
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FRONT_FIELD = re.compile(
    r"^(title|author|authors|date|lang|language):[ \t]*([^\n]*)((?:\n[ \t]*- [^\n]*)*)", re.M
)
_FENCED = re.compile(r"^(```|~~~)", re.MULTILINE)
_UNDERLINED = re.compile(r"^([^\n]{1,300})\n(=+|-+)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+([^\n]{1,1000})$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,1000})\]\([^()\n]{0,2000}\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,500}>")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3})(?=\S)|(?<=\S)(\*{1,3}|_{1,3})(?!\w)")
_CODE = re.compile(r"`+")


class Markdown:
    """Markdown documents; the title is that of the front matter, else the first heading."""

    name = "markdown"
    suffixes = frozenset({".md", ".markdown", ".mdown", ".mkd"})

    def signed(self, head: bytes) -> bool:  # noqa: ARG002 - Markdown has no signature; the protocol asks
        """Markdown cannot be told by its first bytes."""
        return False

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Decode the file, take the marks away and cut it at its headings."""
        text = decode(data, limits.characters).removeprefix("\ufeff").replace("\r\n", "\n")
        said: dict[str, str] = {}
        if front := _FRONT_MATTER.match(text):
            said, text = _fields(front[1]), text[front.end() :]
        sections = cut_at_headings(text)
        title = said.get("title") or next((part.label for part in sections if part.label), "")
        return Extracted(
            title,
            sections,
            said.get("author") or said.get("authors", ""),
            from_iso(said.get("date", "")),
            said.get("lang") or said.get("language", ""),
        )


def _fields(front: str) -> dict[str, str]:
    """Read the fields of a front matter that matter here: a text, a list in brackets, or one a line."""
    said = {}
    for name, value, items in _FRONT_FIELD.findall(front):
        listed = re.findall(r"- ([^\n]*)", items) or value.strip().removeprefix("[").removesuffix("]").split(
            ","
        )
        plain = [value] if name in ("title", "date") else listed
        said[name] = ", ".join(part for part in (one.strip().strip("\"'") for one in plain) if part)
    return said


def cut_at_headings(text: str) -> tuple[Section, ...]:
    """Cut Markdown into a section a heading, which is its label, and take the marks away."""
    text = _UNDERLINED.sub(r"# \1", text)
    headings = {found.start(): found[1] for found in _HEADING.finditer(_without_code(text))}
    borders = sorted({0, *headings, len(text)})
    return tuple(
        Section(_plain(text[a:b]), label=_plain(headings[a]).strip(" #") or None if a in headings else None)
        for a, b in pairwise(borders)
    )


def _without_code(text: str) -> str:
    """Blank the lines of fenced code, so that a comment in a script is not taken for a heading."""
    if not _FENCED.search(text):
        return text
    lines, inside = [], False
    for line in text.split("\n"):
        fence = line.startswith(("```", "~~~"))
        lines.append(" " * len(line) if inside or fence else line)
        inside ^= fence
    return "\n".join(lines)


def _without_comments(text: str) -> str:
    """Take comments out; one that is not closed is text."""
    pieces, place = [], 0
    while (begin := text.find("<!--", place)) >= 0 and (end := text.find("-->", begin)) >= 0:
        pieces.append(text[place:begin])
        place = end + len("-->")
    return "".join((*pieces, text[place:]))


def _plain(text: str) -> str:
    text = _without_comments(text)
    for pattern, replacement in (
        (_LINK, r"\1"),
        (_HEADING, r"\1\n"),
        (_TAG, " "),
        (_EMPHASIS, ""),
        (_CODE, ""),
    ):
        text = pattern.sub(replacement, text)
    return text

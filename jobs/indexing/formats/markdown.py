"""Markdown: the words without the marks, one section a heading."""

import re
from itertools import pairwise

from jobs.indexing.formats.base import Extracted, Section
from jobs.indexing.formats.encoding import decode
from jobs.indexing.limits import Limits

# Each pattern is linear in the length of the text: no nested repetition, bounded gaps.
_FRONT_MATTER = re.compile(r"\A---\n(.{0,20000}?)\n---\n", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?([^\n\"']+)", re.MULTILINE)
_FENCED = re.compile(r"^(```|~~~)", re.MULTILINE)
_UNDERLINED = re.compile(r"^([^\n]{1,300})\n(=+|-+)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+([^\n]{1,1000})$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,1000})\]\([^()\n]{0,2000}\)")
_COMMENT = re.compile(r"<!--.{0,20000}?-->", re.DOTALL)
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
        text = decode(data, limits.characters).replace("\r\n", "\n")
        title = ""
        if front := _FRONT_MATTER.match(text):
            found = _FRONT_TITLE.search(front[1])
            title, text = found[1].strip() if found else "", text[front.end() :]
        text = _UNDERLINED.sub(r"# \1", text)
        headings = list(_HEADING.finditer(_without_code(text)))
        if not title and headings:
            title = _plain(headings[0][1]).strip(" #")
        borders = sorted({0, *(found.start() for found in headings), len(text)})
        return Extracted(title, tuple(Section(_plain(text[a:b])) for a, b in pairwise(borders)))


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


def _plain(text: str) -> str:
    for pattern, replacement in (
        (_COMMENT, ""),
        (_LINK, r"\1"),
        (_HEADING, r"\1\n"),
        (_TAG, " "),
        (_EMPHASIS, ""),
        (_CODE, ""),
    ):
        text = pattern.sub(replacement, text)
    return text

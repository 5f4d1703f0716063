"""Web pages: the main content without menus, scripts and styles."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.formats.dates import from_iso, from_mail
from jobs.indexing.formats.encoding import decode, decode_declared
from jobs.indexing.limits import Limits

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

# The parser needs quadratic time in the depth (20,000: half a second; 300,000: minutes), real pages stay
# under 200.
MAXIMUM_DEPTH: Final = 5_000
TAGS_WORTH_COUNTING: Final = MAXIMUM_DEPTH

# White space for HTML, so that a mark may stand anywhere, tables included, and survive until the text is
# taken.
BLOCK: Final = "\f"
HEADING: Final = (
    "\x1e"  # not white space for HTML; headings are hardly ever found between the cells of a table
)

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})"
    rb"|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
# In XML an empty element ends itself; for HTML it would swallow the rest of the page.
_NEVER_EMPTY = re.compile(
    r"<(title|script|style|textarea|iframe|noscript|a|p|div|span)(\s[^<>]{0,1000})?", re.IGNORECASE
)
_XHTML = ("<?xml", "http://www.w3.org/1999/xhtml")


def _any_case(pattern: str) -> re.Pattern[str]:
    """Match the letters of a pattern in both cases: sets of two are tried three times as fast as the flag."""
    both = re.sub(r"(?<!\\)[a-z]", lambda letter: f"[{letter[0]}{letter[0].upper()}]", pattern)
    return re.compile(both, re.ASCII)


_HEADINGS = _any_case(r"<(?=h[1-6][\s>])")
# Sorted by their beginnings, so that few are tried at each tag.
_BLOCKS = _any_case(
    r"<(?=/?(?:p(?:re)?|d(?:iv|l|t|d|etails)|li|(?:u|o)l|t(?:able|r)|h(?:[1-6]|r)|b(?:r|lockquote)|main"
    r"|s(?:ection|ummary)|a(?:rticle|side|ddress)|f(?:igure|igcaption|orm|ieldset))[\s/>])"
)
_CELLS = _any_case(r"<(?=t(?:d|h)[\s>])")
# All but those that are empty, or closed by the next of their kind: these are never deep.
_DEEP = _any_case(
    r"<(/?)(?!(?:area|b(?:ase|r)|col|d(?:d|t)|embed|hr|i(?:mg|nput)|li(?:nk)?|meta|opt(?:ion|group)|p(?:aram)?"
    r"|source|t(?:body|d|foot|h|head|r|rack)|wbr)(?![^\W_]))[^\W\d_]"
)
# An element of XML that ends itself, its attributes all in quotes: what else ends in "/>" may not for HTML.
_ENDED = re.compile(
    r"""<[^\W\d_][\w-]{0,30}(?:\s+[\w:.-]{1,100}\s*=\s*(?:"[^"<>]*+"|'[^'<>]*+')){0,100}\s*/>""", re.ASCII
)
_TAG = re.compile(r"<(/?)([^\W\d_][\w-]{0,30})", re.ASCII)
_TITLES: Final = frozenset({"title", "desc"})
_DRAWN: Final = frozenset(
    {"a", "circle", "clippath", "defs", "ellipse", "g", "line", "lineargradient", "marker", "mask", "path"}
    | {"pattern", "polygon", "polyline", "radialgradient", "rect", "stop", "style", "symbol", "text"}
    | {"textpath", "tspan", "use"}
)
_NOT_CONTENT = ["script", "style", "template", "noscript", "nav", "header", "footer", "svg"]


class WebPage:
    """HTML and XHTML pages."""

    name = "html"
    suffixes = frozenset({".html", ".htm", ".xhtml"})

    def signed(self, head: bytes) -> bool:
        """Recognise a doctype or an html element at the very beginning."""
        return head[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Parse the page and take the text of its main content, one section a heading."""
        return read_page(_decode(data, limits.characters))


def read_page(source: str) -> Extracted:
    """Read a page that is decoded already.

    Raises
    ------
    Unextractable
        Its elements are nested too deep (`html_too_deep`).
    """
    from selectolax.lexbor import LexborHTMLParser

    if any(mark in source[:1000] for mark in _XHTML):
        source = _closed(source)
    _refuse_depth(source)
    source = _CELLS.sub(" <", _BLOCKS.sub(BLOCK + "<", _HEADINGS.sub(HEADING + "<", _unmarked(source))))
    page = LexborHTMLParser(source)
    said = _Said(page)
    text = _content(page)
    for space in "\t\r\n\xa0":  # line ends of the source mean nothing; four replacements beat one translation
        text = text.replace(space, " ")
    first, *others = text.split(HEADING)
    sections = (_section(first, None), *(_section(part, _label(part)) for part in others))
    return Extracted(said.title, sections, said.author, said.created, said.language)


def _closed(source: str) -> str:
    """Close the elements that end themselves in XML."""
    pieces = source.split("/>")
    for number, piece in enumerate(pieces[:-1]):
        element = _NEVER_EMPTY.fullmatch(piece[max(0, piece.rfind("<")) :])
        pieces[number] += f"></{element[1]}>" if element else "/>"
    return "".join(pieces)


def _section(text: str, label: str | None) -> Section:
    blocks = (block.strip() for block in text.split(BLOCK))
    return Section("\n\n".join([block for block in blocks if block]), label=label)


def _label(text: str) -> str | None:
    return " ".join(text.lstrip(" " + BLOCK).partition(BLOCK)[0].split()) or None


def _decode(data: bytes, characters: int) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = (declared[1] or declared[2]).decode("ascii", "replace")
        text = decode_declared(data, name)  # a wrong declaration is common: then look at the bytes
        if text is not None:
            return text
    return decode(data, characters)


def _refuse_depth(source: str) -> None:
    """Refuse a page whose elements are nested deeper than the parser can bear.

    Raises
    ------
    Unextractable
        With the reason `html_too_deep`.
    """
    if source.count("<") < TAGS_WORTH_COUNTING:
        return
    steps = (-1 if closing else 1 for closing in _DEEP.findall(source))
    if _deepest(steps) > MAXIMUM_DEPTH and _deepest(_steps_with_drawings(source)) > MAXIMUM_DEPTH:
        raise Unextractable(
            "skipped", "html_too_deep", f"elements are nested more than {MAXIMUM_DEPTH:,} deep"
        )


def _deepest(steps: Iterable[int]) -> int:
    """Return the greatest depth that is reached; it never falls below 0."""
    depth = deepest = 0
    for step in steps:
        depth = max(0, depth + step)
        deepest = max(deepest, depth)
    return deepest


def _steps_with_drawings(source: str) -> Iterator[int]:
    """Yield how the depth changes at each tag, where shapes of a drawing may end themselves.

    HTML ignores the `/` of `<path .../>` but inside `<svg>`. A tag that no drawing has ends the drawing for
    the parser too, and the words of a title in it are HTML again.
    """
    drawing = paused = False
    for tag in _TAG.finditer(source):
        closing, name = bool(tag[1]), tag[2].lower()
        if name == "svg":
            drawing, paused = not closing, False
        elif name in _TITLES:
            drawing, paused = paused and closing, drawing and not closing
        elif name not in _DRAWN:
            drawing = paused = False
        if _DEEP.match(source, tag.start()) and not (drawing and _ENDED.match(source, tag.start())):
            yield -1 if closing else 1


def _content(page: "LexborHTMLParser") -> str:
    page.strip_tags(_NOT_CONTENT)
    main = page.css_first("main, [role=main], article") or page.body
    return main.text() if main else ""


class _Said:
    """What a page says of itself in its head."""

    def __init__(self, page: "LexborHTMLParser") -> None:
        self._meta = _meta(page)
        head = page.css_first("title")
        self.title = _line(head.text()) if head else ""
        self.title = self.title or self._first("og:title", "dc.title", "dcterms.title")
        self.author = self._first(
            "author", "dc.creator", "dcterms.creator", "citation_author", "article:author"
        )
        if self.author.startswith(("http:", "https:")):  # the address of a profile is no name
            self.author = ""
        self.created = self._date() or _marked_time(page)
        self.language = _language(page) or self._first("content-language", "dc.language")

    def _first(self, *names: str) -> str:
        return next((self._meta[name] for name in names if name in self._meta), "")

    def _date(self) -> datetime | None:
        found = (_date(self._meta[name]) for name in _DATES if name in self._meta)
        return next((moment for moment in found if moment), None)


_DATES: Final = (
    "article:published_time",
    "datepublished",
    "citation_publication_date",
    "citation_date",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "dc.date.issued",
    "dc.date",
    "pubdate",
    "date",
    "article:modified_time",
    "last-modified",
)
_MAXIMUM_META: Final = 200


def _meta(page: "LexborHTMLParser") -> dict[str, str]:
    """Give what the page's meta elements say, by name in lower case; the first of a name counts."""
    said: dict[str, str] = {}
    for element in page.css("meta")[:_MAXIMUM_META]:
        fields = element.attributes
        name = (
            fields.get("name") or fields.get("property") or fields.get("itemprop") or fields.get("http-equiv")
        )
        content = _line(fields.get("content") or "")
        if name and content:
            said.setdefault(name.lower(), content)
    return said


def _marked_time(page: "LexborHTMLParser") -> datetime | None:
    element = page.css_first("time[datetime]")
    return _date(element.attributes.get("datetime") or "") if element else None


def _date(text: str) -> datetime | None:
    return from_iso(text) or from_mail(text)


def _language(page: "LexborHTMLParser") -> str:
    root = page.css_first("html")
    fields = root.attributes if root else {}
    return (fields.get("lang") or fields.get("xml:lang") or "").strip()


def _line(text: str) -> str:
    return " ".join(_unmarked(text).split())


def _unmarked(text: str) -> str:
    return text.replace(BLOCK, " ").replace(HEADING, " ")

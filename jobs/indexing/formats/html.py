"""Web pages: the main content without menus, scripts and styles."""

import re
from typing import Final

from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.formats.encoding import decode
from jobs.indexing.limits import Limits

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

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_HEADINGS = re.compile(r"<(?=h[1-6][\s>])", re.IGNORECASE)
_BLOCKS = re.compile(
    r"<(?=/?(?:p|div|section|article|main|aside|ul|ol|li|dl|dt|dd|table|tr|pre|blockquote|figure|figcaption|h[1-6]"
    r"|form|fieldset|address|details|summary|br|hr)[\s/>])",
    re.IGNORECASE,
)
_CELLS = re.compile(r"<(?=t[dh][\s>])", re.IGNORECASE)
_SPACE = str.maketrans("\t\r\n\xa0", "    ")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_SHALLOW_TAGS = """
area base br col embed hr img input link meta param source track wbr
p li dt dd td th tr thead tbody tfoot option optgroup
"""
_NEVER_DEEP = frozenset(_SHALLOW_TAGS.split())  # empty, or closed by the next of their kind
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
        source = _decode(data, limits.characters)
        _refuse_depth(source)
        title, text = _content(source)
        text = text.translate(_SPACE).replace(BLOCK, "\n\n")  # line ends of the source mean nothing
        return Extracted(title, tuple(Section(part) for part in text.split(HEADING)))


def _decode(data: bytes, characters: int) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = declared[1].decode("ascii", "replace").lower()
        name = {"iso-8859-1": "cp1252", "latin1": "cp1252"}.get(name, name)  # as browsers read it
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass  # a wrong declaration is common; look at the bytes
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
    depth = 0
    for found in _TAG.finditer(source):
        if found[2].lower() in _NEVER_DEEP:
            continue
        depth = max(0, depth + (-1 if found[1] else 1))
        if depth > MAXIMUM_DEPTH:
            raise Unextractable(
                "skipped", "html_too_deep", f"elements are nested more than {MAXIMUM_DEPTH:,} deep"
            )


def _content(source: str) -> tuple[str, str]:
    from selectolax.lexbor import LexborHTMLParser

    source = _CELLS.sub(" <", _BLOCKS.sub(BLOCK + "<", _HEADINGS.sub(HEADING + "<", _unmarked(source))))
    page = LexborHTMLParser(source)
    head = page.css_first("title")
    title = _unmarked(head.text()) if head else ""
    page.strip_tags(_NOT_CONTENT)
    main = page.css_first("main, [role=main], article") or page.body
    return " ".join(title.split()), main.text() if main else ""


def _unmarked(text: str) -> str:
    return text.replace(BLOCK, " ").replace(HEADING, " ")

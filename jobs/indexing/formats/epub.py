"""Books (.epub): chapters in the order of reading, each under its title in the table of contents."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from jobs.indexing.formats.archive import member, opened, require
from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.formats.html import WebPage
from jobs.indexing.formats.markup import attribute, mixed_text, walk
from jobs.indexing.formats.opendocument import signed_as
from jobs.indexing.formats.properties import Names, properties_of
from jobs.indexing.limits import Limits

_CONTAINER: Final = "META-INF/container.xml"
_ENCRYPTION: Final = "META-INF/encryption.xml"
_ROOT_FILE: Final = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_CIPHERED: Final = "{http://www.w3.org/2001/04/xmlenc#}CipherReference"
_OPF: Final = "{http://www.idpf.org/2007/opf}"
_NCX: Final = "{http://www.daisy.org/z3986/2005/ncx/}"
_XHTML: Final = "{http://www.w3.org/1999/xhtml}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_NAMES: Final[Names] = {
    "title": (f"{_DC}title",),
    "author": (f"{_DC}creator",),
    "created": (f"{_DC}date",),
    "language": (f"{_DC}language",),
}
_PAGES: Final = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


class Book:
    """EPUB books, versions 2 and 3."""

    name = "epub"
    suffixes = frozenset({".epub"})

    def signed(self, head: bytes) -> bool:
        """Recognise the media type."""
        return signed_as(head, b"epub+zip")

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read chapter by chapter; each is labelled with its title."""
        with opened(data, limits) as archive:
            package = _package(archive)
            said = properties_of(archive, package, _NAMES)
            contents = _contents(archive, package)
            _refuse_encrypted(archive, contents.chapters)
            sections = tuple(_sections(archive, contents, limits))
        return Extracted(said.title, sections, said.author, said.created, said.language)


@dataclass(frozen=True)
class _Contents:
    """The members that hold the chapters, in order, and their titles in the table of contents."""

    chapters: tuple[str, ...]
    titles: dict[str, str]


def _package(archive: zipfile.ZipFile) -> str:
    """Find the description of the book."""
    require(archive, _CONTAINER, "a book")
    with archive.open(_CONTAINER) as source:
        paths = [
            member("", unquote(attribute(one, "full-path"))) for _, one in walk(source, tags=[_ROOT_FILE])
        ]
    package = next((path for path in paths if path in archive.namelist()), "")
    require(archive, package, "a book")
    return package


def _contents(archive: zipfile.ZipFile, package: str) -> _Contents:
    folder, names = package.rpartition("/")[0], set(archive.namelist())
    items: dict[str, tuple[str, str, str]] = {}
    order: list[str] = []
    with archive.open(package) as source:
        for _, element in walk(source, tags=[f"{_OPF}item", f"{_OPF}itemref"]):
            if element.tag == f"{_OPF}itemref":
                order.append(attribute(element, "idref"))
            else:
                target = member(folder, unquote(attribute(element, "href")))
                items[attribute(element, "id")] = (
                    target,
                    attribute(element, "media-type"),
                    attribute(element, "properties"),
                )
    chapters = [items[one][0] for one in dict.fromkeys(order) if one in items and items[one][1] in _PAGES]
    titles: dict[str, str] = {}
    for target, kind, properties in items.values():
        if target in names and "nav" in properties.split():
            titles = {**titles, **_titles(archive, target, f"{_XHTML}a", f"{_XHTML}a", "href")}
        elif target in names and kind == "application/x-dtbncx+xml":
            titles = {**_titles(archive, target, f"{_NCX}text", f"{_NCX}content", "src"), **titles}
    return _Contents(tuple(one for one in chapters if one in names), titles)


def _titles(archive: zipfile.ZipFile, part: str, words: str, link: str, address: str) -> dict[str, str]:
    """Read a table of contents: of each member the first title that is given for it.

    Parameters
    ----------
    words, link : tag
        The element that holds a title, and the one, at its end or after it, that says where the chapter is.
    address : str
        The attribute of `link` that does so.
    """
    folder, titles, title = part.rpartition("/")[0], dict[str, str](), ""
    with archive.open(part) as source:
        for _, element in walk(source, tags=list({words, link})):
            if element.tag == words:
                title = " ".join(mixed_text(element, {}, ()).split())
            if element.tag == link and title:
                target = member(folder, unquote(attribute(element, address).partition("#")[0]))
                titles.setdefault(target, title)
    return titles


def _refuse_encrypted(archive: zipfile.ZipFile, chapters: tuple[str, ...]) -> None:
    """Refuse a book whose text is encrypted. Many encrypt, that is scramble, nothing but their fonts."""
    if _ENCRYPTION in archive.namelist():
        with archive.open(_ENCRYPTION) as source:
            hidden = {member("", unquote(attribute(one, "URI"))) for _, one in walk(source, tags=[_CIPHERED])}
        if not hidden.isdisjoint(chapters):
            raise Unextractable("skipped", "encrypted", "the book is protected: only its reader can open it")


def _sections(archive: zipfile.ZipFile, contents: _Contents, limits: Limits) -> Iterator[Section]:
    characters = 0
    for chapter in dict.fromkeys(contents.chapters):
        page = WebPage().read(archive.read(chapter), limits)
        title = contents.titles.get(chapter)
        for section in page.sections:
            yield replace(section, label=title or section.label)
            characters += len(section.text)
        if characters > limits.characters:
            break

"""Questions whose answer is known: titles of pages, and the words of links that lead to them."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from posixpath import normpath
from typing import Final
from urllib.parse import unquote, urlsplit

FEWEST_WORDS, MOST_WORDS = 2, 12
MOST_LINKS: Final = 150  # a page with more is a register, whose words nobody types
_TITLE: Final = re.compile(r"<title[^>]*>([^<]{3,300})</title>", re.IGNORECASE)
_LINK: Final = re.compile(
    r"<a\s[^>]{0,300}?href=[\"']([^\"'#?]{1,300})[^>]{0,300}>(.{3,300}?)</a>", re.I | re.S
)
_WORD: Final = re.compile(r"\w+")
_TAG: Final = re.compile(r"<[^>]{0,500}>")
_SITE: Final = re.compile(r"\s(?:[-—–|]|::)\s")  # parts of a title; the page's own is the longest


@dataclass(frozen=True)
class Item:
    """Words that somebody may type, and the path of the page that is meant.

    `kind` is title or link. `linking` are the pages that have the link, which hold these very words: they are
    no wrong answers, and no right ones.
    """

    kind: str
    words: str
    path: str
    linking: frozenset[str] = frozenset()

    @property
    def unseen(self) -> bool:
        """Whether it belongs to the half that is kept for the end."""
        return hashlib.sha256(self.words.encode()).digest()[0] % 2 == 1


def items(files: Path, most: int) -> list[Item]:
    """Make at most `most` questions of each kind from the web pages below a folder, the same at every run."""
    found = [path for path in sorted(files.rglob("*.html")) if path.is_file()]
    pages = {path.relative_to(files).as_posix(): path.read_bytes() for path in found}
    once = _single(pages)
    texts = {path: data.decode("utf-8", "replace") for path, data in pages.items()}
    titles = {path: _own_title(text) for path, text in texts.items()}
    meant: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path, title in titles.items():
        meant["title", title].add(path)
    linking: dict[str, set[str]] = defaultdict(set)
    for path, text in texts.items():
        links = list(_links(path, text))
        for target, words in links if len(links) <= MOST_LINKS else ():
            if target in texts and words != titles[target]:
                meant["link", words].add(target)
                linking[words].add(path)
    known = [
        Item(kind, words, next(iter(paths)), frozenset(linking[words] - paths if kind == "link" else ()))
        for (kind, words), paths in meant.items()
        if len(paths) == 1 and paths <= once and FEWEST_WORDS <= len(_WORD.findall(words)) <= MOST_WORDS
    ]
    known.sort(key=lambda item: hashlib.sha256(f"{item.kind} {item.words}".encode()).digest())
    kinds = ([item for item in known if item.kind == kind] for kind in ("title", "link"))
    return [item for kind in kinds for item in kind[:most]]


def _single(pages: dict[str, bytes]) -> set[str]:
    """Leave out pages that are there twice: either could be found."""
    holders = defaultdict(list)
    for path, data in pages.items():
        holders[hashlib.sha256(data).digest()].append(path)
    return {paths[0] for paths in holders.values() if len(paths) == 1}


def _own_title(text: str) -> str:
    found = _TITLE.search(text)
    return max(_SITE.split(_plain(found[1])), key=len).lower() if found else ""


def _links(path: str, text: str) -> Iterator[tuple[str, str]]:
    for link in _LINK.finditer(text):
        address = urlsplit(unescape(link[1]))
        if not address.scheme and not address.netloc and address.path:
            folder = path.rpartition("/")[0]
            yield normpath(f"{folder}/{unquote(address.path)}"), _plain(link[2]).lower()


def _plain(text: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", text)).split())

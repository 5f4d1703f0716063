"""Passages with the words found marked, as safe HTML: escaped, but for `<mark>` around these words."""

import html
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from jobs.indexing.search.likeness import is_within
from jobs.indexing.search.matching import Question
from jobs.indexing.search.query import Clause, slips
from jobs.indexing.search.stored import Passage
from jobs.indexing.text.languages import characters, folded, placed, stems_of

HIGHLIGHT_CHARACTERS: Final = 240
BEFORE: Final = 3  # one part in so many of what is left stands before the words, for how the sentence begins


class Found(NamedTuple):
    """A word of a text that answers a clause: where it is, in characters, and the number of the clause."""

    begin: int
    end: int
    clause: int


class Marker:
    """Marks the words that a question has found in passages."""

    def __init__(self, question: Question) -> None:
        self._clauses = question.marked
        self._stems: dict[str, dict[str, int]] = {}
        self._spelt: dict[str, int | None] = {}
        self._runs = [
            ("".join(run), number) for number, one in enumerate(self._clauses) for run in characters(one.text)
        ]
        self._beginnings = [
            (folded(one.text)[-1], number)
            for number, one in enumerate(self._clauses)
            if one.kind == "prefix" and folded(one.text)
        ]
        self._fuzzy = [
            (folded(one.text)[0], number)
            for number, one in enumerate(self._clauses)
            if one.kind == "fuzzy" and folded(one.text)
        ]

    def best_part(self, passage: Passage) -> str:
        """Cut the best part out of a passage and mark the words in it; its beginning if there are none."""
        found = self._found(passage)
        if not found:
            return html.escape(passage.text[:HIGHLIGHT_CHARACTERS])
        begin, end = _window(passage.text, found)
        return marked(passage.text, [one for one in found if begin <= one.begin < end], begin, end)

    def whole(self, passage: Passage) -> str:
        """Mark the words in all of a passage, but for what ends the passage before it too."""
        return marked(passage.text, self._found(passage), passage.overlap, len(passage.text))

    def _found(self, passage: Passage) -> list[Found]:
        if passage.stemming not in self._stems:
            self._stems[passage.stemming] = _stems(self._clauses, passage.stemming)
        stems, text = self._stems[passage.stemming], passage.text
        found = []
        for begin, end, cut in placed(passage.stemming, text):
            number = next((stems[stem] for stem in cut if stem in stems), None)
            if number is None and (self._beginnings or self._fuzzy):
                number = self._by_spelling(text[begin:end])
            if number is not None:
                found.append(Found(begin, end, number))
        return sorted([*found, *self._characters(text)])

    def _by_spelling(self, word: str) -> int | None:
        """Give the clause that a word answers because of how it begins or is spelt."""
        if word not in self._spelt:
            self._spelt[word] = next(
                (
                    number
                    for form in folded(word)
                    for number in (*self._begins_like(form), *self._is_like(form))
                ),
                None,
            )
        return self._spelt[word]

    def _begins_like(self, word: str) -> Iterator[int]:
        return (number for beginning, number in self._beginnings if word.startswith(beginning))

    def _is_like(self, word: str) -> Iterator[int]:
        return (number for sought, number in self._fuzzy if is_within(word, sought, slips(sought)))

    def _characters(self, text: str) -> Iterator[Found]:
        """Find the runs of Chinese and its like; they may follow each other without a space."""
        if not self._runs or text.isascii():
            return
        for run, number in self._runs:
            place = text.find(run)
            while place >= 0:
                yield Found(place, place + len(run), number)
                place = text.find(run, place + len(run))


def _stems(clauses: Sequence[Clause], code: str) -> dict[str, int]:
    """Give the stems in one language that are to be marked, each with the number of its clause."""
    wanted: dict[str, int] = {}
    for number, clause in enumerate(clauses):
        for stem in stems_of(code, clause.text):
            wanted.setdefault(stem, number)
    return wanted


def _window(text: str, found: Sequence[Found]) -> tuple[int, int]:
    """Choose the part that answers the most clauses, then the one with the most words, then the first."""
    best, span = (0, 0), (0, 0)
    inside: Counter[int] = Counter()
    first = 0
    for last, one in enumerate(found):
        inside[one.clause] += 1
        while found[first].begin < one.end - HIGHLIGHT_CHARACTERS and first < last:
            inside -= Counter([found[first].clause])
            first += 1
        worth = (len(inside), last - first + 1)
        if worth > best:
            best, span = worth, (found[first].begin, one.end)
    return _widened(text, *span)


def _widened(text: str, begin: int, end: int) -> tuple[int, int]:
    """Give a part its surroundings, up to whole words and the characters of a highlight."""
    if len(text) <= HIGHLIGHT_CHARACTERS:
        return 0, len(text)
    room = max(0, HIGHLIGHT_CHARACTERS - (end - begin))
    start = max(0, begin - room // BEFORE)
    if start > 0:
        space = max(text.find(" ", start, begin), text.find("\n", start, begin))
        start = space + 1 if space >= 0 and text[start - 1] not in " \n" else start
    stop = min(len(text), max(start + HIGHLIGHT_CHARACTERS, end))
    if stop < len(text) and text[stop] not in " \n":
        space = max(text.rfind(" ", end, stop), text.rfind("\n", end, stop))
        stop = space if space >= 0 else stop
    return start, stop


def marked(text: str, found: Sequence[Found], begin: int, end: int) -> str:
    """Escape a part of a text and mark the words in it."""
    pieces, done = [], begin
    for start, stop in _joined(found):
        start, stop = max(start, begin), min(stop, end)
        if start < stop:
            pieces += [html.escape(text[done:start]), "<mark>", html.escape(text[start:stop]), "</mark>"]
            done = stop
    pieces.append(html.escape(text[done:end]))
    return "".join(pieces)


def _joined(found: Sequence[Found]) -> list[tuple[int, int]]:
    """Join places that touch or overlap."""
    joined: list[tuple[int, int]] = []
    for begin, stop, _ in sorted(found):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((begin, stop))
    return joined

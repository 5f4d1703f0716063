"""Passages with the words found marked, as safe HTML: escaped, but for `<mark>` around these words."""

import html
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import tantivy

from jobs.indexing.search.compiling import any_of
from jobs.indexing.search.likeness import is_within
from jobs.indexing.search.matching import Question
from jobs.indexing.search.query import slips
from jobs.indexing.search.stored import Passage
from jobs.indexing.text.languages import body_field, distinct, stemmed

HIGHLIGHT_CHARACTERS: Final = 240
WHOLE_CHARACTERS: Final = 100_000  # beyond any passage


class Marker:
    """Marks the words that a question has found in some passages."""

    def __init__(self, question: Question, passages: Iterable[Passage]) -> None:
        self._question = question
        self._alike = _alike(question.fuzzy_words, passages)
        self._generators: dict[str, tantivy.SnippetGenerator] = {}

    def best_part(self, passage: Passage) -> str:
        """Cut the best part out of a passage and mark the words in it; its beginning if there are none."""
        for generator, field in self._of(passage):
            generator.set_max_num_chars(HIGHLIGHT_CHARACTERS)
            snippet = generator.snippet_from_doc(tantivy.Document(**{field: passage.text}))
            ranges = [(one.start, one.end) for one in snippet.highlighted()]
            if ranges:
                return marked(snippet.fragment().encode(), ranges)
        return html.escape(passage.text[:HIGHLIGHT_CHARACTERS])

    def whole(self, passage: Passage) -> str:
        """Mark the words in all of a passage, but for what ends the passage before it too."""
        ranges = []
        for generator, field in self._of(passage):
            generator.set_max_num_chars(WHOLE_CHARACTERS)
            snippet = generator.snippet_from_doc(tantivy.Document(**{field: passage.text}))
            offset = snippet.fragment_range().start
            ranges += [(one.start + offset, one.end + offset) for one in snippet.highlighted()]
        skipped = len(passage.text[: passage.overlap].encode())
        later = [(max(begin, skipped) - skipped, end - skipped) for begin, end in ranges if end > skipped]
        return marked(passage.text.encode()[skipped:], later)

    def _of(self, passage: Passage) -> Iterable[tuple[tantivy.SnippetGenerator, str]]:
        fields = [body_field(passage.stemming)]
        if not passage.text.isascii():
            fields.append("body_cjk")
        for field in fields:
            if field not in self._generators:
                self._generators[field] = self._generator(field, self._alike.get(passage.stemming, set()))
            yield self._generators[field], field

    def _generator(self, field: str, words: set[str]) -> tantivy.SnippetGenerator:
        reader = self._question.reader
        terms = [tantivy.Query.term_query(reader.schema, field, word) for word in sorted(words)]
        question = any_of([self._question.highlighted, *terms])
        return tantivy.SnippetGenerator.create(reader.searcher, question, reader.schema, field)


def _alike(sought: Sequence[str], passages: Iterable[Passage]) -> dict[str, set[str]]:
    """Find the words in passages that are spelt like those sought, stemmed as the passage is.

    The engine finds them, but does not tell which they are.
    """
    texts: dict[str, list[str]] = {}
    for passage in passages if sought else ():
        texts.setdefault(passage.stemming, []).append(passage.text)
    found: dict[str, set[str]] = {}
    for code, parts in texts.items():
        words, _ = distinct(" ".join(parts))
        near = [one for word in sought for one in _near(word, words)]
        found[code] = set(stemmed(code, " ".join(near)))
    return found


def _near(word: str, words: Iterable[str]) -> Iterator[str]:
    most = slips(word)
    lengths = range(len(word) - most, len(word) + most + 1)
    return (one for one in words if len(one) in lengths and is_within(one, word, most))


def marked(text: bytes, ranges: Sequence[tuple[int, int]]) -> str:
    """Escape a text and mark the ranges, which count bytes."""
    pieces, end = [], 0
    for begin, stop in _joined(ranges):
        pieces += [_escaped(text[end:begin]), "<mark>", _escaped(text[begin:stop]), "</mark>"]
        end = stop
    pieces.append(_escaped(text[end:]))
    return "".join(pieces)


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join ranges that touch or overlap: of Chinese each character is one."""
    joined: list[tuple[int, int]] = []
    for begin, stop in sorted(ranges):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((begin, stop))
    return joined


def _escaped(text: bytes) -> str:
    return html.escape(text.decode("utf-8", "replace"))

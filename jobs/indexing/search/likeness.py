"""Words that are spelt alike."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from jobs.indexing.search.query import slips
from jobs.indexing.search.readers import Reader

KEPT_LETTERS: Final = 2  # at the beginning, where two slips are looked for
LISTED: Final = 20_000
MOST_ALIKE: Final = 100


def is_within(one: str, other: str, most: int) -> bool:
    """Tell whether two words differ by so many slips at most.

    A slip is a letter too many, too few or wrong, or two neighbours that have changed places (the optimal
    string alignment distance).
    """
    if abs(len(one) - len(other)) > most:
        return False
    # A slip takes one letter away and brings one at most: of most words this tells without more.
    if len(set(one) ^ set(other)) > 2 * most:
        return False
    one, other = _differing(one, other)
    if most == 1:
        return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])
    if max(_unmatched(one, other), _unmatched(other, one)) > most:
        return False
    return _slips_between(one, other, most) <= most


def _unmatched(one: str, other: str) -> int:
    """Count the letters of a word that another has not, or has less often."""
    return sum(max(0, one.count(letter) - other.count(letter)) for letter in set(one))


def _differing(one: str, other: str) -> tuple[str, str]:
    """Leave out what two words begin and end with alike: no slip is there."""
    shorter = min(len(one), len(other))
    begin = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    one, other = one[begin:], other[begin:]
    shorter -= begin
    end = next((place for place in range(shorter) if one[-1 - place] != other[-1 - place]), shorter)
    return one[: len(one) - end], other[: len(other) - end]


def _slips_between(one: str, other: str, most: int) -> int:
    """Count the slips, up to one more than so many."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, other_letter in enumerate(other, 1):
            cost = min(last[column], now[-1]) + 1, last[column - 1] + (letter != other_letter)
            best = min(cost)
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == other_letter
            now.append(min(best, before_last[column - 2] + 1) if swapped else best)
        if min(now) > most:
            return most + 1
        before_last, last = last, now
    return last[-1]


def one_slip(word: str) -> Iterator[str]:
    """List what a word can become by one slip, in the letters of its own script."""
    letters = _letters(word)
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield from (head + letter + tail for letter in letters)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters if letter != tail[0])
        if len(tail) > 1 and tail[0] != tail[1]:
            yield head + tail[1] + tail[0] + tail[2:]


def two_slips(reader: Reader, word: str) -> set[str]:
    """List the words of the index with the same beginning that differ by two slips at most."""
    listed = reader.searcher.terms_with_prefix("words", word[:KEPT_LETTERS], limit=LISTED)
    return {one for one, _ in listed if one != word and is_within(one, word, slips(word))}


def alike(reader: Reader, word: str, most: int = MOST_ALIKE) -> list[str]:
    """List words of the index that are spelt like one: itself, and the most frequent ones of the others.

    The engine finds the documents with any of them, but does not tell which they are.
    """
    found = {one for one in one_slip(word) if reader.searcher.doc_freq("words", one)}
    if slips(word) > 1:
        found |= two_slips(reader, word)
    often = sorted(found - {word}, key=lambda one: (-reader.frequency("words", one), one))
    return [word, *often[:most]]


def _letters(word: str) -> str:
    """Give the letters that words of the same script have."""
    code = ord(word[0])
    if code < 0x250:
        return "abcdefghijklmnopqrstuvwxyz"
    script = unicodedata.name(word[0], "").partition(" ")[0]
    near = (chr(one) for one in range(code - code % 128, code - code % 128 + 128))
    return "".join(
        one
        for one in near
        if one.isalpha() and one == one.lower() and unicodedata.name(one, "").startswith(script)
    )

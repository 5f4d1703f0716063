"""Words that are spelt alike, and what somebody may have meant who finds nothing.

A suggestion is a word of the index itself, so that it always leads somewhere.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from jobs.indexing.compiling import Compiler
from jobs.indexing.languages import folded, stemmed
from jobs.indexing.query import Clause, slips
from jobs.indexing.readers import Reader

# A word that so many documents have is no slip, and another must have it so many times as often to be meant.
FREQUENT: Final = 3
TIMES_AS_OFTEN: Final = 10
SHORTEST: Final = 4  # letters: among shorter words everything is like everything
KEPT_LETTERS: Final = 2  # at the beginning, where two slips are looked for
LISTED: Final = 20_000


def is_within(one: str, other: str, most: int) -> bool:
    """Tell whether two words differ by so many slips at most.

    A slip is a letter too many, too few or wrong, or two neighbours that have changed places (the optimal
    string alignment distance).
    """
    if abs(len(one) - len(other)) > most:
        return False
    if one == other:
        return True
    # A slip takes one letter away and brings one at most: of most words this tells without a table.
    if len(set(one) ^ set(other)) > 2 * most:
        return False
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
            return False
        before_last, last = last, now
    return last[-1] <= most


def suggestion(readers: Sequence[Reader], query: str, clauses: Sequence[Clause]) -> str | None:
    """Give the whole query with its misspelt words replaced; None where no word is in doubt.

    Only single words of the text are replaced; what is left out, quoted, or in a field stays.
    """
    corrected, shift = query, 0
    for clause in clauses:
        word = _doubtful(readers, clause)
        better = None if word is None else _meant(readers, word)
        if better is not None:
            corrected = corrected[: clause.begin + shift] + better + corrected[clause.end + shift :]
            shift += len(better) - (clause.end - clause.begin)
    return None if corrected == query else corrected


def _doubtful(readers: Sequence[Reader], clause: Clause) -> str | None:
    """Give the word of a clause if it may be misspelt."""
    if clause.field != "body" or clause.excluded or clause.kind in ("phrase", "prefix"):
        return None
    words = folded(clause.text)
    if len(words) != 1 or len(words[0]) < SHORTEST or any(sign.isdigit() for sign in words[0]):
        return None
    return words[0] if _known(readers, words[0]) < FREQUENT else None


def _meant(readers: Sequence[Reader], word: str) -> str | None:
    """Find the most frequent word of those that differ least."""
    enough = max(1, TIMES_AS_OFTEN * _known(readers, word))
    found = _most_frequent(readers, set(_one_slip(word)))
    if found is not None and found[0] >= enough:
        return found[1]
    if slips(word) == 1:
        return None
    found = _most_frequent(readers, _two_slips(readers, word))
    return found[1] if found is not None and found[0] >= enough else None


def _most_frequent(readers: Sequence[Reader], words: set[str]) -> tuple[int, str] | None:
    counted = ((_frequency(readers, word), word) for word in sorted(words))
    return max(((count, word) for count, word in counted if count), key=lambda one: one[0], default=None)


def _frequency(readers: Sequence[Reader], word: str) -> int:
    """Count the documents that have a word."""
    return sum(reader.searcher.doc_freq("words", word) for reader in readers)


def _known(readers: Sequence[Reader], word: str) -> int:
    """Count the documents that have a word in whatever form: what is found needs no other word."""
    compilers = [Compiler(reader) for reader in readers]
    found = [
        compiler.frequency(code, stem)
        for compiler in compilers
        for code in compiler.languages
        for stem in stemmed(code, word)
    ]
    return max(_frequency(readers, word), sum(found))


def _one_slip(word: str) -> Iterator[str]:
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


def _two_slips(readers: Sequence[Reader], word: str) -> set[str]:
    """List the words of the index with the same beginning that differ by two slips at most."""
    beginning = word[:KEPT_LETTERS]
    words = {
        one
        for reader in readers
        for one, _ in reader.searcher.terms_with_prefix("words", beginning, limit=LISTED)
        if abs(len(one) - len(word)) <= slips(word)
    }
    return {one for one in words if one != word and is_within(one, word, slips(word))}


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

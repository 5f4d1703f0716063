"""What somebody may have meant who finds nothing.

A suggestion is a word of the index itself, so that it always leads somewhere.
"""

from collections.abc import Sequence
from typing import Final

from jobs.indexing.search.compiling import Compiler
from jobs.indexing.search.likeness import one_slip, two_slips
from jobs.indexing.search.query import Clause, slips
from jobs.indexing.search.readers import Reader
from jobs.indexing.text.languages import folded, stems_of

# A word that so many documents have is no slip, and another must have it so many times as often to be meant.
FREQUENT: Final = 3
TIMES_AS_OFTEN: Final = 10
SHORTEST: Final = 4  # letters: among shorter words everything is like everything


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
    found = _most_frequent(readers, set(one_slip(word)))
    if found is not None and found[0] >= enough:
        return found[1]
    if slips(word) == 1:
        return None
    found = _most_frequent(readers, {one for reader in readers for one in two_slips(reader, word)})
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
        for stem in stems_of(code, word)
    ]
    return max(_frequency(readers, word), sum(found))

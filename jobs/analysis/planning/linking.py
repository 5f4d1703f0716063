"""Find the columns that a question speaks of, and say how each was found."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice, permutations

from jobs.analysis.planning.finding import candidates
from jobs.analysis.planning.likeness import abbreviates_phrase, by_unit, word_match
from jobs.analysis.planning.naming import Token, as_written, by_shared_word, by_value, noun_after, tokens_of
from jobs.analysis.planning.vocabulary import (
    FUNCTION_WORDS,
    INTENT_WORDS,
    PHRASES,
)
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import MEASURES, TIMES, UNITS, core_words, words_of

MOST_WORDS = 60
LONGEST_NAME = 6  # words of the question that may name one column
FULL_NAME = 0.86  # from here on a match is no mere part of a name
CLOSE = 0.08  # columns within this strength of the best are as good as it
TIME_NOUNS = frozenset({"time", "times", "duration"})
INSIDE_NAMES = frozenset(
    {"of", "the", "at", "s", "per", "on", "in"}
)  # "miles per gallon", "years at company"


@dataclass(frozen=True)
class Match:
    """One way to read the tokens from `first` up to `last` as a column."""

    first: int
    last: int  # exclusive
    column: Column
    strength: float  # 0..1
    how: str
    value: str | None = None  # the level, when the words name a value of the column


@dataclass(frozen=True)
class Mention:
    """Words of the question and the columns that they may mean, the likeliest first."""

    first: int
    last: int
    words: str
    matches: tuple[Match, ...]

    @property
    def best(self) -> Match:
        """The likeliest reading."""
        return self.matches[0]

    @property
    def ambiguous(self) -> bool:
        """Whether another column fits as well as the best."""
        return len(self.matches) > 1


@dataclass(frozen=True)
class Linked:
    """A question with its columns found."""

    text: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]

    def covered(self, index: int) -> bool:
        """Return whether token `index` belongs to a mention."""
        return any(mention.first <= index < mention.last for mention in self.mentions)

    def without_names(self) -> str:
        """Return the question in lower case, every mention blanked out but for the gap of "pay gap"."""
        text = self.text.lower()
        for mention in self.mentions:
            start, end = self.tokens[mention.first].start, self.tokens[mention.last - 1].end
            end -= len(" gap") if mention.words.lower().endswith(" gap") else 0
            text = text[:start] + "_" * (end - start) + text[end:]
        return text

    def mention_of(self, column: Column) -> Mention:
        """Return the first mention of a column."""
        return next(m for m in self.mentions if m.best.column.name == column.name)

    def between(self, first: Column, second: Column) -> str:
        """Return the text between two columns, in lower case with names blanked out."""
        one, two = self.mention_of(first), self.mention_of(second)
        return self.without_names()[self.tokens[one.last - 1].end : self.tokens[two.first].start]


def link(question: str, columns: Sequence[Column]) -> Linked:
    """Return the mentions of columns in `question`, in its order; no two of them overlap.

    Only the first 60 words are read.
    """
    tokens = tuple(islice(tokens_of(question), MOST_WORDS))
    spans = tuple(_spans(tokens))
    named, valued = candidates(question, [token.word for token in tokens], columns)
    found = [match for column in named for match in _by_names(question, tokens, spans, column)]
    found += [match for column in valued for match in _by_values(question, tokens, spans, column)]
    order = {column.name: place for place, column in enumerate(columns)}
    found.sort(key=lambda m: (-(m.strength + 0.04 * (m.last - m.first)), m.first, order[m.column.name]))
    at_place: dict[tuple[int, int], list[Match]] = defaultdict(list)
    for match in found:
        at_place[match.first, match.last].append(match)
    chosen: list[Mention] = []
    for match in found:
        if any(match.first < mention.last and mention.first < match.last for mention in chosen):
            continue
        rivals = [
            other for other in at_place[match.first, match.last] if match.strength - other.strength <= CLOSE
        ]
        best = _one_a_column(rivals)
        written = question[tokens[match.first].start : tokens[match.last - 1].end]
        chosen.append(Mention(match.first, match.last, written, best))
    return Linked(question, tokens, _settled(sorted(chosen, key=lambda mention: mention.first)))


def _settled(mentions: list[Mention]) -> tuple[Mention, ...]:
    """Settle ambiguous words by the rest of the question.

    Two words that each name a part may mean one column together ("how wide are the petals"); and a column
    that is named in full elsewhere is not meant by a second word ("petal length by petal").
    """
    return tuple(
        _settle(mention, [other for other in mentions if other is not mention]) for mention in mentions
    )


def _settle(mention: Mention, others: Sequence[Mention]) -> Mention:
    if not mention.ambiguous:
        return mention
    columns = {match.column.name for match in mention.matches}
    beside = [other for other in others if other.last == mention.first or other.first == mention.last]
    common = [columns & {match.column.name for match in other.matches} for other in beside]
    if any(len(names) == 1 for names in common):  # "left-handed": a value and the name of its column
        return _only(mention, next(names for names in common if len(names) == 1))
    parts = [other for other in others if other.best.strength < FULL_NAME]
    shared = [columns & {match.column.name for match in other.matches} for other in parts]
    agreed = {name for common in shared if len(common) == 1 for name in common}
    if len(agreed) == 1:
        return _only(mention, agreed)
    full = {other.best.column.name for other in others if not other.ambiguous}
    values = {match.column.name for match in mention.matches if match.value and match.column.name in full}
    rest = columns - {other.best.column.name for other in others if other.best.strength >= FULL_NAME}
    return _only(mention, values or rest or columns)


def _only(mention: Mention, names: Set[str]) -> Mention:
    """Return the mention with the readings as the columns `names` alone."""
    kept = tuple(match for match in mention.matches if match.column.name in names)
    return replace(mention, matches=kept)


def _one_a_column(matches: Sequence[Match]) -> tuple[Match, ...]:
    best: dict[str, Match] = {}
    for match in sorted(matches, key=lambda match: -match.strength):
        known = best.setdefault(match.column.name, match)
        if known.value is None and known.how != "exact name" and match.how == "a value of the column":
            best[match.column.name] = match  # "treated" of `arm`
    return tuple(best.values())


def _spans(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the places of words that may name something."""
    for first in range(len(tokens)):
        for last in range(first + 1, min(len(tokens), first + LONGEST_NAME) + 1):
            if not _joins_only(tokens[first:last]):
                yield first, last


def _by_names(
    question: str, tokens: Sequence[Token], spans: Sequence[tuple[int, int]], column: Column
) -> Iterator[Match]:
    yield from _exact(question, tokens, column)
    for first, last in spans:
        strength, how = _by_name([token.word for token in tokens[first:last]], column)
        if strength:
            yield Match(first, last, column, strength, how)


def _by_values(
    question: str, tokens: Sequence[Token], spans: Sequence[tuple[int, int]], column: Column
) -> Iterator[Match]:
    for first, token in enumerate(tokens):
        if strength := as_written(question, token, column):
            level = "5" if token.written == "May" and column.dtype == "integer" else token.written
            yield Match(first, first + 1, column, strength, "a value of the column", level)
    for first, last in spans:
        span = tokens[first:last]
        beside, before = noun_after(tokens, last), tokens[first - 1].word if first else ""
        if strength := by_shared_word(span, column):
            yield Match(first, last, column, strength, "a word of its values")
        strength, level = by_value(span, column, is_start=first == 0, beside=beside, before=before)
        if strength:
            yield Match(first, last, column, strength, "a value of the column", level)


def _joins_only(span: Sequence[Token]) -> bool:
    """Return whether words join others and name nothing; "7d" and "make it" name something."""
    if " ".join(token.word for token in span) in PHRASES or (len(span) > 1 and span[0].end == span[1].start):
        return False
    ends = (span[0].word, span[-1].word)
    inside = INSIDE_NAMES | {"to"} if ends[0] in TIME_NOUNS else INSIDE_NAMES  # "time to close"
    return any(word in FUNCTION_WORDS for word in ends) or any(
        token.word in FUNCTION_WORDS - inside for token in span
    )


def _exact(question: str, tokens: Sequence[Token], column: Column) -> Iterator[Match]:
    """Find the name as it is written in the table, whatever signs are in it."""
    if column.name.lower() not in question.lower():
        return
    pattern = rf"(?<![^\W_]){re.escape(column.name)}(?![^\W_])"
    for found in re.finditer(pattern, question, re.IGNORECASE):
        inside = [i for i, token in enumerate(tokens) if found.start() <= token.start < found.end()]
        if not inside:
            continue
        common = column.name.lower() in FUNCTION_WORDS
        if common and not _stands_as_name(question, found.start(), found.end(), tokens, inside[0]):
            continue
        strength = 1.0 if column.name.lower() not in INTENT_WORDS or found.group() == column.name else 0.9
        yield Match(inside[0], inside[-1] + 1, column, strength, "exact name")


def _stands_as_name(question: str, start: int, end: int, tokens: Sequence[Token], index: int) -> bool:
    """Return whether a name that is also a common word ("am", "vs") is meant as a name here."""
    if question[max(0, start - 1) : start] in ("'", '"', "`", "(") and question[end : end + 1] in (
        "'",
        '"',
        "`",
        ")",
    ):
        return True
    before = tokens[index - 1].word if index else ""
    return before in ("by", "on", "across", "and", "of", "with") and index == len(tokens) - 1


def _by_name(words: Sequence[str], column: Column) -> tuple[float, str]:
    """Return how well words of a question name a column, and how."""
    whole, core = words_of(column.name), core_words(column.name)
    joined = "".join(words)
    if joined in ("".join(whole), "".join(core)) and joined not in FUNCTION_WORDS:
        return (0.98, "exact name") if joined == "".join(whole) else (0.96, "the name without its unit")
    if (of_unit := by_unit(words, column.name, column.unit)) is not None:
        return of_unit
    phrase = PHRASES.get(" ".join(words))
    kept = [phrase] if phrase else [word for word in words if word not in FUNCTION_WORDS]
    kept = _in_its_unit(kept, core)
    whole_phrase = phrase is None and not {"in", "on", *MEASURES}.intersection(words)
    if whole_phrase and len(core) == 1 and abbreviates_phrase(core[0], kept):
        return 0.83, "an abbreviation"
    short = whole_phrase and len(core) > 1 and any(abbreviates_phrase(part, kept) for part in core)
    if short and not _all_resemble(kept, core):
        return 0.7, "part of the name: an abbreviation"
    if not kept or len(kept) > min(len(core), LONGEST_NAME) or not _all_resemble(kept, core):
        return 0.0, ""
    if len(core) > LONGEST_NAME:
        core = tuple(word for word in core if _all_resemble(kept, (word,)) or word in kept)[:LONGEST_NAME]
        score, how = _best_pairing(kept, core)
        return 0.75 * score, f"part of the name: {how}"
    score, how = _best_pairing(kept, core)
    if not score:
        return 0.0, ""
    if len(kept) == len(core):
        return 0.95 * score, how
    return 0.8 * score, "part of the name" if how == "the same word" else f"part of the name: {how}"


def _in_its_unit(words: list[str], names: Sequence[str]) -> list[str]:
    """Say in what unit a name has a time: "hours close" for "time to close" and `hours_to_close`."""
    units = [name for name in names if UNITS.get(name) in TIMES]
    if len(words) < 2 or len(units) != 1:
        return words
    return [units[0] if word in TIME_NOUNS else word for word in words]


def _best_pairing(words: Sequence[str], names: Sequence[str]) -> tuple[float, str]:
    if len(words) > 3:
        return _pairing(words, names) if len(words) == len(names) else (0.0, "")
    return max((_pairing(words, chosen) for chosen in permutations(names, len(words))), default=(0.0, ""))


def _all_resemble(words: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether each word stands for one of the names: a cheap look before all pairings are tried."""
    return all(any(word_match(word, name, alone=len(names) == 1)[0] for name in names) for word in words)


def _pairing(words: Sequence[str], names: Sequence[str]) -> tuple[float, str]:
    """Return the worst of the pairs (word, name); 0 when one does not fit at all."""
    pairs = [word_match(word, name, alone=len(names) == 1) for word, name in zip(words, names, strict=True)]
    certain = any(how == "the same word" for _, how in pairs)
    if (
        any(how == "its beginning" and len(name) < 3 for (_, how), name in zip(pairs, names, strict=True))
        and not certain
    ):
        return 0.0, ""
    return min(pairs)

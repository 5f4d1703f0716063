"""Find the parts of a question that may say which rows it is about: "among women", "with 4 cylinders"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jobs.analysis.planning.likeness import word_match
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.row_words import (
    AFTERWARDS,
    BEFORE_STRONG,
    FILLERS,
    NO,
    RELATED,
    STRONG,
    STRONG_PAIRS,
    WEAK,
    YES,
    Kind,
)
from jobs.analysis.planning.vocabulary import ROW_NOUNS, is_content, is_plural
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import words_of

MOST_STEPS = 6  # words between a marker and the value that it stands for
DENIALS = frozenset({"not", "non", "without", "no", "lacking"})
TRUTH_LEADS = DENIALS | {"with", "who", "that", "which"}


@dataclass(frozen=True)
class Clause:
    """Values of a column that a question names, and what makes them say which rows are meant.

    `first` and `last` are the tokens that say it; `stray` words among them were not understood.
    """

    column: Column
    values: tuple[str, ...]
    kind: Kind
    strong: bool
    marked: bool
    first: int
    last: int
    stray: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Lead:
    """What stands before values: where it begins, what it does, and how surely."""

    first: int
    kind: Kind
    strong: bool
    marked: bool
    stray: tuple[str, ...] = ()


def value_clauses(linked: Linked) -> tuple[Clause, ...]:
    """Return one clause for each run of values of one column, and for a name that stands for "yes"."""
    found = _chained([(run[0], _clause(run, values, linked)) for run, values in _runs(linked)])
    return tuple(
        clause
        for mention, clause in found
        if mention.best.value is not None or clause.marked or _is_adjective(mention, linked)
    )


def _chained(found: list[tuple[Mention, Clause]]) -> list[tuple[Mention, Clause]]:
    """Let a value right after another one share what leads to it: "for male Adelie penguins"."""
    shared = []
    for mention, clause in found:
        led = next((c for m, c in found if c.last == mention.first and m.best.value and c.marked), None)
        if led is not None and not clause.marked and mention.best.value is not None:
            clause = replace(clause, kind=led.kind, strong=led.strong, marked=True)
        shared.append((mention, clause))
    return shared


def _runs(linked: Linked) -> Iterator[tuple[list[Mention], tuple[str, ...]]]:
    run: list[Mention] = []
    for mention in linked.mentions:
        if mention.ambiguous or mention.best.value is None:
            continue
        if run and not _continues(run[-1], mention, linked):
            yield run, _values(run)
            run = []
        run.append(mention)
    if run:
        yield run, _values(run)
    for mention in linked.mentions:
        if mention.ambiguous or mention.best.value is not None:
            continue
        if (level := truth_of(mention, linked)) is not None:
            yield [mention], (level,)


def _is_adjective(mention: Mention, linked: Linked) -> bool:
    """Return whether the name of a yes/no column says of what kind the rows are: "returning visitors"."""
    if mention.last >= len(linked.tokens) or _parted(mention.last - 1, linked):
        return False
    word = linked.tokens[mention.last].word
    return word in ROW_NOUNS or (is_content(word) and is_plural(word))


def names_truth(mention: Mention) -> bool:
    """Return whether words stand for the "yes" of a column; "automatic" does not for a 0/1 `am`."""
    whole = mention.best.how in (
        "exact name",
        "the same word",
        "part of the name",
        "the name without its unit",
    )
    return whole or mention.best.column.levels[0].lower() not in ("0", "1")


def _values(run: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.best.value for mention in run if mention.best.value is not None))


def _continues(one: Mention, other: Mention, linked: Linked) -> bool:
    if one.best.column.name != other.best.column.name:
        return False
    between = [token.word for token in linked.tokens[one.last : other.first]]
    own = words_of(one.best.column.name)
    return all(word in ("and", "or", "nor", "the", "in", "from") or word in own for word in between)


def truth_of(mention: Mention, linked: Linked) -> str | None:
    """Return the level that the name of a yes/no column stands for: "smokers", "non-smokers"."""
    column = mention.best.column
    if len(column.levels) != 2 or not is_truth(column) or not names_truth(mention):
        return None
    before = [token.word for token in linked.tokens[max(0, mention.first - 4) : mention.first]]
    if {"with", "without"} <= set(before):
        return None
    denied = bool(DENIALS & set(before))
    return next(level for level in column.levels if (level.lower() in NO) == denied)


def is_truth(column: Column) -> bool:
    """Return whether the two values of a column say yes and no."""
    lower = {level.lower() for level in column.levels}
    return len(lower) == 2 and bool(lower & YES) and bool(lower & NO)


def _clause(run: Sequence[Mention], values: tuple[str, ...], linked: Linked) -> Clause:
    column = run[0].best.column
    lead = _lead(run[0], linked)
    last, after = _tail(run[-1], linked)
    without = linked.tokens[lead.first].word == "without" and run[0].best.value is not None
    kind, strong = lead.kind, lead.strong or after is not None or without
    if after is not None and not lead.strong:
        kind = after
    if run[0].best.value is None and not strong:  # the level itself says "without"
        before = {token.word for token in linked.tokens[lead.first : run[0].first]}
        led = bool(before & TRUTH_LEADS) or _is_adjective(run[0], linked)
        lead = lead if led else replace(lead, marked=False)
        kind = "keep" if lead.kind == "drop" else kind
    return Clause(
        column, values, kind, strong, lead.marked or strong, lead.first, last, _unknown(lead, column, values)
    )


def _unknown(lead: _Lead, column: Column, values: Sequence[str]) -> tuple[str, ...]:
    """Return the stray words that do not belong to the values or the name of the column."""
    known = [word for name in (column.name, *values) for word in words_of(name)]
    return tuple(
        word for word in lead.stray if not any(word_match(word, name, alone=True)[0] for name in known)
    )


def _lead(mention: Mention, linked: Linked) -> _Lead:
    """Look back from a value to the words that make it a selection of rows."""
    stray: list[str] = []
    glossed = linked.text[: linked.tokens[mention.first].start].endswith("(")  # "full professors (Prof)"
    weak: _Lead | None = None
    own = index = _passed(mention, linked)
    index -= 1
    while index >= 0 and own - index <= MOST_STEPS:
        word = linked.tokens[index].word
        earlier = linked.tokens[index - 1].word if index else ""
        owner = _owner(index, linked)
        if owner is not None and _names(mention, owner):
            index = owner.first - 1
            continue
        if owner is not None or _parted(index, linked) or (word == "with" and RELATED.match(earlier)):
            break
        if (kind := STRONG_PAIRS.get((earlier, word)) or STRONG.get(word)) is not None:
            first = _begin(index - 1 if (earlier, word) in STRONG_PAIRS else index, linked)
            return _Lead(first, kind, strong=True, marked=True, stray=tuple(stray))
        if word in DENIALS and weak is not None and weak.first == index + 1:  # "not from Dream"
            weak = replace(weak, first=index, kind="drop")
        elif word in WEAK and weak is None:
            weak = _Lead(index, WEAK[word], strong=False, marked=True, stray=tuple(stray))
        elif word not in FILLERS and word not in ROW_NOUNS:
            if not is_content(word) or weak is not None:
                break
            stray += [] if glossed else [word]
        index -= 1
    return weak or _Lead(own, "keep", strong=False, marked=False)


def _passed(mention: Mention, linked: Linked) -> int:
    """Return where a value begins, with the name of its column right before it: "turbine A07"."""
    owner = _owner(mention.first - 1, linked) if mention.first else None
    return owner.first if owner is not None and _names(mention, owner) else mention.first


def _begin(first: int, linked: Linked) -> int:
    """Return where words like "looking only at" begin."""
    while first > 0 and linked.tokens[first - 1].word in BEFORE_STRONG:
        first -= 1
    return first


def _names(mention: Mention, owner: Mention) -> bool:
    """Return whether a mention names the column of which another one names a value."""
    return owner.best.column.name == mention.best.column.name and owner.best.value is None


def _owner(index: int, linked: Linked) -> Mention | None:
    return next((m for m in linked.mentions if m.first <= index < m.last), None)


def _parted(index: int, linked: Linked) -> bool:
    """Return whether a comma or the like stands after a token."""
    if index + 1 >= len(linked.tokens):
        return False
    return any(
        mark in linked.text[linked.tokens[index].end : linked.tokens[index + 1].start] for mark in ",;:?"
    )


def _tail(mention: Mention, linked: Linked) -> tuple[int, Kind | None]:
    """Return the end of what belongs to the values, and what "only" or "excluded" after them does."""
    last = mention.last
    while last < len(linked.tokens) and not _parted(last - 1, linked):
        owner, word = _owner(last, linked), linked.tokens[last].word
        if owner is not None and (_names(mention, owner) or word in ROW_NOUNS):
            last = owner.last
        elif owner is None and (
            word in ROW_NOUNS or (is_content(word) and is_plural(word) and last == mention.last)
        ):
            last += 1
        elif word in AFTERWARDS:
            return last + 1, AFTERWARDS[word]
        else:
            break
    return last, None

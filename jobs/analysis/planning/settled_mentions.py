"""Settle which of the columns found in a question are spoken of: not those that name its rows, or by "
"chance."""

from dataclasses import replace

from jobs.analysis.planning.linking import Linked, Match, Mention
from jobs.analysis.planning.readings import unusable
from jobs.analysis.planning.vocabulary import ROW_NOUNS, is_plural
from jobs.analysis.tables.columns import Column, named_like_id

WORKS = frozenset({"work", "works", "worked", "working", "live", "lives", "lived", "living"})
FAINT = 0.7  # mentions weaker than this yield where two columns are named clearly


def with_sequences(linked: Linked) -> Linked:
    """Take a number for what it is where it is named exactly, though it counts up like an identifier."""

    def taken(match: Match) -> Match:
        column = match.column
        meant = match.how == "exact name" and column.role == "id" and not named_like_id(column.name)
        if not meant or column.dtype not in ("integer", "number"):
            return match
        return replace(match, column=replace(column, role="number"))

    mentions = (replace(m, matches=tuple(taken(match) for match in m.matches)) for m in linked.mentions)
    return replace(linked, mentions=tuple(mentions))


def without_faint(linked: Linked) -> Linked:
    """Drop weak mentions when two columns are named clearly: their words count as not understood."""
    clear = {m.best.column.name for m in linked.mentions if m.best.strength >= FAINT}
    if len(clear) < 2:
        return linked
    kept = tuple(m for m in linked.mentions if m.best.strength >= FAINT or m.best.column.name in clear)
    return Linked(linked.text, linked.tokens, kept)


def without_verbs(linked: Linked) -> Linked:
    """Drop a verb that only says where the rows are: "people work in each department" is not `RemoteWork`."""

    def is_verb(mention: Mention) -> bool:
        following = linked.tokens[mention.last].word if mention.last < len(linked.tokens) else ""
        whole = not mention.best.how.startswith("part")
        return not whole and mention.words.lower() in WORKS and following in ("in", "at", "for", "on")

    return replace(linked, mentions=tuple(m for m in linked.mentions if not is_verb(m)))


def without_rows(linked: Linked) -> Linked:
    """Drop what only names the rows ("employees" beside `employee_id`) when two other columns are named."""
    usable = {m.best.column.name for m in linked.mentions if unusable(m.best.column) is None}
    if not usable:
        return linked
    plain = len(usable) < 2  # then only "patients" names the rows, not "patient id"
    kept = tuple(m for m in linked.mentions if m.best.column.role != "id" or (plain and not _names_rows(m)))
    return Linked(linked.text, linked.tokens, kept)


def _names_rows(mention: Mention) -> bool:
    """Return whether a word is that of the rows: "patients", or "pots" beside an identifier `pot`."""
    word = mention.words.lower()
    several = is_plural(word) and not is_plural(mention.best.column.name.lower())
    return word in ROW_NOUNS or (several and mention.best.column.name.isalpha())


def named_columns(linked: Linked) -> tuple[Column, ...]:
    """Return the different columns mentioned, in the question's order."""
    return tuple({mention.best.column.name: mention.best.column for mention in linked.mentions}.values())

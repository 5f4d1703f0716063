"""From what a person types to what the index is asked.

    king penguin            both words (mode all) or either (any)
    "king penguin"          the words next to each other
    penguin -emperor        not the passages with this word

Everything else is punctuation, so that C++, an e-mail address or a path can be pasted as it is; AND and OR
are words like any other. Words are looked for as the index keeps them: lower case, without accents, stemmed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import tantivy

from jobs.errors import UnusableQuery
from jobs.indexing.chunks import normalised
from jobs.indexing.engine import CJK_RUN, cjk, english, folded

Mode = Literal["all", "any", "phrase", "prefix"]

MAXIMUM_CHARACTERS: Final = 4_000
MAXIMUM_WORDS: Final = 64
# Words that begin with a prefix; the index lists them by alphabet, and more than these would be a search for
# all.
EXPANSIONS: Final = 200
TITLE_BOOST: Final = 0.3
NEARNESS_BOOST: Final = 0.5
NEARNESS: Final = 2  # words that may stand between the words of a query which are sought together
NEARNESS_WORDS: Final = 16

# Inside a word a quotation mark is punctuation (5" pipe); at its beginning it opens a phrase.
_CLAUSE = re.compile(r'(-?)(?:"([^"]*)"|(")|([^\s"][^\s]*))')


_ENGLISH, _FOLDED, _CJK = english(), folded(), cjk()


@dataclass(frozen=True)
class Clause:
    """A word or phrase of a query: the words in it, and the runs of Chinese, Japanese or Korean in it."""

    text: str
    words: tuple[str, ...]
    runs: tuple[tuple[str, ...], ...]
    quoted: bool
    excluded: bool


def parse(text: str, mode: Mode) -> tuple[Clause, ...]:
    """Split a query into its clauses; those without any letter or digit are dropped.

    Raises
    ------
    UnusableQuery
        Nothing to search for, a quotation mark that is never closed, or too long.
    """
    if len(text) > MAXIMUM_CHARACTERS:
        raise UnusableQuery(
            f"The query is longer than {MAXIMUM_CHARACTERS:,} characters.", MAXIMUM_CHARACTERS
        )
    if mode == "phrase":
        clauses = [_clause(text.replace('"', " "), quoted=True, excluded=False)]
    else:
        clauses = [_understood(found) for found in _CLAUSE.finditer(text)]
    clauses = [clause for clause in clauses if clause.words or clause.runs]
    if not clauses:
        raise UnusableQuery("The query holds no word to search for.", 0)
    if all(clause.excluded for clause in clauses):
        raise UnusableQuery(
            "The query only says what to leave out; add a word to search for.", text.index("-")
        )
    if sum(len(clause.words) + len(clause.runs) for clause in clauses) > MAXIMUM_WORDS:
        raise UnusableQuery(f"The query has more than {MAXIMUM_WORDS} words.", len(text))
    return tuple(clauses)


def _understood(found: re.Match[str]) -> Clause:
    minus, phrase, opening, word = found.groups()
    if opening:
        raise UnusableQuery("This quotation mark is never closed.", found.start(3))
    quoted = phrase is not None
    return _clause(phrase if quoted else word, quoted=quoted, excluded=bool(minus))


def _clause(text: str, *, quoted: bool, excluded: bool) -> Clause:
    text = normalised(text)
    words = tuple(_ENGLISH.analyze(CJK_RUN.sub(" ", text)))
    runs = tuple(tuple(_CJK.analyze(run)) for run in CJK_RUN.findall(text))
    return Clause(text, words, tuple(run for run in runs if run), quoted, excluded)


def compiled(
    clauses: Sequence[Clause], mode: Mode, searcher: tantivy.Searcher, schema: tantivy.Schema
) -> tantivy.Query:
    """Turn clauses into a query: what must match, and what only lifts a passage in the ranking."""
    occur = tantivy.Occur.Should if mode == "any" else tantivy.Occur.Must
    sought = [clause for clause in clauses if not clause.excluded]
    core = [(occur, _sought(clause, mode, searcher, schema)) for clause in sought]
    parts = [(tantivy.Occur.Must, tantivy.Query.boolean_query(core))]
    parts += [(tantivy.Occur.MustNot, _clause_query(clause, schema)) for clause in clauses if clause.excluded]
    parts += [(tantivy.Occur.Should, lift) for lift in _lifts(sought, schema)]
    return tantivy.Query.boolean_query(parts)


def separately(
    clauses: Sequence[Clause], mode: Mode, searcher: tantivy.Searcher, schema: tantivy.Schema
) -> list[tantivy.Query]:
    """Turn each clause into a query of its own, to find documents that have them in different passages."""
    unwanted = [(tantivy.Occur.MustNot, _clause_query(one, schema)) for one in clauses if one.excluded]
    wanted = [_sought(one, mode, searcher, schema) for one in clauses if not one.excluded]
    return [tantivy.Query.boolean_query([(tantivy.Occur.Must, one), *unwanted]) for one in wanted]


def _sought(clause: Clause, mode: Mode, searcher: tantivy.Searcher, schema: tantivy.Schema) -> tantivy.Query:
    if mode == "prefix" and not clause.quoted:
        return _beginning(clause, searcher, schema)
    return _clause_query(clause, schema)


def _clause_query(clause: Clause, schema: tantivy.Schema) -> tantivy.Query:
    parts = [_sequence(schema, "body", clause.words)] if clause.words else []
    parts += [_sequence(schema, "body_cjk", run) for run in clause.runs]
    return _together(parts)


def _beginning(clause: Clause, searcher: tantivy.Searcher, schema: tantivy.Schema) -> tantivy.Query:
    """Match words that begin like the clause's, and the word itself, whose stem may be no beginning of it."""
    parts = [_sequence(schema, "body_cjk", run) for run in clause.runs]
    for beginning in _FOLDED.analyze(CJK_RUN.sub(" ", clause.text)):
        terms = {term for term, _ in searcher.terms_with_prefix("body", beginning, limit=EXPANSIONS)}
        terms.update(_ENGLISH.analyze(beginning))
        choices = [(tantivy.Occur.Should, _term(schema, "body", term)) for term in sorted(terms)]
        parts.append(tantivy.Query.boolean_query(choices))
    return _together(parts)


def _lifts(sought: Sequence[Clause], schema: tantivy.Schema) -> list[tantivy.Query]:
    words = [word for clause in sought for word in clause.words]
    lifts = [
        tantivy.Query.boost_query(_term(schema, "title", word), TITLE_BOOST) for word in dict.fromkeys(words)
    ]
    if 1 < len(words) <= NEARNESS_WORDS:
        near = tantivy.Query.phrase_query(schema, "body", [*words], slop=NEARNESS)
        lifts.append(tantivy.Query.boost_query(near, NEARNESS_BOOST))
    return lifts


def _sequence(schema: tantivy.Schema, field: str, words: Sequence[str]) -> tantivy.Query:
    if len(words) == 1:  # a phrase of one word is no phrase to the engine: it panics
        return _term(schema, field, words[0])
    return tantivy.Query.phrase_query(schema, field, [*words])


def _term(schema: tantivy.Schema, field: str, word: str) -> tantivy.Query:
    return tantivy.Query.term_query(schema, field, word, index_option="freq")


def _together(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(parts) == 1:
        return parts[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

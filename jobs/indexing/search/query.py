"""From what a person types to what is meant by it.

    king penguin            both words (mode all) or either (any)
    "king penguin"          the words next to each other
    penguin -emperor        not the documents with this word
    peng*                   words that begin so
    pengiun~                words that are spelt like it: one slip up to 7 letters, else two
    title:penguin           the word in the title; so too author: and path:
    ext:pdf lang:de         documents of this type (also type:) and in this language
    title:"king penguin"    any of the fields with a phrase

Everything else is punctuation, so that C++, a time, an address of the web or of mail, or a path can be pasted
as it is: only these names, in lower case and directly followed by a value, are fields, and AND and OR are
words like any other. Words are looked for as the index keeps them: lower case, without accents, stemmed.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from jobs.errors import UnusableQuery
from jobs.indexing.extraction.chunks import normalised
from jobs.indexing.text.languages import LONGEST_WORD, characters, folded, listed

Mode = Literal["all", "any", "phrase", "prefix", "fuzzy"]
Kind = Literal["words", "phrase", "prefix", "fuzzy"]
Field = Literal["body", "title", "author", "path", "ext", "lang"]

MAXIMUM_CHARACTERS: Final = 4_000
MAXIMUM_WORDS: Final = 64
SHORTEST_FUZZY: Final = 3  # letters; any two words of two letters are alike
ONE_SLIP_LETTERS: Final = 7

# Inside a word a quotation mark is punctuation (5" pipe); at its beginning it opens a phrase.
_CLAUSE: Final = re.compile(
    r'(-?)(?:(title|author|path|ext|type|lang):(?=[^\s]))?(?:"([^"]*)"|(")|([^\s"][^\s]*))'
)
_LANGUAGE: Final = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
_FIELDS: Final[dict[str, Field]] = {
    "title": "title",
    "author": "author",
    "path": "path",
    "ext": "ext",
    "type": "ext",
    "lang": "lang",
}
_OPERATORS: Final[dict[str, Kind]] = {"*": "prefix", "~": "fuzzy"}


@dataclass(frozen=True)
class Clause:
    """A word or phrase of a query, and what it is looked for in.

    `kind` is what the person has asked for; how many words the text has is for the index to tell. `begin` and
    `end` are where the text stands in the query.
    """

    text: str
    field: Field
    kind: Kind
    excluded: bool
    begin: int
    end: int

    @property
    def narrows(self) -> bool:
        """Tell whether the clause is about the kind of document, not about words in it."""
        return self.field in ("ext", "lang")


def parse(text: str, mode: Mode) -> tuple[Clause, ...]:
    """Split a query into its clauses; those without any letter or digit are dropped.

    Raises
    ------
    UnusableQuery
        Nothing to search for, only words that are too long for any index, a quotation mark that is never
        closed, no language, or too long.
    """
    if len(text) > MAXIMUM_CHARACTERS:
        raise UnusableQuery(
            f"The query is longer than {MAXIMUM_CHARACTERS:,} characters.", MAXIMUM_CHARACTERS
        )
    if mode == "phrase":
        whole = normalised(text.replace('"', " "))
        found = [Clause(whole, "body", "phrase", excluded=False, begin=0, end=len(text))]
    else:
        found = [_understood(one, mode) for one in _CLAUSE.finditer(text)]
    clauses = tuple(clause for clause in found if _has_words(clause))
    if not clauses and any(sign.isalnum() for clause in found for sign in clause.text):
        raise UnusableQuery(
            f"The words of the query are too long: an index keeps those of less than {LONGEST_WORD} letters, "
            "or half as many with accents. Type another word.",
            0,
        )
    _check(clauses, text)
    return clauses


def _check(clauses: Sequence[Clause], text: str) -> None:
    if not clauses:
        raise UnusableQuery("The query holds no word to search for; type one, with letters or digits.", 0)
    if all(clause.excluded for clause in clauses):
        raise UnusableQuery(
            "The query only says what to leave out; add a word to search for.", text.index("-")
        )
    words = 0
    for clause in clauses:
        words += len(words_of(clause.text)) + len(characters(clause.text))
        if words > MAXIMUM_WORDS:
            raise UnusableQuery(
                f"The query has more than {MAXIMUM_WORDS} words; leave out those from here on.", clause.begin
            )


def _understood(found: re.Match[str], mode: Mode) -> Clause:
    minus, name, phrase, opening, word = found.groups()
    if opening:
        raise UnusableQuery("This quotation mark is never closed; close it, or leave it out.", found.start(4))
    field = _FIELDS.get(name or "", "body")
    begin, end = found.span(3 if phrase is not None else 5)
    text, kind = normalised(phrase if phrase is not None else word), _kind(phrase, mode)
    if (
        phrase is None
        and field not in ("ext", "lang")
        and text[-1:] in _OPERATORS
        and _ends_a_word(text[:-1])
    ):
        text, kind, end = text[:-1], _OPERATORS[text[-1]], end - 1
    if field == "lang":
        text = _language(text, begin)
    if kind == "fuzzy" and (len(words_of(text)) != 1 or len(text) < SHORTEST_FUZZY or characters(text)):
        kind = "words"  # a path or a file's name that ends so
    return Clause(text, field, kind, bool(minus), begin, end)


def _ends_a_word(text: str) -> bool:
    """Tell whether a text ends with a letter, a digit or a sign on one."""
    return text != "" and unicodedata.category(text[-1])[0] in "LMN"


def _kind(phrase: str | None, mode: Mode) -> Kind:
    if phrase is not None:
        return "phrase"
    return mode if mode in ("prefix", "fuzzy") else "words"


def _language(text: str, position: int) -> str:
    found = _LANGUAGE.fullmatch(text)
    if found is None:
        raise UnusableQuery(
            f"{text!r} is no language; give its code of two letters, as in lang:de.", position
        )
    return found[1].lower()


def words_of(text: str) -> list[str]:
    """Cut text into words, lower case and without accents; Chinese and its like are left out."""
    return folded(text)


def _has_words(clause: Clause) -> bool:
    return bool(listed(clause.text))


def slips(word: str) -> int:
    """Tell how many slips a word may differ by from one that is spelt like it."""
    return 1 if len(word) <= ONE_SLIP_LETTERS else 2

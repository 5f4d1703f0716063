"""From the clauses of a query to what the engine is asked: of passages, and of whole documents.

Which documents match is asked of their first passages, which hold every word of the document once. Phrases,
and Chinese and its like, are only known to the passages: where one stands is found there first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from math import log
from typing import Final

import tantivy

from jobs.indexing.search.likeness import MOST_ALIKE, alike
from jobs.indexing.search.query import Clause, slips
from jobs.indexing.search.readers import Reader
from jobs.indexing.text.languages import characters, folded, listed, stemmed, stems_of, tagged

# Words that begin with a prefix, the most frequent ones, by which passages are ranked; which documents match
# does not depend on it. All beginnings of a query, and all words spelt like others, share some. The index
# lists words by alphabet, and so many are looked at.
EXPANSIONS, SHARED_EXPANSIONS, FEWEST_EXPANSIONS = 60, 240, 5
LISTED: Final = 5_000
FIELDS: Final = {"title": "title", "author": "author", "path": "place"}
FIRST_KEYS: Final = 1_000

MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


@dataclass(frozen=True)
class Compiler:
    """Turns clauses into queries on one index.

    `widened` counts the clauses of the query that stand for several words each.
    """

    reader: Reader
    widened: int = 1
    _likenesses: dict[str, list[str]] = field(default_factory=dict, compare=False)
    _known_rarities: dict[str, dict[str, float]] = field(default_factory=dict, compare=False)
    _known_passages: dict[Clause, tantivy.Query] = field(default_factory=dict, compare=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """List the stemmers in use."""
        return self.reader.stemmings

    def passages(self, clause: Clause) -> tantivy.Query:
        """Ask for the passages that answer a clause; made once a search, which needs it to mark words too."""
        if clause not in self._known_passages:
            self._known_passages[clause] = self._in_passages(clause)
        return self._known_passages[clause]

    def _in_passages(self, clause: Clause) -> tantivy.Query:
        if clause.field in FIELDS:
            return self._in_field(clause)
        parts = [self.sequence("body", run) for run in characters(clause.text)]
        if folded(clause.text):
            ask = {"prefix": self._beginning, "fuzzy": self._alike}.get(clause.kind, self._said)
            parts.append(ask(clause))
        return together(parts)

    def documents(self, clause: Clause) -> tantivy.Query:
        """Ask for the first passages of the documents that answer a clause."""
        if clause.field in FIELDS:
            return self._in_field(clause)
        words, runs = folded(clause.text), characters(clause.text)
        if clause.kind == "fuzzy":
            return self._alike_anywhere(words[0])
        if clause.kind == "prefix" and words and not runs:
            parts = [self._stems(word) for word in words[:-1]]
            return together([*parts, self._begins("words", words[-1])])
        if self.is_located(clause):
            return among(self.reader, self.keys(self.passages(clause)))
        return self._stems(clause.text)

    def is_located(self, clause: Clause) -> bool:
        """Tell whether only the passages know if a clause is answered: it is about words in an order."""
        if clause.field != "body" or clause.kind == "fuzzy":
            return False
        if characters(clause.text):
            return True
        cuts = (len(stems_of(code, clause.text)) > 1 for code in self.languages)
        return clause.kind != "prefix" and (len(folded(clause.text)) > 1 or any(cuts))

    def keys(self, question: tantivy.Query) -> list[int]:
        """Give the keys of all documents with a passage that answers a question."""
        searcher = self.reader.searcher
        question = tantivy.Query.const_score_query(question, 1.0)
        found = searcher.search(question, limit=FIRST_KEYS)
        if found.count > FIRST_KEYS:  # type: ignore[attr-defined]  # exists; the types forget it
            found = searcher.search(question, limit=found.count, count=False)  # type: ignore[attr-defined]
        addresses = [address for _, address in found.hits]
        return list(dict.fromkeys(searcher.fast_field_values("key", addresses)))  # type: ignore[arg-type]

    def each(self, ask: Callable[[str], tantivy.Query | None]) -> list[tantivy.Query]:
        """Ask in every language of the index that has an answer."""
        asked = map(ask, self.languages)
        return [question for question in asked if question is not None]

    def sequence(self, field: str, words: Sequence[str], *, slop: int = 0) -> tantivy.Query:
        """Ask for words next to each other; a phrase of one word is no phrase to the engine: it panics."""
        if len(words) == 1:
            return self.term(field, words[0])
        return tantivy.Query.phrase_query(self.reader.schema, field, [*words], slop=slop)

    def term(self, field: str, word: str) -> tantivy.Query:
        """Ask for one word as it stands in the index."""
        option = "basic" if field in ("words", "stemming") else "freq"
        return tantivy.Query.term_query(self.reader.schema, field, word, index_option=option)

    def lift(self, text: str) -> tantivy.Query:
        """Ask for a word in the title, once even where both itself and its stem are there."""
        return tantivy.Query.disjunction_max_query([self.term("title", form) for form in self._forms(text)])

    def _forms(self, text: str) -> list[str]:
        """Give a word as it stands and each of its stems."""
        stems = [stem for code in self.languages for stem in stems_of(code, text)]
        return list(dict.fromkeys([*folded(text), *stems]))

    def _said(self, clause: Clause) -> tantivy.Query:
        """Ask for the words of a clause, in their order, in the passages of every language."""
        return any_of(self.in_order(clause.text))

    def in_order(
        self, text: str, *, slop: int = 0, fewest: int = 1, most: int | None = None
    ) -> list[tantivy.Query]:
        """Ask for the words of a text in their order, with `slop` others between them, in every language.

        Languages that make fewer or more words of it than these are left out, and those without one of them.
        """
        rarities = self._rarities(text)

        def ask(code: str) -> tantivy.Query | None:
            words = stems_of(code, text)
            if code not in rarities or len(words) < fewest or (most is not None and len(words) > most):
                return None
            sequence = self.sequence("body", [tagged(code, word) for word in words], slop=slop)
            rarity = rarities[code]
            return sequence if rarity == 1 else tantivy.Query.boost_query(sequence, rarity)

        return self.each(ask)

    def _rarities(self, text: str) -> dict[str, float]:
        """Give what makes the words of a text as rare in each language as they are in the whole index.

        The engine takes a word for rare that few passages of a language have: an English word that a German
        document quotes would outweigh the same in any English one.
        """
        if text not in self._known_rarities:  # a text is asked for in several questions of one search
            self._known_rarities[text] = self._compared(text)
        return self._known_rarities[text]

    def _compared(self, text: str) -> dict[str, float]:
        found = {
            code: [self.reader.frequency("body", tagged(code, stem)) for stem in stems_of(code, text)]
            for code in self.languages
        }
        words = zip_longest(*found.values(), fillvalue=0)
        whole = sum(self._rarity(sum(counts)) for counts in words)
        return {
            code: whole / sum(map(self._rarity, counts))
            for code, counts in found.items()
            if counts and all(counts)
        }

    def _rarity(self, passages: int) -> float:
        """Give the weight that BM25 gives to a word which so many passages have."""
        others = max(0, self.reader.searcher.num_docs - passages)  # deleted ones are counted until a merge
        return log(1 + (others + 0.5) / (passages + 0.5))

    def _stems(self, text: str) -> tantivy.Query:
        """Ask for a word, stemmed as each language does, anywhere in a document, of one rarity."""
        plain = " ".join(folded(text))
        stems = [(code, stem) for code in self.languages for stem in stems_of(code, plain)]
        counts = [self.frequency(code, stem) for code, stem in stems]
        whole = self._rarity(sum(counts))
        return any_of(
            [
                tantivy.Query.boost_query(self.stem(code, stem), whole / self._rarity(count))
                for (code, stem), count in zip(stems, counts, strict=True)
                if count
            ]
        )

    def stem(self, code: str, stem: str) -> tantivy.Query:
        """Ask for a stem of one language anywhere in a document."""
        return self.term("words", tagged(code, stem))

    def _beginning(self, clause: Clause) -> tantivy.Query:
        """Ask for words that begin like the last of the clause, and for those before it."""
        *before, beginning = folded(clause.text)
        expansions = self.expansions(beginning)

        def ask(code: str) -> tantivy.Query | None:
            parts = [self._any_stem(code, expansions)]
            parts += [self._stem_sequence(code, word) for word in before]
            known = [part for part in parts if part is not None]
            return together(known) if parts[0] is not None else None

        return any_of(self.each(ask))

    def expansions(self, beginning: str) -> list[str]:
        """List the most frequent words of the index that begin so, and the beginning itself."""
        found = self.reader.searcher.terms_with_prefix("words", beginning, limit=LISTED)
        often = sorted(found, key=lambda one: (-one[1], one[0]))[: self._share(EXPANSIONS)]
        return list(dict.fromkeys([beginning, *(word for word, _ in often)]))

    def _share(self, most: int) -> int:
        """Tell for how many words a clause of several may stand."""
        return max(FEWEST_EXPANSIONS, min(most, SHARED_EXPANSIONS // max(1, self.widened)))

    def _alike(self, clause: Clause) -> tantivy.Query:
        """Ask for words spelt like a clause's, in any form of theirs; rare ones weigh more."""
        words = self._alike_words(folded(clause.text)[0])
        return any_of(self.each(lambda code: self._any_stem(code, words)))

    def _any_stem(self, code: str, words: Sequence[str]) -> tantivy.Query | None:
        """Ask for one of some words in the passages of one language; None where none has any of them."""
        stems = [tagged(code, stem) for stem in dict.fromkeys(stemmed(code, " ".join(words)))]
        known = [stem for stem in stems if self.reader.frequency("body", stem)]
        return any_of([self.term("body", stem) for stem in known]) if known else None

    def _stem_sequence(self, code: str, text: str) -> tantivy.Query | None:
        """Ask for the words of a text in their order in the passages of one language."""
        words = [tagged(code, stem) for stem in stems_of(code, text)]
        return self.sequence("body", words) if words else None

    def _alike_anywhere(self, word: str) -> tantivy.Query:
        """Ask for the same anywhere in a document, and for the words that could not be listed."""
        return any_of([self._fuzzy("words", word), *map(self._stems, self._alike_words(word))])

    def _alike_words(self, word: str) -> list[str]:
        if word not in self._likenesses:
            self._likenesses[word] = alike(self.reader, word, self._share(MOST_ALIKE))
        return self._likenesses[word]

    def frequency(self, code: str, stem: str) -> int:
        """Count the documents with a stem of one language."""
        return self.reader.frequency("words", tagged(code, stem))

    def _in_field(self, clause: Clause) -> tantivy.Query:
        """Ask for words in a title, an author's name or a path, which every passage of a document has."""
        field, words = FIELDS[clause.field], listed(clause.text)
        if clause.kind == "fuzzy":
            return self._fuzzy(field, words[0])
        if clause.kind == "prefix":
            parts = [self.term(field, word) for word in words[:-1]]
            return together([*parts, self._begins(field, words[-1])])
        if len(words) > 1:
            return self.sequence(field, words)
        forms = self._forms(clause.text) if field == "title" else words
        return any_of([self.term(field, form) for form in dict.fromkeys([*words, *forms])])

    def _begins(self, field: str, beginning: str) -> tantivy.Query:
        # Words are letters, digits and signs on letters: nothing in them means anything to a pattern.
        return tantivy.Query.regex_query(self.reader.schema, field, f"{beginning}.*")

    def _fuzzy(self, field: str, word: str) -> tantivy.Query:
        return tantivy.Query.fuzzy_term_query(self.reader.schema, field, word, distance=slips(word))


def among(reader: Reader, keys: Sequence[int]) -> tantivy.Query:
    """Ask for the passages of some documents."""
    if not keys:
        return tantivy.Query.empty_query()
    return tantivy.Query.term_set_query(reader.schema, "key", [*keys])


def together(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    """Ask for what answers all of several questions."""
    if len(parts) == 1:
        return parts[0]
    return tantivy.Query.boolean_query([(MUST, part) for part in parts])


def any_of(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    """Ask for what answers one of several questions, or more of them."""
    if not parts:
        return tantivy.Query.empty_query()
    if len(parts) == 1:
        return parts[0]
    return tantivy.Query.boolean_query([(SHOULD, part) for part in parts])


def silently(question: tantivy.Query) -> tantivy.Query:
    """Ask without any weight in the ranking."""
    return tantivy.Query.const_score_query(question, 0.0)

"""One question to one index: which documents match, and which of their passages are the best."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import tantivy

from jobs.indexing.search.compiling import MUST, MUST_NOT, SHOULD, Compiler, among, any_of, silently, together
from jobs.indexing.search.filters import Filters, excluded_kinds, narrowing
from jobs.indexing.search.query import Clause, Mode
from jobs.indexing.search.readers import Reader
from jobs.indexing.text.languages import folded

TITLE_BOOST: Final = 0.3
NEARNESS_BOOST: Final = 0.5
NEARNESS: Final = 2  # words that may stand between the words of a query which are sought together
NEARNESS_WORDS: Final = 16
PASSAGES_AT_ONCE: Final = 500  # looked at to find the best of each document of a page


@dataclass(frozen=True)
class Question:
    """A query, and what narrows it, to be asked of an index as it was at one commit."""

    reader: Reader
    clauses: tuple[Clause, ...]
    mode: Mode
    filters: Filters
    _counts: list[int] = field(default_factory=list, compare=False)

    @property
    def commit(self) -> str:
        """Name the state that the answers are of."""
        return self.reader.commit

    @cached_property
    def passages(self) -> tantivy.Query:
        """Ask for the passages that have all that is sought, or any of it, and rank them.

        Words of the title, and words near each other, lift a passage.
        """
        parts = [(MUST, narrow) for narrow in self._narrowing]
        parts += [(MUST_NOT, one) for one in excluded_kinds(self.reader, self.clauses)]
        parts += [(MUST_NOT, self._compiler.passages(clause)) for clause in self._excluded]
        if self._sought:
            occur = SHOULD if self.mode == "any" else MUST
            core = [(occur, self._compiler.passages(clause)) for clause in self._sought]
            parts.append((MUST, tantivy.Query.boolean_query(core)))
            parts += [(SHOULD, lift) for lift in self._lifts()]
        else:
            parts.append((MUST, self._compiler.term("whole", "1")))
        return tantivy.Query.boolean_query(parts)

    @cached_property
    def documents(self) -> tantivy.Query:
        """Ask for the first passages of all documents that match, wherever in them what is sought stands."""
        parts = [(MUST, narrow) for narrow in self._narrowing]
        parts.append((MUST, tantivy.Query.const_score_query(self._compiler.term("whole", "1"), 0.0)))
        parts += [(MUST_NOT, one) for one in excluded_kinds(self.reader, self.clauses)]
        parts += [(MUST_NOT, self._compiler.documents(clause)) for clause in self._excluded]
        answers = [self._compiler.documents(clause) for clause in self._sought]
        if answers:
            parts.append((MUST, any_of(answers) if self.mode == "any" else together(answers)))
        return tantivy.Query.boolean_query(parts)

    @cached_property
    def loosely(self) -> tantivy.Query:
        """Ask for passages that have anything of what is sought: to show where in a document it stands."""
        return any_of([self._compiler.passages(clause) for clause in self._sought])

    @cached_property
    def marked(self) -> tuple[Clause, ...]:
        """List what is to be marked: what is sought in the text, not in other fields."""
        return tuple(clause for clause in self._sought if clause.field == "body")

    @property
    def is_scattered(self) -> bool:
        """Tell whether a document can match although none of its passages does."""
        return (self.mode != "any" and len(self._sought) > 1) or not self._is_plain

    @property
    def is_loose(self) -> bool:
        """Tell whether a passage can match although its document does not."""
        return bool(self._excluded) or any(clause.kind == "prefix" for clause in self._sought)

    def best(self, asked: tantivy.Query, limit: int, **order: Any) -> tuple[list[Any], int]:
        """Ask for passages or documents, in an order of the engine; give the first ones, and count all."""
        result = self.reader.searcher.search(asked, limit=limit, **order)
        count: int = result.count  # type: ignore[attr-defined]  # exists; the types forget it
        if asked is vars(self).get("documents"):  # not to be made for this alone
            self._counts.append(count)
        return result.hits, count

    @property
    def total(self) -> int:
        """Count the documents that match: for nothing where they were just asked for."""
        if self._counts:
            return self._counts[-1]
        if self._is_located and not self.is_loose:
            return len(self._compiler.keys(self.passages))
        return self.best(self.documents, 1)[1]

    def matching(self, keys: Sequence[int]) -> set[int]:
        """Tell which of some documents match."""
        question = together([among(self.reader, keys), self.documents])
        return set(self._compiler.keys(question))

    def passages_of(self, keys: Sequence[int], limit: int) -> dict[int, list[tantivy.DocAddress]]:
        """Give the best passages of each of some documents, by key; none where nothing stands in any."""
        found: dict[int, list[tantivy.DocAddress]] = {key: [] for key in keys}
        self._collect(found, keys, limit)
        hidden = [key for key in keys if not found[key]] if len(keys) > 1 else []
        for key in hidden:  # behind many passages of the others, or without any
            self._collect(found, [key], limit)
        return found

    def _collect(self, found: dict[int, list[tantivy.DocAddress]], keys: Sequence[int], limit: int) -> None:
        searcher, term = self.reader.searcher, tantivy.Query.term_query
        mine = any_of([term(self.reader.schema, "key", key, index_option="basic") for key in keys])
        asked = together([silently(mine), self.loosely])
        hits = searcher.search(asked, limit=PASSAGES_AT_ONCE, count=False).hits
        addresses = [address for _, address in hits]
        for key, address in zip(searcher.fast_field_values("key", addresses), addresses, strict=True):
            if len(found[int(key or 0)]) < limit:
                found[int(key or 0)].append(address)

    @cached_property
    def _compiler(self) -> Compiler:
        widened = sum(clause.kind in ("prefix", "fuzzy") for clause in (*self._sought, *self._excluded))
        return Compiler(self.reader, widened)

    @cached_property
    def _narrowing(self) -> list[tantivy.Query]:
        return narrowing(self.reader, self.filters, self.clauses)

    @cached_property
    def _sought(self) -> list[Clause]:
        return _once([one for one in self.clauses if not one.excluded and not one.narrows])

    @cached_property
    def _excluded(self) -> list[Clause]:
        return _once([one for one in self.clauses if one.excluded and not one.narrows])

    @property
    def _is_plain(self) -> bool:
        """Tell whether passages and documents are asked for the very same words."""
        return all(clause.kind in ("words", "phrase") for clause in self._sought)

    @property
    def _is_located(self) -> bool:
        return len(self._sought) == 1 and self._compiler.is_located(self._sought[0])

    def _lifts(self) -> list[tantivy.Query]:
        body = [clause for clause in self._sought if clause.field == "body"]
        words = [word for clause in body for word in folded(clause.text)]
        boosted = tantivy.Query.boost_query
        lifts = [boosted(self._compiler.lift(word), TITLE_BOOST) for word in dict.fromkeys(words)]

        near = self._compiler.in_order(
            " ".join(clause.text for clause in body), slop=NEARNESS, fewest=2, most=NEARNESS_WORDS
        )
        return lifts + [boosted(phrase, NEARNESS_BOOST) for phrase in near]


def _once(clauses: Sequence[Clause]) -> list[Clause]:
    """Leave out beginnings and words spelt alike that a query has twice; a word weighs more each time."""
    kept: dict[object, Clause] = {}
    for place, one in enumerate(clauses):
        widens = one.kind in ("prefix", "fuzzy")
        kept.setdefault((one.kind, one.field, one.text.casefold()) if widens else place, one)
    return [*kept.values()]

"""The documents found in the order of a column, from wherever a page ended.

A page costs what it shows, however deep it lies. Numbers are sought from the last one shown on. The engine
has no such search for texts, but lists those that begin alike: what follows is sought by name, some at a
time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

import tantivy

from jobs.indexing.search.compiling import silently, together
from jobs.indexing.search.matching import Question

Value = float | int | str
ColumnSort = Literal["-modified", "modified", "path", "title"]

# Which column each order reads, and whether its greatest value comes first.
COLUMNS: Final[dict[ColumnSort, tuple[str, bool]]] = {
    "-modified": ("mtime", True),
    "modified": ("mtime", False),
    "path": ("path", False),
    "title": ("title_order", False),
}
FEWEST_TEXTS, MOST_TEXTS = 100, 10_000  # sought at a time
GROWTH: Final = 4


@dataclass(frozen=True)
class Shown:
    """A document in the order of a column: its value there, and its key, by which equals are ordered."""

    value: Value
    key: int
    address: tantivy.DocAddress


@dataclass(frozen=True)
class Column:
    """The documents that a question finds, in the order of a column."""

    question: Question
    sort: ColumnSort

    def following(self, after: tuple[Value, int] | None, wanted: int) -> list[Shown]:
        """Give the documents that follow a value and a key, in their order; the first ones for None.

        Fewer than `wanted` only where there are no more.
        """
        if after is None:
            return self._first(self.question.documents, wanted)
        value, key = after
        found = self._equal(value, key, wanted)
        for asked in self._beyond(value, wanted):
            if len(found) >= wanted:
                break
            found += self._first(asked, wanted - len(found))
        return found

    def _first(self, asked: tantivy.Query, wanted: int) -> list[Shown]:
        """Give the first documents of a question; of several equal ones not those that the engine chose."""
        name, is_descending = COLUMNS[self.sort]
        order = tantivy.Order.Desc if is_descending else tantivy.Order.Asc
        hits, matching = self.question.best(asked, wanted, order_by_field=name, order=order)
        found = self._shown([value for value, _ in hits], [address for _, address in hits])
        if matching > len(found):
            last = hits[-1][0]
            found = [one for one in found if one.value != last]
            found += self._equal(last, None, wanted - len(found))
        found.sort(key=lambda one: one.key)
        found.sort(key=lambda one: one.value, reverse=is_descending)
        return found

    def _equal(self, value: Value, key: int | None, wanted: int) -> list[Shown]:
        """Give the documents with a value, by key, those after one key."""
        reader, (name, _) = self.question.reader, COLUMNS[self.sort]
        parts = [tantivy.Query.term_query(reader.schema, name, value, index_option="basic")]
        if key is not None:
            parts.append(
                tantivy.Query.range_query(
                    reader.schema, "key", tantivy.FieldType.Integer, lower_bound=key, include_lower=False
                )
            )
        asked = together([self.question.documents, *map(silently, parts)])
        order = tantivy.Order.Asc
        hits, _ = self.question.best(asked, wanted, order_by_field="key", order=order)
        return self._shown([value] * len(hits), [address for _, address in hits])

    def _shown(self, values: list[Value], addresses: list[tantivy.DocAddress]) -> list[Shown]:
        keys = self.question.reader.searcher.fast_field_values("key", addresses)
        found = zip(values, keys, addresses, strict=True)
        return [Shown(value, int(key or 0), address) for value, key, address in found]

    def _beyond(self, value: Value, wanted: int) -> Iterator[tantivy.Query]:
        """Ask for the documents behind all that have a value, in parts that follow one another."""
        name, is_descending = COLUMNS[self.sort]
        schema, documents = self.question.reader.schema, self.question.documents
        if not isinstance(value, str):
            beyond = tantivy.Query.range_query(
                schema,
                name,
                tantivy.FieldType.Integer,
                lower_bound=None if is_descending else value,
                upper_bound=value if is_descending else None,
                include_lower=is_descending,
                include_upper=not is_descending,
            )
            yield together([documents, silently(beyond)])
            return
        texts, some = _after(self.question.reader.searcher, name, value), self._likely(wanted)
        while part := list(islice(texts, some)):
            yield together([documents, silently(tantivy.Query.term_set_query(schema, name, part))])
            some = min(MOST_TEXTS, some * GROWTH)

    def _likely(self, wanted: int) -> int:
        """Tell among how many texts about twice as many documents are found as wanted."""
        everything = self.question.reader.frequency("whole", "1")
        share = everything // max(1, self.question.total)
        return min(MOST_TEXTS, max(FEWEST_TEXTS, 2 * wanted * share))


def _after(searcher: tantivy.Searcher, name: str, value: str) -> Iterator[str]:
    """List the texts of a column that follow one, by alphabet.

    They begin like it, by one character less from turn to turn: so few are listed in vain.
    """
    given: str | None = None
    for length in range(len(value), -1, -1):
        listed = (text for text, _ in searcher.terms_with_prefix(name, value[:length]))
        # The engine lists the texts of one part of the index after those of another.
        yield from sorted(
            text for text in listed if text > value and (given is None or not text.startswith(given))
        )
        given = value[:length]

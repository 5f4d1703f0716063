"""What narrows a search besides its words, and what can be counted of the documents found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import tantivy

from jobs.indexing.search.compiling import any_of, silently
from jobs.indexing.search.query import Clause
from jobs.indexing.search.readers import Reader

Facet = Literal["ext", "folder", "language", "author", "source"]
Counts = dict[str, tuple[tuple[str, int], ...]]  # by facet: each value, and how many documents have it

FACETS: Final[dict[Facet, str]] = {
    "ext": "ext",
    "folder": "folder",
    "language": "language",
    "author": "author_name",
    "source": "source",
}
MOST_VALUES: Final = 1_000  # of one facet, the most frequent first
# The engine counts in each part of the index for itself: what is rare in one must not be dropped there.
VALUES_A_SEGMENT: Final = 1_000_000


@dataclass(frozen=True)
class Filters:
    """Which documents are looked at.

    Of each of `ext`, `language`, `author` and `source` a document must have one of the values; empty means
    any, and the value "" stands for documents that have none. `folder` is a path: the documents in it and
    below. `after` is included, `before` is not; both have a time zone. A document that bears no date is never
    within dates of creation.
    """

    ext: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    folder: str | None = None
    modified_after: datetime | None = None
    modified_before: datetime | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None


def folder_of(filters: Filters) -> str:
    """Give the folder of the filter as the index writes it: with its final "/"; empty for none."""
    inner = (filters.folder or "").strip("/")
    return f"{inner}/" if inner else ""


def narrowing(reader: Reader, filters: Filters, clauses: Sequence[Clause]) -> list[tantivy.Query]:
    """Ask for what a document must be, without any weight in the ranking.

    Clauses of `ext` and `lang` narrow like the filters of that name, in addition to them.
    """
    folder = folder_of(filters)
    wanted = [
        ("ext", [extension(one) for one in filters.ext]),
        ("ext", _values(clauses, "ext")),
        ("language", [one.lower() for one in filters.language]),
        ("language", _values(clauses, "lang")),
        ("author_name", filters.author),
        ("source", filters.source),
        ("folder", [folder] if folder else []),
    ]
    questions = [one_of(reader, field, values) for field, values in wanted if values]
    spans = [
        _between(reader, "mtime", filters.modified_after, filters.modified_before),
        _between(reader, "created", filters.created_after, filters.created_before),
    ]
    return [silently(question) for question in [*questions, *(span for span in spans if span is not None)]]


def one_of(reader: Reader, field: str, values: Sequence[str]) -> tantivy.Query:
    """Ask for documents with one of some values."""
    term = tantivy.Query.term_query
    known = [term(reader.schema, field, value, index_option="basic") for value in values if value]
    return any_of([*known, _without(field)] if "" in values else known)


def _without(field: str) -> tantivy.Query:
    """Ask for documents that have no value."""
    any_value = (tantivy.Occur.MustNot, tantivy.Query.exists_query(field))
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), any_value])


def extension(value: str) -> str:
    """Give the ending of file names as the index writes it: lower case, without the dot."""
    return value.strip().lower().lstrip(".")


def excluded_kinds(reader: Reader, clauses: Sequence[Clause]) -> list[tantivy.Query]:
    """Ask for the documents that clauses of `ext` and `lang` leave out."""
    unwanted = [clause for clause in clauses if clause.narrows and clause.excluded]
    return [one_of(reader, _FIELD[one.field], _texts(one)) for one in unwanted]


def facets(reader: Reader, documents: tantivy.Query, wanted: Sequence[Facet], filters: Filters) -> Counts:
    """Count the documents found by type, folder, language, author or source, the most frequent first.

    Folders are those directly below the folder of the filter, each with its final "/"; what lies in none of
    them is counted in none. Of the others "" counts the documents without a value.
    """
    if not wanted:
        return {}
    asked = {name: {"terms": _terms(reader, name, filters)} for name in wanted}
    found = reader.searcher.aggregate(documents, asked)
    return {
        name: tuple((bucket["key"], bucket["doc_count"]) for bucket in found[name]["buckets"])
        for name in wanted
    }


def added_up(found: Sequence[Counts]) -> Counts:
    """Add up the counts of several indexes."""
    if len(found) == 1:
        return found[0]
    sums: dict[str, dict[str, int]] = {}
    for name, values in (pair for one in found for pair in one.items()):
        counts = sums.setdefault(name, {})
        for value, count in values:
            counts[value] = counts.get(value, 0) + count
    return {
        name: tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        for name, counts in sums.items()
    }


_FIELD: Final = {"ext": "ext", "lang": "language"}


def _terms(reader: Reader, name: Facet, filters: Filters) -> dict[str, object]:
    terms: dict[str, object] = {
        "field": FACETS[name],
        "size": MOST_VALUES,
        "segment_size": VALUES_A_SEGMENT,
    }
    if name == "folder":
        # A list of names: to try a pattern on every folder of the index takes ten times as long.
        terms["include"] = [*reader.subfolders(folder_of(filters))] or ["/"]  # the name of none
    else:
        terms["missing"] = ""
    return terms


def _values(clauses: Sequence[Clause], field: str) -> list[str]:
    wanted = [clause for clause in clauses if clause.field == field and not clause.excluded]
    return [value for clause in wanted for value in _texts(clause)]


def _texts(clause: Clause) -> list[str]:
    if clause.field == "lang":
        return [clause.text]
    return [extension(part) for part in clause.text.split(",") if extension(part)]


def _between(
    reader: Reader, field: str, after: datetime | None, before: datetime | None
) -> tantivy.Query | None:
    if after is None and before is None:
        return None
    return tantivy.Query.range_query(
        reader.schema,
        field,
        tantivy.FieldType.Integer,
        lower_bound=None if after is None else _seconds(after),
        upper_bound=None if before is None else _seconds(before) - 1,
    )


def _seconds(moment: datetime) -> int:
    """Round up: what the index keeps are whole seconds, and none before the moment is after it."""
    since = moment - datetime(
        1970, 1, 1, tzinfo=UTC
    )  # not made UTC first: that fails near the years 1 and 9999
    return -(-since // _SECOND)


_SECOND: Final = timedelta(seconds=1)

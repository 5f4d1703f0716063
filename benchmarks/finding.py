"""How well searches find what is meant: known items in real documents, beside SQLite's FTS5.

Usage: python -m benchmarks.finding [--corpus FOLDER] [--unseen] [--list]

Takes titles of pages, and the words of links from other pages, of which each means one page of the corpus
(`benchmarks.corpus`), as queries, and looks at which place the page is found. MRR is the mean of 1 / place
(0 beyond 10), recall@10 the share that is among the first ten. FTS5 holds the same passages, stemmed too, and
is asked for all words first and for any where no passage has all.

Half of the queries are for working on the ranking; `--unseen` asks the other half, which is kept for the end.
`--list` prints what was not found.
"""

import argparse
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Final

import tantivy

from benchmarks._known_items import Item, items
from benchmarks.corpus import build
from benchmarks.indexing import CORPUS
from jobs.indexing.index.engine import register_analysers
from jobs.indexing.index.generations import SEGMENTS, current
from jobs.indexing.runs.run import index_folder
from jobs.indexing.search.hits import Wanted, search
from jobs.indexing.search.stored import about, passage_of
from jobs.indexing.sources.order import Order

MOST_ITEMS: Final = 600
PLACES: Final = 10
PAGES: Final = 50  # before those that have the link are left out
PASSAGES: Final = 300

Find = Callable[[str], Sequence[str]]


def ours(index: Path, mode: str, words: str) -> list[str]:
    """Give the paths of the first documents."""
    quoted = " ".join(word.strip("\"-'") for word in words.split())
    wanted = Wanted(mode=mode, limit=PAGES)  # type: ignore[arg-type]
    return [hit.path for hit in search(index, quoted, wanted).hits]


def passages(index: Path) -> Iterator[tuple[str, str, str]]:
    """Give path, title and text of every passage of an index."""
    opened = tantivy.Index.open(str(index))
    register_analysers(opened)
    searcher = opened.searcher()
    for _, address in searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs).hits:
        found = searcher.doc(address).to_dict()
        document = about(found)
        yield document.path, document.title, passage_of(found).text


def full_text(rows: Iterator[tuple[str, str, str]]) -> sqlite3.Connection:
    """Put passages into FTS5."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "create virtual table passages using fts5(path unindexed, title, body, tokenize='porter unicode61')"
    )
    database.executemany("insert into passages values(?, ?, ?)", rows)
    return database


def theirs(database: sqlite3.Connection, words: str) -> list[str]:
    """Give the paths of the first documents, by their best passage."""
    terms = ['"' + word.replace('"', "") + '"' for word in words.split()]
    for joint in (" ", " OR "):
        found = database.execute(
            "select path from passages where passages match ? order by bm25(passages) limit ?",
            (joint.join(terms), PASSAGES),
        ).fetchall()
        if found:
            return list(dict.fromkeys(path for (path,) in found))
    return []


def places(find: Find, asked: Sequence[Item]) -> list[int | None]:
    """Tell at which place, from 1, each item is found; None beyond the tenth."""
    found = []
    for item in asked:
        paths = [path for path in find(item.words) if path not in item.linking][:PLACES]
        found.append(paths.index(item.path) + 1 if item.path in paths else None)
    return found


def show(name: str, asked: Sequence[Item], found: Sequence[int | None]) -> None:
    """Print MRR and recall of each kind."""
    told = []
    for kind in ("title", "link"):
        ranks = [place for item, place in zip(asked, found, strict=True) if item.kind == kind]
        told.append(
            f"{kind} {mean(1 / place if place else 0 for place in ranks):.3f}"
            f" {mean(place is not None for place in ranks):.3f} ({len(ranks)})"
        )
    print(f"  {name:24} MRR and recall@10: {', '.join(told)}")


def main() -> None:
    """Index, ask, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    files = build(given.corpus)
    asked = [item for item in items(files, MOST_ITEMS) if item.unseen == given.unseen]
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        index = Path(name)
        index_folder(Order(files, index, "corpus", "bench", "bench"))
        database = full_text(passages(current(index) / SEGMENTS))
        count = database.execute("select count(*) from passages").fetchone()[0]
        print(f"{len(asked)} queries of the {'unseen' if given.unseen else 'first'} half, {count:,} passages")
        finders: dict[str, Find] = {
            "Longhaul, all words": partial(ours, index, "all"),
            "Longhaul, any word": partial(ours, index, "any"),
            "FTS5": partial(theirs, database),
        }
        for title, find in finders.items():
            found = places(find, asked)
            show(title, asked, found)
            if given.list and title == "Longhaul, all words":
                missed = [item for item, place in zip(asked, found, strict=True) if place is None]
                print(*(f"    {item.kind}: {item.words!r} -> {item.path}" for item in missed), sep="\n")


if __name__ == "__main__":
    main()

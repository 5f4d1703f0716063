"""A large index of made-up text, the same at every run, and the same passages in SQLite's FTS5.

Words are made of syllables and occur as words do: the n-th most frequent one 1/n times as often as the first.
Both are kept in the temporary folder, so that the next run finds them.
"""

import itertools
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

DOCUMENTS, PASSAGES_A_DOCUMENT = 52_500, 5
WORDS, WORDS_A_PASSAGE = 60_000, 170
LANGUAGES = ("", "en", "en", "en", "en", "de", "fr", "es")
SUFFIXES = ("pdf", "html", "txt", "docx", "md")
DAY_SECONDS = 86_400
DOCUMENTS_A_COMMIT = 13_000


def words() -> list[str]:
    """Give the vocabulary, the most frequent word first."""
    source = random.Random(5)  # noqa: S311 - words, not secrets
    syllables = [
        one + two for one in "bcdfghklmnprstvw" for two in ("a", "e", "i", "o", "u", "an", "er", "is")
    ]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        found["".join(source.choices(syllables, k=source.randint(1, 4)))] = None
    return list(found)


def texts() -> Iterator[list[str]]:
    """Give the passages of each document."""
    source, vocabulary = random.Random(6), words()  # noqa: S311
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    for _ in range(DOCUMENTS):
        drawn = source.choices(vocabulary, cum_weights=weights, k=PASSAGES_A_DOCUMENT * WORDS_A_PASSAGE)
        yield [" ".join(part) for part in _parts(drawn)]


def _parts(drawn: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(drawn), WORDS_A_PASSAGE):
        yield drawn[begin : begin + WORDS_A_PASSAGE]


def place() -> Path:
    """Give the folder of both; another version of the index has another."""
    from jobs.indexing.index.stamp import ours

    return Path(tempfile.gettempdir()) / f"longhaul-search-{ours().fingerprint}"


def build() -> Path:
    """Make the index and the table beside it, unless they are there; give their folder."""
    folder = place()
    if not folder.exists():
        making = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        _build_index(making / "index" / "segments")
        _build_table(making / "fts5.db")
        making.rename(folder)
    return folder


def document(number: int) -> tuple[str, str]:
    """Give path and id of a document."""
    path = f"{number % 12:02}/{number % 97:02}/{number:06}.{SUFFIXES[number % len(SUFFIXES)]}"
    return path, blake2b(path.encode(), digest_size=16).hexdigest()


def _build_index(segments: Path) -> None:
    from jobs.indexing.extraction.chunks import Chunk
    from jobs.indexing.index.engine import Entry, Writer

    writer = Writer(segments, new=True)
    for number, passages in enumerate(texts()):
        path, doc = document(number)
        entry = Entry(
            doc=doc,
            path=path,
            source="folder:made",
            suffix=path.rpartition(".")[2],
            title=" ".join(passages[0].split()[:6]),
            size=1_000 + number,
            modified=1_500_000_000 + number * DAY_SECONDS // 16,
            author=f"Author {number % 300}",
            created=None,
            language=LANGUAGES[number % len(LANGUAGES)],
            chunks=[Chunk(text, page) for page, text in enumerate(passages, 1)],
        )
        writer.add(entry)
        if number % DOCUMENTS_A_COMMIT == DOCUMENTS_A_COMMIT - 1:
            writer.commit()
    writer.commit()
    writer.close()


def _build_table(path: Path) -> None:
    table = sqlite3.connect(path)
    table.execute("pragma journal_mode = off")
    table.execute("pragma synchronous = off")
    table.execute(
        "create virtual table passages using fts5(body, document unindexed, ext unindexed, "
        "tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    rows = (
        (text, number, SUFFIXES[number % len(SUFFIXES)])
        for number, passages in enumerate(texts())
        for text in passages
    )
    table.executemany("insert into passages values(?, ?, ?)", rows)
    table.commit()
    table.close()

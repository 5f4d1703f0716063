"""How long a search by meaning takes beside one by words, on more than 250,000 passages.

`python -m benchmarks.hybrid [QUERIES]` gives each passage of the index of `benchmarks/_chunks.py` a vector of
384 numbers, as small models do, unless they are there, asks the same questions by words (`mode=all`) and by
meaning too (`mode=hybrid`), and prints the median and the 99th percentile of the milliseconds, by the clock
and of this thread's processor time. The vectors are made here, from the text: what an endpoint needs for the
query's comes on top, once a query.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import _chunks
from benchmarks.search import kinds
from jobs.indexing.index.engine import size_on_disk
from jobs.indexing.index.entries import document_key
from jobs.indexing.search.hits import Filters, Wanted, search
from jobs.indexing.vectors.embedder import print_of, text_of, unit
from jobs.indexing.vectors.layout import folder_of, size_of
from jobs.indexing.vectors.nearest import nearest
from jobs.indexing.vectors.store import Document, Made, Store, open_store

QUERIES = 100
DIMENSIONS = 384
DOCUMENTS_A_COMMIT = 2_000
NEAREST = 100


class Words:
    """Makes vectors that point where the words of a text say: those with the same words are near."""

    model = "words"
    batch = 32

    def __init__(self) -> None:
        self._directions: dict[str, list[float]] = {}

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Give the vector of each text, by its first words."""
        return [self.query(" ".join(text.split()[:8])) for text in texts]

    def query(self, text: str) -> bytes:
        """Give the vector of a few words."""
        directions = [self._direction(word) for word in text.split()]
        return unit([sum(numbers) for numbers in zip(*directions, strict=True)])

    def _direction(self, word: str) -> list[float]:
        if word not in self._directions:
            source = random.Random(word)  # noqa: S311 - directions, not secrets
            self._directions[word] = [source.gauss(0, 1) for _ in range(DIMENSIONS)]
        return self._directions[word]


def build(index: Path, embedder: Words) -> float:
    """Give every passage its vector, unless they are there; return the seconds that keeping them took."""
    if folder_of(index).exists():
        return 0.0
    kept = 0.0
    with open_store(index, embedder.model) as store:
        store.set_dimension(DIMENSIONS)
        for number, passages in enumerate(_chunks.texts()):
            title = " ".join(passages[0].split()[:6])
            texts = [text_of(title, passage) for passage in passages]
            vectors = embedder.passages(passages)
            begun = time.perf_counter()
            _keep(store, number, texts, vectors)
            if number % DOCUMENTS_A_COMMIT == DOCUMENTS_A_COMMIT - 1:
                store.commit()
            kept += time.perf_counter() - begun
        store.commit()
    return kept


def _keep(store: Store, number: int, texts: Sequence[str], vectors: Sequence[bytes]) -> None:
    path, doc = _chunks.document(number)
    document, prints = Document("folder:made", path, document_key(doc), ""), [*map(print_of, texts)]
    store.hold(document, prints)
    lacking = store.lacking(document, len(texts))
    store.add([Made(document, order, prints[order], vectors[order]) for order in lacking])


def timed(ask: Callable[[str], object], queries: Sequence[str]) -> list[tuple[float, float]]:
    """Ask every question; give median and 99th percentile of the milliseconds, by clock and processor."""
    ask(queries[0])
    taken: list[tuple[float, float]] = []
    for query in queries:
        begun, worked = time.perf_counter(), time.thread_time()
        ask(query)
        taken.append(((time.perf_counter() - begun) * 1000, (time.thread_time() - worked) * 1000))
    sides = [sorted(side) for side in zip(*taken, strict=True)]
    return [(side[len(side) // 2], side[int(len(side) * 0.99)]) for side in sides]


def main() -> None:
    """Measure and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else QUERIES
    index, embedder = _chunks.build() / "index", Words()
    seconds = build(index, embedder)
    passages = _chunks.DOCUMENTS * _chunks.PASSAGES_A_DOCUMENT
    print(f"{passages:,} passages, {DIMENSIONS} numbers each: {size_of(folder_of(index)) / 1e6:,.0f} MB")
    print(f"in an index of {size_on_disk(index) / 1e6:,.0f} MB, {number} questions of each kind")
    if seconds:
        print(f"kept at {passages / seconds:,.0f} passages/s")
    queries = kinds(number)[0].queries
    narrow = Filters(ext=("pdf", "html"), folder="03")
    looks: dict[str, Callable[[str], object]] = {
        "words": lambda query: search(index, query),
        "words and meaning": lambda query: search(index, query, Wanted(embedder=embedder)),
        "words, filtered": lambda query: search(index, query, Wanted(filters=narrow)),
        "both, filtered": lambda query: search(index, query, Wanted(filters=narrow, embedder=embedder)),
        "nearest passages alone": lambda query: nearest(index, "words", embedder.query(query), most=NEAREST),
    }
    print(f"{'ms: median / 99 %':26}{'by the clock':>18}{'processor':>18}")
    for name, ask in looks.items():
        cells = [f"{median:.1f} / {late:.1f}" for median, late in timed(ask, queries)]
        print(f"{name:26}{cells[0]:>18}{cells[1]:>18}", flush=True)


if __name__ == "__main__":
    main()

"""Makes the vectors that an index lacks, once a run has written it, and lets go of those that nobody needs.

What a run has written stands, whatever becomes of this: an embedder that is away, a full disk or damage is a
sentence in the run's warnings, and the next run goes on from here.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from jobs.indexing.durable import clear
from jobs.indexing.vectors.contents import Passages, documents_of
from jobs.indexing.vectors.embedder import Embedder, EmbeddingFault, dimension_of, print_of
from jobs.indexing.vectors.layout import folder_of
from jobs.indexing.vectors.patience import KNOWN_TO_WORK, patiently, vectors_of
from jobs.indexing.vectors.store import Document, Key, Made, Store, differing, open_store, stored_model
from jobs.indexing.wording import reason

DOCUMENTS_A_COMMIT: Final = 500
MOST_SECONDS: Final = 3 * 3600.0  # a job has six hours; what it has read must not be lost to a slow model
SLICE_SECONDS: Final = 0.5  # of a pause: a run that is cancelled meanwhile notices

Tell = Callable[[int, int], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Way:
    """How vectors are made for an index.

    Parameters
    ----------
    embedder : Embedder, optional
        Without one, only the vectors of documents that are gone are removed.
    check : callable
        Raises if another run has taken the index over meanwhile.
    has_room : callable
        Whether the index may take more of the disk.
    tell : callable
        Told how many passages have a vector now, of how many that lacked one; what it raises stops the run.
    """

    embedder: Embedder | None
    check: Callable[[], None]
    has_room: Callable[[], bool]
    tell: Tell


def fill(index: Path, way: Way) -> tuple[str, ...]:
    """Bring the vectors of an index in line with its documents; give what the user is to be told.

    To be called with the lock on the index held, when its documents are committed. Called again after it was
    killed, it goes on from the last batch.
    """
    try:
        model = stored_model(index) if way.embedder is None else way.embedder.model
        if model is None:
            return ()
        with open_store(index, model) as store:
            return _Filling(index, store, way).run()
    except (sqlite3.Error, OSError) as error:
        log.warning("vectors not written", extra={"index": index.name, "reason": reason(error)})
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            clear(folder_of(index))
            return (f"The vectors were damaged ({reason(error)}) and are gone. {_NEXT}",)
        return (f"The vectors could not be written ({reason(error)}); is the disk full? {_NEXT}",)


def forget_source(index: Path, source: str) -> None:
    """Remove the vectors of a source that leaves an index. To be called with the lock on the index held."""
    try:
        model = stored_model(index)
        if model is None:
            return
        with open_store(index, model) as store:
            store.forget([one for one in store.documents().values() if one.source == source])
            store.commit()
            store.tidy()
    except (sqlite3.Error, OSError):
        clear(folder_of(index))  # they are made again; what is to be gone must not stay


_NEXT: Final = (
    "What has none is found by its words; the next indexing job on this index makes those that are missing."
)


class _Filling:
    """One run over the vectors of an index."""

    def __init__(self, index: Path, store: Store, way: Way) -> None:
        self._index, self._store, self._way = index, store, way
        self._wanted = documents_of(index)
        self._refused = 0
        self._lacked = 0
        self._end = time.monotonic() + MOST_SECONDS

    def run(self) -> tuple[str, ...]:
        """Do all of it."""
        known = self._store.documents()
        self._store.forget([one for place, one in known.items() if place not in self._wanted])
        self._commit()
        why = None
        if self._way.embedder is not None:
            try:
                self._complete(self._way.embedder, known)
            except EmbeddingFault as fault:
                why = f"the embeddings endpoint {fault}"
            except _Enough as reached:
                why = str(reached)
        self._way.check()
        self._store.tidy()
        return self._told(why)

    def _complete(self, embedder: Embedder, known: Mapping[Key, Document]) -> None:
        self._take_note(known)
        if not self._store.missing():
            return
        first = patiently(embedder, [KNOWN_TO_WORK], self._pause)[0]
        if self._store.set_dimension(dimension_of(first)):
            self._take_note({})
        self._lacked = self._store.missing()
        self._way.tell(0, self._lacked)
        lacking = self._lacking()
        while batch := list(islice(lacking, embedder.batch)):
            self._make(embedder, batch)

    def _take_note(self, known: Mapping[Key, Document]) -> None:
        """Find what has no vector, and give those that are known to passages that say the same."""
        todo = differing(known, self._wanted)
        if not todo:
            return
        passages = Passages(self._index)
        for number, document in enumerate(todo, 1):
            self._store.hold(document, [print_of(text) for text in passages.texts(document)])
            if number % DOCUMENTS_A_COMMIT == 0:
                self._commit()
                self._way.tell(0, 0)
        self._commit()

    def _lacking(self) -> Iterator[tuple[Document, int, str]]:
        """Yield the passages that have no vector."""
        passages = Passages(self._index)
        for document in self._store.incomplete():
            texts = passages.texts(document)
            for order in self._store.lacking(document, len(texts)):
                yield document, order, texts[order]

    def _make(self, embedder: Embedder, batch: list[tuple[Document, int, str]]) -> None:
        vectors = vectors_of(embedder, [text for _, _, text in batch], self._pause)
        made = []
        for (document, order, text), vector in zip(batch, vectors, strict=True):
            if vector is None:
                self._refused += 1
            elif dimension_of(vector) != self._store.about.dimension:
                raise EmbeddingFault(
                    f"gave a vector of {dimension_of(vector):,} numbers after some of "
                    f"{self._store.about.dimension:,}"
                )
            else:
                made.append(Made(document, order, print_of(text), vector))
        if not self._way.has_room():
            raise _Enough("the index has no room left for them within your limit")
        self._store.add(made)
        self._commit()
        self._tell()
        if time.monotonic() > self._end and self._store.missing():
            raise _Enough(f"making them has taken {MOST_SECONDS / 3600:g} hours")

    def _commit(self) -> None:
        self._way.check()
        self._store.commit()

    def _tell(self) -> None:
        self._way.tell(self._lacked - self._store.missing() + self._refused, self._lacked)

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, SLICE_SECONDS))
            self._tell()

    def _told(self, why: str | None) -> tuple[str, ...]:
        missing = self._store.missing()
        if not missing:
            return ()
        passages = "1 passage has" if missing == 1 else f"{missing:,} passages have"
        if why is not None:
            return (f"{passages} no vector: {why}. {_NEXT}",)
        if self._refused:
            return (
                f"{passages} no vector: the embeddings endpoint refuses such texts, even their first words.",
            )
        return ()


class _Enough(Exception):
    """A run makes no more vectors; the text says why."""

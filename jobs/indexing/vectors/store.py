"""The vectors of an index, opened by the one run that writes it."""

import sqlite3
import time
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jobs.indexing.durable import clear, sync_folder
from jobs.indexing.vectors.layout import (
    DATABASE,
    DEFINITION,
    LOCK_SECONDS,
    VERSION,
    about,
    file_of,
    folder_of,
    missing,
    reading,
)
from jobs.indexing.vectors.vector_file import VectorFile

CHECK_AGAIN_SECONDS: Final = 7 * 24 * 3600.0
IDLE_PLACES: Final = 1_000  # too few to be worth a new file
BLOCK_PLACES: Final = 4_096

Key = tuple[str, str]  # the source and the path of a document


@dataclass(frozen=True)
class Document:
    """A document of the index: its number in the engine, and what changes whenever its passages may have."""

    source: str
    path: str
    key: int
    mark: str


@dataclass(frozen=True)
class Made:
    """A vector that was made, for a passage of a document."""

    document: Document
    ord: int
    print: bytes
    vector: bytes


@contextmanager
def open_store(index: Path, model: str) -> Iterator["Store"]:
    """Open the vectors of an index, for one model; those of another, and damaged ones, are removed.

    Raises
    ------
    sqlite3.Error, OSError
        The disk does not take it.
    """
    folder = folder_of(index)
    store = _opened(folder, model)
    if store is None:
        clear(folder)
        store = Store(folder, model)
    try:
        yield store
    finally:
        store.close()


def _opened(folder: Path, model: str) -> "Store | None":
    """Open vectors as they are; None where they are to be made anew."""
    try:
        store = Store(folder, model)
    except sqlite3.OperationalError:  # of the disk, or of another process
        raise
    except sqlite3.DatabaseError:
        return None
    with ExitStack() as unless_whole:
        unless_whole.callback(store.close)
        try:
            if not (store.about.model == model and store.is_whole()):
                return None
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            return None
        unless_whole.pop_all()
    return store


class Store:
    """Vectors, and which passage each is of. Nothing counts before `commit`."""

    def __init__(self, folder: Path, model: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._database = sqlite3.connect(folder / DATABASE, isolation_level=None, timeout=LOCK_SECONDS)
        try:
            self._prepare(model)
            self.about = about(self._database)
            self._file = VectorFile(file_of(folder, self.about.file), self.about.dimension)
        except BaseException:
            self._database.close()
            raise
        self._places = self.about.places
        self._database.execute("begin immediate")

    def _prepare(self, model: str) -> None:
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = full")
        self._database.executescript(DEFINITION)
        if self._database.execute("pragma user_version").fetchone()[0] not in (0, VERSION):
            raise sqlite3.DatabaseError("made by another version of this program")
        self._database.execute(f"pragma user_version = {VERSION:d}")
        if self._database.execute("select 1 from about").fetchone() is None:
            first = (model, 0, 1, 0, 0, time.time())
            self._database.execute("insert into about values(?, ?, ?, ?, ?, ?)", first)

    def close(self) -> None:
        """Let go of the files; what is not committed is lost. Safe to be called again."""
        self._file.close()
        self._database.close()

    def is_whole(self) -> bool:
        """Tell whether list and vectors are as they were written; all of it is read once a week."""
        if not self._file.holds(self.about.places):
            return False
        if time.time() - self.about.checked_at > CHECK_AGAIN_SECONDS:
            if self._database.execute("pragma quick_check(1)").fetchone()[0] != "ok":
                return False
            if not self._as_written():
                return False
            self._database.execute("update about set checked_at = ?", (time.time(),))
        return True

    def _as_written(self) -> bool:
        """Compare all vectors with their check sums."""
        rows = self._database.execute("select place, crc from passages order by place")
        while some := rows.fetchmany(BLOCK_PLACES):
            if any(zlib.crc32(self._file.read(place)) != crc for place, crc in some):
                return False
        return True

    def set_dimension(self, dimension: int) -> bool:
        """Note how many numbers a vector has; tell whether that is new: then no document is known now."""
        if dimension == self.about.dimension:
            return False
        for table in ("passages", "documents"):
            self._database.execute(f"delete from {table}")  # noqa: S608 - ours
        self._next_file(dimension).close()
        self._database.execute("update about set dimension = ?, removals = removals + 1", (dimension,))
        self.about = about(self._database)
        return True

    def documents(self) -> dict[Key, Document]:
        """List the documents that are known."""
        found = self._database.execute("select source, path, key, mark from documents")
        return {(source, path): Document(source, path, key, mark) for source, path, key, mark in found}

    def incomplete(self) -> list[Document]:
        """List the documents that have passages without vectors, by source and path."""
        found = self._database.execute(
            "select source, path, key, mark from documents where missing > 0 order by source, path"
        )
        return [Document(*row) for row in found]

    def missing(self) -> int:
        """Count the passages without a vector."""
        return missing(self._database)

    def forget(self, documents: Iterable[Document]) -> None:
        """Give up the vectors of documents that are gone."""
        for one in documents:
            self._give_up("key = ?", one.key)
            self._database.execute(
                "delete from documents where source = ? and path = ?", (one.source, one.path)
            )

    def hold(self, document: Document, prints: Sequence[bytes]) -> None:
        """Take note of the passages of a document, in order; those of which a vector is known have it now."""
        known = dict(self._database.execute("select ord, print from passages where key = ?", (document.key,)))
        wanted = dict(enumerate(prints))
        for order in [order for order, one in known.items() if wanted.get(order) != one]:
            self._give_up("key = ? and ord = ?", document.key, order)
        lacking = [order for order, one in wanted.items() if known.get(order) != one]
        copied = sum(self._copy(document, order, wanted[order]) for order in lacking)
        self._database.execute(
            "insert or replace into documents values(?, ?, ?, ?, ?)",
            (document.source, document.path, document.key, document.mark, len(lacking) - copied),
        )

    def _give_up(self, which: str, *values: int) -> None:
        gone = self._database.execute(f"delete from passages where {which}", values)  # noqa: S608 - ours
        if gone.rowcount:
            self._database.execute("update about set removals = removals + 1")

    def _copy(self, document: Document, order: int, text: bytes) -> bool:
        """Give a passage the vector of an equal one, if there is any."""
        same = self._database.execute(
            "select place, crc from passages where print = ? limit 1", (text,)
        ).fetchone()
        if same is None:
            return False
        place, crc = same
        vector = self._file.read(place)
        if zlib.crc32(vector) != crc:
            return False
        self._put(document.key, order, text, vector)
        return True

    def lacking(self, document: Document, orders: int) -> list[int]:
        """List which of so many passages of a document have no vector."""
        found = self._database.execute("select ord from passages where key = ?", (document.key,))
        having = {order for (order,) in found}
        return [order for order in range(orders) if order not in having]

    def add(self, made: Collection[Made]) -> None:
        """Take vectors in."""
        for one in made:
            self._put(one.document.key, one.ord, one.print, one.vector)
            self._database.execute(
                "update documents set missing = missing - 1 where source = ? and path = ?",
                (one.document.source, one.document.path),
            )

    def _put(self, key: int, order: int, text: bytes, vector: bytes) -> None:
        self._file.write(self._places, vector)
        self._database.execute(
            "insert into passages values(?, ?, ?, ?, ?)",
            (self._places, key, order, text, zlib.crc32(vector)),
        )
        self._places += 1

    def commit(self) -> None:
        """Make everything so far durable, and visible to searches: vectors first, then who has them."""
        self._file.sync()
        if self._places != self.about.places:
            self._database.execute("update about set places = ?", (self._places,))
        self._database.execute("commit")
        self.about = about(self._database)
        self._database.execute("begin immediate")

    def tidy(self) -> None:
        """Write the vectors into a new file, without those of nobody, once these are a quarter of them."""
        (live,) = self._database.execute("select count(*) from passages").fetchone()
        if self._places - live > max(IDLE_PLACES, self._places // 4):
            self._rewrite()
        for file in self._folder.glob("*.f16"):
            if file != file_of(self._folder, self.about.file):
                file.unlink(missing_ok=True)

    def _rewrite(self) -> None:
        places = [place for (place,) in self._database.execute("select place from passages order by place")]
        with closing(self._next_file(self.about.dimension)) as old:
            for place, before in enumerate(places):
                self._file.write(place, old.read(before))
        # In this order no place is taken twice: each goes to where it was, or further to the front.
        self._database.executemany("update passages set place = ? where place = ?", enumerate(places))
        self._database.execute("update about set removals = removals + 1")
        self._places = len(places)
        self.commit()

    def _next_file(self, dimension: int) -> VectorFile:
        """Go on in a new file, and give the old one, which is removed once the new one counts."""
        old, number = self._file, self.about.file + 1
        self._file = VectorFile(file_of(self._folder, number), dimension, new=True)
        sync_folder(self._folder)
        self._places = 0
        self._database.execute("update about set file = ?, places = 0", (number,))
        return old


def stored_model(index: Path) -> str | None:
    """Tell which model the vectors of an index are of; None where there are none.

    Raises
    ------
    sqlite3.Error
        They are damaged.
    """
    try:
        with reading(index) as database:
            return about(database).model
    except FileNotFoundError:
        return None


def differing(known: Mapping[Key, Document], wanted: Mapping[Key, Document]) -> list[Document]:
    """List the documents whose passages may be others than those that are known."""
    return [one for place, one in wanted.items() if known.get(place) != one]

"""How vectors lie on the disk, and how they are found there by whoever only reads.

`vectors/vectors.db` (SQLite) says which passage has which place in `vectors/<n>.f16`, where vectors stand one
after the other. A place is written, and on disk, before it is named, and never written again: whatever a
process was killed in the middle of, what is named is whole. What a passage says is kept as a print, by which
a vector of an older text is told from the one of the text that the index has now.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = "vectors"  # in the folder of an index, whichever of its generations counts
DATABASE: Final = "vectors.db"
VERSION: Final = 1
LOCK_SECONDS: Final = 2.0  # readers hold the database for milliseconds, and never up

DEFINITION: Final = """
create table if not exists about(model text not null, dimension integer not null, file integer not null,
    places integer not null, removals integer not null, checked_at real not null);
create table if not exists documents(source text not null, path text not null, key integer not null,
    mark text not null, missing integer not null, primary key (source, path)) without rowid;
create index if not exists documents_missing on documents(missing) where missing > 0;
create index if not exists documents_by_key on documents(key);
create table if not exists passages(place integer primary key, key integer not null, ord integer not null,
    print blob not null, crc integer not null);
create unique index if not exists passages_by_key on passages(key, ord);
create index if not exists passages_by_print on passages(print);
"""


@dataclass(frozen=True)
class About:
    """What the vectors of an index are: all of one model, which gives them `dimension` numbers each.

    `file` is the number of the file that holds them, in `places` places, some of them of nobody any more;
    `removals` counts how often a place was given up. `dimension` is 0 until there is a vector.
    """

    model: str
    dimension: int
    file: int
    places: int
    removals: int
    checked_at: float


def folder_of(index: Path) -> Path:
    """Give the folder of the vectors of an index, which need not exist."""
    return index / FOLDER


def file_of(folder: Path, number: int) -> Path:
    """Give the file that vectors stand in."""
    return folder / f"{number}.f16"


def about(database: sqlite3.Connection) -> About:
    """Read what the vectors are."""
    return About(*database.execute("select * from about").fetchone())


@contextmanager
def reading(index: Path) -> Iterator[sqlite3.Connection]:
    """Open the list of vectors to be read, as it is at this moment.

    Raises
    ------
    FileNotFoundError
        There are none.
    sqlite3.Error
        It is damaged.
    """
    path = folder_of(index) / DATABASE
    if not path.exists():
        raise FileNotFoundError(path)
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, isolation_level=None)) as database:
        database.execute("begin")
        yield database


def missing(database: sqlite3.Connection) -> int:
    """Count the passages of the index that have no vector."""
    found = database.execute("select coalesce(sum(missing), 0) from documents where missing > 0").fetchone()
    return int(found[0])


def size_of(folder: Path) -> int:
    """Sum the sizes of the files of vectors."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return sum(file.stat().st_size for file in folder.iterdir())
    return 0

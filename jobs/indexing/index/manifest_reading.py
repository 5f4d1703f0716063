"""Opens the list of files of an index to be read, also while a run writes it or builds another instead."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from jobs.errors import NotFound
from jobs.indexing.index.faults import broken
from jobs.indexing.index.generations import FILE_NAME, current

LOCK_SECONDS: Final = 10.0  # readers hold the database for milliseconds


@contextmanager
def reading_manifest(index: Path) -> Iterator[sqlite3.Connection]:
    """Open the list of files of an index to be read.

    Raises
    ------
    NotFound
        There is none.
    BrokenIndex
        It is damaged.
    """
    try:
        with closing(_connected(index)) as database:
            yield database
    except sqlite3.Error as error:
        raise broken(str(error)) from error


def _connected(index: Path) -> sqlite3.Connection:
    """Open the list of files that counts; again, if another index took its place at this very moment."""
    while True:
        place = current(index)
        try:
            return _opened(place / FILE_NAME)
        except (NotFound, sqlite3.Error):
            if current(index) == place:
                raise


def _opened(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise NotFound("There is no such index yet; an indexing job makes it.")
    address = f"{path.resolve().as_uri()}?mode=ro"
    database = sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS)
    try:
        database.execute("select 1 from sqlite_schema limit 1").fetchone()  # from now on the file stays open
    except sqlite3.Error:
        database.close()
        raise
    return database

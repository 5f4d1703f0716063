"""What is said of an index that is damaged, and of a disk that takes nothing: two things to be told apart."""

import sqlite3

from jobs.errors import BrokenIndex, Unavailable


def broken(why: str) -> BrokenIndex:
    """Make the error of an index that is not whole, which says what to do."""
    return BrokenIndex(
        f"The index is damaged ({why}). Start an indexing job on it: that builds it anew, whatever its mode."
    )


def unwritable(error: sqlite3.Error) -> Unavailable:
    """Make the error of a list of files that the disk does not take."""
    return Unavailable(f"The index's list of files could not be written ({error}); is the disk full?")


def is_of_the_disk(error: sqlite3.Error) -> bool:
    """Tell whether the disk, and not what is on it, is at fault."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says more of the same
    return code in (
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    )

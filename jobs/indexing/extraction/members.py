"""Members of archives: how a run calls them, and when they were changed."""

from calendar import timegm
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan
from typing import Final, NamedTuple

from jobs.indexing.extraction.naming import Names

LATEST_SECONDS: Final = 2**33  # the year 2242
_SPELT_OUT: Final = r"\x2e\x2e"  # two dots, in a name that is only shown


@dataclass(frozen=True)
class Member:
    """A regular file in an archive; `number` counts all entries, `modified` is in seconds since 1970."""

    number: int
    name: str
    size: int
    modified: int
    encrypted: bool = False


class Shown(NamedTuple):
    """A member as the run knows it: a path that no other has, and whether its name leads out of the archive.

    `number` counts all entries of the archive, `modified` is in seconds since 1970.
    """

    number: int
    path: str
    size: int
    modified: int
    encrypted: bool
    unsafe: bool


def shown(members: Sequence[Member]) -> Iterator[Shown]:
    """Yield the members that are files of the run: of those with one name the last, as unpacking leaves it.

    Hidden ones are left out. Names that differ and read the same (`a.txt`, `./a.txt`) are numbered.
    """
    names, last = Names(), {member.name: member.number for member in members}
    for member in members:
        parts = [part for part in member.name.replace("\\", "/").split("/") if part not in ("", ".")]
        hidden = any(part.startswith(".") and part != ".." for part in parts)
        if last[member.name] != member.number or not parts or hidden:
            continue
        path = names.take("/".join(_SPELT_OUT if part == ".." else part for part in parts))
        unsafe = ".." in parts or member.name.startswith(("/", "\\"))
        yield Shown(member.number, path, member.size, member.modified, member.encrypted, unsafe)


def zip_seconds(date: tuple[int, int, int, int, int, int]) -> int:
    """Give the seconds from 1970 to a date of a zip archive; 0 where it is none.

    Programs that know no date write month 0, and the format has room for a 62nd second.
    """
    year, month, day, hour, minute, second = date
    try:
        return timegm(datetime(year, month, day, hour, minute, min(second, 59)).timetuple())
    except ValueError:
        return 0


def tar_seconds(seconds: float) -> int:
    """Give the time of a member of a tar archive in whole seconds from 1970, bounded; 0 where it is none."""
    return 0 if isnan(seconds) else int(min(max(seconds, 0), LATEST_SECONDS))

"""Which sources an index has, noted beside it: this outlives the loss of everything else of the index."""

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from jobs.indexing.durable import write_durably

SOURCES: Final = "sources.json"
_SUM, _OF = "crc32", "sources"  # no names of sources: those have a colon

# What is meant of a source: its patterns, by the name of the choice they belong to.
Choices = Mapping[str, Mapping[str, Sequence[str]]]
# What is noted of a source when nobody knows any more what was meant of it.
UNKNOWN: Final[Mapping[str, Sequence[str]]] = {"unknown": ["include", "exclude"]}


def known_sources(index: Path) -> Choices | None:
    """Give the sources of an index with what is meant of each; None where that is not noted or lost."""
    try:
        lines = (index / SOURCES).read_bytes().splitlines()
    except OSError:
        return None
    return next((found for found in map(_read, lines) if found is not None), None)


def are_lost(index: Path) -> bool:
    """Tell whether the sources are noted so that nobody can read it any more."""
    return (index / SOURCES).exists() and known_sources(index) is None


def is_unknown(index: Path, source: str) -> bool:
    """Tell whether what was meant of a source is lost."""
    return (known_sources(index) or {}).get(source) == UNKNOWN


def note_sources(index: Path, sources: Choices) -> None:
    """Note sources, beside those that are known.

    Raises
    ------
    Unavailable
        The disk does not take it.
    """
    known = known_sources(index)
    after = {**(known or {}), **sources}
    if after != known:
        _write(index, after)


def forget_sources(index: Path, sources: Sequence[str]) -> None:
    """Forget sources: nothing of them is taken over when the index is built anew.

    Raises
    ------
    Unavailable
        The disk does not take it.
    """
    known = known_sources(index)
    if known is not None and not known.keys().isdisjoint(sources):
        after = {source: choice for source, choice in known.items() if source not in sources}
        _write(index, after)


def _write(index: Path, sources: Choices) -> None:
    """Write the sources twice, each time with a check sum: no damage to one place of a disk takes both."""
    spelt = orjson.dumps(sources)
    line = orjson.dumps({_SUM: zlib.crc32(spelt), _OF: spelt.decode()})
    write_durably(index / SOURCES, b"\n".join([line, line]))


def _read(line: bytes) -> Choices | None:
    try:
        found: Any = orjson.loads(line)
        if _SUM in found:
            spelt = found[_OF].encode()
            if zlib.crc32(spelt) != found[_SUM]:
                return None
            found = orjson.loads(spelt)
        return {str(source): dict(choice) for source, choice in found.items()}  # or as it once was written
    except (ValueError, TypeError, AttributeError, KeyError):
        return None

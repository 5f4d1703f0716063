"""Which sources an index has, noted beside it: this outlives the loss of everything else of the index."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from jobs.indexing.durable import write_durably

SOURCES: Final = "sources.json"

# What is meant of a source: its patterns, by the name of the choice they belong to.
Choices = Mapping[str, Mapping[str, Sequence[str]]]


def known_sources(index: Path) -> Choices | None:
    """Give the sources of an index with what is meant of each; None where that is not noted or lost."""
    try:
        found: Any = orjson.loads((index / SOURCES).read_bytes())
        return {str(source): dict(choice) for source, choice in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None


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
        write_durably(index / SOURCES, orjson.dumps(after))


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
        write_durably(index / SOURCES, orjson.dumps(after))

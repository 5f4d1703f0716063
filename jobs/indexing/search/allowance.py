"""What one search may cost: processor time, looked at before each thing that the engine is asked.

It is the time of this thread and not that of the clock: a search on a busy machine has as much as any. So a
search ends soon also when nobody waits for its answer any more.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

import tantivy

from jobs.errors import UnusableQuery
from jobs.indexing.search.readers import Reader

MOST_SECONDS: Final = 4.0


T = TypeVar("T")


class Spent(Exception):
    """A search has cost all that it may."""


class Allowance:
    """The processor time that a search has left, and what was left out for the lack of it."""

    def __init__(self, seconds: float) -> None:
        self._until = time.thread_time() + seconds
        self.left_out: list[str] = []

    def check(self) -> None:
        """Raise `Spent` when nothing is left."""
        if time.thread_time() > self._until:
            raise Spent

    def reader(self, opened: Reader) -> Reader:
        """Give a reader that asks the engine only as long as something is left."""
        return replace(opened, searcher=cast("tantivy.Searcher", _Watched(opened.searcher, self.check)))

    def sparing(self, what: str, ask: Callable[[], T], otherwise: T) -> T:
        """Ask for something that a search can do without; note it where it was left out."""
        try:
            return ask()
        except Spent:
            self.left_out.append(what)
            return otherwise

    @contextmanager
    def needed(self) -> Iterator[None]:
        """Refuse a search that has cost too much before it has found anything.

        Raises
        ------
        UnusableQuery
            It has.
        """
        try:
            yield
        except Spent:
            raise UnusableQuery(
                "The search takes too much time: leave out some of its words with `*` or `~` or make their "
                "beginnings longer, ask for fewer words, or for fewer indexes at once.",
                0,
            ) from None


class _Watched:
    """A searcher that looks at what is left before whatever may take long."""

    def __init__(self, searcher: tantivy.Searcher, check: Callable[[], None]) -> None:
        self._searcher, self._check = searcher, check

    def __getattr__(self, name: str) -> Any:
        if name in _COSTLY:
            self._check()
        return getattr(self._searcher, name)


_COSTLY: Final = frozenset({"search", "aggregate", "terms_with_prefix"})

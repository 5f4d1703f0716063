"""Indexes of documents, and searches in them: `client.indexes`, `client.search`."""

import os
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from longhaul.errors import UnusableData
from longhaul.jobs import Job, Jobs
from longhaul.models import IndexState, SearchPage, index_state, search_page
from longhaul.sessions import Sent, Sessions, silent
from longhaul.transport import Call, Transport, path
from longhaul.uploads import documents

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
MOST_INDEXES = 16  # of one search


class Indexes:
    """Searchable indexes, by name."""

    def __init__(self, transport: Transport, jobs: Jobs, sessions: Sessions) -> None:
        self._transport = transport
        self._jobs = jobs
        self._sessions = sessions

    def create(  # noqa: PLR0913 - all that may be said of an index, by name
        self,
        name: str,
        paths: Paths = (),
        *,
        folder: str | None = None,
        session: str | None = None,
        include: Collection[str] = (),
        exclude: Collection[str] = (),
        mode: Literal["incremental", "full"] | None = None,
        dry_run: bool = False,
        told: Sent = silent,
    ) -> Job:
        """Make an index of documents, or bring it up to date; return the job.

        Documents that are sent under one index's name come to those that were sent before; one of the same
        name takes the other's place. What the service has already is not sent again.

        Parameters
        ----------
        name : text
            Of a-z, 0-9, - and _.
        paths : path or paths
            Files, and folders with all below them but what is hidden. Where they lie in folders, the way to
            them becomes a part of their names.
        folder : text, optional
            A folder on the server instead.
        session : text, optional
            The session that takes the files; without `paths`, one that was sent before.
        include, exclude : texts
            Patterns of the files that are meant, or are not: `*.pdf`, `drafts/`.
        mode : "incremental" or "full", optional
            Whether files that have not changed are read again.
        dry_run : bool
            Tell only what would be done.

        Raises
        ------
        UnusableData
            There is nothing to index, or a file cannot be sent.
        Invalid, NotFound, Conflict
            The service refuses: the text says what to change.
        """
        given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        if bool(given or session) == bool(folder):
            raise UnusableData(
                "Give either paths of documents (or a `session`), or a `folder` of the server."
            )
        if given:
            session = self._sent(name, given, session, told)
        asked: dict[str, Any] = {"index": name, "session": session, "folder": folder, "mode": mode}
        asked |= {"include": [*include], "exclude": [*exclude], "dry_run": dry_run or None}
        return self._jobs.create("indexing", {name: value for name, value in asked.items() if value})

    def _sent(self, name: str, paths: list[str | os.PathLike[str]], session: str | None, told: Sent) -> str:
        """Send files into the index's session, the given one or that of its name; return its id."""
        uploads = documents(paths)
        title = f"Documents of {name}"
        known = session or next((one.id for one in self._sessions.list() if one.title == title), None)
        if known is None:
            return self._sessions.create(uploads, title=title, told=told).id
        return self._sessions.add(known, uploads, told=told).id

    def list(self) -> "list[IndexState]":
        """Return your indexes, by name."""
        return [index_state(one) for one in self._transport.pages(path("indexes"))]

    def get(self, name: str) -> IndexState:
        """Return an index; `raw` holds its sources and numbers."""
        return index_state(self._transport.read(path("indexes", name)))

    def delete(self, name: str) -> None:
        """Remove an index."""
        self._transport.send(Call("DELETE", path("indexes", name)))

    def search(self, query: str, index: str | Collection[str] | None = None, **filters: object) -> SearchPage:
        """Return the first page of what is found; see `Client.search`."""
        names = [index] if isinstance(index, str) else list(index or ())
        if not names:
            names = [one.name for one in self.list()][:MOST_INDEXES]
        if not names:
            raise UnusableData("There is no index to search in: make one with `client.indexes.create`.")
        given = [("q", query), *(("index", name) for name in names), *_pairs(filters)]
        return search_page(query, self._transport.read(path("search"), given))

    def next_page(self, page: SearchPage) -> SearchPage | None:
        """Return the page that follows, or None after the last."""
        return search_page(page.query, self._transport.read(page.next)) if page.next else None


def _pairs(filters: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return filters as query parameters; a collection gives one for each of its values."""
    pairs: list[tuple[str, str]] = []
    for name, value in filters.items():
        values = value if isinstance(value, list | tuple | set | frozenset) else [value]
        pairs += [(name, _text(one)) for one in values if one is not None]
    return pairs


def _text(value: object) -> str:
    moment = getattr(value, "isoformat", None)  # of dates and times
    return str(moment()) if moment else str(value)

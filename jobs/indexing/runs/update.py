"""Brings an index in line with what was found in one of its sources.

The content of a document is indexed once, under the path that sorts first; every other path with the same
content is a duplicate of it. So the index depends on the files alone, not on the order in which they came or
were read.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from jobs.indexing.extraction.frames import Answer
from jobs.indexing.index.engine import Entry, Writer
from jobs.indexing.index.manifest import Manifest, Row, document_id
from jobs.indexing.runs.ledger import Ledger, told, unwritten
from jobs.indexing.sources.scan import File, Refusal
from jobs.indexing.wording import UNREADABLE

SAME_AS: Final = "the same content as"
STATUSES: Final = ("indexed", "unchanged", "skipped", "failed", "duplicate")


class Update:
    """One run's changes to the documents of one source.

    `rows` is the manifest of the source as it will be, `outcomes` what became of each file of this run. With
    the number of a run that was cut off (`run`) it goes on where that one ended.
    """

    def __init__(
        self,
        manifest: Manifest,
        writer: Writer,
        source: str,
        *,
        run: int | None = None,
        ledger: Ledger = unwritten,
    ) -> None:
        self.rows = manifest.rows(source)
        self.outcomes: dict[str, str] = {}
        self.removed = 0
        self._counts: Counter[str] = Counter(dict.fromkeys(STATUSES, 0))
        self._manifest = manifest
        self._writer = writer
        self._source = source
        self._run = manifest.begin_run(source, run)
        self._holders = {_content(row): path for path, row in self.rows.items() if row.status == "indexed"}
        self._changed: dict[str, Row | None] = {}
        self._touched: set[str] = set()
        self._spared: dict[str, str] = {}  # documents whose files could not be read, and why
        self._ledger = ledger
        self.characters = 0  # in documents that are not committed

    @property
    def source(self) -> str:
        """What the index calls the place of these files."""
        return self._source

    @property
    def run(self) -> int:
        """The number of the run in the manifest."""
        return self._run

    @property
    def touched(self) -> Collection[str]:
        """The paths of documents that the next commit touches."""
        return self._touched

    @property
    def changed(self) -> Mapping[str, Row | None]:
        """The rows that the next commit changes, None where one goes."""
        return self._changed

    def committed(self) -> None:
        """Note that documents and rows are on disk."""
        self._touched.clear()
        self._changed.clear()
        self.characters = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """Files of this run by outcome."""
        return dict(self._counts)

    def recover(self) -> list[str]:
        """Forget the documents of a commit that was cut short: they may be there or not, whole or old.

        Their paths are returned: these files have to be read again.
        """
        cut_short = self._manifest.pending(self._source)
        for path in cut_short:
            self._delete(path)
            self._withdraw(path)
            self.rows.pop(path, None)
            self._changed[path] = None
        return cut_short

    def keep(self, path: str, *, size: int, mtime_ns: int) -> None:
        """Leave a file as it is known: its content has not changed."""
        row = self.rows[path]
        reason = None if row.reason == UNREADABLE else row.reason
        if (row.size, row.mtime_ns, row.reason) != (size, mtime_ns, reason):
            self._put(path, replace(row, size=size, mtime_ns=mtime_ns, reason=reason))
        self._conclude(path, self._outcome(row))

    def refuse(self, file: File, status: str, reason: str, detail: str) -> None:
        """Note a file that is not even read."""
        if self._spare(file.path, reason, detail):
            return
        row = refused_row(Refusal(file, status, reason, detail), self._run)
        known = self.rows.get(file.path)
        if known is None or replace(known, run=self._run) != row:
            self._withdraw(file.path)
            self._put(file.path, row)
        self._conclude(file.path, status)

    def settle(self, file: File, answer: Answer) -> None:
        """Take in the answer of an extraction."""
        fresh = row_of(file, answer, self._run)
        if answer.status == "same" and file.path in self.rows:
            self.keep(file.path, size=fresh.size, mtime_ns=fresh.mtime_ns)
            return
        if answer.status == "extracted" and self._settled(file.path, answer):
            self._conclude(file.path, "indexed", answer)
            return
        if self._spare(file.path, answer.reason, answer.detail or ""):
            return
        self._withdraw(file.path)
        if fresh.status == "indexed":
            self._admit(fresh, answer)
        else:
            self._put(file.path, fresh)
            self._conclude(file.path, fresh.status, answer)

    def remove(self, path: str) -> None:
        """Take out a file that is gone."""
        self._withdraw(path)
        row = self.rows.pop(path)
        self._changed[path] = None
        self.removed += row.hash is not None  # what was never read was never there for anybody

    def problems(self) -> Iterator[tuple[str, str, str, str | None]]:
        """Yield path, status, reason and detail of each file of this run that was refused or not read."""
        for path in self.outcomes:
            row = self.rows[path]
            if path in self._spared:
                yield path, "failed", UNREADABLE, self._spared[path]
            elif row.reason is not None and row.status in {"failed", "skipped"}:
                yield path, row.status, row.reason, row.detail

    def orphans(self) -> list[str]:
        """List the path that is to be read now for each content whose indexed path has changed or gone.

        That of a content which a later path took over meanwhile is among them: it sorts first.
        """
        first: dict[tuple[str | None, str], str] = {}
        for path in sorted(self.outcomes):
            row = self.rows.get(path)
            if row is None or row.status != "duplicate" or path in self._spared:
                continue
            if self._holders.get(_content(row), path) >= path:
                first.setdefault(_content(row), path)
        return list(first.values())

    def tell_duplicates(self) -> None:
        """Tell the ledger under which path the content of each duplicate is indexed in the end."""
        for path, outcome in self.outcomes.items():
            if outcome == "duplicate":
                self._tell(path, outcome, None)

    def _spare(self, path: str, reason: str | None, why: str) -> bool:
        """Leave a document as it is whose file the system does not give: nobody knows that it has changed.

        The file counts as failed, and its row bears the reason until it is read again.
        """
        row = self.rows.get(path)
        if reason != UNREADABLE or row is None or row.status not in {"indexed", "duplicate"}:
            return False
        if row.reason != UNREADABLE:
            self._put(path, replace(row, reason=UNREADABLE))
        self._spared[path] = why
        self._conclude(path, "failed")
        return True

    def _outcome(self, row: Row) -> str:
        """Tell what a known row is to this run: one that it has indexed itself is not unchanged."""
        return "unchanged" if row.status == "indexed" and row.run != self._run else row.status

    def _settled(self, path: str, answer: Answer) -> bool:
        """Tell whether this run has committed this very content before it was cut off."""
        row = self.rows.get(path)
        return (
            row is not None
            and (row.status, row.run) == ("indexed", self._run)
            and (row.hash, row.format) == (answer.hash, answer.format)
        )

    def _admit(self, row: Row, answer: Answer) -> None:
        """Index a document, or note it as a duplicate of a path that sorts before it."""
        holder = self._holders.get(_content(row))
        if holder is not None and holder < row.path:
            self._put(row.path, replace(row, status="duplicate", chunks=0, characters=0))
            self._conclude(row.path, "duplicate", answer)
            return
        if holder is not None:
            self._demote(holder)
        self._writer.add(
            Entry(
                doc=document_id(self._source, row.path),
                path=row.path,
                source=self._source,
                suffix=PurePath(row.path).suffix.lower().lstrip("."),
                title=answer.title,
                size=row.size,
                modified=row.mtime_ns // 10**9,
                author=answer.author,
                created=answer.created,
                language=answer.language,
                chunks=answer.chunks,
            )
        )
        self._touched.add(row.path)
        self.characters += row.characters
        self._holders[_content(row)] = row.path
        self._put(row.path, row)
        self._conclude(row.path, "indexed", answer)

    def _demote(self, path: str) -> None:
        row = self.rows[path]
        self._spared.pop(path, None)
        self._withdraw(path)
        self._put(path, replace(row, status="duplicate", chunks=0, characters=0, run=self._run))
        if path in self.outcomes:
            self._conclude(path, "duplicate")

    def _withdraw(self, path: str) -> None:
        """Take a document out of the index, if it is in it."""
        row = self.rows.get(path)
        if row is not None and row.status == "indexed" and self._holders.get(_content(row)) == path:
            del self._holders[_content(row)]
            self._delete(path)

    def _delete(self, path: str) -> None:
        self._writer.delete(document_id(self._source, path))
        self._touched.add(path)

    def _put(self, path: str, row: Row) -> None:
        self.rows[path] = row
        self._changed[path] = row

    def _conclude(self, path: str, outcome: str, answer: Answer | None = None) -> None:
        if path in self.outcomes:
            self._counts[self.outcomes[path]] -= 1
        self.outcomes[path] = outcome
        self._counts[outcome] += 1
        self._tell(path, outcome, answer)

    def _tell(self, path: str, outcome: str, answer: Answer | None) -> None:
        row = self.rows[path]
        holder = self._holders.get(_content(row)) if outcome == "duplicate" else None
        detail = f"{SAME_AS} {holder}" if holder else self._spared.get(path, row.detail)
        self._ledger.note(told(self._source, row, outcome, detail, answer))


def _content(row: Row) -> tuple[str | None, str]:
    """What makes two files the same document: their bytes, and how they are read."""
    return row.hash, row.format


def row_of(file: File, answer: Answer, run: int) -> Row:
    """Make the row of a file that was read."""
    return Row(
        path=file.path,
        status="indexed" if answer.status == "extracted" else answer.status,
        size=file.size if answer.size is None else answer.size,
        mtime_ns=file.mtime_ns if answer.mtime_ns is None else answer.mtime_ns,
        hash=answer.hash,
        format=answer.format,
        reason=answer.reason,
        detail=answer.detail,
        chunks=len(answer.chunks),
        characters=answer.characters,
        milliseconds=answer.milliseconds,
        run=run,
        language=answer.language,
    )


def refused_row(refusal: Refusal, run: int) -> Row:
    """Make the row of a file that is not even read."""
    file, reason, detail = refusal.file, refusal.reason, refusal.detail
    return Row(file.path, refusal.status, file.size, file.mtime_ns, None, "", reason, detail, 0, 0, 0, run)

"""Takes the sources that a run does not read over into the index that it builds anew.

Their files are read again where they can be reached. The documents of the others are kept as the old index
stores them, as far as it can be read. Nothing is lost without a word.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from jobs.errors import BadInput
from jobs.indexing.index import known_sources
from jobs.indexing.index.engine import Entry
from jobs.indexing.index.manifest import Row
from jobs.indexing.runs.opening import Opening
from jobs.indexing.runs.remains import Remains, row_of
from jobs.indexing.runs.updates import unfenced
from jobs.indexing.runs.work import Sight
from jobs.indexing.sources.globs import Choice
from jobs.indexing.sources.order import Order
from jobs.indexing.wording import UNREADABLE

DOCUMENTS_A_COMMIT: Final = 2_000

Resolve = Callable[[str], Path | None]
Content = tuple[str | None, str]
Again = Callable[[Order], None]


def nowhere(source: str, /) -> Path | None:  # noqa: ARG001 - the shape of Resolve
    """Tell that a source cannot be reached: the default where nobody knows the folders of sources."""
    return None


@dataclass(frozen=True)
class _Kept:
    """How many documents of a source were kept, and how many could not be read any more."""

    documents: int
    lost: int


def complete(
    opening: Opening, *, resolve: Resolve, again: Again, check: Callable[[], None] = unfenced
) -> tuple[str, ...]:
    """End a run: take over what the index still lacks if it was built anew, and let it count.

    Parameters
    ----------
    resolve : callable
        Gives the folder of another source, None where it cannot be reached.
    again : callable
        Indexes the files of an order into the opened index.
    check : callable
        Raises if another run has taken the index over meanwhile.

    Returns
    -------
    tuple of str
        What the user is to be told, in sentences; nothing for an index that was not built anew.
    """
    if opening.why is None:
        check()
        opening.swap(())
        return ()
    remains = Remains(opening.old)
    warnings = [opening.why]
    order = opening.order
    for place in order.places:
        wanted = _out_of_sight(opening, place.source) if order.remove_deleted else _every
        _keep(opening, remains, place.source, wanted)
    for source in _others(order, remains):
        said = _take_over(opening, remains, source, resolve=resolve, again=again)
        warnings += [] if said is None else [said]
    check()
    opening.swap(tuple(warnings))
    return tuple(warnings)


def _others(order: Order, remains: Remains) -> list[str]:
    """List the sources that the run has not read; those of its family that it has not found are gone."""
    noted = known_sources.known_sources(order.index)
    own = {place.source for place in order.places}
    found = sorted((remains.sources() if noted is None else noted.keys()) - own)
    return [source for source in found if not (order.family and source.startswith(order.family))]


def _take_over(
    opening: Opening, remains: Remains, source: str, *, resolve: Resolve, again: Again
) -> str | None:
    """Bring one source into the new index; say what its user has to know."""
    if opening.manifest.has_ended(source):
        return None  # a run that was killed had come so far
    is_unknown = known_sources.is_unknown(opening.order.index, source)
    root = None if is_unknown else resolve(source)
    if root is not None:
        try:
            again(_order_of(opening, source, root))
        except BadInput:
            pass  # it was there a moment ago
        else:
            _keep(opening, remains, source, _out_of_sight(opening, source))
            return None
    kept = _keep(opening, remains, source, _every)
    opening.manifest.end_run(opening.manifest.begin_run(source))
    why = "What was to be indexed of {} is lost" if is_unknown else "The files of {} cannot be reached"
    said = f"{why.format(source)}: {_documents(kept.documents)} kept as stored"
    if kept.lost:
        said += f", {_documents(kept.lost)} lost"
    when = "" if is_unknown else " once it is there"
    return f"{said}. Index it again{when}, or remove it from the index."


def _documents(number: int) -> str:
    return "1 document was" if number == 1 else f"{number:,} documents were"


def _order_of(opening: Opening, source: str, root: Path) -> Order:
    order = opening.order
    noted = (known_sources.known_sources(order.index) or {}).get(source, {})
    choice = Choice(tuple(noted.get("include", ())), tuple(noted.get("exclude", ())))
    return Order(root, order.index, order.name, source, order.run, choice=choice)


def _every(path: str) -> bool:  # noqa: ARG001 - the shape of what `_keep` asks
    return True


def _out_of_sight(opening: Opening, source: str) -> Callable[[str], bool]:
    """Tell whether a path could not be looked at, or what it lies in: it is not known to be gone."""
    rows = opening.manifest.rows(source)
    return Sight((path, row.status, row.reason) for path, row in rows.items()).lacks


def _keep(opening: Opening, remains: Remains, source: str, wanted: Callable[[str], bool]) -> _Kept:
    """Copy documents that the new index lacks from the old one, as they are stored there.

    Their rows are of no run of the new index: to its users they are unchanged.
    """
    read = opening.manifest.rows(source)
    known = {path: row for path, row in read.items() if row.reason != UNREADABLE}
    rows = remains.rows(source)
    listed = {path: row for path, row in rows.items() if path not in known and wanted(path)}
    if rows and not listed:
        return _Kept(0, 0)
    held = {(row.hash, row.format) for row in known.values() if row.status == "indexed"}
    entries = (one for one in remains.entries(source) if one.path not in known and wanted(one.path))
    documents = 0
    while batch := list(islice(entries, DOCUMENTS_A_COMMIT)):
        kept = {entry.path: row for entry in batch if (row := _kept_row(entry, listed, held))}
        kept |= {path: replace(row, reason=UNREADABLE) for path, row in kept.items() if path in read}
        _copy(opening, source, [entry for entry in batch if entry.path in kept], kept)
        documents += len(kept)
    others = {path: replace(row, run=0) for path, row in listed.items() if row.status != "indexed"}
    opening.manifest.record(source, others)
    lost = sum(row.status == "indexed" for row in listed.values()) - documents
    return _Kept(documents, max(0, lost))


def _kept_row(entry: Entry, listed: Mapping[str, Row], held: Collection[Content]) -> Row | None:
    """Make the row of a stored document; None where some of its passages are missing."""
    row = listed.get(entry.path)
    if row is None or row.status != "indexed" or (row.hash, row.format) in held:
        return row_of(entry)
    return replace(row, run=0) if row.chunks == len(entry.chunks) else None


def _copy(opening: Opening, source: str, entries: list[Entry], rows: Mapping[str, Row]) -> None:
    opening.manifest.note_pending(source, rows)
    for entry in entries:
        opening.writer.delete(entry.doc)  # an attempt that was killed may have added it
        opening.writer.add(entry)
    opening.writer.commit()
    opening.manifest.record(source, rows)
    opening.check_space()

"""What an index knows of the files of its sources, for who only looks."""

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Final

from jobs.indexing.index.manifest import Row
from jobs.indexing.index.manifest_reading import reading_manifest
from jobs.indexing.runs.work import Known

_COLUMNS: Final = ", ".join(field.name for field in fields(Row))


def known_rows(index: Path, sources: Iterable[str], family: str = "") -> dict[str, Known]:
    """Read what is known of these sources, and of every other of a family.

    Raises
    ------
    NotFound
        There is no index.
    BrokenIndex
        It is damaged.
    """
    with reading_manifest(index) as database:
        named = set(sources)
        if family:
            found = database.execute("select source from files union select source from pending")
            named |= {source for (source,) in found if source.startswith(family)}
        known = {}
        for source in named:
            select = f"select {_COLUMNS} from files where source = ?"  # noqa: S608 - our own names
            rows = {row[0]: Row(*row) for row in database.execute(select, (source,))}
            doubted = [path for (path,) in database.execute(_PENDING, (source,))]
            for path in doubted:
                rows.pop(path, None)
            known[source] = Known(rows, doubted)
    return known


_PENDING: Final = "select path from pending where source = ?"

"""Turn JSON into rows of text: lines or an array of objects, or an object of columns."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from jobs.analysis.tables.cells import guess_numbers, unique_names
from jobs.analysis.tables.dialect import Dialect
from jobs.errors import UnreadableTable
from jobs.progress import Progress, Report

CHUNK_CHARACTERS = 1024 * 1024
LONGEST_RECORD = 64 * 1024 * 1024  # characters; more is an object of columns, or no table
MOST_BYTES_AT_ONCE = 300 * 1024 * 1024  # of an object of columns, which is read whole
ROWS_BETWEEN_REPORTS = 10_000
SAMPLE_ROWS = 1_000
MOST_COLUMNS = 2_000

Json = None | bool | str | list["Json"] | dict[str, "Json"]
# Numbers stay as they are written, so that a column that is partly text loses nothing.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


@dataclass
class _Table:
    """The rows written so far: keys in the order in which they came, and what was changed."""

    keys: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    sample: list[list[str]] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)

    def cells(self, record: Mapping[str, Json], label: str) -> list[str]:
        """Return a record as cells; a new key makes a new column after the others."""
        row = [""] * len(self.keys)
        for key, value in flattened(record):
            place = self.keys.setdefault(key, len(self.keys))
            if place == MOST_COLUMNS:
                raise UnreadableTable(
                    f"{label}: the records have more than {MOST_COLUMNS:,} different keys; that is no table"
                )
            if isinstance(value, list):
                self.lists.add(key)
            if place == len(row):
                row.append("")
            row[place] = as_text(value)
        self.rows += 1
        if len(self.sample) < SAMPLE_ROWS:
            self.sample.append(row)
        return row


def unrecord(path: Path, target: Path, *, report: Report, label: str) -> tuple[Dialect, tuple[str, ...]]:
    """Write the records in `path` to `target` as CSV without a header, under one row of empty cells.

    That row tells the width of the table, which is known at the end only: later rows may have more keys.
    Return how that is written, its columns by the keys of the records, and what to say of it. Objects inside
    a record become columns of their own ("size.width"), lists stay JSON.

    Raises
    ------
    UnreadableTable
        The file is no JSON, or what it holds is no table.
    """
    table, by_column = _Table(), False
    with path.open(encoding="utf-8-sig", errors="replace") as text:
        if _is_object_of_columns(text):
            by_column, records = True, _by_column(path, label)
        else:
            records = _records(text, path.stat().st_size, report, label)
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            out.write(_first_row(0))
            for record in records:
                writer.writerow(table.cells(record, label) or [""])
            out.seek(0)
            out.write(_first_row(len(table.keys)))
    if not table.keys or not table.rows:
        raise UnreadableTable(f"{label}: the JSON holds no records with values")
    numbers = guess_numbers(table.sample, ",")
    names, notes = unique_names(tuple(table.keys), len(table.keys))
    if table.lists:
        listed = ", ".join(f"'{key}'" for key in sorted(table.lists)[:5])
        notes = (*notes, f"lists were kept as text in {listed}")
    dialect = Dialect(
        format="json",
        encoding="utf-8",
        delimiter=",",
        quote='"',
        skip_rows=0,
        has_header=False,
        decimal=numbers.decimal,
        columns=names,
        header_lines=0,
        thousands=numbers.thousands,
        notes=numbers.notes,
        keys=tuple(table.keys),
        by_column=by_column,
    )
    return dialect, notes


def _first_row(width: int) -> str:
    """Return a row of empty cells, equally long for every width."""
    commas = max(0, width - 1)
    return '"' + " " * (MOST_COLUMNS - commas) + '"' + "," * commas + "\n"


def flattened(record: Mapping[str, Json], before: str = "") -> Iterator[tuple[str, Json]]:
    """Yield the keys and values of a record, those of objects inside it with the keys joined by dots."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from flattened(value, f"{before}{key}.")
        else:
            yield before + key, value


def as_text(value: Json) -> str:
    """Return a value as it would stand in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_object_of_columns(text: IO[str]) -> bool:
    """Return whether the file is one object whose values stand by column, from its beginning."""
    head = text.read(64 * 1024).lstrip()
    text.seek(0)
    if not head.startswith("{"):
        return False
    whole, end, error = _decoded(head, 0)
    if error is None and isinstance(whole, dict):
        another = head[end:].lstrip().startswith("{")
        return not another and all(isinstance(value, list | dict) for value in whole.values())
    # The object goes on beyond what was read: as columns do, whose first value is an array or an object.
    first = head[1:].lstrip()
    _, place, error = _decoded(first, 0)
    return error is None and first[place:].lstrip().removeprefix(":").lstrip().startswith(("[", "{"))


def _by_column(path: Path, label: str) -> Iterator[Mapping[str, Json]]:
    """Yield the rows of an object of columns, or of an object that wraps one array of records."""
    if path.stat().st_size > MOST_BYTES_AT_ONCE:
        raise UnreadableTable(
            f"{label}: an object of columns is read whole, and this one is larger than "
            f"{MOST_BYTES_AT_ONCE // 1024**2} MB; send JSON Lines, one record a line"
        )
    text = path.read_text(encoding="utf-8-sig", errors="replace").strip()
    found, end, error = _decoded(text, 0)
    if error is not None or end < len(text) or not isinstance(found, dict):
        raise UnreadableTable(
            f"{label}: this is no valid JSON ({error or 'more follows its end'})"
        ) from error
    columns = [_listed(column) for column in found.values()]
    records = [row for row in columns[0] or [] if isinstance(row, dict)] if len(columns) == 1 else []
    if records and len(records) == len(columns[0] or []):
        yield from records
        return
    filled = [column for column in columns if column is not None]
    if len(filled) < len(columns) or len({len(column) for column in filled}) != 1:
        raise UnreadableTable(
            f"{label}: the columns of the JSON object are not equally long; send an array of records"
        )
    for row in zip(*filled, strict=True):
        yield dict(zip(found, row, strict=True))


def _listed(column: Json) -> list[Json] | None:
    """Return the values of a column, which may be numbered by keys, or None when it is no column."""
    if isinstance(column, dict):
        return list(column.values())
    return column if isinstance(column, list) else None


def _records(text: IO[str], size: int, report: Report, label: str) -> Iterator[Mapping[str, Json]]:
    """Yield the objects of an array or of lines, a part of the file in memory at a time."""
    buffer, place, ended, rows = "", 0, False, 0
    while True:
        place = _after_separators(buffer, place)
        found, end, error = _decoded(buffer, place)
        # A number at the end of the buffer may go on in the next part.
        if error is not None or (end == len(buffer) and not ended):
            if ended and place >= len(buffer):
                return
            if ended or len(buffer) - place > LONGEST_RECORD:
                raise UnreadableTable(f"{label}: record {rows + 1} is no valid JSON ({error})") from error
            # Twice as much each time, for a long record is tried from its beginning again.
            part = text.read(max(CHUNK_CHARACTERS, len(buffer) - place))
            buffer, place, ended = buffer[place:] + part, 0, not part
            continue
        rows, place = rows + 1, end
        if not isinstance(found, dict):
            raise UnreadableTable(
                f"{label}: record {rows} of the JSON is no object; send an array of objects or one a line"
            )
        if rows % ROWS_BETWEEN_REPORTS == 0:
            share = 2 + 8 * min(1.0, text.buffer.tell() / max(1, size)) if hasattr(text, "buffer") else 2.0
            report(Progress("read", share, "Reading the records", None, rows, None))
        yield found


def _decoded(buffer: str, place: int) -> tuple[Json, int, Exception | None]:
    """Return the value that begins at `place` and where it ends, or why there is none."""
    try:
        found, end = _DECODER.raw_decode(buffer, place)
    except (ValueError, RecursionError) as error:
        return None, place, error
    return found, end, None


def _after_separators(buffer: str, place: int) -> int:
    """Skip what stands between records: spaces, line ends, commas and the brackets of an array."""
    while place < len(buffer) and buffer[place] in " \t\r\n,[]\ufeff":
        place += 1
    return place

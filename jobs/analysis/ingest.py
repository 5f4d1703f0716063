"""Turn an uploaded file into typed Parquet, once for each content."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import polars as pl

from jobs.analysis import inference, parquet, reading, watched
from jobs.analysis.columns import Column
from jobs.analysis.facts import describe_columns
from jobs.analysis.inference import Decision, Tally
from jobs.analysis.result import Dataset
from jobs.analysis.sniff import Dialect, sniff
from jobs.analysis.table_notes import table_notes
from jobs.errors import UnreadableTable
from jobs.progress import Progress, Report, silent

ENGINE_VERSION = "2"  # raise it when the same file would be read otherwise than before
CELLS_A_BATCH = 1_000_000  # text cells in memory at once: about 60 MB
MOST_COLUMNS = 2_000
MOST_NOTES = 60  # on columns; a table with more troubles than that is summed up


@dataclass(frozen=True)
class Table:
    """A table on disk, ready to be analysed.

    Parameters
    ----------
    path : Path
        Typed Parquet: numbers, text, booleans and dates, null where there is no usable value.
    dialect : Dialect
        How the original file is written, for a program that reads it by itself.
    """

    path: Path
    dataset: Dataset
    columns: tuple[Column, ...]
    dialect: Dialect


def ingest(path: Path, cache: Path, *, name: str, report: Report = silent) -> Table:
    """Read the table in `path` into `cache` and return it; the same bytes are read only once.

    Parameters
    ----------
    cache : Path
        Folder for typed tables, made when missing; the table stands in `<sha256>-<engine version>/`.
    name : str
        What the user calls the file; used in messages only.

    Raises
    ------
    UnreadableTable
        The file is not a table, or a row does not fit its header.
    """
    dialect = sniff(path, name=name)
    found = reading.survey(path, dialect.delimiter, report, (0.0, 2.0))
    folder = cache / f"{found.sha256}-{ENGINE_VERSION}"
    if not (folder / "schema.json").exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".reading-") as scratch:
            _read(path, Path(scratch), dialect, found, report=report, name=name)
            _publish(Path(scratch), folder)
    table = _load(folder, name)
    report(Progress("read", 35.0, "The table is read", None, table.dataset.rows, table.dataset.rows))
    return table


def _read(
    path: Path, scratch: Path, dialect: Dialect, found: reading.Survey, *, report: Report, name: str
) -> None:
    """Write table.parquet and schema.json into `scratch`."""
    target = scratch / "table.parquet"
    if dialect.format == "parquet":
        decisions, notes = parquet.copy(path, target, name), dialect.notes
        dialect = replace(dialect, columns=tuple(decisions))
    else:
        dialect, decisions, notes = _read_text(path, target, dialect, found, report=report, name=name)
    columns = describe_columns(target, decisions, report=report)
    if columns[0].rows == 0:
        raise UnreadableTable(f"{name}: the file has only a header; a table needs at least one row")
    dataset = Dataset(
        name=name,
        sha256=found.sha256,
        bytes=found.size,
        rows=columns[0].rows,
        columns=len(columns),
        format=dialect.format,
        encoding=dialect.encoding,
        delimiter=dialect.delimiter,
        warnings=(*notes, *_column_notes(decisions), *table_notes(target, columns)),
    )
    schema = {"dataset": asdict(dataset), "columns": [asdict(c) for c in columns], "dialect": asdict(dialect)}
    (scratch / "schema.json").write_text(json.dumps(schema, ensure_ascii=False, indent=1), encoding="utf-8")


def _read_text(
    path: Path, target: Path, dialect: Dialect, found: reading.Survey, *, report: Report, name: str
) -> tuple[Dialect, Mapping[str, Decision], tuple[str, ...]]:
    """Write the typed table; return how it is written in the end, the types, and what was changed."""
    width = len(dialect.columns)
    if width > MOST_COLUMNS:
        raise UnreadableTable(
            f"{name}: the table has {width:,} columns; at most {MOST_COLUMNS:,} can be read"
        )
    source, tallies, blank = _tally(path, target.parent, dialect, found, report=report, name=name)
    decisions = {column: inference.decide(tally) for column, tally in tallies.items()}
    rows = max((tally.rows for tally in tallies.values()), default=0)
    _write(source, decisions, target, rows, report)
    empty = (f"{blank} empty rows were left out",) if blank else ()
    notes = (*source.dialect.notes, *source.notes, *empty, *_missing_words(tallies, decisions))
    if source.path != path:
        source.path.unlink()
    return source.dialect, decisions, notes


def _tally(
    path: Path, scratch: Path, dialect: Dialect, found: reading.Survey, *, report: Report, name: str
) -> tuple[reading.Source, Mapping[str, Tally], int]:
    """Look at every value; if polars cannot read the rows, or some may be short, rewrite them first."""
    source = reading.prepare(path, dialect, found, scratch, report=report, label=name)
    try:
        tallies, blank, open_ended = _look(source, found, report)
    except pl.exceptions.PolarsError:
        if source.path != path:
            raise
        open_ended = True
        tallies, blank = {}, 0
    total = max((tally.rows for tally in tallies.values()), default=0) + blank
    if source.path == path and open_ended and (not tallies or reading.has_short_rows(found, dialect, total)):
        source = reading.rewrite(path, dialect, found, scratch, report=report, label=name)
        tallies, blank, _ = _look(source, found, report)
    return source, tallies, blank


def _look(
    source: reading.Source, found: reading.Survey, report: Report
) -> tuple[Mapping[str, Tally], int, bool]:
    """Return what each column holds, how many rows are empty, and whether a row ends with an empty cell."""
    names = source.dialect.columns
    tallies = {name: Tally() for name in names}
    total = max(1, found.newlines - source.dialect.first_data_line)
    seen, blank, open_ended = 0, 0, False
    size = max(1_000, min(100_000, CELLS_A_BATCH // len(names)))
    for batch in _scan(source).collect_batches(chunk_size=size, maintain_order=True, engine="streaming"):
        kept = batch.filter(_any_filled(names))
        blank += len(batch) - len(kept)
        seen += len(batch)
        open_ended = open_ended or bool((kept.get_column(names[-1]) == "").any())
        inference.look(kept, tallies, source.dialect)
        report(Progress("read", 10 + 12 * min(1.0, seen / total), "Reading the values", None, seen, total))
    return tallies, blank, open_ended


def _write(
    source: reading.Source, decisions: Mapping[str, Decision], target: Path, rows: int, report: Report
) -> None:
    """Write the typed table."""
    typed = [inference.typed(name, decision, source.dialect) for name, decision in decisions.items()]

    def stored(done: int) -> None:
        share = 22 + 8 * min(1.0, done / max(1, rows))
        report(Progress("read", share, "Storing the table", None, done, rows))

    watched.sink(_scan(source), _any_filled(tuple(decisions)), typed, target, report=stored)


def _scan(source: reading.Source) -> pl.LazyFrame:
    return pl.scan_csv(
        source.path,
        has_header=False,
        separator=source.delimiter,
        quote_char=source.quote,
        skip_lines=source.skip_lines,
        schema=dict.fromkeys(source.dialect.columns, pl.String()),
        infer_schema=False,
        empty_string_is_null=False,
        encoding="utf8",
        glob=False,
    )


def _any_filled(names: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal([pl.col(name).str.strip_chars() != "" for name in names])


def _missing_words(tallies: Mapping[str, Tally], decisions: Mapping[str, Decision]) -> tuple[str, ...]:
    """Say once which words count as missing in columns that are not text; text columns say it themselves."""
    words = {
        word for name, tally in tallies.items() if decisions[name].dtype != "text" for word in tally.words
    }
    listed = ", ".join(f"'{word}'" for word in sorted(words))
    return (f"read as missing values: {listed}",) if words else ()


def _column_notes(decisions: Mapping[str, Decision]) -> tuple[str, ...]:
    notes = [f"column {name}: {note}" for name, decision in decisions.items() for note in decision.notes]
    if len(notes) <= MOST_NOTES:
        return tuple(notes)
    return (*notes[:MOST_NOTES], f"{len(notes) - MOST_NOTES} more notes on columns were left out")


def _publish(scratch: Path, folder: Path) -> None:
    """Move a finished table to its place; whoever comes second keeps the first one's."""
    finished = folder.with_name(f"{scratch.name}-done")
    shutil.copytree(scratch, finished, copy_function=shutil.move)
    try:
        finished.rename(folder)
    except OSError:
        shutil.rmtree(finished)
        if not (folder / "schema.json").exists():
            raise


def _load(folder: Path, name: str) -> Table:
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    dataset = schema["dataset"] | {"name": name, "warnings": tuple(schema["dataset"]["warnings"])}
    dialect = schema["dialect"]
    dialect |= {"columns": tuple(dialect["columns"]), "notes": tuple(dialect["notes"])}
    columns = tuple(Column(**(column | {"levels": tuple(column["levels"])})) for column in schema["columns"])
    return Table(folder / "table.parquet", Dataset(**dataset), columns, Dialect(**dialect))

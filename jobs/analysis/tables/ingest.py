"""Turn an uploaded file into typed Parquet, once for each content."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from jobs.analysis import watched
from jobs.analysis.results.described import ColumnProfile, TableProfile
from jobs.analysis.results.result import Dataset
from jobs.analysis.tables import codes, endings, inner_totals, kept, parquet, reading, totals, weights
from jobs.analysis.tables.casting import ROW, Caster, schema_of
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.facts import describe_columns
from jobs.analysis.tables.guessing import Guess, guess
from jobs.analysis.tables.inference import (
    MOST_INVALID_SHARE,
    Decision,
    Tally,
    decide,
    missing_words,
    second_guess,
)
from jobs.analysis.tables.opening import Opened, open_table
from jobs.analysis.tables.sniff import Dialect, sniff
from jobs.analysis.tables.survey import Survey, survey
from jobs.analysis.tables.table_notes import column_notes, table_notes
from jobs.analysis.tables.whole import describe_whole
from jobs.errors import UnreadableTable
from jobs.progress import Progress, Report, silent

ENGINE_VERSION = "14"  # raise it when the same file would be read otherwise than before
HEAD_ROWS = 20_000  # from which types are guessed
MOST_COLUMNS = 2_000


@dataclass(frozen=True)
class Table:
    """A table on disk, ready to be analysed.

    Parameters
    ----------
    path : Path
        Typed Parquet: numbers, text, booleans and dates, null where there is no usable value.
    dialect : Dialect
        How the original file is written, for a program that reads it by itself.
    read_before : bool
        Whether it stood in the cache already.
    """

    path: Path
    dataset: Dataset
    columns: tuple[Column, ...]
    dialect: Dialect
    profile: tuple[ColumnProfile, ...]
    whole: TableProfile
    read_before: bool = False


@dataclass(frozen=True)
class _Counted:
    """What was found while the typed table was written; `rows` are with the empty ones."""

    tallies: Mapping[str, Tally]
    decisions: Mapping[str, Decision]
    rows: int
    blank: int
    open_ended: bool


def ingest(path: Path, cache: Path, *, name: str, sheet: str | None = None, report: Report = silent) -> Table:
    """Read the table in `path` into `cache` and return it; the same bytes are read only once.

    Parameters
    ----------
    cache : Path
        Folder for typed tables, made when missing; the table stands in `<sha256>-<engine version>/`.
    name : str
        What the user calls the file; used in messages only.
    sheet : str, optional
        Of a workbook; without one the first that holds a table is read.

    Raises
    ------
    UnreadableTable
        The file is not a table, or a row does not fit its header.
    """
    dialect = sniff(path, name=name, sheet=sheet)
    found = survey(path, dialect.delimiter, report, (0.0, 2.0))
    of_sheet = "" if sheet is None else f"-{hashlib.sha256(sheet.encode()).hexdigest()[:16]}"
    folder = cache / f"{found.sha256}{of_sheet}-{ENGINE_VERSION}"
    read_before = (folder / kept.NAME).exists()
    if not read_before:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".reading-") as scratch:
            with tempfile.TemporaryDirectory(dir=scratch, prefix="opened-") as inner:
                opened = open_table(path, dialect, found, Path(inner), sheet=sheet, report=report, label=name)
                _read(opened, Path(scratch), found, report=report, name=name)
            _publish(Path(scratch), folder)
    table = replace(_load(folder, name), read_before=read_before)
    report(Progress("read", 35.0, "The table is read", None, table.dataset.rows, table.dataset.rows))
    return table


def _read(opened: Opened, scratch: Path, found: Survey, *, report: Report, name: str) -> None:
    """Write table.parquet and schema.json into `scratch`."""
    target = scratch / "table.parquet"
    if opened.dialect.format == "parquet":
        decisions, notes = parquet.copy(opened.path, target, name, report=report), opened.dialect.notes
        dialect = replace(opened.dialect, columns=tuple(decisions))
    else:
        dialect, decisions, notes = _read_text(opened, target, report=report, name=name)
    summed = inner_totals.settle(target, decisions, report=report)
    coded = codes.settle(target, decisions, report=report)
    dialect = replace(dialect, codes=coded.listed, totals=summed.listed)
    described = describe_columns(target, decisions, report=report)
    columns, weighing = weights.marked(target, [one.column for one in described])
    rounded = {one.column.name: one.rounded for one in described}
    if columns[0].rows == 0:
        raise UnreadableTable(f"{name}: the file has only a header; a table needs at least one row")
    told = (
        *summed.notes,
        *coded.notes,
        *weighing,
        *table_notes(columns, rounded),
        *totals.inside(target, columns),
    )
    dataset = Dataset(
        name=name,
        sha256=found.sha256,
        bytes=found.size,
        rows=columns[0].rows,
        columns=len(columns),
        format=dialect.format,
        encoding=dialect.encoding,
        delimiter=dialect.delimiter if dialect.format == "csv" else None,
        warnings=(*opened.notes, *notes, *column_notes(decisions), *told),
    )
    profile = tuple(one.profile for one in described)
    last = Progress("read", 34.0, "Looking at the rows")
    whole = watched.moving(lambda: describe_whole(target, profile), report, last, until=35.0)
    kept.write(scratch, kept.Kept(dataset, columns, dialect, profile, whole))


def _read_text(
    opened: Opened, target: Path, *, report: Report, name: str
) -> tuple[Dialect, Mapping[str, Decision], tuple[str, ...]]:
    """Write the typed table; return how it is written in the end, the types, and what was changed."""
    width = len(opened.dialect.columns)
    if width > MOST_COLUMNS:
        raise UnreadableTable(
            f"{name}: the table has {width:,} columns; at most {MOST_COLUMNS:,} can be read"
        )
    opened, source, counted, ending = _until_its_end(opened, target, report=report, name=name)
    empty = counted.blank - (1 if opened.dialect.format == "json" else 0)  # the row that tells the width
    blank = (f"{empty} empty rows were left out",) if empty else ()
    words = missing_words(counted.tallies, counted.decisions)
    if source.path != opened.path:
        source.path.unlink()
    dialect = _settled(source.dialect, counted.decisions)
    if opened.encoding is not None:
        dialect = replace(dialect, encoding=opened.encoding)
    units = dict(dialect.units)
    decisions = {name: replace(one, unit=units.get(name)) for name, one in counted.decisions.items()}
    return dialect, decisions, (*dialect.notes, *ending, *source.notes, *blank, *words)


def _until_its_end(
    opened: Opened, target: Path, *, report: Report, name: str
) -> tuple[Opened, reading.Source, _Counted, tuple[str, ...]]:
    """Write the typed rows without what stands below them, such as sums of the others; say what that is."""
    if opened.dialect.format not in ("csv", "excel"):
        return opened, *_typed(opened, target, report=report, name=name), ()
    ending, scratch = endings.find(opened.path, opened.dialect), target.parent
    rows = endings.cut(opened, ending.totals_begin, scratch, report)
    source, counted = _typed(rows, target, report=report, name=name)
    if not (doubts := totals.doubts(ending.totals, target, counted.decisions, source.dialect)):
        return rows, source, counted, (*totals.left_out(ending.totals), *ending.notes)
    rows = endings.cut(opened, ending.notes_begin, scratch, report)
    return rows, *_typed(rows, target, report=report, name=name), (*doubts, *ending.notes)


def _settled(dialect: Dialect, decisions: Mapping[str, Decision]) -> Dialect:
    """Add what only all values tell: how amounts and dates are written."""
    styles = [(name, decision.style) for name, decision in decisions.items()]
    forms = [(name, form) for name, decision in decisions.items() for form in decision.formats]
    return replace(
        dialect,
        amounts=tuple((name, style.sign, style.decimal) for name, style in styles if style is not None),
        date_formats=tuple(forms),
    )


def _typed(opened: Opened, target: Path, *, report: Report, name: str) -> tuple[reading.Source, _Counted]:
    """Write the typed table; if polars cannot read the rows, or some may be short, rewrite them first."""
    path, dialect, found = opened.path, opened.dialect, opened.found
    if opened.tidy:
        source = reading.as_it_is(path, dialect)
        return source, _settle(source, found, target, report)
    source = reading.prepare(path, dialect, found, target.parent, report=report, label=name)
    try:
        counted = _settle(source, found, target, report)
    except pl.exceptions.PolarsError:
        if source.path != path:
            raise
    else:
        short = counted.open_ended and reading.has_short_rows(found, dialect, counted.rows)
        if source.path != path or not short:
            return source, counted
    source = reading.rewrite(path, dialect, found, target.parent, report=report, label=name)
    return source, _settle(source, found, target, report)


def _settle(source: reading.Source, found: Survey, target: Path, report: Report) -> _Counted:
    """Write the typed table by guesses, and again where all its values prove a guess wrong."""
    first = _scan(source).head(HEAD_ROWS).drop(ROW).collect(engine="streaming")
    guesses = {column.name: guess(column, source.dialect) for column in first}
    while True:
        caster = _cast(source, guesses, found, target, report)
        seconds = {name: second_guess(tally, source.dialect) for name, tally in caster.tallies.items()}
        if not any(seconds.values()):
            break
        guesses = {name: seconds[name] or guesses[name] for name in guesses}
    decisions = {name: decide(tally, source.dialect) for name, tally in caster.tallies.items()}
    decided = {name: _as_decided(guesses[name], decisions[name]) for name in guesses}
    if decided != guesses:
        _cast(source, decided, found, target, report)
    return _Counted(caster.tallies, decisions, caster.rows, caster.blank, caster.open_ended)


def _as_decided(guessed: Guess, decision: Decision) -> Guess:
    formats = guessed.formats
    if guessed.mixed and decision.formats:
        return replace(guessed, dtype=decision.dtype, formats=decision.formats)
    if decision.formats and formats[0] != decision.formats[0]:
        formats = (*decision.formats, *(form for form in formats if form not in decision.formats))
    return replace(guessed, dtype=decision.dtype, formats=formats)


def _cast(
    source: reading.Source,
    guesses: Mapping[str, Guess],
    found: Survey,
    target: Path,
    report: Report,
) -> Caster:
    total = max(1, found.newlines - source.dialect.first_data_line)
    caster = Caster(guesses, source.dialect, most_misfits=MOST_INVALID_SHARE * (total + 1))

    def stored() -> None:
        share = 10 + 14 * min(1.0, caster.rows / total)
        report(Progress("read", share, "Reading the values", None, caster.rows, max(total, caster.rows)))

    watched.sink(caster.prepared(_scan(source)), caster.cast, schema_of(guesses), target, report=stored)
    return caster


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
        row_index_name=ROW,
    )


def _publish(scratch: Path, folder: Path) -> None:
    """Move a finished table to its place; whoever comes second keeps the first one's."""
    finished = folder.with_name(f"{scratch.name}-done")
    shutil.copytree(scratch, finished, copy_function=shutil.move)
    try:
        finished.rename(folder)
    except OSError:
        shutil.rmtree(finished)
        if not (folder / kept.NAME).exists():
            raise


def _load(folder: Path, name: str) -> Table:
    found = kept.read(folder)
    return Table(
        folder / "table.parquet",
        replace(found.dataset, name=name),
        found.columns,
        found.dialect,
        found.profile,
        found.whole,
    )

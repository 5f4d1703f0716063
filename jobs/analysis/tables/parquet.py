"""Take over a Parquet file: its own types, made simple where a column cannot be analysed as it is."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from jobs.analysis import watched
from jobs.analysis.tables.cells import unique_names
from jobs.analysis.tables.inference import Decision
from jobs.errors import UnreadableTable
from jobs.progress import Progress, Report, silent


def copy(path: Path, target: Path, name: str, *, report: Report = silent) -> Mapping[str, Decision]:
    """Write the Parquet file `path` anew with plain types; return the type of each column.

    Raises
    ------
    UnreadableTable
        The file is damaged, has no rows or no columns, or holds columns of columns.
    """
    try:
        scan = pl.scan_parquet(path, glob=False)
        schema = scan.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableTable(f"{name}: the Parquet file is damaged ({_first_line(error)})") from error
    if not schema:
        raise UnreadableTable(f"{name}: the Parquet file has no columns")
    names, _ = unique_names(tuple(schema), len(schema))
    decisions = {new: _decision(new, dtype, name) for new, dtype in zip(names, schema.dtypes(), strict=True)}
    plain = [_plain(place, dtype).alias(names[place]) for place, dtype in enumerate(schema.dtypes())]
    try:
        _store(scan.select(plain), target, report)
    except pl.exceptions.PolarsError as error:
        raise UnreadableTable(f"{name}: the Parquet file is damaged ({_first_line(error)})") from error
    return decisions


def _store(table: pl.LazyFrame, target: Path, report: Report) -> None:
    """Write the table, telling how many of its rows are read."""
    total, batches = int(table.select(pl.len()).collect(engine="streaming").item()), list[int]()

    def noted(batch: pl.DataFrame) -> pl.DataFrame:
        batches.append(len(batch))
        return batch

    def told() -> None:
        done = sum(batches)
        report(Progress("read", 10 + 14 * done / max(1, total), "Reading the values", None, done, total))

    watched.sink(table, noted, table.collect_schema(), target, report=told)


def _decision(column: str, dtype: pl.DataType, name: str) -> Decision:
    if dtype.is_integer():
        return Decision("integer")
    if dtype.is_numeric():
        note = ("decimals were read as floating-point numbers",) if dtype.is_decimal() else ()
        return Decision("number", notes=note)
    if dtype == pl.Boolean:
        return Decision("boolean")
    if dtype == pl.Date:
        return Decision("date")
    if dtype == pl.Datetime:
        return Decision("datetime")
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return Decision("text")
    if dtype == pl.Null:
        return Decision("text", notes=("the column holds no values",))
    if dtype in (pl.Time, pl.Duration):
        return Decision("text", notes=(f"values of the type {dtype} were read as text",))
    raise UnreadableTable(
        f"{name}: column '{column}' holds values of the type {dtype}, which is not one value a cell; "
        "unnest the column or leave it out"
    )


def _plain(place: int, dtype: pl.DataType) -> pl.Expr:
    values = pl.nth(place)
    if dtype.is_integer():
        return values.cast(pl.Int64, strict=False)
    if dtype.is_numeric():
        number = values.cast(pl.Float64)
        return pl.when(number.is_finite()).then(number)
    if dtype in (pl.Boolean, pl.Date):
        return values
    if dtype == pl.Datetime:
        zone = getattr(dtype, "time_zone", None)
        return values.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if zone else values
    text = values.cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0][:200]

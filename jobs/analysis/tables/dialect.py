"""How a table is written: what its reader must know. Standard library only."""

from dataclasses import dataclass
from typing import Literal

from jobs.analysis.tables.cells import Decimal


@dataclass(frozen=True)
class Dialect:
    """How a table is written: read with `columns` as names after skipping `first_data_line` lines.

    Parameters
    ----------
    delimiter : str, optional
        None when the table has one column: its cells are never split.
    quote : str, optional
        None when quotes are ordinary characters.
    skip_rows : int
        Physical lines before the header.
    header_lines : int
        Physical lines of the header: 0 without one, more than 1 when a name contains a line end or a second
        line belongs to it.
    columns : tuple of str
        Header names, made unique; generated where missing; () for Parquet.
    thousands : str, optional
        Separator of groups of three digits in numbers.
    mark_in_doubt : str, optional
        The decimal mark, where nothing in the first rows tells that it does not separate thousands.
    notes : tuple of str
        What was changed or doubted, for the user.
    container, member : str, optional
        What the table is packed in, and under which name in a zip archive.
    sheet : str, optional
        Of a workbook.
    keys, by_column : tuple of str, bool
        Of JSON: the keys of the columns, with dots for objects inside, and whether values stand by column.
    amounts : tuple of (column, sign, decimal mark)
        Columns of numbers with a sign of money or percent.
    date_formats : tuple of (column, format)
        How the columns of dates are written; a column stands here once for each of its formats.
    data_lines : int, optional
        Physical lines of the rows, where something else follows them: notes, sums, a second table.
    units : tuple of (column, unit)
        From a line below the names.
    codes : tuple of (column, number)
        What stands for no value: -999, 9999, "do not know" beside a scale.
    rows_left_out : int
        Rows with more cells than the header.
    blanks : str, optional
        The regular expression at which lines are cut, where cells stand apart by blanks.
    totals : tuple of (column, level)
        Levels whose rows are sums of others, and were left out.
    """

    format: Literal["csv", "parquet", "json", "excel"]
    encoding: str | None
    delimiter: str | None
    quote: str | None
    skip_rows: int
    has_header: bool
    decimal: Decimal
    columns: tuple[str, ...]
    header_lines: int = 1
    thousands: str | None = None
    notes: tuple[str, ...] = ()
    container: Literal["gzip", "zip"] | None = None
    member: str | None = None
    sheet: str | None = None
    keys: tuple[str, ...] = ()
    by_column: bool = False
    amounts: tuple[tuple[str, str, Decimal], ...] = ()
    date_formats: tuple[tuple[str, str], ...] = ()
    data_lines: int | None = None
    units: tuple[tuple[str, str], ...] = ()
    codes: tuple[tuple[str, float | str], ...] = ()
    rows_left_out: int = 0
    totals: tuple[tuple[str, str], ...] = ()
    mark_in_doubt: str | None = None
    blanks: str | None = None

    @property
    def first_data_line(self) -> int:
        """How many physical lines stand before the first row of values."""
        return self.skip_rows + self.header_lines

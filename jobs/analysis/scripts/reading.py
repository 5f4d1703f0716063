"""How the program reads the original file: the parts it is made of, and the literals that they need."""

import re
from collections.abc import Mapping, Sequence

from jobs.analysis.tables.cells import MISSING_WORDS, TRUTH_WORDS, WORDS_KEPT_IN_TEXT, spellings
from jobs.analysis.tables.dates import ENGLISH_MONTHS, GERMAN
from jobs.analysis.tables.sniff import NO_DELIMITER, Dialect

MISSING = spellings(MISSING_WORDS)
MISSING_IN_TEXT = spellings([word for word in MISSING_WORDS if word not in WORDS_KEPT_IN_TEXT])
_READERS = {"csv": "reading_csv", "parquet": "reading_parquet", "json": "reading_json"}
_PACKAGES = {"polars": "polars>=1", "fastexcel": "fastexcel>=0.14"}
_MODULES = (
    "csv",
    "gzip",
    "io",
    "itertools",
    "re",
    "zipfile",
)  # of the standard library, when a part uses them

Mappings = Mapping[str, str] | Mapping[str, bool] | Mapping[str, list[str]] | Mapping[str, list[float | str]]
Value = Sequence[str] | Mappings | str | int | None
Literal = tuple[str, Value]


def parts(dialect: Dialect) -> list[str]:
    """Name the templates that read a file which is written like this."""
    opening = f"opening_{dialect.container or 'plain'}"
    reader = _READERS.get(dialect.format, "reading_excel")
    typing = [] if dialect.format == "parquet" else ["typing_text"]
    return [opening, reader, *typing, *_leaving_out(dialect)]


def _leaving_out(dialect: Dialect) -> list[str]:
    """Name the templates that leave out rows and cells after reading."""
    due = {"without_totals": dialect.totals, "without_codes": dialect.codes}
    return [name for name, what in due.items() if what]


def packages(dialect: Dialect) -> list[str]:
    """Name what the parts need beside numpy and pandas."""
    if dialect.format == "parquet":
        return [_PACKAGES["polars"]]
    return [_PACKAGES["fastexcel"], _PACKAGES["polars"]] if dialect.format == "excel" else []


def imports(dialect: Dialect, text: str) -> tuple[list[str], list[str]]:
    """Return the lines that import what the parts in `text` use: standard library, then packages."""
    standard = [f"import {name}" for name in _MODULES if re.search(rf"\b{name}\.", text)]
    if dialect.format == "parquet":
        return standard, ["import polars as pl"]
    return standard, ["import fastexcel"] if dialect.format == "excel" else []


def literals(dialect: Dialect) -> list[Literal]:
    """Return the constants of the parts, by name."""
    found: list[Literal] = []
    if dialect.container == "zip":
        found.append(("MEMBER", dialect.member or ""))
    if dialect.codes:
        found.append(("CODES", _codes_by_column(dialect)))
    if dialect.totals:
        found.append(("TOTALS", _levels_by_column(dialect)))
    if dialect.format == "parquet":
        return found
    if dialect.format == "csv":
        found += [
            ("ENCODING", dialect.encoding or "utf-8"),
            ("DELIMITER", NO_DELIMITER if dialect.blanks else dialect.delimiter or NO_DELIMITER),
            ("BLANKS", dialect.blanks),
            ("QUOTE", dialect.quote),
            ("LONG_ROWS_LEFT_OUT", dialect.rows_left_out > 0),
        ]
    if dialect.format == "excel":
        found.append(("SHEET", dialect.sheet or ""))
    if dialect.format == "json":
        found.append(("KEYS", dict(zip(dialect.columns, dialect.keys, strict=True))))
        found.append(("COLUMN_BY_COLUMN", dialect.by_column))
    if dialect.format in ("csv", "excel"):
        found += [("LINES_BEFORE_DATA", dialect.first_data_line), ("LINES_OF_DATA", dialect.data_lines)]
    found += [
        ("DECIMAL", dialect.decimal),
        ("THOUSANDS", dialect.thousands),
        ("NAMES", list(dialect.columns)),
        ("MISSING", list(MISSING)),
        ("MISSING_IN_TEXT", list(MISSING_IN_TEXT)),
        ("TRUTH", dict(TRUTH_WORDS)),
        ("SIGNS", {column: sign for column, sign, _ in dialect.amounts}),
        ("DECIMALS_OF_AMOUNTS", {column: decimal for column, _, decimal in dialect.amounts}),
        ("DATES", _formats_by_column(dialect)),
        ("GERMAN_MONTHS", dict(ENGLISH_MONTHS) if _has_german_dates(dialect) else {}),
    ]
    return found


def _has_german_dates(dialect: Dialect) -> bool:
    return any(form.startswith(GERMAN) for _, form in dialect.date_formats)


def _formats_by_column(dialect: Dialect) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, form in dialect.date_formats:
        found.setdefault(column, []).append(form)
    return found


def _levels_by_column(dialect: Dialect) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, level in dialect.totals:
        found.setdefault(column, []).append(level)
    return found


def _codes_by_column(dialect: Dialect) -> dict[str, list[float | str]]:
    found: dict[str, list[float | str]] = {}
    for column, code in dialect.codes:
        found.setdefault(column, []).append(code)
    return found

"""What is asked of every cell alike: polars answers it while it reads, many columns in one expression."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from jobs.analysis.tables import amounts, dates
from jobs.analysis.tables.dialect import Dialect
from jobs.analysis.tables.guessing import Guess, plain_number
from jobs.analysis.tables.inference import MISSING

# What stands beside the text of a column `x`, under names that no column of a table has.
PLAIN, TYPED, ZERO = "\0plain ", "\0typed ", "\0zero "  # of numbers: rewritten, cast, begins with 0
CLEAN, ABSENT = "\0clean ", "\0absent "  # of other columns: without spaces around it, says "no value"
DATE = "\0date {} "  # of dates: read by the first of the guess's formats, the second...


def is_rewritten(guess: Guess, dialect: Dialect) -> bool:
    """Return whether numbers are written otherwise than polars reads them: with commas, spaces, signs."""
    return guess.style is not None or dialect.decimal == "," or dialect.thousands is not None


def prepared(rows: pl.LazyFrame, guesses: Mapping[str, Guess], dialect: Dialect) -> pl.LazyFrame:
    """Add to columns of text the columns named above; cells that are no numbers are null in the cast one."""
    numbers = {name: guess for name, guess in guesses.items() if guess.kind == "number"}
    texts = [name for name in guesses if name not in numbers]
    rewritten = [name for name, guess in numbers.items() if is_rewritten(guess, dialect)]
    rows = rows.with_columns(
        *(_plain(name, guesses[name], dialect).alias(PLAIN + name) for name in rewritten),
        pl.col(texts).str.strip_chars().name.prefix(CLEAN),
    )
    cast: list[pl.Expr] = []
    for group, before in ((rewritten, PLAIN), ([name for name in numbers if name not in rewritten], "")):
        whole = [name for name in group if numbers[name].dtype == "integer"]
        others = [name for name in group if numbers[name].dtype != "integer"]
        cast += _of_all(whole, before, TYPED, lambda cell: cell.cast(pl.Int64, strict=False))
        cast += _of_all(others, before, TYPED, lambda cell: cell.cast(pl.Float64, strict=False))
        cast += _of_all(group, before, ZERO, lambda cell: cell.str.starts_with("0"))
    cast += _of_all(texts, CLEAN, ABSENT, lambda cell: cell.is_in(MISSING))
    cast += [
        dates.parsed(pl.col(CLEAN + name), form).alias(DATE.format(place) + name)
        for name in texts
        for place, form in enumerate(guesses[name].formats)
    ]
    return rows.with_columns(cast)


def _of_all(
    names: Sequence[str], before: str, after: str, what: Callable[[pl.Expr], pl.Expr]
) -> Iterator[pl.Expr]:
    """Do the same to the columns that `before` stands for, in one expression."""
    if names:
        cells = what(pl.col([before + name for name in names]))
        yield cells.name.map(lambda name: after + name.removeprefix(before))


def _plain(name: str, guess: Guess, dialect: Dialect) -> pl.Expr:
    """Return a column of numbers with a decimal point, without thousands and signs."""
    if guess.style is not None:
        return amounts.plain(pl.col(name).str.strip_chars(), guess.style)
    return plain_number(pl.col(name), dialect)

"""What is known of each column of a table: the frozen values of a profile."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["id", "constant", "category", "ordinal", "number", "date", "text", "boolean", "empty"]


@dataclass(frozen=True)
class Bin:
    """One bar of a histogram: values in [low, high), the last bin closed on both sides."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class TopValue:
    """A frequent value, as text, and how often it stands in the column."""

    value: str
    count: int


@dataclass(frozen=True)
class Quantile:
    """The value below which a share of the values lies, R's type 7."""

    share: float
    value: float


@dataclass(frozen=True)
class Lengths:
    """How long the texts of a column are, in characters."""

    shortest: int
    mean: float
    longest: int


@dataclass(frozen=True)
class ColumnProfile:
    """One column described. Fields that do not apply to the role are None or empty.

    `looked_at` is the number of rows behind everything but `rows`, `missing`, `invalid`, `minimum` and
    `maximum` where it is not all of them: of a very long table every so-manieth row.
    """

    name: str
    role: Role
    dtype: str  # "integer", "number", "text", "boolean", "date", "datetime"
    unit: str | None
    rows: int
    missing: int
    invalid: int  # values that did not fit the type and count as missing
    distinct: int
    mean: float | None = None
    sd: float | None = None
    minimum: float | str | None = None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    maximum: float | str | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    zeros: int | None = None
    histogram: tuple[Bin, ...] = ()
    top: tuple[TopValue, ...] = ()
    notes: tuple[str, ...] = ()  # "constant", "one value a row (an identifier?)", "strongly skewed"
    quantiles: tuple[Quantile, ...] = ()  # from the first to the last hundredth
    negative: int | None = None
    outliers: int | None = None  # beyond Tukey's fences, 1.5 quartile ranges outside the quartiles
    lengths: Lengths | None = None
    looked_at: int | None = None


@dataclass(frozen=True)
class Correlations:
    """How each pair of number columns goes together; None where a pair has no correlation.

    Parameters
    ----------
    columns : at most 50 names
        Those described; `left_out` more columns of numbers were not.
    rows : int
        Looked at: all of them, or of a long table as many evenly spread ones.
    n : for each column a row of counts
        Rows in which both columns have a value.
    pearson, spearman : for each column a row of coefficients in [-1, 1]
    """

    columns: tuple[str, ...]
    rows: int
    n: tuple[tuple[int, ...], ...]
    pearson: tuple[tuple[float | None, ...], ...]
    spearman: tuple[tuple[float | None, ...], ...]
    left_out: int = 0


@dataclass(frozen=True)
class TableProfile:
    """What is known of the table as a whole.

    `duplicate_rows` counts rows that equal an earlier one in every column; None in tables so long that not
    all their rows are compared.
    """

    duplicate_rows: int | None
    correlations: Correlations | None = None

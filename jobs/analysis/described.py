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
class ColumnProfile:
    """One column described. Fields that do not apply to the role are None or empty."""

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

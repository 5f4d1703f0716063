"""Formats of dates and times: which of them a column is written in."""

from collections.abc import Sequence

import polars as pl

DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"),
)
YEAR_MONTH = "%Y-%m"
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")
ZONED = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z")
TIMES = (
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    *(f"{day} %H:%M:%S%.f" for day in _DAYS),
    *(f"{day} %H:%M" for day in _DAYS),
    *ZONED,
)
FORMATS = (*DATES, YEAR_MONTH, *TIMES)


def possible(values: pl.Series) -> tuple[str, ...]:
    """Return the formats that read at least half of some values of a column."""
    if not bool(values.str.contains(r"\d[\s/.,:T-].*\d").any()):
        return ()
    sums = fits(values, FORMATS).sum().row(0)
    return tuple(form for form, read in zip(FORMATS, sums, strict=True) if read * 2 >= max(1, len(values)))


def fits(values: pl.Series, forms: Sequence[str]) -> pl.DataFrame:
    """Return for each text whether each form reads all of it, in a column of that name."""
    return values.to_frame("v").select(parsed(pl.col("v"), form).is_not_null().alias(form) for form in forms)


def parsed(text: pl.Expr, form: str) -> pl.Expr:
    """Return the dates, or times in UTC, that `form` reads; null where it does not."""
    if form == YEAR_MONTH:
        whole = pl.when(text.str.contains(r"^\d{4}-\d{1,2}$")).then(text + "-01")
        return whole.str.to_date("%Y-%m-%d", strict=False)
    if form in DATES:
        # The year must have four digits: "%Y" alone would read 01/02/03 as a day of the year 3.
        full = text if form.endswith("%y") else pl.when(text.str.contains(r"\d{4}")).then(text)
        return full.str.to_date(form, strict=False)
    full = pl.when(text.str.contains(r"\d{4}")).then(text)
    if form in ZONED:
        return full.str.to_datetime(form, strict=False, time_zone="UTC").dt.replace_time_zone(None)
    return full.str.to_datetime(form, strict=False)


def ambiguous(forms: Sequence[str]) -> bool:
    """Return whether the formats that read all values disagree about day and month."""
    orders = [form.index("%d") < form.index("%m") for form in forms if "%d" in form and "%m" in form]
    separators = {form[2] for form in forms if form.startswith(("%d", "%m"))}
    return bool(separators & {"/", "-"}) and len(set(orders)) > 1


def dtype(form: str) -> str:
    """Return "date" or "datetime"."""
    return "datetime" if form in TIMES else "date"


def notes(form: str) -> tuple[str, ...]:
    """Say what the reader did beyond taking the dates as they stand."""
    if form == YEAR_MONTH:
        return ("months were read as their first day",)
    if form in ZONED:
        return ("times were turned into UTC",)
    order = "day first" if form.startswith("%d") else "month first"
    return (f"dates were read with the {order}",) if form[:2] in ("%d", "%m") and "%m" in form else ()

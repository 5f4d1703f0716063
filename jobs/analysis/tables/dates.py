"""Formats of dates and times: which of them a column is written in."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import polars as pl

DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%B-%Y", "%d. %B %Y", "%d/%b/%Y"),
    *("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%Y-%b-%d"),
    *("%a, %d %b %Y", "%A, %d %B %Y", "%A, %B %d, %Y"),
)
SHORT_YEARS = (
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%m-%d-%y", "%d-%b-%y", "%d %b %y", "%b %d, %y"),
)
# Months without a day: how a day is added, and what reads the whole.
_MONTHS = {
    "%Y-%m": (r"^\d{4}-\d{1,2}$", "{}-01", "%Y-%m-%d"),
    "%Y/%m": (r"^\d{4}/\d{1,2}$", "{}/01", "%Y/%m/%d"),
    "%m/%Y": (r"^\d{1,2}/\d{4}$", "01/{}", "%d/%m/%Y"),
    "%b %Y": (r"^[A-Za-z]{3} \d{4}$", "1 {}", "%d %b %Y"),
    "%B %Y": (r"^[A-Za-z]{3,9} \d{4}$", "1 {}", "%d %B %Y"),
    "%b-%Y": (r"^[A-Za-z]{3}-\d{4}$", "1-{}", "%d-%b-%Y"),
    "%m-%Y": (r"^\d{1,2}-\d{4}$", "01-{}", "%d-%m-%Y"),
    "%YM%m": (r"^\d{4}M\d{1,2}$", "{}-01", "%YM%m-%d"),
    "%Y-M%m": (r"^\d{4}-M\d{1,2}$", "{}-01", "%Y-M%m-%d"),
}
# Months that may as well be numbers: `months` decides.
NUMBER_LIKE = {
    "%m.%Y": (r"^\d{1,2}\.\d{4}$", "01.{}", "%d.%m.%Y"),
    "%Y.%m": (r"^\d{4}\.\d{2}$", "{}.01", "%Y.%m.%d"),
    "%Y%m": (r"^\d{6}$", "{}01", "%Y%m%d"),
}
# Quarters, told by %q, and weeks of ISO 8601, which begin on Monday.
_QUARTERS = ("%YQ%q", "%Y-Q%q", "%Y Q%q", "%Y/Q%q", "Q%q %Y", "Q%q-%Y", "Q%q/%Y")
_WEEKS = ("%G-W%V", "%GW%V")
GERMAN = "de:"  # before a format whose names of months are German
_GERMAN = tuple(f"{GERMAN}{form}" for form in ("%b %Y", "%b-%Y", "%d. %B %Y", "%d %b %Y"))
ENGLISH_MONTHS = {
    r"(?i)\bj(?:an(?:uar)?|änner|aenner)\b": "Jan",
    r"(?i)\bfeb(?:ruar|er)?\b": "Feb",
    r"(?i)\b(?:märz|maerz|mrz|mär)\b": "Mar",
    r"(?i)\bapr(?:il)?\b": "Apr",
    r"(?i)\bmai\b": "May",
    r"(?i)\bjuni?\b": "Jun",
    r"(?i)\bjuli?\b": "Jul",
    r"(?i)\baug(?:ust)?\b": "Aug",
    r"(?i)\bsept?(?:ember)?\b": "Sep",
    r"(?i)\bokt(?:ober)?\b": "Oct",
    r"(?i)\bnov(?:ember)?\b": "Nov",
    r"(?i)\bdez(?:ember)?\b": "Dec",
}
DIGITS = "%Y%m%d"
FIRST_DAY, FIRST_MOMENT = date(1000, 1, 1), datetime(1000, 1, 1)  # of years with four digits
_DAYS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%b %d %Y"),
)
_CLOCKS = ("%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
ZONED = (
    *("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z"),
    *("%Y-%m-%dT%H:%M%#z", "%Y-%m-%d %H:%M%#z"),
)
TIMES = (
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    *(f"{day} {clock}" for day in _DAYS for clock in _CLOCKS),
    *(f"{day}, {clock}" for day in ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y") for clock in _CLOCKS),
    *(f"{day} {clock}" for day in ("%d.%m.%y", "%d/%m/%y", "%m/%d/%y") for clock in _CLOCKS),
    *ZONED,
)
FORMATS = (*DATES, *SHORT_YEARS, *_MONTHS, *_QUARTERS, *_WEEKS, *TIMES, *_GERMAN)
_DATE_LIKE = re.compile(r"\d[\s/.,:T-].*\d|[^\W\d_]{3}\.?[ -]\d|\d{4}[MQqW]\d")
_DIGITS, _LETTERS, _SPACES = re.compile(r"[0-9]+"), re.compile(r"[^\W\d_]+"), re.compile(r"\s+")
_PARTS = {
    **dict.fromkeys(("%Y", "%y", "%m", "%d", "%H", "%I", "%M", "%S", "%q", "%G", "%V"), "9"),
    **dict.fromkeys(("%b", "%B", "%a", "%A", "%p"), "a"),
    "%.f": r"(\.9)?",
    "%#z": " ?(a|[+-]9(:9)?)",
    "T": "a",
    **dict.fromkeys(("M", "Q", "W"), "a"),
    " ": " ?",
    ".": r"\.",
}
_PART = re.compile(r"%(?:\.f|#z|[A-Za-z])|.")


def _shape_of(form: str) -> re.Pattern[str]:
    """Return what the shapes of texts in this form look like; German short names may end with a point."""
    parts = _PART.findall(form.removeprefix(GERMAN))
    shape = "".join(_PARTS.get(part, part) for part in parts)
    return re.compile(shape.replace("a", r"a\.?") if form.startswith(GERMAN) else shape)


_SHAPES = {form: _shape_of(form) for form in FORMATS}


def possible(values: pl.Series) -> tuple[str, ...]:
    """Return the formats that read at least half of some values of a column, the best first."""
    cells = values.to_list()
    if sum(1 for cell in cells if _DATE_LIKE.search(cell)) * 2 < max(1, len(cells)):
        return ()
    shapes = Counter(_shape(cell) for cell in cells)
    likely: Counter[str] = Counter()
    for shape, count in shapes.items():
        likely.update(dict.fromkeys(_forms_of(shape), count))
    forms = [form for form in FORMATS if likely[form] * 2 >= max(1, len(cells))]
    if not forms:
        return ()
    sums = fits(values, forms).sum().row(0)
    found = [(read, form) for form, read in zip(forms, sums, strict=True) if read * 2 >= max(1, len(values))]
    return tuple(form for _, form in sorted(found, key=lambda pair: -pair[0]))


def likely(cells: Sequence[str]) -> frozenset[str]:
    """Return the formats in which one of some texts may be written, as their shapes say."""
    found = {form for shape in {_shape(cell) for cell in cells} for form in _forms_of(shape)}
    digits = any(len(cell) == 8 and cell.isdecimal() for cell in cells)
    return frozenset({*found, DIGITS} if digits else found)


def _shape(cell: str) -> str:
    """Return a text with "9" for each run of digits, "a" for each of letters and one space for several."""
    return _SPACES.sub(" ", _LETTERS.sub("a", _DIGITS.sub("9", cell)))


@lru_cache(maxsize=4096)
def _forms_of(shape: str) -> tuple[str, ...]:
    """Return the formats in which a text of this shape may be written: trying each would cost far more."""
    return tuple(form for form, pattern in _SHAPES.items() if pattern.fullmatch(shape))


def are_digits(values: Sequence[str]) -> bool:
    """Return whether whole numbers are dates without separators: 20240301, each a day from 1900 to 2099."""
    if not all(re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", value) for value in values):
        return False
    return len(set(values)) > 2  # a few equal numbers say too little


def fits(values: pl.Series, forms: Sequence[str]) -> pl.DataFrame:
    """Return for each text whether each form reads all of it, in a column of that name."""
    return values.to_frame("v").select(_reads(form) for form in forms)


@lru_cache(maxsize=len(FORMATS))
def _reads(form: str) -> pl.Expr:
    return parsed(pl.col("v"), form).is_not_null().alias(form)


def parsed(text: pl.Expr, form: str) -> pl.Expr:
    """Return the dates, or times in UTC, that `form` reads; null where it does not."""
    if form.startswith(GERMAN):
        return parsed(in_english(text), form.removeprefix(GERMAN))
    if form in _MONTHS or form in NUMBER_LIKE:
        pattern, day, whole = _MONTHS.get(form) or NUMBER_LIKE[form]
        return pl.when(text.str.contains(pattern)).then(pl.format(day, text)).str.to_date(whole, strict=False)
    if form in _QUARTERS:
        return _quarter(text, form)
    if form in _WEEKS:
        return pl.format("{}-1", text).str.to_date(f"{form}-%u", strict=False)
    if form == DIGITS:
        return pl.when(text.str.contains(r"^\d{8}$")).then(text).str.to_date(form, strict=False)
    if form in SHORT_YEARS:
        return pl.when(~text.str.contains(r"\d{4}")).then(text).str.to_date(form, strict=False)
    if form in DATES:
        return _of_four_digits(text.str.to_date(form, strict=False), FIRST_DAY)
    if form in ZONED:
        zoned = text.str.to_datetime(form, strict=False, time_zone="UTC")
        return _of_four_digits(zoned.dt.replace_time_zone(None), FIRST_MOMENT)
    return _of_four_digits(text.str.to_datetime(form, strict=False), FIRST_MOMENT)


def _quarter(text: pl.Expr, form: str) -> pl.Expr:
    """Return the first days of the quarters that `form` reads."""
    look = re.escape(form).replace("%Y", r"\d{4}").replace("%q", "[1-4]")
    month = 3 * text.str.extract(r"(?i)q([1-4])").cast(pl.Int32) - 2
    first = pl.date(text.str.extract(r"(\d{4})").cast(pl.Int32), month, 1)
    return pl.when(text.str.contains(f"(?i)^{look}$")).then(first)


def in_english(text: pl.Expr) -> pl.Expr:
    """Return texts with English short names of months in place of German ones."""
    for german, english in ENGLISH_MONTHS.items():
        text = text.str.replace(german + r"\.?", english)
    return text


def _of_four_digits(moment: pl.Expr, first: date) -> pl.Expr:
    """Leave out years of fewer digits: 01/02/03 in the year 3, "Mar 2024" as the 20th in the year 24."""
    return pl.when(moment >= first).then(moment)


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
    if form == DIGITS:
        return ("whole numbers such as 20240301 were read as dates",)
    if form in NUMBER_LIKE:
        shown = {"%m.%Y": "01.2021", "%Y.%m": "2021.01", "%Y%m": "202101"}[form]
        return (f"what looks like the number {shown} was read as a month, each as its first day",)
    if form in _QUARTERS:
        return ("quarters were read as their first day",)
    if form in _WEEKS:
        return ("weeks were read as their Monday",)
    if "%d" not in form:
        return ("months were read as their first day",)
    if form in ZONED:
        return ("times were turned into UTC",)
    order = "day first" if form.startswith("%d") else "month first"
    told = (f"dates were read with the {order}",) if form[:2] in ("%d", "%m") and "%m" in form else ()
    return (*told, "years of two digits were read as 1969 to 2068") if "%y" in form else told

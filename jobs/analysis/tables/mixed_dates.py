"""Dates written in several ways in one column: each is read in its own way where that is certain."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from jobs.analysis.tables import dates

LEAST_SHARE = 0.5  # of the first values, from which a column is one of dates
MOST_AGAINST = 0.05  # of the values that tell the order of day and month may tell the other one
_PARTS = (
    *(("%Y", "YYYY"), ("%y", "YY"), ("%m", "MM"), ("%d", "DD"), ("%b", "Month"), ("%B", "Month")),
    *(("%a", "Weekday"), ("%A", "Weekday"), ("%H", "hh"), ("%I", "hh"), ("%M", "mm"), ("%S%.f", "ss")),
    *(("%p", "AM/PM"), ("%q", "q"), ("%G", "YYYY"), ("%V", "ww"), ("%#z", " with zone")),
)
_ORDERS = ("%d{0}%m{0}", "%m{0}%d{0}")


def _long(form: str) -> str:
    """Return the format with long names of months and days, which reads the short ones too."""
    return form.replace("%b", "%B").replace("%a", "%A")


_KNOWN = frozenset(dates.FORMATS)
_FORMATS = (
    dates.DIGITS,
    *(form for form in dates.FORMATS if _long(form) == form or _long(form) not in _KNOWN),
)


@dataclass
class Counts:
    """What was counted of a column of dates in several ways.

    Parameters
    ----------
    read : int
        Values that one format or more read.
    orders : counter by style, see `style_of`, and "day", "month" or "either"
        Values that can be read with the day first only, the month first only, or both ways.
    alike : counter by format
        Values that are the same day when day and month are swapped.
    shown : mapping to (row, value)
        The first value that each format reads, and of each style and order, joined.
    """

    read: int = 0
    orders: Counter[tuple[str, str]] = field(default_factory=Counter)
    alike: Counter[str] = field(default_factory=Counter)
    shown: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Chosen:
    """The formats to read a column with, how many values each reads, and what cannot be told."""

    counts: Mapping[str, int]
    doubtful: tuple[str, ...] = ()  # formats of which nobody knows whether the day or the month comes first
    contradictory: bool = False  # some values show the one order, some the other
    lost: tuple[str, ...] = ()  # examples of values in the order that hardly any other shows


def several(values: pl.Series, usual: Sequence[str]) -> tuple[str, ...]:
    """Return the formats that read values of a column between them, where no `usual` one reads all; else ().

    They read at least half of the values, and more than any of `usual` alone.
    """
    best = max(dates.fits(values, usual).sum().row(0)) if usual else 0
    if best == len(values):
        return ()
    forms = reading(values)
    if not forms:
        return ()
    together = int(dates.fits(values, forms).select(pl.any_horizontal(pl.all()).sum()).item())
    return forms if together > best and together >= LEAST_SHARE * len(values) else ()


def reading(values: pl.Series) -> tuple[str, ...]:
    """Return the formats that read at least one of some values."""
    likely = dates.likely(values.to_list())
    forms = [form for form in _FORMATS if form in likely]
    found = dates.fits(values, forms).sum().row(0) if forms else ()
    return tuple(form for form, count in zip(forms, found, strict=True) if count)


def with_more(known: Sequence[str], misfits: Sequence[str]) -> tuple[str, ...]:
    """Return the formats known so far with those that read values which did not fit, or () without any."""
    more = set(reading(pl.Series(misfits, dtype=pl.String))) - set(known) if misfits else set[str]()
    if not more:
        return ()
    wanted = {form if _long(form) not in _KNOWN else _long(form) for form in known} | more
    return tuple(form for form in _FORMATS if form in wanted)


def dtype(forms: Sequence[str]) -> str:
    """Return "datetime" where one of the formats reads a time, else "date"."""
    return "datetime" if any(dates.dtype(form) == "datetime" for form in forms) else "date"


def joined(read: Mapping[str, pl.Series], forms: Sequence[str]) -> pl.Series:
    """Return what the first format reads that reads a value; days become their midnight among times."""
    kind = pl.Datetime("us") if dtype(forms) == "datetime" else pl.Date()
    frame = pl.DataFrame([series.alias(form) for form, series in read.items()])
    return frame.select(pl.coalesce(pl.col(form).cast(kind) for form in read)).to_series()


def count(counts: Counts, text: pl.Series, read: Mapping[str, pl.Series], begin: int) -> None:
    """Add a batch of values, of which each format reads some, to what was counted; `begin` is its row."""
    for form, series in read.items():
        if series.null_count() < len(series):
            place = int(series.is_not_null().arg_max() or 0)
            _show(counts, form, begin + place, text[place])
    frame = pl.DataFrame([series.alias(form) for form, series in read.items()])
    counts.read += int(frame.select(pl.any_horizontal(pl.all().is_not_null()).sum()).item())
    for day, month in _pairs(tuple(read)):
        style = str(style_of(day))
        by_day, by_month = read[day].is_not_null(), read[month].is_not_null()
        found = {
            "day": by_day & ~by_month,
            "month": by_month & ~by_day,
            "either": by_day & by_month & (read[day] != read[month]).fill_null(value=False),
        }
        for order, values in found.items():
            if number := int(values.sum()):
                counts.orders[style, order] += number
                place = int(values.arg_max() or 0)
                _show(counts, style + order, begin + place, text[place])
        counts.alike[day] += int((by_day & by_month).sum()) - int(found["either"].sum())


def _show(counts: Counts, what: str, row: int, value: str) -> None:
    counts.shown[what] = min(counts.shown.get(what, (row, value)), (row, value))


def style_of(form: str) -> str | None:
    """Return how the day is written, whichever of day and month comes first; None where that is certain.

    Times of day make no difference: "3/1/2026" and "3/1/2026 10:30" are written by one person.
    """
    for mark in "/-":
        if form.startswith(tuple(order.format(mark) for order in _ORDERS)):
            return form[:8].replace("%m", "%d")
    return None


def _swapped(form: str) -> str:
    return form.replace("%d", "%0").replace("%m", "%d").replace("%0", "%m")


def _pairs(forms: Sequence[str]) -> list[tuple[str, str]]:
    """Return the formats that differ in the order of day and month alone, day first."""
    first = [form for form in forms if form.startswith("%d") and style_of(form) is not None]
    return [(form, _swapped(form)) for form in first if _swapped(form) in forms]


def choose(forms: Sequence[str], parsed: Mapping[str, int], counts: Counts) -> Chosen:
    """Return the formats to read a column with, from what all of its values tell.

    A value that day first and month first read as different days is read in the order that the other values
    of its style show. Where these show none, or both, it is doubtful.
    """
    kept = {form: parsed[form] for form in forms if parsed[form]}
    doubtful, lost = list[str](), list[str]()
    contradictory = False
    for day, month in _pairs(forms):
        style = str(style_of(day))
        by_day, by_month = counts.orders[style, "day"], counts.orders[style, "month"]
        if not counts.orders[style, "either"]:
            _without(kept, month, counts.alike[day])
        elif by_day and by_month <= MOST_AGAINST * by_day:
            kept.pop(month, None)
            lost += [counts.shown[style + "month"][1]] if by_month else []
        elif by_month and by_day <= MOST_AGAINST * by_month:
            kept.pop(day, None)
            lost += [counts.shown[style + "day"][1]] if by_day else []
        else:
            doubtful += [day, month]
            contradictory = contradictory or bool(by_day and by_month)
    return Chosen(kept, tuple(doubtful), contradictory, tuple(dict.fromkeys(lost)))


def _without(kept: dict[str, int], form: str, twice: int) -> None:
    """Count values that two formats read alike for the other one."""
    if form in kept:
        kept[form] -= twice
        if not kept[form]:
            del kept[form]


def told(chosen: Mapping[str, int], counts: Counts) -> str:
    """Say how many values are written in which way, each with an example."""
    ordered = sorted(chosen.items(), key=lambda pair: -pair[1])
    return ", ".join(
        f"{number:,} as {label(form)} ('{counts.shown[form][1][:40]}')" for form, number in ordered
    )


def notes(chosen: Chosen, counts: Counts) -> tuple[str, ...]:
    """Say how the values of a column were read."""
    forms = tuple(chosen.counts)
    if len(forms) == 1:
        return dates.notes(forms[0])
    found = [f"dates written in {len(forms)} ways were each read in their own: {told(chosen.counts, counts)}"]
    times = [form for form in forms if dates.dtype(form) == "datetime"]
    if times and len(times) < len(forms):
        found.append("days without a time were read as their midnight")
    zoned = [form for form in times if form in dates.ZONED]
    if zoned and len(zoned) < len(forms):
        found.append("values without a time zone were taken for UTC")
    for form in forms:
        found += [note for note in dates.notes(form) if not note.startswith("dates were read with")]
    return tuple(dict.fromkeys(found))


def doubt(chosen: Chosen, counts: Counts) -> str:
    """Say why day and month cannot be told apart."""
    style = str(style_of(chosen.doubtful[0]))
    number = {order: counts.orders[style, order] for order in ("day", "month", "either")}
    shown = {order: f"'{counts.shown[style + order][1]}'" for order, times in number.items() if times}
    if not chosen.contradictory:
        return f"day and month cannot be told apart in {number['either']:,} values such as {shown['either']}"
    return (
        f"the day comes first in {number['day']:,} values such as {shown['day']} and the month in "
        f"{number['month']:,} such as {shown['month']}, so that {number['either']:,} others such as "
        f"{shown['either']} can be read both ways"
    )


def label(form: str) -> str:
    """Return how a date is written, for people: "DD.MM.YYYY"."""
    form = form.removeprefix(dates.GERMAN)
    for part, shown in _PARTS:
        form = form.replace(part, shown)
    return form

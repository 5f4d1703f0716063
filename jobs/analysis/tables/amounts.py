"""Numbers with a sign of money or percent: "$1,200.50", "12,5 %", "(300)". How a column writes them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from jobs.analysis.tables.cells import Decimal
from jobs.analysis.tables.units import UNITS

_CODES = (
    *("USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN"),
    *("CZK", "HUF", "BRL", "MXN", "ZAR", "KRW", "TRY", "SGD", "HKD"),
)
_SIGNS = ("US$", "R$", "$", "€", "£", "¥", "₹", "₩", "₽", "zł", "Kč", "kr", *_CODES, "%")
_SIGN = "(?:" + "|".join(re.escape(sign) for sign in _SIGNS) + ")"
_SPACE = "[ \u00a0\u202f]"
_DIGITS = rf"(?:\d{{1,3}}(?:(?:[.,'’]|{_SPACE})\d{{3}})+|\d+)(?:[.,]\d+)?|[.,]\d+"
CELL = re.compile(rf"\(?[-+−–]?{_SPACE}?({_SIGN})?{_SPACE}?[-+−–]?({_DIGITS}){_SPACE}?({_SIGN})?\)?")
WITH_UNIT = re.compile(
    rf"[-+−–]?{_SPACE}?(?P<digits>{_DIGITS})(?P<space>{_SPACE})?"
    r"(?P<unit>[^\W\d_]{1,6}[²³]?(?:/[^\W\d_]{1,6}[²³]?)?|°[CF])"
)
NO_UNITS = frozenset({"am", "pm", "st", "nd", "rd", "th", "bc", "ad", "uhr"})  # of clocks and of places
_GROUPED_POINT = re.compile(r"\d{1,3}(\.\d{3})+")
_GROUPED_COMMA = re.compile(r"\d{1,3}(,\d{3})+")
LONG_MINUS = re.compile(
    "[−–][ \u00a0\u202f]?[0-9.,]"
)  # of typesetters, and of programs that write as they do
LEADING_ZERO = re.compile(r"\(?0\d")  # of a code: "(030)"
LEAST_SHARE = 0.9  # of the first values, from which a column is one of amounts


@dataclass(frozen=True)
class Style:
    """How the numbers of a column are written when a sign stands beside them."""

    sign: str
    decimal: Decimal
    unit: str | None = None  # that the sign stands for, where it is no money and no percent


def guess(values: Sequence[str], decimal: Decimal) -> Style | None:
    """Return how amounts are written when at least 90 % of some values are amounts with the same sign.

    `decimal` is the mark of the table, which decides where the values do not.
    """
    found = [(value, match) for value in values if (match := CELL.fullmatch(value))]
    signs = {sign for _, match in found for sign in match.group(1, 3) if sign}
    if len(found) < LEAST_SHARE * len(values) or len(signs) != 1:
        return None
    sign = signs.pop()
    signed = sum(1 for value, _ in found if sign in value)
    if signed * 2 < len(found):
        return None
    return Style(sign, _decimal([match.group(2) for _, match in found], decimal, sign))


def with_unit(values: Sequence[str], decimal: Decimal) -> Style | None:
    """Return how numbers are written of which each has the same unit behind it: "1.70 m", "50km/h".

    Without a space before it the unit must be a known one, for "12A" may be a code.
    """
    found = [match for value in values if (match := WITH_UNIT.fullmatch(value))]
    units = {match["unit"] for match in found}
    if len(found) < LEAST_SHARE * len(values) or len(units) != 1 or len({m["digits"] for m in found}) < 2:
        return None
    unit = units.pop()
    known = UNITS.get(unit if len(unit) == 1 else unit.lower())  # "M" is no metre
    spaced = all(match["space"] for match in found)
    if unit.lower() in NO_UNITS or (known is None and "/" not in unit and not spaced):
        return None
    # Other than money a measure may have three digits after its point, as a percentage may.
    told = unit if known is None or known == unit.lower() else known
    return Style(unit, _decimal([match["digits"] for match in found], decimal, "%"), told)


def in_brackets(values: Sequence[str], decimal: Decimal) -> Style | None:
    """Return how numbers are written of which some stand in brackets, "(1,234.50)", and none has a sign."""
    bracketed = sum(value.startswith("(") and value.endswith(")") for value in values)
    if not 0 < bracketed < len(values) or any(LEADING_ZERO.match(value) for value in values):
        return None
    return _without_sign(values, decimal)


def with_long_minus(values: Sequence[str], decimal: Decimal) -> Style | None:
    """Return how numbers are written of which some begin with a long minus, "−5" or "–5", without a sign."""
    if not any(LONG_MINUS.match(value) for value in values):
        return None
    return _without_sign(values, decimal)


def _without_sign(values: Sequence[str], decimal: Decimal) -> Style | None:
    found = [match for value in values if (match := CELL.fullmatch(value))]
    if len(found) < LEAST_SHARE * len(values) or any(match[1] or match[3] for match in found):
        return None
    return Style("", _decimal([match[2] for match in found], decimal, ""))


def several_signs(texts: Sequence[str]) -> str | None:
    """Return what to say of amounts with signs that differ, "$5" and "3 EUR"; None where they do not."""
    matches = [match for text in texts if (match := CELL.fullmatch(text))]
    signs = Counter(match[1] or match[3] or "" for match in matches)
    if len(signs) < 2:
        return None
    told = [f"{count} with '{sign}'" if sign else f"{count} without" for sign, count in signs.most_common()]
    return (
        f"it looks like amounts written as text: '{texts[0]}', and their signs differ ({', '.join(told[:5])} "
        f"among the first {len(texts)} values); write all in one unit to compare them"
    )


def _decimal(digits: Sequence[str], usual: Decimal, sign: str) -> Decimal:
    """Tell the decimal mark: the last of two marks, or the one that does not stand before three digits."""
    votes = {".": 0, ",": 0}
    for text in digits:
        last = max(text.rfind("."), text.rfind(","))
        if last < 0:
            continue
        mark = text[last]
        other = "," if mark == "." else "."
        grouped = (_GROUPED_POINT if mark == "." else _GROUPED_COMMA).fullmatch(text)
        if not grouped or other in text:
            votes[mark] += 1
        elif sign != "%" and text.count(mark) >= 1:
            votes[other] += 1  # money has no thousandths: three digits after a mark are thousands
    if votes["."] == votes[","]:
        return usual
    return "." if votes["."] > votes[","] else ","


def plain(text: pl.Expr, style: Style) -> pl.Expr:
    """Rewrite amounts as plain numbers, in brackets as negative ones; other text stays, and is no number."""
    kept = text.str.replace_all(_removed(style), "")
    kept = kept.str.replace("[−–]", "-").str.replace(r"^\((.*)\)$", "-$1")
    kept = kept.str.replace(",", ".", literal=True) if style.decimal == "," else kept
    other = text.str.replace_all(".", ",", literal=True) if style.decimal == "," else text
    return pl.when(text.str.contains(_whole(style))).then(kept).otherwise(other)


def plain_text(text: str, style: Style) -> str:
    """Do the same to one value."""
    if not re.search(_whole(style), text):
        return text.replace(".", ",") if style.decimal == "," else text  # "12.3" is no number there
    kept = re.sub("[−–]", "-", re.sub(_removed(style), "", text))
    kept = re.sub(r"^\((.*)\)$", r"-\1", kept)
    return kept.replace(",", ".") if style.decimal == "," else kept


def _removed(style: Style) -> str:
    """Return the expression for what stands around and between the digits."""
    groups = "." if style.decimal == "," else ","
    between = f"[+'’ \u00a0\u202f{groups}]"
    return f"{re.escape(style.sign)}|{between}" if style.sign else between  # no sign would match anywhere


def _whole(style: Style) -> str:
    """Return the expression for a whole amount."""
    sign, space = re.escape(style.sign), _SPACE
    groups, mark = ("[.'’ \u00a0\u202f]", ",") if style.decimal == "," else ("[,'’ \u00a0\u202f]", r"\.")
    digits = rf"(?:(?:\d{{1,3}}(?:{groups}\d{{3}})+|\d+)(?:{mark}\d+)?|{mark}\d+)"
    return rf"^\(?[-+−–]?{space}?(?:{sign})?{space}?[-+−–]?{digits}{space}?(?:{sign})?\)?$"

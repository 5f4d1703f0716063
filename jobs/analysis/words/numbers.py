"""Numbers as text: as many digits as the data carry, thousands set apart, p-values as APA asks.

A minus is the plain hyphen, so that a number copied from the answer can be pasted into a program.
"""

import math

THOUSANDS = "\u202f"  # a narrow space that does not break: unlike a comma, nobody reads it as a decimal mark
NAMED = 1e-4  # below this size a plain decimal is a row of zeros
DUST = 1e-9  # of the last decimal shown: what rounding leaves of differences that are none
HUGE = 1e16  # from here not all digits of a float are those of the data

# Only words that are plural beyond doubt: many an abbreviation ends in s.
PLURAL = (
    "years months weeks days hours minutes seconds miles meters metres grams pounds degrees dollars euros"
)
SINGULAR = {unit: unit[:-1] for unit in PLURAL.split()} | {"yrs": "year", "feet": "foot", "inches": "inch"}


def decimals_for(spread: float | None) -> int:
    """Return how many decimals show a spread (a standard deviation, a range) to about two digits."""
    if spread is None or not math.isfinite(spread) or spread <= 0:
        return 2
    return min(12, max(0, math.ceil(1.5 - math.log10(spread))))


def number(value: float | None, decimals: int = 2) -> str:
    """Write `value` with `decimals` decimals and thousands set apart; an absent value is a dash."""
    if value is None or not math.isfinite(value):
        return "–"
    if abs(value) < DUST * 10.0**-decimals:
        value = 0.0
    if value != 0 and (abs(value) >= HUGE or abs(value) < NAMED):
        return f"{value:.3g}"
    text = f"{value:,.{decimals}f}".replace(",", THOUSANDS)
    return text.lstrip("-") if not text.strip("-0." + THOUSANDS) else text


def count(value: int) -> str:
    """Write a count."""
    return number(value, 0)


def counted(value: int, thing: str) -> str:
    """Write a count with what is counted: "1 row", "2 rows"."""
    return f"{count(value)} {thing}{'' if value == 1 else 's'}"


def measured(value: float | None, decimals: int, unit: str | None) -> str:
    """Write a value of the data with its unit, if it has one."""
    return f"{number(value, decimals)} {unit}" if unit else number(value, decimals)


def bounded(value: float | None, decimals: int = 2) -> str:
    """Write a value that cannot exceed 1, such as a correlation, without the zero before the point."""
    text = number(rounded(value, decimals), decimals)
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def limits(low: float | None, high: float | None, decimals: int = 2, *, below_one: bool = False) -> str:
    """Write the two ends of an interval: one far smaller than the other is 0.00, not a power of ten."""
    ends = [end for end in (low, high) if end is not None and math.isfinite(end)]
    shown = max((abs(end) for end in ends), default=0.0) >= 0.5 * 10.0**-decimals
    write = bounded if below_one else number
    return ", ".join(write(rounded(end, decimals) if shown else end, decimals) for end in (low, high))


def sloping(slope: float, decimals: int) -> str:
    """Say how a line runs: "rises by 2.1", "falls by 0.3", "changes by 0.00" where no decimal shows it."""
    size = number(abs(slope), decimals)
    if not rounded(slope, decimals) and "e" not in size:
        return f"changes by {size}"
    return f"{'rises' if slope > 0.0 else 'falls'} by {size}"


def rounded(value: float | None, decimals: int = 2) -> float | None:
    """Give 0 for a value that `decimals` decimals cannot show."""
    if value is None or not math.isfinite(value):
        return value
    return value if abs(value) >= 0.5 * 10.0**-decimals else 0.0


def singular(unit: str) -> str:
    """Write one of a unit: "year" of "years"; other units as they are."""
    return SINGULAR.get(unit.casefold(), unit)


def probability(pvalue: float) -> str:
    """Write a p-value as APA asks: three decimals, without the leading zero."""
    return "p < .001" if pvalue < 0.001 else f"p = {bounded(min(pvalue, 1.0), 3)}"


def degrees(value: float) -> str:
    """Write degrees of freedom: whole ones without decimals."""
    return number(value, 0 if float(value).is_integer() else 2)


def percent(share: float) -> str:
    """Write a share in percent; one decimal where whole percents would read 0 or 100."""
    if 0.005 <= share < 0.995 or share in (0.0, 1.0):
        return f"{count(math.floor(share * 100 + 0.5))} %"  # a half is rounded up, as where it reads .23
    return f"{number(share * 100, 1)} %"


def percents(*shares: float) -> list[str]:
    """Write shares that are compared in percent, with a decimal where whole percents would read alike."""
    told = [percent(share) for share in shares]
    if len(set(told)) == len(set(shares)):
        return told
    return [f"{number(share * 100, 1)} %" for share in shares]


def joined(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Join words as a sentence lists them: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"

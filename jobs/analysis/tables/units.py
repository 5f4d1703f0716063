"""Names of columns: the words in them, and the unit that ends them. Standard library only."""

import re
from functools import lru_cache


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a list written with spaces."""
    return tuple(text.split())


_METRIC = listed("mm cm m km ft mi g kg mg lb lbs oz ml dl ha ms s min kmh mph mw")
# Written at the end of a name -> the unit as it is shown.
UNITS = {
    **{unit: unit for unit in _METRIC},
    **{"kwh": "kWh", "kw": "kW", "hz": "Hz"},
    **{"um": "µm", "ug": "µg", "l": "L", "litres": "L", "liters": "L", "inch": "in", "inches": "in"},
    **{"sec": "s", "secs": "s", "seconds": "s", "mins": "min", "minutes": "min", "hr": "h", "hrs": "h"},
    **{"hours": "h", "days": "days", "weeks": "weeks", "months": "months", "years": "years", "yrs": "years"},
    **{"meters": "m", "metres": "m", "feet": "ft", "miles": "mi", "grams": "g", "kilograms": "kg"},
    **{
        "usd": "USD",
        "eur": "EUR",
        "gbp": "GBP",
        "chf": "CHF",
        "jpy": "JPY",
        "dollars": "USD",
        "euros": "EUR",
    },
    **{"pct": "%", "percent": "%", "percentage": "%", "celsius": "°C", "fahrenheit": "°F", "kelvin": "K"},
    **{"degc": "°C", "degf": "°F", "bpm": "bpm", "mmhg": "mmHg", "ppm": "ppm", "ppb": "ppb", "kcal": "kcal"},
}
# Units that a question may use as a name of what is measured in them.
UNIT_WORDS = {
    **{"kg": "kg", "kilos": "kg", "kilo": "kg", "kilograms": "kg", "grams": "g", "gram": "g", "lbs": "lb"},
    **{"km": "km", "kilometres": "km", "kilometers": "km", "metres": "m", "meters": "m", "feet": "ft"},
    **{"mph": "mph", "kmh": "kmh", "kwh": "kWh", "kw": "kW", "kilowatts": "kW", "mw": "mw", "watts": "w"},
    **{"dollars": "USD", "dollar": "USD", "bucks": "USD", "euros": "EUR", "euro": "EUR", "pounds": "GBP"},
    **{
        "francs": "CHF",
        "hours": "h",
        "hrs": "h",
        "minutes": "min",
        "mins": "min",
        "seconds": "s",
        "secs": "s",
    },
    **{"inches": "in", "centimetres": "cm", "centimeters": "cm", "cm": "cm", "mm": "mm", "millimetres": "mm"},
    **{"litres": "L", "liters": "L", "calories": "kcal", "degrees": "°C", "acres": "acres", "hectares": "ha"},
}
UNIT_PARTS = {
    "mpg": ("miles", "mile", "gallon", "gallons"),
    "mph": ("miles", "mile", "hour"),
    "sqft": ("square", "feet", "foot"),
}
TIMES = frozenset({"s", "min", "h", "days", "weeks", "months", "years"})  # units of time
# Words that compare a measure, and the units that it may have; () for any number.
MEASURES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        listed("longer longest shorter shortest faster fastest slower slowest quicker quickest"), ()
    ),
    **dict.fromkeys(listed("heavier heaviest"), ("g", "kg", "mg", "lb", "oz")),
    **dict.fromkeys(listed("older oldest younger youngest"), ("years", "months", "days")),
    **dict.fromkeys(
        listed("taller tallest wider widest narrower deeper deepest"), ("mm", "cm", "m", "in", "ft")
    ),
    **dict.fromkeys(listed("cheaper cheapest pricier costlier richer poorer"), ("USD", "EUR", "GBP", "CHF")),
    **dict.fromkeys(listed("hotter hottest colder coldest warmer warmest cooler"), ("°C", "°F", "K")),
}
_MONEY = ("price", "income", "revenue", "spend")
DIMENSIONS = {
    **dict.fromkeys(("USD", "EUR", "GBP", "CHF"), _MONEY),
    **dict.fromkeys(("kg", "g", "lb"), ("weight",)),
    **dict.fromkeys(("km", "m", "ft"), ("distance",)),
    **dict.fromkeys(("mph", "kmh"), ("speed",)),
    **dict.fromkeys(("kWh", "kW", "mw", "w"), ("energy", "power")),
    **dict.fromkeys(("cm", "in", "mm"), ("length", "height")),
    "°C": ("temperature",),
}
SHORT = frozenset({"m", "g", "l", "s", "min"})  # too short to be a unit unless a quantity stands before it
NOT_MEASURED = frozenset({"column", "group", "class", "type", "var", "variable", "x", "test", "t"})
TEMPERATURE = frozenset({"temp", "temperature", "atemp"})


_MIXED = re.compile(r"(?<![A-Za-z])(?:kWh|kW|MWh|MW|mmHg|dB|kHz|MHz|GHz|mL|dL|pH)(?![A-Za-z])")


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """Split a column's name into lower-case words at punctuation, capitals and digits."""
    name = _MIXED.sub(lambda found: found.group().lower(), name)
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", spaced)
    return tuple(word.lower() for word in re.findall(r"[^\W\d_]+|\d+", spaced))


def unit_of(name: str) -> str | None:
    """Return the unit in a column's name: "body_mass_g" -> "g", "Weight (kg)" -> "kg", else None."""
    bracket = re.search(r"[(\[]([^)\]]{1,15})[)\]]\s*$", name)
    if bracket:
        inside = bracket.group(1).strip()
        known = UNITS.get(inside.lower())
        if known:
            return known
        return inside if re.fullmatch(r"[%$€£°µ]\S{0,8}|[A-Za-zµ]{1,4}([/^*·]\S{1,8})+", inside) else None
    if name.rstrip().endswith("%"):
        return "%"
    words = words_of(name)
    if len(words) < 2 or words[-2] in NOT_MEASURED:
        return None
    last = words[-1]
    if last in ("c", "f") and words[-2] in TEMPERATURE:
        return "°C" if last == "c" else "°F"
    if last in SHORT and len(words[-2]) < 3:
        return None
    return UNITS.get(last)


@lru_cache(maxsize=8192)
def core_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without its unit."""
    if unit_of(name) is None:
        return words_of(name)
    bracket = re.search(r"[(\[]([^)\]]{1,15})[)\]]\s*$", name)
    if bracket:
        return words_of(name[: bracket.start()]) or words_of(name)
    if name.rstrip().endswith("%"):
        return words_of(name)
    return words_of(name)[:-1]

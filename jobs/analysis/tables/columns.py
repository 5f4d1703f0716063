"""The part that each column can play in a question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.analysis.results.described import Role
from jobs.analysis.tables.kinds import KINDS, NUMBERS, head_of, names_kind
from jobs.analysis.tables.scales import has_direction, order_of
from jobs.analysis.tables.units import listed, words_of

MOST_LEVELS = 50  # kept by name
MOST_INTEGER_LEVELS = 12  # the months of a year
LEAST_ROWS_A_LEVEL = 4  # integers that repeat less often are measurements
LEAST_STEPS = 4  # values, below which whole numbers that do not count up from 0 or 1 are names
LEAST_CODE = 100  # codes of branches and years have as many digits, counts of few values seldom
MOST_NUMBER_LEVELS = 7  # numbers with a fraction: doses, sizes
LONGEST_IDENTIFIER = 40  # characters on average; longer unique text is prose

# "n_replies", "number of alarms": counted, however few the different values are.
COUNT_PREFIXES = frozenset(listed("n num number count counts anzahl nb nombre"))
ID_WORDS = frozenset(
    listed(
        "id ids uuid guid identifier index idx key rownames rowname rownum rownumber serial nr sku isbn ssn"
    )
)
TIME_WORDS = frozenset(
    listed("year month week day date time hour minute second quarter age period season decade weekday t")
)
# An amount that a sign keeps from being a number, as regular expressions that Polars understands too.
AMOUNT = (
    r"^[-+(]? ?(?:[$€£¥]|[A-Z]{3})? ?[-+]?"
    r"(?:\d{1,3}(?:[,. ']\d{3})+|\d+)(?:[.,]\d+)?"
    r" ?(?:%|[$€£¥]|[A-Z]{3}|[kKmM])?\)?$"
)
AMOUNT_SIGN = r"[$€£¥%,.' ()a-zA-Z]"
LEAST_AMOUNTS = 0.9  # of the values, from which a column is one of amounts
TRUTH_PAIRS = tuple(
    frozenset(pair.split("/"))
    for pair in listed("yes/no y/n true/false t/f on/off oui/non ja/nein si/no sí/no")
)


@dataclass(frozen=True)
class Column:
    """A column as the planner and the methods see it.

    `levels` holds the values of categories, ordinals and booleans as text, at most 50, in natural order;
    it is () for other roles and where there are more than 50.
    """

    name: str
    role: Role
    dtype: str  # "integer", "number", "text", "boolean", "date", "datetime"
    unit: str | None
    rows: int
    missing: int
    invalid: int
    distinct: int
    levels: tuple[str, ...] = ()
    amount: str | None = None  # the first value, where text is amounts with signs: "$1,200.50", "7.5%"
    low: float | None = None  # the smallest and the largest value of numbers
    high: float | None = None
    left_as_text: str | None = None  # why a column is text of which most values are numbers or dates
    weighs: bool = False  # says how many cases a row stands for, in a table of counts


@dataclass(frozen=True)
class Facts:
    """What decides the role of a column."""

    name: str
    dtype: str
    filled: int
    distinct: int
    is_sequence: bool = False  # integers that count up by one from 0 or 1, row by row
    mean_length: float = 0.0  # characters of a text value
    values: tuple[str, ...] = ()  # the different values, while they are at most 50


def role_of(facts: Facts) -> Role:
    """Return the part that a column plays.

    The rules, first match first. No value: empty. One value: constant. Dates: date. Two truth words: boolean.
    Named like an identifier, counting 1, 2, 3... down the rows, or short text that never repeats: id.
    Integers with at most 12 different values that each stand four times on average: category; but ordinal
    when they count up from 0 or 1 in 3 to 7 steps, and number when in more (a score from 0 to 10), unless
    the name says months or hours. Those that begin elsewhere are ordinal from 4 to 7 values and number from 8
    (leaves of a plant, nurses of a shift), unless the name is that of a kind, or they are codes of 3 digits.
    Codes of classes or wards that repeat are a category, however many. Other numbers with 3 to 7 values,
    each five times on average: ordinal.
    Text with few values (at most half the rows, and at most 50 or a twentieth of the rows): category, or
    ordinal when it is a known scale.
    """
    if facts.filled == 0:
        return "empty"
    if facts.distinct == 1:
        return "constant"
    if facts.dtype in ("date", "datetime"):
        return "date"
    if facts.dtype == "boolean" or frozenset(value.lower() for value in facts.values) in TRUTH_PAIRS:
        return "boolean"
    if _is_identifier(facts):
        return "id"
    if facts.dtype == "integer":
        return _integer_role(facts)
    if facts.dtype == "number":
        few = 3 <= facts.distinct <= MOST_NUMBER_LEVELS and facts.filled >= 5 * facts.distinct
        return "ordinal" if few else "number"
    return _text_role(facts)


def natural_order(values: Sequence[str]) -> tuple[str, ...]:
    """Sort levels: numbers by size, known scales from low to high, other text by the alphabet."""
    if scale := order_of(values):
        return scale
    try:
        return tuple(sorted(values, key=float))
    except ValueError:
        return tuple(sorted(values, key=_natural_key))


def is_ordered_text(column: Column) -> bool:
    """Return whether a column holds words that are steps of a scale, each more than the one before it."""
    return column.role == "ordinal" and column.dtype == "text" and has_direction(column.levels)


def named_like_id(name: str) -> bool:
    """Return whether a name is that of an identifier: "ID", "customer_id", "row_name"."""
    words = words_of(name)
    numbered = len(words) > 1 and words[-1] == "no"  # "Sample No"
    return bool(words) and (words[-1] in ID_WORDS or "".join(words) in ID_WORDS or numbered)


def _is_identifier(facts: Facts) -> bool:
    unique = facts.distinct >= 0.98 * facts.filled and facts.filled >= 5
    if facts.dtype == "number":
        return False
    words = set(words_of(facts.name))
    if named_like_id(facts.name):
        return facts.distinct > 2 and not _is_of_kinds(facts)
    if facts.dtype == "integer":
        return unique and facts.is_sequence and not words & TIME_WORDS
    return unique and facts.mean_length <= LONGEST_IDENTIFIER


def _is_of_kinds(facts: Facts) -> bool:
    """Return whether values repeat as codes of classes, wards or sites do, under such a name."""
    few = facts.distinct <= MOST_LEVELS or facts.distinct <= facts.filled / 20
    repeated = facts.filled >= LEAST_ROWS_A_LEVEL * facts.distinct
    return facts.distinct > 2 and few and repeated and names_kind(facts.name)


def _integer_role(facts: Facts) -> Role:
    if facts.distinct > MOST_NUMBER_LEVELS and _is_of_kinds(facts):
        return "category"
    least_rows = LEAST_ROWS_A_LEVEL if facts.distinct == 2 else LEAST_ROWS_A_LEVEL * facts.distinct
    if facts.distinct > MOST_INTEGER_LEVELS or facts.filled < least_rows:
        return "number"
    words = words_of(facts.name)
    if facts.distinct > 2 and len(words) > 1 and words[0] in COUNT_PREFIXES:
        return "number"
    levels = sorted(int(value) for value in facts.values)
    if facts.distinct > 4 and levels[0] == 0 and levels[-1] > len(levels) - 1 and levels[:3] == [0, 1, 2]:
        return "number"  # from none upwards, with gaps among the many: counted
    counting = bool(levels) and levels[0] in (0, 1) and levels[-1] - levels[0] == len(levels) - 1
    if counting and len(levels) > 7 and not set(words_of(facts.name)) & TIME_WORDS:
        return "number"  # a score from 0 to 10, a number of children: counted, not named
    if counting and 3 <= len(levels) <= 7:
        return "ordinal"
    return _whole_role(facts.name, levels)


def _whole_role(name: str, levels: Sequence[int]) -> Role:
    """Return the part of few whole numbers that begin with neither 0 nor 1: a scale or a count, or codes."""
    coded = (
        head_of(name) in KINDS
        or bool(set(words_of(name)) & TIME_WORDS)
        or bool(NUMBERS & set(words_of(name)))
    )
    if coded or len(levels) < LEAST_STEPS or levels[-1] >= LEAST_CODE or levels[0] < 0:
        return "category"
    return "ordinal" if len(levels) <= MOST_NUMBER_LEVELS else "number"


def _text_role(facts: Facts) -> Role:
    few = facts.distinct <= MOST_LEVELS or facts.distinct <= facts.filled / 20
    if not few or facts.distinct > facts.filled / 2:
        return "text"
    return "ordinal" if len(facts.values) > 2 and order_of(facts.values) else "category"


def _natural_key(value: str) -> tuple[tuple[int, str], ...]:
    """Order "dose 2" before "dose 10"."""
    parts = re.findall(r"\d+|\D+", value)
    return tuple((int(part), "") if part.isdigit() else (-1, part.lower()) for part in parts)

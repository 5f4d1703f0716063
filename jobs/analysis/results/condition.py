"""A condition on the rows of a table, and how it reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Comparison = Literal["is", "is_not", "at_least", "more_than", "at_most", "less_than"]
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
Value = str | float | bool
Asked = tuple[str, Comparison, Sequence[Value]]  # a condition as somebody gave it: column, comparison, values

WORDS: dict[Comparison, str] = {
    "is": "is",
    "is_not": "is not",
    "at_least": "is at least",
    "more_than": "is more than",
    "at_most": "is at most",
    "less_than": "is less than",
}


@dataclass(frozen=True)
class Condition:
    """What a row has to fulfil; a row that lacks the value does not, whatever the comparison.

    `values` are numbers for a column of numbers, dates as "2026-03-01" or "2026-03-01 08:30:00" for one of
    dates, "True" or "False" for one of yes and no, else text as it stands in the column. "is" and "is_not"
    take one or more of them, the others one.
    """

    column: str
    comparison: Comparison
    values: tuple[str | float, ...]

    @property
    def words(self) -> str:
        """The condition as people write it: "sex is female", "age is at least 18"."""
        texts = [f"{value:g}" if isinstance(value, float) else value for value in self.values]
        listed = texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"
        return f"{self.column} {WORDS[self.comparison]} {listed}"


def in_words(conditions: Sequence[Condition]) -> str:
    """Return conditions as one phrase: "sex is female and age is at least 18"."""
    return " and ".join(condition.words for condition in conditions)

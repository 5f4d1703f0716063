"""A question that a p-value answers, and how that p-value looks beside those of other questions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """What was asked of a table, and the p-value that answers it.

    Two questions with one `identity` are the same question, asked again: same bytes, sheet, method, columns,
    values and rows. The words in which it was asked do not matter, nor the coverage of the intervals.
    """

    identity: str
    dataset: str  # SHA-256 of the file
    words: str  # "Welch's t test of body_mass_g and sex"
    pvalue: float
    pointer: str  # where the p-value stands in results.json


@dataclass(frozen=True)
class OtherQuestion:
    """Another question that was asked of the same table, and its p-value, raw and adjusted."""

    words: str
    pvalue: float
    holm: float
    benjamini_hochberg: float


@dataclass(frozen=True)
class Multiplicity:
    """The p-value that answers a question, raw and adjusted for all questions asked of the table so far."""

    questions: int  # this one and the others
    pointer: str  # where the raw p-value stands in results.json
    pvalue: float
    holm: float
    benjamini_hochberg: float
    others: tuple[OtherQuestion, ...] = ()  # oldest first

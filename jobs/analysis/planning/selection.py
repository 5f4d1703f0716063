"""What a question asks of two columns beyond the columns: some of the rows, or a statistic of its own."""

import re

from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import Reading

NUMBER_WORDS = r"(?:\d+|two|three|four|five|six|ten|twelve|twenty|thirty|forty|fifty|sixty|hundred|thousand)"
# Numbers that say how much to trust, or how many groups there are, select nothing.
NO_SELECTION = re.compile(
    r"\d+(?:\.\d+)? ?(?:%|percent\b|per cent\b)|"
    r"\b\d+[ -](?:groups?|samples?|levels?|categories|kinds|types|sided|tailed|way)\b|"
    r"\b(?:p|alpha|α|significance|level)(?: (?:level|of|at))*(?: ?[<>=≤:]+)? ?0?\.\d+|"
    r"\b(?:at|with) (?:the |a )?0?\.0\d+\b|"
    r"\bwith (?:and|or|vs\.?|versus) without\b|\bwithout (?:and|or|vs\.?|versus) with\b"
)
SELECTION = re.compile(
    r"\b(?:only|excluding|excludes?|except(?:ing)?|without|apart from|leaving out|ignoring|omitting)\b|"
    r"(?<=\s)where\b(?! (?:there|it|they|people|one)|\W*$)|"
    rf"\b(?:top|bottom|first|last|than|least|most) {NUMBER_WORDS}\b|\b(?:first|last) few\b|"
    r"(?<![-=<])(?:>=?|≥)|(?:<=?|≤)(?![->])|"
    r"(?<![\w.])\d+(?:\.\d+)?"
)
STATISTIC = re.compile(
    r"\bvarian(?:ces?|ts?)\b|\bvariability\b|\b(?:sd|std|stdev)\b|\bstandard (?:deviations?|errors?)\b|"
    r"\bmax(?:imums?|ima)?\b|\bmin(?:imums?|ima)?\b|\branges?\b|\blog(?:arithms?|ged|2|10)?\b|\bratios?\b|"
    r"\bdivided\b|\bsquared\b|\bsquare root\b|\b(?:percentiles?|quantiles?|quartiles?|deciles?|iqr)\b|"
    r"\b(?:spread|dispersion|modes?)\b"
)
UNIT_OF_TIME = re.compile(r"\d ?min\b")  # minutes, no minimum
MEDIAN = re.compile(r"\bmedians?\b")
LACKING = re.compile(r"\bwithout (?:an? |any |the )?$")
PER = re.compile(r"^\W*per\W*$")


def selected_rows(linked: Linked) -> str | None:
    """Return what to say when words or numbers outside the columns' names select rows, or None.

    Reading such a question as if it were about all rows would answer another one.
    """
    text = NO_SELECTION.sub(" ", _without_groups(linked))
    found = SELECTION.search(text)
    if found is None:
        return None
    return (
        f"By '{found.group()}' the question seems to be about some of the rows, and it is not clear which; "
        "what is offered takes all of them."
    )


def other_statistic(linked: Linked, best: Reading, between: str) -> str | None:
    """Return what to say when the reading `best` of two columns gives another statistic than was asked for.

    `between` is the text between the two: "salary per year" asks for a quotient.
    """
    found = STATISTIC.search(UNIT_OF_TIME.sub(" ", linked.without_names()))
    if found is None and "x" in best.columns:
        found = PER.match(between)
    if found is None:
        return None
    asked = found.group().strip()
    return f"The question asks for '{asked}', and the methods here compare the values as they are."


def _without_groups(linked: Linked) -> str:
    """Return the question without names and what only names groups: "the 3 species", "without a garage"."""
    text = linked.without_names()
    for mention in linked.mentions:
        if mention.best.column.role == "boolean" and mention.best.value is None:
            start = linked.tokens[mention.first].start
            text = LACKING.sub("", text[:start]).ljust(start) + text[start:]
        column, token = mention.best.column, linked.tokens[mention.first - 1]
        counted = mention.first > 0 and token.word == str(column.distinct)
        if counted and column.levels and token.word not in column.levels:
            text = text[: token.start] + " " * (token.end - token.start) + text[token.end :]
    return text

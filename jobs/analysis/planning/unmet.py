"""Find what a question asks that its plan would leave out: a quotient, two sides of a limit.

Each word of such a question may be understood, and the plan still answer another one; then it is asked back.
"""

import re
from collections.abc import Sequence

from jobs.analysis.planning.leftover import words_left
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.readings import is_measured
from jobs.analysis.planning.row_words import COMPARES
from jobs.analysis.planning.series import series_of
from jobs.analysis.planning.unanswered import unanswered
from jobs.analysis.planning.unread import is_unit
from jobs.analysis.planning.value_readings import HALF, ONE_IN
from jobs.analysis.planning.vocabulary import (
    INTENT_WORDS,
    ROW_NOUNS,
    is_content,
    is_plural,
    stem,
    synonymous,
)
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import UNIT_WORDS, UNITS, listed, words_of

LIMITS = ("at_least", "at_most", "more_than", "less_than")
PAIRED = (
    "mcnemar_test",
    "cochran_q_test",
    "paired_t_test",
    "wilcoxon_signed_rank",
    "repeated_measures_anova",
    "friedman_test",
)
RATES = frozenset(listed("rate rates ratio ratios percentage percentages"))
# "Revenue per item" is a quotient unless each row is an item.
COUNTED_THINGS = frozenset(listed("item items unit units product products piece pieces head capita"))
PERSONS = frozenset(listed("person persons people customer client household home employee worker student"))
PEOPLE = frozenset(
    listed("person people cust customer employee patient subject visitor user student participant")
)
TIME_WORDS = frozenset(listed("days weeks months years hours minutes"))
_MOVES = (
    r"(?:chang|differ|improv|drop|increas|decreas|declin|reduc|gain|ris|rose|fall|fell|grow|grew|loss|"
    r"lose|lost|shrink|go(?:es)? up|go(?:es)? down|went up|went down)\w*"
)
MORE_CHANGE = re.compile(
    rf"\b{_MOVES}\b.*\b(?:larger|bigger|greater|smaller|stronger|weaker|more|less|faster|slower)\b|"
    rf"\b(?:larger|bigger|greater|smaller|stronger|weaker|more|less) (?:of an? )?{_MOVES}"
)
CHANGED_AFTER = re.compile(rf"\b{_MOVES} (?:\w+ )?(?:after|following|since|upon|during|before)\b")
_SIDE = (
    r"older|younger|others?|rest|remaining|below|above|under|over|beneath|beyond|less|more|longer|"
    r"shorter|higher|"
    r"lower|larger|smaller|bigger|newer|cheaper|heavier|lighter|taller|fewer|not"
)
OTHER_SIDE = re.compile(
    r"\b(?:vs\.?|versus|than|with|and|or|to|against|from) (?:(?:the|all|those|that|ones|people|who|are|"
    rf"is|of) )*(?:{_SIDE})\b(?! (?:than )?[$€£]?\d)|"
    r"\b(?:than|vs\.?|versus|against)(?: (?:the|those|people|ones|that|of))*\W*$"
)
AMOUNTS = frozenset(
    listed("hundred hundreds thousand thousands million millions billion billions grand dozen")
)
MOST_OF = re.compile(r"^\W*(?:do|does|did|are|is|were|was|have|has|will)\W+most\b")
SHARE_OF = re.compile(
    r"\b(?:less|more|fewer|over|under|above|below|at least|at most) (?:than )?\d+ ?(?:%|per ?cent\b)"
)


def unmet(
    whole: str, linked: Linked, found: Plan, conditions: Sequence[Condition], columns: Sequence[Column]
) -> str | None:
    """Return what to say where the plan would leave out a part of the question, or None.

    Parameters
    ----------
    whole : the question
    linked : the question without what selects rows
    found : the plan for it
    conditions : which rows were selected
    """
    return (
        _two_sides(whole, linked, found, conditions)
        or _change_by_group(linked, found, conditions)
        or _change_unpaired(linked, found, columns)
        or _quotient(linked, found, columns)
        or _share(linked, found)
        or _amount(linked, found)
        or _rows_counted(linked, found)
        or _adjective(linked)
        or unanswered(linked, found, conditions, columns)
        or _left(linked, found)
    )


def _left(linked: Linked, found: Plan) -> str | None:
    words = words_left(linked, found)
    if not words:
        return None
    listed_words = ", ".join(f"'{word}'" for word in words)
    return f"No column was found for {listed_words}, which may be what is asked about."


def _two_sides(whole: str, linked: Linked, found: Plan, conditions: Sequence[Condition]) -> str | None:
    """Rows on one side of a limit are selected, and the question sets them against those on the other."""
    limited = [one for one in conditions if one.comparison in LIMITS]
    if not limited:
        return None
    names = [(one.column, one.comparison) for one in limited]
    described = found.method == "profile" and COMPARES.search(linked.without_names())
    if (
        any(OTHER_SIDE.search(text.lower()) for text in (whole, linked.text))
        or described
        or len(set(names)) < len(names)
    ):
        return (
            f"The question seems to compare rows on two sides of a limit of '{limited[0].column}', which "
            "no method here does; make a column that tells the two apart, and ask for the difference by it."
        )
    return None


def _change_by_group(linked: Linked, found: Plan, conditions: Sequence[Condition]) -> str | None:
    """Measure a change in some rows, and the question asks whether it is larger there than elsewhere."""
    groups = [one.column for one in conditions if one.comparison not in LIMITS]
    if found.method not in PAIRED or not groups or not MORE_CHANGE.search(linked.without_names()):
        return None
    return (
        f"The question compares changes between the groups of '{groups[0]}', and the change within the "
        "rows is tested for all rows or for one group; make a column of the changes, and compare that."
    )


def _change_unpaired(linked: Linked, found: Plan, columns: Sequence[Column]) -> str | None:
    """Compare one measure of a series by a group where the words ask what has changed: "fall after"."""
    outcome = found.columns.get("outcome")
    series = next((one for one in series_of(columns) if outcome in one.names), None)
    if series is None or "group" not in found.columns or not CHANGED_AFTER.search(linked.text.lower()):
        return None
    listed_names = ", ".join(f"'{name}'" for name in series.names)
    return (
        f"The question seems to ask for a change in the same rows, told by {listed_names}; name those to "
        "compare."
    )


def _divides(word: str, linked: Linked, found: Plan, columns: Sequence[Column]) -> bool:
    """Return whether "per" and a word ask for a quotient: not of the rows, or of a unit."""
    if word in COUNTED_THINGS:
        return True
    if not word or found.method in ("poisson_regression", "negative_binomial_regression"):
        return False
    if is_unit(word, linked) or any(word in words_of(m.best.column.name) for m in linked.mentions):
        return False
    names = {part for column in columns if column.role == "id" for part in words_of(column.name)}
    names -= {"id", "no", "nr", "number", "code"}
    if word in ROW_NOUNS:
        own = any(stem(word) == stem(part) or synonymous(word, part) for part in names)
        return word in PERSONS and bool(names) and not own and not PEOPLE.intersection(names)
    return is_content(word) or word in UNIT_WORDS


def _quotient(linked: Linked, found: Plan, columns: Sequence[Column]) -> str | None:
    if found.method == "linear_regression":
        return None  # "how much more per year": the slope
    for index, token in enumerate(linked.tokens):
        if linked.covered(index):
            continue
        after = next((m for m in linked.mentions if m.first == index + 1), None)
        before = next((m for m in linked.mentions if m.last == index), None)
        several = token.word == "rates" and "x" in found.columns  # "rape and assault rates"
        rate = token.word in RATES and before is not None and _is_number(before) and not _is_rate(before)
        following = linked.tokens[index + 1].word if index + 1 < len(linked.tokens) else ""
        per = token.word in ("per", "pro") and (
            (after is not None and _is_number(after))
            or (after is None and _divides(following, linked, found, columns))
        )
        if (rate and not several) or per:
            return (
                f"By '{token.word}' the question asks for a quotient, which is not computed; "
                "make a column of it, and ask about that."
            )
    return None


def _is_number(mention: Mention) -> bool:
    column = mention.best.column
    return mention.best.value is None and is_measured(column) and column.role == "number"


def _is_rate(mention: Mention) -> bool:
    """Return whether a column is a rate itself, and no count: `pulse`, `Rabatt %`, murders of 13.2."""
    column = mention.best.column
    return (
        column.dtype != "integer"
        or column.unit == "%"
        or any(word in RATES or synonymous("pulse", word) for word in words_of(column.name))
    )


def _share(linked: Linked, found: Plan) -> str | None:
    """Compare two columns where the words compare a share with a number: "less than half of the women"."""
    text = linked.without_names()
    share = HALF.search(text) or ONE_IN.search(text) or SHARE_OF.search(text) or MOST_OF.search(text)
    if share is None or found.params or len(found.columns) < 2:
        return None
    return (
        f"By '{share.group().strip()}' the question compares a share with a number, which takes one column; "
        "name the rows by 'among ...' or 'only ...'."
    )


def _amount(linked: Linked, found: Plan) -> str | None:
    """Find an amount in words that no method took: "above a quarter million"."""
    words = [
        t.word for index, t in enumerate(linked.tokens) if t.word in AMOUNTS and not linked.covered(index)
    ]
    if not words or found.params:
        return None
    return f"It is not sure what number '{words[0]}' belongs to; write it in digits."


def _rows_counted(linked: Linked, found: Plan) -> str | None:
    """Measure something where the words count rows: "how many tickets does each team close"."""
    if found.method == "profile" or found.params:
        return None
    things = (
        TIME_WORDS if "row" in found.columns else ROW_NOUNS | TIME_WORDS
    )  # "how many passengers survived"
    named = [m for m in linked.mentions if m.best.column.role != "id"]
    free = {i for i in range(len(linked.tokens)) if not any(m.first <= i < m.last for m in named)}
    for index, token in enumerate(linked.tokens[2:], start=2):
        asked = (linked.tokens[index - 2].word, linked.tokens[index - 1].word)
        counted = asked in (("how", "many"), ("number", "of"), ("count", "of"))
        named_after = linked.text[token.end :].lstrip().startswith("(")  # "visits (ftv)"
        own = named_after or any(_measured_in(token.word, m.best.column) for m in named)
        if counted and index in free and token.word in things and is_plural(token.word) and not own:
            return (
                f"The question counts {token.word}, and a plan about '{next(iter(found.columns.values()))}' "
                "does not; name a column for whose values the rows are counted."
            )
    return None


def _measured_in(word: str, column: Column) -> bool:
    """Return whether a column is a number of these: years of `yrs.since.phd`."""
    unit = UNITS.get(word)
    return unit is not None and unit in (column.unit, *map(UNITS.get, words_of(column.name)))


def _adjective(linked: Linked) -> str | None:
    """Find a yes/no column named by an adjective right before a number: "low birth weight" beside `low`."""
    for one in linked.mentions:
        other = next((m for m in linked.mentions if m.first == one.last), None)
        if other is None or one.words.lower() not in INTENT_WORDS or one.best.value is not None:
            continue
        if one.best.column.distinct == 2 and _is_number(other):
            return (
                f"'{one.words} {other.words}' may mean '{one.best.column.name}' or "
                f"'{other.best.column.name}'; name the column alone."
            )
    return None

"""Read questions of what explains a column: "what predicts price?", "predict price from size and age".

Each gives a model with an outcome and predictors. Where the words leave open which column is explained, or
what else may be meant, nothing is read here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.analysis.catalogue import (
    AS_NUMBER,
    COUNT_METHODS,
    METHOD_TITLES,
    MOST_GROUPS,
    MOST_PREDICTORS,
    PREDICTORS,
    counted_as_number,
    intent_of,
)
from jobs.analysis.planning import clarify, doubts, outcomes, selection, unread
from jobs.analysis.planning.compounds import compounds
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.model_notes import MOSTLY_MISSING, listed, notes
from jobs.analysis.planning.predicting_words import (
    ALL_OTHERS,
    COUNT_WORDS,
    COUNTED,
    EXPLAINS_LAST,
    GENERIC,
    MODEL,
    NAMED,
    PERIODS,
    THEN_EXPLAINED,
)
from jobs.analysis.planning.readings import is_grouping, is_measured, unusable
from jobs.analysis.planning.settling import LEAST_CONFIDENCE
from jobs.analysis.results.result import Alternative, Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import words_of

LINE = re.compile(r"\blinear\b|\bols\b|\bline\b|\bleast squares\b")
SPARE_ROWS = 2  # rows a coefficient, below which too little is left to tell columns apart


@dataclass(frozen=True)
class Asked:
    """The column that is to be explained, and by which others; `everything` if they were not named."""

    outcome: Column
    predictors: tuple[Column, ...]
    everything: bool


def read(linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan | None:
    """Return the model that a question asks for, None where it asks for something else.

    Parameters
    ----------
    linked : the question with its columns found, none of them ambiguous
    names : the different columns that are mentioned, in the question's order
    columns : all columns of the table
    """
    asked = _asked(linked, names, columns) or _by_outcome(linked, names)
    if asked is None:
        return _of_some_rows(linked, names)
    return _modelled(asked, linked, None)


def _modelled(asked: Asked, linked: Linked, method: str | None) -> Plan:
    outcome = asked.outcome
    why = selection.selected_rows(linked) or doubts.restricted_to(linked) or _unfit(asked)
    why = why or (None if method is None else _misnamed(method, outcome))
    if why is not None:
        return clarify.ask(linked, clarify.sentence(why), (), 0.4)
    used, left_out = _usable(asked)
    if (trouble := _trouble(outcome, used)) is not None:
        return clarify.ask(linked, trouble, (), 0.4)
    confidence, doubt = _confidence(linked, asked)
    if confidence < LEAST_CONFIDENCE:
        return clarify.ask(linked, doubt, (_alternative(outcome, used),), confidence)
    found = _plan(linked, asked, used, left_out, confidence, method)
    return found if method is None else replace(found, explicit=True)


def _misnamed(method: str, outcome: Column) -> str | None:
    """Return why the model that the question names does not suit the outcome, or None."""
    if method == "logistic_regression" and outcome.distinct != 2:
        return f"'{outcome.name}' has {outcome.distinct} values, and {METHOD_TITLES[method]} explains two"
    if method in COUNT_METHODS and (outcome.dtype != "integer" or (outcome.low or 0) < 0):
        return f"'{outcome.name}' holds no counts, which {METHOD_TITLES[method]} explains"
    if method in ("linear_regression", "log_linear_regression") and not is_measured(outcome):
        return f"'{outcome.name}' holds no numbers, which {METHOD_TITLES[method]} explains"
    return None


def named(method: str, linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan | None:
    """Return the model that a question names, None where the columns are not clear."""
    asked = _asked(linked, names, columns)
    if asked is None and len(names) == 1:
        others = tuple(column for column in columns if column.name != names[0].name)
        asked = Asked(names[0], others, everything=True)
    if asked is None and names:
        outcome = _outcome(linked, linked.without_names()) or names[0]
        asked = Asked(outcome, tuple(c for c in names if c.name != outcome.name), everything=False)
    return None if asked is None else _modelled(asked, linked, method)


def _of_some_rows(linked: Linked, names: Sequence[Column]) -> Plan | None:
    """Ask back where the columns were not named, but a value was: "what drives the price in Riverside"."""
    named = next((m.best for m in linked.mentions if m.best.value is not None), None)
    if named is None or len(names) < 2 or not ALL_OTHERS.search(linked.without_names()):
        return None
    why = f"It is not sure whether the question is about the rows with '{named.value}' only."
    return clarify.ask(linked, why, (), 0.4)


def _asked(linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Asked | None:
    text = linked.without_names()
    if len(names) == 1 and ALL_OTHERS.search(text):
        others = tuple(column for column in columns if column.name != names[0].name)
        return Asked(names[0], others, everything=True)
    by_value = any(m.best.value is not None for m in linked.mentions)
    if len(names) < 2 or by_value or not NAMED.search(text):
        return None
    outcome = _outcome(linked, text)
    if outcome is None:
        return None
    others = tuple(column for column in names if column.name != outcome.name)
    if len(others) == 1 and not (MODEL.search(text) and _alone(outcome, others[0])):
        return None
    wants_model = len(others) > 2 or MODEL.search(text) or COUNTED.search(linked.text.lower())
    in_groups = all(is_grouping(other) and not _is_scale(other) for other in others)
    if in_groups and not wants_model and outcome.distinct != 2:
        return None  # a number in groups of several kinds, which an analysis of variance compares
    return Asked(outcome, others, everything=False)


def _by_outcome(linked: Linked, names: Sequence[Column]) -> Asked | None:
    """Return a yes or no, or a count, that the question wants explained without saying "explain"."""
    found = outcomes.of_count(linked, names) or outcomes.of_event(linked, names)
    return None if found is None else Asked(*found, everything=False)


def _alone(outcome: Column, predictor: Column) -> bool:
    """Return whether a model of one predictor says more than a comparison of the two columns."""
    return (
        predictor.role in ("number", "ordinal")
        and is_measured(predictor)
        and (outcome.role != "category" or outcome.distinct == 2)
    )


def _is_scale(column: Column) -> bool:
    return column.role == "ordinal" and is_measured(column)


def _outcome(linked: Linked, text: str) -> Column | None:
    """Return the column that the others explain, by the words between; None where they do not say."""
    first = min(linked.mentions, key=lambda m: m.first)
    last = max(linked.mentions, key=lambda m: m.first)
    between = [
        text[linked.tokens[one.last - 1].end : linked.tokens[two.first].start]
        for one, two in zip(linked.mentions, linked.mentions[1:], strict=False)
    ]
    begins = bool(between and THEN_EXPLAINED.search(between[0]))
    before = text[: linked.tokens[first.first].start]
    on_last = re.search(r"\b(effects?|impacts?|influence)\b", before) and re.search(r"\bon\b", between[-1])
    ends = bool(EXPLAINS_LAST.search(between[-1]) and not re.search(r"\bby\b", between[-1])) or bool(on_last)
    on_other = re.search(r"\b(effects?|impacts?|influence)\b", before) and re.search(r"\bon\b", between[0])
    if on_other and not on_last:
        return None  # "effect of a on b by c": one effect, or one in each group
    if on_last or begins == ends:
        return last.best.column if on_last else None
    return first.best.column if begins else last.best.column


def _unfit(asked: Asked) -> str | None:
    """Return why a column cannot be explained by a model, or None."""
    outcome = asked.outcome
    if problem := unusable(outcome):
        return problem
    grouped = outcome.role == "category" and outcome.distinct <= MOST_GROUPS
    if outcome.distinct != 2 and (grouped or not is_measured(outcome)):
        return (
            f"column '{outcome.name}' has {outcome.distinct} categories; a model explains a number, yes or "
            "no, or a count"
        )
    if not asked.everything:
        return next((problem for column in asked.predictors if (problem := unusable(column))), None)
    return None


def _usable(asked: Asked) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Part the predictors into those that a model takes and the others."""
    used = [
        column
        for column in asked.predictors
        if unusable(column) is None
        and (column.role in ("number", "ordinal", "boolean") or column.distinct <= MOST_GROUPS)
        and not (asked.everything and column.missing > MOSTLY_MISSING * column.rows)
    ]
    used = used[:MOST_PREDICTORS]
    return tuple(used), tuple(column for column in asked.predictors if column not in used)


def _trouble(outcome: Column, used: Sequence[Column]) -> str | None:
    if not used:
        return f"No other column can explain '{outcome.name}': a model takes numbers and categories."
    rows = outcome.rows - outcome.missing
    needed = 1 + sum(_coefficients(column, rows) for column in used)
    if rows < SPARE_ROWS * needed and needed > 2:
        return (
            f"{len(used)} columns make {needed} coefficients, too many for {rows} rows with "
            f"'{outcome.name}'; name the few that matter, as in 'predict a from b and c'."
        )
    return None


def _coefficients(column: Column, rows: int) -> int:
    if column.role in ("number", "ordinal") or counted_as_number(column.dtype, column.distinct, rows):
        return 1
    return column.distinct - 1


def _confidence(linked: Linked, asked: Asked) -> tuple[float, str]:
    lost = [
        phrase.words
        for phrase in unread.unresolved(linked)
        if not _generic(phrase.words) and not (phrase.before == "per" and phrase.words.lower() in PERIODS)
    ]
    if lost:
        return 0.4, f"No column was found for {', '.join(repr(words) for words in lost)}."
    others = [words for words, is_another in compounds(linked) if is_another]
    if others:
        return 0.45, f"No column is called {', '.join(repr(words) for words in others)}."
    strength = min(
        max(m.best.strength for m in linked.mentions if m.best.column.name == name)
        for name in {m.best.column.name for m in linked.mentions}
    )
    confidence = strength * (0.85 if asked.everything else 0.95)
    return confidence, f"It is not sure that '{asked.outcome.name}' is meant."


def _generic(words: str) -> bool:
    return all(word in GENERIC for word in re.findall(r"[^\W_]+", words.lower()))


def _roles(outcome: Column, used: Sequence[Column]) -> dict[str, str]:
    return {"outcome": outcome.name, **{role: c.name for role, c in zip(PREDICTORS, used, strict=False)}}


def _alternative(outcome: Column, used: Sequence[Column]) -> Alternative:
    listed = ", ".join(column.name for column in used)
    reading = f"What goes with {outcome.name}, of {listed}?"
    method = "logistic_regression" if outcome.distinct == 2 else "linear_regression"
    return Alternative(method, _roles(outcome, used), reading, 0.4)


def _plan(
    linked: Linked,
    asked: Asked,
    used: Sequence[Column],
    left_out: Sequence[Column],
    confidence: float,
    named: str | None,
) -> Plan:
    outcome = asked.outcome
    method, what = _method(linked, outcome)
    if named is not None:
        method, what = named, f"'{outcome.name}' is modelled by {METHOD_TITLES[named]}"
    what = f"{what} by {listed(used)}{' together' if len(used) > 1 else ''}"
    roles = _roles(outcome, used)
    line = method == "linear_regression" and len(used) == 1 and is_measured(used[0])
    if line and not asked.everything:
        roles = {"x": used[0].name, "y": outcome.name}
        what = f"'{outcome.name}' is modelled by a line over '{used[0].name}'"
    return Plan(
        intent_of(method, roles),
        method,
        roles,
        round(confidence, 2),
        clarify.sentence(what),
        clarify.read_as(linked),
        notes=notes(outcome, used, left_out, everything=asked.everything),
    )


def _method(linked: Linked, outcome: Column) -> tuple[str, str]:
    """Return the model that suits an outcome, and why: yes or no, a count, or else a number."""
    if outcome.distinct == 2:
        return "logistic_regression", f"'{outcome.name}' is one of two: its odds are modelled"
    asked = COUNTED.search(linked.text.lower()) and outcomes.holds_counts(outcome)
    whole = outcome.dtype == "integer" and outcome.role != "ordinal"
    prefixed = outcomes.named_as_count(outcome)
    several = outcomes.counts_things(outcome) and not LINE.search(linked.text.lower())
    if asked or prefixed or several or (whole and COUNT_WORDS & set(words_of(outcome.name))):
        return "poisson_regression", f"'{outcome.name}' is a count: its rate is modelled"
    return "linear_regression", f"'{outcome.name}' {AS_NUMBER}"

"""Hold a plan to its question: each word that changes what is asked is carried out, each column is used.

The readings find what they know; this is the check after them that does not depend on which of them it was.
Where something is not carried out the plan asks back, with the reason and with what comes nearest.
"""

from collections.abc import Callable, Sequence

from jobs.analysis.planning import held_comparisons, held_names, held_quantities
from jobs.analysis.planning.clarify import rather_ask
from jobs.analysis.planning.held_question import Question
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.timely import is_time
from jobs.analysis.planning.vocabulary import ROW_NOUNS
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import listed

MEASURED = frozenset(listed("height weight age length width size time distance temperature pressure speed"))
FAINT = 0.66  # mentions weaker than this may be chance


def held_to(linked: Linked, found: Plan, conditions: Sequence[Condition], columns: Sequence[Column]) -> Plan:
    """Return the plan, or one that asks back where the plan leaves out a part of the question.

    Parameters
    ----------
    linked : Linked
        The whole question, with what selects rows.
    found : Plan
        How it was read.
    conditions : sequence of Condition
        Which rows were selected.
    """
    if found.needs_clarification:
        return found
    asked = Question(linked, linked.without_names(), found, tuple(conditions), tuple(columns))
    why = next((said for check in CHECKS if (said := check(asked)) is not None), None)
    return found if why is None else rather_ask(found, why)


def _unused(asked: Question) -> str | None:
    """Leave out a column that the question names."""
    found = asked.found
    if found.method in ("outliers", "missing_values", "correlation_matrix", "rank_correlation_matrix"):
        return None
    if not found.columns:
        return None
    for mention in asked.linked.mentions:
        names = {match.column.name for match in mention.matches}
        column = mention.best.column
        if names & asked.used or column.role == "id" or mention.best.strength < FAINT:
            continue
        if mention.words.lower() in ROW_NOUNS or _names_time(mention, found):
            continue
        return (
            f"The question names '{mention.words}', which may mean '{column.name}', and the plan that was "
            f"found leaves "
            "it out; say which part it plays, or leave it out."
        )
    return None


def _implausible(asked: Question) -> str | None:
    """Take a yes or no for a measure, by a name that is cut short: "height" for `ht`."""
    for mention in asked.linked.mentions:
        best = mention.best
        short = "abbreviation" in best.how and best.column.distinct == 2 and best.value is None
        if short and mention.words.lower() in MEASURED and best.column.name in asked.used:
            return (
                f"It is not sure that '{mention.words}' means '{best.column.name}', which has two values; "
                f"name the "
                "column as it is written."
            )
    return None


def _names_time(mention: Mention, found: Plan) -> bool:
    return found.method == "trend_over_time" and is_time(mention.best.column)


CHECKS: tuple[Callable[[Question], str | None], ...] = (
    held_comparisons.moderated,
    held_comparisons.in_each,
    held_comparisons.held_equal,
    held_comparisons.one_or_other,
    held_comparisons.changed,
    held_comparisons.among,
    held_quantities.share,
    held_quantities.quotient,
    held_quantities.unit_price,
    held_quantities.each_of_a_list,
    held_names.resembles,
    held_names.attributive,
    held_names.counts_rows,
    held_names.none_of,
    held_names.most_of_many,
    held_names.rows_or_sides,
    held_names.by_size,
    held_names.of_two_alike,
    _unused,
    _implausible,
)

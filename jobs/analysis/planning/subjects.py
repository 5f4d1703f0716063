"""Compare levels within the subjects that repeat over them, or ask back: rows of one subject go together.

The plan of a question knows the columns alone; whether each subject was measured once at each level stands in
the rows. A test of independent groups is left to those who name it, and then said to be one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from jobs.analysis.catalogue import METHOD_ROLES, intent_of
from jobs.analysis.planning import determined, panels
from jobs.analysis.planning.clarify import MOST_ALTERNATIVES, rather_ask
from jobs.analysis.planning.repeated_readings import MOST_MEASURES, SUBJECTS
from jobs.analysis.planning.repeated_rows import Subjects, of_one_occasion, over_occasions, subjects_of
from jobs.analysis.planning.saying import in_words
from jobs.analysis.planning.timely import is_time
from jobs.analysis.results.result import Alternative, Plan
from jobs.analysis.sampling.crossing import Crossing, crossing, repeats
from jobs.analysis.sampling.designs import MIN_ROWS
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import words_of

INDEPENDENT = ("welch_t_test", "student_t_test", "mann_whitney_u", "welch_anova", "one_way_anova")
COMPARING = frozenset({*INDEPENDENT, "kruskal_wallis"})
COUNTING = frozenset({"chi_square_independence", "fisher_exact"})
# What gives no p-value, or looks within the subjects itself.
DESCRIBING = frozenset({"profile", "outliers", "missing_values", "normality", "cohen_kappa"})
INFERRING = frozenset(METHOD_ROLES) - DESCRIBING - {"intraclass_correlation"}
DEPENDENT_ROWS = "Read with care: "  # begins a note that rows go together which the test takes as independent
FEW = 10  # values of an identifier that is not named like a person or an animal: shops, not subjects


def within_subjects(plan: Plan, columns: Sequence[Column], parquet: Path) -> Plan:
    """Return the plan that heeds subjects which repeat over the levels that `plan` compares.

    Each nearly complete subject with one row a level: their changes are compared. Most subjects in several
    levels otherwise, or two categories: it is asked back. Fewer of them, or a method that was named: a note.

    Parameters
    ----------
    plan : Plan
        One that takes the rows of a group, or of two categories, as independent; any other comes back.
    columns : sequence of Column
        Of the table; those that name subjects are tried.
    parquet : Path
        The typed table.
    """
    if plan.needs_clarification:
        return _without_traps(plan, columns, parquet)
    found = _heeded(determined.without_determined(plan, columns, parquet), columns, parquet)
    if found.needs_clarification or found.method not in INFERRING or "subject" in found.columns:
        return found
    return panels.heeded(found, columns, parquet)


def _heeded(plan: Plan, columns: Sequence[Column], parquet: Path) -> Plan:
    compares = plan.method in COMPARING and set(plan.columns) == {"outcome", "group"}
    counts = plan.method in COUNTING and set(plan.columns) == {"row", "column"}
    if not (compares or counts):
        return _of_independent_rows(plan, columns, parquet)
    found = max(_crossings(plan, columns, parquet), key=_weight, default=None)
    # What happened on one day is not one subject that changed.
    if found is not None and counts and _is_time(found.subject, columns):
        return plan
    if found is None:
        return plan
    if counts and not plan.explicit and (within := _categories(plan, columns, found, parquet)) is not None:
        return within
    measured_once = compares and found.is_complete and found.in_all >= MIN_ROWS
    if measured_once and not plan.explicit and found.levels <= MOST_MEASURES:
        method = "paired_t_test" if found.levels == 2 else "repeated_measures_anova"
        return _paired(plan, found, method)
    if plan.explicit or _are_few_things(found):
        return replace(plan, notes=(DEPENDENT_ROWS + _told(found), *plan.notes))
    if not found.links_levels:
        return _of_independent_rows(plan, columns, parquet)
    return _asked_back(plan, f"{_told(found)} {_wanted(found, compares=compares)}", ())


def _asked_back(plan: Plan, why: str, better: tuple[Alternative, ...]) -> Plan:
    """Ask back, with what heeds the subjects before the plan that takes all rows as independent."""
    back = rather_ask(plan, why)
    independent = replace(_independent(plan)[0], confidence=0.1, params=plan.params, where=plan.where)
    return replace(back, alternatives=(*better, independent, *plan.alternatives))


def _of_independent_rows(plan: Plan, columns: Sequence[Column], parquet: Path) -> Plan:
    """Return a plan whose method takes each row as a subject of its own; asked back where most repeat."""
    named = tuple(dict.fromkeys(plan.columns.values()))
    if plan.method not in INFERRING or not named or "subject" in plan.columns:
        return plan
    for one in subjects_of(columns, parquet):
        if one.column.name in named:
            continue
        found = repeats(parquet, one.column.name, *named, where=plan.where)
        if found is None:
            continue
        told = (
            f"'{one.column.name}' repeats: {found.repeating:,} of them have several rows, and the method "
            f"takes "
            "all rows as independent, which makes p-values too small where rows of one are alike."
        )
        few = found.subjects < FEW and not SUBJECTS & set(words_of(one.column.name))
        if plan.explicit or few or not found.is_usual:
            return replace(plan, notes=(DEPENDENT_ROWS + told, *plan.notes))
        return _asked_back(plan, f"{told} {_how_else(one)}", _better(plan, one))
    return plan


def _better(plan: Plan, one: Subjects) -> tuple[Alternative, ...]:
    return (*over_occasions(plan, one), *of_one_occasion(plan, one))


def _how_else(one: Subjects) -> str:
    if one.occasions is None:
        return f"Average first to one row for each '{one.column.name}', and ask again."
    return (
        f"Choose the rows of one value of '{one.occasions.name}', at which each has one row, or average "
        f"first "
        f"to one row for each '{one.column.name}'."
    )


def _without_traps(plan: Plan, columns: Sequence[Column], parquet: Path) -> Plan:
    """Offer nothing that takes repeated rows as independent, where what is offered can heed them."""
    kept: list[Alternative] = []
    changed = False
    for one in plan.alternatives:
        asked = Plan("", one.method, one.columns, one.confidence, "", params=one.params, where=one.where)
        heeded = within_subjects(asked, columns, parquet)
        if heeded.needs_clarification:
            kept += heeded.alternatives[:1]
            changed = True
        elif heeded.method != one.method:
            reading = in_words(dict(heeded.columns), dict(heeded.params))
            kept.append(replace(one, method=heeded.method, columns=heeded.columns, reading=reading))
            changed = True
        else:
            kept.append(one)
    if not changed:
        return plan
    different = {(one.method, tuple(one.columns.items()), one.where): one for one in reversed(kept)}
    sound = sorted(different.values(), key=lambda one: -one.confidence)
    return replace(plan, alternatives=tuple(sound[:MOST_ALTERNATIVES]))


def _crossings(plan: Plan, columns: Sequence[Column], parquet: Path) -> Iterator[Crossing]:
    """Yield how each column of subjects lies over the group, or over each of two categories."""
    named = tuple(plan.columns.values())
    groups = [plan.columns["group"]] if "group" in plan.columns else list(named)
    candidates = {
        one.column.name: one.column for group in groups for one in subjects_of(columns, parquet, group=group)
    }
    for column in candidates.values():
        if column.name in named:
            continue
        for group in groups:
            others = [name for name in named if name != group]
            found = crossing(parquet, column.name, group, *others, where=plan.where)
            if found is not None:
                yield found


def _are_few_things(found: Crossing) -> bool:
    """Return whether a handful of shops or machines repeats, which are not what was measured."""
    return found.subjects < FEW and not found.is_complete and not SUBJECTS & set(words_of(found.subject))


def _weight(found: Crossing) -> tuple[bool, bool, int]:
    """Put subjects that link the levels before others, and many before few."""
    return found.is_complete, found.links_levels, found.subjects


def _paired(plan: Plan, found: Crossing, method: str) -> Plan:
    given = {**plan.columns, "subject": found.subject}
    because = (
        f"Each value of '{found.subject}' has one row for each value of '{found.group}': what changes within "
        "them is tested"
    )
    note = f"Rows of the same '{found.subject}' are compared with each other."
    return replace(
        plan,
        intent=intent_of(method, given),
        method=method,
        columns=given,
        because=f"{because}.",
        alternatives=_independent(plan),
        notes=(note, *plan.notes),
    )


def _independent(plan: Plan) -> tuple[Alternative, ...]:
    """Return the readings that are left: first the plan itself, which takes all rows as independent."""
    reading = f"{in_words(dict(plan.columns), {})} (taking all rows as independent)"
    own = Alternative(plan.method, plan.columns, reading, round(plan.confidence * 0.4, 2))
    return (own, *plan.alternatives)


def _categories(plan: Plan, columns: Sequence[Column], found: Crossing, parquet: Path) -> Plan | None:
    """Compare two values within subjects that have one row at each level of the other column."""
    outcome = next(name for name in plan.columns.values() if name != found.group)
    column = next(one for one in columns if one.name == outcome)
    other = crossing(parquet, found.subject, outcome, found.group, where=plan.where)
    if column.distinct != 2 or not found.is_complete or (other is not None and other.is_complete):
        return None
    if other is None or not other.in_several:  # "week by arm": each keeps its value, and nothing can change
        return None
    if found.in_all < MIN_ROWS or found.levels > MOST_MEASURES:
        return None
    method = "mcnemar_test" if found.levels == 2 else "cochran_q_test"
    given = {"outcome": outcome, "group": found.group, "subject": found.subject}
    return replace(_paired(replace(plan, columns=given), found, method), alternatives=_independent(plan))


def _is_time(name: str, columns: Sequence[Column]) -> bool:
    return any(one.name == name and is_time(one) for one in columns)


def _told(found: Crossing) -> str:
    """Say how the rows of the subjects lie."""
    if not found.links_levels:
        return (
            f"'{found.subject}' repeats: {found.subjects:,} of them have several rows, and the test takes "
            "all rows as independent, which makes p-values too small where rows of one are alike."
        )
    return (
        f"{found.in_several:,} of {found.subjects:,} values of '{found.subject}' have rows at several values "
        f"of '{found.group}', so the rows are not independent, as the test takes them to be."
    )


def _wanted(found: Crossing, *, compares: bool) -> str:
    """Say what would be needed to compare within the subjects."""
    if not compares:
        return (
            "Changes of a category within the same ones can be tested where it has two values, and each "
            "of them "
            "one row at each value."
        )
    if found.most_in_a_level > 1:
        return f"To compare within them, average first to one row for each '{found.subject}' and value."
    if found.levels > MOST_MEASURES:
        return f"At most {MOST_MEASURES} values can be compared within them; choose fewer."
    return f"Too few of them have a row for each value of '{found.group}' to compare only within them."

"""Read questions about several measures of the same rows or subjects: what has changed from one to the next.

The measures stand side by side in columns of one series, or one below the other with a column that says whose
they are. Where the words leave a doubt the plan asks back.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.planning import asking, clarify, holding
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.readings import LIKERT_LEVELS, Reading, is_grouping, is_measured, pair, repeat
from jobs.analysis.planning.series import Series, series_of
from jobs.analysis.planning.settling import settled
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column, named_like_id
from jobs.analysis.tables.events import is_event
from jobs.analysis.tables.units import listed, words_of

MOST_MEASURES = 10
SUBJECTS = frozenset(
    listed(
        "taster subj subject participant patient person pupil student rater judge animal panelist "
        "respondent user athlete runner player swimmer cyclist volunteer donor proband probandin teilnehmer "
        "versuchsperson schüler panellist horse cow dog mouse rat monkey infant twin"
    )
)
WITHIN = re.compile(r"\bwithin (?:(?:the|each|every|a|one|same) )*$")
CHANGE = re.compile(
    r"\bchang|\bimprov|\bdiffer|\b(go|goes|going|went|gone|come|came) (up|down)\b|\bincreas|\bdecreas|"
    r"\b(rise|rises|rising|rose|risen|fall|falls|falling|fell|fallen|grew|grow|grows|shrank|shrink|"
    r"shrinks)\b|"
    r"\bdrop|\bdeclin|\breduc|\bgain|\b(lose|loses|lost)\b|\b(lower|higher|better|worse|greater|less|more)\b|"
    r"\bcompar|\bshift|\bvs\b|\bversus\b|\bfrom\b.*\bto\b|\bafter\b.*\bbefore\b|\bbefore\b.*\bafter\b"
)


def read(linked: Linked, columns: Sequence[Column]) -> Plan | None:
    """Return the plan for a question about changes within rows or subjects; None for any other question."""
    text = linked.without_names()
    if asking.RELATED.search(text) or asking.REGRESSION.search(text):
        return None
    paired = asking.is_paired(linked) or _within_subjects(linked)
    if holding.held(linked) is not None and not paired:
        return None
    mentioned = {match.column.name for m in linked.mentions for match in m.matches}
    touched = [series for series in series_of(columns) if not mentioned.isdisjoint(series.names)]
    if len(touched) == 1 and _asks(linked, text) and _names_measures(touched[0], linked):
        return _side_by_side(touched[0], linked)
    if not paired and asking.DIRECT_COMPARISON.search(text) and _named_at_once(linked):
        return _of_one_kind(linked)
    if paired:
        return _of_one_kind(linked) or _below_each_other(linked, columns)
    return None


def _within_subjects(linked: Linked) -> bool:
    """Return whether the words compare within those who were measured: "within taster"."""
    text = linked.without_names()
    before = (text[: linked.tokens[m.first].start] for m in linked.mentions if is_subject(m.best.column))
    return any(WITHIN.search(one) for one in before)


def named(method: str, linked: Linked, columns: Sequence[Column]) -> Plan | None:
    """Return the plan for a question that names its method, None where columns are unclear."""
    names = tuple({m.best.column.name: m.best.column for m in linked.mentions if not m.ambiguous}.values())
    if any(not is_measured(column) or column.role == "category" for column in names):
        found = _below_each_other(linked, columns)
        if found is None or found.needs_clarification:
            return found
        two = "subject" in found.columns and found.method == "paired_t_test"
        if two != (method in ("paired_t_test", "wilcoxon_signed_rank")):
            return None
        return replace(found, method=method, explicit=True)
    return None


def _asks(linked: Linked, text: str) -> bool:
    return bool(asking.is_paired(linked) or CHANGE.search(text))


def _names_measures(series: Series, linked: Linked) -> bool:
    """Return whether the question is about several of the series: each singled out, or none by itself."""
    single = _singled_out(series, linked)
    if not single:  # "did blood pressure change?"
        meant = [{match.column.name for match in mention.matches} for mention in linked.mentions]
        return set(series.names) in meant
    return len(single) > 1


def _singled_out(series: Series, linked: Linked) -> set[str]:
    found = {m.best.column.name for m in linked.mentions if not m.ambiguous}
    return found & set(series.names)


def _side_by_side(series: Series, linked: Linked) -> Plan:
    """Compare the columns of a series, or those of them that the question names."""
    named = _singled_out(series, linked)
    chosen = [column for column in series.columns if not named or column.name in named]
    if len(chosen) > MOST_MEASURES:
        return clarify.ask(linked, f"At most {MOST_MEASURES} measures of a row can be compared.", (), 0.3)
    reading = pair(chosen[0], chosen[1]) if len(chosen) == 2 else repeat(chosen)
    own = tuple(m for m in linked.mentions if _belongs(m, series))
    others = tuple(m for m in linked.mentions if m not in own and m.best.column.role != "id")
    cleared = Linked(linked.text, linked.tokens, (*_resolved(own, named), *others))
    if others:
        return _by_others(chosen, [m.best.column for m in others], cleared, reading)
    return settled(reading, cleared)


def _by_others(chosen: Sequence[Column], others: Sequence[Column], cleared: Linked, reading: Reading) -> Plan:
    """Ask back whether a change goes with another column; by groups the later measure can be compared."""
    names = tuple(dict.fromkeys(column.name for column in others))
    listed_names = ", ".join(f"'{name}'" for name in names)
    group = others[0]
    if len(chosen) == 2 and len(names) == 1 and is_grouping(group) and group.distinct <= MOST_GROUPS:
        early, late = (column.name for column in chosen)
        given = {"outcome": late, "group": group.name, "covariate_1": early}
        adjusted = Reading("ancova", given, "")
        why = (
            f"'{late}' can be compared by {listed_names} with '{early}' held equal, which tells whether "
            f"the change "
            "differs between the groups; or the change of all rows together can be tested. Which is meant?"
        )
        return clarify.ask(cleared, why, clarify.alternatives((adjusted, reading)), 0.4)
    why = (
        f"The change within the rows can be tested for all of them, and whether it goes with {listed_names} "
        "cannot; make a column of the changes, and ask about that."
    )
    return clarify.ask(cleared, why, clarify.alternatives((reading,)), 0.4)


def _belongs(mention: Mention, series: Series) -> bool:
    return any(match.column.name in series.names for match in mention.matches)


def _resolved(mentions: Sequence[Mention], named: set[str]) -> tuple[Mention, ...]:
    """Read words that may mean any of the series as one of those named, so that they count as understood."""
    kept = []
    for mention in mentions:
        matches = [match for match in mention.matches if not named or match.column.name in named]
        kept.append(
            Mention(mention.first, mention.last, mention.words, tuple((matches or mention.matches)[:1]))
        )
    return tuple(kept)


def _named_at_once(linked: Linked) -> bool:
    """Return whether one phrase names all columns: "the three weights"."""
    places = {(m.first, m.last) for m in linked.mentions}
    return len(places) == 1 and len(linked.mentions) > 2


def _of_one_kind(linked: Linked) -> Plan | None:
    """Compare three and more numbers of one unit that are all named, where the words say that rows repeat."""
    found = {m.best.column.name: m.best.column for m in linked.mentions if not m.ambiguous}
    named = tuple(column for column in found.values() if column.role != "id")
    numbers = [column for column in named if is_measured(column) and column.role != "category"]
    one_kind = len({column.unit for column in numbers}) == 1
    if len(numbers) != len(named) or not 3 <= len(numbers) <= MOST_MEASURES or not one_kind:
        return None
    return settled(repeat(numbers), linked)


def _below_each_other(linked: Linked, columns: Sequence[Column]) -> Plan | None:
    """Compare groups of rows that belong to the same subjects."""
    named = tuple({m.best.column.name: m.best.column for m in linked.mentions if not m.ambiguous}.values())
    subjects = [column for column in named if is_subject(column)] or [c for c in columns if is_subject(c)]
    rest = [column for column in named if column not in subjects]
    outcomes = [column for column in rest if is_measured(column) and _is_scale(column)]
    groups = [column for column in rest if is_grouping(column) and column not in outcomes]
    if not outcomes and len(groups) == 2:
        outcomes = [column for column in groups if is_event(column.levels)]
        groups = [column for column in groups if column not in outcomes]
    if len(subjects) != 1 or len(outcomes) != 1 or len(groups) != 1 or len(rest) != 2:
        return None
    outcome, group, subject = outcomes[0], groups[0], subjects[0]
    chosen = any(m.best.value for m in linked.mentions if m.best.column.name == group.name)
    fits = _is_balanced(group, subject) or (chosen and group.distinct * subject.distinct <= subject.rows)
    if not fits or not 2 <= group.distinct <= MOST_MEASURES:
        return None
    because = (
        f"'{outcome.name}' was measured {group.distinct} times of each '{subject.name}', told by "
        f"'{group.name}': what changes within them is tested"
    )
    given = {"outcome": outcome.name, "group": group.name, "subject": subject.name}
    method = "paired_t_test" if group.distinct == 2 else "repeated_measures_anova"
    if outcome.distinct == 2:
        method = "mcnemar_test" if group.distinct == 2 else "cochran_q_test"
    reading = Reading(method, given, because)
    kept = tuple(m for m in linked.mentions if m.best.column.name in given.values())
    return settled(reading, Linked(linked.text, linked.tokens, kept))


def _is_scale(column: Column) -> bool:
    return column.role == "number" or (column.role == "ordinal" and column.distinct >= LIKERT_LEVELS)


def is_subject(column: Column) -> bool:
    """Return whether a column says whose a row is, with several rows of the same."""
    repeats = 1 < column.distinct < column.rows
    own = bool(SUBJECTS & set(words_of(column.name)))
    return repeats and (column.role == "id" or named_like_id(column.name) or own)


def _is_balanced(group: Column, subject: Column) -> bool:
    """Return whether nearly each subject can have one row in each group."""
    whole = group.distinct * subject.distinct
    return whole * 0.8 <= subject.rows <= whole

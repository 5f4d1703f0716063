"""Read questions about two categories within a third: "is A associated with B at equal C?".

Only where exactly three categories are named, none of them by single values, and the words say which of them
sets the others apart; else the plan asks back.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.planning import asking
from jobs.analysis.planning.adjusted_readings import in_strata
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.readings import Reading, is_grouping, readings
from jobs.analysis.planning.settling import settled
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.events import is_event

MOST_LEVELS = 20
# What stands before the column that sets the others apart.
HELD = re.compile(
    r"\b(?:control\w*|adjust\w*|account\w*|correct\w*|allow\w*) for\b|\bstratif\w+ (?:by|on|for)\b|"
    r"\bstrata of\b|\bregardless of\b|\birrespective of\b|\bindependently of\b|(?<!_ )\bindependent of\b|"
    r"\bnet of\b|"
    r"\btaking into account\b|\b(?:with)?in (?:each|every|all)\b|\bwithin\b|\bfor (?:each|every)\b|"
    r"\bseparately (?:by|for|in|within)\b|\bat (?:equal|the same|each|every|a given|fixed)\b|"
    r"\bgiven(?: the same)?\b|\bholding\b|\bkeeping\b|\bof the same\b|\b(?:split|broken down) by\b"
)
INTERACT = re.compile(r"\binteract|\bmoderat(?:e|es|ed|ing|ion)\b")
ONTO = re.compile(r"\b(?:on|upon|for)\b")
BY = re.compile(r"\b(?:by|across|per)\b")
TOGETHER = re.compile(
    r"\bassociat|\brelat|\b(?:in)?depend|\blink|\bconnect|\bgo(?:es)? (?:together|with)\b|\bgoing together\b|"
    r"\bcorrelat|\btied\b|\bdiffer|\bvar(?:y|ies)\b|\baffect|\binfluenc|\bimpact|\beffect|\bmatter|\bodds\b|"
    r"\bmore (?:likely|often|common)\b|\bless (?:likely|often|common)\b|\bcochran|\bmantel|\bpredict|\bby\b|"
    r"\bcompar"
)
JOINED = re.compile(r"\W*(?:and|or|&|as well as)?\W*(?:for|by|the|in|within|each|also|both)*\W*")
OWN_WORDS = re.compile(
    r"interact\w*|moderat\w+|stratif\w+|strata|stratum|cochran|mantel|haenszel|cmh|odds|regardless|"
    r"irrespective|independently|net|"
    r"taking|holding|keeping|constant|fixed|separately|given|equal|cross\w*|tabul\w*"
)


def read(linked: Linked, names: Sequence[Column]) -> Plan | None:
    """Return the plan for a question about two categories within a third; None for any other question."""
    if len(names) != 3 or any(mention.ambiguous for mention in linked.mentions):
        return None
    if not all(is_grouping(column) for column in names) or _by_one_value(linked, names):
        return None
    stratum = set_apart(linked, names)
    text = linked.without_names()
    if stratum is None:
        return _interaction(linked, names, text)
    first, second = (column for column in names if column is not stratum)
    found = readings(first, second, text, linked.between(first, second), within=None)[0]
    if found.problem is None and found.method != "chi_square_independence":
        return None  # one of them is a scale, which is compared by its size
    reading = _reading(found, stratum, names, differing=asking.INTERACTION.search(text) is not None)
    return settled(reading, _understood(linked), readings(first, second, text, "")[:1])


def _by_one_value(linked: Linked, names: Sequence[Column]) -> bool:
    """Return whether a column is named by one of its values alone, which may select rows."""
    for column in names:
        own = [m.best.value for m in linked.mentions if m.best.column.name == column.name]
        if None not in own and len(set(own)) < 2:
            return True
    return False


def set_apart(linked: Linked, names: Sequence[Column]) -> Column | None:
    """Return the column whose values set the rows apart, by the words before it; None where they say not."""
    text = linked.without_names()
    held = [column for column in names if any(_follows(HELD, m, linked, text) for m in _of(column, linked))]
    if len(held) == 1:
        return None if _is_joined(linked, held[0], text) else held[0]
    last = names[-1]
    if held or not TOGETHER.search(text) or not _follows(BY, linked.mention_of(last), linked, text):
        return None
    # "is A related to B by C": what stands before the last is about the other two alone
    before = [column for column in names[:-1] if _follows(BY, linked.mention_of(column), linked, text)]
    return None if before else last


def _of(column: Column, linked: Linked) -> tuple[Mention, ...]:
    return tuple(m for m in linked.mentions if m.best.column.name == column.name)


def _is_joined(linked: Linked, column: Column, text: str) -> bool:
    """Return whether a further column is held with this one: "controlling for class and sex"."""
    own = linked.mention_of(column)
    after = [m for m in linked.mentions if m.first >= own.last and m.best.column.name != column.name]
    if not after:
        return False
    between = text[linked.tokens[own.last - 1].end : linked.tokens[after[0].first].start]
    return JOINED.fullmatch(between) is not None


def _follows(words: re.Pattern[str], mention: Mention, linked: Linked, text: str) -> bool:
    """Return whether words stand right before a mention, with no other column, comma or verb in between."""
    start = linked.tokens[mention.first].start
    before = [m for m in linked.mentions if m.last <= mention.first]
    begin = max((linked.tokens[m.last - 1].end for m in before), default=0)
    part = text[begin:start]
    found = list(words.finditer(part))
    rest = part[found[-1].end() :] if found else ""
    return (
        bool(found)
        and re.fullmatch(
            r"\W*(?:(?:the|a|an|all|each|every|same|values?|levels?|of|their|its|\w+ of)\W+)*", rest
        )
        is not None
    )


def _interaction(linked: Linked, names: Sequence[Column], text: str) -> Plan | None:
    """Return the test of an interaction of two categories "on" a third, which says yes or no."""
    onto = [column for column in names if _follows(ONTO, linked.mention_of(column), linked, text)]
    events = [column for column in onto if is_event(column.levels)]
    if INTERACT.search(text) is None or len(events) != 1:
        return None
    first, second = (column for column in names if column is not events[0])
    if first.distinct > MOST_LEVELS or second.distinct > MOST_LEVELS:
        return None
    return settled(in_strata(first, events[0], second, differing=True), _understood(linked))


def _reading(found: Reading, stratum: Column, names: Sequence[Column], *, differing: bool) -> Reading:
    if found.problem is not None:
        return found
    if stratum.distinct > MOST_LEVELS:
        problem = f"column '{stratum.name}' has {stratum.distinct} values; name one of at most {MOST_LEVELS}"
        return Reading("profile", {}, "", problem)
    by_name = {column.name: column for column in names}
    return in_strata(
        by_name[found.columns["row"]], by_name[found.columns["column"]], stratum, differing=differing
    )


def _understood(linked: Linked) -> Linked:
    """Return the question with the words of this kind of question told apart from names of things."""
    tokens = (replace(t, word="values") if OWN_WORDS.fullmatch(t.word) else t for t in linked.tokens)
    return replace(linked, tokens=tuple(tokens))

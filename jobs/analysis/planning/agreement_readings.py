"""Read questions how far raters agree, and those that name a method for categories of the same cases.

The ratings stand side by side, or one below the other with a column of raters and one of what was rated.
Where it is not sure which columns are ratings of the same things, it is asked back.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.planning import clarify
from jobs.analysis.planning.codes import is_code
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.method_names import Named
from jobs.analysis.planning.readings import Reading, is_grouping, is_measured
from jobs.analysis.planning.repeated_readings import MOST_MEASURES, SUBJECTS, is_subject
from jobs.analysis.planning.series import same_two, twins
from jobs.analysis.planning.settling import settled
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.scales import order_of
from jobs.analysis.tables.units import core_words, listed, words_of

METHODS = ("mcnemar_test", "cochran_q_test", "cohen_kappa", "intraclass_correlation")
AGREEING = frozenset({"cohen_kappa", "intraclass_correlation"})
AGREE = re.compile(
    r"\b(?:dis)?agree(?:s|d|ing|ment)?\b(?! (?:that|with (?:me|us)))|\bconcord(?:ance|ant)?\b|"
    r"\binter.?(?:rater|observer|judge)\b|\bsee eye to eye\b|\bconsistent with each other\b|"
    r"\b(?:give|gave|say|said|reach|reached|come to|came to) the same (?:ratings?|scores?|verdicts?|"
    r"diagnos[ei]s|answers?|grades?|judge?ments?|values?)\b"
)
# What is compared then is how far they agree, which no method does.
COMPARED = re.compile(
    r"\b(?:more|less|most|least|better|worse|best|worst|depends?|depending|differ\w*|higher|lower|stronger|"
    r"weaker|than|over time|chang\w+)\b"
)
RATERS = SUBJECTS | frozenset(
    listed(
        "rater raters judge judges reader readers observer observers coder coders reviewer reviewers "
        "examiner "
        "examiners doctor doctors annotator annotators assessor assessors grader graders expert experts "
        "radiologist radiologists clinician clinicians evaluator evaluators scorer scorers"
    )
)
# Words of such a question that name no column.
OWN_WORDS = re.compile(
    r"(?:dis)?agree\w*|concord\w*|inter|reliability|eye|consistent|same|rat(?:er|ers|ing|ings)|judges?|readers?|"
    r"observers?|coders?|reviewers?|doctors?|experts?|annotators?|verdicts?|diagnos[ei]s|grades?|scores?|"
    r"judge?ments?|values?|well|far|closely|strongly|extent|degree|two|three|both|other|each|weighted|weights?|"
    r"quadratic|linear|unweighted|paired|categories|say|said|give|gave|come|came|reach|reached|answers?"
)
WEIGHTS = re.compile(r"\b(quadratic|linear|unweighted|weighted)\b")
MOST_LEVELS = 20


def read(linked: Linked, columns: Sequence[Column]) -> Plan | None:
    """Return the plan for a question whether raters agree; None for another, or where columns are unclear."""
    text = linked.without_names()
    if AGREE.search(linked.text.lower()) is None or COMPARED.search(text) is not None:
        return None
    rated = _side_by_side(linked, columns)
    reading = _ratings(rated, text) if len(rated) > 1 else None
    if reading is not None and _are_alike(rated):
        return settled(reading, _understood(linked, rated), _others(rated, reading))
    below = _below_each_other(linked, columns, text)
    return None if below is None else settled(below, _understood(linked, _of(below, columns)))


def named(named: Named, linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan | None:
    """Return the plan for a question that names its method; it asks back where columns do not suit."""
    method = named.methods[0]
    chosen = [column for column in names if column.role != "id"]
    text = f"{named.words.lower()} {linked.without_names()}"
    reading = _by_name(method, chosen, text)
    if reading is None and method in ("cohen_kappa", "intraclass_correlation"):
        reading = _below_each_other(linked, columns, text)
        reading = reading if reading is None or reading.method == method else None
    if reading is None:
        listed_names = ", ".join(f"'{column.name}'" for column in chosen) or "no columns"
        why = f"{_needs(method)}, and the question names {listed_names}."
        return clarify.ask(linked, why, clarify.offered(chosen, linked), 0.35)
    return settled(reading, _understood(linked, _of(reading, columns)), explicit=True)


def _needs(method: str) -> str:
    return {
        "mcnemar_test": "McNemar's test takes two columns with the same two values",
        "cochran_q_test": "Cochran's Q test takes three or more columns with the same two values",
        "cohen_kappa": "Cohen's kappa takes two columns in which two raters use the same few values",
        "intraclass_correlation": "The intraclass correlation takes a column of numbers of each rater",
    }[method]


def _by_name(method: str, chosen: Sequence[Column], text: str) -> Reading | None:
    many = len(chosen)
    if method in ("mcnemar_test", "cochran_q_test"):
        if not same_two(chosen) or (
            many != 2 if method == "mcnemar_test" else not 3 <= many <= MOST_MEASURES
        ):
            return None
        order = twins(chosen[0], chosen[1]) if many == 2 else None
        roles = (
            ("first", "second") if many == 2 else tuple(f"measure_{place}" for place in range(1, many + 1))
        )
        given = dict(zip(roles, (one.name for one in (order.columns if order else chosen)), strict=True))
        return Reading(method, given, f"the question names {_needs(method).split(' takes')[0]}")
    if method == "cohen_kappa":
        fits = many == 2 and all(is_grouping(one) for one in chosen) and _share_values(chosen)
        return _kappa(chosen, text) if fits else None
    numbers = all(is_measured(column) for column in chosen)
    return _correlation(chosen) if numbers and 2 <= many <= MOST_MEASURES else None


def _side_by_side(linked: Linked, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns that the question names one by one, or by one word for all: "the judges"."""
    clear = {m.best.column.name: m.best.column for m in linked.mentions if not m.ambiguous}
    chosen = tuple(column for column in clear.values() if column.role != "id")
    unclear = [m for m in linked.mentions if m.ambiguous]
    if len(chosen) > 1 and not unclear:
        return chosen
    if len(chosen) == 1 and (family := _family(chosen[0], linked, columns)):
        return family
    if not chosen and unclear:
        found = {match.column.name: match.column for m in unclear for match in m.matches}
        return tuple(found.values())
    if linked.mentions:
        return ()
    by_name = [column for column in columns if set(words_of(column.name)) & RATERS and column.role != "id"]
    return tuple(by_name)


def _family(column: Column, linked: Linked, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns of all raters where one was read from their plural: "the judges" of `judge_a`."""
    mention = linked.mention_of(column)
    words = {word.rstrip("s") for word in words_of(column.name)} & RATERS
    plural = any(
        token.word.endswith("s") and token.word[:-1] in words
        for token in linked.tokens[mention.first : mention.last]
    )
    found = tuple(one for one in columns if words & set(words_of(one.name)))
    return found if plural and len(found) > 1 else ()


def _are_alike(rated: Sequence[Column]) -> bool:
    """Return whether columns are ratings of one thing, by their names, their units and their values."""
    words = [{word for word in core_words(column.name) if len(word) > 2} for column in rated]
    shared = bool(set.intersection(*words)) or all(one & RATERS for one in words)
    measured = [column for column in rated if is_measured(column)]
    if len(measured) == len(rated):
        units = {column.unit for column in rated}
        overlap = max(one.low or 0.0 for one in rated) <= min(one.high or 0.0 for one in rated)
        return len(units) == 1 and overlap and (shared or None not in units or _share_values(rated))
    return not measured and _share_values(rated)


def _share_values(rated: Sequence[Column]) -> bool:
    """Return whether columns use the same few values, of which some may be missing in one."""
    levels = [set(column.levels) for column in rated]
    if not all(levels):
        return False
    together = set.union(*levels)
    return len(set.intersection(*levels)) >= min(2, len(together)) and len(together) <= MOST_LEVELS


def _ratings(rated: Sequence[Column], text: str) -> Reading | None:
    numbers = all(is_measured(column) for column in rated)
    if numbers and (len(rated) > 2 or not all(map(is_grouping, rated))):
        return _correlation(rated) if len(rated) <= MOST_MEASURES else None
    if len(rated) == 2 and all(map(is_grouping, rated)):
        return _kappa(rated, text)
    return None


def _others(rated: Sequence[Column], reading: Reading) -> list[Reading]:
    numbers = all(is_measured(column) and column.distinct > 2 for column in rated)
    return [_correlation(rated)] if numbers and reading.method == "cohen_kappa" else []


def _kappa(rated: Sequence[Column], text: str) -> Reading:
    levels = tuple(dict.fromkeys(level for column in rated for level in column.levels))
    said = WEIGHTS.search(text)
    weights = (
        {"weighted": "quadratic", "unweighted": "none"}.get(said.group(), said.group()) if said else None
    )
    steps = any(column.role == "ordinal" for column in rated) and not any(map(is_code, rated))
    ordered = len(levels) > 2 and ((all(map(is_measured, rated)) and steps) or bool(order_of(levels)))
    if weights is None:
        weights = "quadratic" if ordered else "none"
    how = f"; ratings that lie apart count by {weights} weights" if weights != "none" else ""
    one, other = rated
    because = f"'{one.name}' and '{other.name}' are what two raters say: how far they agree is told{how}"
    params: dict[str, float | str] = {} if weights == "none" else {"weights": weights}
    return Reading("cohen_kappa", {"first": one.name, "second": other.name}, because, params=params)


def _correlation(rated: Sequence[Column]) -> Reading:
    listed_names = ", ".join(f"'{column.name}'" for column in rated)
    given = {f"measure_{place}": column.name for place, column in enumerate(rated, start=1)}
    because = f"{listed_names} are numbers that raters give the same rows: how far they agree is told"
    return Reading("intraclass_correlation", given, because)


def _below_each_other(linked: Linked, columns: Sequence[Column], text: str) -> Reading | None:
    """Return the agreement of raters in one column on an outcome that is named; None where one is unclear."""
    if any(mention.ambiguous for mention in linked.mentions):
        return None
    chosen = tuple({m.best.column.name: m.best.column for m in linked.mentions}.values())
    raters = [c for c in chosen if set(words_of(c.name)) & RATERS and 2 <= c.distinct <= MOST_MEASURES]
    if len(raters) != 1:
        return None
    rest = [column for column in chosen if column not in raters and not is_subject(column)]
    taken = {column.name for column in (*raters, *rest)}
    subjects = [c for c in columns if c.name not in taken and _is_rated(c) and _is_crossed(raters[0], c)]
    if len(subjects) != 1 or len(rest) != 1:
        return None
    outcome, rater, subject = rest[0], raters[0], subjects[0]
    given = {"outcome": outcome.name, "group": rater.name, "subject": subject.name}
    because = (
        f"each '{rater.name}' told '{outcome.name}' of the same '{subject.name}': how far they agree is told"
    )
    if rater.distinct == 2 and is_grouping(outcome):
        two = _kappa((outcome, outcome), text)
        return Reading("cohen_kappa", given, because, params=two.params)
    return Reading("intraclass_correlation", given, because) if is_measured(outcome) else None


def _is_rated(column: Column) -> bool:
    """Return whether a column may say what was rated."""
    return is_subject(column) or (column.role in ("id", "text", "category") and column.distinct > 2)


def _is_crossed(rater: Column, subject: Column) -> bool:
    """Return whether nearly each subject can have one row of each rater."""
    whole = rater.distinct * subject.distinct
    return whole * 0.8 <= subject.rows <= whole


def _of(reading: Reading, columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.name in reading.columns.values()]


def _understood(linked: Linked, rated: Sequence[Column]) -> Linked:
    """Return the question with its own words told from names, and unclear mentions read as one rater."""
    names = {column.name for column in rated}
    tokens = tuple(replace(t, word="values") if OWN_WORDS.fullmatch(t.word) else t for t in linked.tokens)
    mentions = [_one_of(mention, names) for mention in linked.mentions]
    return Linked(linked.text, tokens, tuple(mention for mention in mentions if mention is not None))


def _one_of(mention: Mention, names: set[str]) -> Mention | None:
    matches = tuple(match for match in mention.matches if match.column.name in names)
    return replace(mention, matches=matches[:1]) if matches else None

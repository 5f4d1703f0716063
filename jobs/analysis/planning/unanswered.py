"""Find questions whose every word may be known, and that a comparison of means or counts does not answer.

Whether raters agree, which group varies more, totals, "above average", a yes or no answered by a description.
"""

import re
from collections.abc import Sequence

from jobs.analysis.planning import asking, interplay
from jobs.analysis.planning.agreement_readings import AGREEING
from jobs.analysis.planning.interplay import differing
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.out_of_reach import out_of_reach
from jobs.analysis.planning.vocabulary import is_plural, synonymous
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.events import is_event, says_yes
from jobs.analysis.tables.units import words_of

AGREE = re.compile(
    r"\b(?:dis)?agree(?:s|d|ing|ment)?\b(?! (?:that|with (?:me|us)))|\bconcord|\bconsensus\b|\bunanimous|"
    r"\binter.?(?:rater|observer)|\breliab|\bkappa\b|\bicc\b|\bsee eye to eye\b|"
    r"\bconsistent with each other\b"
)
_AMOUNT = r"(?:more|less|most|least|equally|as|so)"
SPREAD = re.compile(
    rf"\bvar(?:y|ies|ied|ying) (?:\w+ )?(?:more|less|most|least|the same|equally|as much|as widely|widely)\b|"
    rf"\b{_AMOUNT} (?:variable|varied|uniform|erratic|spread(?: out)?|dispersed|scattered|stable|"
    r"unpredictable|homogen\w+|heterogen\w+|consistent|equal|even|extreme|volatile|unequal|diverse|"
    r"fluctuat\w+)\b|"
    r"\b(?:more|less|most|least|greater|larger|smaller|higher|lower|the same|equal|much) "
    r"(?:variation|variability|spread|scatter|dispersion|volatility|inequality|fluctuation|variety)\b|"
    r"\bfluctuates? (?:more|less|most|least)\b|\bspread (?:more|less|wider|out more)\b|"
    r"\bwider (?:spread|range)\b|\bheterosced|\blevene|\bbartlett|\bequal variances?\b"
)
AVERAGE = re.compile(
    r"\b(?:above|below|beyond|over|under|than|exceeds?|from|off|beats?)\W+(?:the |an? |our |their |your |"
    r"its )?"
    r"(?:overall |general |usual |grand |company |national |whole )*(?:average|mean|median|norm)\b|"
    r"\b(?:above|below|over|under)[ -]?average\b"
)
_BRINGS = (
    r"(?:br(?:ings?|ought|inging)|sells?|sold|selling|generat\w+|contribut\w+|accounts? for|rak\w+ in|"
    r"takes? in|took in|pull\w* in|ship(?:s|ped)?|turns? over|consum\w+|uses? up)"
)
TOTALS = re.compile(
    rf"\b{_BRINGS}\b(?: \w+){{0,3}} (?:the )?(?:most|least|more|less|fewest|fewer|highest|lowest|biggest|"
    rf"largest)\b|"
    r"\bin all\b|\ball together\b|\baltogether\b|\bin sum\b|\boverall (?:amount|volume|sum)\b|"
    r"\bcombined\b|\b(?:largest|biggest|highest|lowest|smallest) (?:share|part|slice|"
    r"portion) of (?:the )?(?:\w+ )?_"
)
MOST = re.compile(r"\b(?:the )?(?:most|least|fewest)\W+$")
TURNOVER = ("revenue", "sales", "turnover", "umsatz")
SOLD = frozenset({"units", "unit", "quantity", "qty", "orders", "items", "sold", "volume", "hours"})
AGAINST_ONE = re.compile(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|against)(?: (?:the|those who|people who))*\W*$"
)
OTHERS = re.compile(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|against|relative to)\b[^,;?]{0,25}"
    r"\b(?:others?|rest|remaining|elsewhere|everyone else|anyone|anywhere else)\b"
)
YES_NO = re.compile(
    r"^\W*(?:and |so |but |ok |now )?(?:is|are|was|were|do|does|did|has|have|had|will|would|should)\b"
)
DESCRIBED = re.compile(
    r"\bmissing\b|\bdescri|\bsummar|\bdistribut|\bskew|\bsymmetric|\bnormal|\boutlier|\bthere any\b|"
    r"\bhave any\b|"
    r"\bblanks?\b|\bincomplete|\bcomplete\b|\bempty\b|\bcontain|\bduplicat|\byou (?:have|know|tell|show)\b|"
    r"\bwhat\b|\bhow\b"
)
COMMON = re.compile(
    r"\b(?:equally|as|more|less) (?:common|frequent|numerous|many|often|well represented|represented)\b|"
    r"\bas many\b|"
    r"\boutnumber|\bequal numbers?\b|\bbalanced\b"
)
WHY = re.compile(
    r"\bwhy\b|\bhow come\b|\breasons? (?:for|why|that)\b|\bwhat (?:makes|made|lets|leads|led|gets)\b"
)
COMPARED = re.compile(
    r"\b(?:more|less|fewer|better|worse|most|least|best|worst|above|below|higher|lower|equally)\b"
)


def unanswered(
    linked: Linked, found: Plan, conditions: Sequence[Condition], columns: Sequence[Column]
) -> str | None:
    """Return why the plan does not answer what is asked, or None."""
    text = linked.without_names()
    return (
        _agreement(text, linked, found)
        or _spread(text)
        or _average(text, found)
        or _totals(text, linked, found, columns)
        or _differing_strata(text, found)
        or _equally_common(text, linked, found, columns)
        or _of_no_outcome(text, found, columns)
        or _against_others(text, conditions)
        or _one_of_several(text, linked, found, columns)
        or out_of_reach(text, found)
        or _described(text, found, conditions)
    )


def _agreement(text: str, linked: Linked, found: Plan) -> str | None:
    swallowed = " ".join(m.words.lower() for m in linked.mentions if m.best.how == "its beginning")
    asked = AGREE.search(text) or AGREE.search(swallowed)  # "the judges agree" as the column `judge_a`
    if asked is None or found.params or found.method in ("cochran_mantel_haenszel", *AGREEING):
        return None
    return (
        f"By '{asked.group()}' the question asks how far ratings agree; name the columns of two raters, "
        "or of "
        "several where they give numbers. Whether some rate higher than others, or how ratings go together, "
        "can be tested too."
    )


def _spread(text: str) -> str | None:
    asked = SPREAD.search(text)
    if asked is None:
        return None
    return (
        f"By '{asked.group()}' the question compares how much values vary, and the tests here compare "
        f"how high "
        "they are. A comparison by groups lists the standard deviation of each without a test of it."
    )


def _average(text: str, found: Plan) -> str | None:
    asked = AVERAGE.search(text)
    if asked is None or "mu" in found.params:
        return None
    return (
        f"By '{asked.group()}' the question compares with an average that it does not give; write the "
        f"number, or "
        "ask for the difference between groups."
    )


def _totals(text: str, linked: Linked, found: Plan, columns: Sequence[Column]) -> str | None:
    outcome = found.columns.get("outcome")
    column = next((one for one in columns if one.name == outcome), None)
    if column is None or column.role not in ("number", "ordinal") or found.params:
        return None
    if not _has_sums(column):
        return None
    asked = TOTALS.search(text)
    if asked is None and not (_adds_up(column) and _most_of(column, text, linked)):
        return None
    return (
        f"The question seems to ask for totals of '{outcome}', and the methods here compare means over "
        f"the rows; "
        "ask for the mean to compare it."
    )


def _has_sums(column: Column) -> bool:
    """Return whether sums of a column say anything: not of yields per area, rates, scores or ages."""
    words = words_of(column.name)
    means_no_sum = ("yield", "rating", "score", "age", "temperature", "speed", "satisfaction", "pulse", "mpg")
    rate = any(word in ("rate", "rates", "ratio", "ha", "avg", "mean", "index") for word in words)
    return column.unit != "%" and not rate and not any(synonymous(o, w) for o in means_no_sum for w in words)


def _adds_up(column: Column) -> bool:
    """Return whether the sum of a column is as likely meant as its mean: revenue, units sold."""
    words = words_of(column.name)
    return any(word in SOLD or any(synonymous(one, word) for one in TURNOVER) for word in words)


def _most_of(column: Column, text: str, linked: Linked) -> bool:
    own = [m for m in linked.mentions if m.best.column.name == column.name]
    return any(MOST.search(text[: linked.tokens[m.first].start]) for m in own)


def _equally_common(text: str, linked: Linked, found: Plan, columns: Sequence[Column]) -> str | None:
    """Cross two categories where the words compare how many there are of two values: "equally common"."""
    if set(found.columns) != {"row", "column"} or not COMMON.search(text):
        return None
    for name in found.columns.values():
        named = {m.best.value for m in linked.mentions if m.best.column.name == name} - {None}
        other = next(one for one in found.columns.values() if one != name)
        single = {m.best.value for m in linked.mentions if m.best.column.name == other}
        ending = next((one for one in columns if one.name == other), None)
        if ending is not None and is_event(ending.levels):
            continue  # "are severe cases cured less often than mild ones": a share of the cured
        if len(named) > 1 and len(single) == 1 and None not in single:
            level, value = sorted(one for one in named if one)[0], next(iter(single))
            return (
                f"The question asks whether values of '{name}' are equally common where '{other}' is "
                f"'{value}', "
                f"and not how the two go together; ask whether the share of '{level}' is half, only for "
                f"'{value}'."
            )
    return None


def _of_no_outcome(text: str, found: Plan, columns: Sequence[Column]) -> str | None:
    """Cross two groupings where the words ask for an effect on a third: "does OJ help more at low doses"."""
    if set(found.columns) != {"row", "column"} or found.method == "fisher_exact":
        return None
    crossed = [one for one in columns if one.name in found.columns.values()]
    if any(one.distinct == 2 and (says_yes(one.levels) or "1" in one.levels) for one in crossed):
        return None
    if not (interplay.EFFECT.search(text) and re.search(r"\b(?:more|less|better|worse|only)\b", text)):
        return None
    first, second = found.columns["row"], found.columns["column"]
    return (
        f"The question seems to ask whether an effect of '{first}' differs by '{second}', and does not "
        f"say on what; "
        "name the column that it may have an effect on."
    )


def _against_others(text: str, conditions: Sequence[Condition]) -> str | None:
    """Keep the rows of one group where the words set it against the others."""
    chosen = [one for one in conditions if one.comparison == "is" and len(one.values) == 1]
    if not chosen or OTHERS.search(text) is None:
        return None
    return (
        f"The question sets '{chosen[0].values[0]}' against the others; ask whether what is compared "
        f"depends on "
        f"'{chosen[0].column}' to compare them all, or for the rows of '{chosen[0].values[0]}' alone."
    )


def _one_of_several(text: str, linked: Linked, found: Plan, columns: Sequence[Column]) -> str | None:
    """Compare all groups where one is set against the others: "than never smokers"."""
    group = next((one for one in columns if one.name == found.columns.get("group")), None)
    if group is None or group.distinct < 3 or found.where:
        return None
    own = [m for m in linked.mentions if m.best.column.name == group.name]
    named = [m for m in own if m.best.value is not None]
    by_name = (
        any(m.best.value is None and m.best.how != "exact name" and m.first < named[0].first for m in own)
        if named
        else False
    )
    if not by_name or len({m.best.value for m in named}) != 1:
        return None
    if not AGAINST_ONE.search(text[: linked.tokens[named[0].first].start]):
        return None
    return (
        f"The question sets '{named[0].best.value}' against the other values of '{group.name}' put "
        f"together, and "
        "the groups can be compared one by one; make a column that tells the two apart, or compare them all."
    )


def _differing_strata(text: str, found: Plan) -> str | None:
    """Test what strata have in common where the words ask whether they differ."""
    if found.method != "cochran_mantel_haenszel" or found.explicit or found.params:
        return None
    if not asking.INTERACTION.search(text):
        return None
    return differing(found.columns["row"], found.columns["column"], found.columns["stratum"])


def _described(text: str, found: Plan, conditions: Sequence[Condition]) -> str | None:
    """Describe a column where a yes or no is asked for, or a reason, or which is more."""
    if found.method != "profile" or not found.columns:
        return None
    name = next(iter(found.columns.values()))
    if WHY.search(text):
        return f"The question asks for reasons; ask what predicts '{name}', or name what it may go with."
    if YES_NO.search(text) and not DESCRIBED.search(text):
        return f"Only '{name}' was found in the question, and describing it answers no yes or no."
    if COMPARED.search(text) and not is_plural(text.split()[-1].strip("?. ")) and conditions:
        return f"Only '{name}' was found in the question; what is it to be compared with?"
    return None

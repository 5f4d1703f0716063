"""Checks that a plan carries out how its question compares: in each group, with others held equal, over "
"time."""

import re

from jobs.analysis.planning import operators
from jobs.analysis.planning.held_question import (
    ADJUSTING,
    COMPARING,
    CORRELATING,
    MODELS,
    PAIRED,
    Question,
)
from jobs.analysis.planning.readings import is_grouping, is_measured
from jobs.analysis.planning.timely import is_time


def in_each(asked: Question) -> str | None:
    """Compare over the groups in each of which a difference is asked for: "bigger in each species"."""
    each = operators.EACH.search(asked.text)
    mention = None if each is None else asked.after(each.end())
    if each is None or mention is None or asked.found.method == "profile":
        return None
    if not is_grouping(mention.best.column):
        return None
    name = mention.best.column.name
    role = next((role for role, column in asked.found.columns.items() if column == name), "")
    apart = role in ("stratum", "subject", "factor_1", "factor_2", "group") and len(asked.found.columns) > 2
    named = {m.best.column.name for m in asked.linked.mentions if m.best.column.role != "id"}
    alone = role == "group" and len(named) == 2 and not asked.conditions
    counted = role in ("row", "column") and (operators.SHARE.search(asked.text) or _is_plain(asked.text))
    within = asked.found.method in MODELS and each.group().startswith("within")
    told_apart = operators.COMPARES.search(asked.linked.text.lower()) or operators.RELATES.search(asked.text)
    if apart or alone or counted or within or not told_apart:
        return None
    return (
        f"By '{each.group().strip()}' the question asks for a comparison for each value of '{name}' by "
        f"itself, and "
        "the plan that was found makes one comparison; ask for the rows of one value, or whether an effect "
        "depends "
        f"on '{name}'."
    )


def _is_plain(text: str) -> bool:
    return re.search(r"\bdiffer|\bhow (?:many|often|common)\b|\brates?\b", text) is not None


def moderated(asked: Question) -> str | None:
    """Test one effect where the words ask whether it differs: "does it matter more in Old Town"."""
    said = operators.MODERATED.search(asked.text)
    if said is None or asked.found.params.get("focus") == "interaction":
        return None
    if asked.found.method in MODELS and not operators.EFFECT_DIFFERS.search(said.group()):
        return None
    if asked.found.explicit:
        return None
    rows = " among" if asked.conditions else ""
    return (
        "The question seems to ask whether an effect is larger or smaller in one case than in others, which "
        "is an "
        f"interaction; what is offered tests it once{rows and ', in some of the rows'}. Name one number and "
        f"two "
        "groupings, as in 'does the effect of a on b depend on c'."
    )


def held_equal(asked: Question) -> str | None:
    """Leave out what is to be held equal: "related at equal c" answered by a plain correlation."""
    said = operators.HELD.search(asked.text)
    found = asked.found
    several = sum(role.startswith("predictor_") for role in found.columns) > 1
    if said is None or found.method in ADJUSTING | PAIRED or several or "subject" in found.columns:
        return None
    if found.method in ("profile", "trend_over_time", "binomial_test", "cohen_kappa"):
        return None
    return (
        f"By '{said.group().strip(' _')}' the question wants something held equal, which the plan that was "
        f"found does "
        "not do; name what is explained, as in 'does a depend on b, adjusting for c'."
    )


def one_or_other(asked: Question) -> str | None:
    """Relate two columns where the words ask which is larger: "reading or maths"."""
    said = operators.OR.search(asked.text)
    if said is None or asked.found.method not in CORRELATING | COMPARING or _joins_predictors(asked.text):
        return None
    ends = [m for m in asked.linked.mentions if asked.linked.tokens[m.last - 1].end <= said.end()]
    other = asked.after(said.end())
    if other is None or not ends or other.best.value is not None or ends[-1].best.value is not None:
        return None
    one, two = ends[-1].best.column, other.best.column
    if one.name == two.name or not (is_measured(one) and is_measured(two)):
        return None
    return (
        f"By 'or' the question asks about '{one.name}' and '{two.name}' one against the other, and the plan "
        f"that was "
        "found does not compare which is larger."
    )


def _joins_predictors(text: str) -> bool:
    return re.search(r"\brelated to\b|\bdepend|\baffect|\bassociated with\b", text) is not None


def changed(asked: Question) -> str | None:
    """Compare groups where the words ask what has changed: "did the athletes' vo2 improve"."""
    group = asked.column(asked.found.columns.get("group"))
    said = operators.CHANGED.search(asked.text)
    if asked.found.method not in COMPARING or group is None or said is None:
        return None
    own = (m for m in asked.linked.mentions if m.best.column.name == group.name)
    over = any(asked.linked.tokens[mention.first].start >= said.end() for mention in own)
    if over or group.role == "ordinal" or is_time(group):
        return None  # "did the score change over the visits"
    return (
        f"The question asks what has changed, and the plan that was found compares the groups of "
        f"'{group.name}'; name "
        "the column that tells when, or whose each row is."
    )


def among(asked: Question) -> str | None:
    """Compare the values of one column where another one was narrowed: "higher among women in Research"."""
    group = asked.found.columns.get("group") or asked.found.columns.get("row")
    column = asked.column(group)
    said = re.search(r"\b(?:among|amongst)\b[^,;?]*_+ (?:in|at|on|from|of) (?:the )?(?=_)", asked.text)
    mention = None if said is None else asked.after(said.end())
    if column is None or mention is None or mention.best.column.name != group or mention.best.value is None:
        return None
    if not asked.conditions or re.search(r"\bthan\b|\bvs\b|\bversus\b|\bcompared\b", asked.text):
        return None
    return (
        f"It is not sure what is set against what: '{mention.best.value}' against the other values of "
        f"'{group}' among "
        f"the rows chosen, or these rows against the others in '{mention.best.value}'."
    )

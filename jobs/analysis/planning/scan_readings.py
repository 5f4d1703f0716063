"""Read questions about values that lie far out, about what is missing, and about the shape of a column.

They name one column, or none for the whole table. Where rows are meant to be left out ("without outliers")
something else is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.planning import clarify
from jobs.analysis.planning.explicit import every_number
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import Reading, is_measured
from jobs.analysis.planning.settling import settled
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column

OUTLIERS = re.compile(
    r"\boutl[iy]|\banomal|\bextreme\b|\bextremes\b|\bunusual|\bsuspicious|\bimplausibl|"
    r"\b(?:weird|strange|odd|bizarre|crazy|absurd|wild|aberrant|abnormal|atypical|unexpected|wrong|"
    r"faulty) (?:\w+ )?(?:values?|numbers?|data|points?|rows?|entries|entry|observations?|cases?|"
    r"measurements?|readings?|ones)\b|\b(?:far|way) (?:out|off)\b|"
    r"\b(?:anything|something) (?:weird|strange|odd|bizarre|suspicious|unusual|off|wrong)\b|"
    r"\bstands? out\b|\blooks? (?:off|odd|wrong|strange|weird)\b|\bout of (?:line|range)\b"
)
MISSING = re.compile(
    r"\bmissing(?:ness)?\b|\bna'?s?\b|\bnans?\b|\bnulls?\b|\bblanks?\b|\bincomplete\b|\bempty\b|"
    r"\bcompleteness\b|\bgaps in (?:the |this |my )?(?:data|table|file|columns?|records?)\b|\bunfilled\b|"
    r"\bnot filled\b|\black(?:s|ing)? (?:a )?(?:values?|data|entries)\b|\bhow complete\b|"
    r"\bcomplete (?:rows|cases|records|observations)\b"
)
NORMALITY = re.compile(
    r"\bnormal(?:ly)?[ -]distribut|\bnormality\b|\bnormal (?:distribution|curve|shape)|\bgaussian|\bbell|"
    r"\bshapiro|\b(?:is|are|looks?|be|seem|seems) _+ (?:approximately |roughly |about )?normal\b|"
    r"\b_+ (?:is|are|looks?|seems?) (?:approximately |roughly |about )?normal\b|\banderson.darling\b|"
    r"\bjarque\b|\bnon.?normal|\bdistributed normally\b|\bq.?q.?plot|\bquantile.quantile\b|"
    r"\bnormal probability plot|\bdistribution (?:is |be |looks? )?normal\b"
)
# Rows are to be left out or filled before something else is done.
LEFT_OUT = re.compile(
    r"\b(?:without|exclud\w*|ignor\w*|remov\w*|drop\w*|omit\w*|except\w*|leav\w* out|filter\w*|clean\w*|"
    r"apart from|despite|after|replac\w*|fill\w*|imput\w*|delet\w*|trim\w*|robust)\b"
)
# Another answer is asked for as well.
MORE = re.compile(
    r"\b(?:mean|average|median|sum|total|correlat\w*|compar\w*|differ\w*|predict\w*|regress\w*|trend\w*|"
    r"between|associat\w*|relat\w*|affect\w*|depend\w*)\b"
)
OWN_WORDS = re.compile(
    r"outl\w+|anomal\w+|extremes?|unusual\w*|suspicious|implausibl\w+|weird|strange|odd|bizarre|crazy|absurd|"
    r"wild|aberrant|abnormal|atypical|unexpected|wrong|faulty|stands?|line|range|missing\w*|nas?|nans?|nulls?|"
    r"blanks?|incomplete|empty|complete\w*|gaps?|unfilled|filled|lack\w*|normal\w*|gaussian|bell|shaped?|"
    r"curve|shapiro|wilk|anderson|darling|jarque|bera|qq|quantile|probability|roughly|approximately|"
    r"kolmogorov|smirnov|skew\w*|points?|entr(?:y|ies)|observations?|cases?|records?|rows?|cells?|readings?|"
    r"far|way|there|contain\w*|detect\w*|spot\w*|identify|list|flag\w*|pattern\w*|random\w*|scan\w*|"
    r"assess\w*|follow\w*|fit\w*|distributions?"
)


def read(linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan | None:
    """Return the plan for a question about outliers, missing values or normality; None for any other."""
    text = linked.without_names()
    kinds = ((OUTLIERS, _outliers), (NORMALITY, _normality), (MISSING, _missing))
    found = [reading for pattern, reading in kinds if pattern.search(text)]
    if found == [_missing] and len(names) > 1 and not LEFT_OUT.search(text):
        return _with_others(linked, names)
    if len(found) != 1 or len(names) > 1 or LEFT_OUT.search(text) or MORE.search(text):
        return None
    if any(mention.best.value is not None for mention in linked.mentions):
        return None
    doubtful = next((mention for mention in linked.mentions if mention.ambiguous), None)
    if doubtful is not None:
        options = [match.column for match in doubtful.matches[: clarify.MOST_ALTERNATIVES]]
        listed = " or ".join(f"'{column.name}'" for column in options)
        offered = [one for column in options if (one := found[0](column, columns)) is not None]
        why = f"'{doubtful.words}' may mean {listed}."
        return clarify.ask(linked, why, clarify.alternatives(offered), 0.45)
    reading = found[0](names[0] if names else None, columns)
    return None if reading is None else settled(reading, _understood(linked))


def _with_others(linked: Linked, names: Sequence[Column]) -> Plan:
    """Ask back where what is missing is compared: those values that are there are another matter."""
    offered = [Reading("missing_values", {"outcome": column.name}, "") for column in names]
    why = (
        "The question speaks of missing values and of several columns; what is missing in one of them is "
        "compared in all the others."
    )
    return clarify.ask(linked, why, clarify.alternatives(offered), 0.45)


def _outliers(column: Column | None, columns: Sequence[Column]) -> Reading | None:
    if column is None:
        given = every_number(columns)
        because = "no column is named, so every column of numbers is looked through for values far out"
        return Reading("outliers", given, because) if given else None
    if not is_measured(column) or column.role == "category":
        return None
    because = f"values of '{column.name}' that lie far out are looked for"
    return Reading("outliers", {"outcome": column.name}, because)


def _normality(column: Column | None, columns: Sequence[Column]) -> Reading | None:
    numbers = [one for one in columns if one.role == "number"]
    if column is None and len(numbers) == 1:
        column = numbers[0]
    if column is None or not is_measured(column) or column.role == "category":
        return None
    because = f"the shape of '{column.name}' is compared with a normal distribution"
    return Reading("normality", {"outcome": column.name}, because)


def _missing(column: Column | None, columns: Sequence[Column]) -> Reading | None:
    del columns
    if column is None:
        return Reading("missing_values", {}, "what is missing in the table is counted, column by column")
    because = f"what is missing in '{column.name}' is counted"
    return Reading("missing_values", {"outcome": column.name}, because)


def _understood(linked: Linked) -> Linked:
    """Return the question with the words of this kind of question told apart from names of things."""
    own = [t for t in linked.tokens if OWN_WORDS.fullmatch(t.word)]
    text = linked.text
    for token in own:  # "out of range" and "quantile plot" ask for no other statistic
        text = text[: token.start] + " " * (token.end - token.start) + text[token.end :]
    tokens = tuple(replace(token, word="values") if token in own else token for token in linked.tokens)
    return replace(linked, text=text, tokens=tokens)

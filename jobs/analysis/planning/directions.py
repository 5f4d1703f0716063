"""Which of two columns explains the other, which follows it, and whether they are set against each other.

Texts are in lower case, names blanked out by "_".
"""

import re

from jobs.analysis.planning.asking import CAUSE, DIRECT_COMPARISON, EXPLAINS_FIRST, EXPLAINS_SECOND, RELATED

_SIDE_BY_SIDE = re.compile(
    r"_\W+([a-z]+ )?(and|than|with|to|from|vs\.?|exceeds?)\W+((in|on|at|for) )?(the )?_"
)
ABOUT_AMOUNTS = re.compile(
    r"\brelat|\bassociat|\baffect|\binfluenc|\bdepend|\bzusammenhang|\beinflu[sß]|\bhängt\b"
)
# Which of two is larger: "reading or maths".
_WHICH = re.compile(
    r"^\W*(?:which|what)\b|\b(?:better|worse|higher|lower|larger|bigger|smaller|greater|stronger|weaker|"
    r"longer|shorter|wider|"
    r"deeper|"
    r"heavier|lighter|rarer|faster|slower|more|less|most|least|highest|lowest|largest|biggest|longest|best|"
    r"worst)\b"
)
_OR = re.compile(
    r"^\W*(?:\w+\W+)?or\W*(?:(?:more|fewer|less|is|are|in|at|on|for|the|their|by|of|does|do|get)\W*)*$"
)
# "Does weight go up with height", "alarms rise when it is hot": the first is what follows the second.
_FOLLOWS = re.compile(
    r"\b(?:rise|rises|rose|rising|grow|grows|grew|growing|go(?:es)? (?:up|down)|went (?:up|down)|increases?|"
    r"increased|"
    r"decreases?|decreased|fall|falls|fell|drops?|dropped|declines?|declined|climbs?|climbed|improves?|"
    r"worsens?|"
    r"shrinks?|chang(?:e|es|ed)|var(?:y|ies)|(?:higher|lower|larger|smaller|greater|more|less|worse|better|"
    r"faster|slower))\b"
    r"[^,;?]*\b(?:with|as|when|if|where|whenever|while|per|for (?:each|every)|in more|at higher|at lower)\b"
)
_GERMAN_FOLLOWS = re.compile(r"\b(?:steigt|steigen|sinkt|sinken|wächst|wachsen|fällt|fallen|nimmt|nehmen)\b")


def first_explains(text: str, between: str) -> bool | None:
    """Return whether the first column explains the second, by the words between; None if they do not say."""
    if EXPLAINS_SECOND.search(between):
        return False
    if EXPLAINS_FIRST.search(between):
        return True
    before = text.split("_", maxsplit=1)[0]
    found = re.search(r"\b(?:effect|impact|influence)\b(?P<on> (?:on|upon))?", before)
    onto = re.search(r"\b(on|upon)\b", between)
    if found is None:
        return False if onto and re.search(r"\bdependence\b", before) else None
    if onto:
        return True
    return False if found["on"] and re.match(r"\W*(?:of|from)\b", between) else None


def first_follows(text: str, between: str) -> bool:
    """Return whether the first of two numbers is what rises or falls with the second."""
    german = between.split()[:1] in (["mit"], ["je"], ["bei"], ["wenn"])
    return bool(_FOLLOWS.search(between) if not german else _GERMAN_FOLLOWS.search(text))


def set_against(text: str, between: str) -> bool:
    """Return whether the words ask which of two columns is larger: "higher than", "are both the same"."""
    if _OR.match(between) and _WHICH.search(text) and not (RELATED.search(text) or CAUSE.search(text)):
        return True
    return "than" in between.split() or bool(DIRECT_COMPARISON.search(text) and _SIDE_BY_SIDE.search(text))


def asks_which(between: str) -> bool:
    """Return whether "or" joins two columns: "reading or maths"."""
    return _OR.match(between) is not None

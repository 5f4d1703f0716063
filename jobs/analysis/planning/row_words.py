"""The words by which a question says which rows it is about. Texts are in lower case, names blanked out."""

import re
from collections.abc import Mapping
from typing import Literal

from jobs.analysis.results.condition import Comparison
from jobs.analysis.tables.units import listed

Kind = Literal["keep", "drop"]

STRONG: Mapping[str, Kind] = {
    **dict.fromkeys(listed("only just among amongst within where whose solely exclusively"), "keep"),
    **dict.fromkeys(listed("excluding exclude excludes excluded except excepting omitting omit"), "drop"),
    **dict.fromkeys(listed("ignoring ignore dropping removing discarding leaving unless outside"), "drop"),
}
# Two words: the later one, and what must stand before it.
STRONG_PAIRS: Mapping[tuple[str, str], Kind] = {
    **{(word, "out"): "drop" for word in listed("leaving leave left taking")},
    **{(word, "aside"): "drop" for word in listed("leaving putting setting")},
    ("apart", "from"): "drop",
    ("aside", "from"): "drop",
    ("other", "than"): "drop",
    ("but", "not"): "drop",
    ("all", "but"): "drop",
    ("everyone", "but"): "drop",
    ("outside", "of"): "drop",
    ("except", "for"): "drop",
    **{
        (word, "to"): "keep"
        for word in listed(
            "restricted restricting restrict limited limiting limit confined confining ourselves confine"
        )
    },
    ("looking", "at"): "keep",
    ("consider", "only"): "keep",
    ("of", "only"): "keep",
}
WEAK: Mapping[str, Kind] = {
    **dict.fromkeys(listed("for in of on at from with if when during inside by"), "keep"),
    **dict.fromkeys(listed("without not non no lacking"), "drop"),
}
AFTERWARDS: Mapping[str, Kind] = {
    "only": "keep",
    "alone": "keep",
    "excluded": "drop",
    "omitted": "drop",
    "aside": "drop",
    "out": "drop",
}
BEFORE_STRONG = frozenset(
    listed(
        "looking look considering consider confining confine restricting restrict limiting limit taking "
        "take if we"
    )
)
# What cannot stand without rows that it selects.
SELECTING = frozenset(listed("among amongst excluding except ignoring omitting"))
FILLERS = frozenset(
    listed(
        "the a an all our my your those these this that who which are is were s people ones just u us being"
    )
)
YES = frozenset(listed("yes true 1 y ja oui si sí"))
NO = frozenset(listed("no false 0 n nein non"))

# "Associated with": no rows that have something.
RELATED = re.compile(r"(?:associat|correlat|compar|link|relat|connect|go|tie|interact|differ|agree|var)")
PEOPLE = listed(
    "people persons patients customers clients employees workers women men mothers fathers students pupils "
    "adults children kids girls boys visitors users participants respondents passengers members those "
    "everyone"
)
_MORE = (
    r"more|greater|larger|bigger|higher|longer|older|heavier|taller|hotter|warmer|wider|deeper|faster|later"
)
_LESS = r"less|fewer|smaller|lower|shorter|younger|lighter|colder|cooler|narrower|slower|earlier|cheaper"
_NUMBER = r"[$€£]?(?P<n>\d+(?:[.,]\d+)*)\s?(?P<k>k|thousand|million|mio|mln|mn|billion|bn)?(?![\w.])"
# The second number of a range has no scale of its own: "200 to 300 thousand" leaves open what the first is.
_SECOND = r"[$€£]?(?P<m>\d+(?:[.,]\d+)*)(?![\w.]| (?:thousand|million|mio|mln|mn|billion|bn)\b)"
_COMPARED = (
    rf"(?P<at_least>at least|(?:no|not) (?:{_LESS}) than|>=|≥|a minimum of|starting at)|"
    rf"(?P<at_most>at most|up to|(?:no|not) (?:{_MORE}) than|<=|≤|a maximum of)|"
    rf"(?P<more_than>(?:{_MORE}) than|over|above|exceed(?:s|ing)?|beyond|>)|"
    rf"(?P<less_than>(?:{_LESS}) than|under|below|<)"
)
_UNIT = r"(?:_+ of |(?!(?:by|and|or|in|for|with|than|on|at|to|is|are|the|from|across)\b)[a-z°%]+ )?"
_LIMITS = (
    rf"(?:{_COMPARED})\s*{_NUMBER} ?{_UNIT}(?:of )?(?P<name>_+)",
    rf"(?P<name>_+)(?: (?:is|are|was|were|of|has|have|score|value|being|"
    rf"that))*\W*\s*(?:{_COMPARED})\s*{_NUMBER}",
    rf"(?P<name>_+) (?:in )?(?:(?P<more_than>after)|(?P<less_than>before)|(?P<at_least>since)) {_NUMBER}",
    rf"{_NUMBER} (?:or|and) (?:(?P<at_least>more|above|over|up|higher)|(?P<at_most>less|fewer|below|under|"
    rf"lower)) "
    rf"(?P<name>_+)",
)
LIMITS = tuple(re.compile(pattern) for pattern in _LIMITS)
# "older than 60": the name itself is the comparison.
NAME_THAN = re.compile(rf"(?P<name>_+) than {_NUMBER}")
NUMBER_AND_NAME = re.compile(rf"{_NUMBER} (?:or|and) (?P<name>_+)")
RANGES = (
    re.compile(
        rf"(?P<name>_+)(?: (?:is|are|was|were|of|from|between))* {_NUMBER} ?(?:-|–|to|and) ?{_SECOND}"
    ),
    re.compile(rf"\b(?:between|from) {_NUMBER} ?(?:-|–|to|and) ?{_SECOND} {_UNIT}(?:of )?(?P<name>_+)"),
)
EQUALS = (
    re.compile(rf"(?P<name>_+) ?(?:=|==|equals?|equal to|of|is|no\.?)? ?{_NUMBER}"),
    re.compile(
        r"(?<![\w.])(?P<n>\d+(?:(?:,? (?:or|and|to|vs\.?|versus) |, ?|/)\d+)*)(?P<k>)[ -]?(?P<name>_+)"
    ),
)
# "Mothers under 25": their age is meant.
AGED = re.compile(
    rf"\b(?P<name>{'|'.join(PEOPLE)})(?: (?:who|that))?(?: (?:is|are|were|was))?(?: aged)? "
    rf"(?:{_COMPARED}) {_NUMBER}"
    r"(?! ?(?:%|[a-z]*(?:kg|cm|usd|eur|dollar|euro|hour|minute|day|month|mile)))"
)
YEARS = re.compile(
    r"\b(?P<word>in|during|since|after|before|until|till|for|of|from) (?:the )?(?:year "
    r")?(?P<year>(?:1[89]|20)\d\d)"
    r"(?: ?(?:to|until|till|and|-|–) ?(?P<last>(?:1[89]|20)\d\d))?\b"
)
# "All but 8 cylinders": what follows is left out.
DENIED = re.compile(
    r"\b(?:but|not|no|non|except(?: for)?|excluding|without|unless|outside(?: of)?|other than|leaving out|"
    r"ignoring|"
    r"dropping|omitting)\b(?: (?:the|those|for|from|in|of|with|cars|ones|rows|all|if|when|_+|is|are))*\W*$"
)
GREATER = frozenset(_MORE.split("|")) | frozenset(listed("expensive pricier longest costlier windier"))
SMALLER = frozenset(_LESS.split("|"))
# What leads to a limit that selects rows, rather than asking whether something lies above it.
LEADS = re.compile(
    r"\b(?:with|at|whose|where|for|among|amongst|who|having|have|had|that|which|when|if|on|of|in|aged|"
    r"only|excluding|"
    r"except|within)\b[^,;:?]*$"
)
# Between two values: all from one to the other, or the two?
SPANS = ("to", "through", "till", "until", "-", "–", ", to")
# "Is the commute in HR longer than 30 minutes?": one number is compared with a fixed one.
WITH_NUMBER = re.compile(
    r"(?:\b(?:than|above|below|over|under|exceeds?|vs\.?|versus|from|at least|at most|mean|average|is|"
    r"are)|=) "
    r"?[$€£]?\d"
)
# What is asked of one number in some rows.
DESCRIBES = re.compile(
    r"\b(?:average|averages|mean|median|typical|typically|describe|description|summar\w+|distribut\w+|"
    r"histogram|"
    r"outliers?|outlying|extreme|normal|normally|gaussian|bell|trend|over time|how (?:much|long|high|old|"
    r"many))\b"
)
COMPARES = re.compile(
    r"\bdiffer|\bcompar|\bvs\b|\bversus\b|\bthan\b|\bmore\b|\bless\b|\bfewer\b|\bbetter\b|\bworse\b|"
    r"\bhigher\b|"
    r"\blower\b|\bmatter|\baffect|\binfluenc|\beffect|\bimpact|\bsame\b|\bequal|\b(?:long|short|old|young|"
    r"fast|"
    r"slow|heavi|light|tall|small|larg|bigg|great|high|low|cheap|strong|weak)er\b"
)


def comparison_of(groups: Mapping[str, str | None]) -> Comparison:
    """Return the comparison that a pattern found, by the group that matched."""
    for name in ("at_least", "at_most", "more_than", "less_than"):
        if groups.get(name):
            return name
    return "is"

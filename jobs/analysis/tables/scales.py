"""Words that are steps of a scale, and bands of numbers: in which order they go. Standard library only."""

import re
from collections.abc import Sequence
from itertools import pairwise

from jobs.analysis.tables.units import listed

_NUMBER = r"[$€£]?(\d+(?:[.,]\d+)*) ?(k)?"
_BAND = re.compile(rf"{_NUMBER}(?: ?(?:-|–|—|to|bis|bis unter) ?{_NUMBER})(?: [^\W\d_]+\.?)?", re.IGNORECASE)
_BELOW = re.compile(
    rf"(?:<|≤|<=|under|below|unter|bis|up to|less than|weniger als|jünger als) ?{_NUMBER}(?: [^\W\d_]+)?",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    rf"(?:(?:>|≥|>=|over|above|über|ab|from|more than|mehr als|älter als) ?{_NUMBER}(?: [^\W\d_]+)?|"
    rf"{_NUMBER} ?(?:\+|(?:and|or|und|oder) (?:over|older|more|above|älter|mehr|höher))(?: [^\W\d_]+)?)",
    re.IGNORECASE,
)
_STAGE = re.compile(r"(?:stage|grade|level|stufe|grad|tier) ?([ivx]+|\d+)")
_NUMBERED = re.compile(r"\d{1,2} ?[-–=:.)] ?(\D.*)")
_ROMAN = listed("i ii iii iv v vi vii viii ix x")
# Days and months come round again: they stand in their order, and none of them is more than another.
CYCLES = (
    listed("mon tue wed thu fri sat sun"),
    listed("monday tuesday wednesday thursday friday saturday sunday"),
    listed("jan feb mar apr may jun jul aug sep oct nov dec"),
    listed("january february march april may june july august september october november december"),
    listed("mo di mi do fr sa so"),
    listed("montag dienstag mittwoch donnerstag freitag samstag sonntag"),
    listed("jan feb mär apr mai jun jul aug sep okt nov dez"),
    listed("januar februar märz april mai juni juli august september oktober november dezember"),
)
# Lowest first; words for one step stand together.
_SCALES = (
    "none|no|keine; very low|sehr niedrig|sehr gering|très faible; low|niedrig|gering|faible; "
    "medium|mid|mittel|moyen; moderate|mäßig|modéré; high|hoch|élevé|fort; very high|sehr hoch|très élevé; "
    "extreme|extrem",
    "lowest; lower|low; middle; upper; highest",
    "none|absent|keine|kein; minimal; mild|leicht|slight; moderate|mittel|mittelschwer|mäßig; severe|schwer; "
    "very severe|critical|sehr schwer|kritisch",
    "xxxs; xxs; xs|extra small; s|small; m|medium; l|large; xl|extra large; xxl|2xl; xxxl|3xl; 4xl",
    "very small|sehr klein; small|klein; medium|mittel; large|groß|gross; very large|sehr groß|sehr gross",
    "short|kurz; medium|mittel; long|lang",
    "weak|schwach; medium|mittel|moderate; strong|stark",
    "l; m; h",
    "never|nie|niemals; almost never|hardly ever|very rarely|fast nie; rarely|seldom|selten; "
    "occasionally|gelegentlich; sometimes|manchmal; often|frequently|oft|häufig; "
    "usually|very often|mostly|meistens|meist|sehr oft; almost always|fast immer; always|immer|stets",
    "never|nie; yearly|annually|once a year|jährlich; monthly|once a month|monatlich; "
    "weekly|once a week|wöchentlich; daily|every day|täglich",
    "strongly disagree|totally disagree|completely disagree|fully disagree; mostly disagree; disagree; "
    "somewhat disagree|slightly disagree|rather disagree|tend to disagree; "
    "neutral|undecided|unsure|neither agree nor disagree; neither; "
    "somewhat agree|slightly agree|rather agree|tend to agree; agree; mostly agree; "
    "strongly agree|totally agree|completely agree|fully agree",
    "stimme überhaupt nicht zu|stimme gar nicht zu|trifft überhaupt nicht zu|trifft gar nicht zu|"
    "lehne stark ab|lehne völlig ab; stimme nicht zu|trifft nicht zu|lehne ab; "
    "stimme eher nicht zu|trifft eher nicht zu|trifft weniger zu|lehne eher ab; "
    "neutral|teils teils|weder noch|unentschieden|teilweise|trifft teilweise zu|stimme teilweise zu; "
    "stimme eher zu|trifft eher zu; stimme zu|trifft zu; "
    "stimme voll zu|stimme voll und ganz zu|stimme völlig zu|stimme stark zu|stimme vollkommen zu|"
    "trifft voll zu|trifft voll und ganz zu|trifft völlig zu",
    "very dissatisfied|very unsatisfied|sehr unzufrieden; dissatisfied|unsatisfied|unzufrieden; "
    "somewhat dissatisfied|rather dissatisfied|eher unzufrieden; "
    "neutral|neither|teils teils|weder noch|neither satisfied nor dissatisfied; "
    "somewhat satisfied|rather satisfied|eher zufrieden; satisfied|zufrieden; very satisfied|sehr zufrieden",
    "very poor|very bad|terrible|sehr schlecht; poor|bad|schlecht; "
    "fair|ok|okay|mittel|mittelmäßig|acceptable; average|neutral; good|gut; very good|sehr gut; "
    "excellent|outstanding|ausgezeichnet|hervorragend",
    "ungenügend; mangelhaft; ausreichend; befriedigend; gut; sehr gut",
    "fair; good; very good; premium; ideal",
    "very unlikely|extremely unlikely|sehr unwahrscheinlich; unlikely|unwahrscheinlich; neutral|neither|"
    "possible|möglich; likely|wahrscheinlich; very likely|extremely likely|sehr wahrscheinlich",
    "not important|unimportant|not at all important|unwichtig; slightly important|less important|"
    "weniger wichtig|eher unwichtig; "
    "neutral|moderately important|teils teils; important|wichtig|eher wichtig; "
    "very important|sehr wichtig; extremely important|äußerst wichtig",
    "not at all|gar nicht|überhaupt nicht; a little|slightly|a bit|wenig|kaum|little; "
    "somewhat|moderately|etwas|mäßig|mittel; quite|quite a bit|quite a lot|ziemlich|viel; "
    "very|very much|a lot|sehr|stark; extremely|a great deal|completely|völlig|äußerst",
    "much worse|viel schlechter; worse|schlechter; "
    "same|about the same|unchanged|no change|gleich|unverändert; "
    "better|improved|besser; much better|much improved|viel besser",
    "none|no schooling|no education|keine|kein abschluss|ohne abschluss; "
    "primary|primary school|elementary|elementary school|grundschule|volksschule; "
    "lower secondary|middle school|hauptschule; secondary|secondary school|high school|upper secondary|"
    "realschule|mittlere reife|some high school; gymnasium|abitur|matura|a levels; "
    "vocational|apprenticeship|ausbildung|lehre|berufsausbildung|some college|trade school; "
    "college|university|tertiary|higher|universität|hochschule|studium|bachelor|bachelors|bachelor's|"
    "bachelor's degree|undergraduate; "
    "master|masters|master's|master's degree|graduate|graduate school|postgraduate|diplom; "
    "phd|ph.d.|doctorate|doctoral|promotion|doktorat",
    "underweight|untergewicht; normal|normal weight|healthy weight|normalgewicht; "
    "overweight|übergewicht; obese|adipös|adipositas",
    "beginner|novice|anfänger; intermediate|fortgeschritten; advanced; expert|experte",
    "junior; mid|middle|mid level; senior; lead|principal",
    "baby|infant; child; teen|teenager; adult; senior",
    "cold|kalt; cool|kühl; mild; warm; hot|heiß",
)


def _plain(value: str) -> str:
    """Return a value in lower case with single spaces for what parts its words; "ß" is "ss"."""
    return " ".join(re.sub(r"[\s_/-]+", " ", value.casefold()).split())


def _steps(text: str) -> dict[str, int]:
    return {
        _plain(word): place for place, step in enumerate(text.split(";")) for word in step.split("|") if word
    }


_UNDIRECTED = (*CYCLES, listed("1st 2nd 3rd 4th 5th"), listed("first second third fourth fifth"))
_WORDS = (
    *map(_steps, _SCALES),
    *({_plain(word): place for place, word in enumerate(one)} for one in _UNDIRECTED),
)


def order_of(values: Sequence[str]) -> tuple[str, ...]:
    """Return values from the lowest step to the highest; () where they are not all steps of one scale.

    Steps are words of a known scale in English or German, also behind their number ("1 = never"), bands of
    numbers ("18-24", "65+"), and stages. Two values for one step are no scale.
    """
    places = _places(values)
    if len(values) < 2 or len(set(places)) != len(values):
        return ()
    return tuple(value for _, value in sorted(zip(places, values, strict=True)))


def has_direction(values: Sequence[str]) -> bool:
    """Return whether values are steps of which one is more than another: days, months and ranks are not."""
    words = set(map(_plain, values))
    return bool(order_of(values)) and not any(words <= set(map(_plain, one)) for one in _UNDIRECTED)


def _places(values: Sequence[str]) -> Sequence[float]:
    words = [_plain(value) for value in values]
    if all(numbered := [_NUMBERED.fullmatch(value.strip()) for value in values]):
        words = [_plain(match[1]) for match in numbered if match]
    for known in _WORDS:
        if all(word in known for word in words):
            return [known[word] for word in words]
    stages = [match[1] for word in words if (match := _STAGE.fullmatch(word))]
    if len(stages) == len(words) and all(one.isdecimal() or one in _ROMAN for one in stages):
        return [float(one) if one.isdecimal() else float(_ROMAN.index(one) + 1) for one in stages]
    return _bands([value.strip() for value in values])


def _bands(values: Sequence[str]) -> Sequence[float]:
    """Return where bands of numbers begin, where none overlaps another; () for others."""
    ends = [_ends(value) for value in values]
    found = sorted(one for one in ends if one is not None)
    inner = [one for one in found if one[0] > float("-inf") and one[1] < float("inf")]
    if len(found) < len(values) or not inner or len(found) < 3:
        return ()
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        return ()
    return [one[0] for one in ends if one is not None]


def _ends(value: str) -> tuple[float, float] | None:
    if (match := _BAND.fullmatch(value)) is not None:
        low, high = _number(match[1], match[2] or match[4]), _number(match[3], match[4])
        return (low, high) if low < high else None
    if (match := _BELOW.fullmatch(value)) is not None:
        return float("-inf"), _number(match[1], match[2])
    if (match := _ABOVE.fullmatch(value)) is not None:
        text, thousands = (match[1], match[2]) if match[1] else (match[3], match[4])
        return _number(text, thousands), float("inf")
    return None


def _number(text: str, thousands: str | None) -> float:
    """Return a number of a band; marks before three digits separate thousands."""
    plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", text).replace(",", ".")
    value = float(plain) if plain.count(".") < 2 else float("nan")
    return value * 1000 if thousands else value

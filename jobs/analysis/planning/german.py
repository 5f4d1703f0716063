"""Put a German question into English words, so that one reading holds for both languages.

Only words that join, compare and choose are put over, and forms of the table's own words: "im Norden" for the
level "Nord", "Gasheizung" for "Gas" of a column "Heizung", "Nichtraucher" for no "Raucher". Any other word
stays as it is, and is asked about like an unknown English one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import listed, words_of

# Words that no English question has.
_TELLING = frozenset(
    listed(
        "nach ohne außer ausser bei nur zwischen ist sind und der das dem mit für als höher größer welche "
        "welcher welches unterscheidet unterscheiden hängt hängen steigt sich eine einen von zum zur haben "
        "oder wer viele mittleres mittlere mittlerer mittleren mittelwert ausreißer ausreisser anzahl "
        "zusammenhang verdienen wiegen gegen im vom beim durchschnittliche "
        "durchschnittliches je gibt"
    )
)
_PHRASES = (
    (r"\bmit und ohne\b", "with and without"),
    (r"\bmit ausnahme (?:von|der|des)\b|\bbis auf\b|\babgesehen von\b", "except"),
    (r"\bunter de[nrm]\b(?! \d)|\binnerhalb (?:der|des|von)\b", "among the"),
    (r"\bbei de[nrm]\b|\bbeim\b", "among the"),
    (r"\b(?:bereinigt um|kontrolliert (?:für|um)|unter berücksichtigung (?:von|der|des))\b", "adjusting for"),
    (r"\bhäng(?:t|en) (.+?) vo[nm] (.+?) ab\b", r"does \1 depend on \2"),
    (r"\bunterscheide(?:t|n) sich (.+?) (nach|zwischen|von)\b", r"does \1 differ \2"),
    (r"\bunterscheide(?:t|n) sich\b", "differ"),
    (r"\b(?:steig|wächs|wachs)(?:t|en) (.+?) mit\b", r"does \1 rise with"),
    (r"\bsink(?:t|en) (.+?) mit\b", r"does \1 fall with"),
    (r"\bwie (?:hoch|groß) (?:ist|sind)\b", "what is"),
    (r"\bim vergleich\b", "compared"),
    (r"\bgibt es\b", "is there"),
    (r"\b((?:auf|in|bei|im) (?:de[mnr] )?\w+) (stärker|schwächer|größer|kleiner|höher)\b(?=\W*$)", r"\2 \1"),
    (r"\bim durchschnitt\b|\bim schnitt\b|\bim mittel\b", "on average"),
)
_BY_ENGLISH = """
    by: nach; per: je pro; except: außer ausser; only: nur; among: bei; of: von vom; in: im; with: mit;
    and: und; or: oder; than: als; between: zwischen; vs: gegen; for: für; the: der die das den dem des;
    a: ein eine einen einem einer eines; is: ist; are: sind; was: war; were: waren; has: hat; have:
    haben; which: welche welcher welches welchen; who: wer; how: wie; much: viel; many: viele; more: mehr
    häufiger; less: weniger seltener; higher: höher höhere höheren; lower: niedriger; larger: größer
    größere; smaller: kleiner; longer: länger; shorter: kürzer; heavier: schwerer; lighter: leichter;
    faster: schneller; slower: langsamer; older: älter; younger: jünger; better: besser; worse:
    schlechter; cheaper: billiger; highest: höchste höchsten höchster; lowest: niedrigste niedrigsten;
    most: meisten; average: durchschnittliche durchschnittlicher durchschnittlichen durchschnittliches
    durchschnittlich durchschnitt; mean: mittleres mittelwert mittlere mittlerer mittleren; relation:
    zusammenhang; difference: unterschied; influence: einfluss; on: auf; no: kein keine; not: nicht;
    all: alle allen; each: jede jeder jedem jeden; to: zum zur; since: seit; women: frauen; woman: frau;
    men: männer männern; man: mann; girls: mädchen; boys: jungen; earn: verdienen verdient; weigh:
    wiegen wiegt; customers: kunden; households: haushalte haushalten; houses: häuser häusern; people:
    personen menschen leute; patients: patienten; pupils: schüler schülern; compare: vergleich
    vergleiche vergleichen; rises: steigt; rise: steigen; falls: sinkt; fall: sinken; stronger: stärker;
    outliers: ausreißer ausreisser; number of: anzahl; affects: beeinflusst; affect: beeinflussen; belongs:
    gehört
"""
_WORDS: Mapping[str, str] = {
    german: english.strip()
    for english, words in (line.split(":") for line in _BY_ENGLISH.split(";"))
    for german in listed(words)
}
COMMON = frozenset(_WORDS) | _TELLING  # which are no slips of English words
_LEFT_OUT = frozenset(listed("sich denn eigentlich"))
_ENDINGS = ("innen", "ern", "en", "em", "er", "es", "in", "e", "n", "s")
_ARTICLES = frozenset(listed("der die das den dem des ein eine einen"))
# What a verb or a comparison is about, where the table has one such number and the question names none.
_ABOUT = {
    **dict.fromkeys(listed("wiegen wiegt"), listed("gewicht weight masse mass")),
    **dict.fromkeys(
        listed("verdienen verdient"),
        listed("gehalt einkommen lohn verdienst salary income wage pay monatseinkommen nettoeinkommen"),
    ),
    **dict.fromkeys(listed("größer kleiner"), listed("größe groesse körpergröße koerpergroesse height")),
    **dict.fromkeys(listed("älter jünger"), listed("alter age")),
    **dict.fromkeys(listed("teurer billiger"), listed("preis price kosten cost")),
    **dict.fromkeys(listed("schneller langsamer"), listed("dauer zeit duration time geschwindigkeit speed")),
}
LEAST_SHARED = 4  # letters that the end of a compound shares with the name of the column
LEAST_STEM = 3


def in_english(question: str, columns: Sequence[Column]) -> str:
    """Return a German question with English words where it is certain what they mean; others unchanged."""
    words = {word.lower() for word in re.findall(r"[^\W\d_]+", question)}
    own = {word for one in columns for name in (one.name, *one.levels) for word in words_of(name)}
    if not (words & _TELLING) - own:
        return question
    for phrase, english in _PHRASES:
        question = re.sub(phrase, english, question, flags=re.IGNORECASE)
    return " ".join("".join(_translated(question, columns, own)).split())


def _translated(question: str, columns: Sequence[Column], own: set[str]) -> Iterator[str]:
    parts = re.split(r"([\w%]+)", question)
    for place, part in enumerate(parts):
        word = part.lower()
        if not part.isalpha() or word in own:
            yield part
        elif word == "ohne":
            yield _without(parts[place + 1 :], columns)
        elif word in ("unter", "über"):
            yield _limit(word, parts[place + 1 :])
        elif word in _LEFT_OUT:
            continue
        else:
            about = _about(word, columns, parts) if word in _ABOUT else None
            yield about or _WORDS.get(word) or _own_form(part, columns) or part


def _about(word: str, columns: Sequence[Column], parts: Sequence[str]) -> str | None:
    """Return the name of the only number that a verb is about, where the question names none."""
    numbers = [column for column in columns if column.role == "number"]
    asked = {part.lower() for part in parts}
    if any(len(name) >= LEAST_SHARED and name in asked for one in numbers for name in words_of(one.name)):
        return None
    fitting = [column.name for column in numbers if set(_ABOUT[word]).intersection(words_of(column.name))]
    return fitting[0] if len(fitting) == 1 else None


def _without(following: Sequence[str], columns: Sequence[Column]) -> str:
    """Return "without" before what is had or not, and "excluding" before one of several levels."""
    words = [part for part in following if part.isalpha() and part.lower() not in _ARTICLES]
    word = words[0] if words else ""
    level = _own_form(word, columns) or word
    named = any(level.lower() in (one.lower() for one in column.levels) for column in columns)
    return "excluding" if named else "without"


def _limit(word: str, following: Sequence[str]) -> str:
    beside = next((part for part in following if part.strip()), "")
    if beside[:1].isdigit():
        return "below" if word == "unter" else "above"
    return "among" if word == "unter" else "about"


def _own_form(word: str, columns: Sequence[Column]) -> str | None:
    """Return the level or name of which a word is a form or a compound; None where no single one fits."""
    found = {*_levels(word, columns), *_compounds(word, columns), *_names(word, columns)}
    return found.pop() if len(found) == 1 else None


def _levels(word: str, columns: Sequence[Column]) -> Iterator[str]:
    for column in columns:
        for level in column.levels if column.dtype == "text" else ():
            if len(level) >= LEAST_STEM and any(word.lower() == (level + end).lower() for end in _ENDINGS):
                yield level


def _compounds(word: str, columns: Sequence[Column]) -> Iterator[str]:
    """Yield levels with which a compound begins whose end is of the column's name: "Karten" + "zahlung"."""
    lower = word.lower()
    for column in columns:
        names = [name.lower() for name in words_of(column.name)]
        for level in column.levels if column.dtype == "text" else ():
            short = re.sub(r"(?:e|en|n)$", "", level.lower()) or level.lower()
            rest = lower.removeprefix(short) if lower.startswith(short) and len(short) >= LEAST_STEM else ""
            tails = {rest, *(rest.removeprefix(join) for join in ("e", "en", "n", "s", "es"))}
            if any(_shares(tail, name) for tail in tails for name in names):
                yield level


def _shares(tail: str, name: str) -> bool:
    shared = next((i for i, pair in enumerate(zip(tail, name, strict=False)) if pair[0] != pair[1]), None)
    return (min(len(tail), len(name)) if shared is None else shared) >= LEAST_SHARED


def _names(word: str, columns: Sequence[Column]) -> Iterator[str]:
    """Yield the name of a yes/no column for its plural, with "non" before it for "Nichtraucher"."""
    lower = word.lower()
    for column in columns:
        if column.distinct != 2 or not column.name.isalpha():
            continue
        name = column.name.lower()
        if lower in {name + end for end in _ENDINGS}:
            yield column.name
        elif lower in {f"nicht{name}{end}" for end in ("", *_ENDINGS)}:
            yield f"non {column.name}"

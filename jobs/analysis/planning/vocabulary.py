"""Words: their stems, their synonyms, their misspellings. Standard library only, no state."""

import re
from functools import lru_cache

from jobs.analysis.planning.synonyms import PHRASES as PHRASES
from jobs.analysis.planning.synonyms import SYNONYMS, VALUES
from jobs.analysis.tables.units import listed

# Longest first; what is left must be a stem of at least four letters (three for the short endings).
_LONG_ENDINGS = listed(
    "ations ation ators ator ments ment ness ings iest ions ier ing ion ers ors als est ies ity er or al "
    "ed ly"
)
_SHORT_ENDINGS = ("es", "e", "s", "y")

FUNCTION_WORDS = frozenset(
    listed(
        "non following "
        "ur dont doesnt didnt isnt arent wasnt "
        "a an the this that these those it its they them their there here i we you my our your me us "
        "he she his her is are was were be been being am do does did done has have had having can "
        "could will would shall should may might must of in on at by for from to with within without "
        "into onto about between across among amongst per over under than then and or nor but if "
        "whether as so not no any some all each every both either neither what which who whom whose "
        "when where why how much many more most less least very too also just only same other another "
        "one two up down out off vs versus against like please s t don doesn isn aren re ll d via e g "
        "eg ie etc such depending according whereas while because since really actually ever still "
        "two three four five six seven eight nine ten eleven twelve hundred thousand "
        "even own go goes going went make makes made get gets got use uses used using let want know "
        "see give gives show shows tell look looks find finds check test"
    )
)
INTENT_WORDS = frozenset(
    listed(
        "tied tie ties absence more likely similar similarly "
        "looking considering roughly approximately exactly last lasts "
        "lasted band bands absent "
        "scale midpoint threshold norm benchmark "
        "conduct compute calculate make makes given give take takes "
        "took come comes came serve serves served "
        "go goes going went been become becomes became keep kept bring brings brought still yet better "
        "draw draws work works working behave behaves act acts put stuff else everything true false say says "
        "quick brief rough simple basic centre center spread shape crept creep creeps lies lie midpoint "
        "whole "
        "hold holds held holding constant fixed taken account consideration covariate covariates confounder "
        "confounders stratified strata stratum once equally regardless irrespective disparity disparities "
        "gap "
        "unequal hang cols col vals numeric numerical after before during until since pairwise corr "
        "climb climbs climbed lift lifts lifted judging judged occurrence kind "
        "adjusting adjusted adjust controlling control controlled accounting account allowing allow "
        "interact interacts interaction interactions above below half majority binomial "
        "paired wilcoxon signed anova friedman improve improves improved improving "
        "drive drives driven cause causes determine determines lead leads "
        "type types kind kinds sort sorts balanced exceed exceeds exceeded reduce reduces raise lowers "
        "differ differs different difference differences differently compare compared comparing "
        "comparison vary varies varied variation change changes changed higher high highest lower low "
        "lowest greater great greatest larger large largest big bigger biggest small smaller smallest "
        "better best worse worst good bad strong stronger weak weaker relation relations relationship "
        "relationships related relate relates correlate correlated correlates correlation "
        "correlations association associations associated associate link linked links connect "
        "connected connection depend depends depended dependent independent independence dependence "
        "affect affects affected effect effects influence influences influenced impact impacts matter "
        "matters predict predicts explain explains increase increases increased decrease decreases "
        "rise rises fall falls mean means average averages median typical typically generally likely "
        "likelihood chance chances odds probability often frequent frequency rate rates proportion "
        "percentage percent share fraction portion "
        "level levels value values number numbers amount group groups "
        "category categories data dataset table column columns variable variables significant "
        "significantly statistically statistical significance gap describe summarise summarize "
        "summary overview distribution distributed missing anything something thing things tend tends "
        "together hand equal equally terms regard respect point overall question answer analysis "
        "analyse analyze result results effectiveness plot graph chart across amongst split broken "
        "break-down breakdown versus"
    )
)
# What rows are called, whatever table they stand in: naming them asks for nothing.
ROW_NOUNS = frozenset(
    listed(
        "people person persons ppl folk folks human humans individual individuals guys participant "
        "participants "
        "subject subjects respondent respondents patient patients case cases customer customers client "
        "clients "
        "user users visitor visitors member members employee employees worker workers staff colleague "
        "colleagues "
        "student students pupil pupils kids passenger passengers household households home homes house "
        "houses "
        "flat flats property properties car cars vehicle vehicles bird birds penguin penguins animal animals "
        "chick chicks plant plants plot plots flower flowers tree trees tooth teeth ticket tickets order "
        "orders "
        "sample samples specimen specimens row rows record records observation observations entry entries "
        "item items "
        "thing things one ones others unit units country countries state states city cities town towns "
        "place places "
        "day days reading readings measurement measurements trial trials visit visits file data table "
        "dataset "
        "sheet df company study survey experiment campaign campaigns product products baby babies mother "
        "mothers"
    )
)
# Verbs of what is to be done, which their other forms are not: "train a model", yet not "training".
ORDERS = frozenset(listed("train fit build run perform estimate draw act work works behave"))
# After a column's name these make another quantity of it: weight loss, price change.
DERIVED = frozenset(
    listed(
        "gain gains loss losses change changes growth ratio reduction "
        "improvement decline "
        "variance variability tax squared increase decrease"
    )
)


def is_plural(word: str) -> bool:
    """Return whether a noun names several things."""
    return (word.endswith("s") and not word.endswith("ss")) or word in ("people", "women", "men", "children")


_VOWEL = re.compile(r"[aeiouyäöüéèâ]")


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return what the forms of an English word have in common: survive, survival, survived -> surviv."""
    for ending in _LONG_ENDINGS:
        least = 3 if ending in ("ing", "ed") else 4
        if word.endswith(ending) and len(word) - len(ending) >= least and _VOWEL.search(word[: -len(ending)]):
            return word[: -len(ending)]
    for ending in _SHORT_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def _meanings() -> dict[str, frozenset[int]]:
    """Return the lines in which each word stands, by its stem; a word may have several meanings."""
    found: dict[str, frozenset[int]] = {}
    for line, group in enumerate(SYNONYMS):
        for word in listed(group):
            found[stem(word)] = found.get(stem(word), frozenset()) | {line}
    return found


_MEANINGS = _meanings()
_LISTED = frozenset(word for group in SYNONYMS for word in listed(group))
_SPELLED = tuple(sorted({word for group in SYNONYMS for word in listed(group) if len(word) >= 6}))
_LEVELS = {
    form: line for line, group in enumerate(VALUES) for word in listed(group) for form in (word, stem(word))
}
_KNOWN_STEMS = frozenset(stem(word) for word in INTENT_WORDS)


@lru_cache(maxsize=65536)
def meanings(word: str) -> frozenset[int]:
    """Return the numbers of the meanings that a word has; none for most words."""
    if word in INTENT_WORDS and word not in _LISTED:
        return frozenset()
    return _MEANINGS.get(stem(word)) or _MEANINGS.get(stem(respelt(word)), frozenset())


def level_meaning(word: str) -> int | None:
    """Return the number of the value that a word stands for, or None."""
    return _LEVELS.get(word, _LEVELS.get(stem(word)))


def synonymous(word: str, other: str) -> bool:
    """Return whether two words of names mean the same."""
    return bool(meanings(word) & _MEANINGS.get(stem(other), frozenset()))


@lru_cache(maxsize=65536)
def respelt(word: str) -> str:
    """Return the one known word that `word` is a slip of, else `word`."""
    if len(word) < 6 or stem(word) in _MEANINGS:
        return word
    close = {stem(known): known for known in _SPELLED if misspelt(word, known)}
    return next(iter(close.values())) if len(close) == 1 else word


def same_value(word: str, level: str) -> bool:
    """Return whether a word stands for a level of a category: "women" for "Female", "men" for "M"."""
    meaning = level_meaning(word)
    return meaning is not None and meaning == _LEVELS.get(level)


@lru_cache(maxsize=65536)
def is_content(word: str) -> bool:
    """Return whether a word names a thing, rather than joining words or asking for a comparison."""
    if word in FUNCTION_WORDS or word in INTENT_WORDS or word in ORDERS or word.isdigit() or len(word) == 1:
        return False
    return stem(word) not in _KNOWN_STEMS


@lru_cache(maxsize=65536)
def misspelt(word: str, target: str) -> bool:
    """Return whether `word` is `target` with a slip or two: one from five letters, two from eight."""
    allowed = 0 if len(target) < 5 else 1 if len(target) < 8 else 2
    if allowed == 0 or word[:1] != target[:1] or abs(len(word) - len(target)) > allowed or word == target:
        return False
    return _distance(word, target) <= allowed


def _distance(word: str, other: str) -> int:
    """Return how many letters were changed, left out, added or swapped with a neighbour."""
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        two_above, above, row = above, row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                cost = min(cost, two_above[j - 2] + 1)
            row.append(cost)
    return row[-1]

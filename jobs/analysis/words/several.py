"""What the number of questions asked of a table means for the answer to one of them, in words."""

from jobs.analysis.results.asked import Multiplicity
from jobs.analysis.results.result import Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import ALPHA

AT = "/multiplicity"


def tell(several: Multiplicity | None) -> list[Sentence]:
    """Say how the p-value looks when all questions are counted; nothing while there is only one."""
    if several is None or several.questions < 2:
        return []
    holm, second = _plain(several.holm), _plain(several.benjamini_hochberg)
    text = (
        f"This is one of {n.count(several.questions)} questions asked of these data in the session. "
        f"Corrected for their number, the p-value {_plain(several.pvalue)} becomes {holm} by Holm and "
        f"{second} by Benjamini and Hochberg"
    )
    pointers = tuple(f"{AT}/{name}" for name in ("questions", "holm", "benjamini_hochberg", "pvalue"))
    return [Sentence(f"{text}{_meaning(several)}.", pointers)]


def _plain(pvalue: float) -> str:
    """Write a p-value without its letter: ".012", "< .001"."""
    return n.probability(pvalue).removeprefix("p ").removeprefix("= ")


def _meaning(several: Multiplicity) -> str:
    if several.pvalue >= ALPHA:
        return ""
    if several.holm < ALPHA:
        return ": it stands with all of them counted"
    if several.benjamini_hochberg < ALPHA:
        return (
            ": with all of them counted it stands only where a few false findings among several are "
            "accepted, as the second allows"
        )
    return ": with all of them counted it does not stand, and may well be one that chance has brought"

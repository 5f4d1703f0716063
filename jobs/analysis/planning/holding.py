"""Find the columns that a question wants held equal: "adjusting for age", "with age as covariate"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.analysis.planning.linking import Linked, Mention

# What stands before the columns that are held equal.
AFTER = re.compile(
    r"\b(?:control\w*|adjust\w*|account\w*|correct\w*|allow\w*) (?:for|4)\b|\bstratif\w+ (?:by|on|for)\b|"
    r"\btaking\b(?=.*\binto account\b)|"
    r"\b(?:regardless|irrespective|independently|net) of\b|"
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!_ )\bindependent of\b|\btaking into account\b|\btaking account "
    r"of\b|"
    r"\b(?:we |you )?(?:hold|holding|keep|keeping|fix|fixing)\b(?: constant| fixed| equal)?|"
    r"\b(?:at|given|with|of|for) (?:(?:an? )?(?:equal|identical|comparable|given|fixed)|the same)\b|"
    r"\bgiven (?=_)|\bover and above\b|\bbeyond(?= (?:the )?_)|\bon top of\b|\bpartial(?:l?ing|l?ed)? out\b|"
    r"\b(?:after )?(?:removing|taking out|factoring out) (?:the )?(?:effects?|influence|impact|role|part)? "
    r"?(?:of)?|"
    r"\b(?:all|both|were|are|was) equally\b|\bwithin (?:each|every|levels of|strata of)\b"
)
# What stands after them.
BEFORE = re.compile(
    r"\bas (?:a |the |an )?(?:covariates?|confounders?|controls?|strata|stratum|stratification|blocks?)\b|"
    r"\b(?:is|are|was|were|been|being|be)? ?(?:held|kept|taken) (?:constant|fixed|equal|into account|"
    r"into consideration)\b|"
    r"\b(?:is|are|was|were|been|being|be) (?:taken out|partial?led out|removed|accounted for|adjusted for|"
    r"controlled for|considered)\b"
)
_JOINS = re.compile(
    r"\W*(?:(?:and|also|the|a|an|of|their|its|his|her|our|your|plus|as well as|both|for|by|in|how|\w+ of|age|"
    r"mother|mothers|customers?|patients?|have|has|had|level|levels|values?|amount|number)\W+)*"
)
_CLAUSE_ENDS = re.compile(r"[,:;?()]\s*$")


@dataclass(frozen=True)
class Held:
    """The columns that are held equal, by name, and the part of the question that says so."""

    names: tuple[str, ...]
    start: int
    end: int


def held(linked: Linked) -> Held | None:
    """Return what is to be held equal; None where nothing is, or where several places say so."""
    text = linked.without_names()
    found = [one for one in (*_after(linked, text), *_before(linked, text)) if one.names]
    return found[0] if len({one.names for one in found}) == 1 else None


def asks(linked: Linked) -> bool:
    """Return whether something is to be held equal, though it may not be clear what."""
    text = linked.without_names()
    return bool(BEFORE.search(text)) or any(one.names for one in _after(linked, text))


def _after(linked: Linked, text: str) -> list[Held]:
    found = []
    for marker in AFTER.finditer(text):
        leads = not any(_start(m, linked) < marker.start() for m in linked.mentions)
        later = [m for m in linked.mentions if _start(m, linked) >= marker.end()]
        run: list[Mention] = []
        end = marker.end()
        for mention in later:
            between = text[end : _start(mention, linked)]
            ended = leads and run and "," in between and " and " not in between
            if not _JOINS.fullmatch(between) or ended:
                break
            run.append(mention)
            end = _end(mention, linked)
        found.append(Held(_names(run), marker.start(), end))
    return found


def _before(linked: Linked, text: str) -> list[Held]:
    found = []
    for marker in BEFORE.finditer(text):
        earlier = [m for m in linked.mentions if _end(m, linked) <= marker.start()]
        run: list[Mention] = []
        start = marker.start()
        for mention in reversed(earlier):
            between = text[_end(mention, linked) : start]
            joined = not run or " and " in between or (len(run) > 1 and "," in between)
            if not _JOINS.fullmatch(between + " ") or not joined:
                break
            run.append(mention)
            start = _start(mention, linked)
        found.append(Held(_names(run[::-1]), start, marker.end()))
    return found


def _names(run: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.best.column.name for mention in run))


def _start(mention: Mention, linked: Linked) -> int:
    return linked.tokens[mention.first].start


def _end(mention: Mention, linked: Linked) -> int:
    return linked.tokens[mention.last - 1].end

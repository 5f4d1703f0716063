"""How sure a reading is: what in a question was not understood, and whether it matters."""

import re
from collections.abc import Sequence

from jobs.analysis import asking
from jobs.analysis.asking import Unresolved
from jobs.analysis.columns import Column
from jobs.analysis.compounds import compounds
from jobs.analysis.linking import Linked, Mention

SHARE = re.compile(
    r"^(what|which|how large a) (percentage|proportion|share|fraction) of|^how many \w+ (are|were)\b"
)


def confidence_in(linked: Linked) -> tuple[float, str]:
    """Return how sure the reading is, and what makes it less so in words."""
    confidence = min(mention.best.strength for mention in _one_a_column(linked.mentions)) * 0.98
    if asking.REGRESSION.search(linked.without_names()):
        confidence -= 0.2  # a model was asked for, and two columns are compared
    lost = asking.unresolved(linked)
    serious = [phrase for phrase in lost if _is_serious(phrase, linked)]
    if serious:
        return 0.4, f"No column was found for {_quoted([phrase.words for phrase in serious])}."
    joined = compounds(linked)
    others = [words for words, is_another in joined if is_another]
    if others:
        return 0.45, f"No column is called {_quoted(others)}; only a part of that was found."
    if lost or joined:
        words = _quoted([*(phrase.words for phrase in lost), *(words for words, _ in joined)])
        return confidence - 0.1, f"Not every word of {words} was needed to read the question."
    return confidence, ""


def _is_serious(phrase: Unresolved, linked: Linked) -> bool:
    """Return whether words without a column may have named one that the question is about."""
    if phrase.proper:
        return True
    if phrase.plural and linked.text.lower().split().count(phrase.words.lower()) > 1:
        return False  # said twice: the things that are compared, as in "cars here cost more than cars there"
    if phrase.leads:
        joined = _joined_by_and(linked)
        return joined or not (phrase.plural or phrase.before in ("in", "for", "among"))
    return phrase.before not in asking.CONTEXT or (phrase.before in ("on", "to") and not phrase.plural)


def _joined_by_and(linked: Linked) -> bool:
    """Return whether the last two mentions stand side by side: "by species and sex"."""
    if len(linked.mentions) < 2:
        return False
    left, right = linked.mentions[-2:]
    return [token.word for token in linked.tokens[left.last : right.first]] in (["and"], ["or"])


def _one_a_column(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the clearest mention of each column."""
    best: dict[str, Mention] = {}
    for mention in sorted(mentions, key=lambda mention: -mention.best.strength):
        best.setdefault(mention.best.column.name, mention)
    return tuple(best.values())


def restricted_to(linked: Linked) -> str | None:
    """Return what to say when a value seems to restrict the rows: "only Gentoo", "among women"."""
    for mention in linked.mentions:
        before = linked.tokens[mention.first - 1].word if mention.first else ""
        after = linked.tokens[mention.last].word if mention.last < len(linked.tokens) else ""
        named = [m for m in linked.mentions if m.best.column.name == mention.best.column.name]
        if mention.best.value is None or len(named) > 1:
            continue
        if before in ("only", "among", "amongst", "within", "just", "excluding", "except") or after == "only":
            rows = f"the rows with '{mention.best.value}' only"
            return f"The question seems to be about {rows}, which is not possible yet."
    return None


def why_not_described(column: Column, linked: Linked, text: str) -> str | None:
    """Return why a question that names one column may want more than its description, or None."""
    if asking.REGRESSION.search(text):
        return "The question seems to ask what explains a column; ask 'what predicts ...?', or name them."
    lost = asking.unresolved(linked)
    described = asking.DESCRIPTION.search(text)
    if SHARE.search(linked.text.lower()):
        return None
    doubtful = [phrase for phrase in lost if not described or phrase.before not in asking.CONTEXT]
    if doubtful:
        return f"No column was found for {_quoted([phrase.words for phrase in doubtful])}."
    if asking.NO_PARTNER.search(_with_phrases(linked, text)):
        return f"Only '{column.name}' was found in the question; what is it to be compared with?"
    compares = asking.COMPARISON.search(text) or asking.RELATION.search(text)
    values = any(mention.best.value for mention in linked.mentions)
    if values or (compares and not described) or (asking.has_other_content(linked) and not described):
        return f"Only '{column.name}' was found in the question; a comparison needs a second column."
    return None


def _with_phrases(linked: Linked, text: str) -> str:
    """Return the text without names, with the "gap" of "pay gap", which is part of a column's words."""
    gaps = [" gap" for mention in linked.mentions if mention.words.lower().endswith(" gap")]
    return text + "".join(gaps)


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{one}'" for one in words)

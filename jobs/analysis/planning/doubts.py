"""How sure a reading is: what in a question was not understood, and whether it matters."""

import re
from collections.abc import Sequence

from jobs.analysis.planning import asking, unread
from jobs.analysis.planning.compounds import compounds
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.unread import Unresolved
from jobs.analysis.planning.vocabulary import synonymous
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import MEASURES, words_of

FAR_FETCHED = 0.65  # an abbreviation of a part of a name: "hands" for `Wr.Hnd`
SHARE = re.compile(
    r"^(what|which|how large a) (percentage|proportion|share|fraction) of|^how many \w+ (are|were)\b"
)


WHOLE_BY = re.compile(
    r"\b(?:table|data|dataset|everything|(?:all|every) (?:the )?(?:columns?|variables?))\b.*"
    r"\b(?:by|per|across|for (?:each|every)|within (?:each|every))\W+(?:the |each |every )?_"
)


def confidence_in(linked: Linked) -> tuple[float, str]:
    """Return how sure the reading is, and what makes it less so in words."""
    if not linked.mentions:  # of the table as a whole
        lost = unread.unresolved(linked)
        found = f"No column was found for {_quoted([phrase.words for phrase in lost])}."
        return (0.3, found) if lost else (0.9, "")
    weakest = min(_one_a_column(linked.mentions), key=lambda mention: mention.best.strength)
    confidence = weakest.best.strength * 0.98
    if weakest.best.strength < FAR_FETCHED and "abbreviation" in weakest.best.how:
        return 0.5, f"It is not sure that '{weakest.words}' means '{weakest.best.column.name}'."
    if asking.REGRESSION.search(linked.without_names()):
        confidence -= 0.2  # a model was asked for, and two columns are compared
    lost = unread.unresolved(linked)
    serious = [phrase for phrase in lost if _is_serious(phrase, linked)]
    if serious:
        return 0.4, f"No column was found for {_quoted([phrase.words for phrase in serious])}."
    if (measure := _unread_measure(linked)) is not None:
        return 0.45, f"No column was found for '{measure}'."
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
    said_twice = linked.text.lower().split().count(phrase.words.lower()) > 1
    # The things that are compared, as in "cars here cost more than cars there".
    return phrase.proper or not (phrase.plural and said_twice)


def _unread_measure(linked: Linked) -> str | None:
    """Return a word that compares a measure which no column of the question is: "older", "longer"."""
    named = [m.best.column for m in linked.mentions]
    for index, token in enumerate(linked.tokens):
        if token.word not in MEASURES or linked.covered(index):
            continue
        earlier = linked.tokens[index - 1].word if index else ""
        units = MEASURES[token.word]
        measured = any(column.role == "number" for column in named) and not units
        fits = measured or any(column.unit in units or _is_like(token.word, column) for column in named)
        if earlier != "no" and not fits:
            return token.word
    return None


def _is_like(word: str, column: Column) -> bool:
    return any(synonymous(word, part) for part in words_of(column.name))


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
            return f"It is not sure whether the question is about {rows}."
    return None


def why_not_described(column: Column, linked: Linked, text: str) -> str | None:
    """Return why a question that names one column may want more than its description, or None."""
    if asking.REGRESSION.search(text):
        return "The question seems to ask what explains a column; ask 'what predicts ...?', or name them."
    lost = unread.unresolved(linked)
    described = asking.DESCRIPTION.search(text)
    if SHARE.search(linked.text.lower()):
        return None
    if WHOLE_BY.search(text):
        return (
            f"The table is described as a whole, and not for each value of '{column.name}'; name a column to "
            "compare by it, or one of its values with 'only'."
        )
    doubtful = [
        phrase for phrase in lost if phrase.proper or not described or phrase.before not in asking.CONTEXT
    ]
    if doubtful:
        return f"No column was found for {_quoted([phrase.words for phrase in doubtful])}."
    if asking.NO_PARTNER.search(text):
        return f"Only '{column.name}' was found in the question; what is it to be compared with?"
    compares = asking.COMPARISON.search(text) or asking.RELATION.search(text)
    values = any(mention.best.value for mention in linked.mentions)
    if values or (compares and not described) or (unread.has_other_content(linked) and not described):
        return f"Only '{column.name}' was found in the question; a comparison needs a second column."
    return None


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{one}'" for one in words)

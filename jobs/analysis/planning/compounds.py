"""Find nouns after a column's name that may turn it into another quantity: "weight loss"."""

from jobs.analysis.planning.asking_words import SPLITTERS
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.vocabulary import DERIVED, ROW_NOUNS, is_content


def compounds(linked: Linked) -> tuple[tuple[str, bool], ...]:
    """Return nouns that follow a column's name at once and may turn it into another thing.

    With each stands whether it surely does: "weight loss" is not `weight`, and "flipper width" is not
    `flipper_length`, of whose name only a part was found.
    """
    found = []
    for mention in linked.mentions:
        index = mention.last
        if mention.best.value is not None or index >= len(linked.tokens):
            continue
        token = linked.tokens[index]
        gap = linked.text[linked.tokens[index - 1].end : token.start]
        if gap != " " or linked.covered(index) or token.word in (SPLITTERS | ROW_NOUNS) - DERIVED:
            continue
        is_adjective = "synonym" in mention.best.how  # "older people": the noun after it is not the quantity
        if _is_derived(linked, index) or (is_content(token.word) and not is_adjective):
            words = linked.text[linked.tokens[mention.first].start : token.end]
            found.append((words, mention.best.how.startswith("part") or token.word in DERIVED))
    return tuple(found)


def _is_derived(linked: Linked, index: int) -> bool:
    """Return whether a noun makes another quantity: "weight change", yet not "does weight change"."""
    verbs = {"do", "does", "did", "will", "can", "could", "would", "may", "might"}
    asked = any(token.word in verbs for token in linked.tokens[:index])
    return linked.tokens[index].word in DERIVED and not asked

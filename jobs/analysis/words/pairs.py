"""Two groups compared after an overall test: which is higher, by how much, and by which method."""

from collections.abc import Callable, Sequence
from typing import Final

from jobs.analysis.results.result import Interval, Pairwise, Sentence

LISTED: Final = 6  # pairs told one by one; the table holds them all
PAIR_TITLES = {"games_howell": "Games-Howell", "tukey_hsd": "Tukey HSD"}


def oriented(pair: Pairwise) -> tuple[str, str, float, Interval]:
    """Give the higher and the lower of a pair, how far they are apart, and the interval of just that.

    Of ranks the statistic says which is higher; the difference of means beside it may point the other way.
    """
    sign = pair.statistic if "dunn" in pair.method else pair.difference
    if sign >= 0.0:
        return pair.a, pair.b, pair.difference, pair.interval
    low, high = pair.interval.low, pair.interval.high
    turned = Interval(None if high is None else -high, None if low is None else -low, pair.interval.level)
    return pair.b, pair.a, -pair.difference, turned


def pair_title(method: str) -> str:
    """Name the method by which pairs were compared: "Games-Howell", "Tukey HSD"."""
    return PAIR_TITLES.get(method) or method.replace("_", "-").title()


def pair_sentences(
    pairs: Sequence[Pairwise], tell: Callable[[int, Pairwise], Sentence], *, level: float
) -> list[Sentence]:
    """Tell the pairs that differ, the surest first, and that there are others.

    Parameters
    ----------
    tell : callable
        Makes the sentence of a pair, by its place in the results.
    level : float
        p-value below which a pair differs.
    """
    apart = [pair for pair in enumerate(pairs) if pair[1].pvalue < level]
    apart.sort(key=lambda pair: pair[1].pvalue)
    sentences = [tell(index, pair) for index, pair in apart[:LISTED]]
    if len(apart) > LISTED:
        sentences.append(Sentence("More pairs differ; the table of pairs has them all."))
    if len(apart) < len(pairs):
        rest = "For the other pairs the data do not show a difference."
        sentences.append(Sentence(rest if apart else "For no pair do the data show a difference."))
    return sentences

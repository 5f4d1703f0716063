"""Two groups compared after an overall test: which is higher, by how much, and by which method."""

from jobs.analysis.results.result import Interval, Pairwise

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

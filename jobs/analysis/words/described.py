"""Samples described in sentences, each number with a pointer to where it stands."""

from collections.abc import Sequence

from jobs.analysis.results.result import Descriptive, Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import interval, interval_pointers, outcome_decimals

UNLIKE = 3  # powers of ten between spreads, from which shared decimals would be noise


def places_of(found: Descriptive, together: Sequence[Descriptive]) -> int:
    """Return the decimals of a measure: those of all, or its own where others spread far less."""
    shared, own = outcome_decimals(together), outcome_decimals([found])
    return own if shared - own > UNLIKE else shared


def sentence(index: int, found: Descriptive, name: str, places: int, unit: str | None) -> Sentence:
    """Tell size, mean with its interval, spread and median of the sample that stands at `index`."""
    at = f"/findings/descriptives/{index}"
    parts = [f"n = {n.count(found.n)}", f"mean {n.measured(found.mean, places, unit)}"]
    if found.mean_interval is not None and found.mean_interval.low is not None:
        parts.append(interval(found.mean_interval, places))
    parts += [f"SD {n.number(found.sd, places)}", f"median {n.number(found.median, places)}"]
    pointers = [f"{at}/{part}" for part in ("column", "group", "n", "mean", "sd", "median")]
    pointers += interval_pointers(f"{at}/mean_interval")
    return Sentence(f"{name}: {', '.join(parts)}.", tuple(pointers))

"""What a reader should know of a column before using it, in a few words each."""

from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.tables.columns import MOST_LEVELS

STRONG_SKEW = 1.0  # |G1| above which a mean says little about the typical value
HEAVY_TAILS = 7.0  # excess kurtosis; West, Finch & Curran (1995)
MANY_MISSING = 0.2  # of the rows
MANY_OUTLIERS = 0.05  # of the values; of normally distributed ones 0.7 % lie beyond Tukey's fences
ONE_SIDED = 0.9  # share of the most frequent value, from which the others are few
SEVERAL_ROWS = 20  # below, a share says nothing


def quality_notes(found: ColumnProfile) -> tuple[str, ...]:
    """Return what to know, the gravest first."""
    filled = found.rows - found.missing
    notes = {
        "no values": found.role == "empty",
        "constant": found.role == "constant",
        "one value a row (an identifier?)": found.role == "id" and found.distinct == filled,
        "an identifier with repeated values": found.role == "id" and found.distinct < filled,
        "many missing values": found.role != "empty" and found.missing > MANY_MISSING * found.rows,
        "some values did not fit the type": found.invalid > 0,
        "strongly skewed": found.skewness is not None and abs(found.skewness) > STRONG_SKEW,
        "heavy tails": found.kurtosis is not None and found.kurtosis > HEAVY_TAILS,
        "many outliers": found.outliers is not None and found.outliers > MANY_OUTLIERS * _looked_at(found),
        "many zeros": found.zeros is not None and found.zeros > _looked_at(found) / 2,
        "nearly always the same value": _is_one_sided(found),
        "many different values for a category": found.role == "category" and found.distinct > MOST_LEVELS,
        "a part of the rows was looked at": found.looked_at is not None,
    }
    return tuple(note for note, applies in notes.items() if applies)


def _looked_at(found: ColumnProfile) -> float:
    """Return how many values were counted: all, or of a very long table the share that was looked at."""
    filled = found.rows - found.missing
    return filled if found.looked_at is None else filled * found.looked_at / found.rows


def _is_one_sided(found: ColumnProfile) -> bool:
    if found.role == "constant" or not found.top or found.rows - found.missing < SEVERAL_ROWS:
        return False
    return found.top[0].count > ONE_SIDED * _looked_at(found)

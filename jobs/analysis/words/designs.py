"""Which words tell the methods beyond two columns; the others are found by their roles."""

from collections.abc import Callable, Mapping

from jobs.analysis.words import paired
from jobs.analysis.words.facts import Facts, Told

TELLERS: Mapping[str, Callable[[Facts], Told]] = {
    "paired_t_test": paired.tell,
    "wilcoxon_signed_rank": paired.tell,
}

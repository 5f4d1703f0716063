"""Settle words that may mean several columns where the question says which: all, or the earlier one."""

import re
from collections.abc import Iterator
from dataclasses import replace

from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.series import series_of
from jobs.analysis.planning.vocabulary import is_plural
from jobs.analysis.tables.columns import Column

NUMBERS = {
    word: count for count, word in enumerate(("both", "three", "four", "five", "six", "seven"), start=2)
}
NUMBERS |= {"two": 2} | {str(count): count for count in range(2, 10)}
EARLY = re.compile(
    r"\b(?:start(?:s|ed|ing)?(?: out| off)?|beg[iau]n(?:s|ning)?|initial(?:ly)?|baseline|at first|beforehand|"
    r"at (?:the )?(?:entry|outset))\b"
)
LATE = re.compile(
    r"\b(?:end(?:s|ed|ing)?(?: up)?|final(?:ly)?|eventually|afterwards?|follow.?up|at the end|at discharge)\b"
)


def settled(linked: Linked) -> Linked:
    """Return the question with such words read as the columns that are meant."""
    mentions = tuple(one for mention in linked.mentions for one in _read(mention, linked))
    return replace(linked, mentions=mentions)


def _read(mention: Mention, linked: Linked) -> Iterator[Mention]:
    if not mention.ambiguous or any(match.value is not None for match in mention.matches):
        yield mention
    elif _means_all(mention, linked):
        yield from (replace(mention, matches=(match,)) for match in mention.matches)
    elif (column := _by_time(mention, linked)) is not None:
        kept = tuple(match for match in mention.matches if match.column.name == column.name)
        yield replace(mention, matches=kept)
    else:
        yield mention


def _means_all(mention: Mention, linked: Linked) -> bool:
    """Return whether a number before the words counts the columns: "the three marks"."""
    before = linked.tokens[mention.first - 1].word if mention.first else ""
    return is_plural(mention.words.lower()) and NUMBERS.get(before) == len(mention.matches)


def _by_time(mention: Mention, linked: Linked) -> Column | None:
    """Return the first or the last of a series where the question says when: "start out with"."""
    columns = [match.column for match in mention.matches]
    series = next((one for one in series_of(columns) if len(one.columns) == len(columns)), None)
    text = linked.without_names()
    early, late = EARLY.search(text) is not None, LATE.search(text) is not None
    if series is None or early == late:
        return None
    return series.columns[0] if early else series.columns[-1]

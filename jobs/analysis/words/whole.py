"""The table as a whole, in words: rows that are copies, and the numbers that go together most closely."""

from collections.abc import Iterator

from jobs.analysis.results.described import Correlations, TableProfile
from jobs.analysis.results.result import Sentence
from jobs.analysis.words import numbers as n

LISTED = 3
WORTH_TELLING = 0.3  # of |r|: the least that Funder and Ozer (2019) call large
SAME = 0.999  # of |r|: what rounding leaves of 1 where one column is another in a different unit
AT = "/table/correlations"


def tell(table: TableProfile | None, column: str | None = None) -> list[Sentence]:
    """Say which rows are copies and what goes together most closely: in all, or with one `column`."""
    if table is None:
        return []
    sentences = _duplicates(table)
    if table.correlations is not None:
        sentences += _together(table.correlations, column)
    return sentences


def _duplicates(table: TableProfile) -> list[Sentence]:
    if not table.duplicate_rows:
        return []
    equal = "equals" if table.duplicate_rows == 1 else "equal"
    text = f"{n.counted(table.duplicate_rows, 'row')} {equal} an earlier one in every column."
    return [Sentence(text, ("/table/duplicate_rows",))]


def _together(found: Correlations, column: str | None) -> list[Sentence]:
    """List the pairs of number columns with the closest linear correlation."""
    pairs = [pair for pair in _pairs(found) if column is None or column in (pair[1], pair[2])]
    pairs = [pair for pair in pairs if abs(pair[0]) >= WORTH_TELLING]
    pairs.sort(key=lambda pair: -abs(pair[0]))
    same = [_same(pair) for pair in pairs if abs(pair[0]) >= SAME][:LISTED]
    twins = {pair[2] for pair in pairs if abs(pair[0]) >= SAME}  # one of the two is enough for the others
    pairs = [pair for pair in pairs if abs(pair[0]) < SAME and not twins & {pair[1], pair[2]}]
    shown = pairs[:LISTED]
    if not shown:
        return same
    told = [
        f"{one} and {other} (r = {n.bounded(value)}, n = {n.count(rows)})"
        for value, one, other, rows, _ in shown
    ]
    most = " most closely" if len(pairs) > 1 else ""
    text = f"Of the numbers, {n.joined(told)} go together{most}; this describes the rows and tests nothing."
    return [*same, Sentence(text, tuple(pointer for *_, pointers in shown for pointer in pointers))]


def _same(pair: tuple[float, str, str, int, tuple[str, ...]]) -> Sentence:
    """Say that two columns hold one measure: what goes together in them is no finding."""
    value, one, other, _, pointers = pair
    text = f"{one} and {other} lie on one line (r = {n.bounded(value)}): perhaps one measure twice."
    return Sentence(text, pointers)


def _pairs(found: Correlations) -> Iterator[tuple[float, str, str, int, tuple[str, ...]]]:
    """Give each pair with its correlation, its names, its rows, and where they stand in the results."""
    for i, one in enumerate(found.columns):
        for j, other in enumerate(found.columns[:i]):
            value = found.pearson[i][j]
            if value is not None:
                pointers = (
                    f"{AT}/pearson/{i}/{j}",
                    f"{AT}/n/{i}/{j}",
                    f"{AT}/columns/{i}",
                    f"{AT}/columns/{j}",
                )
                yield value, other, one, found.n[i][j], pointers

"""Strata in which two categories go together differently, in words: each with its own shares."""

import math

from jobs.analysis.results.result import CrossTable
from jobs.analysis.results.stratified import Strata, Stratum
from jobs.analysis.tables.events import event_of
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import Facts

LISTED = 3  # strata told one by one in a headline; of more, those at the ends
APART = 1.68  # an odds ratio that counts as small (Chen, Cohen & Chen 2010), or 1 / 1.68 the other way


def reading(strata: Strata, table: CrossTable) -> tuple[int, int, int]:
    """Return the places of the event, and of the two row levels whose shares of it are compared."""
    odds = strata.odds
    if odds is not None:
        event = table.column_levels.index(odds.event)
        return event, table.row_levels.index(odds.level), table.row_levels.index(odds.reference)
    return event_of(table.column_levels, [sum(column) for column in zip(*table.counts, strict=True)]), 0, 1


def is_square(table: CrossTable) -> bool:
    """Tell whether both categories have two values."""
    return len(table.row_levels) == 2 == len(table.column_levels)


def are_opposite(strata: Strata) -> bool:
    """Tell whether the event is clearly more frequent in one stratum and clearly rarer in another."""
    ratios = [one.odds_ratio for one in strata.strata if one.odds_ratio is not None]
    above = any(one.infinite for one in strata.strata) or any(ratio >= APART for ratio in ratios)
    return above and any(ratio <= 1.0 / APART for ratio in ratios)


def told(facts: Facts, strata: Strata) -> str:
    """Tell the shares in each stratum; of many strata, those at the ends."""
    table = facts.findings.table
    varying = [one for one in strata.strata if one.varies]
    if table is None or not varying:
        return ""
    if not is_square(table):
        ends = _ends(varying, [one.cramers_v or 0.0 for one in varying])
        sizes = [n.bounded(one.cramers_v) for one in ends]
        return f"Cramér's V {_listed(sizes, ends, strata)}"
    event, first, second = reading(strata, table)
    ends = _ends(varying, [_size(one, strata, _difference(one, event, first, second)) for one in varying])
    pairs = [" against ".join(_pair(one, event, first, second)) for one in ends]
    what = f"{table.column} = {table.column_levels[event]} in"
    compared = f"{table.row} = {table.row_levels[first]} against {table.row_levels[second]}"
    return f"{what} {_listed(pairs, ends, strata)}, {compared}"


def _listed(numbers: list[str], of: list[Stratum], strata: Strata) -> str:
    """Join what is told of each stratum, the column of the strata named once."""
    names = [f"{strata.stratum} = {of[0].level}", *(one.level for one in of[1:])]
    return n.joined([f"{number} ({name})" for number, name in zip(numbers, names, strict=True)])


def _ends(varying: list[Stratum], sizes: list[float]) -> list[Stratum]:
    if len(varying) <= LISTED:
        return varying
    return [varying[sizes.index(min(sizes))], varying[sizes.index(max(sizes))]]


def _size(one: Stratum, strata: Strata, difference: float) -> float:
    """Give what strata are ordered by: the odds ratio, or the difference of shares where none is common."""
    if strata.odds is None:
        return difference
    return math.inf if one.odds_ratio is None else one.odds_ratio


def _share(one: Stratum, row: int, event: int) -> float:
    return one.counts[row][event] / sum(one.counts[row])


def _difference(one: Stratum, event: int, first: int, second: int) -> float:
    return _share(one, first, event) - _share(one, second, event)


def _pair(one: Stratum, event: int, first: int, second: int) -> tuple[str, str]:
    shares = _share(one, first, event), _share(one, second, event)
    told = n.percents(*shares)
    return told[0], told[1]

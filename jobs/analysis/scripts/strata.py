"""The literals of a program about two categories within strata, and the numbers that it must find again."""

from collections.abc import Iterator

from jobs.analysis.results.result import Findings
from jobs.analysis.results.stratified import Strata


def literals(strata: Strata) -> list[str]:
    """Write what the program needs besides the columns."""
    odds = strata.odds
    names = [f"    {one.level!r}," for one in strata.strata]
    return [
        "\n".join(["STRATA = [", *names, "]"]),
        f"ODDS = {(odds.level, odds.event)!r}  # of these" if odds is not None else "ODDS = None",
    ]


def numbers(findings: Findings) -> Iterator[tuple[str, float | None]]:
    """Name what is told of each stratum and of all together, besides the tests."""
    strata = findings.strata
    if strata is None:
        return
    for place, one in enumerate(strata.strata):
        yield f"n of stratum {place}", one.n
        yield f"odds ratio of stratum {place}", one.odds_ratio
    if strata.odds is not None:
        yield "common low", strata.odds.interval.low
        yield "common high", strata.odds.interval.high
        yield "crude odds ratio", strata.odds.crude

"""The literals of a program about change over time, and the numbers that it must find again."""

from collections.abc import Iterator

from jobs.analysis.results.modelled import Trend
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.times import PERIODS

PARTS = ("trend",)


def literals(trend: Trend) -> list[str]:
    """Write what the program needs besides the columns."""
    days = dict(PERIODS).get(trend.period, 1.0)
    season = trend.season if trend.within_season else 1
    return [
        f"SEASON = {season!r}  # points a cycle that are compared apart",
        f"DAYS_A_PERIOD = {days!r}  # {trend.period if trend.period.isidentifier() else 'as it is'}",
    ]


def numbers(findings: Findings) -> Iterator[tuple[str, float | None]]:
    """Name the numbers of a trend."""
    yield "n used", findings.sample.n_used
    trend = findings.trend
    if trend is None:
        return
    yield "points", trend.points
    yield "slope estimate", trend.slope
    yield "intercept estimate", trend.intercept
    yield "line slope", trend.line_slope
    yield "lags", trend.lags
    yield "autocorrelation", trend.autocorrelation
    kendall, line = findings.tests
    yield "z", kendall.statistic
    yield "z pvalue", kendall.pvalue
    yield "line t", line.statistic
    yield "line pvalue", line.pvalue

"""Change over time: Theil-Sen's slope with Mann-Kendall, the line with Newey-West errors beside it."""

import numpy as np

from jobs.analysis.methods.common import as_interval, describe, require_usable
from jobs.analysis.numerics.change import (
    Kendall,
    SteadyLine,
    mann_kendall,
    seasonal_strength,
    sen_interval,
    steady_line,
    theil_sen,
    two_sided,
)
from jobs.analysis.results.modelled import Trend
from jobs.analysis.results.result import Assumption, Estimate, Findings, Interval, Plan, Test
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.times import TimeSample
from jobs.errors import UnsuitableData

METHODS = ("trend_over_time",)
SEASONAL = 0.64  # strength from which a season is plain to see (Hyndman & Athanasopoulos 2021)
STICKY = 0.3  # autocorrelation of neighbours from which points tell clearly less than their number


def choose(plan: Plan, sample: TimeSample) -> Plan:
    """Keep the plan: the correction for autocorrelation is settled by the data themselves."""
    require_usable(sample.outcome, [sample.values])
    return plan


def run(plan: Plan, sample: TimeSample, *, level: float) -> Findings:
    """Measure how the values rise or fall with time.

    Raises
    ------
    UnsuitableData
        The values are constant, or lie exactly on a line.
    """
    choose(plan, sample)
    t, y = sample.times, sample.values
    line = steady_line(t, y, level=level)
    if not np.isfinite(line.statistic) or abs(line.statistic) > 1e12:
        raise UnsuitableData(
            f"{sample.outcome!r} lies exactly on a line over {sample.time!r}; was it computed from it?"
        )
    kendall = mann_kendall(t, y)
    slope = theil_sen(t, y)
    interval = as_interval(sen_interval(t, y, kendall.spread, level), level)
    trend = _trend(sample, slope, interval, line, level)
    return Findings(
        sample=Used(sample.n_total, sample.rows, dict(sample.dropped)),
        descriptives=(describe(sample.outcome, None, y, level=level),),
        assumptions=_assumptions(sample, kendall, trend),
        tests=_tests(sample, kendall, line, trend),
        trend=trend,
    )


def _trend(sample: TimeSample, slope: float, interval: Interval, line: SteadyLine, level: float) -> Trend:
    t, y = sample.times, sample.values
    intercept = float(np.median(y - slope * t))
    span = float(t[-1] - t[0])
    change = 100.0 * slope * span / intercept if float(y.min()) > 0.0 and intercept > 0.0 else None
    season = sample.season
    return Trend(
        outcome=sample.outcome,
        time=sample.time,
        period=sample.period,
        first=sample.first,
        last=sample.last,
        points=y.size,
        slope=slope,
        slope_interval=interval,
        intercept=intercept,
        span=span,
        change_percent=change,
        line_slope=line.slope,
        line_intercept=line.intercept,
        line_interval=Interval(line.low, line.high, level),
        lags=line.lags,
        autocorrelation=line.autocorrelation,
        season=season,
        seasonal_strength=seasonal_strength(y, season) if season else None,
        unit=sample.unit,
    )


def _tests(sample: TimeSample, kendall: Kendall, line: SteadyLine, trend: Trend) -> tuple[Test, ...]:
    n = trend.points
    corrected = kendall.factor > 0.0 and kendall.factor != 1.0
    z = kendall.z(corrected=True)
    unit = f"{sample.unit or sample.outcome} a {sample.period}"
    how = "Mann-Kendall test, corrected for autocorrelation (Hamed and Rao)"
    return (
        Test(
            role="primary",
            method=METHODS[0],
            title=how if corrected else "Mann-Kendall test",
            symbol="z",
            statistic=z,
            df=(),
            pvalue=two_sided(z),
            n=n,
            estimate=Estimate("Theil-Sen slope", trend.slope, trend.slope_interval, unit),
        ),
        Test(
            role="sensitivity",
            method="newey_west",
            title="the least-squares slope with Newey-West errors",
            symbol="t",
            statistic=line.statistic,
            df=(float(n - 2),),
            pvalue=line.pvalue,
            n=n,
            estimate=Estimate("slope", line.slope, trend.line_interval, unit),
        ),
    )


def _assumptions(sample: TimeSample, kendall: Kendall, trend: Trend) -> tuple[Assumption, ...]:
    sticky = abs(trend.autocorrelation) >= STICKY
    found = [
        Assumption(
            name="independent points",
            verdict="doubtful" if sticky else "holds",
            consequence=(
                "Neighbouring points are alike, so that they tell less than their number; both tests allow "
                "for it."
                if sticky
                else "Neighbouring points are hardly alike beyond the trend."
            ),
            magnitude=trend.autocorrelation,
            magnitude_name="correlation of neighbouring residuals",
        )
    ]
    if kendall.factor <= 0.0:
        found.append(
            Assumption(
                "correction for autocorrelation",
                "not checked",
                "The correction of Hamed and Rao gives no positive variance here; the plain test is shown.",
            )
        )
    if trend.seasonal_strength is not None:
        strong = trend.seasonal_strength >= SEASONAL
        found.append(
            Assumption(
                name="no season",
                verdict="doubtful" if strong else "holds",
                consequence=(
                    "The values follow a season, which the trend runs through."
                    if strong
                    else "A season explains little of what the trend leaves."
                ),
                magnitude=trend.seasonal_strength,
                magnitude_name="strength of the season",
            )
        )
    if sample.rows > trend.points:
        found.append(
            Assumption(
                "one value a time",
                "not checked",
                "Values at the same time, or at neighbouring times of very many, were averaged first.",
                magnitude=float(trend.points),
                magnitude_name="points in time",
            )
        )
    return tuple(found)

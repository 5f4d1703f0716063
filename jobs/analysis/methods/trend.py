"""Change over time, within a season where there is one: Sen's slope with Mann-Kendall, a line beside it."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods.common import as_interval, describe, require_usable
from jobs.analysis.methods.course import course_of
from jobs.analysis.numerics.change import (
    Kendall,
    SteadyLine,
    limits_of,
    mann_kendall,
    seasonal_strength,
    sen_interval,
    steady_line,
    theil_sen,
    two_sided,
)
from jobs.analysis.numerics.seasons import seasonal_kendall, seasonal_slopes
from jobs.analysis.results.modelled import Trend
from jobs.analysis.results.result import Assumption, Estimate, Findings, Interval, Plan, Test
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.times import TimeSample, wide_gaps
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

METHODS = ("trend_over_time",)
SEASONAL = 0.64  # strength from which a season is plain to see (Hyndman & Athanasopoulos 2021)
# From here on a season passes for a trend too often: 15 to 28 % false alarms at 0.4, by simulation.
FOLLOWED = 0.3
EXACT = 1.0 - 1e-9  # strength of a season that leaves nothing to measure by
MIN_CYCLES = 3
# Residuals of white noise are autocorrelated beyond this, over the root of their number, in 5 % of series.
BEYOND_CHANCE = 1.959963984540054
STICKY = 0.3  # autocorrelation of neighbours from which points tell clearly less than their number


def choose(plan: Plan, sample: TimeSample) -> Plan:
    """Keep the method: the data themselves settle corrections for a season and for autocorrelation."""
    require_usable(sample.outcome, [sample.values])
    strength = _strength(sample)
    if plan.explicit or strength is None or not _seasonal(sample):
        return plan
    because = (
        f"{sample.outcome} follows a season of {sample.season} points (strength {strength:.2f}), which would "
        "pass for a trend: each point is compared with those of its own place in the season."
    )
    return replace(plan, because=f"{plan.because} {because}".strip())


def _strength(sample: TimeSample) -> float | None:
    return seasonal_strength(sample.values, sample.season) if sample.season else None


def _seasonal(sample: TimeSample) -> bool:
    """Return whether the season is strong enough to be held apart from the trend."""
    strength = _strength(sample)
    enough = sample.season is not None and sample.values.size >= MIN_CYCLES * sample.season
    return enough and strength is not None and FOLLOWED <= strength < EXACT


def run(plan: Plan, sample: TimeSample, *, level: float) -> Findings:
    """Measure how the values rise or fall with time.

    Raises
    ------
    UnsuitableData
        The values are constant, or lie exactly on a line.
    """
    choose(plan, sample)
    t, y = sample.times, sample.values
    season = sample.season if sample.season and _seasonal(sample) else 1
    line = steady_line(t, y, level=level, season=season)
    if not np.isfinite(line.statistic) or abs(line.statistic) > 1e12:
        raise UnsuitableData(
            f"{sample.outcome!r} lies exactly on a line over {sample.time!r}; was it computed from it?"
        )
    kendall, slope, limits = _kendall(t, y, season, level, apart=_independent(line, y.size))
    interval = as_interval(limits, level)
    trend = _trend(sample, slope, interval, line, level)
    return Findings(
        sample=Used(sample.n_total, sample.rows, dict(sample.dropped)),
        descriptives=(describe(sample.outcome, None, y, level=level),),
        assumptions=_assumptions(sample, kendall, trend),
        tests=_tests(sample, kendall, line, trend),
        trend=trend,
    )


def _independent(line: SteadyLine, points: int) -> bool:
    """Return whether neighbouring residuals are as little alike as those of independent points.

    Then the covariances of the places of a season are left out: of few cycles they are estimated so poorly
    that a test with them finds nothing. Without a trend, of 2,000 series of 12 points a cycle, the test with
    this rule was significant at 5 % in 4.0 to 4.9 % of series at 5, 6, 8 and 12 cycles, points independent or
    autocorrelated at 0.4, and in 4.1 and 6.5 % at four; with the covariances always in 0.05 to 4.6 %, without
    them in 4.4 to 17.2 % (`python -m benchmarks.false_alarms`).
    """
    return abs(line.autocorrelation) <= BEYOND_CHANCE / float(np.sqrt(points))


def _kendall(
    t: Floats, y: Floats, season: int, level: float, *, apart: bool
) -> tuple[Kendall, float, tuple[float, float]]:
    """Give the test, the slope and its limits, within the places of a `season` of several points.

    With `apart` the places of a season count as independent of each other.
    """
    if season > 1:
        kendall, slopes = seasonal_kendall(y, season), seasonal_slopes(t, y, season)
        kendall = replace(kendall, factor=1.0) if apart else kendall
        return kendall, float(np.median(slopes)), limits_of(slopes, kendall.spread, level)
    kendall = mann_kendall(t, y)
    return kendall, theil_sen(t, y), sen_interval(t, y, kendall.spread, level)


def _trend(sample: TimeSample, slope: float, interval: Interval, line: SteadyLine, level: float) -> Trend:
    t, y = sample.times, sample.values
    intercept = float(np.median(y - slope * t))
    span = float(t[-1] - t[0])
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
        line_slope=line.slope,
        line_intercept=line.intercept,
        line_interval=Interval(line.low, line.high, level),
        lags=line.lags,
        autocorrelation=line.autocorrelation,
        season=season,
        seasonal_strength=_strength(sample),
        course=course_of(sample, season if season and _seasonal(sample) else 1),
        within_season=_seasonal(sample),
        unit=sample.unit,
    )


def _tests(sample: TimeSample, kendall: Kendall, line: SteadyLine, trend: Trend) -> tuple[Test, ...]:
    n = trend.points
    corrected = kendall.factor > 0.0 and kendall.factor != 1.0
    z = kendall.z(corrected=True)
    unit = f"{sample.unit or sample.outcome} a {sample.period}"
    how = "Mann-Kendall test, corrected for autocorrelation (Hamed and Rao)"
    plain, sen, least = "Mann-Kendall test", "Theil-Sen slope", "the least-squares slope"
    if trend.within_season:
        how = "seasonal Mann-Kendall test, corrected for autocorrelation (Hirsch and Slack)"
        plain, sen = "seasonal Mann-Kendall test (Hirsch, Slack and Smith)", "seasonal Sen slope"
        least = "the least-squares slope beside means of the season"
    return (
        Test(
            role="primary",
            method=METHODS[0],
            title=how if corrected else plain,
            symbol="z",
            statistic=z,
            df=(),
            pvalue=two_sided(z),
            n=n,
            estimate=Estimate(sen, trend.slope, trend.slope_interval, unit),
        ),
        Test(
            role="sensitivity",
            method="newey_west",
            title=f"{least} with Newey-West errors",
            symbol="t",
            statistic=line.statistic,
            df=(line.df,),
            pvalue=line.pvalue,
            n=n,
            estimate=Estimate("slope", line.slope, trend.line_interval, unit),
        ),
    )


def _assumptions(sample: TimeSample, kendall: Kendall, trend: Trend) -> tuple[Assumption, ...]:
    found = [_neighbours(kendall, trend), *_straight(trend)]
    if kendall.factor <= 0.0:
        found.append(
            Assumption(
                "correction for autocorrelation",
                "not checked",
                "The correction gives no positive variance here; the plain test is shown.",
            )
        )
    if trend.seasonal_strength is not None:
        strong = trend.seasonal_strength >= SEASONAL
        found.append(
            Assumption(
                name="no season",
                verdict="doubtful" if strong else "holds",
                consequence=(
                    "The values follow a season, from which the trend is held apart."
                    if trend.within_season
                    else "The values follow a season, which the trend runs through."
                    if strong
                    else "A season explains little of what the trend leaves."
                ),
                magnitude=trend.seasonal_strength,
                magnitude_name="strength of the season",
            )
        )
    found += _gaps(sample)
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


def _neighbours(kendall: Kendall, trend: Trend) -> Assumption:
    """Say whether neighbours are alike, take turns, or neither, and which test allows for it."""
    sticky = abs(trend.autocorrelation) >= STICKY
    corrected = kendall.factor > 0.0 and kendall.factor != 1.0
    allows = "both tests allow for it" if corrected else "the errors of Newey and West allow for it"
    says = "Neighbouring points are hardly alike beyond the trend."
    if sticky and trend.autocorrelation > 0.0:
        says = f"Neighbouring points are alike, so that they tell less than their number; {allows}."
    elif sticky:
        says = (
            "Neighbouring points take turns: one above the trend mostly follows one below it, so that they "
            f"tell more of it than as many independent ones; {allows}."
        )
    return Assumption(
        name="independent points",
        verdict="doubtful" if sticky else "holds",
        consequence=says,
        magnitude=trend.autocorrelation,
        magnitude_name="correlation of neighbouring residuals",
    )


def _straight(trend: Trend) -> list[Assumption]:
    """Say whether one slope tells the course of the whole series."""
    course = trend.course
    if course.bend_pvalue is None:
        return []
    return [
        Assumption(
            name="a straight trend",
            verdict="doubtful" if course.bent else "holds",
            consequence=(
                "One slope does not tell how the values ran: the halves differ."
                if course.bent
                else "A bend is not plain to see, so one slope tells how the values ran."
            ),
            test="a parabola against the line",
            pvalue=course.bend_pvalue,
            magnitude=course.bend_share,
            magnitude_name="share of what the line leaves that a parabola explains",
        )
    ]


def _gaps(sample: TimeSample) -> list[Assumption]:
    """Tell the stretches of time without values, the widest by its ends."""
    gaps = wide_gaps(sample.times)
    if not gaps:
        return []
    steps = np.diff(sample.times)
    widest = max(gaps, key=lambda place: float(steps[place]))
    ends = f"{sample.labels[widest]} and {sample.labels[widest + 1]}"
    also = "" if len(gaps) == 1 else ", and there are other gaps"
    return [
        Assumption(
            name="no gaps in time",
            verdict="doubtful",
            consequence=f"There are no values between {ends}{also}; what happened then is not known.",
            magnitude=float(steps[widest]),
            magnitude_name=f"longest time without values, in {sample.period}s",
        )
    ]

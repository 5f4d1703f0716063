"""Change over time, in words."""

from jobs.analysis.results.modelled import Course, Trend
from jobs.analysis.results.result import Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    Facts,
    Told,
    apa,
    interval,
    interval_pointers,
    sensitivity_sentences,
    test_sentence,
)

AT = "/findings/trend"


def tell(facts: Facts) -> Told:
    """Say how the values rise or fall, or that the data do not show it."""
    trend = facts.findings.trend
    assert trend is not None  # noqa: S101 - the caller has looked; for the type checker
    verdict = f"the data show that the values {way(facts)}" if facts.shown else "the data do not show a trend"
    sentences = [test_sentence(facts, verdict), _slope(trend)]
    if not facts.shown:
        sentences.append(_compatible(trend))
    sentences += [*_change(trend, trend.course), *_halves(trend, trend.course)]
    sentences += [_line(trend), *sensitivity_sentences(facts)]
    return Told(headline(facts), tuple(sentences), apa(facts))


def way(facts: Facts) -> str:
    """Say which way the values went, by the test: the slope may be 0 where most values are equal."""
    return "rose" if facts.test.statistic > 0.0 else "fell"


def headline(facts: Facts) -> str:
    """Say the finding in one line; of a bent course, that of both halves too."""
    trend = facts.findings.trend
    assert trend is not None  # noqa: S101 - see tell
    ends = f"from {trend.first} to {trend.last}"
    course, places = trend.course, decimals(trend)
    bent = course.bent
    halves = f", {_both(trend, course)}" if bent else ""
    if not facts.shown:
        throughout = " all along" if bent else ""
        return f"The data do not show that {trend.outcome} rose or fell{throughout} {ends}{halves}"
    if trend.slope == 0.0 or (trend.slope > 0.0) != (facts.test.statistic > 0.0):
        slope = f"the middle of all slopes is {n.measured(trend.slope, places, trend.unit)}"
        return f"{trend.outcome} {way(facts)} more often than not {ends}, though {slope}{halves}"
    size = n.measured(abs(trend.slope), places, trend.unit)
    typically = "typically " if bent else ""
    by = f"{typically}by {size} {a_period(trend.period)}{_yearly(trend)}"
    return f"{trend.outcome} {way(facts)} {by} {ends}{halves}"


def _yearly(trend: Trend) -> str:
    """Add the percent a year between the ends, where they went the way of the slope."""
    yearly = trend.course.percent_a_year
    if yearly is None or yearly * trend.slope <= 0.0:
        return ""
    return f" ({n.number(abs(yearly), _decimals_of(yearly))} % a year)"


def _both(trend: Trend, course: Course) -> str:
    """Tell the slopes of both halves: "by 1.9 a month in the first half and by 3.1 in the second"."""
    places = max(decimals(trend), n.decimals_for(abs(course.early_slope - course.late_slope) / 3 or None))
    early, late = n.measured(course.early_slope, places, trend.unit), n.number(course.late_slope, places)
    return f"with a slope of {early} {a_period(trend.period)} in the first half and {late} in the second"


def _halves(trend: Trend, course: Course) -> list[Sentence]:
    if not course.bent:
        return []
    text = f"The course is bent, {_both(trend, course)}."
    return [Sentence(text, (f"{AT}/course/early_slope", f"{AT}/course/late_slope", f"{AT}/unit"))]


def a_period(period: str) -> str:
    """Write a period with its article."""
    return f"{'an' if period == 'hour' else 'a'} {period}"


def decimals(trend: Trend) -> int:
    """Return the decimals for a slope: as its interval tells."""
    low, high = trend.slope_interval.low, trend.slope_interval.high
    if low is None or high is None or low == high:
        return n.decimals_for(abs(trend.slope) / 3 or None)
    return n.decimals_for((high - low) / 2)


def _slope(trend: Trend) -> Sentence:
    places = decimals(trend)
    how = "Theil-Sen slope, the median over all pairs of"
    if trend.within_season:
        how = "Seasonal Sen slope, the median over the pairs at the same place of the season, of"
    return Sentence(
        f"{how} {n.count(trend.points)} points: "
        f"{n.measured(trend.slope, places, trend.unit)} {a_period(trend.period)} "
        f"({interval(trend.slope_interval, places)}).",
        (f"{AT}/points", f"{AT}/slope", f"{AT}/unit", *interval_pointers(f"{AT}/slope_interval")),
    )


def _compatible(trend: Trend) -> Sentence:
    low, high = trend.slope_interval.low, trend.slope_interval.high
    places = decimals(trend)
    return Sentence(
        f"Slopes between {n.number(low, places)} and {n.number(high, places)} {a_period(trend.period)} "
        "remain compatible with them.",
        interval_pointers(f"{AT}/slope_interval"),
    )


def _change(trend: Trend, course: Course) -> list[Sentence]:
    """Tell the change between what was observed at the ends, in percent where that means something."""
    places = n.decimals_for(abs(course.last_mean - course.first_mean) or None)
    first, last = (n.number(mean, places) for mean in (course.first_mean, course.last_mean))
    unit = f" {trend.unit}" if trend.unit else ""
    which = (
        f"the mean of the first {n.counted(course.ends, 'point')}" if course.ends > 1 else "the first point"
    )
    other = f"that of the last {n.count(course.ends)}" if course.ends > 1 else "the last"
    text = f"From {which} to {other}, the values went from {first} to {last}{unit}"
    pointers = [f"{AT}/course/{part}" for part in ("ends", "first_mean", "last_mean")]
    if course.change_percent is not None:
        text += f", a change of {n.number(course.change_percent, _decimals_of(course.change_percent))} %"
        pointers.append(f"{AT}/course/change_percent")
    if course.percent_a_year is not None:
        text += (
            f" ({n.number(course.percent_a_year, _decimals_of(course.percent_a_year))} % a year, compounded)"
        )
        pointers.append(f"{AT}/course/percent_a_year")
    return [Sentence(f"{text}.", (*pointers, f"{AT}/unit"))]


def _decimals_of(percent: float) -> int:
    return 0 if abs(percent) >= 20.0 else 1


def _line(trend: Trend) -> Sentence:
    places = decimals(trend)
    return Sentence(
        f"Least-squares slope: {n.measured(trend.line_slope, places, trend.unit)} {a_period(trend.period)} "
        f"({interval(trend.line_interval, places)}, Newey-West errors over {n.counted(trend.lags, 'lag')}).",
        (f"{AT}/line_slope", f"{AT}/lags", f"{AT}/unit", *interval_pointers(f"{AT}/line_interval")),
    )

"""Change over time, in words."""

from jobs.analysis.results.modelled import Trend
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
    way = "rose" if trend.slope >= 0 else "fell"
    verdict = f"the data show that the values {way}" if facts.shown else "the data do not show a trend"
    sentences = [test_sentence(facts, verdict), _slope(trend)]
    if not facts.shown:
        sentences.append(_compatible(trend))
    sentences += [*_change(trend), _line(trend), *sensitivity_sentences(facts)]
    return Told(headline(facts), tuple(sentences), apa(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    trend = facts.findings.trend
    assert trend is not None  # noqa: S101 - see tell
    if not facts.shown:
        return f"The data do not show that {trend.outcome} rose or fell from {trend.first} to {trend.last}"
    way = "rose" if trend.slope >= 0 else "fell"
    size = n.measured(abs(trend.slope), decimals(trend), trend.unit)
    return f"{trend.outcome} {way} by {size} {a_period(trend.period)} from {trend.first} to {trend.last}"


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


def _change(trend: Trend) -> list[Sentence]:
    if trend.change_percent is None:
        return []
    return [
        Sentence(
            f"Along that line the values change by {n.number(trend.change_percent, 0)} % from {trend.first} "
            f"to {trend.last}.",
            (f"{AT}/change_percent", f"{AT}/first", f"{AT}/last"),
        )
    ]


def _line(trend: Trend) -> Sentence:
    places = decimals(trend)
    return Sentence(
        f"Least-squares slope: {n.measured(trend.line_slope, places, trend.unit)} {a_period(trend.period)} "
        f"({interval(trend.line_interval, places)}, Newey-West errors over {n.counted(trend.lags, 'lag')}).",
        (f"{AT}/line_slope", f"{AT}/lags", f"{AT}/unit", *interval_pointers(f"{AT}/line_interval")),
    )

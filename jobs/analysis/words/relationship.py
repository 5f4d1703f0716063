"""Two numbers that go together, in words."""

from jobs.analysis.result import Line, Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    SYMBOLS,
    Facts,
    Told,
    apa,
    effect_sentences,
    interval,
    interval_pointers,
    sensitivity_sentences,
    test_sentence,
)

LINEAR = frozenset({"r", "t"})


def tell(facts: Facts) -> Told:
    """Say how the two numbers go together, or that the data do not show it."""
    verdict = "the data show that the two go together"
    if facts.hardly:
        verdict = "with so many rows even a negligible relationship is detected"
    elif not facts.shown:
        verdict = "the data do not show a relationship"
    sentences = [test_sentence(facts, verdict)]
    estimate = facts.test.estimate
    if not facts.shown and not facts.hardly and estimate is not None and estimate.interval.low is not None:
        low, high = n.bounded(estimate.interval.low), n.bounded(estimate.interval.high)
        sentences.append(
            Sentence(
                f"Correlations between {low} and {high} remain compatible with them.",
                interval_pointers(f"/findings/tests/{facts.primary}/estimate/interval"),
            )
        )
    sentences += _line(facts)
    sentences += effect_sentences(facts)
    sentences += sensitivity_sentences(facts)
    return Told(headline(facts), tuple(sentences), apa(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    x, y = facts.plan.columns["x"], facts.plan.columns["y"]
    test, line = facts.test, facts.findings.line
    symbol = SYMBOLS.get(test.symbol, test.symbol)
    strength = f"{symbol} = {n.bounded(test.statistic)}"
    if facts.hardly:
        return f"{y} and {x} hardly go together ({strength})"
    if not facts.shown:
        return f"The data do not show a relationship between {x} and {y} ({strength})"
    if test.symbol in LINEAR and line is not None:
        size = n.measured(abs(line.slope), slope_decimals(line), facts.unit(y))
        more = "more" if line.slope >= 0 else "less"
        return f"Each extra {facts.unit(x) or 'unit'} of {x} goes with {size} {more} {y} ({strength})"
    return f"Higher {x} goes with {'higher' if test.statistic >= 0 else 'lower'} {y} (rank correlation {strength})"


def slope_decimals(line: Line) -> int:
    """Return the decimals for a slope: to about three digits."""
    return n.decimals_for(abs(line.slope) / 3 or None)


def _line(facts: Facts) -> list[Sentence]:
    line = facts.findings.line
    if line is None:
        return []
    x, y = facts.plan.columns["x"], facts.plan.columns["y"]
    units = [facts.unit(column) for column in (y, x)]
    unit = f" {units[0]} per {units[1]}" if all(units) else ""
    decimals = slope_decimals(line)
    beside = "" if facts.test.symbol in LINEAR else "For comparison, "
    the = "the" if beside else "The"
    return [
        Sentence(
            f"{beside}{the} least-squares line of {y} on {x} has slope {n.number(line.slope, decimals)}{unit} "
            f"({interval(line.slope_interval, decimals)}) and accounts for R² = {n.bounded(line.r_squared)} of "
            f"the variance.",
            (
                "/findings/line/slope",
                "/findings/line/r_squared",
                *interval_pointers("/findings/line/slope_interval"),
            ),
        )
    ]

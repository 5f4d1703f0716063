"""Two numbers that go together, in words."""

from jobs.analysis.results.result import Line, Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    NEVER_ABOVE_ONE,
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
    if not facts.shown and not facts.hardly:
        sentences += _still_compatible(facts)
    sentences += _line(facts)
    sentences += effect_sentences(facts)
    sentences += sensitivity_sentences(facts)
    return Told(headline(facts), tuple(sentences), apa(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    x, y = facts.plan.columns["x"], facts.plan.columns["y"]
    test, line = facts.test, facts.findings.line
    strength = _strength(facts)
    if facts.hardly:
        return f"{y} and {x} hardly go together ({strength})"
    if not facts.shown:
        return f"The data do not show a relationship between {x} and {y} ({strength})"
    if test.symbol in LINEAR and line is not None:
        size = n.measured(abs(line.slope), slope_decimals(line), facts.unit(y))
        more = "more" if line.slope >= 0 else "less"
        return f"Each extra {facts.unit(x) or 'unit'} of {x} goes with {size} {more} {y} ({strength})"
    which = "higher" if test.statistic >= 0 else "lower"
    return f"Higher {x} goes with {which} {y} (rank correlation {strength})"


def _strength(facts: Facts) -> str:
    test, line = facts.test, facts.findings.line
    if test.symbol not in NEVER_ABOVE_ONE and line is not None:
        return f"R² = {n.bounded(line.r_squared)}"
    return f"{SYMBOLS.get(test.symbol, test.symbol)} = {n.bounded(test.statistic)}"


def _still_compatible(facts: Facts) -> list[Sentence]:
    """Say which relationships the data do not exclude."""
    estimate = facts.test.estimate
    if estimate is None or estimate.interval.low is None or estimate.interval.high is None:
        return []
    limits = (estimate.interval.low, estimate.interval.high)
    if facts.test.symbol in NEVER_ABOVE_ONE:
        what, (low, high) = "Correlations", (n.bounded(limit) for limit in limits)
    else:
        decimals = slope_decimals(facts.findings.line)
        what, (low, high) = "Slopes", (n.number(limit, decimals) for limit in limits)
    text = f"{what} between {low} and {high} remain compatible with them."
    return [Sentence(text, interval_pointers(f"/findings/tests/{facts.primary}/estimate/interval"))]


def slope_decimals(line: Line | None) -> int:
    """Return the decimals for a slope: to about three digits."""
    return n.decimals_for(abs(line.slope) / 3 or None) if line is not None else 2


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
            f"{beside}{the} least-squares line of {y} on {x} has slope "
            f"{n.number(line.slope, decimals)}{unit} "
            f"({interval(line.slope_interval, decimals)}) and accounts for R² = "
            f"{n.bounded(line.r_squared)} of "
            f"the variance.",
            (
                "/findings/line/slope",
                "/findings/line/r_squared",
                *interval_pointers("/findings/line/slope_interval"),
            ),
        )
    ]

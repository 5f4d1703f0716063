"""Two numbers that go together, in words."""

from jobs.analysis.results.result import Line, Parabola, Sentence
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
    statistic,
    test_pointers,
    test_sentence,
)

AGAINST_LINE = "parabola_against_line"  # told with the parabola, not among the tests beside the primary one
LINEAR = frozenset({"r", "t"})


def tell(facts: Facts) -> Told:
    """Say how the two numbers go together, or that the data do not show it."""
    verdict = "the data show that the two go together"
    if facts.findings.parabola is not None:
        verdict = "which measures one direction only"
    elif facts.hardly:
        verdict = "with so many rows even a negligible relationship is detected"
    elif not facts.shown:
        verdict = "the data do not show a relationship"
    sentences = [*_parabola(facts), test_sentence(facts, verdict)]
    if not facts.shown and not facts.hardly and facts.findings.parabola is None:
        sentences += _still_compatible(facts)
    sentences += _line(facts)
    sentences += effect_sentences(facts)
    sentences += sensitivity_sentences(facts, without=AGAINST_LINE)
    return Told(headline(facts), tuple(sentences), _apa(facts))


def _apa(facts: Facts) -> str | None:
    """Write the test that the headline tells as APA asks: where the relation turns, that of the parabola."""
    parabola = facts.findings.parabola
    test = next((test for test in facts.findings.tests if test.method == AGAINST_LINE), None)
    if parabola is None:
        return apa(facts)
    explained = f"R² of a parabola = {n.bounded(parabola.r_squared)}"
    return f"{statistic(test)}, {n.probability(test.pvalue)}; {explained}" if test else explained


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    x, y = facts.plan.columns["x"], facts.plan.columns["y"]
    test, line = facts.test, facts.findings.line
    strength = _strength(facts)
    if facts.findings.parabola is not None:
        return _turning(facts, facts.findings.parabola)
    if facts.hardly:
        return f"{y} and {x} hardly go together ({strength})"
    if not facts.shown:
        return f"The data do not show a relationship between {x} and {y} ({strength})"
    if test.symbol in LINEAR and line is not None:
        size = n.measured(abs(line.slope), slope_decimals(line), facts.unit(y))
        way, unit = "higher" if line.slope >= 0 else "lower", n.singular(facts.unit(x) or "unit")
        return f"Each extra {unit} of {x} goes with {y} that is {size} {way} ({strength})"
    which = "higher" if test.statistic >= 0 else "lower"
    return f"Higher {x} goes with {which} {y} (rank correlation {strength})"


def _turning(facts: Facts, parabola: Parabola) -> str:
    """Say that the two go together in two directions, and where they turn."""
    x, y = facts.plan.columns["x"], facts.plan.columns["y"]
    extreme = "lowest" if parabola.curvature > 0.0 else "highest"
    share = f"R² of a parabola = {n.bounded(parabola.r_squared)}"
    return (
        f"{x} and {y} go together, but not in one direction: {y} is {extreme} near {_place(facts)} ({share})"
    )


def _place(facts: Facts) -> str:
    x, parabola = facts.plan.columns["x"], facts.findings.parabola
    spreads = [found.sd for found in facts.findings.descriptives if found.column == x]
    decimals = max(0, n.decimals_for(spreads[0] if spreads else None))
    return f"{x} = {n.measured(parabola.turning_point if parabola else None, decimals, facts.unit(x))}"


def _parabola(facts: Facts) -> list[Sentence]:
    """Say what a parabola explains, with its test against the line."""
    parabola = facts.findings.parabola
    if parabola is None:
        return []
    line, at = facts.findings.line, "/findings/parabola"
    pointers = [f"{at}/r_squared", f"{at}/turning_point", "/findings/line/r_squared"]
    tested = ""
    for index, test in enumerate(facts.findings.tests):
        if test.method == AGAINST_LINE:
            tested = f"; {statistic(test)}, {n.probability(test.pvalue)}"
            pointers += test_pointers(f"/findings/tests/{index}", test)
    less = f", a line only {n.bounded(line.r_squared)}" if line is not None else ""
    return [
        Sentence(
            f"A parabola that turns near {_place(facts)} accounts for R² = {n.bounded(parabola.r_squared)} "
            f"of the variance{less}{tested}.",
            tuple(pointers),
        )
    ]


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
    """Return the decimals for a slope: to about three digits, but none far below what its interval leaves."""
    if line is None:
        return 2
    low, high = line.slope_interval.low, line.slope_interval.high
    doubt = 0.0 if low is None or high is None else (high - low) / 60
    return n.decimals_for(max(abs(line.slope) / 3, doubt) or None)


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

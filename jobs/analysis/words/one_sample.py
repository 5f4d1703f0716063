"""One sample against a value, in words: the middle of a number, or the share of a level."""

from jobs.analysis.results.result import Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    Facts,
    Told,
    apa,
    effect_sentences,
    interval,
    interval_pointers,
    sensitivity_sentences,
    test_sentence,
)
from jobs.analysis.words.middle import Verdict, decimals, told_middle

VALUE = "/plan/params/mu"
HARDLY = "with so many rows even a negligible difference is detected"


def tell(facts: Facts) -> Told:
    """Say how the middle of the values lies to the value, or that the data do not show it."""
    verdict = Verdict(
        shown=f"the data show that {_middle(facts)} differs from the value",
        hardly=HARDLY,
        otherwise="the data do not show a difference from the value",
        possible="Values",
    )
    return told_middle(facts, verdict, _estimate(facts), headline(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    outcome, value, size = facts.plan.columns["outcome"], _value(facts), _size(facts)
    if facts.hardly:
        return f"{_capital(_middle(facts))} of {outcome} ({size}) hardly differs from {value}"
    if not facts.shown:
        return f"The data do not show that {_middle(facts)} of {outcome} ({size}) differs from {value}"
    higher = "higher" if _above(facts) else "lower"
    estimate = facts.test.estimate
    if estimate is not None and (estimate.value - float(facts.plan.params["mu"]) > 0.0) != _above(facts):
        # Half of the pairs of values are ties with it; the ranks of the others lean to one side.
        return f"{outcome} is {higher} than {value} more often than not, though {_middle(facts)} is {size}"
    return f"{_capital(_middle(facts))} of {outcome} ({size}) is {higher} than {value}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _middle(facts: Facts) -> str:
    return "the typical value" if facts.test.symbol == "T" else "the mean"


def _above(facts: Facts) -> bool:
    return facts.effect is not None and facts.effect.value > 0


def _value(facts: Facts) -> str:
    value = float(facts.plan.params["mu"])
    unit = facts.unit(facts.plan.columns["outcome"])
    if abs(value) >= n.HUGE:
        text = _apart(value, facts)
    else:
        text = n.number(value, 0) if value.is_integer() else n.number(value, 12).rstrip("0")
    return f"{text} {unit}" if unit else text


def _size(facts: Facts) -> str:
    estimate = facts.test.estimate
    if estimate is None:
        return n.number(None)
    if max(abs(estimate.value), abs(float(facts.plan.params["mu"]))) >= n.HUGE:
        text = _apart(estimate.value, facts)
        return f"{text} {estimate.unit}" if estimate.unit else text
    return n.measured(estimate.value, decimals(facts), estimate.unit)


def _apart(value: float, facts: Facts) -> str:
    """Write a huge number with the digits in which the estimate and the value differ."""
    estimate = facts.test.estimate
    both = (estimate.value if estimate else value, float(facts.plan.params["mu"]))
    digits = next((digits for digits in range(3, 18) if len({f"{one:.{digits}g}" for one in both}) > 1), 3)
    return f"{value:.{digits}g}"


def _estimate(facts: Facts) -> list[Sentence]:
    estimate = facts.test.estimate
    if estimate is None:
        return []
    at = f"/findings/tests/{facts.primary}/estimate"
    kind = "Pseudomedian (Hodges-Lehmann)" if facts.test.symbol == "T" else "Mean"
    return [
        Sentence(
            f"{kind}: {_size(facts)}, {interval(estimate.interval, decimals(facts))}, compared with "
            f"{_value(facts)}.",
            (f"{at}/value", *interval_pointers(f"{at}/interval"), VALUE),
        )
    ]


def tell_share(facts: Facts) -> Told:
    """Say how the share of a level lies to the value."""
    share = facts.findings.share
    if share is None:
        return Told("", (), None)
    verdict = Verdict(
        shown="the data show that the share differs from the value",
        hardly=HARDLY,
        otherwise="the data do not show that the share differs from the value",
    )
    at = "/findings/share"
    limits = f"{n.percent(share.interval.low or 0.0)} to {n.percent(share.interval.high or 0.0)}"
    level = f"{share.interval.level * 100:g}% CI by Wilson's score"
    sentences = [
        test_sentence(facts, verdict.of(facts)),
        Sentence(
            f"{share.column} is {share.level} in {n.count(share.hits)} of {n.counted(share.n, 'row')}: "
            f"{n.percent(share.value)} ({level}: {limits}), compared with {n.percent(share.against)}.",
            tuple(
                f"{at}/{part}" for part in ("column", "level", "hits", "n", "value", "against", "interval")
            ),
        ),
        *effect_sentences(facts),
        *sensitivity_sentences(facts),
    ]
    return Told(headline_of_share(facts), tuple(sentences), apa(facts))


def headline_of_share(facts: Facts) -> str:
    """Say the finding about a share in one line."""
    share = facts.findings.share
    if share is None:
        return ""
    named, against = f"{share.column} = {share.level}", n.percent(share.against)
    found = f"{n.percent(share.value)} of the rows"
    if facts.hardly:
        return f"{named} in {found}, which hardly differs from {against}"
    if not facts.shown:
        return f"{named} in {found}; the data do not show that this differs from {against}"
    return f"{named} in {found}, {'more' if share.value > share.against else 'fewer'} than {against}"

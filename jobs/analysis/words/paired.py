"""Two measures of the same rows, in words. Every change is the second measure minus the first."""

from jobs.analysis.results.result import Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    Facts,
    Told,
    apa,
    effect_sentences,
    interval,
    interval_pointers,
    outcome_decimals,
    sensitivity_sentences,
    test_sentence,
)


def tell(facts: Facts) -> Told:
    """Say how the second measure differs from the first, or that the data do not show it."""
    verdict = "the data show a change from the first measure to the second"
    if facts.hardly:
        verdict = "with so many rows even a negligible change is detected"
    elif not facts.shown:
        verdict = "the data do not show a change"
    sentences = [test_sentence(facts, verdict), *_estimate(facts)]
    if not facts.shown and not facts.hardly:
        sentences += still_compatible(facts, "Changes")
    sentences += effect_sentences(facts)
    sentences += described(facts)
    sentences += sensitivity_sentences(facts)
    return Told(headline(facts), tuple(sentences), apa(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line, with direction and size in the data's unit."""
    first, second = measures(facts)
    what = f" in {facts.plan.columns['outcome']}" if "subject" in facts.plan.columns else ""
    size, kind = _size(facts), "typical" if by_ranks(facts) else "mean"
    if facts.hardly:
        return f"Hardly any change{what} from {first} to {second} ({kind} change {size})"
    if not facts.shown:
        return f"The data do not show a change{what} from {first} to {second} ({kind} change {size})"
    higher, by = "higher" if _rises(facts) else "lower", f"typically by {size.lstrip('-')}"
    by = by if by_ranks(facts) else by.replace("typically", "on average")
    if "subject" in facts.plan.columns:
        group, (one, other) = facts.plan.columns["group"], facts.findings.descriptives[:2]
        where = f"where {group} is {other.group} than where it is {one.group}"
        return f"{facts.plan.columns['outcome']} is {higher} {where}, {by}"
    return f"{second} is {higher} than {first}, {by}"


def by_ranks(facts: Facts) -> bool:
    """Return whether signed ranks answer the question."""
    return facts.test.symbol == "T"


def measures(facts: Facts) -> tuple[str, str]:
    """Name the first and the second measure."""
    first, second = facts.findings.descriptives[:2]
    if first.group is None or second.group is None:
        return first.column, second.column
    group = facts.plan.columns["group"]
    return f"{group} = {first.group}", f"{group} = {second.group}"


def decimals(facts: Facts) -> int:
    """Return the decimals that suit the spread of the changes."""
    return outcome_decimals(facts.findings.descriptives)


def _rises(facts: Facts) -> bool:
    if by_ranks(facts) and facts.effect is not None:
        return facts.effect.value > 0
    return facts.test.estimate is not None and facts.test.estimate.value > 0


def _size(facts: Facts) -> str:
    estimate = facts.test.estimate
    if estimate is None:
        return n.number(None)
    return n.measured(estimate.value, decimals(facts), estimate.unit)


def _estimate(facts: Facts) -> list[Sentence]:
    estimate = facts.test.estimate
    if estimate is None:
        return []
    first, second = measures(facts)
    at = f"/findings/tests/{facts.primary}/estimate"
    names = tuple(
        f"/findings/descriptives/{place}/{part}" for place in (0, 1) for part in ("column", "group")
    )
    kind = "Typical change (Hodges-Lehmann)" if by_ranks(facts) else "Mean change"
    return [
        Sentence(
            f"{kind}: {_size(facts)}, {interval(estimate.interval, decimals(facts))} "
            f"({second} minus {first}).",
            (f"{at}/value", *interval_pointers(f"{at}/interval"), *names),
        )
    ]


def still_compatible(facts: Facts, what: str) -> list[Sentence]:
    """Say which values of the estimate the data do not exclude."""
    estimate = facts.test.estimate
    if estimate is None or estimate.interval.low is None or estimate.interval.high is None:
        return [Sentence(f"{what} may still exist: these data are compatible with none and with some.")]
    places = decimals(facts)
    low, high = (n.number(limit, places) for limit in (estimate.interval.low, estimate.interval.high))
    unit = f" {estimate.unit}" if estimate.unit else ""
    return [
        Sentence(
            f"{what} between {low} and {high}{unit} remain compatible with them.",
            interval_pointers(f"/findings/tests/{facts.primary}/estimate/interval"),
        )
    ]


def described(facts: Facts) -> list[Sentence]:
    """Describe each of the findings' samples in a sentence."""
    places = decimals(facts)
    sentences = []
    for index, found in enumerate(facts.findings.descriptives):
        at = f"/findings/descriptives/{index}"
        by = facts.plan.columns.get("group")
        name = found.column if found.group is None else f"{found.column} where {by} = {found.group}"
        unit = facts.test.estimate.unit if facts.test.estimate else None
        parts = [f"n = {n.count(found.n)}", f"mean {n.measured(found.mean, places, unit)}"]
        if found.mean_interval is not None and found.mean_interval.low is not None:
            parts.append(interval(found.mean_interval, places))
        parts += [f"SD {n.number(found.sd, places)}", f"median {n.number(found.median, places)}"]
        pointers = [f"{at}/{part}" for part in ("column", "group", "n", "mean", "sd", "median")]
        pointers += interval_pointers(f"{at}/mean_interval")
        sentences.append(Sentence(f"{name}: {', '.join(parts)}.", tuple(pointers)))
    return sentences

"""Two measures of the same rows, in words. Every change is the second measure minus the first."""

from jobs.analysis.results.result import Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import Facts, Told, interval, interval_pointers
from jobs.analysis.words.middle import Verdict, decimals, told_middle


def tell(facts: Facts) -> Told:
    """Say how the second measure differs from the first, or that the data do not show it."""
    verdict = Verdict(
        shown="the data show a change from the first measure to the second",
        hardly="with so many rows even a negligible change is detected",
        otherwise="the data do not show a change",
        possible="Changes",
    )
    return told_middle(facts, verdict, _estimate(facts), headline(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line, with direction and size in the data's unit."""
    first, second = measures(facts)
    what = f" in {facts.plan.columns['outcome']}" if "subject" in facts.plan.columns else ""
    size, kind = _size(facts), "typical" if by_ranks(facts) else "mean"
    if facts.hardly:
        return f"Hardly any change{what} from {first} to {second} ({kind} change {size})"
    if not facts.shown:
        return f"The data do not show a change{what} from {first} to {second} ({kind} change {size})"
    higher, by = "higher" if _rises(facts) else "lower", _by(facts)
    if "subject" in facts.plan.columns:
        group, (one, other) = facts.plan.columns["group"], facts.findings.descriptives[:2]
        where = f"where {group} is {other.group} than where it is {one.group}"
        return f"{facts.plan.columns['outcome']} is {higher} {where}, {by}"
    return f"{second} is {higher} than {first}, {by}"


def _by(facts: Facts) -> str:
    """Say by how much, where the typical change is one in the direction that the ranks say."""
    estimate = facts.test.estimate
    value = estimate.value if estimate else 0.0
    if (value > 0.0) != _rises(facts) or value == 0.0:
        return f"more often than not, though the typical change is {_size(facts)}"
    size = n.measured(abs(value), decimals(facts), estimate.unit if estimate else None)
    return f"{'typically' if by_ranks(facts) else 'on average'} by {size}"


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

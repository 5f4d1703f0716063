"""Two measures of the same rows, in words. Every change is the second measure minus the first."""

from jobs.analysis.results.result import Sentence
from jobs.analysis.tables.when import are_times
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import Facts, Told, interval, interval_pointers
from jobs.analysis.words.middle import Verdict, decimals, told_middle


def tell(facts: Facts) -> Told:
    """Say how the second measure differs from the first, or that the data do not show it."""
    kind, within = _kind(facts), _within(facts)
    which = "from the first measure to the second" if kind == "change" else "between the two measures"
    verdict = Verdict(
        shown=f"the data show a {kind}{within} {which}",
        hardly=f"with so many rows even a negligible {kind} is detected",
        otherwise=f"the data do not show a {kind}{within}",
        possible=f"{kind.capitalize()}s",
    )
    return told_middle(facts, verdict, _estimate(facts), headline(facts))


def _kind(facts: Facts) -> str:
    """Name what lies between the measures: a change only where they say when they were taken."""
    given = [found.group or found.column for found in facts.findings.descriptives[:2]]
    return "change" if are_times(given, facts.plan.columns.get("group", "")) else "difference"


def _between(facts: Facts) -> str:
    first, second = measures(facts)
    return f"from {first} to {second}" if _kind(facts) == "change" else f"between {first} and {second}"


def _within(facts: Facts) -> str:
    """Say whose rows belong together."""
    return f" within each {facts.plan.columns['subject']}" if "subject" in facts.plan.columns else ""


def headline(facts: Facts) -> str:
    """Say the finding in one line, with direction and size in the data's unit."""
    first, second = measures(facts)
    what = f" in {facts.plan.columns['outcome']}" if "subject" in facts.plan.columns else ""
    size = f"{'typical' if by_ranks(facts) else 'mean'} {_kind(facts)} {_size(facts)}"
    if facts.hardly:
        return f"Hardly any {_kind(facts)}{what} {_between(facts)} ({size})"
    if not facts.shown:
        return f"The data do not show a {_kind(facts)}{what} {_between(facts)} ({size})"
    higher, by = "higher" if _rises(facts) else "lower", _by(facts)
    if "subject" in facts.plan.columns:
        group, (one, other) = facts.plan.columns["group"], facts.findings.descriptives[:2]
        where = f"where {group} is {other.group} than where it is {one.group}"
        subject, outcome = facts.plan.columns["subject"], facts.plan.columns["outcome"]
        return f"Within each {subject}, {outcome} is {higher} {where}, {by}"
    return f"{second} is {higher} than {first}, {by}"


def _by(facts: Facts) -> str:
    """Say by how much, where the typical change is one in the direction that the ranks say."""
    estimate = facts.test.estimate
    value = estimate.value if estimate else 0.0
    if (value > 0.0) != _rises(facts) or value == 0.0:
        return f"more often than not, though the typical {_kind(facts)} is {_size(facts)}"
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
    kind = _kind(facts)
    kind = f"Typical {kind} (Hodges-Lehmann)" if by_ranks(facts) else f"Mean {kind}"
    return [
        Sentence(
            f"{kind}: {_size(facts)}, {interval(estimate.interval, decimals(facts))} "
            f"({second} minus {first}).",
            (f"{at}/value", *interval_pointers(f"{at}/interval"), *names),
        )
    ]

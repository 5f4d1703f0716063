"""A number compared between groups, in words."""

import re
from dataclasses import dataclass

from jobs.analysis.results.result import Descriptive, Pairwise, Sentence
from jobs.analysis.words import described
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    ALPHA,
    Facts,
    Told,
    apa,
    effect_sentences,
    estimate_sentence,
    interval,
    interval_pointers,
    outcome_decimals,
    sensitivity_sentences,
    test_sentence,
)
from jobs.analysis.words.pairs import oriented, pair_title

LISTED = 6  # groups or pairs told one by one; the table holds them all
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
RANKS = frozenset({"U", "H"})


@dataclass(frozen=True)
class _Group:
    """A group with the value that stands for it."""

    index: int  # in findings.descriptives
    name: str
    value: float
    described: Descriptive


def tell(facts: Facts) -> Told:
    """Say which group is higher and by how much, or that the data do not show it."""
    decimals = outcome_decimals(facts.findings.descriptives)
    outcome, group = facts.plan.columns["outcome"], facts.plan.columns["group"]
    verdict = f"the data show that {outcome} differs between the groups of {group}"
    if facts.hardly:
        verdict = "with so many rows even a negligible difference is detected"
    elif not facts.shown:
        verdict = "the data do not show a difference"
    sentences = [test_sentence(facts, verdict)]
    if (estimate := estimate_sentence(facts, decimals)) is not None:
        sentences.append(_with_direction(facts, estimate))
    if not facts.shown and not facts.hardly:
        sentences += _still_compatible(facts, decimals)
    sentences += effect_sentences(facts)
    sentences += _described(facts, decimals)
    sentences += _pairs(facts, decimals)
    sentences += sensitivity_sentences(facts)
    return Told(headline(facts), tuple(sentences), apa(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line, with direction and size in the data's unit."""
    groups = _ordered(facts)
    outcome, by = facts.plan.columns["outcome"], facts.plan.columns["group"]
    if len(groups) < 2:
        return f"{outcome} by {by}"
    high, low = groups[0], groups[-1]
    if not facts.shown:
        says = (
            f"{outcome} hardly differs" if facts.hardly else f"The data do not show a difference in {outcome}"
        )
        if len(groups) > 2 and high.value == low.value:
            middle = n.measured(high.value, _decimals(facts), facts.unit(outcome))
            kind = "median" if _by_ranks(facts) else "mean"
            return f"{says} between the groups of {by}; the {kind} is {middle} in all of them"
        if len(groups) > 2:
            ends = f"{_named(facts, low, first=True)} to {_named(facts, high)}"
            return f"{says} between the groups of {by}, from {ends}"
        return f"{says} between {_named(facts, high, first=True)} and {_named(facts, low)}"
    if (contrary := _against_medians(facts)) is not None:
        return contrary
    where, it = (f"where {by} is", "where it is") if _by_number(facts) else ("in", "in")
    if len(groups) == 2 or _differs_from_all(facts, high, groups[1:]):
        one = _valued(facts, high, first=True)
        return f"{outcome} is higher {where} {one} than {_others(facts, groups[1:], it)}"
    if _differs_from_all(facts, low, groups[:-1]):
        one = _valued(facts, low, first=True)
        return f"{outcome} is lower {where} {one} than {_others(facts, groups[:-1], it)}"
    return (
        f"{outcome} differs between the groups of {by}: highest {where} {_valued(facts, high, first=True)}, "
        f"lowest {it} {_valued(facts, low)}"
    )


def _by_ranks(facts: Facts) -> bool:
    return facts.test.symbol in RANKS


def _against_medians(facts: Facts) -> str | None:
    """Say which of two groups ranks higher where the medians are equal or point the other way."""
    first, second = facts.findings.descriptives[:2]
    if facts.test.symbol != "U" or first.median is None or second.median is None:
        return None
    ranks = next((one.value for one in facts.findings.effect_sizes if one.name == "rank_biserial"), 0.0)
    if (first.median - second.median) * ranks > 0.0 or ranks == 0.0:
        return None
    high, low = (first, second) if ranks > 0.0 else (second, first)
    names = [_name(facts, found.group or "") for found in (high, low)]
    places, unit = _decimals(facts), facts.unit(high.column)
    if high.median == low.median:
        middles = f"the median is {n.measured(high.median, places, unit)} in both"
    else:
        middles = f"though the medians, {n.number(high.median, places)} and "
        middles += f"{n.measured(low.median, places, unit)}, do not"
    return f"{high.column} ranks higher more often in {names[0]} than in {names[1]}; {middles}"


def _ordered(facts: Facts) -> list[_Group]:
    """Give the groups from the highest to the lowest, by median where ranks were compared."""
    groups = []
    for index, found in enumerate(facts.findings.descriptives):
        value = found.median if _by_ranks(facts) else found.mean
        if found.group is not None and value is not None:
            groups.append(_Group(index, found.group, value, found))
    # Equal medians are told apart by the means, so that the order agrees with what the ranks say more often.
    return sorted(groups, key=lambda group: (-group.value, -(group.described.mean or 0.0)))


def _by_number(facts: Facts) -> bool:
    """Return whether the groups are called by numbers, which say nothing without their column."""
    names = [found.group for found in facts.findings.descriptives if found.group is not None]
    return all(PLAIN_NUMBER.fullmatch(name) for name in names)


def _name(facts: Facts, group: str) -> str:
    return f"{facts.plan.columns['group']} = {group}" if _by_number(facts) else group


def _named(facts: Facts, group: _Group, *, first: bool = False) -> str:
    called = _valued(facts, group, first=first)
    return f"{facts.plan.columns['group']} = {called}" if _by_number(facts) else called


def _valued(facts: Facts, group: _Group, *, first: bool = False) -> str:
    kind = ("median " if _by_ranks(facts) else "mean ") if first else ""
    unit = facts.unit(facts.plan.columns["outcome"])
    decimals = _decimals(facts)
    return f"{group.name} ({kind}{n.measured(group.value, decimals, unit)})"


def _decimals(facts: Facts) -> int:
    """Return the decimals for the values that stand for groups; medians of ratings need none, or a half."""
    found = facts.findings.descriptives
    ends = [end for one in found for end in (one.minimum, one.maximum)]
    middles = [one.median for one in found]
    if not _by_ranks(facts) or any(end is None or not end.is_integer() for end in (*ends, *middles)):
        return outcome_decimals(found)
    return min(outcome_decimals(found), 0)


def _others(facts: Facts, others: list[_Group], where: str) -> str:
    if len(others) <= 3:
        last = "or" if _by_number(facts) else "and"
        return f"{where} {n.joined([_valued(facts, group) for group in others], last)}"
    return f"in all other groups (from {_named(facts, others[0])} to {_named(facts, others[-1])})"


def _differs_from_all(facts: Facts, one: _Group, others: list[_Group]) -> bool:
    """Say whether post hoc tests tell `one` from each of the others."""
    higher = {oriented(pair)[:2] for pair in facts.findings.posthoc if pair.pvalue < ALPHA}
    above = all((one.name, other.name) in higher for other in others)
    return above or all((other.name, one.name) in higher for other in others)


def _with_direction(facts: Facts, estimate: Sentence) -> Sentence:
    groups = [found.group for found in facts.findings.descriptives if found.group is not None]
    if len(groups) != 2:
        return estimate
    first, second = (_name(facts, group) for group in groups)
    names = ("/findings/descriptives/0/group", "/findings/descriptives/1/group")
    return Sentence(f"{estimate.text[:-1]} ({first} minus {second}).", (*estimate.pointers, *names))


def _still_compatible(facts: Facts, decimals: int) -> list[Sentence]:
    estimate = facts.test.estimate
    if estimate is None or estimate.interval.low is None or estimate.interval.high is None:
        return [Sentence("A difference may still exist: these data are compatible with none and with some.")]
    if estimate.interval.low == estimate.interval.high and facts.effect is not None:
        # Ties have shrunk it onto one value, which would read as if nothing else were possible.
        limits, name = facts.effect.interval, facts.effect.title
        text = (
            f"With so many equal values the shift tells little; {name} between {n.bounded(limits.low)} and "
        )
        text += f"{n.bounded(limits.high)} remains compatible with them."
        return [Sentence(text, interval_pointers("/findings/effect_sizes/0/interval"))]
    at = f"/findings/tests/{facts.primary}/estimate/interval"
    low, high = (n.number(limit, decimals) for limit in (estimate.interval.low, estimate.interval.high))
    unit = f" {estimate.unit}" if estimate.unit else ""
    return [
        Sentence(
            f"Differences between {low} and {high}{unit} remain compatible with them.",
            interval_pointers(at),
        )
    ]


def _described(facts: Facts, decimals: int) -> list[Sentence]:
    groups = _ordered(facts)
    unit = facts.unit(facts.plan.columns["outcome"])
    told = groups if len(groups) <= LISTED else [groups[0], groups[-1]]
    return [
        described.sentence(group.index, group.described, _name(facts, group.name), decimals, unit)
        for group in told
    ]


def _pairs(facts: Facts, decimals: int) -> list[Sentence]:
    """Tell which pairs differ; a pair of two groups alone repeats the test."""
    pairs = list(enumerate(facts.findings.posthoc))
    if len(pairs) < 2:
        return []
    apart = sorted((pair for pair in pairs if pair[1].pvalue < ALPHA), key=lambda pair: pair[1].pvalue)
    sentences = [_pair(facts, index, pair, decimals) for index, pair in apart[:LISTED]]
    if len(apart) > LISTED:
        sentences.append(Sentence("More pairs differ; the table of pairs has them all."))
    together = [(index, pair) for index, pair in pairs if pair.pvalue >= ALPHA]
    if together and len(together) <= LISTED:
        told = n.joined(
            [f"{_name(facts, pair.a)} and {_name(facts, pair.b)}" for _, pair in together], "nor between"
        )
        names = tuple(f"/findings/posthoc/{index}/{end}" for index, _ in together for end in ("a", "b"))
        sentences.append(Sentence(f"The data do not show a difference between {told}.", names))
    elif together:
        rest = "For the other pairs the data do not show a difference."
        sentences.append(Sentence(rest if apart else "For no pair do the data show a difference."))
    return sentences


def _pair(facts: Facts, index: int, pair: Pairwise, decimals: int) -> Sentence:
    at = f"/findings/posthoc/{index}"
    name = pair_title(pair.method)
    above, below, apart, within = oriented(pair)
    if "dunn" in pair.method:  # a difference of mean ranks has no unit
        higher = f"{_name(facts, above)} ranks above {_name(facts, below)}"
        text = f"{higher} on average ({name}: {n.probability(pair.pvalue)})."
        return Sentence(text, (f"{at}/a", f"{at}/b", f"{at}/pvalue"))
    size = n.measured(apart, decimals, facts.unit(facts.plan.columns["outcome"]))
    return Sentence(
        f"{_name(facts, above)} lies {size} above {_name(facts, below)} ({name}: "
        f"{interval(within, decimals)}, {n.probability(pair.pvalue)}).",
        (f"{at}/a", f"{at}/b", f"{at}/difference", f"{at}/pvalue", *interval_pointers(f"{at}/interval")),
    )

"""Three and more measures of the same rows, in words."""

from functools import partial

from jobs.analysis.results.result import Descriptive, Pairwise, Sentence
from jobs.analysis.words import described
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    ALPHA,
    Facts,
    Told,
    apa,
    effect_sentences,
    interval,
    interval_pointers,
    sensitivity_sentences,
    test_sentence,
)
from jobs.analysis.words.middle import decimals
from jobs.analysis.words.pairs import oriented, pair_sentences


def tell(facts: Facts) -> Told:
    """Say which measures are highest and lowest, or that the data do not show a difference."""
    verdict = "the data show that the measures differ"
    if facts.hardly:
        verdict = "with so many rows even a negligible difference is detected"
    elif not facts.shown:
        verdict = "the data do not show a difference; smaller ones remain compatible with them"
    sentences = [test_sentence(facts, verdict), *effect_sentences(facts), *_described(facts)]
    sentences += [
        *pair_sentences(facts.findings.posthoc, partial(_pair, facts), level=ALPHA),
        *sensitivity_sentences(facts),
    ]
    return Told(headline(facts), tuple(sentences), apa(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    found = sorted(facts.findings.descriptives, key=lambda one: _middle(facts, one), reverse=True)
    high, low = found[0], found[-1]
    ends = f"highest {_valued(facts, high)}, lowest {_valued(facts, low, kind=False)}"
    if _by_ranks(facts) and not _means_agree(high, low, found):
        middles = [_valued(facts, one, kind=False) for one in (low, high)]
        ends = f"medians from {' to '.join(middles)}, which the means do not follow"
    what = facts.plan.columns.get("outcome")
    by = ""
    if (subject := facts.plan.columns.get("subject")) is not None:
        by = f" between the values of {facts.plan.columns['group']} within each {subject}"
    if facts.hardly:
        return f"{what or 'The measures'} hardly differ{'s' if what else ''}{by}: {ends}"
    if not facts.shown:
        listed = f" in {what}{by}" if what else f" between the {n.count(len(found))} measures"
        return f"The data do not show a difference{listed}: {ends}"
    return f"{what or 'The measures'} differ{'s' if what else ''}{by}: {ends}"


def _means_agree(high: Descriptive, low: Descriptive, found: list[Descriptive]) -> bool:
    """Return whether the measures with the highest and the lowest median have those means too."""
    means = [one.mean for one in found if one.mean is not None]
    return high.mean == max(means) and low.mean == min(means)


def _by_ranks(facts: Facts) -> bool:
    return facts.test.symbol == "chi2"


def _middle(facts: Facts, found: Descriptive) -> tuple[float, float]:
    """Give what stands for a measure; equal medians are told apart by the means."""
    mean, median = found.mean or 0.0, found.median or 0.0
    return (median, mean) if _by_ranks(facts) else (mean, median)


def _unit(facts: Facts) -> str | None:
    units = {facts.unit(found.column) for found in facts.findings.descriptives}
    return units.pop() if len(units) == 1 else None


def _valued(facts: Facts, found: Descriptive, *, kind: bool = True) -> str:
    name = "median " if _by_ranks(facts) else "mean "
    value = found.median if _by_ranks(facts) else found.mean
    places = described.places_of(found, facts.findings.descriptives)
    size = n.measured(value, places, _unit(facts))
    return f"{_name(facts, found.group)} ({name if kind else ''}{size})"


def _name(facts: Facts, measure: str | None) -> str:
    return f"{facts.plan.columns['group']} = {measure}" if "subject" in facts.plan.columns else f"{measure}"


def _described(facts: Facts) -> list[Sentence]:
    found = facts.findings.descriptives
    return [
        described.sentence(index, one, _name(facts, one.group), described.places_of(one, found), _unit(facts))
        for index, one in enumerate(found)
    ]


def _pair(facts: Facts, index: int, pair: Pairwise) -> Sentence:
    at = f"/findings/posthoc/{index}"
    first, second = _name(facts, pair.a), _name(facts, pair.b)
    if pair.interval.low is None:
        text = f"{first} and {second} differ by signed ranks ({n.probability(pair.pvalue)} after Holm)."
        return Sentence(text, (f"{at}/a", f"{at}/b", f"{at}/pvalue"))
    above, below, apart, within = oriented(pair)
    size = n.measured(apart, decimals(facts), _unit(facts))
    return Sentence(
        f"{_name(facts, above)} lies {size} above {_name(facts, below)} (paired t: "
        f"{interval(within, decimals(facts))} after Bonferroni; {n.probability(pair.pvalue)} after Holm).",
        (f"{at}/a", f"{at}/b", f"{at}/difference", f"{at}/pvalue", *interval_pointers(f"{at}/interval")),
    )

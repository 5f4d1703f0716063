"""Groups compared with covariates held equal, in words."""

from jobs.analysis.results.result import Estimate, Sentence, Test
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    ALPHA,
    Facts,
    Told,
    apa,
    effect_sentences,
    interval,
    interval_pointers,
    outcome_decimals,
    statistic,
    test_pointers,
)
from jobs.analysis.words.pairs import oriented

LISTED = 6  # groups or pairs told one by one; the tables hold them all


def tell(facts: Facts) -> Told:
    """Say whether the groups differ once covariates are held equal."""
    sentences = [_test(index, test) for index, test in enumerate(facts.findings.tests)]
    sentences += effect_sentences(facts)
    sentences += _means(facts)
    sentences += _pairs(facts)
    return Told(headline(facts), tuple(sentences), apa(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line, with the highest and the lowest adjusted mean."""
    outcome, group = facts.plan.columns["outcome"], facts.plan.columns["group"]
    covariates = n.joined(
        [name for role, name in facts.plan.columns.items() if role.startswith("covariate_")]
    )
    means = sorted(facts.findings.adjusted, key=lambda mean: mean.value)
    ends = f"highest {_valued(facts, means[-1])}, lowest {_valued(facts, means[0])}"
    held = f"with {covariates} held equal"
    if facts.hardly:
        return f"{outcome} hardly differs by {group} {held}: {ends}"
    if not facts.shown:
        return f"The data do not show a difference in {outcome} by {group} {held}: {ends}"
    return f"{outcome} differs by {group} {held}: {ends}"


def _valued(facts: Facts, mean: Estimate) -> str:
    places = outcome_decimals(facts.findings.descriptives)
    return f"{mean.name} (adjusted mean {n.measured(mean.value, places, mean.unit)})"


def _test(index: int, test: Test) -> Sentence:
    shown = "the data show" if test.pvalue < ALPHA else "the data do not show"
    what = f"{shown} that it goes with the outcome" if index else f"{shown} a difference"
    text = f"{test.title}: {statistic(test)}, {n.probability(test.pvalue)}, n = {n.count(test.n)}; {what}."
    return Sentence(text, test_pointers(f"/findings/tests/{index}", test))


def _means(facts: Facts) -> list[Sentence]:
    places = outcome_decimals(facts.findings.descriptives)
    found = list(zip(facts.findings.adjusted, facts.findings.descriptives, strict=True))
    sentences = []
    for index, (mean, raw) in list(enumerate(found))[: 2 * LISTED]:
        at = f"/findings/adjusted/{index}"
        text = (
            f"{mean.name}: n = {n.count(raw.n)}, adjusted mean {n.measured(mean.value, places, mean.unit)}, "
            f"{interval(mean.interval, places)}; as it stands {n.number(raw.mean, places)}."
        )
        own = f"/findings/descriptives/{index}"
        pointers = (f"{at}/name", f"{at}/value", f"{own}/n", f"{own}/mean")
        sentences.append(Sentence(text, (*pointers, *interval_pointers(f"{at}/interval"))))
    return sentences


def _pairs(facts: Facts) -> list[Sentence]:
    places = outcome_decimals(facts.findings.descriptives)
    pairs = list(enumerate(facts.findings.posthoc))
    apart = sorted((pair for pair in pairs if pair[1].pvalue < ALPHA), key=lambda pair: pair[1].pvalue)
    sentences = []
    for index, pair in apart[:LISTED]:
        at = f"/findings/posthoc/{index}"
        high, low, size, within = oriented(pair)
        text = (
            f"{high} lies {n.number(size, places)} above {low} once adjusted ({interval(within, places)} "
            f"after Bonferroni, {n.probability(pair.pvalue)} after Holm)."
        )
        pointers = (f"{at}/a", f"{at}/b", f"{at}/difference", f"{at}/pvalue")
        sentences.append(Sentence(text, (*pointers, *interval_pointers(f"{at}/interval"))))
    if pairs and not apart:
        sentences.append(Sentence("For no pair of groups do the data show a difference once adjusted."))
    return sentences

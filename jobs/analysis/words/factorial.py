"""A number by two factors, in words."""

from jobs.analysis.results.result import Descriptive, Pairwise, Sentence, Test
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    ALPHA,
    Facts,
    Told,
    effect_sentences,
    effect_text,
    interval,
    interval_pointers,
    outcome_decimals,
    statistic,
    test_pointers,
    test_sentence,
)
from jobs.analysis.words.pairs import oriented

# The robust tests hold each term beside all others, the interaction too; the plain ones each main effect
# beside the other alone, as long as the interaction is not asked about.
TYPE_THREE = " (and is of type III, where the test above is of type II)"
LISTED = 6  # cells or pairs told one by one; the tables hold them all


def tell(facts: Facts) -> Told:
    """Say by which factors the number differs, and whether they do so together."""
    sentences = [
        _test(index, test) for index, test in enumerate(facts.findings.tests) if test.role != "sensitivity"
    ]
    sentences[0] = test_sentence(facts, _verdict(facts.test))
    sentences += effect_sentences(facts)
    sentences += _described(facts)
    sentences += _pairs(facts)
    sentences += _allowing(facts)
    return Told(headline(facts), tuple(sentences), _apa(facts))


def _apa(facts: Facts) -> str:
    """Write each term's test with its effect size as APA asks."""
    terms = [test for test in facts.findings.tests if test.role != "sensitivity"]
    return "; ".join(
        f"{statistic(test)}, {n.probability(test.pvalue)}, {effect_text(effect)}"
        for test, effect in zip(terms, facts.findings.effect_sizes, strict=True)
    )


def headline(facts: Facts) -> str:
    """Say the finding in one line, with the highest and the lowest cell."""
    outcome, first, second = (facts.plan.columns[role] for role in ("outcome", "factor_1", "factor_2"))
    together = _shown(facts, "interaction")
    cells = sorted(facts.findings.descriptives, key=lambda cell: cell.mean or 0.0)
    high, low = _valued(facts, cells[-1], kind="mean "), _valued(facts, cells[0])
    ends = f"highest where {high}, lowest where {low}"
    if facts.plan.params.get("focus") == "interaction":
        if together:
            return f"How {outcome} differs by {first} depends on {second}: {ends}"
        return f"The data do not show that how {outcome} differs by {first} depends on {second}: {ends}"
    by = [name for name, term in ((first, "factor_1"), (second, "factor_2")) if _shown(facts, term)]
    if not by and not together:
        return f"The data do not show a difference in {outcome} by {first} or {second}: {ends}"
    if not by:
        return f"{outcome} differs by {first} and {second} together only: {ends}"
    rest = [name for name in (first, second) if name not in by]
    other = f", in ways that depend on {rest[0]}" if rest else ", each in ways that depend on the other"
    more = other if together else ""
    lacking = f"; the data do not show a difference by {rest[0]}" if rest and not together else ""
    return f"{outcome} differs by {n.joined([f'{name}' for name in by])}{more}{lacking}: {ends}"


def _shown(facts: Facts, term: str) -> bool:
    return any(
        test.method == f"two_way_anova_{term}" and test.pvalue < ALPHA for test in facts.findings.tests
    )


def _verdict(test: Test) -> str:
    if test.method.endswith("interaction"):
        together = "that the differences by one factor vary with the other"
        return f"the data show {together}" if test.pvalue < ALPHA else f"the data do not show {together}"
    return "the data show a difference" if test.pvalue < ALPHA else "the data do not show a difference"


def _test(index: int, test: Test) -> Sentence:
    text = f"{test.title}: {statistic(test)}, {n.probability(test.pvalue)}; {_verdict(test)}."
    return Sentence(text, test_pointers(f"/findings/tests/{index}", test))


def _unit(facts: Facts) -> str | None:
    return facts.unit(facts.plan.columns["outcome"])


def _valued(facts: Facts, cell: Descriptive, *, kind: str = "") -> str:
    places = outcome_decimals(facts.findings.descriptives)
    return f"{_where(facts, cell)} ({kind}{n.measured(cell.mean, places, _unit(facts))})"


def _where(facts: Facts, cell: Descriptive) -> str:
    """Say which cell is meant: "wool is A and tension is L"."""
    factors = facts.findings.factors
    if factors is None:
        return f"{cell.group}"
    place = facts.findings.descriptives.index(cell)
    one, other = divmod(place, len(factors.second_levels))
    first = f"{factors.first} is {factors.first_levels[one]}"
    return f"{first} and {factors.second} is {factors.second_levels[other]}"


def _described(facts: Facts) -> list[Sentence]:
    places = outcome_decimals(facts.findings.descriptives)
    found = list(enumerate(facts.findings.descriptives))
    if len(found) > 2 * LISTED:
        found = sorted(found, key=lambda cell: cell[1].mean or 0.0)
        found = [found[-1], found[0]]
    sentences = []
    for index, cell in found:
        at = f"/findings/descriptives/{index}"
        parts = [f"n = {n.count(cell.n)}", f"mean {n.measured(cell.mean, places, _unit(facts))}"]
        if cell.mean_interval is not None and cell.mean_interval.low is not None:
            parts.append(interval(cell.mean_interval, places))
        if cell.sd is not None:
            parts.append(f"SD {n.number(cell.sd, places)}")
        pointers = [f"{at}/{part}" for part in ("group", "n", "mean", "sd")]
        if cell.mean_interval is not None:
            pointers += interval_pointers(f"{at}/mean_interval")
        sentences.append(Sentence(f"{cell.group}: {', '.join(parts)}.", tuple(pointers)))
    return sentences


def _pairs(facts: Facts) -> list[Sentence]:
    """Tell the simple comparisons that differ."""
    pairs = list(enumerate(facts.findings.posthoc))
    apart = sorted((pair for pair in pairs if pair[1].pvalue < ALPHA), key=lambda pair: pair[1].pvalue)
    sentences = [_pair(facts, index, pair) for index, pair in apart[:LISTED]]
    if pairs and not apart:
        within = f"{facts.plan.columns['factor_1']} within single values of {facts.plan.columns['factor_2']}"
        sentences.append(Sentence(f"The data do not show differences by {within} (p-values after Holm)."))
    return sentences


def _pair(facts: Facts, index: int, pair: Pairwise) -> Sentence:
    at, places = f"/findings/posthoc/{index}", outcome_decimals(facts.findings.descriptives)
    high, low, apart, within = oriented(pair)
    size = n.measured(apart, places, _unit(facts))
    return Sentence(
        f"{high} lies {size} above {low} ({interval(within, places)} after Bonferroni, "
        f"{n.probability(pair.pvalue)} after Holm).",
        (f"{at}/a", f"{at}/b", f"{at}/difference", f"{at}/pvalue", *interval_pointers(f"{at}/interval")),
    )


def _allowing(facts: Facts) -> list[Sentence]:
    """Say whether tests that allow for unequal spreads agree."""
    by_method = {test.method: test for test in facts.findings.tests}
    sentences = []
    for index, test in enumerate(facts.findings.tests):
        plain = by_method.get(test.method.removesuffix("_hc3"))
        if test.role != "sensitivity" or plain is None:
            continue
        agrees = (plain.pvalue < ALPHA) == (test.pvalue < ALPHA)
        says = "agrees" if agrees else "does not agree, so read the result with care"
        alike = facts.plan.params.get("focus") == "interaction" or plain.method.endswith("interaction")
        beside = "" if alike else TYPE_THREE
        text = f"{test.title}, which allows for unequal spreads{beside}, {says}: {statistic(test)}, "
        text += f"{n.probability(test.pvalue)}."
        sentences.append(Sentence(text, test_pointers(f"/findings/tests/{index}", test)))
    return sentences

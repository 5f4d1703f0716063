"""How far raters agree, in words: on categories by kappa, on numbers by the intraclass correlation."""

from jobs.analysis.results.rated import Rated
from jobs.analysis.results.result import Sentence
from jobs.analysis.words import described
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    ALPHA,
    Facts,
    Told,
    apa,
    effect_sentences,
    effect_text,
    interval,
    interval_pointers,
    statistic,
    test_pointers,
    test_sentence,
)

AT = "/findings/rated"
MEANT = {
    "icc_agreement": "of a single rater, absolute agreement, raters and cases at random (two-way)",
    "icc_consistency": "of a single rater, consistency: a rater who is higher throughout does no harm",
    "icc_of_mean": "of the mean of all raters, absolute agreement",
}


def tell(facts: Facts) -> Told:
    """Say how often two raters say the same, and how far beyond chance."""
    rated = facts.findings.rated
    if rated is None:
        return Told("", (), None)
    verdict = "the data show agreement beyond chance"
    if facts.test.pvalue >= ALPHA:
        verdict = "the data do not show agreement beyond chance"
    elif facts.test.statistic < 0:
        verdict = "the two agree less often than chance alone makes them"
    sentences = [test_sentence(facts, verdict), _same(facts, rated), *effect_sentences(facts)]
    return Told(headline(facts), (*sentences, *_apart(facts, rated)), apa(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    rated, effect = facts.findings.rated, facts.effect
    if rated is None or effect is None:
        return ""
    first, second = (_called(facts, measure) for measure in rated.measures)
    share = n.percent(rated.same / rated.n)
    return (
        f"{first} and {second} say the same of {share} of the cases; beyond chance the agreement is "
        f"{effect.label} ({effect_text(effect)})"
    )


def _called(facts: Facts, measure: str) -> str:
    return f"{facts.plan.columns['group']} = {measure}" if "subject" in facts.plan.columns else measure


def _same(facts: Facts, rated: Rated) -> Sentence:
    chance = (
        f"; chance alone would make it {n.percent(rated.expected or 0.0)}" if rated.weights == "none" else ""
    )
    del facts
    return Sentence(
        f"The two say the same of {n.count(rated.same)} of {n.counted(rated.n, 'case')} "
        f"({interval(rated.same_interval, below_one=True)} by Wilson's score){chance}.",
        (f"{AT}/same", f"{AT}/n", *interval_pointers(f"{AT}/same_interval"), f"{AT}/expected"),
    )


def _apart(facts: Facts, rated: Rated) -> list[Sentence]:
    """Say where the two differ most often."""
    if rated.counts is None:
        return []
    cells = [
        (count, row, column)
        for row, counts in enumerate(rated.counts)
        for column, count in enumerate(counts)
        if row != column and count
    ]
    if not cells:
        return []
    count, row, column = max(cells, key=lambda cell: cell[0])
    first, second = (_called(facts, measure) for measure in rated.measures)
    return [
        Sentence(
            f"They differ most often where {first} says {rated.levels[row]} and {second} says "
            f"{rated.levels[column]}: {n.counted(count, 'case')}.",
            (f"{AT}/counts/{row}/{column}", f"{AT}/levels/{row}", f"{AT}/levels/{column}", f"{AT}/measures"),
        )
    ]


def tell_numbers(facts: Facts) -> Told:
    """Say how far raters give the same cases the same numbers."""
    verdict = "the data show that the raters tell the cases apart alike"
    if facts.test.pvalue >= ALPHA:
        verdict = "the data do not show that the raters tell the cases apart alike"
    told = [test_sentence(facts, verdict)]
    for sentence, effect in zip(effect_sentences(facts), facts.findings.effect_sizes, strict=True):
        told += [sentence, Sentence(f"{effect.title} is {MEANT[effect.name]}.", sentence.pointers)]
    found = facts.findings.descriptives
    for index, one in enumerate(found):
        name = _called(facts, one.group or "")
        told.append(described.sentence(index, one, name, described.places_of(one, found), _unit(facts)))
    return Told(headline_of_numbers(facts), (*told, *_raters(facts)), apa(facts))


def _unit(facts: Facts) -> str | None:
    units = {facts.unit(found.column) for found in facts.findings.descriptives}
    return units.pop() if len(units) == 1 else None


def _raters(facts: Facts) -> list[Sentence]:
    found = [(place, test) for place, test in enumerate(facts.findings.tests) if test.role == "term"]
    told = []
    for place, test in found:
        says = "some raters rate higher than others"
        if test.pvalue >= ALPHA:
            says = "the data do not show that some raters rate higher than others"
        text = f"{test.title}: {says} ({statistic(test)}, {n.probability(test.pvalue)})."
        told.append(Sentence(text, test_pointers(f"/findings/tests/{place}", test)))
    return told


def headline_of_numbers(facts: Facts) -> str:
    """Say the finding in one line."""
    effect = facts.effect
    if effect is None:
        return ""
    listed = n.joined([_called(facts, found.group or "") for found in facts.findings.descriptives])
    return f"The agreement of {listed} on the same cases is {effect.label} ({effect_text(effect)})"

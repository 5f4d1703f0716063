"""One of two categories in several measures of the same cases, in words: what changed, and which differ."""

from functools import partial

from jobs.analysis.results.rated import Rated, RatedShare
from jobs.analysis.results.result import Pairwise, Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    ALPHA,
    JUDGED_BY_SIZE_ABOVE,
    NEGLIGIBLE,
    Facts,
    Told,
    apa,
    effect_sentences,
    interval,
    interval_pointers,
    sensitivity_sentences,
    test_sentence,
)
from jobs.analysis.words.pairs import pair_sentences

AT = "/findings/rated"


def tell(facts: Facts) -> Told:
    """Say in which measures the event is more frequent, or that the data do not show a difference."""
    rated = facts.findings.rated
    if rated is None or rated.event is None:
        return Told("", (), None)
    verdict = f"the data show that the share of {rated.event} differs within the cases"
    if _is_hardly(facts):
        verdict = "with so many cases even a negligible change is detected"
    elif not facts.shown:
        verdict = "the data do not show a difference; smaller ones remain compatible with them"
    sentences = [test_sentence(facts, verdict), *_difference(facts, rated), *_shares(facts, rated)]
    sentences += [
        *_changes(facts, rated),
        *effect_sentences(facts),
        *pair_sentences(facts.findings.posthoc, partial(_pair, facts), level=ALPHA),
    ]
    return Told(headline(facts), (*sentences, *sensitivity_sentences(facts)), apa(facts))


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    rated = facts.findings.rated
    if rated is None:
        return ""
    order = sorted(rated.shares, key=lambda one: one.value, reverse=True)
    high, low = order[0], order[-1]
    what = f"{facts.plan.columns['outcome']} = {rated.event}" if _is_long(facts) else f"{rated.event}"
    many = len(rated.shares) > 2
    first, second = n.percents(high.value, low.value)
    ends = f"{_name(facts, high)} ({first})", f"{_name(facts, low)} ({second})"
    listed = f"highest in {ends[0]}, lowest in {ends[1]}" if many else f"{ends[0]}, {ends[1]}"
    if _is_hardly(facts):
        return f"The share of {what} hardly differs within the cases: {listed}"
    if not facts.shown:
        return f"The data do not show that the share of {what} differs within the cases: {listed}"
    if many:
        return f"The share of {what} differs within the cases: {listed}"
    return f"{what} is more frequent in {ends[0]} than in {ends[1]} of the same cases"


def _is_hardly(facts: Facts) -> bool:
    detected = facts.findings.sample.n_used > JUDGED_BY_SIZE_ABOVE and facts.test.pvalue < ALPHA
    return detected and any(effect.label in NEGLIGIBLE for effect in facts.findings.effect_sizes)


def _is_long(facts: Facts) -> bool:
    return "subject" in facts.plan.columns


def _name(facts: Facts, one: RatedShare) -> str:
    return _called(facts, one.measure)


def _called(facts: Facts, measure: str) -> str:
    return f"{facts.plan.columns['group']} = {measure}" if _is_long(facts) else measure


def _difference(facts: Facts, rated: Rated) -> list[Sentence]:
    estimate = facts.test.estimate
    if estimate is None:
        return []
    first, second = (_name(facts, one) for one in rated.shares)
    at = f"/findings/tests/{facts.primary}/estimate"
    return [
        Sentence(
            f"Difference in the share of {rated.event}, {second} minus {first}: {n.bounded(estimate.value)}, "
            f"{interval(estimate.interval, below_one=True)} (Newcombe, paired).",
            (f"{at}/value", *interval_pointers(f"{at}/interval"), f"{AT}/measures", f"{AT}/event"),
        )
    ]


def _shares(facts: Facts, rated: Rated) -> list[Sentence]:
    return [
        Sentence(
            f"{_name(facts, one)}: {rated.event} in {n.count(one.hits)} of {n.counted(rated.n, 'case')} "
            f"({n.percent(one.value)}, {_limits(one)}).",
            (
                f"{AT}/shares/{place}/measure",
                f"{AT}/shares/{place}/hits",
                f"{AT}/shares/{place}/value",
                f"{AT}/n",
                f"{AT}/event",
                *interval_pointers(f"{AT}/shares/{place}/interval"),
            ),
        )
        for place, one in enumerate(rated.shares)
    ]


def _limits(one: RatedShare) -> str:
    return interval(one.interval, below_one=True)


def _changes(facts: Facts, rated: Rated) -> list[Sentence]:
    """Say how many cases changed, and which way."""
    same = Sentence(
        f"{n.count(rated.same)} of {n.counted(rated.n, 'case')} say the same throughout.",
        (f"{AT}/same", f"{AT}/n"),
    )
    if rated.counts is None or rated.event is None:
        return [same]
    event = rated.levels.index(rated.event)
    other = 1 - event
    up, down = rated.counts[other][event], rated.counts[event][other]
    first, second = (_name(facts, one) for one in rated.shares)
    text = (
        f"{rated.event} in {second} alone: {n.counted(up, 'case')}; in {first} alone: "
        f"{n.counted(down, 'case')}."
    )
    pointers = (
        f"{AT}/counts/{other}/{event}",
        f"{AT}/counts/{event}/{other}",
        f"{AT}/event",
        f"{AT}/measures",
    )
    return [same, Sentence(text, pointers)]


def _pair(facts: Facts, index: int, pair: Pairwise) -> Sentence:
    at = f"/findings/posthoc/{index}"
    first, second = _called(facts, pair.a), _called(facts, pair.b)
    return Sentence(
        f"{first} minus {second}: {n.bounded(pair.difference)}, {interval(pair.interval, below_one=True)} "
        "after "
        f"Bonferroni (exact McNemar, {n.probability(pair.pvalue)} after Holm).",
        (f"{at}/a", f"{at}/b", f"{at}/difference", f"{at}/pvalue", *interval_pointers(f"{at}/interval")),
    )

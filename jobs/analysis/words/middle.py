"""What is told alike of the middle of values, and of the middle of changes between two measures."""

from dataclasses import dataclass

from jobs.analysis.results.result import Sentence
from jobs.analysis.words import described
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    Facts,
    Told,
    apa,
    effect_sentences,
    interval_pointers,
    outcome_decimals,
    sensitivity_sentences,
    test_sentence,
)


@dataclass(frozen=True)
class Verdict:
    """What a test may say: where it shows something, hardly anything, or nothing, and what may still be."""

    shown: str
    hardly: str
    otherwise: str
    possible: str = "Differences"

    def of(self, facts: Facts) -> str:
        """Choose by what was found."""
        return self.hardly if facts.hardly else self.shown if facts.shown else self.otherwise


def told_middle(facts: Facts, verdict: Verdict, estimate: list[Sentence], headline: str) -> Told:
    """Tell the test, the estimate, what remains possible, the effect, the samples and the other test."""
    sentences = [test_sentence(facts, verdict.of(facts)), *estimate]
    if not facts.shown and not facts.hardly:
        sentences += _still_compatible(facts, verdict.possible)
    sentences += effect_sentences(facts)
    sentences += _described(facts)
    sentences += sensitivity_sentences(facts)
    return Told(headline, tuple(sentences), apa(facts))


def decimals(facts: Facts) -> int:
    """Return the decimals that suit the spread of the samples, changes among them."""
    return outcome_decimals(facts.findings.descriptives)


def _still_compatible(facts: Facts, what: str) -> list[Sentence]:
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


def _described(facts: Facts) -> list[Sentence]:
    unit, by = facts.test.estimate.unit if facts.test.estimate else None, facts.plan.columns.get("group")
    places = decimals(facts)
    return [
        described.sentence(
            index,
            found,
            found.column if found.group is None else f"{found.column} where {by} = {found.group}",
            places,
            unit,
        )
        for index, found in enumerate(facts.findings.descriptives)
    ]

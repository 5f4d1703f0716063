"""The findings at hand while sentences are made: what is where in results.json, and how it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.analysis.results.described import ColumnProfile, TableProfile
from jobs.analysis.results.interval import NOT_BELOW_ZERO
from jobs.analysis.results.result import (
    Assumption,
    Descriptive,
    EffectSize,
    Findings,
    Interval,
    Plan,
    Sentence,
    Test,
)
from jobs.analysis.words import numbers as n
from jobs.analysis.words.labels import NEGLIGIBLE as NEGLIGIBLE
from jobs.analysis.words.labels import labelled

ALPHA = 0.05
# With this many rows almost any difference is "significant": what counts is how large it is.
JUDGED_BY_SIZE_ABOVE = 100_000

SYMBOLS = {"chi2": "χ²", "rho": "ρ", "kappa": "κ", "tau": "τ", "omega2": "ω²", "eta2": "η²"}
NEVER_ABOVE_ONE = frozenset({"r", "rho", "tau", "V", "W", "phi", "share", "kappa"})
RANK_SUMS = frozenset({"U", "T", "b"})  # whole numbers, but for the halves of ties; or counts
OF_TABLES = frozenset({"chi2", "phi", "b"})  # their estimate is a difference of shares, another quantity
SIGNED = frozenset({"t", "z", "U", "T", "r", "rho"})  # statistics whose test says which way the effect goes
# Effect sizes that can exceed 1 keep the zero before the point, as APA asks.
MAY_EXCEED_ONE = ("hedges", "cohen", "glass", "dz", "odds", "ratio", "difference", "shift", "skew")


@dataclass(frozen=True)
class Told:
    """The part of an answer that depends on the kind of question."""

    headline: str
    sentences: tuple[Sentence, ...]
    apa: str | None


@dataclass(frozen=True)
class Facts:
    """A plan and what was found for it."""

    plan: Plan
    findings: Findings
    profile: Mapping[str, ColumnProfile]
    table: TableProfile | None = None

    @property
    def primary(self) -> int | None:
        """Index of the test that answers the question."""
        roles = [test.role for test in self.findings.tests]
        if not roles:
            return None
        return roles.index("primary") if "primary" in roles else 0

    @property
    def test(self) -> Test:
        """The test that answers the question."""
        return self.findings.tests[self.primary or 0]

    @property
    def effect(self) -> EffectSize | None:
        """The effect size that belongs to the primary test: the first."""
        return self.findings.effect_sizes[0] if self.findings.effect_sizes else None

    @property
    def hardly(self) -> bool:
        """True when so many rows were used that a negligible effect is significant."""
        detected = self.findings.sample.n_used > JUDGED_BY_SIZE_ABOVE and self.test.pvalue < ALPHA
        return detected and self.effect is not None and self.effect.label in NEGLIGIBLE

    @property
    def shown(self) -> bool:
        """True when the data show what was asked for."""
        return self.test.pvalue < ALPHA and not self.hardly

    def unit(self, column: str) -> str | None:
        """Return the unit of a column, None where it has none."""
        found = self.profile.get(column)
        return found.unit if found else None


def facts_of(
    plan: Plan, findings: Findings, profile: Sequence[ColumnProfile], table: TableProfile | None = None
) -> Facts:
    """Gather what the sentences are about."""
    return Facts(plan, findings, {column.name: column for column in profile}, table)


def interval(found: Interval, decimals: int = 2, *, below_one: bool = False) -> str:
    """Write an interval: "95% CI [-0.17, 7.57]"; say so where the method gives none."""
    if found.low is None and found.high is None:
        return "no interval can be told"
    return f"{found.level * 100:g}% CI [{n.limits(found.low, found.high, decimals, below_one=below_one)}]"


def statistic(test: Test, *, with_n: bool = False) -> str:
    """Write a test's statistic with its degrees of freedom: "F(2, 189.51) = 317.60"."""
    inside = [n.degrees(df) for df in test.df]
    if with_n or test.symbol == "chi2":
        inside.append(f"N = {n.count(test.n)}")
    degrees = f"({', '.join(inside)})" if inside else ""
    return f"{SYMBOLS.get(test.symbol, test.symbol)}{degrees} = {statistic_value(test)}"


def statistic_value(test: Test) -> str:
    """Write the value of a test's statistic: sums of ranks are counts and have no decimals."""
    if test.symbol in RANK_SUMS:
        return n.number(test.statistic, 0 if float(test.statistic).is_integer() else 1)
    if test.symbol in NEVER_ABOVE_ONE:
        return n.bounded(test.statistic)
    return n.number(n.rounded(test.statistic))  # 0.00, not a power of ten


def effect_text(effect: EffectSize) -> str:
    """Write an effect size with its interval: "Hedges' g = 0.49, 95% CI [-0.02, 0.99]"."""
    below_one = not any(word in effect.name for word in MAY_EXCEED_ONE)
    value = n.bounded(effect.value) if below_one else n.number(n.rounded(effect.value))
    if effect.interval.low is None and effect.interval.high is None:
        # At the end of a scale there is none, and a collapsed one reads as proof of nothing.
        return f"{effect.title} = {value}"
    return f"{effect.title} = {value}, {interval(effect.interval, below_one=below_one)}"


def collapsed(effect: EffectSize) -> bool:
    """Say whether an effect size has no noncentral limits because they would shrink onto 0 and the estimate.

    So they do where the statistic is smaller than chance alone makes it. A share of 1 has none either, for
    another reason.
    """
    stops = effect.interval_method.startswith(NOT_BELOW_ZERO)
    return stops and effect.interval.low is None and effect.value < 1.0


def collapsed_sentences(facts: Facts) -> list[Sentence]:
    """Say for which effect sizes the method gives no limits."""
    found = [(at, effect) for at, effect in enumerate(facts.findings.effect_sizes) if collapsed(effect)]
    if not found:
        return []
    text = (
        f"For {n.joined([effect.title for _, effect in found])} the method gives no limits here, because the "
        "statistic is smaller than chance alone makes it: an effect is neither shown nor excluded."
    )
    return [Sentence(text, tuple(f"/findings/effect_sizes/{at}/title" for at, _ in found))]


def apa(facts: Facts) -> str | None:
    """Write the primary test and its effect size as APA asks."""
    if facts.primary is None:
        return None
    test = facts.test
    parts = [statistic(test), n.probability(test.pvalue)]
    if test.estimate and test.estimate.interval.low is not None and test.symbol not in OF_TABLES:
        below_one = test.symbol in NEVER_ABOVE_ONE
        parts.append(interval(test.estimate.interval, estimate_decimals(facts), below_one=below_one))
    effects = [effect_text(effect) for effect in facts.findings.effect_sizes[:1] if not _same(test, effect)]
    return "; ".join([", ".join(parts), *effects])


def _same(test: Test, effect: EffectSize) -> bool:
    """Say whether the effect size is the test's own estimate, as a correlation is."""
    return test.symbol in NEVER_ABOVE_ONE - OF_TABLES and test.statistic == effect.value


def estimate_decimals(facts: Facts) -> int:
    """Return the decimals for an estimate in the data's unit; at least two, as APA asks of statistics."""
    if facts.test.symbol in NEVER_ABOVE_ONE:
        return 2
    return max(2, outcome_decimals(facts.findings.descriptives))


def outcome_decimals(descriptives: Sequence[Descriptive]) -> int:
    """Return the decimals that suit the groups' spread."""
    spreads = [found.sd for found in descriptives if found.sd]
    return n.decimals_for(min(spreads) if spreads else None)


def test_sentence(facts: Facts, says: str) -> Sentence:
    """Say what the primary test found, with its numbers."""
    at = f"/findings/tests/{facts.primary}"
    test = facts.test
    pointers = test_pointers(at, test)
    exact = ", exact" if test.exact else ""
    return Sentence(
        f"{test.title}{exact}: {statistic(test)}, {n.probability(test.pvalue)}, n = {n.count(test.n)}; "
        f"{says}.",
        pointers,
    )


def test_pointers(at: str, test: Test) -> tuple[str, ...]:
    """Point to the numbers of a test, and to its title, which may hold one."""
    degrees = (f"{at}/df/{place}" for place in range(len(test.df)))
    return (f"{at}/title", f"{at}/statistic", f"{at}/pvalue", f"{at}/n", *degrees)


def estimate_sentence(facts: Facts, decimals: int) -> Sentence | None:
    """Say how large the difference is in the data's own unit."""
    estimate = facts.test.estimate
    if estimate is None:
        return None
    at = f"/findings/tests/{facts.primary}/estimate"
    below_one = facts.test.symbol in NEVER_ABOVE_ONE
    value = n.bounded(estimate.value) if below_one else n.measured(estimate.value, decimals, estimate.unit)
    limits = interval(estimate.interval, decimals, below_one=below_one)
    return Sentence(
        f"Estimate: {estimate.name} {value}, {limits}.",
        (f"{at}/value", *interval_pointers(f"{at}/interval"), f"{at}/name"),
    )


def effect_sentences(facts: Facts) -> list[Sentence]:
    """Say how large each effect is, free of units, with the rule that gives its name."""
    sentences = []
    for index, effect in enumerate(facts.findings.effect_sizes):
        at = f"/findings/effect_sizes/{index}"
        sentences.append(
            Sentence(
                f"Effect size: {effect_text(effect)}{labelled(effect, shown=facts.shown)}.",
                (f"{at}/value", *interval_pointers(f"{at}/interval"), f"{at}/rule", f"{at}/title"),
            )
        )
    return sentences


def interval_pointers(at: str) -> tuple[str, str, str]:
    """Point to the three members of an interval."""
    return f"{at}/low", f"{at}/high", f"{at}/level"


def sensitivity_sentences(facts: Facts, *, without: str | None = None) -> list[Sentence]:
    """Say what the tests beside the primary one give, and whether they agree; not of the method `without`."""
    sentences = []
    for index, test in enumerate(facts.findings.tests):
        if index == facts.primary or test.method == without:
            continue
        at = f"/findings/tests/{index}"
        says = _beside(facts.test, test)
        sentences.append(
            Sentence(
                f"Beside it, {test.title} {says}: {statistic(test)}, {n.probability(test.pvalue)}.",
                test_pointers(at, test),
            )
        )
    return sentences


def _beside(primary: Test, other: Test) -> str:
    """Say how another test of the same question relates to the primary one."""
    shown, also_shown = primary.pvalue < ALPHA, other.pvalue < ALPHA
    if shown != also_shown:
        return "does not agree, so read the result with care"
    if not shown:
        return "does not show it either"
    directions = _direction(primary), _direction(other)
    if 0 in directions:
        return "shows it too"
    if directions[0] == directions[1]:
        return "points the same way"
    return "points the other way, so read the result with care"


def _direction(test: Test) -> int:
    """Return the sign of what a test found; 0 where it has none, as of several groups or of a table."""
    if test.symbol not in SIGNED:
        return 0
    value = test.estimate.value if test.estimate is not None else test.statistic
    if test.symbol == "U" and test.estimate is None:
        return 0  # U itself counts pairs and is never negative
    return (value > 0) - (value < 0)


def assumption_sentence(index: int, assumption: Assumption) -> Sentence:
    """Say what was taken for granted, how it looks in the data, and what follows."""
    at = f"/findings/assumptions/{index}"
    measures, pointers = [], []
    if assumption.magnitude is not None:
        name = assumption.magnitude_name or "magnitude"
        decimals = 0 if float(assumption.magnitude).is_integer() else 2
        measures.append(f"{name}: {n.number(n.rounded(assumption.magnitude), decimals)}")
        pointers += [f"{at}/magnitude", f"{at}/magnitude_name"]
    if assumption.pvalue is not None and assumption.test:
        measures.append(f"{assumption.test} {n.probability(assumption.pvalue)}")
        pointers.append(f"{at}/pvalue")
    detail = f" ({'; '.join(measures)})" if measures else ""
    text = f"Assumption of {assumption.name}: {assumption.verdict}{detail}. {assumption.consequence}"
    return Sentence(text, (*pointers, f"{at}/consequence"))

"""Which parts make the program of a method beyond two columns, and the numbers that it must find again.

Everything in the findings is computed again, but for what stands in `ELSEWHERE`.
"""

from collections.abc import Iterator, Mapping

from jobs.analysis.results.rated import Rated
from jobs.analysis.results.result import Findings, Test
from jobs.analysis.scripts import effects, strata

Named = tuple[str, float | None]

PARTS: Mapping[str, tuple[str, ...]] = {
    "paired_t_test": ("repeated", "signed_ranks", "paired"),
    "wilcoxon_signed_rank": ("repeated", "signed_ranks", "paired"),
    "one_sample_t_test": ("signed_ranks", "one_sample"),
    "one_sample_signed_rank": ("signed_ranks", "one_sample"),
    "binomial_test": ("share",),
    "repeated_measures_anova": ("repeated", "signed_ranks", "repeated_anova"),
    "mcnemar_test": ("rated", "mcnemar"),
    "cochran_q_test": ("rated", "cochran_q"),
    "cohen_kappa": ("rated", "kappa"),
    "intraclass_correlation": ("repeated", "raters"),
    "two_way_anova": ("factorial",),
    "ancova": ("ancova",),
    "cochran_mantel_haenszel": ("strata",),
    "outliers": ("outliers",),
    "normality": ("normality",),
    "missing_values": ("missing",),
    "friedman_test": ("repeated", "signed_ranks", "repeated_anova"),
}
ENUMERATED = 1_400  # rows of which the program sorts the averages of all pairs
# Intervals of these are order statistics, which the program does not search.
WITHOUT_LIMITS = frozenset({"wilcoxon_signed_rank", "one_sample_signed_rank"})


def numbers(findings: Findings) -> Iterator[Named]:
    """Name the numbers of `findings`, samples by their place."""
    yield "n used", findings.sample.n_used
    for test in findings.tests:
        yield from _test(test)
    for effect in findings.effect_sizes:
        yield effect.name, effect.value
        yield from effects.limits(effect, findings.sample.n_used)
    for place, found in enumerate(findings.descriptives):
        for part in ("n", "mean", "sd", "median"):
            yield f"{part} of sample {place}", getattr(found, part)
    for place, mean in enumerate(findings.adjusted):
        yield f"adjusted mean {place}", mean.value
        yield f"adjusted mean {place} low", mean.interval.low
        yield f"adjusted mean {place} high", mean.interval.high
    for pair in findings.posthoc:
        name = f"{pair.a} - {pair.b}"
        yield f"{name} difference", pair.difference
        yield f"{name} statistic", pair.statistic
        yield f"{name} pvalue", pair.pvalue
    yield from effects.checks(findings.assumptions)
    yield from strata.numbers(findings)
    yield from _rated(findings)


def _rated(findings: Findings) -> Iterator[Named]:
    rated = findings.rated
    if rated is None:
        return
    yield "cases", rated.n
    yield "same", rated.same
    for place, one in enumerate(rated.shares):
        yield f"share {place}", one.value
        yield f"share {place} low", one.interval.low
        yield f"share {place} high", one.interval.high
    yield "expected agreement", rated.expected


def literals(rated: Rated) -> list[str]:
    """Write what the program needs of categories of the same cases besides the columns."""
    return [
        "\n".join(["MEASURES = [", *(f"    {one!r}," for one in rated.measures), "]"]),
        "\n".join(["LEVELS = [", *(f"    {one!r}," for one in rated.levels), "]"]),
        f"EVENT, WEIGHTS = {rated.event!r}, {rated.weights!r}",
    ]


def _test(test: Test) -> Iterator[Named]:
    yield f"{test.method} statistic", test.statistic
    yield f"{test.method} pvalue", test.pvalue
    for place, df in enumerate(test.df):
        yield f"{test.method} df{'' if place == 0 else f' {place + 1}'}", df
    if test.estimate is None or (test.method in WITHOUT_LIMITS and test.n > ENUMERATED):
        return
    yield f"{test.method} estimate", test.estimate.value
    if test.method not in WITHOUT_LIMITS:
        yield f"{test.method} low", test.estimate.interval.low
        yield f"{test.method} high", test.estimate.interval.high

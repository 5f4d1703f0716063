"""A number by two factors: analysis of variance of type II, or III where the interaction is asked for.

Tests that allow for unequal spreads (HC3) stand beside it, and levels of the first factor are compared within
each level of the second.
"""

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods import checks
from jobs.analysis.methods.common import (
    INDEPENDENCE,
    SKEWED,
    SMALL,
    Verdict,
    as_interval,
    describe,
    effect_size,
    extreme_outliers,
    require_usable,
    shapiro,
)
from jobs.analysis.numerics import noncentral
from jobs.analysis.numerics.corrections import holm
from jobs.analysis.numerics.factorial import (
    TERMS,
    Cells,
    Contrast,
    Term,
    cells_of,
    robust,
    simple_contrasts,
    type_three,
    type_two,
)
from jobs.analysis.numerics.means import brown_forsythe, t_quantile
from jobs.analysis.numerics.moments import moments, skewness
from jobs.analysis.results.result import (
    Assumption,
    EffectSize,
    Factors,
    Findings,
    Pairwise,
    Plan,
    Test,
    TestRole,
)
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.factors import FactorialSample
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

TITLE = "Two-way ANOVA"
METHODS = ("two_way_anova",)
UNEVEN = 4.0  # a ratio of variances above it is far from equal
MOST_PAIRS = 190


def run(plan: Plan, sample: FactorialSample, *, level: float) -> Findings:
    """Test both factors and their interaction.

    Raises
    ------
    UnsuitableData
        Nothing varies, or all cells have no spread.
    """
    values = [cell for row in sample.cells for cell in row]
    require_usable(sample.outcome, values)
    cells = cells_of([[moments(cell) for cell in row] for row in sample.cells])
    if cells.df_error < 1 or cells.error <= 0:
        raise UnsuitableData(
            f"{sample.outcome!r} does not vary within the cells of {sample.first!r} and {sample.second!r}; "
            "there is no uncertainty to test."
        )
    asked = plan.params.get("focus") == "interaction"
    terms = type_three(cells) if asked else type_two(cells)
    order = ("interaction", "factor_1", "factor_2") if asked else TERMS
    n = sum(cell.size for cell in values)
    tests = [_test(sample, term, terms[term], n, "primary" if term == order[0] else "term") for term in order]
    allowing = robust(cells)
    if allowing is not None:
        tests += [_test(sample, term, allowing[term], n, "sensitivity", " (HC3)") for term in order]
    return Findings(
        sample=Used(sample.n_total, n, dict(sample.dropped)),
        descriptives=tuple(
            describe(sample.outcome, f"{first}, {second}", cell, level=level)
            for first, row in zip(sample.first_levels, sample.cells, strict=True)
            for second, cell in zip(sample.second_levels, row, strict=True)
        ),
        assumptions=_assumptions(sample),
        tests=tuple(tests),
        effect_sizes=tuple(_effect(sample, term, terms[term], level) for term in order),
        posthoc=_simple(sample, cells, level),
        factors=Factors(sample.first, sample.second, sample.first_levels, sample.second_levels),
    )


def label(sample: FactorialSample, term: str) -> str:
    """Name a term by its columns."""
    names = {"factor_1": sample.first, "factor_2": sample.second}
    return names.get(term, f"{sample.first} x {sample.second}")


def _test(sample: FactorialSample, term: str, found: Term, n: int, role: TestRole, suffix: str = "") -> Test:
    robust_too = "_hc3" if suffix else ""
    return Test(
        role=role,
        method=f"two_way_anova_{term}{robust_too}",
        title=f"{TITLE}{suffix}, {label(sample, term)}",
        symbol="F",
        statistic=found.statistic,
        df=(float(found.df), float(found.df_error)),
        pvalue=found.pvalue,
        n=n,
    )


def _effect(sample: FactorialSample, term: str, found: Term, level: float) -> EffectSize:
    value = found.partial_eta_squared
    limits = noncentral.f_limits(found.statistic, found.df, found.df_error, level)
    low, high = (limit / (limit + found.df_error) for limit in limits)
    return effect_size(
        f"partial_eta_squared_{term}",
        f"partial eta squared of {label(sample, term)}",
        value,
        as_interval((min(low, value), max(high, value)), level),
        method="noncentral F",
        scale="eta2",
    )


def _simple(sample: FactorialSample, cells: Cells, level: float) -> tuple[Pairwise, ...]:
    """Compare levels of the first factor within each of the second, p-values after Holm over all of them."""
    contrasts = simple_contrasts(cells)
    if len(contrasts) > MOST_PAIRS:
        return ()
    adjusted = holm(np.array([contrast.pvalue for contrast in contrasts]))
    together = 1.0 - (1.0 - level) / len(contrasts)
    return tuple(
        _pair(sample, contrast, float(p), (together, level))
        for contrast, p in zip(contrasts, adjusted, strict=True)
    )


def _pair(sample: FactorialSample, found: Contrast, pvalue: float, levels: tuple[float, float]) -> Pairwise:
    together, level = levels
    reach = t_quantile(found.df, together) * found.error
    where = sample.second_levels[found.within]
    return Pairwise(
        a=f"{sample.first_levels[found.first]}, {where}",
        b=f"{sample.first_levels[found.second]}, {where}",
        difference=found.difference,
        interval=as_interval((found.difference - reach, found.difference + reach), level),
        statistic=found.statistic,
        df=float(found.df),
        pvalue=pvalue,
        method="simple_holm",
    )


def _assumptions(sample: FactorialSample) -> tuple[Assumption, ...]:
    cells = [cell for row in sample.cells for cell in row]
    rest = np.concatenate([cell - cell.mean() for cell in cells])
    outliers = sum(extreme_outliers(cell) for cell in cells)
    return (
        _spreads(cells),
        _normality(cells, rest),
        checks.extreme_values(
            outliers,
            some="Extreme values pull means and spreads; look at the figure.",
            none="No value lies more than 3 interquartile ranges beyond the quartiles of its cell.",
        ),
        INDEPENDENCE,
    )


def _spreads(cells: list[Floats]) -> Assumption:
    variances = [moments(cell).variance for cell in cells if cell.size > 1]
    ratio = max(variances) / min(variances) if min(variances) > 0 else None
    alike = ratio is not None and ratio <= UNEVEN
    test = brown_forsythe(cells)
    return Assumption(
        name="equal variances",
        verdict="holds" if alike else "doubtful",
        consequence=(
            "The cells spread alike enough."
            if alike
            else "The cells spread unequally; trust the tests with HC3 errors instead."
        ),
        test="Brown-Forsythe" if test else None,
        statistic=test.statistic if test else None,
        pvalue=test.pvalue if test else None,
        magnitude=ratio,
        magnitude_name="largest ratio of variances" if ratio is not None else None,
    )


def _normality(cells: list[Floats], rest: Floats) -> Assumption:
    skew, test, smallest = skewness(rest), shapiro(rest), min(cell.size for cell in cells)
    verdict: Verdict = "not needed"
    consequence = f"With at least {smallest:,} values a cell the means are close to normal."
    if smallest < SMALL and (skew is None or abs(skew) <= SKEWED):
        verdict, consequence = "holds", "What is left within the cells is not strongly skewed."
    elif smallest < SMALL:
        verdict, consequence = "doubtful", "With small skewed cells p is approximate."
    return checks.shape("normality within cells", (verdict, consequence), skew, test)

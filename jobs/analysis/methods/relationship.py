"""Number and number: Pearson and Spearman beside each other, and the least-squares line."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods import checks
from jobs.analysis.methods.bends import Form, form_of, turn
from jobs.analysis.methods.common import (
    INDEPENDENCE,
    SKEWED,
    SMALL,
    Verdict,
    as_interval,
    describe,
    effect_size,
    extreme_outliers,
    is_ordinal,
    no_interval,
    require_usable,
    require_values,
)
from jobs.analysis.numerics.correlation import (
    Correlation,
    bonett_wright_interval,
    fisher_interval,
    pearson,
    spearman,
)
from jobs.analysis.numerics.kendall import kendall, tau_interval
from jobs.analysis.numerics.least_squares import Fit, fit, hc3_error, slope_interval
from jobs.analysis.numerics.means import t_two_sided
from jobs.analysis.numerics.moments import skewness
from jobs.analysis.results.result import (
    Assumption,
    EffectSize,
    Estimate,
    Findings,
    Interval,
    Line,
    Plan,
    Test,
)
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.samples import MIN_PAIRS, PairedSample
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

TITLES = {
    "pearson_correlation": "Pearson correlation",
    "spearman_correlation": "Spearman rank correlation",
    "kendall_correlation": "Kendall rank correlation",
    "linear_regression": "Slope of the least-squares line",
}
METHODS = tuple(TITLES)
RANKED = frozenset({"spearman_correlation", "kendall_correlation"})
APART = 0.15  # between Pearson and Spearman: a few points, or the scale, decide


def choose(plan: Plan, sample: PairedSample) -> Plan:
    """Choose Pearson if the points are roughly on a line, else Spearman, by magnitude and not by a test.

    Spearman leads if either number is ordinal; if a parabola explains at least 0.05 more of the variance than
    a line (adjusted R2); if the two coefficients are more than 0.15 apart; or if there are under 30 pairs and
    either number is skewed beyond 1 or holds an extreme outlier. A plan that already says ranks, because the
    question or the kind of column does, or a regression, stays. Where the data show that the relation turns
    round, neither measures it: Pearson's stays beside the test of a parabola. Of ranks
    Kendall's lead where there are under 30 pairs with ties, for which the p-value of Spearman's is rough.
    """
    _require(sample)
    if plan.method in (*RANKED, "linear_regression"):
        return plan
    form = form_of(sample)
    if form.turning:
        return replace(plan, method="pearson_correlation", because=_turning(sample, form))
    reason = _reason_for_ranks(sample, form)
    if reason is not None:
        method = "kendall_correlation" if _few_with_ties(sample) else "spearman_correlation"
        because = f"{reason}, so ranks are correlated ({TITLES[method]})."
        return replace(plan, method=method, because=because)
    because = (
        f"The {sample.x_values.size:,} pairs of {sample.x} and {sample.y} lie roughly along a line; "
        "Pearson's correlation measures how closely."
    )
    return replace(plan, method="pearson_correlation", because=because)


def _few_with_ties(sample: PairedSample) -> bool:
    n = sample.x_values.size
    return n < SMALL and min(np.unique(sample.x_values).size, np.unique(sample.y_values).size) < n


def _reason_for_ranks(sample: PairedSample, form: Form) -> str | None:
    for name, values in ((sample.x, sample.x_values), (sample.y, sample.y_values)):
        if is_ordinal(values):
            return f"{name} takes {np.unique(values).size} whole numbers, like a rating"
    if form.bend is not None and form.bent:
        how = "is" if form.sure or not form.turns else "may be"
        return (
            f"The relation {how} bent: a parabola explains {form.bend:.0%} more of the variance than a line"
        )
    if form.apart > APART:
        return f"Pearson and Spearman are {form.apart:.2f} apart, so a few points decide the straight line"
    n = sample.x_values.size
    for name, values in ((sample.x, sample.x_values), (sample.y, sample.y_values)):
        skew = skewness(values) or 0.0
        if n < SMALL and abs(skew) > SKEWED:
            return f"There are {n} pairs and {name} is skewed ({skew:.2f})"
        if n < SMALL and (outliers := extreme_outliers(values)):
            return f"There are {n} pairs and extreme outliers ({outliers}) in {name}"
    return None


def _turning(sample: PairedSample, form: Form) -> str:
    return (
        f"{sample.x} and {sample.y} go together, but not in one direction: a parabola explains "
        f"{form.bend:.0%} more of the variance than a line, and turns within the data. Neither Pearson's "
        "correlation nor one of ranks measures that; the parabola is tested against the line."
    )


def _require(sample: PairedSample) -> None:
    require_values(sample.x, sample.x_values, at_least=MIN_PAIRS)
    require_usable(sample.x, [sample.x_values])
    require_usable(sample.y, [sample.y_values])


def run(plan: Plan, sample: PairedSample, *, level: float) -> Findings:
    """Measure how the two numbers go together.

    Raises
    ------
    UnsuitableData, TooFewValues
        A number is constant, or there are fewer than three pairs.
    """
    _require(sample)
    x, y, n = sample.x_values, sample.y_values, sample.x_values.size
    straight, ranked = pearson(x, y), spearman(x, y)
    fisher = as_interval(fisher_interval(straight.value, n, level), level)
    wright = as_interval(bonett_wright_interval(ranked.value, n, level), level)
    tests = {
        "pearson_correlation": _correlation_test("pearson_correlation", "r", straight, fisher, n),
        "spearman_correlation": _correlation_test("spearman_correlation", "rho", ranked, wright, n),
    }
    effects = [
        _effect("pearson_r", "Pearson's r", straight, fisher, "Fisher z"),
        _effect("spearman_rho", "Spearman's rho", ranked, wright, "Fisher z, error of Bonett & Wright 2000"),
    ]
    if plan.method in RANKED:
        effects.reverse()
    if plan.method == "kendall_correlation":
        tests[plan.method], effect = _kendall(x, y, level)
        effects.insert(0, effect)
    fitted = fit([x], y)
    error = hc3_error(x, fitted.residuals)
    if plan.method == "linear_regression":
        tests[plan.method] = _slope_test(sample, fitted, error, level)
    primary = replace(tests.pop(plan.method), role="primary")
    form = form_of(sample)
    parabola, curved = turn(sample, form)
    return Findings(
        sample=Used(sample.n_total, n, dict(sample.dropped)),
        descriptives=(describe(sample.x, None, x, level=level), describe(sample.y, None, y, level=level)),
        assumptions=_assumptions(plan.method, sample, form),
        tests=(primary, *([curved] if curved else []), *tests.values()),
        effect_sizes=tuple(effects),
        line=_line(fitted, error, n, level),
        parabola=parabola,
    )


def _correlation_test(method: str, symbol: str, found: Correlation, interval: Interval, n: int) -> Test:
    return Test(
        role="sensitivity",
        method=method,
        title=TITLES[method],
        symbol=symbol,
        statistic=found.value,
        df=(float(n - 2),) if symbol == "r" else (),
        pvalue=found.pvalue,
        n=n,
        estimate=Estimate("correlation" if symbol == "r" else "rank correlation", found.value, interval),
        exact=found.exact,
    )


def _kendall(x: Floats, y: Floats, level: float) -> tuple[Test, EffectSize]:
    found, n = kendall(x, y), x.size
    interval = as_interval(tau_interval(found.value, n, level), level)
    how = "Fisher z, error of Fieller, Hartley & Pearson 1957"
    how = how if interval.low is not None else "none: fewer than five pairs, or a perfect relation"
    effect = effect_size("kendall_tau", "Kendall's tau", found.value, interval, method=how, scale=None)
    return _correlation_test("kendall_correlation", "tau", found, interval, n), effect


def _effect(name: str, title: str, found: Correlation, interval: Interval, method: str) -> EffectSize:
    how = method if interval.low is not None else "none: fewer than four pairs, or a perfect relation"
    return effect_size(name, title, found.value, interval, method=how, scale="r")


def _line(fitted: Fit, error: float | None, n: int, level: float) -> Line:
    slope = fitted.slopes[0]
    interval = no_interval(level)
    if error is not None:
        interval = as_interval(slope_interval(slope, error, n, level), level)
    return Line(fitted.intercept, slope, interval, fitted.r_squared)


def _slope_test(sample: PairedSample, fitted: Fit, error: float | None, level: float) -> Test:
    n, slope = sample.x_values.size, fitted.slopes[0]
    if error is None:
        raise UnsuitableData(
            f"One row alone decides the slope of {sample.y!r} on {sample.x!r}: all others have one value of "
            f"{sample.x!r}. Compare groups instead."
        )
    if fitted.squares <= 1e-28 * fitted.total:
        raise UnsuitableData(
            f"{sample.y!r} lies exactly on a line over {sample.x!r} (slope {slope:g}); there is no "
            "uncertainty to test. Was one computed from the other?"
        )
    unit = f"{sample.y_unit or sample.y} per {sample.x_unit or f'unit of {sample.x}'}"
    interval = as_interval(slope_interval(slope, error, n, level), level)
    return Test(
        role="primary",
        method="linear_regression",
        title=f"{TITLES['linear_regression']} (HC3 standard error)",
        symbol="t",
        statistic=slope / error,
        df=(float(n - 2),),
        pvalue=t_two_sided(slope / error, n - 2),
        n=n,
        estimate=Estimate("slope", slope, interval, unit),
    )


def _assumptions(method: str, sample: PairedSample, form: Form) -> tuple[Assumption, ...]:
    outliers = extreme_outliers(sample.x_values) + extreme_outliers(sample.y_values)
    return (
        _linearity(method, form),
        checks.extreme_values(
            outliers,
            some="Extreme values can make or hide a straight relation; compare Pearson with Spearman.",
            none="No value lies more than 3 interquartile ranges beyond the quartiles.",
        ),
        INDEPENDENCE,
    )


def _linearity(method: str, form: Form) -> Assumption:
    bent = form.bent
    verdict: Verdict = "doubtful" if bent else "holds"
    if form.bend is None:
        verdict = "not checked"
        consequence = "There are too few pairs or values to see a bend."
    elif form.turning:
        consequence = "The relation turns round, so no coefficient describes it; look at the figure."
    elif bent and form.turns:
        consequence = (
            "The relation may turn round, which the data do not show for certain; look at the figure before "
            "relying on a coefficient."
        )
    elif bent and method in RANKED:
        verdict = "holds"
        consequence = "The relation is bent but keeps its direction, which is what ranks measure."
    elif bent:
        consequence = "The relation is bent, so a line describes it only roughly."
    else:
        consequence = "A parabola explains hardly more than the line."
    return Assumption(
        name="one direction throughout" if method in RANKED else "linearity",
        verdict=verdict,
        consequence=consequence,
        magnitude=form.bend,
        magnitude_name="adjusted R2 added by a parabola" if form.bend is not None else None,
    )

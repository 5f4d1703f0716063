"""A number by groups with covariates held equal: analysis of covariance, adjusted means, pairs after Holm."""

from itertools import combinations

import numpy as np

from jobs.analysis.methods import checks
from jobs.analysis.methods.common import (
    INDEPENDENCE,
    as_interval,
    describe,
    effect_size,
    extreme_outliers,
    require_usable,
)
from jobs.analysis.numerics import noncentral
from jobs.analysis.numerics.ancova import Adjusted, Term, adjusted
from jobs.analysis.numerics.corrections import holm
from jobs.analysis.numerics.means import t_quantile, t_two_sided
from jobs.analysis.results.result import Assumption, EffectSize, Estimate, Findings, Pairwise, Test
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.adjusting import AdjustedSample
from jobs.errors import UnsuitableData

METHODS = ("ancova",)
TITLE = "ANCOVA"
DIFFER = 0.05  # p below which slopes are told to differ


def run(sample: AdjustedSample, *, level: float) -> Findings:
    """Test groups beside the covariates, and each covariate beside the groups.

    Raises
    ------
    UnsuitableData
        The outcome or a covariate is constant, a covariate follows from the groups or others, or nothing is
        left over.
    """
    require_usable(sample.outcome, [sample.values])
    for name, values in zip(sample.covariates, sample.beside.T, strict=True):
        require_usable(name, [values])
    found = adjusted(sample.values, sample.places, sample.beside)
    if found is None:
        listed = ", ".join(map(repr, (sample.group, *sample.covariates)))
        raise UnsuitableData(
            f"{sample.outcome!r} cannot be explained by {listed} together: one of them follows from the "
            "others, or nothing is left over. Leave one out."
        )
    n, names = sample.values.size, (sample.group, *sample.covariates)
    return Findings(
        sample=Used(sample.n_total, n, dict(sample.dropped)),
        descriptives=tuple(
            describe(sample.outcome, name, sample.values[sample.places == place], level=level)
            for place, name in enumerate(sample.levels)
        ),
        assumptions=_assumptions(sample, found),
        tests=tuple(_test(place, name, found.terms[place], n) for place, name in enumerate(names)),
        effect_sizes=tuple(
            _effect(place, name, found.terms[place], level) for place, name in enumerate(names)
        ),
        posthoc=_pairs(sample, found, level),
        adjusted=_means(sample, found, level),
    )


def _test(place: int, name: str, found: Term, n: int) -> Test:
    return Test(
        role="term" if place else "primary",
        method=f"ancova_covariate_{place}" if place else "ancova_group",
        title=f"{TITLE}, {name}",
        symbol="F",
        statistic=found.statistic,
        df=(float(found.df), float(found.df_error)),
        pvalue=found.pvalue,
        n=n,
    )


def _effect(place: int, name: str, found: Term, level: float) -> EffectSize:
    value = found.partial_eta_squared
    limits = noncentral.f_limits(found.statistic, found.df, found.df_error, level)
    low, high = (limit / (limit + found.df_error) for limit in limits)
    return effect_size(
        f"partial_eta_squared_{place}",
        f"partial eta squared of {name}",
        value,
        as_interval((min(low, value), max(high, value)), level),
        method="noncentral F",
        scale="eta2",
    )


def _means(sample: AdjustedSample, found: Adjusted, level: float) -> tuple[Estimate, ...]:
    """Give the mean of each group where every covariate is at its own mean (`emmeans(fit, "g")`)."""
    reach = t_quantile(found.df_error, level) * np.sqrt(np.diag(found.covariance))
    return tuple(
        Estimate(name, float(mean), as_interval((float(mean - half), float(mean + half)), level), sample.unit)
        for name, mean, half in zip(sample.levels, found.means, reach, strict=True)
    )


def _pairs(sample: AdjustedSample, found: Adjusted, level: float) -> tuple[Pairwise, ...]:
    places = list(combinations(range(len(sample.levels)), 2))
    quantile = t_quantile(found.df_error, 1.0 - (1.0 - level) / len(places))
    rows = []
    for one, other in places:
        difference = float(found.means[one] - found.means[other])
        spread = found.covariance[one, one] + found.covariance[other, other]
        error = float(np.sqrt(spread - 2.0 * found.covariance[one, other]))
        rows.append((one, other, difference, error))
    raw = np.array([t_two_sided(difference / error, found.df_error) for _, _, difference, error in rows])
    return tuple(
        Pairwise(
            a=sample.levels[one],
            b=sample.levels[other],
            difference=difference,
            interval=as_interval((difference - quantile * error, difference + quantile * error), level),
            statistic=difference / error,
            df=float(found.df_error),
            pvalue=float(p),
            method="adjusted_holm",
        )
        for (one, other, difference, error), p in zip(rows, holm(raw), strict=True)
    )


def _assumptions(sample: AdjustedSample, found: Adjusted) -> tuple[Assumption, ...]:
    slopes = found.slopes
    differ = slopes is not None and slopes.pvalue < DIFFER
    outliers = sum(
        extreme_outliers(sample.values[sample.places == place]) for place in range(len(sample.levels))
    )
    return (
        Assumption(
            name="the same slopes in all groups",
            verdict="not checked" if slopes is None else "doubtful" if differ else "holds",
            consequence=(
                "Groups differ more at some values of the covariates than at others; the adjusted means hold "
                "at the covariates' means alone."
                if differ
                else "The groups are compared as if covariates go with the outcome alike in all of them."
            ),
            test="F test of slopes" if slopes else None,
            statistic=slopes.statistic if slopes else None,
            pvalue=slopes.pvalue if slopes else None,
        ),
        checks.extreme_values(
            outliers,
            some="Extreme values pull means and slopes; look at the figure.",
            none="No value lies more than 3 interquartile ranges beyond the quartiles of its group.",
        ),
        INDEPENDENCE,
    )

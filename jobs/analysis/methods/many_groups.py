"""Three to twenty groups: Welch's ANOVA and Kruskal-Wallis beside each other, and the pairs behind them."""

from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.methods.common import as_interval, effect_size, no_interval, seed
from jobs.analysis.methods.compared import Compared
from jobs.analysis.numerics import noncentral
from jobs.analysis.numerics.means import (
    Decomposition,
    PairOfMeans,
    Ratio,
    decompose,
    games_howell,
    tukey,
    welch_anova,
)
from jobs.analysis.numerics.moments import Moments
from jobs.analysis.numerics.ranks import RankTest, dunn_holm, epsilon_squared_interval, kruskal_wallis
from jobs.analysis.results.result import EffectSize, Interval, Pairwise, Test
from jobs.analysis.sampling.samples import GroupedSample

TITLES = {
    "welch_anova": "Welch's ANOVA",
    "kruskal_wallis": "Kruskal-Wallis test",
    "one_way_anova": "One-way ANOVA",
}
DRAWS = 1000  # of the bootstrap: the limits move in the third digit from seed to seed


def compare(
    method: str, sample: GroupedSample, found: Sequence[Moments], *, level: float, means: bool
) -> Compared:
    """Test whether the groups differ, and which.

    Parameters
    ----------
    method : str
        The primary test, a key of `TITLES`; it decides how pairs are compared.
    found : moments of the groups in order
    means : bool
        False if a group has no spread: then ranks alone are compared.
    """
    n = sum(group.n for group in found)
    tests: dict[str, Test] = {}
    effects: list[EffectSize] = []
    parts = decompose(found)
    if means:
        tests["welch_anova"] = _f_test("welch_anova", welch_anova(found), n)
        effects += [_omega_squared(parts, level), _eta_squared(parts, level)]
    if method == "one_way_anova":
        tests[method] = _f_test(method, parts.ratio, n)
    ranks = kruskal_wallis(sample.values)
    tests["kruskal_wallis"] = _rank_test(ranks, n)
    epsilon = _epsilon_squared(sample, ranks, n, level)
    effects = [epsilon, *effects] if method == "kruskal_wallis" else [*effects, epsilon]
    primary = replace(tests.pop(method), role="primary")
    pairs = _pairs(method, sample, found, ranks, level=level)
    return Compared((primary, *tests.values()), tuple(effects), pairs)


def _f_test(method: str, found: Ratio, n: int) -> Test:
    return Test("sensitivity", method, TITLES[method], "F", found.statistic, found.df, found.pvalue, n)


def _rank_test(found: RankTest, n: int) -> Test:
    title = TITLES["kruskal_wallis"]
    return Test(
        "sensitivity", "kruskal_wallis", title, "H", found.statistic, (float(found.df),), found.pvalue, n
    )


def _omega_squared(parts: Decomposition, level: float) -> EffectSize:
    """Estimate the share of variance between the groups of the population (`effectsize::omega_squared`)."""
    f = parts.ratio.statistic
    df, df_error = float(parts.df_between), float(parts.df_within)
    value = max(0.0, (f - 1.0) * df / (f * df + df_error + 1.0))
    return effect_size(
        "omega_squared",
        "omega squared",
        value,
        _share_interval(value, df, df_error, level),
        method="noncentral F at the F that the estimate implies",
        scale="eta2",
    )


def _eta_squared(parts: Decomposition, level: float) -> EffectSize:
    """Give the share of variance between the groups of the sample (`effectsize::eta_squared`)."""
    value = parts.between / (parts.between + parts.within)
    return effect_size(
        "eta_squared",
        "eta squared",
        value,
        _share_interval(value, float(parts.df_between), float(parts.df_within), level),
        method="noncentral F",
        scale="eta2",
    )


def _share_interval(value: float, df: float, df_error: float, level: float) -> Interval:
    if value >= 1.0:  # nothing is left within the groups: the F implied is infinite
        return no_interval(level)
    implied = (value / df) / ((1.0 - value) / df_error)
    limits = noncentral.f_limits(implied, df, df_error, level)
    low, high = (limit / (limit + df_error) for limit in limits)
    # Where F is smaller than chance makes it, both limits are 0 while the estimate is just above.
    return as_interval((min(low, value), max(high, value)), level)


def _epsilon_squared(sample: GroupedSample, ranks: RankTest, n: int, level: float) -> EffectSize:
    """Give the share of the variance of ranks between the groups, H / (n - 1) (Tomczak & Tomczak 2014).

    Groups drawn from themselves differ more than those that they are drawn from, the more the fewer values
    they have: the limits lie too high. Where H is smaller than chance alone makes it, which is k - 1 for k
    groups, they would not hold 0, so that there are none, and no rule calls the share large.
    """
    value = min(1.0, max(0.0, ranks.statistic / (n - 1.0)))
    if ranks.statistic <= ranks.df:
        none = "none: the ranks differ less between the groups than chance alone makes them"
        name = "rank_epsilon_squared"
        return effect_size(name, "rank epsilon squared", value, no_interval(level), method=none, scale=None)
    low, high = epsilon_squared_interval(sample.values, level=level, draws=DRAWS, seed=seed(*sample.values))
    return effect_size(
        "rank_epsilon_squared",
        "rank epsilon squared",
        value,
        Interval(min(low, value), max(high, value), level),
        method=f"percentile bootstrap, {DRAWS:,} draws within groups seeded by the data; high in few values",
        scale="eta2",
    )


def _pairs(
    method: str, sample: GroupedSample, found: Sequence[Moments], ranks: RankTest, *, level: float
) -> tuple[Pairwise, ...]:
    if method == "one_way_anova":
        return tuple(_pair_of_means(pair, sample, level, "tukey_hsd") for pair in tukey(found, level=level))
    if method == "welch_anova":
        pairs = games_howell(found, level=level)
        return tuple(_pair_of_means(pair, sample, level, "games_howell") for pair in pairs)
    return tuple(
        Pairwise(
            a=sample.levels[pair.first],
            b=sample.levels[pair.second],
            difference=found[pair.first].minus(found[pair.second]),
            interval=no_interval(level),  # Dunn's test compares mean ranks; it has no interval for means
            statistic=pair.statistic,
            df=None,
            pvalue=pair.pvalue,
            method="dunn_holm",
        )
        for pair in dunn_holm(ranks, [group.n for group in found])
    )


def _pair_of_means(pair: PairOfMeans, sample: GroupedSample, level: float, method: str) -> Pairwise:
    return Pairwise(
        a=sample.levels[pair.first],
        b=sample.levels[pair.second],
        difference=pair.difference,
        interval=Interval(pair.low, pair.high, level),
        statistic=pair.statistic,
        df=pair.df,
        pvalue=pair.pvalue,
        method=method,
    )

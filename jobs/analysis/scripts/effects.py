"""Which limits of effect sizes, and which tests of assumptions, the program computes again."""

from collections.abc import Iterator

from jobs.analysis.results.result import Assumption, CrossTable, EffectSize

DISTANCES = frozenset({"hedges_g", "cohen_d", "cohen_dz"})
SHARES = ("eta_squared", "omega_squared", "r_squared", "partial_eta_squared")
RATIOS = frozenset(  # and other effects whose limits are told by a formula
    {
        "odds_ratio",
        "risk_ratio",
        "discordant_odds_ratio",
        "cohen_g",
        "kappa",
        "kappa_linear",
        "kappa_quadratic",
        "ratio_of_odds_ratios",
        "icc_agreement",
        "icc_consistency",
        "icc_of_mean",
    }
)
CHECKS = ("F test of slopes", "Mauchly", "Shapiro-Wilk")
# An effect so many times its error is beyond scipy's series, and its limits are computed otherwise.
STRONGEST = 1e6


def limits(effect: EffectSize, n: int) -> Iterator[tuple[str, float | None]]:
    """Name the limits of an effect size of n rows, where scipy computes them in the same way."""
    if effect.name in DISTANCES:
        strength = effect.value**2
    elif effect.name in RATIOS:
        strength = 0.0
    elif effect.name.startswith(SHARES) and effect.value < 1.0:
        strength = effect.value / (1.0 - effect.value)
    else:
        return
    if strength * n <= STRONGEST:
        yield f"low limit of {effect.name}", effect.interval.low
        yield f"high limit of {effect.name}", effect.interval.high


def turned(table: CrossTable) -> list[str]:
    """Name the two rows and the two columns in the order of the numbers of a 2 x 2 table; [] of another."""
    if table.event is None or table.group is None or table.reference is None:
        return []
    others = [level for level in table.column_levels if level != table.event]
    return [table.group, table.reference, table.event, *others]


def checks(assumptions: tuple[Assumption, ...]) -> Iterator[tuple[str, float | None]]:
    """Name the tests of assumptions."""
    for one in assumptions:
        for name in CHECKS:
            if one.test is not None and one.test.startswith(name):
                yield f"{name} statistic", one.statistic
                yield f"{name} pvalue", one.pvalue

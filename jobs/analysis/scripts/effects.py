"""Which limits of effect sizes, and which tests of assumptions, the program computes again."""

from collections.abc import Iterator

from jobs.analysis.results.result import Assumption, EffectSize

DISTANCES = frozenset({"hedges_g", "cohen_d", "cohen_dz"})
SHARES = ("eta_squared", "omega_squared", "r_squared", "partial_eta_squared")
CHECKS = ("F test of slopes", "Mauchly", "Shapiro-Wilk")
# An effect so many times its error is beyond scipy's series, and its limits are computed otherwise.
STRONGEST = 1e6


def limits(effect: EffectSize, n: int) -> Iterator[tuple[str, float | None]]:
    """Name the limits of an effect size of n rows, where they are by a noncentral distribution of scipy."""
    if effect.name in DISTANCES:
        strength = effect.value**2
    elif effect.name.startswith(SHARES) and effect.value < 1.0:
        strength = effect.value / (1.0 - effect.value)
    else:
        return
    if strength * n <= STRONGEST:
        yield f"low limit of {effect.name}", effect.interval.low
        yield f"high limit of {effect.name}", effect.interval.high


def checks(assumptions: tuple[Assumption, ...]) -> Iterator[tuple[str, float | None]]:
    """Name the tests of assumptions."""
    for one in assumptions:
        for name in CHECKS:
            if one.test is not None and one.test.startswith(name):
                yield f"{name} statistic", one.statistic
                yield f"{name} pvalue", one.pvalue

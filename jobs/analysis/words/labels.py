"""The name of an effect size by its rule, and the doubt that its interval leaves of it."""

from jobs.analysis.results.interval import NOT_BELOW_ZERO
from jobs.analysis.results.result import EffectSize

# Sizes of what the primary test is about, not of one term among others.
OF_THE_WHOLE = frozenset(
    {
        "eta_squared",
        "omega_squared",
        "partial_eta_squared",
        "cramers_v",
        "cramers_v_corrected",
        "cramers_v_within",
        "r_squared",
    }
)
NEGLIGIBLE = frozenset({"negligible", "tiny", "trivial", "none", "very small"})


def labelled(effect: EffectSize, *, shown: bool = False) -> str:
    """Give the name of a size by its rule; with the doubt that its interval leaves.

    Of an effect that is `shown`, limits that stop at none by their making say nothing against it.
    """
    if not effect.label or not effect.rule:
        return ""
    doubt = "; its interval reaches no effect at all" if is_doubted(effect, shown=shown) else ""
    return f" ({effect.label} by the rule of {effect.rule}{doubt})"


def is_doubted(effect: EffectSize, *, shown: bool) -> bool:
    """Return whether it is told that the interval reaches no effect."""
    stops = effect.interval_method.startswith(NOT_BELOW_ZERO) and effect.name in OF_THE_WHOLE
    return holds_none(effect) and not (shown and stops)


def holds_none(effect: EffectSize) -> bool:
    """Return whether the interval of a named effect reaches what stands for no effect, which is not its name.

    That is 0, and a half for the chance to tell two rows apart. Skewness and kurtosis are no effects.
    """
    if "skew" in effect.name or "kurtosis" in effect.name:
        return False
    low, high = effect.interval.low, effect.interval.high
    if low is None or high is None or effect.label in NEGLIGIBLE:
        return False
    none = 0.5 if effect.name == "auc" else 0.0
    return low <= none <= high

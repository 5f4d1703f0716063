"""The name of an effect size by its rule, and the doubt that its interval leaves of it."""

from jobs.analysis.results.result import EffectSize

NEGLIGIBLE = frozenset({"negligible", "tiny", "trivial", "none", "very small"})


def labelled(effect: EffectSize) -> str:
    """Give the name of a size by its rule; with the doubt that the interval leaves, where it holds none."""
    if not effect.label or not effect.rule:
        return ""
    doubt = "; its interval reaches no effect at all" if holds_none(effect) else ""
    return f" ({effect.label} by the rule of {effect.rule}{doubt})"


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

"""What a comparison of groups gives, whichever the number of groups."""

from dataclasses import dataclass

from jobs.analysis.results.result import EffectSize, Pairwise, Test


@dataclass(frozen=True)
class Compared:
    """Tests and effect sizes, the primary first, and pairs of groups."""

    tests: tuple[Test, ...]
    effect_sizes: tuple[EffectSize, ...]
    posthoc: tuple[Pairwise, ...] = ()

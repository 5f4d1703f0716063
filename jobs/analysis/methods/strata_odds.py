"""The odds ratios of two categories within strata, all read the same way, and each stratum by itself."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.methods.common import as_interval, effect_size, no_interval
from jobs.analysis.numerics import contingency
from jobs.analysis.numerics import stratified as numerics
from jobs.analysis.results.result import EffectSize, Interval, Test
from jobs.analysis.results.stratified import Odds, Stratum
from jobs.analysis.sampling.strata import StrataSample
from jobs.analysis.tables.events import event_of
from jobs.errors import UnsuitableData

Counts = NDArray[np.int64]


def is_square(counts: Counts) -> bool:
    """Tell whether both categories of (k, r, c) counts have two values."""
    return counts.shape[1:] == (2, 2)


def odds_of(sample: StrataSample, level: float) -> Odds | None:
    """Read the common odds ratio so that it is 1 or more: of which value, and where, to where else."""
    if not is_square(sample.counts):
        return None
    event = event_of(sample.column_levels, sample.counts.sum(axis=(0, 1)).tolist())
    counts = sample.counts if event == 0 else sample.counts[:, :, ::-1]
    found = numerics.common_odds(counts, level)
    if found is None:
        return None
    first = 0
    if found.value < 1.0:
        first, counts = 1, counts[:, ::-1]
        found = numerics.common_odds(counts, level) or found
    crude = contingency.odds_ratio(counts.sum(axis=0), level)
    return Odds(
        event=sample.column_levels[event],
        level=sample.row_levels[first],
        reference=sample.row_levels[1 - first],
        common=found.value,
        interval=Interval(found.low, found.high, level),
        crude=crude[0] if crude else None,
        crude_interval=as_interval(crude[1:], level) if crude else no_interval(level),
        change_percent=100.0 * (crude[0] / found.value - 1.0) if crude else None,
    )


def _stratum(sample: StrataSample, place: int, odds: Odds | None, level: float) -> Stratum:
    counts = sample.counts[place]
    varies = bool(numerics.informative(counts[None])[0])
    own, limits, infinite = None, no_interval(level), False
    if odds is not None and varies:
        rows = slice(None) if odds.level == sample.row_levels[0] else slice(None, None, -1)
        columns = slice(None) if odds.event == sample.column_levels[0] else slice(None, None, -1)
        own, limits, infinite = _own_odds(counts[rows, columns], level)
    return Stratum(
        level=sample.strata[place],
        n=int(counts.sum()),
        counts=tuple(tuple(row) for row in counts.tolist()),
        varies=varies,
        odds_ratio=own,
        interval=limits,
        cramers_v=strength(counts) if varies else None,
        infinite=infinite,
    )


def _own_odds(counts: Counts, level: float) -> tuple[float | None, Interval, bool]:
    """Give the odds ratio of a stratum in which both vary, its limits, and whether it is infinite."""
    found = contingency.odds_ratio(counts, level)
    if found is not None:
        return found[0], as_interval(found[1:], level), False
    low, high = contingency.open_limits(counts, level)
    infinite = int(counts[0, 1] * counts[1, 0]) == 0
    if infinite:
        return None, Interval(low, None, level), True
    return 0.0, Interval(0.0, high, level), False


def strength(counts: Counts) -> float | None:
    """Give Cramér's V of (r, c) counts without their empty levels; None where one category does not vary."""
    filled = _filled(counts)
    if min(filled.shape) < 2:
        return None
    return contingency.cramers_v(contingency.chi_square(filled).statistic, filled)


def each_stratum(sample: StrataSample, odds: Odds | None, level: float) -> tuple[Stratum, ...]:
    """Tell what each stratum shows, its odds ratio read as the common one."""
    return tuple(_stratum(sample, place, odds, level) for place in range(len(sample.strata)))


def _filled(table: Counts) -> Counts:
    """Leave out levels that the table has no rows of."""
    filled: Counts = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    return filled


def apart(sample: StrataSample, varying: NDArray[np.bool_], level: float) -> tuple[EffectSize, ...]:
    """Give how far the odds ratios of 2 x 2 tables lie apart: the largest to the smallest one.

    Of two strata with the normal limits of its logarithm, whose variance is the sum of all 1 / n; of more
    without limits, since they are chosen for being the ends. Nothing where a cell is empty.
    """
    counts = sample.counts[varying].astype(np.float64)
    if not is_square(sample.counts) or len(counts) < 2 or bool(np.any(counts == 0.0)):
        return ()
    logs = np.log(counts[:, 0, 0] * counts[:, 1, 1] / (counts[:, 0, 1] * counts[:, 1, 0]))
    ratio = float(logs.max() - logs.min())
    if len(counts) > 2:
        limits, how = no_interval(level), "none"
    else:
        reach = float(special.ndtri((1.0 + level) / 2.0)) * float(np.sum(1.0 / counts)) ** 0.5
        limits = as_interval((float(np.exp(ratio - reach)), float(np.exp(ratio + reach))), level)
        how = "normal, of the logarithm"
    title = "ratio of the odds ratios" if len(counts) == 2 else "largest to smallest odds ratio"
    value = float(np.exp(ratio))
    return (effect_size("ratio_of_odds_ratios", title, value, limits, method=how, scale=None),)


def led_by_difference(sample: StrataSample, common: Test, beside: list[Test]) -> tuple[Test, ...]:
    """Put the test of alike strata first."""
    leading = next((test for test in beside if test.role == "term"), None)
    if leading is None:
        raise UnsuitableData(
            f"Whether how {sample.row!r} and {sample.column!r} go together differs by {sample.stratum!r} "
            "cannot be tested: both must vary in two of its values, and no cell may be empty throughout."
        )
    rest = [replace(common, role="sensitivity"), *(test for test in beside if test is not leading)]
    return replace(leading, role="primary"), *rest

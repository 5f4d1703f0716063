"""Two measures of the same rows: the paired t test and Wilcoxon's signed ranks beside each other.

Every difference is the second measure minus the first: what has changed.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods.centred import (
    Against,
    assumptions,
    rank_biserial,
    rank_test,
    standardised,
    t_test,
    zeros,
)
from jobs.analysis.methods.common import (
    LARGEST,
    SKEWED,
    SMALL,
    cases,
    describe,
    extreme_outliers,
    is_constant,
    is_ordinal,
)
from jobs.analysis.numerics.moments import moments, skewness
from jobs.analysis.numerics.signed_rank import signed_rank
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

TITLES = {"paired_t_test": "Paired t test", "wilcoxon_signed_rank": "Wilcoxon signed-rank test"}
METHODS = tuple(TITLES)
RANKS = "wilcoxon_signed_rank"
NAMED_T = ("paired_t_test", TITLES["paired_t_test"], "mean difference")
NAMED_RANKS = (RANKS, TITLES[RANKS], "Hodges-Lehmann shift")


def choose(plan: Plan, sample: RepeatedSample) -> Plan:
    """Choose between the mean change and signed ranks by measurement level and the shape of few changes.

    Ranks lead if both measures are ratings, or if there are under 30 rows and their changes are skewed
    beyond 1 or hold an extreme outlier.
    """
    changes = require_changes(sample)
    reason = _reason_for_ranks(sample, changes)
    if reason is not None:
        because = f"{reason}, so the changes are compared by rank ({TITLES[RANKS]})."
        return replace(plan, method=RANKS, because=because)
    because = (
        f"Both measures stand in each of {changes.size:,} {cases(plan)}, so the difference within these is "
        f"tested ({TITLES['paired_t_test']})."
    )
    return replace(plan, method="paired_t_test", because=because)


def _reason_for_ranks(sample: RepeatedSample, changes: Floats) -> str | None:
    if is_ordinal(*sample.values.T):
        return f"{sample.name} takes {np.unique(sample.values).size} whole numbers, like a rating"
    skew = skewness(changes) or 0.0
    if changes.size < SMALL and abs(skew) > SKEWED:
        return f"There are {changes.size} rows and their changes are skewed ({skew:.2f})"
    if changes.size < SMALL and (outliers := extreme_outliers(changes)):
        return f"There are {changes.size} rows and extreme outliers ({outliers}) among their changes"
    return None


def require_changes(sample: RepeatedSample) -> Floats:
    """Give second minus first; refuse changes without a spread, and values that cannot be squared.

    Raises
    ------
    UnsuitableData
        More or fewer than two measures, or the same change in every row.
    """
    first, second = _two(sample)
    largest = float(np.abs(sample.values).max())
    if largest > LARGEST:
        raise UnsuitableData(
            f"{sample.name!r} runs up to {largest:g}, beyond what can be squared; express it in another unit."
        )
    changes: Floats = sample.values[:, 1] - sample.values[:, 0]
    if is_constant(moments(changes), beside=largest):
        raise UnsuitableData(
            f"{second!r} minus {first!r} is {changes[0]:g} in all {changes.size:,} rows; there is no "
            "uncertainty to test. Was one computed from the other?"
        )
    return changes


def _two(sample: RepeatedSample) -> tuple[str, str]:
    if len(sample.measures) != 2:
        raise UnsuitableData(
            f"A paired comparison takes two measures; {sample.name!r} has {len(sample.measures)}. "
            "Use the method 'repeated_measures_anova'."
        )
    return sample.measures[0], sample.measures[1]


def run(plan: Plan, sample: RepeatedSample, *, level: float) -> Findings:
    """Test the change from the first measure to the second.

    Raises
    ------
    UnsuitableData
        The change is the same in every row.
    """
    changes = require_changes(sample)
    found, n = moments(changes), changes.size
    ranks = signed_rank(changes, level=level)
    around = Against(0.0, level, sample.unit)
    tests = {
        "paired_t_test": t_test(NAMED_T, found, around),
        RANKS: rank_test(NAMED_RANKS, changes, ranks, around),
    }
    dz, g = standardised(("cohen_dz", "Cohen's dz"), found, 0.0, level)
    biserial = rank_biserial(ranks, level)
    effects = (biserial, dz, g) if plan.method == RANKS else (dz, g, biserial)
    primary = replace(tests.pop(plan.method), role="primary")
    columns = [sample.name if "subject" in plan.columns else measure for measure in sample.measures]
    groups = sample.measures if "subject" in plan.columns else (None, None)
    return Findings(
        sample=Used(sample.n_total, _rows_used(plan, n), dict(sample.dropped)),
        descriptives=(
            *(
                describe(column, group, values, level=level)
                for column, group, values in zip(columns, groups, sample.values.T, strict=True)
            ),
            describe(f"{sample.measures[1]} - {sample.measures[0]}", None, changes, level=level),
        ),
        assumptions=(*assumptions(plan.method == RANKS, changes, "changes"), *zeros(changes)),
        tests=(primary, *tests.values()),
        effect_sizes=effects,
    )


def _rows_used(plan: Plan, subjects: int) -> int:
    return 2 * subjects if "subject" in plan.columns else subjects

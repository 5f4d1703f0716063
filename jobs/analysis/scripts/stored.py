"""The numbers that the program must find again, each under the name that the program gives it."""

import math
from collections.abc import Iterator, Mapping, Sequence

from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import CrossTable, Descriptive, Findings, Pairwise, Plan, Test
from jobs.analysis.sampling.frames import DISTINCT_STEPS, EXACT
from jobs.analysis.scripts import designs, effects, matrices, models, scans, trends

Numbers = Mapping[str, float]
Named = tuple[str, float | None]

COMPUTED_AGAIN = frozenset(
    {
        "hedges_g",
        "rank_biserial",
        "eta_squared",
        "omega_squared",
        "rank_epsilon_squared",
        "cramers_v",
        "odds_ratio",
        "risk_ratio",
    }
)
# Their p-values follow R, which takes other approximations than scipy for samples of some sizes.
WITHOUT_PVALUE = frozenset({"spearman_correlation", "linear_regression"})
# Only these intervals are computed by scipy in the same way.
WITH_INTERVAL = frozenset({"welch_t_test", "student_t_test", "pearson_correlation"})
ALL_PAIRS = 1_000_000  # differences between two groups that the program is willing to sort
ELSEWHERE = frozenset({"permutation_chi_square", "linear_regression"})  # random, or told by the line


def stored(plan: Plan, findings: Findings, profile: Sequence[ColumnProfile]) -> Numbers:
    """Name the numbers of `findings`, or of `profile` where nothing was tested."""
    if findings.trend is not None:
        found = trends.numbers(findings)
    elif findings.matrix is not None:
        found = matrices.numbers(findings)
    elif findings.model is not None:
        found = models.numbers(findings)
    elif plan.method in scans.METHODS:
        found = scans.numbers(plan, findings)
    elif plan.method in designs.PARTS and findings.tests:
        found = designs.numbers(findings)
    elif findings.tests:
        found = _tested(plan, findings)
    elif findings.descriptives:
        found = _described(findings.descriptives)
    else:
        found = _profiled(profile)
    return {name: float(value) for name, value in found if value is not None}


def scale(findings: Findings, profile: Sequence[ColumnProfile]) -> float:
    """Return the size of the largest value of the data, against which rounding is measured."""
    limits: list[float | str | None] = []
    for found in findings.descriptives:
        limits += [found.minimum, found.maximum]
    if not limits:
        for column in profile:
            limits += [column.minimum, column.maximum]
    return max((abs(limit) for limit in limits if isinstance(limit, int | float)), default=1.0) or 1.0


def _tested(plan: Plan, findings: Findings) -> Iterator[Named]:
    roles = plan.columns
    yield "n used", findings.sample.n_used
    sizes = [found.n for found in findings.descriptives if found.group is not None]
    for test in findings.tests:
        if test.method not in ELSEWHERE:
            yield from _test(test, sizes)
    for effect in findings.effect_sizes:
        if effect.name in COMPUTED_AGAIN:
            yield effect.name, effect.value
            yield from effects.limits(effect, findings.sample.n_used)
    for found in findings.descriptives:
        yield from _group(found, roles)
    if "group" in roles:
        yield from effects.checks(findings.assumptions)
    for pair in findings.posthoc:
        yield from _pair(pair)
    if findings.table is not None:
        yield from _table(findings.table)
    yield from _drawn(findings)


def _drawn(findings: Findings) -> Iterator[Named]:
    if findings.line is not None:
        yield "line intercept", findings.line.intercept
        yield "line slope", findings.line.slope
        yield "line r_squared", findings.line.r_squared
    if findings.parabola is not None:
        yield "parabola turning_point", findings.parabola.turning_point
        yield "parabola r_squared", findings.parabola.r_squared


def _test(test: Test, sizes: Sequence[int]) -> Iterator[Named]:
    if test.symbol != "phi":  # Fisher's test has no statistic; the phi beside it is Cramér's V with a sign
        yield f"{test.method} statistic", test.statistic
    if test.method not in WITHOUT_PVALUE:
        yield f"{test.method} pvalue", test.pvalue
    if test.method not in {"pearson_correlation", "spearman_correlation"}:
        for place, df in enumerate(test.df):
            yield f"{test.method} df{'' if place == 0 else f' {place + 1}'}", df
    if test.estimate is None:
        return
    if test.method in WITH_INTERVAL:
        if test.method != "pearson_correlation":
            yield f"{test.method} estimate", test.estimate.value
        yield f"{test.method} low", test.estimate.interval.low
        yield f"{test.method} high", test.estimate.interval.high
    elif test.method == "chi_square_independence":
        yield "share difference", test.estimate.value
    elif test.method == "mann_whitney_u" and len(sizes) == 2 and sizes[0] * sizes[1] <= ALL_PAIRS:
        yield f"{test.method} estimate", test.estimate.value


def _group(found: Descriptive, roles: Mapping[str, str]) -> Iterator[Named]:
    if found.group is not None:
        yield f"n of {found.group}", found.n
        yield f"median of {found.group}", found.median
        yield f"mean of {found.group}", found.mean
        yield f"sd of {found.group}", found.sd
        return
    for role in ("x", "y"):
        if roles.get(role) == found.column:
            yield f"mean of {role}", found.mean
            yield f"sd of {role}", found.sd


def _pair(pair: Pairwise) -> Iterator[Named]:
    name = f"{pair.a} - {pair.b}"
    yield f"{name} difference", pair.difference
    if pair.method == "games_howell":
        # Its p-value needs the studentized range, which scipy gives to four digits only.
        yield f"{name} games_howell statistic", pair.statistic
        yield f"{name} games_howell df", pair.df
    elif pair.method == "dunn_holm":
        yield f"{name} dunn_holm statistic", pair.statistic
        yield f"{name} dunn_holm pvalue", pair.pvalue


def _table(table: CrossTable) -> Iterator[Named]:
    for row, first in enumerate(table.row_levels):
        for column, second in enumerate(table.column_levels):
            cell = f"{first} and {second}"
            yield f"count of {cell}", table.counts[row][column]
            yield f"expected of {cell}", table.expected[row][column]
            yield f"residual of {cell}", table.adjusted_residuals[row][column]


def _described(descriptives: Sequence[Descriptive]) -> Iterator[Named]:
    for found in descriptives:
        yield f"n of {found.column}", found.n
        for part in ("mean", "sd", "minimum", "q1", "median", "q3", "maximum", "skewness"):
            yield f"{part} of {found.column}", getattr(found, part)


def _profiled(profile: Sequence[ColumnProfile]) -> Iterator[Named]:
    for column in profile:
        yield f"n of {column.name}", column.rows - column.missing
        if column.dtype not in ("integer", "number"):
            yield f"distinct of {column.name}", column.distinct
            continue
        parts = ["mean", "minimum", "median", "maximum"]
        # The program reads floating-point numbers, to which whole ones beyond 2^53 may all be alike.
        parts += [] if _rounded(column) else ["sd"]
        for part in parts:
            value = getattr(column, part)
            yield f"{part} of {column.name}", None if isinstance(value, str) else value


def _rounded(column: ColumnProfile) -> bool:
    """Return whether a column holds whole numbers so large that rounding hides how they differ."""
    low, high = column.minimum, column.maximum
    if column.dtype != "integer" or not isinstance(low, float) or not isinstance(high, float):
        return False
    largest = max(abs(low), abs(high))
    return largest > EXACT and high - low < DISTINCT_STEPS * math.ulp(largest)

"""What is missing, where it is missing together, and whether rows that lack a value differ from the others.

A link shows that values are not missing at random all over the table. That none is found shows nothing: what
decides may be the missing value itself, or a column that is not there.
"""

from dataclasses import dataclass, replace

import numpy as np

from jobs.analysis.methods.common import as_interval, effect_size
from jobs.analysis.methods.two_groups import hedges_g
from jobs.analysis.numerics import contingency, noncentral
from jobs.analysis.numerics.corrections import holm
from jobs.analysis.numerics.means import welch
from jobs.analysis.results.gaps import GapLink, Gaps
from jobs.analysis.results.result import EffectSize, Findings
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.gap_scans import GapSample, Pair

METHODS = ("missing_values",)


@dataclass(frozen=True)
class Sides:
    """Rows that lack a value and rows that have one: their numbers, and a mean or the percent of a level."""

    level: str | None
    n: tuple[int, int]
    values: tuple[float, float]


def run(sample: GapSample, *, level: float) -> Findings:
    """Give the counts, the patterns, and each link with its p-value adjusted for the number of links."""
    links = [found for pair in sample.pairs if (found := _link(pair, level)) is not None]
    adjusted = holm(np.array([link.pvalue for link in links])) if links else ()
    links = [replace(link, holm=float(p)) for link, p in zip(links, adjusted, strict=True)]
    links.sort(key=lambda link: (link.holm, link.pvalue))
    missing = sum(gap.missing for gap in sample.gaps)
    rows = sample.rows
    cells = rows * (1 if sample.column is not None else sample.table_columns)
    return Findings(
        sample=Used(sample.n_total, rows, dict(sample.dropped)),
        gaps=Gaps(
            column=sample.column,
            rows=rows,
            columns=sample.table_columns,
            lacking=sample.lacking,
            cells=cells,
            missing=missing,
            missing_percent=100.0 * missing / cells if cells else 0.0,
            complete_rows=sample.complete_rows,
            complete_percent=100.0 * sample.complete_rows / rows if rows else 0.0,
            gaps=sample.gaps,
            patterns=sample.patterns,
            patterns_found=sample.patterns_found,
            patterns_of=sample.patterns_of,
            links=tuple(links),
            tested=len(links),
        ),
    )


def _link(pair: Pair, level: float) -> GapLink | None:
    return _of_number(pair, level) if pair.moments is not None else _of_category(pair, level)


def _of_number(pair: Pair, level: float) -> GapLink | None:
    """Compare the means by Welch's test; None where neither side has any spread."""
    if pair.moments is None or sum(found.squares for found in pair.moments) == 0.0:
        return None
    missing, present = pair.moments
    found = welch(missing, present, level=level)
    effect = hedges_g(missing, present, level)
    test = ("welch_t_test", found.statistic, found.df, found.pvalue)
    sides = Sides(None, (missing.n, present.n), (missing.mean, present.mean))
    return _told(pair, effect, test, sides)


def _of_category(pair: Pair, level: float) -> GapLink | None:
    """Compare the shares of the values by chi2."""
    counts = pair.counts
    if counts is None:
        return None
    kept = counts.sum(axis=0) > 0
    counts, levels = counts[:, kept], [name for name, keep in zip(pair.levels, kept, strict=True) if keep]
    found = contingency.chi_square(counts)
    value = contingency.cramers_v(found.statistic, counts)
    limits = noncentral.chi2_limits(found.statistic, found.df, level)
    low, high = (contingency.cramers_v(limit, counts) for limit in limits)
    interval = as_interval((min(low, value), max(high, value)), level)
    effect = effect_size("cramers_v", "Cramér's V", value, interval, method="noncentral chi2", scale="r")
    n = counts.sum(axis=1)
    shares = 100.0 * counts / n[:, None]
    most = int(np.argmax(shares[0] - shares[1]))
    test = ("chi_square_independence", found.statistic, float(found.df), found.pvalue)
    sides = Sides(levels[most], (int(n[0]), int(n[1])), (float(shares[0, most]), float(shares[1, most])))
    return _told(pair, effect, test, sides)


def _told(pair: Pair, effect: EffectSize, test: tuple[str, float, float, float], sides: Sides) -> GapLink:
    method, statistic, df, pvalue = test
    return GapLink(
        column=pair.column,
        other=pair.other,
        kind="number" if pair.moments is not None else "category",
        method=method,
        statistic=statistic,
        df=df,
        pvalue=pvalue,
        holm=pvalue,
        n_missing=sides.n[0],
        n_present=sides.n[1],
        effect_name=effect.title,
        effect=effect.value,
        interval=effect.interval,
        label=effect.label,
        level=sides.level,
        where_missing=sides.values[0],
        where_present=sides.values[1],
    )

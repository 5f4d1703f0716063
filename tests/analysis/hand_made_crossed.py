"""Two categories with what scipy finds about them, for the words and the figures."""

import numpy as np
from scipy import stats

from jobs.analysis.results.result import CrossTable, EffectSize, Findings, Interval, Plan, Sample, Test
from jobs.analysis.sampling.samples import CrossSample


def crossed_plan(sample: CrossSample) -> Plan:
    return Plan(
        "association",
        "chi_square_independence",
        {"row": sample.row, "column": sample.column},
        0.95,
        "Two categories.",
    )


def crossed_findings(sample: CrossSample) -> Findings:
    found = stats.chi2_contingency(sample.counts, correction=False)
    counts, expected = sample.counts, found.expected_freq
    n = int(counts.sum())
    rows, columns = counts.sum(axis=1, keepdims=True) / n, counts.sum(axis=0, keepdims=True) / n
    residuals = (counts - expected) / np.sqrt(expected * (1 - rows) * (1 - columns))
    v = float(np.sqrt(found.statistic / (n * (min(counts.shape) - 1))))
    table = CrossTable(
        sample.row,
        sample.column,
        sample.row_levels,
        sample.column_levels,
        tuple(map(tuple, counts.tolist())),
        tuple(map(tuple, expected.tolist())),
        tuple(map(tuple, residuals.tolist())),
    )
    return Findings(
        sample=Sample(sample.n_total, n, dict(sample.dropped)),
        tests=(
            Test(
                "primary",
                "chi_square_independence",
                "Pearson's chi-squared test",
                "chi2",
                float(found.statistic),
                (float(found.dof),),
                float(found.pvalue),
                n,
            ),
        ),
        effect_sizes=(
            EffectSize(
                "cramers_v",
                "Cramer's V",
                v,
                Interval(max(0, v - 0.03), v + 0.03),
                "noncentral chi2",
                "large",
                "Funder & Ozer 2019: .1/.2/.3",
            ),
        ),
        table=table,
    )

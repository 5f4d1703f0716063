"""Findings made with scipy alone, so that words, figures and scripts are tested without the methods."""

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy import stats

from jobs.analysis.results.result import (
    Assumption,
    Descriptive,
    EffectSize,
    Estimate,
    Findings,
    Interval,
    Line,
    Pairwise,
    Plan,
    ReadAs,
    Sample,
    Test,
)
from jobs.analysis.sampling.samples import GroupedSample, PairedSample, SingleSample

PENGUINS = Path(__file__).parents[2] / "examples" / "penguins.csv"


def describe(column: str, group: str | None, values: np.ndarray) -> Descriptive:
    mean, error = float(values.mean()), float(stats.sem(values)) if values.size > 1 else 0.0
    half = float(stats.t.ppf(0.975, max(values.size - 1, 1))) * error
    low, q1, middle, q3, high = (float(v) for v in np.quantile(values, [0, 0.25, 0.5, 0.75, 1]))
    return Descriptive(
        column,
        group,
        int(values.size),
        mean,
        float(values.std(ddof=1)),
        Interval(mean - half, mean + half),
        low,
        q1,
        middle,
        q3,
        high,
        float(stats.skew(values)),
    )


def grouped_plan(sample: GroupedSample) -> Plan:
    method = "welch_t_test" if len(sample.levels) == 2 else "welch_anova"
    return Plan(
        "compare_groups",
        method,
        {"outcome": sample.outcome, "group": sample.group},
        0.9,
        "A number in groups.",
        (ReadAs("mass", sample.outcome, "part of the name"),),
    )


def grouped_findings(sample: GroupedSample) -> Findings:
    """Welch's tests with scipy; pairs by Games-Howell."""
    values = sample.values
    n = sum(v.size for v in values)
    shared = {
        "sample": Sample(sample.n_total, n, dict(sample.dropped)),
        "descriptives": tuple(
            describe(sample.outcome, level, v) for level, v in zip(sample.levels, values, strict=True)
        ),
        "assumptions": (
            Assumption("equal variances", "not needed", "Welch's test does not assume them."),
            Assumption(
                "no extreme outliers",
                "doubtful",
                "Medians are safer.",
                magnitude=3.25,
                magnitude_name="cells",
            ),
        ),
    }
    if len(values) == 2:
        t = stats.ttest_ind(*values, equal_var=False)
        limits = t.confidence_interval()
        difference = float(values[0].mean() - values[1].mean())
        u = stats.mannwhitneyu(*values)
        g = difference / float(np.sqrt((values[0].var(ddof=1) + values[1].var(ddof=1)) / 2))
        tests = (
            Test(
                "primary",
                "welch_t_test",
                "Welch's t test",
                "t",
                float(t.statistic),
                (float(t.df),),
                float(t.pvalue),
                n,
                Estimate(
                    "mean difference",
                    difference,
                    Interval(float(limits.low), float(limits.high)),
                    sample.unit,
                ),
            ),
            Test(
                "sensitivity",
                "mann_whitney_u",
                "Mann-Whitney U test",
                "U",
                float(u.statistic),
                (),
                float(u.pvalue),
                n,
            ),
        )
        label = "negligible" if abs(g) < 0.2 else "large"
        effect = EffectSize(
            "hedges_g",
            "Hedges' g",
            g,
            Interval(g - 0.4, g + 0.4),
            "noncentral t",
            label,
            "Cohen 1988: .2/.5/.8",
        )
        return Findings(tests=tests, effect_sizes=(effect,), **shared)
    f = stats.f_oneway(*values, equal_var=False)
    h = stats.kruskal(*values)
    tests = (
        Test(
            "primary",
            "welch_anova",
            "Welch's ANOVA",
            "F",
            float(f.statistic),
            (len(values) - 1.0, 189.5123),
            float(f.pvalue),
            n,
        ),
        Test(
            "sensitivity",
            "kruskal_wallis",
            "Kruskal-Wallis test",
            "H",
            float(h.statistic),
            (len(values) - 1.0,),
            float(h.pvalue),
            n,
        ),
    )
    effect = EffectSize(
        "omega_squared",
        "omega squared",
        0.6731,
        Interval(0.6201, 0.7098),
        "noncentral F",
        "large",
        "Field 2013: .01/.06/.14",
    )
    return Findings(tests=tests, effect_sizes=(effect,), posthoc=_pairs(sample), **shared)


def _pairs(sample: GroupedSample) -> tuple[Pairwise, ...]:
    """Compare each pair by Welch's t with Bonferroni's correction: quick, and enough to draw and to tell."""
    count = len(sample.levels) * (len(sample.levels) - 1) / 2
    pairs = []
    for (a, first), (b, second) in combinations(zip(sample.levels, sample.values, strict=True), 2):
        test = stats.ttest_ind(first, second, equal_var=False)
        limits = test.confidence_interval()
        shift, pvalue = float(first.mean() - second.mean()), min(1.0, float(test.pvalue) * count)
        interval = Interval(float(limits.low), float(limits.high))
        pairs.append(
            Pairwise(a, b, shift, interval, float(test.statistic), float(test.df), pvalue, "games_howell")
        )
    return tuple(pairs)


def paired_plan(sample: PairedSample) -> Plan:
    columns = {"x": sample.x, "y": sample.y}
    return Plan("relationship", "pearson_correlation", columns, 1.0, "Two numbers.", explicit=True)


def paired_findings(sample: PairedSample, *, ranks: bool = False) -> Findings:
    x, y = sample.x_values, sample.y_values
    r, rho, fit = stats.pearsonr(x, y), stats.spearmanr(x, y), stats.linregress(x, y)
    limits = r.confidence_interval()
    estimate = Estimate("correlation", float(r.statistic), Interval(float(limits.low), float(limits.high)))
    n = int(x.size)
    tests = [
        Test(
            "primary",
            "pearson_correlation",
            "Pearson correlation",
            "r",
            float(r.statistic),
            (n - 2.0,),
            float(r.pvalue),
            n,
            estimate,
        ),
        Test(
            "sensitivity",
            "spearman_correlation",
            "Spearman correlation",
            "rho",
            float(rho.statistic),
            (n - 2.0,),
            float(rho.pvalue),
            n,
            estimate,
        ),
    ]
    effect = EffectSize(
        "r", "r", float(r.statistic), estimate.interval, "Fisher z", "large", "Funder & Ozer 2019: .1/.2/.3"
    )
    half = 1.96 * float(fit.stderr)
    line = Line(
        float(fit.intercept),
        float(fit.slope),
        Interval(fit.slope - half, fit.slope + half),
        float(fit.rvalue**2),
    )
    return Findings(
        sample=Sample(sample.n_total, n, dict(sample.dropped)),
        descriptives=(describe(sample.x, None, x), describe(sample.y, None, y)),
        tests=tuple(tests[::-1] if ranks else tests),
        effect_sizes=(effect,),
        line=line,
    )


def single_plan(sample: SingleSample) -> Plan:
    return Plan("describe", "profile", {"outcome": sample.outcome}, 1.0, "One number.")


def single_findings(sample: SingleSample) -> Findings:
    return Findings(
        sample=Sample(sample.n_total, sample.values.size, dict(sample.dropped)),
        descriptives=(describe(sample.outcome, None, sample.values),),
    )


def grouped(table: list[dict[str, str]], outcome: str, group: str, unit: str | None = None) -> GroupedSample:
    rows = [row for row in table if row[outcome] != "NA" and row[group] != "NA"]
    levels = tuple(sorted({row[group] for row in rows}))
    values = tuple(np.array([float(row[outcome]) for row in rows if row[group] == level]) for level in levels)
    return GroupedSample(
        outcome, group, levels, values, len(table), {f"missing {outcome}": len(table) - len(rows)}, unit
    )


def penguin_rows() -> list[dict[str, str]]:
    with PENGUINS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))

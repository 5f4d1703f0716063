"""Questions of each kind with findings made by hand, and the words for them."""

import numpy as np

from jobs.analysis.interpret import interpret
from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import Dataset, Findings, Interpretation, Plan
from jobs.analysis.sampling.samples import CrossSample, PairedSample, SingleSample
from tests.analysis.hand_made import (
    grouped,
    grouped_findings,
    grouped_plan,
    paired_findings,
    paired_plan,
    penguin_rows,
    single_findings,
    single_plan,
)
from tests.analysis.hand_made_crossed import crossed_findings, crossed_plan
from tests.analysis.hand_made_profile import category_column, number_column, penguin_table

RNG = np.random.default_rng(20140305)

Told = tuple[Plan, Findings, tuple[ColumnProfile, ...]]


def by_group(outcome: str, group: str) -> Told:
    sample = grouped(penguin_rows(), outcome, group, unit="g")
    profile = (number_column(outcome, np.concatenate(sample.values), "g"), category_column(group, {"a": 3}))
    return grouped_plan(sample), grouped_findings(sample), profile


def two_numbers(slope: float, *, ranks: bool = False) -> Told:
    x = RNG.normal(100, 15, 120)
    sample = PairedSample(
        "height", "weight", x, slope * x + RNG.normal(0, 20, 120), 125, {"missing weight": 5}
    )
    profile = (number_column("height", x, "cm"), number_column("weight", sample.y_values, "kg"))
    return paired_plan(sample), paired_findings(sample, ranks=ranks), profile


def two_categories(counts: list[list[int]]) -> Told:
    table = np.array(counts)
    sample = CrossSample(
        "class", "survived", ("1st", "2nd", "3rd"), ("no", "yes"), table, int(table.sum()), {}
    )
    profile = (category_column("class", {"1st": 1}), category_column("survived", {"no": 1}))
    return crossed_plan(sample), crossed_findings(sample), profile


def one_number() -> Told:
    values = RNG.lognormal(3, 1, 300)
    sample = SingleSample("price", values, 310, {"missing price": 10}, "EUR")
    return single_plan(sample), single_findings(sample), (number_column("price", values, "EUR"),)


CASES = {
    "three groups": by_group("body_mass_g", "species"),
    "two groups": by_group("bill_depth_mm", "sex"),
    "groups alike": by_group("bill_depth_mm", "year"),
    "two numbers": two_numbers(1.5),
    "falling": two_numbers(-0.8),
    "unrelated": two_numbers(0.0),
    "ranks": two_numbers(0.9, ranks=True),
    "categories": two_categories([[80, 136], [97, 87], [372, 119]]),
    "categories alike": two_categories([[50, 51], [48, 50], [90, 92]]),
    "one number": one_number(),
}


def told(case: Told, dataset: Dataset | None = None) -> Interpretation:
    plan, findings, profile = case
    return interpret(dataset or penguin_table(), plan, findings, profile)

"""P-values adjusted for their number, against R."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.numerics.corrections import benjamini_hochberg, holm
from tests.analysis.methods.reference import close

CASES = json.loads((Path(__file__).parents[2] / "data/r/corrections.json").read_text())["cases"]  # R 4.2


@pytest.mark.agrees("Corrections", "Holm, Benjamini-Hochberg", "p.adjust")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_adjusted_p_values_are_those_of_r(case):
    raw = np.array(case["p"], dtype=float)

    assert holm(raw) == close(case["holm"], rel=1e-12)
    assert benjamini_hochberg(raw) == close(case["bh"], rel=1e-12)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_order_of_the_questions_does_not_matter(case):
    raw = np.array(case["p"], dtype=float)
    order = np.random.default_rng(3).permutation(raw.size)

    for adjust in (holm, benjamini_hochberg):
        assert adjust(raw[order]) == close(adjust(raw)[order], rel=1e-12)


def test_nothing_to_adjust_is_nothing_adjusted():
    assert holm(np.array([])).size == benjamini_hochberg(np.array([])).size == 0

"""The studentized range against its definition, integrated by R more finely than by its `ptukey`."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.numerics import studentized
from tests.analysis.methods.reference import close

REFERENCE = json.loads((Path(__file__).parents[2] / "data/r/studentized.json").read_text())


@pytest.mark.agrees("Studentized range", "p", "integrate, of its definition")
@pytest.mark.parametrize(
    "case", REFERENCE["tails"], ids=lambda case: f"q={case['q']} k={case['groups']} df={case['df']}"
)
def test_tails_equal_the_definition(case):
    found = studentized.upper_tail(np.array([case["q"]]), case["groups"], np.array([case["df"]]))

    assert found[0] == close(case["p"], rel=1e-9, abs_=1e-12)


@pytest.mark.agrees("Studentized range", "critical values", "integrate, of its definition")
@pytest.mark.parametrize(
    "case", REFERENCE["quantiles"], ids=lambda case: f"k={case['groups']} df={case['df']}"
)
def test_critical_values_equal_the_definition(case):
    assert studentized.critical(0.95, case["groups"], case["df"]) == close(case["q"], rel=1e-8)

"""The arithmetic keeps the digits that NIST certifies for its Statistical Reference Datasets (StRD)."""

import json
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest
import scipy.stats

from jobs.analysis.numerics.least_squares import fit
from jobs.analysis.numerics.linear_model import fit_model
from jobs.analysis.numerics.means import decompose
from jobs.analysis.numerics.moments import moments
from tests.analysis.agreement import assert_digits

SHIPPED = Path(scipy.stats.__file__).parent / "tests/data"  # part of the data sets come with scipy
KEPT = Path(__file__).parents[2] / "data/nist"
REGRESSION = json.loads((KEPT / "regression.json").read_text())["cases"]


def shipped_rows(path: Path) -> np.ndarray:
    return np.array(
        [line.split() for line in path.read_text().splitlines()[60:] if line.strip()], dtype=float
    )


def alternating(first: float, low: float, high: float) -> list[float]:
    return [first, *islice(cycle([low, high]), 1000)]


UNIVARIATE = [
    *(
        (one["name"], one["values"], one["mean"], one["sd"])
        for one in json.loads((KEPT / "univariate.json").read_text())["cases"]
    ),
    ("NumAcc2", alternating(1.2, 1.1, 1.3), 1.2, 0.1),
    ("NumAcc3", alternating(1000000.2, 1000000.1, 1000000.3), 1000000.2, 0.1),
    ("NumAcc4", alternating(10000000.2, 10000000.1, 10000000.3), 10000000.2, 0.1),
]


@pytest.mark.agrees("Description of one number", "mean, standard deviation", "NIST")
@pytest.mark.parametrize(
    ("values", "mean", "sd"), [row[1:] for row in UNIVARIATE], ids=[r[0] for r in UNIVARIATE]
)
def test_mean_and_standard_deviation_have_eight_certified_digits(values, mean, sd):
    found = moments(np.array(values, dtype=float))

    assert_digits(found.mean, mean, at_least=8)
    assert_digits(found.sd, sd, at_least=8)


# SmLs07 to SmLs09 vary in the 13th digit of their values only.
ANOVA = dict.fromkeys(("SiRstv", "AtmWtAg", *(f"SmLs0{place}" for place in range(1, 7))), 9)
ANOVA |= {f"SmLs0{place}": 4 for place in (7, 8, 9)}


@pytest.mark.agrees("Classic ANOVA", "F", "NIST")
@pytest.mark.parametrize(("name", "needed"), ANOVA.items())
def test_classic_f_has_the_certified_digits(name, needed):
    path = SHIPPED / f"nist_anova/{name}.dat"
    between = next(line for line in path.read_text().splitlines() if line.startswith("Between"))
    rows = shipped_rows(path)

    parts = decompose([moments(rows[rows[:, 0] == level, 1]) for level in np.unique(rows[:, 0])])

    assert_digits(parts.ratio.statistic, float(between.split()[-1]), at_least=needed)


@pytest.mark.agrees("Line", "intercept, slope, R2 of one column", "NIST")
@pytest.mark.parametrize("name", ["Norris"])
def test_a_line_has_nine_certified_digits(name):
    rows = shipped_rows(SHIPPED / f"nist_linregress/{name}.dat")

    found = fit([rows[:, 1]], rows[:, 0])

    # certified: www.itl.nist.gov/div898/strd, Norris
    assert_digits(found.intercept, -0.262323073774029, at_least=9)
    assert_digits(found.slopes[0], 1.00211681802045, at_least=9)
    assert_digits(found.r_squared, 0.999993745883712, at_least=9)


@pytest.mark.agrees("Linear regression", "coefficients, errors, R2, residual sd", "NIST")
@pytest.mark.parametrize("case", REGRESSION, ids=[case["name"] for case in REGRESSION])
def test_coefficients_and_errors_have_six_certified_digits(case):
    y = np.array(case["y"], dtype=float)
    columns = [np.array(x, dtype=float) for x in case["x"]]
    if case["degree"] > 1:
        columns = [columns[0] ** power for power in range(1, case["degree"] + 1)]

    model = fit_model(columns, y, intercept=case["intercept"])

    for found, certified in zip(model.coefficients, case["coefficients"], strict=True):
        assert_digits(found, certified, at_least=6)
    assert_digits(model.r_squared, case["r_squared"], at_least=6)
    if case["residual_sd"]:
        for found, certified in zip(model.errors, case["errors"], strict=True):
            assert_digits(found, certified, at_least=6)
        assert_digits(float(np.sqrt(model.variance)), case["residual_sd"], at_least=6)
    else:  # an exact polynomial: what is left is rounding beside values up to three million
        assert np.sqrt(model.variance) <= 1e-9 * np.ptp(y)

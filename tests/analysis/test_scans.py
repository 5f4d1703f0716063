"""Values that lie far out, and shapes of distributions, from the question to the figure."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.numerics.normality import anderson_darling, dagostino_pearson, order_band
from jobs.analysis.numerics.outlying import outlying
from jobs.analysis.sampling.shapes import ShapeSample
from jobs.errors import TooFewValues, UnsuitableData
from tests.analysis.methods.reference import a_pvalue, close, explicit, test_of
from tests.analysis.whole import answered, table

CASES = json.loads((Path(__file__).parents[1] / "data/r/scan.json").read_text())["columns"]
in_each = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
# Values near a million with a spread of one: R's sums keep so many digits fewer.
digits = {"far from zero": 1e-7}


@pytest.mark.agrees("Values far out", "quartiles, fences, counts, rows", "quantile, IQR, mad")
@in_each
def test_values_far_out_their_rows_and_scores_equal_r(case):
    expected = case["outliers"]

    found = outlying(np.array(case["data"], dtype=float))

    assert [found.q1, found.median, found.q3] == close(expected["quartiles"])
    assert [found.beyond, found.far_beyond, found.by_score, found.places.size] == expected["counts"]
    assert sorted((found.places + 1).tolist()) == expected["rows"]
    if found.fences is not None:
        assert [*found.fences, *found.far_fences] == close(expected["fences"])


@pytest.mark.agrees("Values far out", "scores, what is left without them", "mad, mean, sd, median")
@in_each
def test_a_whole_scan_tells_the_numbers_of_r(case, tmp_path):
    expected, source = case["outliers"], tmp_path / "t.csv"
    source.write_text("\n".join(["id,v", *(f"r{n},{value!r}" for n, value in enumerate(case["data"]))]))

    scan = answered(source, tmp_path / "p", method="outliers", columns={"outcome": "v"}).findings.outliers[0]

    scores = dict(zip(expected["rows"], expected["scores"], strict=True))
    assert {one.row for one in scan.outliers} == set(scores)
    assert [one.score for one in scan.outliers] == close([scores[one.row] for one in scan.outliers])
    if scan.without is not None:
        told = [scan.without.n, scan.without.mean, scan.without.sd, scan.without.median]
        assert told == close(expected["without"])


def test_equal_values_have_no_fences_and_no_scores():
    found = outlying(np.array([4.0] * 20))

    assert (found.fences, found.score_limits, found.places.size) == (None, None, 0)


@pytest.mark.agrees(
    "Shape of a distribution",
    "skewness, kurtosis, errors, Shapiro-Wilk, Anderson-Darling",
    "e1071, shapiro.test, formulas",
)
@in_each
def test_the_shape_and_its_tests_equal_r(case):
    expected, values = case["shape"], np.array(case["data"], dtype=float)
    rel = digits.get(case["name"], 1e-9)

    found = methods.run(explicit("normality"), ShapeSample("x", values, values.size, {}))

    shape = found.shape
    assert [shape.skewness, shape.skewness_error] == close(expected["skewness"], rel=rel)
    assert [shape.kurtosis, shape.kurtosis_error] == close(expected["kurtosis"], rel=rel)
    assert shape.within_percent == close(expected["within"])
    w, a = test_of(found, "shapiro_wilk"), test_of(found, "anderson_darling")
    assert (w.statistic, w.pvalue) == (
        close(expected["shapiro"][0], rel=1e-7),
        close(expected["shapiro"][1], rel=1e-5),
    )
    assert [a.statistic, a.pvalue] == close(expected["anderson"], rel=rel)


@pytest.mark.agrees("Shape of a distribution", "D'Agostino-Pearson", "formulas")
@pytest.mark.parametrize(
    "case", [case for case in CASES if len(case["data"]) >= 20], ids=lambda case: case["name"]
)
def test_skewness_and_kurtosis_together_equal_r(case):
    statistic, p = case["shape"]["dagostino"]

    found = dagostino_pearson(np.array(case["data"], dtype=float))

    rel = digits.get(case["name"], 1e-9)
    assert found[0] == close(statistic, rel=rel)
    assert found[1] == (a_pvalue(p) if rel == 1e-9 else close(p, rel=rel))


def test_a_shape_far_from_normal_has_the_smallest_p_that_is_tabled():
    assert anderson_darling(np.array([0.0] * 500 + [1e6]))[1] == 3.7e-24


def test_the_band_holds_as_many_normal_samples_as_it_says():
    rng, places = np.random.default_rng(3), np.array([0, 4, 20, 39])

    low, high = order_band(places, 40, 0.9)

    drawn = np.sort(rng.normal(size=(20_000, 40)), axis=1)[:, places]
    held = np.mean((drawn >= low) & (drawn <= high), axis=0)
    assert held == pytest.approx([0.9] * 4, abs=0.011)  # five standard errors of 20,000 samples


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        (np.random.default_rng(1).normal(size=9_000), "close to normal"),
        (np.random.default_rng(2).gamma(9.0, size=9_000), "not far from normal"),
        (np.random.default_rng(3).lognormal(size=9_000), "far from normal"),
    ],
)
def test_many_values_are_judged_by_size_not_by_a_test(values, verdict, tmp_path):
    source = tmp_path / "t.csv"
    source.write_text("\n".join(["n,v", *(f"{n},{value:.6f}" for n, value in enumerate(values))]))

    found = answered(source, tmp_path / "p", method="normality", columns={"outcome": "v"}).findings

    assert found.shape.verdict == verdict
    assert [test.method for test in found.tests] == ["dagostino_pearson", "anderson_darling"]


def test_outliers_are_told_by_row_and_what_they_change(tmp_path):
    found = answered(table("airquality"), tmp_path / "p", question="any weird values in Ozone?")

    said = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    assert found.interpretation.headline == "2 of 116 values of Ozone lie far out (up to 168)"
    assert "Row 117: 168, beyond the fence, modified z 5.3" in said
    assert "With and without them: mean 42 and 40" in said
    assert found.plots[0].id == "outliers"


def test_a_whole_table_is_looked_through_and_what_cannot_be_is_told(tmp_path):
    source = tmp_path / "t.csv"
    rows = [
        f"{n * 37 % 101},{'' if n > 3 else n}.5,{n * 7 % 23 + (900 if n == 20 else 0)}.25,x{n}"
        for n in range(60)
    ]
    source.write_text("\n".join(["a,thin,b,name", *rows]).replace(",.5,", ",,"))

    found = answered(source, tmp_path / "p", method="outliers")

    assert [(scan.column, scan.marked) for scan in found.findings.outliers] == [("a", 0), ("b", 1)]
    assert [(one.column, "at least 5" in one.reason) for one in found.findings.skipped] == [("thin", True)]
    assert found.findings.outliers[1].outliers[0].row == 21
    assert "1 of 2 columns holds values that lie far out" in found.interpretation.headline


def test_columns_beyond_the_fiftieth_are_named_as_not_looked_at(tmp_path):
    names = [f"c{chr(97 + place // 9)}{chr(97 + place % 9)}" for place in range(52)]
    rows = [",".join(f"{(row * 31 + place * 7) % 97}.25" for place in range(52)) for row in range(40)]
    source = tmp_path / "t.csv"
    source.write_text("\n".join([",".join(names), *rows, ""]))

    found = answered(source, tmp_path / "p", method="outliers")

    assert len(found.findings.outliers) == 50
    said = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    assert f"Not looked at, since there are too many columns at once: {names[50]} and {names[51]}." in said


def test_rows_keep_their_numbers_where_only_some_are_looked_through(tmp_path):
    found = answered(
        table("airquality"),
        tmp_path / "p",
        method="outliers",
        columns={"outcome": "Ozone"},
        where=[("Month", "at_least", (8,))],
    )

    assert found.findings.outliers[0].outliers[0].row == 117


def test_the_shape_is_told_with_what_it_means_for_means(tmp_path):
    found = answered(table("birds"), tmp_path / "p", question="is body mass normally distributed?")

    said = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    assert "body_mass_g is close to normal in shape" in found.interpretation.headline
    assert "so t tests and analyses of variance of groups that large can be used" in said
    assert "departures too small to matter" in said
    assert found.plots[0].id == "normality"


def test_few_skewed_values_are_not_said_to_suffice(tmp_path):
    source = tmp_path / "t.csv"
    source.write_text("\n".join(["k,v", *(f"k{n},{2.0**n}" for n in range(12))]))

    found = answered(source, tmp_path / "p", method="normality", columns={"outcome": "v"})

    assert any("12 rows are few" in sentence.text for sentence in found.interpretation.paragraphs)


@pytest.mark.parametrize("text", ["a\n3\n", "a,b\nx,1\ny,1\nx,1\n"])
def test_a_table_without_numbers_that_vary_is_refused_in_words(text, tmp_path):
    source = tmp_path / "t.csv"
    source.write_text(text)

    with pytest.raises(UnsuitableData, match="none in the table holds numbers that vary"):
        answered(source, tmp_path / "p", method="outliers")


@pytest.mark.parametrize("method", ["outliers", "normality"])
@pytest.mark.parametrize("rows", [9, 30_000])
def test_odd_names_and_sizes_stay_whole(method, rows, tmp_path):
    name = "体重 of $x$ after a very long campaign_(kg) {_^}"
    drawn = np.random.default_rng(rows).standard_t(2, rows)
    source = tmp_path / "odd.csv"
    source.write_text(
        "\n".join([f"key,{name}", *(f"k{n},{v:.6f}" for n, v in enumerate(drawn))]), encoding="utf-8"
    )

    found = answered(source, tmp_path / "p", method=method, columns={"outcome": name})

    assert found.findings.sample.n_used == rows
    assert (tmp_path / "p" / found.plots[0].files["svg"]).stat().st_size < 300_000


@pytest.mark.parametrize("method", ["outliers", "normality"])
@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        (["1.5", "2", "3"], TooFewValues, "at least"),
        (["1e200", "2e200", "3e200"] * 9, UnsuitableData, "another unit"),
    ],
)
def test_values_that_cannot_be_judged_are_refused(method, values, error, says, tmp_path):
    source = tmp_path / "t.csv"
    source.write_text("\n".join(["key,v", *(f"k{n},{value}" for n, value in enumerate(values))]))

    with pytest.raises(error, match=says):
        answered(source, tmp_path / "p", method=method, columns={"outcome": "v"})

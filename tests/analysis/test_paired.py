"""Two measures of the same rows, from the question to the figure."""

from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.planning.planner import plan
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.analysis.tables.ingest import ingest
from jobs.errors import TooFewValues, UnsuitableData
from tests.analysis.whole import answered, table

BEFORE_AFTER = {"first": "blood_pressure_before", "second": "blood_pressure_after"}
LONG = {"outcome": "extra", "group": "group", "subject": "ID"}


def read(name: str, question: str, cache: Path) -> Plan:
    source = table(name)
    return plan(question, ingest(source, cache, name=source.name).columns)


@pytest.mark.parametrize(
    ("name", "question", "columns"),
    [
        ("trial", "Did blood pressure go down from before to after?", BEFORE_AFTER),
        ("trial", "bp before vs after", BEFORE_AFTER),
        ("trial", "blood_pressure_after vs blood_pressure_before", BEFORE_AFTER),
        ("trial", "does blood pressure change?", BEFORE_AFTER),
        ("trial", "Has the blood pressure improved?", BEFORE_AFTER),
        ("trial", "Is blood_pressure_after lower than blood_pressure_before?", BEFORE_AFTER),
        ("trial", "paired t-test on blood pressure before and after", BEFORE_AFTER),
        (
            "birds",
            "Is bill length larger than bill depth?",
            {"first": "bill_length_mm", "second": "bill_depth_mm"},
        ),
        ("sleep", "Compare extra between the two groups for the same ID (paired)", LONG),
        ("sleep", "paired test of extra by group", LONG),
    ],
)
def test_questions_about_changes_of_the_same_rows_are_read(name, question, columns, table_cache):
    found = read(name, question, table_cache)

    assert (found.method, found.intent, found.columns) == ("paired_t_test", "compare_paired", columns)
    assert not found.needs_clarification


@pytest.mark.parametrize(
    ("name", "question", "says"),
    [
        (
            "trial",
            "blood pressure before and after by treatment",
            "by 'treatment' with 'blood_pressure_before' held equal",
        ),
        ("trial", "Did happiness change from before to after?", "No column was found for 'happiness'"),
        ("trial", "blood pressure before vs after for the first 20 patients", "some of the rows"),
        ("trial", "variance of blood pressure before and after", "asks for 'variance'"),
        ("birds", "paired comparison of body mass by sex", "says whose each row is"),
        ("birds", "compare bill length with body mass", "two numbers of one kind and unit"),
    ],
)
def test_a_change_that_cannot_be_told_is_asked_back(name, question, says, table_cache):
    found = read(name, question, table_cache)

    assert (found.method, found.needs_clarification) == ("profile", True)
    assert says in found.because


@pytest.mark.parametrize(
    ("question", "method"),
    [
        ("correlation of blood pressure before and after", "pearson_correlation"),
        ("Is blood pressure before higher in the placebo group?", "welch_anova"),
    ],
)
def test_other_questions_about_such_columns_are_read_as_ever(question, method, table_cache):
    assert read("trial", question, table_cache).method == method


def test_groups_of_the_same_subjects_are_compared_within_them_unasked(tmp_path):
    found = answered(table("sleep"), tmp_path / "p", question="does extra differ by group")

    # R 4.2: with(sleep, t.test(extra[group == 2], extra[group == 1], paired = TRUE))
    paired = next(test for test in found.findings.tests if test.method == "paired_t_test")
    assert found.plan.columns == {"outcome": "extra", "group": "group", "subject": "ID"}
    assert paired.statistic == pytest.approx(4.0621276833820366, rel=1e-9)
    assert paired.pvalue == pytest.approx(0.0028328901973842702, rel=1e-9)
    assert paired.estimate.value == pytest.approx(1.58, rel=1e-9)


def test_a_change_is_told_with_its_direction_and_drawn(tmp_path):
    found = answered(
        table("trial"), tmp_path / "p", question="Did blood pressure go down from before to after?"
    )

    # R 4.2: t.test(after, before, paired = TRUE) on tests/data/tables/trial.tsv: t = -13.04, df = 119
    assert (
        found.interpretation.headline
        == "blood_pressure_after is lower than blood_pressure_before, on average by 7.9"
    )
    assert found.interpretation.apa.startswith("t(119) = -13.04, p < .001, 95% CI [-9.06, -6.67]; Cohen's dz")
    assert [plot.id for plot in found.plots] == ["paired", "overview"]


def test_measures_below_each_other_are_paired_by_subject(tmp_path):
    found = answered(
        table("sleep"),
        tmp_path / "p",
        question="Compare extra between the two groups for the same ID (paired)",
    )

    # Ten skewed changes: ranks lead. R 4.2: wilcox.test(paired = TRUE): V = 0 of the other sign, p = 0.00909
    assert (found.plan.method, found.findings.sample.n_used) == ("wilcoxon_signed_rank", 20)
    assert "so the changes are compared by rank" in found.plan.because
    assert (
        "extra is higher where group is 2 than where it is 1, typically by" in found.interpretation.headline
    )
    assert found.findings.tests[0].pvalue == pytest.approx(0.009090698, rel=1e-6)


@pytest.mark.parametrize("method", ["paired_t_test", "wilcoxon_signed_rank"])
def test_each_method_can_be_given(method, tmp_path):
    found = answered(table("trial"), tmp_path / "p", method=method, columns=BEFORE_AFTER)

    assert (found.plan.method, found.findings.tests[0].method) == (method, method)


@pytest.mark.parametrize("rows", [3, 40, 3_000])
def test_odd_names_and_sizes_stay_whole(rows, tmp_path):
    rng = np.random.default_rng(rows)
    source = tmp_path / "odd.csv"
    first, second = (
        "Cost in $ before $x$ of a very long campaign_(USD)",
        "体重 after {_^} of a long one_(USD)",
    )
    body = (f"{a:.3f},{a + b:.3f}" for a, b in rng.normal((50, 0.1), (9, 1), (rows, 2)))
    source.write_text("\n".join([f"{first},{second}", *body, ",5", ""]), encoding="utf-8")

    found = answered(
        source, tmp_path / "p", method="paired_t_test", columns={"first": first, "second": second}
    )

    assert found.findings.sample.dropped == {f"missing {first}": 1}
    assert (tmp_path / "p" / found.plots[0].files["svg"]).stat().st_size < 300_000


def sample(*rows: tuple[float, float]) -> RepeatedSample:
    return RepeatedSample(None, ("a", "b"), np.array(rows, dtype=float), len(rows), {})


def test_the_same_change_in_every_row_is_refused():
    with pytest.raises(UnsuitableData, match="'b' minus 'a' is 2 in all 4 rows"):
        methods.run(
            Plan("t", "paired_t_test", {}, 1.0, "", explicit=True), sample((1, 3), (2, 4), (5, 7), (9, 11))
        )


def test_a_subject_with_two_values_in_one_group_is_refused(tmp_path):
    source = tmp_path / "twice.csv"
    rows = [f"{n},{'ab'[n % 2]},s{n // 2}" for n in range(12)]
    source.write_text("\n".join(["v,g,who", *rows, "3,a,s1", ""]))

    with pytest.raises(UnsuitableData, match="'who' s1 has 2 values of 'v' where 'g' is a"):
        answered(
            source,
            tmp_path / "p",
            method="paired_t_test",
            columns={"outcome": "v", "group": "g", "subject": "who"},
        )


def test_too_few_whole_rows_are_refused(tmp_path):
    source = tmp_path / "few.csv"
    source.write_text("a,b\n1,2\n2,\n,5\n4,7\n")

    with pytest.raises(TooFewValues, match="2 of 4 rows have all of 'a' and 'b'"):
        answered(source, tmp_path / "p", method="paired_t_test", columns={"first": "a", "second": "b"})

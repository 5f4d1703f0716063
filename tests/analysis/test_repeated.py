"""Three and more measures of the same rows, from the question to the figure."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.planning.planner import plan
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.analysis.tables.ingest import ingest
from jobs.errors import UnsuitableData
from tests.analysis.methods.reference import a_pvalue, assert_limits, close, effect_of, explicit
from tests.analysis.whole import answered

R = Path(__file__).parents[1] / "data/r/repeated.json"
CASES = json.loads(R.read_text())["cases"]
cases = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


def sample_of(case) -> RepeatedSample:
    values = np.array(case["data"], dtype=float)
    names = tuple(f"m{place}" for place in range(values.shape[1]))
    return RepeatedSample(None, names, values, len(values), {})


@pytest.mark.agrees(
    "Repeated measures ANOVA",
    "F, p, epsilon, Mauchly, partial eta2, limits, pairs",
    "anova.mlm, mauchly.test",
)
@cases
def test_the_f_test_within_rows_equals_r(case):
    expected = case["expected"]

    found = methods.run(explicit("repeated_measures_anova"), sample_of(case))

    # R subtracts larger numbers from each other than we do: 1e-8 of an F that is nearly 0
    assert found.tests[0].statistic == close(expected["f"], abs_=1e-13)
    assert found.tests[0].pvalue == a_pvalue(expected["gg"])
    assert found.assumptions[0].magnitude == close(expected["epsilon"])
    if expected["mauchly"]:  # not with fewer rows than measures
        assert found.assumptions[0].statistic == close(expected["mauchly"]["w"])
        assert found.assumptions[0].pvalue == close(expected["mauchly"]["p"])
    eta = effect_of(found, "partial_eta_squared")
    assert eta.value == close(expected["eta"]["value"])
    low, high = expected["eta"]["interval"]
    assert_limits(eta, low, high)
    assert [pair.pvalue for pair in found.posthoc] == a_pvalue(expected["t"])  # Holm over all pairs


@pytest.mark.agrees("Friedman", "chi2, p, Kendall's W, pairs", "friedman.test")
@cases
def test_ranks_within_rows_equal_r(case):
    expected = case["expected"]

    found = methods.run(explicit("friedman_test"), sample_of(case))

    assert found.tests[0].statistic == close(expected["friedman"]["chi2"])
    assert found.tests[0].pvalue == a_pvalue(expected["friedman"]["p"])
    w = effect_of(found, "kendall_w")
    assert w.value == close(expected["kendall"])
    assert w.interval.low <= w.value <= w.interval.high
    assert [pair.pvalue for pair in found.posthoc] == close(expected["wilcoxon"])


WEEKS = {"measure_1": "pain_week_1", "measure_2": "pain_week_2", "measure_3": "pain_week_10"}


def wide(
    folder: Path, rows: int, *, step: float = 1.0, names: tuple[str, ...] = tuple(WEEKS.values())
) -> Path:
    rng = np.random.default_rng(rows)
    people = rng.normal(60, 9, (rows, 1)) + rng.normal(0, 2, (rows, 3)) - step * np.arange(3)
    body = (",".join([f"p{n}", *(f"{value:.2f}" for value in row)]) for n, row in enumerate(people))
    source = folder / "wide.csv"
    source.write_text("\n".join([",".join(["person", *names]), *body, ""]), encoding="utf-8")
    return source


def long(folder: Path) -> Path:
    rng = np.random.default_rng(5)
    rows = [
        f"{person},{visit},{50 + 3 * place + 4 * (person % 7) + rng.normal():.3f}"
        for person in range(1, 41)
        for place, visit in enumerate(("day 1", "day 2", "day 10"))
    ]
    source = folder / "long.csv"
    source.write_text("\n".join(["subject_id,visit,score", *rows, "41,day 2,55.5", ""]))
    return source


@pytest.mark.parametrize(
    "question", ["did pain change over the weeks?", "Does pain differ between week 1, week 2 and week 10?"]
)
def test_measures_of_a_series_are_compared_within_the_rows(question, tmp_path):
    found = answered(wide(tmp_path, 60, step=4), tmp_path / "p", question=question)

    assert (found.plan.method, found.plan.columns) == ("repeated_measures_anova", WEEKS)
    assert found.interpretation.headline.startswith("The measures differ: highest pain_week_1 (mean ")
    assert found.interpretation.apa.startswith("F(")
    assert [plot.id for plot in found.plots] == ["repeated", "overview"]


def test_measures_below_each_other_are_compared_within_subjects(tmp_path):
    found = answered(
        long(tmp_path), tmp_path / "p", question="does score differ between the visits of the same subject?"
    )

    assert (found.plan.method, found.plan.columns["subject"]) == ("repeated_measures_anova", "subject_id")
    assert found.findings.sample.dropped == {"subject_id without every value of visit": 1}
    assert found.findings.sample.n_used == 120
    assert [one.group for one in found.findings.descriptives] == ["day 1", "day 2", "day 10"]


@pytest.mark.parametrize("method", ["repeated_measures_anova", "friedman_test"])
@pytest.mark.parametrize("rows", [4, 600])
def test_each_method_can_be_given(method, rows, tmp_path):
    names = ("Cost of $x$ in a very long campaign", "体重 of a long {_^} campaign", "third")
    columns = {f"measure_{place}": name for place, name in enumerate(names, 1)}

    found = answered(wide(tmp_path, rows, names=names), tmp_path / "p", method=method, columns=columns)

    assert found.plan.method == method
    assert (tmp_path / "p" / found.plots[0].files["svg"]).stat().st_size < 300_000


def test_a_series_with_another_column_is_asked_back(tmp_path):
    source = wide(tmp_path, 40)
    text = source.read_text().splitlines()
    source.write_text(
        "\n".join([f"{text[0]},arm", *(f"{line},{'ab'[n % 2]}" for n, line in enumerate(text[1:])), ""])
    )
    columns = ingest(source, tmp_path / "cache", name="wide.csv").columns

    found = plan("did pain change over the weeks by arm?", columns)

    assert found.needs_clarification
    assert "whether it goes with 'arm' cannot" in found.because


def test_the_same_steps_in_every_row_are_refused():
    values = np.arange(6.0)[:, None] + np.array([0.0, 1.0, 3.0])

    with pytest.raises(UnsuitableData, match="by the same amounts in all 6 rows"):
        methods.run(explicit("repeated_measures_anova"), RepeatedSample(None, ("a", "b", "c"), values, 6, {}))

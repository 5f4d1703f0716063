"""Two numbers that go together, but not in one direction: what is told, drawn and computed again."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from jobs.analysis import methods, plots, script
from jobs.analysis.methods.bends import curve_of
from jobs.analysis.planning.planner import explicit_plan
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling import samples
from jobs.analysis.sampling.samples import PairedSample
from jobs.analysis.tables.ingest import ingest
from jobs.analysis.tables.profile import profile
from jobs.analysis.words import numbers
from jobs.progress import silent
from tests.analysis.hand_made_told import told
from tests.analysis.methods.reference import close
from tests.analysis.test_interpret import allowed, at, numbers_in, results_of, stands_for

CASES = json.loads((Path(__file__).parents[1] / "data/r/parabola.json").read_text())["cases"]
OPEN = Plan("relationship", "pearson_correlation", {"x": "dose", "y": "pay"}, 0.9, "A guess.")
VALLEY = np.linspace(-3, 3, 120)
NOISE = np.random.default_rng(20140305).normal(size=120)


def paired(x, y) -> PairedSample:
    return PairedSample("dose", "pay", np.asarray(x, float), np.asarray(y, float), len(x), {})


def answered(sample: PairedSample) -> tuple[Plan, Findings]:
    chosen = methods.choose(OPEN, sample)
    return chosen, methods.run(chosen, sample)


@pytest.mark.agrees("Correlation", "parabola against a line", "anova, lm")
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_parabola_against_a_line_agrees_with_r(case):
    found = curve_of(np.array(case["x"], float), np.array(case["y"], float))

    names = ("turning_point", "curvature", "r_squared")
    assert [getattr(found.parabola, name) for name in names] == close([case[name] for name in names])
    assert (found.statistic, found.pvalue) == close((case["f"], case["p"]))


@pytest.mark.parametrize(("way", "extreme"), [(1, "lowest"), (-1, "highest")])
def test_a_relation_that_turns_round_is_told_and_not_denied(way, extreme):
    chosen, findings = answered(paired(VALLEY, way * VALLEY**2 + NOISE))

    answer, results = told((chosen, findings, ())), results_of((chosen, findings, ()))

    assert answer.headline.startswith(f"dose and pay go together, but not in one direction: pay is {extreme}")
    assert "Neither Pearson's correlation nor one of ranks" in chosen.because
    test = next(test for test in findings.tests if test.method == "parabola_against_line")
    assert (test.df, test.pvalue < 1e-20) == ((1.0, 117.0), True)
    explained = f"{findings.parabola.r_squared:.2f}".removeprefix("0")
    assert (
        answer.apa
        == f"F(1, 117) = {numbers.number(test.statistic)}, p < .001; R² of a parabola = {explained}"
    )
    assert [n for n in numbers_in(answer.headline) if not stands_for(n, allowed(results))] == []
    for sentence in answer.paragraphs:
        held = set().union(*(allowed(at(results, pointer)) for pointer in sentence.pointers), set())
        assert [n for n in numbers_in(sentence.text) if not stands_for(n, held)] == [], sentence.text
        assert "do not show" not in sentence.text


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (VALLEY, 1 - np.exp(-1.2 * (VALLEY + 3)) + NOISE / 20),
        (VALLEY + 4, np.log(VALLEY + 3.05) + NOISE / 10),
        (VALLEY, np.exp(VALLEY) + NOISE),
    ],
    ids=["levels off", "logarithm", "exponential"],
)
def test_a_bend_that_keeps_its_direction_is_left_to_ranks(x, y):
    chosen, findings = answered(paired(x, y))

    assert chosen.method == "spearman_correlation"
    assert "is bent" in chosen.because
    assert findings.parabola is None


@pytest.mark.parametrize(("size", "noise"), [(9, 2.0), (50, 5.0)])
def test_a_turn_without_evidence_is_told_as_a_possibility(size, noise):
    x = np.linspace(-3, 3, size)
    random = np.random.default_rng(1)
    found = [answered(paired(x, x**2 + noise * random.normal(size=size))) for _ in range(30)]

    linear = [next(one for one in f.assumptions if one.name.startswith(("lin", "one d"))) for _, f in found]
    texts = [one.consequence for (_, f), one in zip(found, linear, strict=True) if f.parabola is None]
    assert any("may turn round" in text for text in texts)
    assert not any("relation turns round" in text for text in texts)
    assert size > 20 or all(f.parabola is None for _, f in found)


def test_a_straight_cloud_or_none_is_rarely_called_turning():
    random = np.random.default_rng(7)
    turning = [
        answered(paired(x := random.normal(size=60), slope * x + random.normal(size=60)))[1].parabola
        is not None
        for slope in (0.0, 1.0)
        for _ in range(150)
    ]

    assert sum(turning) <= 3


def test_the_figure_draws_the_bend(tmp_path):
    sample = paired(VALLEY, VALLEY**2 + NOISE)
    chosen, findings = answered(sample)

    drawn = plots.draw(chosen, sample, findings, (), tmp_path)[0]

    rows = [line for line in (tmp_path / drawn.data).read_text().splitlines() if line.startswith("curve")]
    assert len(rows) == 80
    assert "a parabola is lowest" in drawn.alt


def test_the_script_finds_the_parabola_again(table_cache, tmp_path):
    source = tmp_path / "valley.csv"
    pl.DataFrame({"dose": VALLEY, "pay": VALLEY**2 + NOISE}).write_csv(source)
    read = ingest(source, table_cache, name=source.name)
    chosen = explicit_plan("pearson_correlation", {"x": "dose", "y": "pay"}, read.columns)
    findings = methods.run(chosen, samples.load(chosen, read.path))
    recipe = script.Recipe(
        read.dataset, read.dialect, read.columns, chosen, findings, profile(read, report=silent)
    )

    script.write(recipe, tmp_path / "script.py")
    verified = script.verify(tmp_path / "script.py", source)

    assert verified.verified, verified.reason
    assert "parabola_against_line" in (tmp_path / "script.py").read_text()

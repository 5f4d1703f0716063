"""Two categories within strata, from the question to the figure."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.numerics import stratified
from jobs.analysis.sampling.strata import StrataSample
from jobs.errors import TooFewValues, UnknownColumn, UnsuitableData
from tests.analysis.methods.reference import a_pvalue, close, effect_of, explicit, limits, test_of
from tests.analysis.whole import answered, table

CASES = json.loads((Path(__file__).parents[1] / "data/r/stratified.json").read_text())["cases"]
METHOD = "cochran_mantel_haenszel"
in_each = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
square = pytest.mark.parametrize(
    "case", [case for case in CASES if "odds" in case["expected"]], ids=lambda case: case["name"]
)


def sample_of(counts) -> StrataSample:
    cells = np.array(counts, dtype=np.int64)
    strata, rows, columns = (
        tuple(f"{name}{i}" for i in range(side)) for name, side in zip("src", cells.shape, strict=True)
    )
    return StrataSample("row", "column", "stratum", rows, columns, strata, cells, int(cells.sum()), {})


def written(path: Path, counts) -> Path:
    """Write a table whose rows are counted so."""
    lines = ["exposed,ill,town"]
    for (stratum, row, column), rows in np.ndenumerate(np.array(counts)):
        lines += [f"{ANSWERS[row]},{ANSWERS[column]},town {stratum}"] * rows
    path.write_text("\n".join([*lines, ""]))
    return path


ANSWERS = ("yes", "no")
COLUMNS = {"row": "exposed", "column": "ill", "stratum": "town"}


@pytest.mark.agrees("Cochran-Mantel-Haenszel", "chi2, df, p", "mantelhaen.test")
@in_each
def test_the_test_within_strata_equals_r(case):
    expected = case["expected"]

    found = test_of(methods.run(explicit(METHOD), sample_of(case["data"])), METHOD)

    assert found.statistic == close(expected["statistic"])
    assert found.df == (expected["df"],)
    assert found.pvalue == a_pvalue(expected["p"])


@pytest.mark.agrees("Mantel-Haenszel odds ratio", "estimate, limits", "mantelhaen.test")
@square
@pytest.mark.parametrize("level", [0.95, 0.9])
def test_the_common_odds_ratio_and_its_limits_equal_r(case, level):
    value, *ends = case["expected"]["odds"]

    found = stratified.common_odds(np.array(case["data"]), level)

    assert found.value == close(value)
    assert [found.low, found.high] == close(ends if level == 0.95 else case["expected"]["odds90"])


@pytest.mark.agrees("Cochran-Mantel-Haenszel, corrected and exact", "chi2, p", "mantelhaen.test")
@square
def test_the_corrected_and_the_exact_test_equal_r(case):
    (statistic, p), exact = case["expected"]["corrected"], case["expected"]["exact"]

    found = methods.run(explicit(METHOD), sample_of(case["data"]))

    corrected = test_of(found, f"{METHOD}_corrected")
    assert (corrected.statistic, corrected.pvalue) == (close(statistic), a_pvalue(p))
    if case["name"] != "large counts":  # which take too long
        assert test_of(found, "exact_conditional").pvalue == pytest.approx(exact, rel=1e-9)


@pytest.mark.agrees("Breslow-Day", "chi2, p", "uniroot, of its definition")
@pytest.mark.parametrize(
    "case", [case for case in CASES if case["expected"].get("breslow")], ids=lambda case: case["name"]
)
def test_whether_odds_ratios_are_alike_equals_an_independent_search_in_r(case):
    expected = case["expected"]["breslow"]

    found = test_of(methods.run(explicit(METHOD), sample_of(case["data"])), "breslow_day")

    # The cells of R stand where a search for a root ended.
    assert found.statistic == close(expected["statistic"])
    assert found.df == (expected["df"],)
    assert found.pvalue == close(expected["p"])


@pytest.mark.agrees("Shared association in strata", "likelihood ratio, p", "loglin")
@pytest.mark.parametrize(
    "case", [case for case in CASES if "alike" in case["expected"]], ids=lambda case: case["name"]
)
def test_whether_larger_tables_are_alike_equals_r(case):
    statistic, df, p = case["expected"]["alike"]

    found = stratified.shared_association(np.array(case["data"]))

    # Both stop fitting when cells change by less than 1e-12.
    assert (found.statistic, found.df) == (close(statistic), df)
    assert found.pvalue == close(p)


def test_levels_that_never_meet_in_a_stratum_cost_degrees_of_freedom():
    apart = np.zeros((2, 4, 2), dtype=int)
    apart[0, :2], apart[1, 2:] = [[5, 9], [8, 3]], [[4, 7], [6, 2]]

    found = stratified.mantel_haenszel(apart)

    one, other = (stratified.mantel_haenszel(part[None]) for part in (apart[0, :2], apart[1, 2:]))
    assert (found.df, found.statistic) == (2, close(one.statistic + other.statistic))


def test_odds_are_told_so_that_they_are_above_one_whatever_the_order():
    counts = np.array([[[5, 20], [15, 10]], [[8, 30], [25, 9]]])

    turned = [methods.run(explicit(METHOD), sample_of(one)) for one in (counts, counts[:, ::-1])]

    first, second = (found.strata.odds for found in turned)
    assert first.common == close(second.common)
    assert limits(first.interval) == close(limits(second.interval))
    assert (first.level, second.level) == ("r1", "r0")
    assert effect_of(turned[0], "common_odds_ratio").value == first.common > 1.0


def test_thin_strata_are_decided_exactly_unless_the_test_was_chosen():
    thin = sample_of(
        [[[0, 0], [6, 5]], [[3, 0], [3, 6]], [[6, 2], [0, 4]], [[5, 6], [1, 0]], [[2, 5], [0, 0]]]
    )
    asked = explicit(METHOD)

    chosen = methods.run(methods.choose(asked, thin), thin)
    read = methods.run(type(asked)("test", METHOD, {}, 0.9, ""), thin)

    assert (chosen.tests[0].method, read.tests[0].method) == (METHOD, "exact_conditional")
    assert {test.method for test in chosen.tests} == {test.method for test in read.tests}


def test_a_cell_that_is_empty_everywhere_leaves_no_odds_ratio_but_a_test(tmp_path):
    source = written(tmp_path / "t.csv", [[[6, 5], [0, 9]], [[4, 3], [0, 8]]])

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)

    assert found.findings.strata.odds is None
    assert found.findings.tests[0].pvalue < 0.05
    assert any("cannot be told" in sentence.text for sentence in found.interpretation.paragraphs)


def test_strata_that_say_nothing_and_rows_alone_are_counted(tmp_path):
    source = written(
        tmp_path / "t.csv", [[[9, 4], [3, 12]], [[5, 0], [7, 0]], [[1, 0], [0, 0]], [[8, 2], [2, 6]]]
    )

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS).findings

    assert (found.strata.values, found.strata.informative) == (3, 2)
    assert found.sample.dropped == {"alone in its value of town": 1}


@pytest.mark.parametrize(
    ("counts", "error", "says"),
    [
        ([[[5, 0], [7, 0]], [[0, 6], [0, 8]]], UnsuitableData, "In no value of 'town' do both"),
        ([[[5, 6], [7, 8]]], UnsuitableData, "'town' has 1 different values"),
        ([[[1, 0], [0, 0]], [[0, 1], [0, 0]]], TooFewValues, "No two complete rows share"),
    ],
)
def test_strata_that_cannot_answer_are_refused_with_the_reason(counts, error, says, tmp_path):
    source = written(tmp_path / "t.csv", counts)
    # A column with one value is refused before it is counted; a value on its own row lets it pass.
    if len(counts) == 1:
        source.write_text(source.read_text() + ",,another town\n")
    if error is TooFewValues:
        source.write_text(source.read_text() + ",no,town 0\nno,,town 1\n")

    with pytest.raises(error, match=says):
        answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)


def test_simpsons_paradox_is_told(tmp_path):
    # Charig & al. 1986, BMJ 292: open surgery against percutaneous, by size of the stone
    source = written(tmp_path / "t.csv", [[[81, 6], [234, 36]], [[192, 71], [55, 25]]])

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)

    odds = found.findings.strata.odds
    assert odds.crude < 1.0 < odds.common
    said = [sentence.text for sentence in found.interpretation.paragraphs]
    assert not any("Simpson" in text for text in said)  # neither is shown by these few rows
    more = written(tmp_path / "more.csv", 4 * np.array([[[81, 6], [234, 36]], [[192, 71], [55, 25]]]))
    told = answered(more, tmp_path / "q", method=METHOD, columns=COLUMNS).interpretation
    assert any("Simpson's paradox" in sentence.text for sentence in told.paragraphs)


TITANIC = {"row": "Sex", "column": "Survived", "stratum": "Class"}


def test_an_answer_tells_strata_the_common_odds_ratio_and_the_table_without(tmp_path):
    found = answered(
        table("titanic"), tmp_path / "p", question="Is survival associated with sex controlling for class?"
    )

    said = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    assert found.interpretation.headline.startswith(
        "At equal Class the odds of Survived = Yes are 10.81 times"
    )
    assert "Where Class is 1st (325 rows): Survived = Yes in 141 of 145 (97 %) where Sex is Female" in said
    assert "Without Class the table says" in said
    assert [plot.id for plot in found.plots] == ["strata", "overview"]


def test_larger_tables_matched_sets_and_selected_rows_are_answered(tmp_path):
    larger = {"row": "race", "column": "low", "stratum": "smoke"}
    matched = {"row": "induced", "column": "case", "stratum": "stratum"}

    smokers = answered(table("birthwt"), tmp_path / "a", method=METHOD, columns=larger)
    sets = answered(
        table("infert"),
        tmp_path / "b",
        method=METHOD,
        columns=matched,
        where=[("induced", "less_than", (2,))],
    )

    assert smokers.findings.tests[0].df == (2.0,)
    assert sets.findings.strata.values > 60


@pytest.mark.parametrize("rows", [12, 40_000])
def test_odd_names_and_sizes_stay_whole(rows, tmp_path):
    names = (
        "体重 of $x$ after a very long campaign_(kg)",
        "$dose$ of {it}",
        "z_2 ^ and more words of a stratum",
    )
    body = [
        f"a level {n % 2} with $ and a long name,{'yes' if n % 3 else 'no'},the {n % 5}th of 体重 strata here"
        for n in range(rows)
    ]
    source = tmp_path / "odd.csv"
    source.write_text("\n".join([",".join(names), *body, ""]), encoding="utf-8")

    found = answered(
        source,
        tmp_path / "p",
        method=METHOD,
        columns=dict(zip(("row", "column", "stratum"), names, strict=True)),
    )

    assert found.findings.sample.n_used == rows
    assert (tmp_path / "p" / found.plots[0].files["svg"]).stat().st_size < 300_000


def test_a_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnknownColumn, match="no column 'deck'"):
        answered(table("titanic"), tmp_path / "p", method=METHOD, columns={**TITANIC, "stratum": "deck"})

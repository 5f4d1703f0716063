"""Categories of the same cases, and agreement: numbers against R, from the question to the script."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.numerics import paired_counts, raters
from jobs.analysis.run import Choice, read_plan
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.analysis.sampling.rated import RatedSample
from jobs.analysis.tables.ingest import ingest
from jobs.errors import UnsuitableData
from tests.analysis.methods.reference import a_pvalue, close, effect_of, explicit, limits, test_of
from tests.analysis.whole import answered

CASES = json.loads((Path(__file__).parents[1] / "data/r/rated.json").read_text())["cases"]


def of(kind: str):
    found = [case for case in CASES if case["kind"] == kind]
    return pytest.mark.parametrize("case", found, ids=[case["name"] for case in found])


def rated(codes, levels=("no", "yes")) -> RatedSample:
    codes = np.array(codes, dtype=np.intp)
    measures = tuple(f"m{place}" for place in range(codes.shape[1]))
    return RatedSample(None, None, measures, tuple(levels), codes, len(codes), {})


def from_table(a: int, b: int, c: int, d: int) -> RatedSample:
    return rated([[1, 1]] * a + [[1, 0]] * b + [[0, 1]] * c + [[0, 0]] * d)


def crossed(counts) -> RatedSample:
    rows = [list(place) for place, count in np.ndenumerate(np.array(counts)) for _ in range(count)]
    return rated(rows, [str(place) for place in range(len(counts))])


@pytest.mark.agrees("McNemar", "chi2, p, corrected, exact, mid-p", "mcnemar.test, binom.test")
@of("mcnemar")
def test_mcnemars_tests_equal_r(case):
    expected = case["expected"]

    found = methods.run(explicit("mcnemar_test"), from_table(*case["data"]))

    plain, corrected = test_of(found, "mcnemar_test"), test_of(found, "mcnemar_test_corrected")
    assert (plain.statistic, plain.pvalue) == (close(expected["statistic"]), a_pvalue(expected["p"]))
    assert corrected.statistic == close(expected["corrected"])
    assert corrected.pvalue == a_pvalue(expected["corrected_p"])
    assert test_of(found, "exact_mcnemar").pvalue == close(expected["exact"])
    assert test_of(found, "mid_p_mcnemar").pvalue == close(expected["mid"])


@pytest.mark.agrees("McNemar", "odds ratio of the changes, limits, difference", "binom.test, prop.test")
@of("mcnemar")
def test_sizes_of_a_change_equal_r(case):
    (_, b, c, _), (share, *ends) = case["data"], case["expected"]["share"]

    found = methods.run(explicit("mcnemar_test"), from_table(*case["data"]))

    g, estimate = effect_of(found, "cohen_g"), test_of(found, "mcnemar_test").estimate
    assert [g.value, *limits(g.interval)] == close([share - 0.5, *(end - 0.5 for end in ends)])
    assert [estimate.value, *limits(estimate.interval)] == close(case["expected"]["difference"])
    names = [effect.name for effect in found.effect_sizes]
    assert ("discordant_odds_ratio" in names) == (b > 0 and c > 0)
    if b and c:
        odds = effect_of(found, "discordant_odds_ratio")
        assert odds.value == close(c / b)
        assert limits(odds.interval) == close([end / (1.0 - end) for end in ends])


@pytest.mark.agrees("McNemar", "difference at 90 %", "prop.test")
@of("mcnemar")
def test_the_interval_of_a_difference_follows_its_level(case):
    a, b, c, d = case["data"]

    found = paired_counts.paired_difference(np.array([[a, b], [c, d]]), 0.9)

    assert list(found) == close(case["expected"]["difference90"])


@pytest.mark.agrees("Cochran's Q", "Q, df, p, W, pairs", "friedman.test, rstatix, binom.test")
@of("cochran")
def test_cochrans_q_and_its_pairs_equal_r(case):
    expected = case["expected"]

    found = methods.run(explicit("cochran_q_test"), rated(case["data"]))

    test = test_of(found, "cochran_q_test")
    assert (test.statistic, test.pvalue) == (close(expected["statistic"]), a_pvalue(expected["p"]))
    assert test.df == (expected["df"],)
    assert effect_of(found, "kendall_w").value == close(expected["w"])
    assert [pair.pvalue for pair in found.posthoc] == close(expected["pairs"])


@pytest.mark.agrees("Cohen's kappa", "kappa, error; linear and quadratic weights", "vcd::Kappa")
@of("kappa")
@pytest.mark.parametrize(("weights", "power"), [("none", 0), ("linear", 1), ("quadratic", 2)])
def test_kappa_and_its_error_equal_r(case, weights, power):
    counts = np.array(case["data"])
    places = np.arange(len(counts), dtype=float)

    found = paired_counts.kappa(counts, paired_counts.agreement_weights(places, power))

    assert [found.value, found.error] == close(case["expected"][weights])


@pytest.mark.agrees("Intraclass correlation", "F, p, coefficients, limits", "anova(lm)")
@of("icc")
def test_intraclass_correlations_equal_r(case):
    values, expected = np.array(case["data"], dtype=float), case["expected"]
    names = tuple(f"r{place}" for place in range(values.shape[1]))
    sample = RepeatedSample(None, names, values, len(values), {})

    found = methods.run(explicit("intraclass_correlation"), sample)

    rows, between = test_of(found, "intraclass_correlation"), test_of(found, "raters_differ")
    assert (rows.statistic, rows.pvalue) == (close(expected["f"]), a_pvalue(expected["p"]))
    assert (between.statistic, between.pvalue) == (close(expected["raters"]), a_pvalue(expected["raters_p"]))
    for name in ("agreement", "consistency", "of_mean"):
        effect = effect_of(found, f"icc_{name}")
        assert [effect.value, *limits(effect.interval)] == close(expected[name])


def test_the_coefficients_of_shrout_and_fleiss_come_out():
    case = next(case for case in CASES if case["name"] == "Shrout and Fleiss")
    found = raters.squares(np.array(case["data"], dtype=float))

    single, (one, _) = raters.agreement(found, 0.95)[0], raters.consistency(found, 0.95)

    # Shrout & Fleiss (1979), table 4
    assert [round(value, 2) for value in (single, one, raters.of_mean(single, 4))] == [0.29, 0.71, 0.62]


def test_few_changes_are_decided_exactly_unless_the_test_was_chosen():
    few = from_table(10, 2, 9, 10)

    chosen = methods.choose(explicit("mcnemar_test"), few)
    free = methods.run(_planned("mcnemar_test"), few)

    assert methods.run(chosen, few).tests[0].method == "mcnemar_test"
    assert (free.tests[0].method, free.tests[0].role) == ("exact_mcnemar", "primary")
    assert [test.role for test in free.tests[1:]] == ["sensitivity"] * 3


def _planned(method: str):
    return replace(explicit(method), explicit=False)


def test_no_change_at_all_is_refused_with_the_number_of_cases():
    with pytest.raises(UnsuitableData, match="same of each of 30 cases"):
        methods.run(explicit("mcnemar_test"), from_table(10, 0, 0, 20))


def test_raters_of_whom_one_says_one_thing_are_refused():
    with pytest.raises(UnsuitableData, match="chance alone makes them agree"):
        methods.run(explicit("cohen_kappa"), rated([[1, 1]] * 8 + [[1, 0]] * 4))


def test_full_agreement_has_no_limits_that_would_claim_certainty():
    found = methods.run(explicit("cohen_kappa"), crossed([[20, 0], [0, 12]]))

    assert effect_of(found, "kappa").value == 1.0
    assert limits(effect_of(found, "kappa").interval) == [None, None]


def test_weights_need_an_order_that_is_known():
    plan = replace(explicit("cohen_kappa"), params={"weights": "linear"})
    colours = rated([[0, 0], [1, 1], [2, 1], [2, 2], [0, 0]], ["red", "green", "blue"])

    with pytest.raises(UnsuitableData, match="no order that is known"):
        methods.run(plan, colours)


def test_unused_steps_of_a_scale_still_lie_between():
    plan = replace(explicit("cohen_kappa"), params={"weights": "linear"})
    codes = [[0, 0], [1, 1], [2, 1], [2, 2], [0, 1], [1, 0]]

    near = methods.run(plan, rated(codes, ["1", "2", "3"]))
    far = methods.run(plan, rated(codes, ["1", "2", "9"]))

    assert effect_of(near, "kappa").value == effect_of(far, "kappa").value
    assert effect_of(near, "kappa_linear").value != effect_of(far, "kappa_linear").value


RANDOM = np.random.default_rng(5)
QUALITY = RANDOM.normal(0, 1, 48)


def _answers(shift: float) -> list[str]:
    return ["yes" if value > 0 else "no" for value in QUALITY + RANDOM.normal(shift, 0.8, 48)]


def _grades(shift: float) -> list[int]:
    return np.clip(np.round(3 + QUALITY + RANDOM.normal(shift, 0.6, 48)), 1, 5).astype(int).tolist()


WIDE = {
    "pass_before": _answers(-0.5),
    "pass_after": _answers(0.5),
    "pass_again": _answers(0.8),
    "judge_a": _grades(0.0),
    "judge_b": _grades(0.4),
    "judge_c": _grades(0.2),
    "width_a": np.round(30 + 4 * QUALITY + RANDOM.normal(0, 1, 48), 2).tolist(),
    "width_b": np.round(31 + 4 * QUALITY + RANDOM.normal(0, 1, 48), 2).tolist(),
    "shirt": RANDOM.choice(["red", "blue", "green"], 48).tolist(),
    "length": np.round(RANDOM.normal(100, 9, 48), 1).tolist(),
}


def wide(folder: Path) -> Path:
    path = folder / "wide.csv"
    rows = zip(*WIDE.values(), strict=True)
    path.write_text("\n".join([",".join(WIDE), *(",".join(map(str, row)) for row in rows), ""]))
    return path


def long(folder: Path, *visits: str) -> Path:
    path, measures = folder / "long.csv", ("pass_before", "pass_after", "pass_again")
    rows = [
        f"s{who},{visit},{WIDE[measure][who]}"
        for who in range(48)
        for visit, measure in zip(visits, measures, strict=False)
    ]
    path.write_text("\n".join(["subject,visit,passed", *rows, ""]))
    return path


def asked(path: Path, question: str):
    table = ingest(path, path.parent / "cache", name=path.name)
    return read_plan(table, question, Choice(None, {}, {}, ()))


@pytest.mark.parametrize(
    ("question", "method", "columns"),
    [
        ("Did more people pass after than before?", "mcnemar_test", ["pass_before", "pass_after"]),
        ("Is pass_after different from pass_before?", "mcnemar_test", ["pass_before", "pass_after"]),
        (
            "Are there more yes in pass_after than in pass_before?",
            "mcnemar_test",
            ["pass_before", "pass_after"],
        ),
        ("McNemar test of pass_before and pass_after", "mcnemar_test", ["pass_before", "pass_after"]),
        (
            "Cochran's Q test of pass_before, pass_after and pass_again",
            "cochran_q_test",
            ["pass_before", "pass_after", "pass_again"],
        ),
        (
            "Is pass_before associated with pass_after?",
            "chi_square_independence",
            ["pass_before", "pass_after"],
        ),
        ("Do judge_a and judge_b agree?", "cohen_kappa", ["judge_a", "judge_b"]),
        ("How well do judge_a and judge_b agree?", "cohen_kappa", ["judge_a", "judge_b"]),
        ("weighted kappa of judge_a and judge_b", "cohen_kappa", ["judge_a", "judge_b"]),
        ("do pass_before and pass_after agree?", "cohen_kappa", ["pass_before", "pass_after"]),
        ("do the judges agree?", "intraclass_correlation", ["judge_a", "judge_b", "judge_c"]),
        (
            "what is the inter-rater reliability of the judges?",
            "intraclass_correlation",
            ["judge_a", "judge_b", "judge_c"],
        ),
        ("do width_a and width_b agree?", "intraclass_correlation", ["width_a", "width_b"]),
        ("ICC of width_a and width_b", "intraclass_correlation", ["width_a", "width_b"]),
        ("does judge_a rate higher than judge_b?", "wilcoxon_signed_rank", ["judge_a", "judge_b"]),
    ],
)
def test_questions_are_read_as_a_statistician_would(question, method, columns, tmp_path):
    found = asked(wide(tmp_path), question)

    assert (found.method, found.needs_clarification) == (method, False)
    assert sorted(found.columns.values()) == sorted(columns)


@pytest.mark.parametrize(
    "question",
    [
        "do judge_a and judge_b agree more when pass_before is yes?",
        "do judge_a and length agree?",
        "do judge_a and shirt agree?",
        "do judge_a and pass_before agree?",
        "kappa between pass_before and judge_a",
        "McNemar test of judge_a and judge_b",
        "McNemar test of pass_before, pass_after and pass_again",
        "do the judges agree that width_a is large?",
        "on which shirt do the judges agree best?",
        "does shirt agree with pass_after?",
        "has the agreement of judge_a and judge_b changed over time?",
    ],
)
def test_what_is_no_such_question_is_asked_back(question, tmp_path):
    found = asked(wide(tmp_path), question)

    assert found.needs_clarification


def test_ratings_in_steps_are_weighted_by_their_distance_and_others_are_not(tmp_path):
    path = wide(tmp_path)

    steps, answers = (
        asked(path, f"do {one} agree?") for one in ("judge_a and judge_b", "pass_before and pass_after")
    )

    assert (steps.params, answers.params) == ({"weights": "quadratic"}, {})
    assert steps.alternatives[0].method == "intraclass_correlation"


def test_codes_of_kinds_are_not_weighted_by_their_numbers(tmp_path):
    path = tmp_path / "codes.csv"
    rows = [f"{n % 3 * 10 + 10},{(n + n % 5 // 4) % 3 * 10 + 10}" for n in range(60)]
    path.write_text("\n".join(["diagnosis_a,diagnosis_b", *rows, ""]))

    found = asked(path, "do diagnosis_a and diagnosis_b agree?")

    assert (found.method, found.params) == ("cohen_kappa", {})


@pytest.mark.parametrize(
    ("visits", "method"), [(("pre", "post"), "mcnemar_test"), (("pre", "post", "final"), "cochran_q_test")]
)
def test_a_category_of_the_same_subjects_is_compared_within_them(visits, method, tmp_path):
    found = asked(long(tmp_path, *visits), "Is passed related to visit?")

    assert found.method == method
    assert dict(found.columns) == {"outcome": "passed", "group": "visit", "subject": "subject"}
    assert found.alternatives[0].method == "chi_square_independence"


def test_raters_below_each_other_are_found_by_what_they_rated(tmp_path):
    path = tmp_path / "essays.csv"
    rows = [
        f"e{who},{rater},{WIDE[one][who]}"
        for who in range(48)
        for rater, one in (("A", "pass_after"), ("B", "pass_again"))
    ]
    path.write_text("\n".join(["essay,rater,grade", *rows, ""]))

    found = asked(path, "Do the raters agree on the grade?")

    assert found.method == "cohen_kappa"
    assert dict(found.columns) == {"outcome": "grade", "group": "rater", "subject": "essay"}


@pytest.mark.parametrize(
    ("method", "columns", "more"),
    [
        ("mcnemar_test", {"first": "pass_before", "second": "pass_after"}, {}),
        (
            "mcnemar",
            {"first": "pass_before", "second": "pass_after"},
            {"where": [("length", "more_than", ["95"])]},
        ),
        (
            "cochran_q_test",
            {"measure_1": "pass_before", "measure_2": "pass_after", "measure_3": "pass_again"},
            {},
        ),
        ("cohen_kappa", {"first": "pass_before", "second": "pass_after"}, {"level": 0.9}),
        ("kappa", {"first": "judge_a", "second": "judge_b"}, {"params": {"weights": "linear"}}),
        ("intraclass_correlation", {"measure_1": "width_a", "measure_2": "width_b"}, {}),
        ("icc", {"measure_1": "judge_a", "measure_2": "judge_b", "measure_3": "judge_c"}, {"level": 0.9}),
    ],
)
def test_whole_answers_hold_together(method, columns, more, tmp_path):
    found = answered(wide(tmp_path), tmp_path / "project", method=method, columns=columns, **more)

    assert found.interpretation.headline
    assert {plot.id for plot in found.plots} & {"rated", "agreement", "ratings"}


@pytest.mark.parametrize("visits", [("pre", "post"), ("pre", "post", "final")])
def test_whole_answers_of_subjects_below_each_other_hold_together(visits, tmp_path):
    found = answered(
        long(tmp_path, *visits), tmp_path / "project", question="Did passed change over the visits?"
    )

    assert set(found.findings.rated.measures) == set(visits)
    assert found.findings.rated.event == "yes"
    assert "visit = pre" in found.interpretation.headline


def test_a_table_of_changes_is_counted_in_cases(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("before,after,n\nyes,yes,40\nyes,no,5\nno,yes,18\nno,no,37\n")

    found = answered(path, tmp_path / "project", question="Did more say yes after than before?")

    # R: mcnemar.test(matrix(c(40, 5, 18, 37), 2), correct = FALSE)$p.value, and binom.test(18, 23)
    assert found.plan.method == "mcnemar_test"
    assert test_of(found.findings, "mcnemar_test").pvalue == pytest.approx(0.006714, abs=1e-6)
    assert found.findings.tests[0].method == "exact_mcnemar"
    assert found.interpretation.headline == (
        "yes is more frequent in after (58 %) than in before (45 %) of the same cases"
    )

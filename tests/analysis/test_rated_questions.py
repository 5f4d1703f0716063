"""Categories of the same cases, and agreement: from the question to the script."""

from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.run import Choice, read_plan
from jobs.analysis.tables.ingest import ingest
from tests.analysis.methods.reference import test_of
from tests.analysis.whole import answered

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

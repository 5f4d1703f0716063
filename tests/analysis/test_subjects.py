"""Subjects that repeat over the levels of a group: compared within them, asked back, or said at once."""

from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Analysis
from jobs.analysis.run import analyse
from jobs.analysis.tables.when import in_time

EYES = "Is iop different in the left and the right eye?"


@pytest.fixture
def ask(tmp_path: Path, table_cache: Path):
    """Analyse rows of text under a header."""

    def asked(rows: list[str], question: str | None = None, **chosen) -> Analysis:
        table = tmp_path / "table.csv"
        table.write_text("\n".join(rows) + "\n")
        folder = tmp_path / f"project_{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return analyse(table, folder, name=table.name, cache=table_cache, question=question, **chosen)

    return asked


def measured(levels: list[str], *, subjects: int = 24, step: float = 1.0) -> list[tuple[int, str, float]]:
    """Make one value of each subject at each level; the levels differ less than the subjects do."""
    random = np.random.default_rng(11)
    own = random.normal(50, 12, subjects)
    return [
        (subject, level, round(own[subject] + step * place + random.normal(0, 0.8), 2))
        for subject in range(subjects)
        for place, level in enumerate(levels)
    ]


def eyes() -> list[str]:
    return ["subject,eye,iop", *(f"{who},{eye},{value}" for who, eye, value in measured(["left", "right"]))]


def test_two_values_of_each_subject_are_compared_within_them(ask):
    found = ask(eyes(), EYES)

    assert found.plan.method == "paired_t_test"
    assert found.plan.columns == {"outcome": "iop", "group": "eye", "subject": "subject"}
    assert found.findings.tests[0].pvalue < 0.001
    assert found.plan.alternatives[0].method == "welch_t_test"
    assert found.script is not None
    assert found.script.verified


def test_three_values_of_each_subject_are_compared_within_them_though_some_lack_one(ask):
    rows = [f"P{who},{visit},{value}" for who, visit, value in measured(["baseline", "week 4", "week 12"])]

    found = ask(["patient,visit,score", *rows[:-1]], "Did the score change over the visits?")

    assert found.plan.method == "repeated_measures_anova"
    assert [one.group for one in found.findings.descriptives] == ["baseline", "week 4", "week 12"]
    assert found.findings.tests[0].pvalue < 0.001


def test_the_rows_that_the_question_selects_decide(ask):
    rows = [
        f"{who},{eye},{value},{'a' if who % 2 else 'b'}" for who, eye, value in measured(["left", "right"])
    ]

    found = ask(
        ["subject,eye,iop,ward", *rows],
        "Does iop differ by eye?",
        where=[("ward", "is", ["a"])],
    )

    assert found.plan.method == "paired_t_test"
    assert found.findings.sample.n_used == 24


def test_a_method_that_was_named_stays_and_is_said_to_take_rows_as_independent_with_the_finding(ask):
    given = {"outcome": "iop", "group": "eye"}

    found = ask(eyes(), method="welch_t_test", columns=given)

    said = found.interpretation
    assert found.plan.method == "welch_t_test"
    assert "24 of 24 values of 'subject' have rows at several values of 'eye'" in said.paragraphs[1].text
    assert said.caveats[0].text == said.paragraphs[1].text


def test_several_values_of_a_subject_in_a_group_are_asked_back(ask):
    trials = [*measured(["left", "right"]), *measured(["left", "right"])]

    found = ask(["subject,eye,iop", *(f"{who},{eye},{value}" for who, eye, value in trials)], EYES)

    assert found.plan.needs_clarification
    assert "average first" in found.plan.because
    assert found.plan.alternatives[0].method == "welch_t_test"


def test_a_category_of_subjects_that_repeat_is_asked_back(ask):
    grades = [
        f"{who},{term},{'ABC'[(who + place) % 3]}" for who in range(40) for place, term in enumerate("XY")
    ]

    found = ask(["student,term,grade", *grades], "Is grade related to term?")

    assert found.plan.needs_clarification
    assert "not independent" in found.plan.because
    assert found.plan.alternatives[0].method == "chi_square_independence"


def test_groups_of_different_subjects_with_several_rows_are_asked_back_with_those_of_one_visit(ask):
    rows = [
        f"P{who},{'ab'[who % 2]},{visit},{value}"
        for who, visit, value in measured(["first", "second", "third"])
    ]

    found = ask(["patient,arm,visit,score", *rows], "Does score differ by arm?")

    assert found.plan.needs_clarification
    assert "24 of them have several rows" in found.plan.because
    assert found.plan.alternatives[0].method == "welch_t_test"
    assert found.plan.alternatives[0].where == (Condition("visit", "is", ("third",)),)


def test_one_visit_has_one_row_of_each_subject_and_is_answered(ask):
    rows = [
        f"P{who},{'ab'[who % 2]},{visit},{value}"
        for who, visit, value in measured(["first", "second", "third"])
    ]

    found = ask(
        ["patient,arm,visit,score", *rows], "Does score differ by arm?", where=[("visit", "is", ["third"])]
    )

    assert found.plan.method in ("welch_t_test", "mann_whitney_u")
    assert found.findings.sample.n_used == 24


def test_subjects_are_told_by_how_their_rows_lie_whatever_their_column_is_called(ask):
    rows = [f"x{who},{phase},{value}" for who, phase, value in measured(["before", "after"])]

    found = ask(["whose,phase,vo2", *rows], "vo2 by phase")

    assert found.plan.method == "paired_t_test"
    assert found.plan.columns == {"outcome": "vo2", "group": "phase", "subject": "whose"}


@pytest.mark.parametrize(
    "question",
    ["Is score related to weight?", "Does score depend on arm and weight?", "score by arm and visit"],
)
def test_no_method_takes_the_rows_of_subjects_that_repeat_as_independent(ask, question):
    rows = [
        f"P{who},{'ab'[who % 2]},{visit},{value},{60 + who % 17 + place % 3}"
        for place, (who, visit, value) in enumerate(measured(["first", "second", "third"]))
    ]

    found = ask(["patient,arm,visit,score,weight", *rows], question)

    assert found.plan.needs_clarification
    assert "'patient' repeats" in found.plan.because


def test_a_category_that_each_subject_keeps_is_not_tested_for_change(ask):
    rows = [f"P{who},{'ab'[who % 2]},{visit}" for who, visit, _ in measured(["first", "second"])]

    found = ask(["patient,arm,visit", *rows], "Is arm related to visit?")

    assert found.plan.needs_clarification


def test_rows_of_subjects_that_do_not_repeat_need_no_word(ask):
    rows = [f"P{place},{level},{value}" for place, (_, level, value) in enumerate(measured(["a", "b"]))]

    found = ask(["patient,arm,score", *rows], "Does score differ by arm?")

    assert found.plan.method in ("welch_t_test", "mann_whitney_u")
    assert not any("Read with care" in note for note in found.plan.notes)


def test_a_few_shops_are_no_subjects(ask):
    random = np.random.default_rng(3)
    rows = [f"{place % 5},{'ab'[place // 5 % 2]},{random.normal(20, 3):.2f}" for place in range(200)]

    found = ask(["store_id,payment,amount", *rows], "Does amount differ by payment?")

    assert not found.plan.needs_clarification


def test_a_rise_is_a_positive_change_whatever_the_alphabet_says(ask):
    rows = [f"{who},{time},{value}" for who, time, value in measured(["pre", "post"])]

    found = ask(["subject,time,y", *rows], "Did y change from pre to post?")

    assert found.findings.tests[0].estimate.value == pytest.approx(1.0, abs=0.5)  # the levels are 1 apart
    assert "y is higher where time is post than where it is pre" in found.interpretation.headline
    assert found.script is not None
    assert found.script.verified


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (["post", "pre"], ["pre", "post"]),
        (["After surgery", "Before surgery"], ["Before surgery", "After surgery"]),
        (["week 4", "week 12", "baseline"], ["baseline", "week 4", "week 12"]),
        (["final", "t1", "t2"], ["t1", "t2", "final"]),
        (["post", "pre", "follow-up"], ["pre", "post", "follow-up"]),
        (["Aug", "Jul", "Sep"], ["Jul", "Aug", "Sep"]),
        (["Friday", "Monday"], ["Monday", "Friday"]),
        (["second", "first"], ["first", "second"]),
        (["left", "right"], ["left", "right"]),
        (["control", "post"], ["control", "post"]),  # "control" says nothing of time
        (["2019", "2020"], ["2019", "2020"]),
    ],
)
def test_names_that_tell_the_time_are_put_in_its_order(names, ordered):
    assert list(in_time(names)) == ordered

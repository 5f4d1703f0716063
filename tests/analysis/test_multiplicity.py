"""Several questions asked of one table: what counts as one, and what their number means for a p-value."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from jobs.analysis import methods, questions
from jobs.analysis.multiplicity import corrected, question_of
from jobs.analysis.results.asked import Question
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.results.results_file import as_json
from jobs.analysis.sampling.samples import PairedSample
from jobs.analysis.words import several
from tests.analysis.hand_made_profile import penguin_table
from tests.analysis.hand_made_told import CASES
from tests.analysis.test_interpret import allowed, at, numbers_in, stands_for
from tests.analysis.whole import answered, table

FAMILIES = json.loads((Path(__file__).parents[1] / "data/r/corrections.json").read_text())["cases"]  # R 4.2
WELCH = Plan("compare_groups", "welch_t_test", {"outcome": "pay", "group": "arm"}, 0.9, "as guessed")
PEARSON = Plan("relationship", "pearson_correlation", {"x": "dose", "y": "pay"}, 0.9, "as guessed")


def asked(identity: str, pvalue: float, dataset: str = "penguins") -> Question:
    return Question(identity, dataset, f"The question {identity}", pvalue, "/findings/tests/0/pvalue")


def identity(plan: Plan, *, sheet: str | None = None, dataset=None) -> str:
    _, findings, _ = next(iter(CASES.values()))
    found = question_of(plan, findings, dataset or penguin_table(), sheet=sheet)
    assert found is not None
    return found.identity


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family["name"])
def test_each_question_is_corrected_for_all_of_them_as_r_does(family):
    every = [asked(str(place), pvalue) for place, pvalue in enumerate(family["p"])]

    for place, question in enumerate(every):
        found = corrected(question, [other for other in every if other is not question])

        assert found.questions == len(every)
        assert found.holm == pytest.approx(family["holm"][place], rel=1e-9)
        assert found.benjamini_hochberg == pytest.approx(family["bh"][place], rel=1e-9)
        others = [index for index in range(len(every)) if index != place]
        assert [other.holm for other in found.others] == pytest.approx([family["holm"][i] for i in others])


def test_a_question_alone_is_left_as_it_is():
    found = corrected(asked("a", 0.03), [])

    assert (found.questions, found.pvalue, found.holm, found.benjamini_hochberg) == (1, 0.03, 0.03, 0.03)
    assert several.tell(found) == several.tell(None) == []


def test_the_same_question_asked_again_counts_once_by_its_last_answer():
    found = corrected(asked("a", 0.03), [asked("a", 0.04), asked("b", 0.5), asked("b", 0.01)])

    assert [(other.words, other.pvalue) for other in found.others] == [("The question b", 0.01)]
    assert found.holm == pytest.approx(0.03)  # R: p.adjust(c(0.03, 0.01), "holm")


def test_questions_to_other_data_do_not_count():
    found = corrected(asked("a", 0.03), [asked("b", 0.01, dataset="sales")])

    assert found.questions == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(WELCH, method="mann_whitney_u"),
        replace(WELCH, columns={"outcome": "age", "group": "arm"}),
        replace(WELCH, params={"mu": 3.0}),
        replace(WELCH, where=(Condition("sex", "is", ("female",)),)),
    ],
    ids=["method", "columns", "params", "where"],
)
def test_another_method_other_columns_values_or_rows_make_another_question(other):
    assert identity(other) != identity(WELCH)


def test_another_sheet_or_file_makes_another_question():
    assert identity(WELCH, sheet="2025") != identity(WELCH, sheet="2026")
    assert identity(WELCH, dataset=replace(penguin_table(), sha256="1" * 64)) != identity(WELCH)


@pytest.mark.parametrize(
    "other",
    [
        replace(WELCH, confidence=1.0, because="given", explicit=True),
        replace(WELCH, columns={"group": "arm", "outcome": "pay"}),
    ],
    ids=["words", "order"],
)
def test_other_words_for_the_same_make_the_same_question(other):
    assert identity(other) == identity(WELCH)


def test_the_order_of_conditions_does_not_matter():
    female, adult = Condition("sex", "is", ("female",)), Condition("age", "at_least", (18.0,))

    assert identity(replace(WELCH, where=(female, adult))) == identity(replace(WELCH, where=(adult, female)))


def test_what_has_no_p_value_is_no_question():
    _, findings, _ = next(iter(CASES.values()))
    described = Plan("describe", "profile", {}, 1.0, "Nothing was asked.")

    assert question_of(described, Findings(sample=Used(9, 9)), penguin_table(), sheet=None) is None
    open_plan = replace(WELCH, needs_clarification=True)
    assert question_of(open_plan, findings, penguin_table(), sheet=None) is None


@pytest.mark.parametrize(
    ("question", "pointer"),
    [
        ("Does mpg differ by am?", "/findings/tests/0/pvalue"),
        ("Which of mpg, hp, wt and qsec correlate with each other?", "/findings/matrix/pairs"),
    ],
)
def test_the_p_value_of_a_question_stands_where_it_says(question, pointer, tmp_path):
    found = answered(table("mtcars"), tmp_path / "project", question=question)

    results = as_json(found)
    assert found.multiplicity is not None
    assert found.multiplicity.pointer.startswith(pointer)
    assert at(results, found.multiplicity.pointer) == found.multiplicity.pvalue


def test_a_matrix_counts_by_its_smallest_p_value_corrected_for_its_pairs(tmp_path):
    found = answered(
        table("mtcars"), tmp_path / "project", method="correlation_matrix", columns=numbers("mpg hp wt qsec")
    )

    assert found.findings.matrix is not None
    assert found.multiplicity is not None
    assert found.multiplicity.pvalue == min(pair.holm for pair in found.findings.matrix.pairs)


def numbers(names: str) -> dict[str, str]:
    return {f"column_{place}": name for place, name in enumerate(names.split(), start=1)}


def bent(noise: float) -> Findings:
    x = np.linspace(-3.0, 3.0, 120)
    y = x**2 + noise * np.random.default_rng(20140305).normal(size=120)
    return methods.run(PEARSON, PairedSample("dose", "pay", x, y, 120, {}))


def test_a_relation_told_by_a_parabola_counts_by_the_test_of_the_parabola():
    findings = bent(noise=1.0)

    found = question_of(PEARSON, findings, penguin_table(), sheet=None)

    place = [test.method for test in findings.tests].index("parabola_against_line")
    assert findings.tests[0].pvalue > 0.1  # Pearson's, which measures one direction only
    assert found is not None
    assert found.pointer == f"/findings/tests/{place}/pvalue"
    assert found.pvalue == findings.tests[place].pvalue < 1e-20


def test_a_relation_told_by_an_exact_parabola_has_no_p_value_to_count():
    findings = bent(noise=0.0)

    assert findings.parabola is not None
    assert question_of(PEARSON, findings, penguin_table(), sheet=None) is None


@pytest.mark.parametrize(
    ("raw", "others", "says"),
    [
        (0.001, [0.4], "it stands with all of them counted"),
        (0.04, [0.001, 0.03], "a few false findings"),  # R: holm .06, BH .04
        (0.04, [0.4, 0.5], "it does not stand"),
    ],
)
def test_a_small_p_value_is_told_with_what_becomes_of_it(raw, others, says):
    found = corrected(asked("mine", raw), [asked(str(place), p) for place, p in enumerate(others)])

    (sentence,) = several.tell(found)

    assert says in sentence.text
    results = as_json({"multiplicity": found})
    at_pointers = set().union(*(allowed(at(results, pointer)) for pointer in sentence.pointers))
    assert all(stands_for(number, at_pointers) for number in numbers_in(sentence.text))
    assert f"one of {1 + len(others)} questions" in sentence.text


def test_a_large_p_value_is_not_made_more_of():
    (sentence,) = several.tell(corrected(asked("mine", 0.4), [asked("other", 0.001)]))

    assert "stand" not in sentence.text


def test_an_answer_says_so_when_it_is_not_the_only_question(tmp_path):
    heard = []

    def others(question):
        heard.append(question)
        return [asked("other", 0.5, question.dataset), asked("elsewhere", 0.001)]

    found = answered(table("mtcars"), tmp_path / "project", question="Does mpg differ by am?", others=others)

    (question,) = heard
    assert question.words == "Welch's t test of mpg and am"
    # R 4.2: t.test(mpg ~ am, mtcars)$p.value, and twice that of two questions
    assert question.pvalue == pytest.approx(0.00137363833307103, rel=1e-9)
    assert found.multiplicity.holm == pytest.approx(2 * 0.00137363833307103, rel=1e-9)
    assert found.interpretation.caveats[0].text.startswith("This is one of 2 questions")


def test_a_question_is_kept_until_it_is_forgotten(tmp_path):
    folder = tmp_path / "questions"

    assert questions.note(folder, "first", asked("a", 0.03)) == ()
    assert questions.note(folder, "second", asked("b", 0.01)) == (asked("a", 0.03),)
    questions.forget(folder, "first")
    questions.forget(folder, "first")  # may be done twice

    assert questions.note(folder, "third", asked("c", 0.2)) == (asked("b", 0.01),)
    assert {path.name for path in folder.iterdir()} == {"second.json", "third.json"}


def test_a_job_that_runs_again_replaces_its_own_question(tmp_path):
    questions.note(tmp_path, "job", asked("a", 0.03))

    assert questions.note(tmp_path, "job", asked("b", 0.01)) == ()


def test_what_another_version_has_kept_is_left_alone(tmp_path):
    (tmp_path / "old.json").write_text('{"format": "question/0", "p": 0.5}')

    assert questions.note(tmp_path, "job", asked("a", 0.03)) == ()


def test_of_questions_noted_at_the_same_moment_none_is_missed_by_all(tmp_path):
    count = 8
    begin = Barrier(count)

    def note(place: int) -> int:
        begin.wait()
        return len(questions.note(tmp_path, str(place), asked(str(place), 0.5)))

    with ThreadPoolExecutor(count) as pool:
        seen = sorted(pool.map(note, range(count)))

    # In whatever order they were written, each sees at least those before it.
    assert all(found >= place for place, found in enumerate(seen))

"""A table whose rows stand for many cases is told, and its cases are counted, never its rows."""

from pathlib import Path

import pytest

from jobs.analysis.results.result import Analysis
from jobs.analysis.run import Choice, read_plan
from jobs.analysis.tables.ingest import Table, ingest
from jobs.errors import UnsuitableData
from tests.analysis.whole import answered

COUNTS = "treatment,improved,count\nA,yes,40\nA,no,10\nB,yes,25\nB,no,25\n"
NOTHING_CHOSEN = Choice(None, {}, {}, ())
STANDS = "Each row of this table seems to stand for as many cases as"
PEOPLE = [
    (sex, dose, answer, (7 * place + 3 * dose + 11 * (answer == "yes")) % 19 + 2)
    for place, sex in enumerate(("female", "male"))
    for dose in (10, 20, 30, 40)
    for answer in ("no", "yes")
]


def read(folder: Path, text: str) -> Table:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return ingest(path, folder / "cache", name="table.csv")


def asked(folder: Path, question: str, text: str = COUNTS):
    return read_plan(read(folder, text), question, NOTHING_CHOSEN)


@pytest.mark.parametrize("name", ["count", "n", "Freq", "Anzahl", "n_patients", "Häufigkeit"])
def test_a_column_that_counts_cases_is_told(name, tmp_path):
    table = read(tmp_path, COUNTS.replace("count", name))

    assert [column.weighs for column in table.columns] == [False, False, True]
    assert [
        f"'{name}' seems to say how many cases a row stands for" in w for w in table.dataset.warnings
    ] == [True]


@pytest.mark.parametrize(
    ("question", "method", "columns"),
    [
        ("is improved related to treatment?", "chi_square_independence", ("treatment", "improved")),
        ("does improved depend on treatment?", "chi_square_independence", ("treatment", "improved")),
        ("do more patients improve under A than B?", "chi_square_independence", ("treatment", "improved")),
        ("is the share of improved = yes half?", "binomial_test", ("improved",)),
        ("how is improved distributed?", "profile", ("improved",)),
    ],
)
def test_a_question_is_about_the_cases(question, method, columns, tmp_path):
    found = asked(tmp_path, question)

    assert (found.method, found.needs_clarification) == (method, False)
    assert tuple(found.columns.values()) == (*columns, "count")
    assert found.columns["count"] == "count"
    assert found.notes[0].startswith("Each row of the table stands for as many cases as 'count' says")
    assert "count" not in found.alternatives[-1].columns


@pytest.mark.parametrize(
    "said",
    [
        "is improved related to treatment, weighted by kg",
        "is improved related to treatment (using kg as counts)?",
        "is improved related to treatment? The counts are in kg.",
        "is improved related to treatment, gewichtet nach kg?",
    ],
)
def test_a_column_whose_name_is_no_count_is_asked_about_where_the_question_weighs_by_it(said, tmp_path):
    found = asked(tmp_path, said, COUNTS.replace("count", "kg"))

    assert found.needs_clarification
    assert [dict(one.columns).get("count") for one in found.alternatives[:2]] == ["kg", None]


def test_words_name_the_column_of_counts_where_combinations_repeat(tmp_path):
    found = asked(tmp_path, "is improved related to treatment, weighted by count?", COUNTS + "A,yes,3\n")

    assert (found.method, found.columns["count"]) == ("chi_square_independence", "count")


@pytest.mark.parametrize(
    ("text", "question", "why"),
    [
        (COUNTS.replace("count", "cases"), "is improved related to treatment?", "or the rows?"),
        (COUNTS, "does the count differ by treatment?", "would take each row as one measurement"),
        (COUNTS, "is improved related to treatment where the count is over 20?", "chosen by it"),
        (
            COUNTS.replace("40", "4.5"),
            "is improved related to treatment, weighted by count?",
            "whole numbers",
        ),
        (COUNTS.replace("40", "-4"), "is improved related to treatment, weighted by count?", "whole numbers"),
        (COUNTS, "is improved related to treatment, unweighted?", "asks for weights"),
        (COUNTS.replace("count", "score"), "is the weighted mean of score 7?", "asks for weights"),
    ],
)
def test_what_the_counts_leave_open_is_asked_back(text, question, why, tmp_path):
    found = asked(tmp_path, question, text)

    assert found.needs_clarification
    assert why in found.because


def test_a_method_that_takes_each_row_as_one_is_asked_back(tmp_path):
    found = asked(tmp_path, "are there outliers in rooms?", "rooms,n\n1,20\n2,35\n3,12\n4,4\n5,1\n")

    assert found.needs_clarification
    assert found.because.startswith(STANDS)


def test_a_question_about_the_counts_themselves_is_answered(tmp_path):
    table = read(tmp_path, "shop,day,n\n" + "".join(f"s{n % 6},d{n // 6},{n * 7 % 23}\n" for n in range(30)))

    found = read_plan(table, "does n differ between the shops?", NOTHING_CHOSEN)

    assert (found.needs_clarification, dict(found.columns)) == (False, {"outcome": "n", "group": "shop"})
    assert found.notes[0] == "The values of 'n' are compared row by row, each as one measurement."


@pytest.mark.parametrize(
    "text",
    [
        COUNTS + "A,yes,3\n",  # a combination stands there twice: rows are cases
        COUNTS.replace("count", "score"),
        COUNTS.replace("40", "-40"),
        COUNTS.replace("40", "40.5"),
        COUNTS.replace("40", ""),
        "treatment,count\nA,4\nB,5\nA,5\nB,6\n",
        "country,cases\nFR,20\nDE,35\nES,12\nIT,15\n",
        "treatment,improved,count,age\nA,yes,40,30.5\nA,no,10,41.5\nB,yes,25,22.5\nB,no,25,50.5\n",
    ],
)
def test_other_tables_are_no_tables_of_counts(text, tmp_path):
    table = read(tmp_path, text)

    assert not any(column.weighs for column in table.columns)
    assert not any("cases a row stands for" in warning for warning in table.dataset.warnings)


def both(folder: Path, **more: object) -> tuple[Analysis, Analysis]:
    """Analyse a table of counts, and the same table written out with a row for each case."""
    header = "sex,dose,answer"
    rows = [(f"{sex},{dose},{answer}", n) for sex, dose, answer, n in PEOPLE]
    counted, written = folder / "counted.csv", folder / "written.csv"
    counted.write_text("\n".join([f"{header},n", *(f"{row},{n}" for row, n in rows), ""]))
    written.write_text("\n".join([header, *(row for row, n in rows for _ in range(n)), ""]))
    columns = dict(more.pop("columns"))
    of_cases = answered(counted, folder / "one", columns={**columns, "count": "n"}, **more)
    return of_cases, answered(written, folder / "other", columns=columns, **more)


@pytest.mark.parametrize(
    ("method", "columns", "more"),
    [
        ("chi_square_independence", {"row": "sex", "column": "answer"}, {}),
        ("fisher_exact", {"row": "sex", "column": "answer"}, {"where": [("dose", "is", ["10"])]}),
        ("cochran_mantel_haenszel", {"row": "sex", "column": "answer", "stratum": "dose"}, {}),
        ("binomial_test", {"outcome": "answer"}, {"params": {"level": "yes", "share": 0.5}}),
        ("welch_t_test", {"outcome": "dose", "group": "sex"}, {}),
        ("one_sample_t_test", {"outcome": "dose"}, {"params": {"mu": 20.0}}),
        ("logistic_regression", {"outcome": "answer", "predictor_1": "sex", "predictor_2": "dose"}, {}),
        ("profile", {"outcome": "dose"}, {}),
    ],
)
def test_the_numbers_are_those_of_the_table_written_out(method, columns, more, tmp_path):
    of_cases, of_rows = both(tmp_path, method=method, columns=columns, **more)

    assert of_cases.findings == of_rows.findings
    assert of_cases.interpretation.headline == of_rows.interpretation.headline


def test_the_answer_says_that_cases_are_counted(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(COUNTS)

    found = answered(table, tmp_path / "project", question="is improved related to treatment?")

    assert found.findings.sample.n_used == 100
    assert "100 of 100 cases were used; none was left out." in [
        sentence.text for sentence in found.interpretation.paragraphs
    ]
    assert any("as many cases as 'count' says" in caveat.text for caveat in found.interpretation.caveats)
    assert (
        found.interpretation.headline
        == "improved = yes is most frequent where treatment is A (80 %) and least where it is B (50 %)"
    )


def test_a_category_is_described_by_its_cases(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("colour,count\nred,20\nblue,35\ngreen,12\n")

    found = answered(table, tmp_path / "project", question="how are the colours distributed?")

    assert [(one.value, one.count) for one in found.profile[0].top] == [
        ("blue", 35),
        ("red", 20),
        ("green", 12),
    ]
    assert found.findings.sample.n_used == 67


def test_a_method_that_was_given_without_the_counts_says_first_that_it_counts_rows(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(COUNTS)
    given = {"row": "treatment", "column": "improved"}

    found = answered(table, tmp_path / "project", method="chi_square_independence", columns=given)

    assert found.findings.sample.n_used == 4
    assert "each row is counted once" in found.interpretation.paragraphs[1].text


@pytest.mark.parametrize("counts", ["1.5", "-1", ""])
def test_what_cannot_count_is_refused_in_that_role(counts, tmp_path):
    table = read(tmp_path, COUNTS.replace("40", counts))
    columns = {"row": "treatment", "column": "improved", "count": "count"}

    with pytest.raises(UnsuitableData, match="cannot say how many cases a row stands for"):
        read_plan(table, None, Choice("chi_square_independence", columns, {}, ()))


def test_too_many_cases_are_refused_with_their_number(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(COUNTS.replace("40", "60000000"))

    with pytest.raises(UnsuitableData, match="60,000,060 cases"):
        answered(table, tmp_path / "project", question="is improved related to treatment?")

"""Questions of known words that no comparison of means or counts answers, and their neighbours that one does.

Each table is written here; the questions about the test tables stand in tests/data/questions.
"""

from itertools import product
from pathlib import Path

import pytest

from jobs.analysis.planning.planner import plan
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.ingest import ingest


def _rows(header: str, rows: list[tuple[object, ...]]) -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


NAMES = ("Ada", "Bo", "Cy", "Dee")
TABLES = {
    "sales": _rows(
        "order_id,region,product,units,price",
        [
            (i, ("APAC", "EU", "US")[i % 3], ("basic", "pro")[i % 2], (i * 7) % 23, 20.5 + (i * 11) % 17)
            for i in range(60)
        ],
    ),
    "judges": _rows(
        "judge_a,judge_b,product", [(i % 7 + 1, (i * 3) % 7 + 1, "xyz"[i % 3]) for i in range(42)]
    ),
    "weights": _rows(
        "id,weight_before_kg,weight_after_kg,weight_followup_kg",
        [(f"P{i:02d}", 50.3 + i * 1.7, 51.1 + i * 1.6, 50.2 + i * 1.9) for i in range(24)],
    ),
    "visits": _rows(
        "patient,visit,score,arm",
        [
            (f"p{i}", visit, 40.5 + i * 1.3 + place * 2.2, "AB"[i % 2])
            for i, (place, visit) in product(range(20), enumerate(("baseline", "month 3", "month 6")))
        ],
    ),
    "monthly": _rows(
        "month,sales_tonnes",
        [(f"{2015 + i // 12}-{i % 12 + 1:02d}-01", 100.1 + i * 0.7 + (i * 5) % 9) for i in range(48)],
    ),
    "months_of_work": _rows("worker,hours", [(NAMES[i % 4], 140.5 + (i * 13) % 29) for i in range(40)]),
}


@pytest.fixture
def read(tmp_path: Path):
    """Plan a question about one of the tables."""

    def planned(table: str, question: str) -> Plan:
        path = tmp_path / f"{table}.csv"
        path.write_text(TABLES[table], encoding="utf-8")
        return plan(question, ingest(path, tmp_path / "cache", name=path.name).columns)

    return planned


@pytest.mark.parametrize(
    ("table", "question", "says"),
    [
        ("sales", "which region sells the most units", "totals of 'units'"),
        ("sales", "which region sells most units altogether", "totals of 'units'"),
        ("sales", "does the price vary more in some regions", "how much values vary"),
        ("sales", "units per customer by region", "quotient"),
        ("judges", "do the judges agree more on product x than y?", "how far ratings agree"),
        ("visits", "does the change of score over visits differ between arms?", "not among the methods"),
        ("months_of_work", "are hours going up", "takes a column of times"),
        ("months_of_work", "which worker works the most hours", "totals of 'hours'"),
    ],
)
def test_what_no_method_answers_is_asked_back_with_the_reason(table, question, says, read):
    found = read(table, question)

    assert found.needs_clarification
    assert says in found.because
    assert "two at a time" not in found.because


@pytest.mark.parametrize(
    ("table", "question", "method", "columns"),
    [
        (
            "sales",
            "which region has the highest mean units",
            "welch_anova",
            {"outcome": "units", "group": "region"},
        ),
        ("sales", "is the price different by region", "welch_anova", {"outcome": "price", "group": "region"}),
        ("monthly", "are sales growing?", "trend_over_time", {"outcome": "sales_tonnes", "time": "month"}),
        (
            "weights",
            "compare the three weights",
            "repeated_measures_anova",
            {
                "measure_1": "weight_before_kg",
                "measure_2": "weight_after_kg",
                "measure_3": "weight_followup_kg",
            },
        ),
    ],
)
def test_what_stands_near_them_is_answered(table, question, method, columns, read):
    found = read(table, question)

    assert (found.method, found.columns, found.needs_clarification) == (method, columns, False)


def test_every_offered_reading_of_a_question_asked_back_names_a_method(read):
    found = read("weights", "does weight_before_kg or weight_after_kg or weight_followup_kg matter")

    assert found.needs_clarification
    assert all(one.method and one.columns for one in found.alternatives)

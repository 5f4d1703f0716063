"""Limits on one column that no row fulfils at once are asked back about, before any row is looked for."""

from jobs.analysis.planning.planner import plan
from jobs.analysis.tables.columns import Column


def number(name: str, low: float, high: float) -> Column:
    return Column(name, "number", "integer", None, 600, 0, 0, 50, low=low, high=high)


TABLE = (
    number("age", 18, 70),
    number("earns", 1000, 5000),
    Column("sex", "category", "text", None, 600, 0, 0, 2, levels=("man", "woman")),
)


def test_limits_that_exclude_each_other_are_asked_back_about():
    found = plan("do women under 30 earn less than women over 50?", TABLE)

    assert found.needs_clarification
    assert "No row is both: age is less than 30, and age is more than 50." in found.because


def test_limits_that_leave_rows_between_them_do_not_contradict_each_other():
    found = plan("do women over 30 earn less than women under 50?", TABLE)

    assert "No row is both" not in found.because

"""Times, quarters and numbers with a unit are text, and a question about them is told the true reason."""

from pathlib import Path

import pytest

from jobs.analysis.planning.planner import plan
from jobs.analysis.tables.ingest import Table, ingest


def read(folder: Path, values: list[str]) -> Table:
    path = folder / "table.csv"
    path.write_text(
        "g|size\n" + "".join(f"{'xy'[place % 2]}|{value}\n" for place, value in enumerate(values))
    )
    return ingest(path, folder / "cache", name="table.csv")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([f"02:{minute:02d}:10" for minute in range(30)], "times such as '02:00:10'"),
        ([f"{2015 + n // 4}-Q{n % 4 + 1}" for n in range(30)], "quarters such as '2015-Q1'"),
        ([f"Q{n % 4 + 1} {2015 + n // 4}" for n in range(30)], "quarters such as 'Q1 2015'"),
        ([f"1.{n} m" for n in range(50, 80)], "numbers with 'm' in each cell, such as '1.50 m'"),
        ([f"{n}km/h" for n in range(50, 80)], "numbers with 'km/h' in each cell, such as '50km/h'"),
    ],
)
def test_values_that_are_nearly_numbers_are_told_as_what_they_are(values, said, tmp_path):
    table = read(tmp_path, values)

    asked = plan("does size differ by g?", table.columns)

    assert asked.needs_clarification
    assert said in asked.because
    assert "identifies the rows" not in asked.because


@pytest.mark.parametrize(
    "values",
    [
        [f"a{n}" for n in range(30)],
        [f"{n} {'m' if n % 2 else 'ft'}" for n in range(30)],
        [f"{n} Main Street" for n in range(30)],
        [f"R2-D{n}" for n in range(30)],
        [f"{n}B" for n in range(30)],
    ],
)
def test_other_text_is_left_without_such_a_reason(values, tmp_path):
    table = read(tmp_path, values)

    assert table.columns[1].left_as_text is None

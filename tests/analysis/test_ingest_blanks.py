"""Tables whose cells stand apart by blanks are read as columns, and text of one column is left whole."""

from pathlib import Path

import pytest

from jobs.analysis.tables.ingest import Table, ingest
from tests.analysis.whole import answered

ALIGNED = "group    weight   age\n" + "".join(
    f"{'ab'[n % 2]:9}{40 + n * 0.75 + n % 2 * 5:<9.2f}{n + 20}\n" for n in range(40)
)


def read(folder: Path, text: str) -> Table:
    path = folder / "table.txt"
    path.write_text(text, encoding="utf-8")
    return ingest(path, folder / "cache", name="table.txt")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (ALIGNED, ["group", "weight", "age"]),
        ("  name          dept       pay\n" + "  Jo Ann Doe    R and D    12\n" * 9, ["name", "dept", "pay"]),
        ("x y z\n" + "".join(f"{n} {n * 2} {n % 3}\n" for n in range(9)), ["x", "y", "z"]),
        ("x y\n" + "".join(f"{n} {n * 2.5}\n" for n in range(9)), ["x", "y"]),
        (
            "      mpg cyl\n" + "".join(f"Car{n}  {20 + n * 0.1:.1f} {n % 3}\n" for n in range(9)),
            ["row_name", "mpg", "cyl"],
        ),
        ("x\t y\t z\n" + "1\t 2\t 3\n" * 9, ["x", "y", "z"]),
    ],
)
def test_cells_that_stand_apart_by_blanks_are_columns(text, names, tmp_path):
    table = read(tmp_path, text)

    assert [column.name for column in table.columns] == names


def test_that_blanks_were_cut_at_is_told(tmp_path):
    table = read(tmp_path, ALIGNED)

    assert table.dataset.warnings == (
        "no separator stands between the cells: they were cut at two blanks and more",
    )
    assert [column.dtype for column in table.columns] == ["text", "number", "integer"]
    assert table.dataset.rows == 40


@pytest.mark.parametrize(
    "text",
    [
        "name\n" + "John Smith 12\n" * 9,
        "first name\n" + "John Smith\n" * 9,
        "amount\n" + "".join(f"{n + 1} {100 + n}\n" for n in range(9)),
        "big amount\n" + "".join(f"{n + 1} {100 + n}\n" for n in range(9)),
        "phone number\n" + "".join(f"0{n + 151} {234567 + n}\n" for n in range(9)),
        "start time\n" + "".join(f"2020-01-0{n + 1} 10:00\n" for n in range(9)),
        "text\nHello there my friend\nIt is what it is\nOne two three\n",
        "a  b   c\n1  2   3\n4      6\n7  8   9\n",  # which cell is empty nobody knows
        "temp\n" + "".join(f"{n}\n" for n in range(9)),
    ],
)
def test_text_of_one_column_is_not_cut(text, tmp_path):
    table = read(tmp_path, text)

    assert len(table.columns) == 1


def test_other_separators_go_before_blanks(tmp_path):
    table = read(tmp_path, "a;b\n" + "1 2;3  4\n" * 9)

    assert [column.name for column in table.columns] == ["a", "b"]


def test_sums_below_such_a_table_are_left_out(tmp_path):
    days = "".join(f"2020-01-{n + 1:02d}  {100 + n}\n" for n in range(30))

    table = read(tmp_path, f"date        sales\n{days}\nTotal       3435\n")

    assert table.dataset.rows == 30
    assert any("Total" in warning for warning in table.dataset.warnings)


def test_the_script_cuts_at_the_same_blanks(tmp_path):
    path = tmp_path / "table.txt"
    path.write_text(ALIGNED)

    found = answered(path, tmp_path / "project", question="does weight differ by group?")

    assert found.plan.method == "welch_t_test"
    assert found.findings.sample.n_used == 40

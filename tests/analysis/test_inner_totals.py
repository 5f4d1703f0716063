"""Rows inside a table that are sums of other rows are left out, where it is sure that they are."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from jobs.analysis.tables.ingest import Table, ingest
from tests.analysis.test_script_reading import judged

Read = Callable[[str], Table]
REGIONS = ("Nord", "Süd", "West")


def rows_of(total: str, *, wrong: float = 0.0) -> list[str]:
    rows = []
    for month in range(1, 13):
        values = [100 + 7 * month + 31 * place + month % 5 for place in range(3)]
        rows += [
            f"2021-{month:02d}-01,{region},{value},{place}"
            for place, (region, value) in enumerate(zip(REGIONS, values, strict=True), 3)
        ]
        rows.append(f"2021-{month:02d}-01,{total},{sum(values) + wrong},")
    return rows


def table_text(rows: Sequence[str]) -> str:
    return "\n".join(["day,region,sales,staff", *rows, ""])


@pytest.mark.parametrize("total", ["Gesamt", "All", "Total", "Summe", "TOTAL", "Insgesamt"])
def test_sums_among_the_rows_are_left_out_and_told(total, read_content: Read):
    table = read_content(table_text(rows_of(total)))

    assert table.dataset.rows == 36
    assert table.columns[1].levels == REGIONS
    assert any(f"12 rows with '{total}' were left out" in one for one in table.dataset.warnings)


def test_sums_stand_anywhere_and_of_all_rows_too(read_content: Read):
    rows = ["Total,,66", "a,1,10", "a,2,20", "b,1,12", "b,2,24", *["a,3,0", "b,3,0"]]

    table = read_content("\n".join(["team,round,points", *rows, ""]))

    assert table.dataset.rows == 6
    assert table.columns[0].levels == ("a", "b")


@pytest.mark.parametrize(
    "rows",
    [
        rows_of("Gesamt", wrong=17.0),  # no sums
        rows_of("Ost"),  # sums, but not called so
        [f"2021-01-{day:02d},{('All', 'Young', 'Old')[day % 3]},{day * day % 17},2" for day in range(1, 29)],
    ],
)
def test_rows_that_are_no_sums_or_not_called_so_stay(rows, read_content: Read):
    table = read_content(table_text(rows))

    assert table.dataset.rows == len(rows)
    assert not any("left out" in warning for warning in table.dataset.warnings)


def test_a_level_that_is_called_a_sum_and_is_none_is_doubted(read_content: Read):
    table = read_content(table_text(rows_of("Gesamt", wrong=17.0)))

    assert any("'Gesamt' may hold sums of other rows" in one for one in table.dataset.warnings)


def test_the_script_leaves_the_sums_out_as_well(tmp_path: Path):
    source = tmp_path / "table.csv"
    source.write_text(table_text(rows_of("Gesamt")))
    table = ingest(source, tmp_path / "cache", name="table.csv")

    compared = judged(table, source, tmp_path, "welch_anova", {"outcome": "sales", "group": "region"})
    related = judged(table, source, tmp_path, "trend_over_time", {"outcome": "sales", "time": "day"})

    assert (compared.verified, related.verified) == (True, True), (compared.reason, related.reason)

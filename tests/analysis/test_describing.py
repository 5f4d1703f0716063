"""What is told of every column, and of the table as a whole, in tables of any length."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from jobs.analysis.results.described import ColumnProfile, Lengths, TopValue
from jobs.analysis.tables import facts, pieces, whole
from jobs.analysis.tables.ingest import Table, ingest
from jobs.analysis.tables.profile import profile

DATA = Path(__file__).parents[1] / "data"
R = json.loads((DATA / "r" / "profile.json").read_text())  # R 4.2: tests/data/r/profile.R

Read = Callable[..., Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(**columns: object) -> Table:
        path = tmp_path / "table.csv"
        pl.DataFrame(columns).write_csv(path)
        return ingest(path, tmp_path / "cache", name="table.csv")

    return reading


@pytest.fixture(scope="module")
def air(tmp_path_factory: pytest.TempPathFactory) -> Table:
    path = DATA / "tables" / "airquality.csv"
    return ingest(path, tmp_path_factory.mktemp("cache"), name="airquality.csv")


def only(table: Table) -> ColumnProfile:
    return profile(table)[0]


@pytest.mark.parametrize("name", ["Ozone", "Solar.R", "Wind", "Temp"])
def test_quantiles_and_outliers_agree_with_r(air, name):
    found = {column.name: column for column in profile(air)}[name]

    assert [one.value for one in found.quantiles] == pytest.approx(R["quantiles"][name], rel=1e-12)
    assert found.outliers == R["outliers"][name]


@pytest.mark.parametrize("kind", ["n", "pearson", "spearman"])
def test_each_pair_is_correlated_over_its_own_complete_rows_as_in_r(air, kind):
    found = air.whole.correlations
    places = [R["columns"].index(name) for name in found.columns]

    matrix = np.array(getattr(found, kind))

    assert matrix == pytest.approx(np.array(R[kind])[np.ix_(places, places)], rel=1e-12, abs=1e-14)
    assert (found.rows, found.left_out) == (153, 0)


def test_rows_that_stand_there_twice_are_counted(tmp_path):
    iris = ingest(DATA / "tables" / "iris.csv", tmp_path, name="iris.csv")

    assert iris.whole.duplicate_rows == R["iris_duplicates"]


def test_missing_values_make_rows_neither_alike_nor_different_by_themselves(read):
    table = read(a=[1, 1, None, None, 1], b=["x", "x", "x", "x", None])

    assert table.whole.duplicate_rows == 2


def test_a_constant_column_has_no_correlation_and_takes_none_from_others(read):
    table = read(x=[1.5, 2.5, 3.5, 4.7], same=[2.5] * 4, y=[4.1, 3.2, 2.3, 1.4])

    found = table.whole.correlations
    assert found.columns == ("x", "y")
    assert found.spearman[0] == (pytest.approx(1.0), pytest.approx(-1.0))


def test_columns_that_never_stand_together_have_no_correlation():
    numbers = np.array(
        [[1.0, np.nan], [2.0, np.nan], [3.0, np.nan], [np.nan, 1.0], [np.nan, 4.0], [np.nan, 2.0]]
    )
    there = ~np.isnan(numbers)

    n, pearson = whole.pearson_of(np.nan_to_num(numbers), there)

    assert n[0, 1] == 0
    assert np.isnan(pearson[0, 1])
    assert np.isnan(whole.spearman_of(np.nan_to_num(numbers), there)[0, 1])


def test_numbers_far_from_zero_keep_their_correlation():
    chance = np.random.default_rng(3)
    x = chance.normal(size=500)
    numbers = np.column_stack([1e9 + x, 1e-9 * (x + chance.normal(size=500))])

    _, pearson = whole.pearson_of(numbers, np.ones(numbers.shape, dtype=bool))

    assert pearson[0, 1] == pytest.approx(
        np.corrcoef(x, numbers[:, 1])[0, 1], rel=1e-6
    )  # x + 1e9 has 7 digits


def test_text_has_lengths_and_its_most_frequent_values(read):
    found = only(read(word=["été", "a", "a", "", "longer text"] * 600, n=range(3_000)))

    assert found.lengths == Lengths(1, pytest.approx(4.0), 11)
    assert found.top == (TopValue("a", 1200), TopValue("longer text", 600), TopValue("été", 600))
    assert (found.distinct, found.missing) == (3, 600)


@pytest.mark.parametrize("rows", [900, 5_000])
def test_the_most_frequent_of_many_texts_are_exact_and_equal_counts_by_the_alphabet(read, rows):
    texts = [f"unique {number}" for number in range(rows)]
    texts += [f"twice {number:02}" for number in range(30)] * 2 + ["often"] * 7

    found = only(read(text=texts))

    assert found.distinct == rows + 31
    assert found.top[:3] == (TopValue("often", 7), TopValue("twice 00", 2), TopValue("twice 01", 2))
    assert [one.value for one in found.top[3:]] == [f"twice {number:02}" for number in range(2, 9)]


def test_integers_beyond_what_floats_hold_are_counted_one_by_one(read):
    found = only(read(n=[2**62 + step for step in range(40)] * 3))

    assert found.distinct == 40
    assert found.top[0] == TopValue(str(2**62), 3)


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ([0.5] * 96 + [1.5, 2.5, 3.5, 4.5] * 2, "nearly always the same value"),
        ([0.0] * 60 + [n / 7 for n in range(40)], "many zeros"),
        ([n / 7 for n in range(90)] + [1e4] * 10, "many outliers"),
        ([2.5] * 30, "constant"),
        ([f"level {n % 300}" for n in range(9_000)], "many different values for a category"),
        ([n / 7 if n % 3 else None for n in range(90)], "many missing values"),
    ],
)
def test_what_a_reader_should_know_is_noted(read, values, note):
    assert note in only(read(value=values, row=range(len(values)))).notes


def test_a_plain_column_gets_no_note(read):
    chance = np.random.default_rng(1)

    assert only(read(value=chance.normal(size=400).round(3))).notes == ()


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read columns in pieces of a thousand values, as long tables are."""
    monkeypatch.setattr(pieces, "CELLS_AT_ONCE", 1_000)


def mixed(rows: int) -> dict[str, object]:
    chance = np.random.default_rng(7)
    return {
        "id": range(1, rows + 1),
        "number": chance.lognormal(0, 1, rows).round(6),
        "count": [None if n % 50 == 7 else int(n % 83) for n in range(rows)],
        "level": [("low", "high", "medium")[n % 3] for n in range(rows)],
        "text": [f"remark {n % 1_700}" for n in range(rows)],
        "yes": [n % 4 == 0 for n in range(rows)],
        "day": pl.Series([18_000 + n % 900 for n in range(rows)], dtype=pl.Int32).cast(pl.Date),
    }


def test_a_long_table_is_described_as_a_short_one(read, monkeypatch):
    short = read(**mixed(4_500))
    monkeypatch.setattr(pieces, "CELLS_AT_ONCE", 1_000)

    long = facts.describe_columns(
        short.path, {c.name: facts.Decision(c.dtype) for c in short.columns}, report=lambda _: None
    )

    assert [one.profile for one in long] == list(short.profile)
    assert [one.column for one in long] == list(short.columns)


def test_of_a_very_long_table_a_part_is_looked_at_and_that_is_said(read, monkeypatch, in_pieces):
    monkeypatch.setattr(pieces, "MOST_ROWS_IN_ORDER", 2_000)
    monkeypatch.setattr(whole, "MOST_ROWS_IN_ORDER", 2_000)
    columns = mixed(6_000)

    table = read(**columns)

    found = {column.name: column for column in profile(table)}
    assert {column.looked_at for column in found.values()} == {2_000}
    assert all("a part of the rows was looked at" in column.notes for column in found.values())
    assert (found["number"].rows, found["count"].missing) == (6_000, 120)
    assert found["number"].minimum == min(columns["number"])
    assert found["number"].median == pytest.approx(
        float(np.median(columns["number"])), rel=0.1
    )  # a third of them
    assert found["day"].maximum == str(columns["day"].max())
    assert found["id"].role == "id"
    assert found["text"].distinct == pytest.approx(1_700, rel=0.05)  # HyperLogLog, within 5 %
    assert table.whole.duplicate_rows is None


def test_the_description_is_kept_with_the_table(tmp_path, air):
    again = ingest(DATA / "tables" / "airquality.csv", air.path.parent.parent, name="airquality.csv")

    assert again.read_before
    assert (again.profile, again.whole) == (air.profile, air.whole)

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.frames import natural
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, SingleSample, load
from jobs.errors import TooFewValues, UnknownColumn, UnsuitableData


@pytest.fixture
def parquet(tmp_path):
    table = pl.DataFrame(
        {
            "length": [4.2, None, 11.5, 7.3, float("inf"), 5.8, 6.4, 10.0, float("nan")],
            "dose": ["week 10", "week 2", "week 2", "week 10", "week 2", "week 2", "alone", None, "week 2"],
            "year": [2001, 2001, 2002, 2002, 2001, 2002, 2003, 2001, 2001],
            "treated": [True, False, True, False, None, True, False, True, True],
            "id": [f"no {index}" for index in range(9)],
            "same": ["x"] * 9,
            "nothing": pl.Series([None] * 9, dtype=pl.Float64),
        }
    )
    path = tmp_path / "table.parquet"
    table.write_parquet(path)
    return path


def plan(**columns: str) -> Plan:
    return Plan("test", "", columns, confidence=1.0, because="")


def test_groups_come_in_natural_order_with_what_was_dropped(parquet):
    sample = load(plan(outcome="length", group="dose"), parquet, units={"length": "mm"})

    assert isinstance(sample, GroupedSample)
    assert sample.levels == ("week 2", "week 10")
    assert [values.tolist() for values in sample.values] == [[11.5, 5.8], [4.2, 7.3]]
    assert sample.n_total == 9
    assert sample.dropped == {
        "missing length": 2,
        "infinite length": 1,
        "missing dose": 1,
        "a single value where dose is alone": 1,
    }
    assert sample.unit == "mm"


def test_numbers_and_truth_values_can_be_groups(parquet):
    by_year = load(plan(outcome="length", group="year"), parquet)
    by_treatment = load(plan(outcome="length", group="treated"), parquet)

    assert by_year.levels == ("2001", "2002")
    assert by_treatment.levels == ("False", "True")


def test_pairs_keep_the_order_of_the_rows(parquet):
    sample = load(plan(x="year", y="length"), parquet, units={"length": "mm"})

    assert isinstance(sample, PairedSample)
    assert sample.x_values.tolist() == [2001, 2002, 2002, 2002, 2003, 2001]
    assert sample.y_values.tolist() == [4.2, 11.5, 7.3, 5.8, 6.4, 10.0]
    assert (sample.x_unit, sample.y_unit) == (None, "mm")


def test_categories_are_counted_together(parquet):
    sample = load(plan(row="treated", column="year"), parquet)

    assert isinstance(sample, CrossSample)
    assert sample.row_levels == ("False", "True")
    assert sample.column_levels == ("2001", "2002", "2003")
    assert sample.counts.tolist() == [[1, 1, 1], [3, 2, 0]]
    assert sample.dropped == {"missing treated": 1}


def test_one_number_is_read_and_one_text_is_left_to_the_profile(parquet):
    number, text, whole = (
        load(plan(**roles), parquet) for roles in ({"outcome": "length"}, {"outcome": "id"}, {})
    )

    assert isinstance(number, SingleSample)
    assert number.values.size == 6
    assert text is None
    assert whole is None


def test_a_folder_of_parts_is_one_table(tmp_path):
    for part in range(3):
        pl.DataFrame({"a": [float(part), part + 1.0], "b": ["x", "y"]}).write_parquet(
            tmp_path / f"{part}.parquet"
        )

    sample = load(plan(outcome="a", group="b"), tmp_path)

    assert sample.n_total == 6
    assert [sorted(values.tolist()) for values in sample.values] == [[0, 1, 2], [1, 2, 3]]


@pytest.mark.parametrize(
    ("roles", "error", "says"),
    [
        ({"outcome": "lenght", "group": "dose"}, UnknownColumn, "no column 'lenght'"),
        ({"outcome": "dose", "group": "year"}, UnsuitableData, "'dose' holds text"),
        ({"outcome": "treated", "group": "year"}, UnsuitableData, "'treated' holds yes or no"),
        ({"outcome": "length", "group": "length"}, UnsuitableData, "named twice"),
        ({"outcome": "length", "group": "id"}, TooFewValues, "6 values of 'id'"),
        ({"outcome": "length", "group": "same"}, TooFewValues, "'same' has 1 group (x, 6 rows)"),
        ({"outcome": "nothing", "group": "same"}, TooFewValues, "'same' has 0 groups"),
        ({"x": "nothing", "y": "length"}, TooFewValues, "0 of 9 rows"),
        ({"row": "same", "column": "dose"}, UnsuitableData, "'same' has the single value 'x'"),
        ({"outcome": "nothing"}, TooFewValues, "'nothing' has no values in 9 rows"),
    ],
)
def test_refuses_what_cannot_be_analysed_by_name_and_count(parquet, roles, error, says):
    with pytest.raises(error) as refused:
        load(plan(**roles), parquet)

    assert says in str(refused.value)


def test_of_more_than_twenty_groups_the_largest_are_kept_and_the_others_put_together(tmp_path):
    path = tmp_path / "many.parquet"
    sizes = [3] * 10 + [9] * 20
    pl.DataFrame({"y": np.arange(210.0), "g": np.repeat(np.arange(30), sizes)}).write_parquet(path)

    sample = load(plan(outcome="y", group="g"), path)

    assert sample.levels == (*(str(level) for level in range(10, 30)), "other (10 groups)")
    assert sample.values[-1].tolist() == list(range(30))
    assert sample.pooled == 10


def test_so_many_groups_that_the_others_were_nearly_all_are_refused_with_their_number(tmp_path):
    path = tmp_path / "many.parquet"
    pl.DataFrame({"y": np.arange(390.0), "g": np.repeat(np.arange(130), 3)}).write_parquet(path)

    with pytest.raises(UnsuitableData, match="130 groups; at most 20"):
        load(plan(outcome="y", group="g"), path)


def test_more_than_fifty_levels_of_a_category_are_refused(tmp_path):
    path = tmp_path / "many.parquet"
    pl.DataFrame({"a": np.arange(60), "b": ["x", "y"] * 30}).write_parquet(path)

    with pytest.raises(UnsuitableData, match="'a' has 60 different values"):
        load(plan(row="a", column="b"), path)


def test_natural_order_puts_numbers_by_size():
    texts = ["10", "9", "-1", "0.5", "week 10", "Week 2", "nan", "a"]

    assert sorted(texts, key=natural) == ["-1", "0.5", "9", "10", "a", "nan", "Week 2", "week 10"]


def test_unreadable_path_is_not_mistaken_for_a_table(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(plan(outcome="a"), Path(tmp_path / "none.parquet"))

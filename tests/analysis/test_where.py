"""An analysis is about the rows that were selected, and says so; what cannot be selected is refused."""

import json

import polars as pl
import pytest

from jobs.analysis.planning.where import checked, narrowed
from jobs.analysis.results.condition import Condition, in_words
from jobs.analysis.sampling.frames import selected
from jobs.analysis.tables.columns import Column
from jobs.errors import TooFewValues, UnknownColumn, UnsuitableData
from tests.analysis.hand_made_columns import SEX, column
from tests.analysis.whole import answered, table

AGE = column("age", "number", "integer")
BORN = column("born", "date", "date")
VIP = column("vip", "boolean", "boolean", ("false", "true"))
MEMBER = column("member", "boolean", "text", ("no", "yes"))
COLUMNS = (SEX, AGE, BORN, VIP, MEMBER)


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        (("sex", "is", ["Female"]), Condition("sex", "is", ("female",))),
        (("sex", "is_not", ["male", "MALE"]), Condition("sex", "is_not", ("male",))),
        (("age", "is", ["30", 41]), Condition("age", "is", (30.0, 41.0))),
        (("age", "at_least", [18]), Condition("age", "at_least", (18.0,))),
        (("born", "at_least", ["1990"]), Condition("born", "at_least", ("1990-01-01",))),
        (("born", "less_than", ["1990-07"]), Condition("born", "less_than", ("1990-07-01",))),
        (("born", "at_most", ["1990-07-01T08:30"]), Condition("born", "at_most", ("1990-07-01 08:30:00",))),
        (("vip", "is", [True]), Condition("vip", "is", ("True",))),
        (("vip", "is", ["no"]), Condition("vip", "is", ("False",))),
        (("member", "is", [True]), Condition("member", "is", ("yes",))),
    ],
)
def test_values_are_taken_as_their_column_has_them(asked, condition):
    assert checked([asked], COLUMNS) == (condition,)


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        (("sx", "is", ["male"]), UnknownColumn, "did you mean 'sex'"),
        (("sex", "is", ["mal"]), UnsuitableData, "'sex' is never 'mal'; its values are female, male"),
        (("sex", "at_least", ["male"]), UnsuitableData, "which has no order"),
        (("sex", "is", []), UnsuitableData, "name a value"),
        (("age", "at_least", [1, 2]), UnsuitableData, "takes one value, not 2"),
        (("age", "more_than", ["old"]), UnsuitableData, "holds numbers, and 'old' is none"),
        (("born", "less_than", ["01.03.1990"]), UnsuitableData, "write it as 2026-03-01"),
        (("vip", "is", ["perhaps"]), UnsuitableData, "holds yes and no, and 'perhaps' is none"),
    ],
)
def test_a_condition_that_cannot_hold_is_refused_with_its_reason(asked, error, says):
    with pytest.raises(error) as raised:
        checked([asked], COLUMNS)

    assert says in str(raised.value)


def test_groups_that_are_left_out_no_longer_count():
    species = column("species", "category", "text", ("Adelie", "Chinstrap", "Gentoo"))
    where = checked([("species", "is_not", ["Gentoo"]), ("age", "at_least", [2])], (species, AGE))

    found: tuple[Column, ...] = narrowed((species, AGE), where)

    assert (found[0].levels, found[0].distinct) == (("Adelie", "Chinstrap"), 2)
    assert found[1] == AGE


def test_conditions_read_as_one_phrase():
    where = checked([("sex", "is", ["male", "female"]), ("age", "less_than", [17.5])], COLUMNS)

    assert in_words(where) == "sex is male or female and age is less than 17.5"


ROWS = pl.DataFrame(
    {
        "n": [1, 2, 3, None],
        "day": pl.Series(["2026-01-01", "2026-01-02", None, "2026-01-04"]).str.to_date(),
        "ok": [True, False, None, True],
        "word": ["a", None, "b", "c"],
        "row": [0, 1, 2, 3],
    }
)


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        (Condition("n", "is", (1.0, 3.0)), [0, 2]),
        (Condition("n", "is_not", (1.0,)), [1, 2]),
        (Condition("n", "more_than", (1.0,)), [1, 2]),
        (Condition("n", "at_most", (2.0,)), [0, 1]),
        (Condition("day", "at_least", ("2026-01-02",)), [1, 3]),
        (Condition("day", "is", ("2026-01-01",)), [0]),
        (Condition("day", "less_than", ("2026-01-01 12:00:00",)), [0]),
        (Condition("ok", "is", ("True",)), [0, 3]),
        (Condition("word", "is_not", ("a",)), [2, 3]),
    ],
)
def test_a_row_that_lacks_the_value_is_never_selected(condition, rows, tmp_path):
    path = tmp_path / "table.parquet"
    ROWS.write_parquet(path)

    with selected(path, ["row"], [condition]) as (found, others):
        kept = pl.read_parquet(found)["row"].to_list()

    assert (kept, others) == (rows, 4 - len(rows))
    assert not found.exists()


def test_a_selection_of_no_row_is_refused(tmp_path):
    path = tmp_path / "table.parquet"
    ROWS.write_parquet(path)
    where = [Condition("n", "is", (1.0,)), Condition("word", "is", ("b",))]

    with (
        pytest.raises(TooFewValues, match="No row is left where n is 1 and word is b"),
        selected(path, ["row"], where),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "asked", "where", "used"),
    [
        ("birds", {"question": "does body mass differ by sex?"}, ("species", "is", ["gentoo"]), 56),
        (
            "birds",
            {"method": "welch_t_test", "columns": {"outcome": "body_mass_g", "group": "species"}},
            ("species", "is_not", ["Gentoo"]),
            107,
        ),
        ("titanic", {"question": "did women survive more often than men?"}, ("Class", "is", ["1st"]), 325),
        ("mtcars", {"question": "what predicts mpg?"}, ("cyl", "is", [4, 6]), 18),
        ("sleep", {"question": "does extra differ by group"}, ("extra", "at_least", [0]), 15),
        ("iris", {"question": "correlations between all columns"}, ("Species", "is", ["setosa"]), 50),
        ("orders_de", {"question": "Umsatz by Region"}, ("Datum", "at_least", ["2023-03"]), None),
    ],
)
def test_words_numbers_and_script_are_about_the_selected_rows(name, asked, where, used, tmp_path):
    found = answered(table(name), tmp_path / "project", where=[where], **asked)

    phrase = in_words(found.plan.where)
    results = json.loads((tmp_path / "project" / "results.json").read_text(encoding="utf-8"))
    assert not found.plan.needs_clarification
    assert found.interpretation.headline.startswith(f"Where {phrase}: ")
    assert used in (None, found.findings.sample.n_used)
    assert sum(found.findings.sample.dropped.values()) + found.findings.sample.n_used == found.dataset.rows
    assert results["plan"]["where"][0]["column"] == where[0]


@pytest.mark.parametrize(
    ("name", "asked", "where", "used"),
    [
        ("birds", {"question": "describe the table"}, ("species", "is", ["gentoo"]), 60),
        ("birds", {"method": "profile", "columns": {}}, ("sex", "is_not", ["male"]), None),
        ("birds", {"question": "describe the table for females only"}, None, None),
        ("titanic", {"question": "describe class"}, ("Sex", "is", ["Female"]), 470),
        ("orders_de", {"question": "describe Region"}, ("Datum", "at_least", ["2023-03"]), None),
    ],
)
def test_a_table_and_a_column_of_text_are_described_in_the_selected_rows(name, asked, where, used, tmp_path):
    found = answered(table(name), tmp_path / "project", where=[where] if where else [], **asked)

    rows = found.profile[0].rows
    assert not found.plan.needs_clarification
    assert used in (None, rows)
    assert 0 < rows < found.dataset.rows
    assert found.findings.sample.n_used == rows
    assert found.findings.sample.dropped == {"outside the selection": found.dataset.rows - rows}
    assert found.interpretation.headline.startswith(f"Where {in_words(found.plan.where)}: ")
    assert found.script.verified, found.script


def test_the_levels_of_the_selected_rows_are_counted_in_them_alone(tmp_path):
    found = answered(
        table("titanic"),
        tmp_path / "project",
        method="profile",
        columns={"outcome": "Class"},
        where=[("Sex", "is", ["Female"])],
    )

    described = next(column for column in found.profile if column.name == "Class")
    # R 4.2: table(titanic$Class[titanic$Sex == "Female"])
    assert {top.value: top.count for top in described.top} == {"3rd": 196, "1st": 145, "2nd": 106, "Crew": 23}


def test_a_description_of_no_rows_is_refused(tmp_path):
    with pytest.raises(TooFewValues, match="No row is left where"):
        answered(
            table("birds"),
            tmp_path / "project",
            question="describe the table",
            where=[("body_mass_g", "more_than", [90_000])],
        )

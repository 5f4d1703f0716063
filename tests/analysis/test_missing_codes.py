"""Numbers such as -999 that stand for no value count as missing where that is certain, and are told."""

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis.tables.ingest import Table, ingest
from tests.analysis.test_script_reading import judged

Read = Callable[[Sequence[object]], Table]
AGES = [18 + place % 60 for place in range(90)]
PRICES = [5 + place * 5 for place in range(100)]
SCORES = [1 + place % 5 for place in range(50)]
DEGREES = [round(5.6 + place * 0.37, 2) for place in range(50)]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(values: Sequence[object]) -> Table:
        path = tmp_path / "table.csv"
        path.write_text("g,v\n" + "".join(f"{'xy'[place % 2]},{one}\n" for place, one in enumerate(values)))
        return ingest(path, tmp_path / "cache", name="table.csv")

    return reading


def values_of(table: Table) -> list[float | None]:
    return pl.read_parquet(table.path)["v"].to_list()


@pytest.mark.parametrize(
    ("others", "codes"),
    [
        (DEGREES, [-999, -999]),
        (DEGREES, [-999.0, 9999, -999.0, 9999]),
        (SCORES, [99, 99]),
        (SCORES, [88, 99, 88, 99]),
        (SCORES, [-9, -9, -8, -8]),
        (AGES, [-9, -9]),
        (AGES, [999, 999]),
        ([1_000 * age for age in AGES], [-99, -99]),
        ([0, 1] * 20, [99, 99]),
    ],
)
def test_well_known_codes_far_from_the_other_values_count_as_missing(read, others, codes):
    table = read([*others, *codes])

    assert values_of(table) == [*others, *[None] * len(codes)]
    assert table.columns[1].missing == len(codes)
    told = [
        warning for warning in table.dataset.warnings if "was read as a code for missing values" in warning
    ]
    assert len(told) == len(set(codes))
    assert all(
        f"({codes.count(code)} times)" in warning
        for code, warning in zip(sorted(set(codes)), told, strict=True)
    )


@pytest.mark.parametrize(
    ("others", "codes"),
    [
        (DEGREES, [-999]),
        (AGES, [99 + 20, 999]),
        (AGES, [99, 99]),
        ([place % 5 for place in range(40)], [-9, -9]),
        (PRICES, [999, 999]),
        (AGES, [-9]),
    ],
)
def test_numbers_that_may_be_codes_are_used_and_doubted(read, others, codes):
    table = read([*others, *codes])

    assert values_of(table) == [*others, *codes]
    assert any(f"column v: {codes[-1]} (" in w and "may be a code" in w for w in table.dataset.warnings)


@pytest.mark.parametrize(
    "values",
    [
        [place - 20 for place in range(60)],  # -1, -7, -8, -9 among others
        [place % 21 - 1 for place in range(80)],  # -1 beside 0
        list(range(40, 100)),  # 99 beside 98
        [place * 111 for place in range(1, 10)] * 3,  # 999 beside 888
        [99] * 10,
        [1.5, 2.5, -1.0, -1.0, 3.5, 0.5, 1.0],
        [round(1.7**place, 1) for place in range(14)] + [999],  # a long tail
    ],
)
def test_values_like_codes_among_the_others_stay_without_a_word(read, values):
    table = read(values)

    assert values_of(table) == values
    assert not any("code" in warning for warning in table.dataset.warnings)


def test_identifiers_and_values_written_a_little_otherwise_are_no_codes(tmp_path):
    path = tmp_path / "table.csv"
    rows = "".join(f"{100 + place % 7},{place % 9}\n" for place in range(70))
    path.write_text(f"shop_id,v\n{rows}" + "99999,-999.001\n" * 3)

    table = ingest(path, tmp_path / "cache", name="table.csv")

    frame = pl.read_parquet(table.path)
    assert frame["shop_id"].null_count() == frame["v"].null_count() == 0
    assert table.dataset.warnings == ()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_script_leaves_the_codes_out_as_well(form, tmp_path):
    values = [*DEGREES, *[-999.0] * 6, *[9999.0] * 4]
    frame = pl.DataFrame({"g": ["x" if place % 3 else "y" for place in range(len(values))], "v": values})
    source = tmp_path / f"table.{form}"
    frame.write_csv(source) if form == "csv" else frame.write_parquet(source)
    table = ingest(source, tmp_path / "cache", name=source.name)

    compared = judged(table, source, tmp_path, "welch_t_test", {"outcome": "v", "group": "g"})
    described = judged(table, source, tmp_path, "profile", {})

    assert table.columns[1].missing == 10
    assert (compared.verified, described.verified) == (True, True), (compared.reason, described.reason)


def read_named(tmp_path: Path, name: str, values: Sequence[object]) -> Table:
    path = tmp_path / "table.csv"
    path.write_text(f"g,{name}\n" + "".join(f"{'xy'[place % 2]},{one}\n" for place, one in enumerate(values)))
    return ingest(path, tmp_path / "cache", name="table.csv")


WARMTH = [round(11.5 + place % 40 * 0.4, 1) for place in range(160)]
GROWN = [30 + place % 40 for place in range(180)]


@pytest.mark.parametrize(
    ("name", "others", "codes"),
    [
        ("temp", WARMTH, [-99.9] * 4),
        ("temp", WARMTH, [-9.99, -9.99, -9.99]),
        ("temp", [one - 20 for one in WARMTH], [-999.9] * 3),
        ("temp", [place - 20 for place in range(60)], [-99] * 3),
        ("rel_hum_pct", [25.5 + place % 30 * 0.9 for place in range(60)] + [62.4], [-1.0] * 4),
        ("age", GROWN, [0] * 13),
        ("height_cm", [150 + place % 40 for place in range(80)], [0, 0]),
        ("likert", SCORES, [8, 9, 8, 9]),
        ("trust_gov", SCORES, [9, 9]),
        ("score", SCORES, [88, 99, 88, 99]),
    ],
)
def test_codes_are_told_by_their_nines_the_name_of_the_column_and_its_scale(name, others, codes, tmp_path):
    table = read_named(tmp_path, name, [*others, *codes])

    assert table.columns[1].missing == len(codes)
    told = [w for w in table.dataset.warnings if "was read as a code for missing values" in w]
    assert len(told) == len(set(codes))


@pytest.mark.parametrize(
    ("name", "values", "doubted"),
    [
        ("price", [10.0 + place % 40 * 0.25 for place in range(80)] + [9.99] * 4, None),
        ("rooms", [*SCORES, 8, 8], None),
        ("n_visits", [place % 5 for place in range(40)] + [8, 9, 8], None),
        ("level", [*SCORES, 9, 9], 9),
        ("age", [place % 80 for place in range(240)], None),
        ("age", [*GROWN, 0], 0),
        ("income", [round(900.0 + place * 13.7, 2) for place in range(80)] + [5e6] * 3, 5e6),
        ("change_pct", [round(place % 30 * 0.9, 2) for place in range(60)] + [-1.0] * 4, None),
        ("temp", [place - 20 for place in range(40)] + [-27, -27], None),
        ("balance", [0, 5, 3, 8, 2, 9, 1, 4, 6, 7] * 4 + [-4] * 3, None),
        ("weight_kg", [50 + place % 40 for place in range(80)] + [-4] * 3, -4),
        ("stars", [1 + place % 7 for place in range(70)] + [8, 9], None),
    ],
)
def test_what_may_be_a_value_stays_one_and_is_doubted_only_where_it_is_odd(name, values, doubted, tmp_path):
    table = read_named(tmp_path, name, values)

    assert table.columns[1].missing == 0
    told = [w for w in table.dataset.warnings if "may be a code" in w or "was read as a code" in w]
    assert [f"column {name}: {doubted:g} (" in one for one in told] == ([] if doubted is None else [True])


STEPS = ("disagree", "neutral", "agree")


@pytest.mark.parametrize("word", ["don't know", "Refused", "keine Angabe", "weiß nicht", "k.A."])
def test_no_answers_beside_ordered_words_count_as_missing(word, tmp_path):
    table = read_named(tmp_path, "opinion", [*(STEPS[place % 3] for place in range(60)), word, word])

    assert table.columns[1].missing == 2
    assert table.columns[1].levels == STEPS
    assert any(f"'{word}' beside the steps of a scale" in one for one in table.dataset.warnings)


@pytest.mark.parametrize(
    "others", [("north", "south", "west"), ("agree", "disagree"), ("low", "high", "odd")]
)
def test_no_answers_beside_other_words_stay_a_value(others, tmp_path):
    table = read_named(tmp_path, "x", [*(others[place % len(others)] for place in range(60)), "refused"] * 2)

    assert table.columns[1].missing == 0
    assert "refused" in table.columns[1].levels


def test_the_script_leaves_no_answers_out_as_well(tmp_path):
    table = read_named(tmp_path, "x", [*(STEPS[place % 7 % 3] for place in range(60)), "refused", "refused"])

    found = judged(table, tmp_path / "table.csv", tmp_path, "mann_whitney_u", {"outcome": "x", "group": "g"})

    assert found.verified, found.reason

"""A plan carries out the words for which rows, which kind and which of two a question is, or asks back."""

from pathlib import Path

import pytest

from jobs.analysis.run import Choice, read_plan
from jobs.analysis.tables.ingest import Table, ingest
from tests.analysis.questions import Tables

NOTHING_CHOSEN = Choice(None, {}, {}, ())
TREES = (
    "tag,species,damage,vigour,age_years,height_m,leaves,thinned\n"
    + "\n".join(
        f"T{place:03},{('oak', 'beech', 'spruce')[place % 3]},{('none', 'light')[place // 3 % 2]},"
        f"{2 + place * 7 % 4},{20 + place * 37 % 90},{8 + place * 53 % 171 / 10:.1f},{2 + place * 13 % 11},"
        f"{('yes', 'no')[place // 5 % 2]}"
        for place in range(96)
    )
    + "\n"
)
SHOPS = (
    "month,shop,cups,price_eur,offer\n"
    + "\n".join(
        f"20{22 + month // 12}-{month % 12 + 1:02},{shop},{400 + 100 * place + month * 31 % 97},"
        f"{2 + 0.3 * place + month * 17 % 23 / 40:.2f},{('yes', 'no')[(month + place) % 2]}"
        for place, shop in enumerate(("Harbour", "Station", "Market", "Campus"))
        for month in range(24)
    )
    + "\n"
)
SKATERS = (
    "skater,ice,boot,lap_s\n"
    + "\n".join(
        f"S{who},{ice},{boot},{40 + who * 13 % 7 + (ice == 'soft') + who * 29 % 11 / 10:.1f}"
        for who in range(20)
        for ice in ("hard", "soft")
        for boot in ("old", "new")
    )
    + "\n"
)
CALLS = (
    "via,outcome,day,{name}\n"
    + "\n".join(
        f"{via},{outcome},{day},{30 + 17 * place % 140}"
        for place, (via, outcome, day) in enumerate(
            (via, outcome, day)
            for via in ("phone", "chat", "mail")
            for outcome in ("solved", "open")
            for day in ("weekday", "weekend")
        )
    )
    + "\n"
)
MEMBERS = (
    "member,plan,fee,age,quit\n"
    + "\n".join(
        f"M{place},{('basic', 'plus', 'vip')[place % 3]},{(19.9, 34.9, 59.9)[place % 3]},"
        f"{18 + place * 37 % 50},"
        f"{('yes', 'no')[place * 7 % 5 > 1]}"
        for place in range(150)
    )
    + "\n"
)


def read(folder: Path, text: str) -> Table:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return ingest(path, folder / "cache", name="table.csv")


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    known: dict[str, Table] = {}

    def ask(text: str, question: str):
        if text not in known:
            known[text] = read(tmp_path_factory.mktemp("table"), text)
        return read_plan(known[text], question, NOTHING_CHOSEN)

    return ask


@pytest.fixture(scope="module")
def columns_of(tmp_path_factory):
    return Tables(tmp_path_factory.mktemp("tables"))


def rows_of(found):
    return {one.column: one.values for one in found.where}


@pytest.mark.parametrize(
    ("question", "outcome", "rows"),
    [
        ("how tall are spruces", "height_m", {"species": ("spruce",)}),
        ("how old are the beeches", "age_years", {"species": ("beech",)}),
        ("average height of thinned oaks", "height_m", {"thinned": ("yes",), "species": ("oak",)}),
        ("mean vigour of thinned trees", "vigour", {"thinned": ("yes",)}),
        ("average number of leaves of oaks", "leaves", {"species": ("oak",)}),
    ],
)
def test_a_measure_of_one_level_describes_its_rows(asked, question, outcome, rows):
    found = asked(TREES, question)

    assert (found.method, dict(found.columns), rows_of(found)) == ("profile", {"outcome": outcome}, rows)
    assert not found.needs_clarification


def test_a_level_beside_a_measure_and_nothing_else_is_asked_about(asked):
    found = asked(TREES, "oak height")

    assert found.needs_clarification
    assert found.alternatives[0].method == "profile"
    assert found.alternatives[-1].method == "welch_anova"


@pytest.mark.parametrize(
    ("question", "method"),
    [
        ("are thinned trees taller", "welch_t_test"),
        ("height of oaks vs beeches", "welch_t_test"),
        ("height by species", "welch_anova"),
        ("thinned trees: taller?", "welch_t_test"),
    ],
)
def test_a_level_that_is_set_against_others_is_compared(asked, question, method):
    assert asked(TREES, question).method == method


@pytest.mark.parametrize(
    "question",
    [
        "do longer trees grow in thinned plots",
        "tall trees: how old",
        "are growers older",
        "how many leaves does it take to make a tree",
        "what makes trees thinned in each species",
        "height after a change of species",
    ],
)
def test_words_that_no_plan_carries_out_are_asked_about(asked, question):
    assert asked(TREES, question).needs_clarification


def test_whole_numbers_that_are_no_codes_are_compared_by_their_size(asked):
    assert asked(TREES, "leaves by species").method == "welch_anova"
    assert asked(TREES, "are damaged trees less vigorous").needs_clarification
    assert asked(TREES, "is vigour higher in thinned trees").method == "welch_t_test"


def test_whole_numbers_that_may_be_steps_or_codes_are_asked_about(asked):
    found = asked(TREES, "vigour by species")

    assert found.needs_clarification
    assert {one.method for one in found.alternatives} == {"welch_anova", "chi_square_independence"}


@pytest.mark.parametrize(
    "question",
    ["are cups and price correlated", "cups by offer", "cups over time", "predict cups from price and offer"],
)
def test_a_panel_of_few_things_is_asked_about_offering_one_of_them(asked, question):
    found = asked(SHOPS, question)

    assert found.needs_clarification
    assert any(rows_of(one) == {"shop": ("Campus",)} for one in found.alternatives)


def test_one_thing_of_a_panel_is_followed_as_it_is(asked):
    found = asked(SHOPS, "cups over time in the Harbour shop")

    assert (found.method, rows_of(found)) == ("trend_over_time", {"shop": ("Harbour",)})


def test_those_measured_once_in_each_combination_are_subjects_whatever_they_are_called(asked):
    found = asked(SKATERS, "is the boot effect on lap the same on both ices")

    assert found.needs_clarification
    assert "'skater' repeats" in found.because


@pytest.mark.parametrize("name", ["people", "callers", "Personen", "total", "responses"])
def test_a_column_of_several_things_beside_crossed_categories_counts_cases(name, tmp_path):
    table = read(tmp_path, CALLS.replace("{name}", name))

    found = read_plan(table, "outcome by via", NOTHING_CHOSEN)

    assert table.columns[3].weighs
    assert found.needs_clarification
    assert found.alternatives[0].columns["count"] == name


@pytest.mark.parametrize("name", ["score", "height", "minutes"])
def test_a_measure_beside_crossed_categories_counts_nothing(name, tmp_path):
    assert not any(one.weighs for one in read(tmp_path, CALLS.replace("{name}", name)).columns)


def test_a_predictor_that_follows_from_another_is_left_out_of_a_model_of_all(asked):
    found = asked(MEMBERS, "what predicts quit")

    assert "fee" not in found.columns.values()
    assert "plan" in found.columns.values()
    assert "Left out, since it follows exactly from the others: 'fee'." in found.notes


@pytest.mark.parametrize(
    ("question", "language"),
    [("salaire moyen par sexe", "French"), ("¿cuál es el promedio de salary por sex?", "Spanish")],
)
def test_a_question_in_another_language_is_told_so(question, language, columns_of, asked):
    found = asked(MEMBERS, question)

    assert found.needs_clarification
    assert language in found.because


def test_or_in_german_stays_what_it_is(asked):
    found = asked(MEMBERS, "Wer ist älter, basic oder vip?")

    assert rows_of(found) == {"plan": ("basic", "vip")}

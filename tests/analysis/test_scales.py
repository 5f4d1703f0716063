"""Words that are steps of a scale are known as such, in English and in German, and stand in its order."""

from collections.abc import Callable

import pytest

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling import samples
from jobs.analysis.tables.columns import is_ordered_text
from jobs.analysis.tables.ingest import Table
from jobs.analysis.tables.scales import has_direction, order_of


@pytest.mark.parametrize(
    "steps",
    [
        ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
        ("Strongly Disagree", "Somewhat disagree", "Neither agree nor disagree", "Agree"),
        ("stimme gar nicht zu", "stimme eher nicht zu", "teils/teils", "stimme eher zu", "stimme voll zu"),
        ("trifft nicht zu", "trifft eher nicht zu", "trifft eher zu", "trifft voll und ganz zu"),
        ("low", "medium", "high"),
        ("niedrig", "mittel", "hoch"),
        ("never", "rarely", "sometimes", "often", "always"),
        ("nie", "selten", "manchmal", "häufig", "immer"),
        ("none", "primary", "secondary", "university"),
        ("primary", "secondary", "bachelor", "master", "PhD"),
        ("Hauptschule", "Realschule", "Abitur", "Studium"),
        ("S", "M", "L", "XL"),
        ("klein", "mittel", "groß"),
        ("18-24", "25-34", "35-44", "45+"),
        ("under 18", "18 to 34", "35 to 59", "60 and over"),
        ("unter 18", "18–34 Jahre", "35–59 Jahre", "60 und älter"),
        ("<10k", "10k-20k", "20k-30k", ">30k"),
        ("5-9", "10-14", "100-104"),
        ("1 = never", "2 = sometimes", "3 = always"),
        ("Stage I", "Stage II", "Stage IV"),
        ("sehr unzufrieden", "unzufrieden", "zufrieden", "sehr zufrieden"),
    ],
)
def test_steps_are_put_in_their_order(steps):
    shuffled = sorted(steps, key=lambda step: step[::-1])

    assert order_of(shuffled) == steps
    assert has_direction(shuffled)


@pytest.mark.parametrize(
    "values",
    [
        ("North", "South", "West"),
        ("School 1", "School 2", "School 3"),
        ("1 - North", "2 - South", "3 - East"),  # codes of regions
        ("2-1", "1-2", "3-0"),  # results of matches
        ("1-5", "3-9", "4-12"),  # bands that overlap
        ("low", "medium", "unknown"),
        ("medium", "mid", "high"),  # two words for one step
        ("A", "B", "C"),
        ("red", "amber", "green"),
        ("good", "north"),
    ],
)
def test_other_words_are_no_scale(values):
    assert order_of(values) == ()


@pytest.mark.parametrize("values", [("Mon", "Tue", "Sun"), ("Mai", "Juni", "Juli"), ("1st", "2nd", "3rd")])
def test_days_months_and_places_have_an_order_and_none_is_more_than_another(values):
    assert order_of(values[::-1]) == values
    assert not has_direction(values)


def test_the_order_is_said_and_kept_in_groups_and_tables(read_content: Callable[..., Table]):
    order = ("stimme nicht zu", "teils/teils", "stimme zu")
    rows = [f"{order[place % 3]},{('30-44', '18-29', '60+')[place % 7 % 3]},{place}" for place in range(60)]
    table = read_content("\n".join(["meinung,alter,v", *rows, ""]))

    opinion, age, _ = table.columns
    counted = samples.load(
        Plan("relate", "chi_square_independence", {"row": "meinung", "column": "alter"}, 1.0, ""), table.path
    )
    grouped = samples.load(
        Plan("compare", "welch_anova", {"outcome": "v", "group": "alter"}, 1.0, ""), table.path
    )

    assert is_ordered_text(opinion)
    assert is_ordered_text(age)
    assert any("'stimme nicht zu' < 'teils/teils' < 'stimme zu'" in one for one in table.dataset.warnings)
    assert isinstance(counted, samples.CrossSample)
    assert isinstance(grouped, samples.GroupedSample)
    assert (counted.row_levels, counted.column_levels) == (order, ("18-29", "30-44", "60+"))
    assert grouped.levels == ("18-29", "30-44", "60+")

"""Words that stand for a column only where the table surely has it, and what is asked back beside them."""

import pytest

from jobs.analysis.planning.planner import plan
from tests.analysis.questions import Tables


@pytest.fixture(scope="module")
def columns_of(tmp_path_factory):
    return Tables(tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize(
    ("table", "question", "outcome"),
    [
        ("support_tickets", "compare the teams' time to close", "hours_to_close"),
        ("support_tickets", "does the time to close differ between the teams", "hours_to_close"),
        ("support_tickets", "closing time by priority", "hours_to_close"),
        ("support_tickets", "how long do the teams take to close tickets", "hours_to_close"),
        ("houses", "the houses' time on the market per neighbourhood", "days_on_market"),
        ("salaries", "time since PhD by rank", "yrs.since.phd"),
        ("birthwt", "do babies of smokers weigh less at birth", "bwt"),
        ("tooth_growth", "do the suplements change how long the teeth get", "len"),
    ],
)
def test_a_time_is_found_by_the_unit_in_its_name(columns_of, table, question, outcome):
    found = plan(question, columns_of(table))

    assert not found.needs_clarification
    assert found.columns["outcome"] == outcome


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("houses", "time by neighbourhood"),  # of what?
        ("employees", "time by department"),
        ("support_tickets", "response time by team"),  # not the time to close
        ("support_tickets", "how long are the replies by team"),
        ("salaries", "time to promotion by rank"),
        ("school_marks", "time to finish by class"),
        ("clinic_visits", "is the diastolic pressure different by arm"),  # only the systolic is there
        ("mtcars", "partial correlation of hp and qsec"),
        ("mtcars", "partial correlation of hp and qsec given wt"),
        ("clinic_visits", "where do the patients come from by site"),
        ("cars93", "does horsepower affect price in US cars"),  # no column has "US"
        ("cars93", "effect of weight on city mpg by origin"),  # in each group, or in all?
        ("birthwt", "does smoke affect low and bwt"),  # two outcomes
        ("ward_infections", "does the ward affect infection and stay"),
        ("ward_infections", "length of stay, surgical v. medical ward"),  # the wards are named otherwise
        ("houses", "what is the crime rate like in each neighbourhood"),  # not the energy rating
        ("coffee_panel", "body by experience within taster"),  # a taster is expert or novice, never both
        ("coffee_panel", "body by experience, adjusting for taster"),  # 26 coefficients
    ],
)
def test_other_things_are_asked_back(columns_of, table, question):
    assert plan(question, columns_of(table)).needs_clarification


@pytest.mark.parametrize(
    ("question", "method", "rows"),
    [
        ("Within taster, light versus dark roast: does the body rating differ?", "paired_t_test", 1),
        ("body of light and dark roast within each taster", "paired_t_test", 1),
        ("body by roast, within taster", "repeated_measures_anova", 0),
        (
            "light vs dark roast: body",
            "welch_t_test",
            1,
        ),  # nothing says that tasters are compared with themselves
        ("within dark roast, body by experience", "welch_t_test", 1),
    ],
)
def test_within_whom_is_measured_is_a_paired_comparison(columns_of, question, method, rows):
    found = plan(question, columns_of("coffee_panel"))

    assert (found.method, found.needs_clarification, len(found.where)) == (method, False, rows)


def test_the_gap_of_a_pay_gap_may_be_larger_in_one_group(columns_of):
    found = plan("Is the pay gap between the sexes larger in discipline A than in B?", columns_of("salaries"))

    assert (found.method, dict(found.params)) == ("two_way_anova", {"focus": "interaction"})


def test_nans_are_missing_values(columns_of):
    assert plan("Where are the NaNs in this df?", columns_of("survey")).method == "missing_values"


def test_what_is_held_may_be_named_twice(columns_of):
    found = plan(
        "bearing in mind that the sites differ, are adverse events associated with the arm within the sites",
        columns_of("clinic_visits"),
    )

    assert (found.method, found.columns["stratum"]) == ("cochran_mantel_haenszel", "site")

"""Questions are read as a statistician would, or the planner asks back; never silently wrong."""

from dataclasses import replace

import pytest

from jobs.analysis.catalogue import METHOD_PARAMS, METHOD_ROLES
from jobs.analysis.design_catalogue import RATED
from jobs.analysis.planning.planner import explicit_plan, plan
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan, ReadAs
from jobs.errors import UnknownColumn, UnknownMethod, UnsuitableData
from tests.analysis.hand_made_columns import COLUMNS, SEX, column
from tests.analysis.questions import FILES, Tables, cases, verdict

PARAMS = {"mu": 4000.0, "share": 0.5, "level": "female"}
CASES = [case for file in FILES for case in cases(file)]
# What is asked back though it could be read, of the questions of each file: a smaller number stands here too.
ASKED_BACK = {"author_a": 7, "author_b": 1, "further": 6, "unseen_a": 4, "unseen_b": 0, "unseen_c": 1}


@pytest.fixture(scope="module")
def columns_of(tmp_path_factory):
    return Tables(tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_questions_in_many_voices_are_never_read_wrong(case, columns_of):
    columns = columns_of(case.dataset)

    found = plan(case.question, columns)

    assert verdict(case, found, columns) in ("right", "asked back needlessly"), found


@pytest.mark.parametrize("file", FILES)
def test_few_questions_that_can_be_read_are_asked_back(file, columns_of):
    asked_back = [
        case.question
        for case in cases(file)
        if verdict(case, plan(case.question, columns_of(case.dataset)), columns_of(case.dataset)) != "right"
    ]

    assert len(asked_back) == ASKED_BACK.get(file, 0), asked_back


def test_every_plan_can_be_sent_back_as_given(columns_of):
    for case in CASES:
        columns = columns_of(case.dataset)
        found = plan(case.question, columns)
        for one in (found, *found.alternatives):
            again = explicit_plan(one.method, one.columns, columns, params=one.params, where=one.where)

            assert (again.method, again.columns, again.explicit) == (one.method, dict(one.columns), True)
            assert again.where == one.where


def test_the_same_question_always_gets_the_same_plan(columns_of):
    columns = columns_of("birds")

    assert plan("does mass differ by sex?", columns) == plan("does mass differ by sex?", columns)


@pytest.mark.parametrize("question", [None, "", "   "])
def test_without_a_question_the_table_is_described(question):
    found = plan(question, COLUMNS)

    assert (found.method, found.columns, found.needs_clarification) == ("profile", {}, False)


def test_a_plan_says_how_each_word_was_read():
    found = plan("Do women weigh less than men?", (column("mass_kg"), SEX))

    assert found.read_as == (
        ReadAs("women", "sex", "a value of the column: female", "female"),
        ReadAs("weigh", "mass_kg", "a synonym"),
        ReadAs("men", "sex", "a value of the column: male", "male"),
    )


def test_naming_two_of_three_groups_compares_those_two():
    found = plan("Gentoo vs Adelie body mass", COLUMNS)

    assert (found.method, found.columns["group"]) == ("welch_t_test", "species")
    assert found.where == (Condition("species", "is", ("Adelie", "Gentoo")),)


def test_naming_one_of_three_groups_says_that_all_are_compared():
    found = plan("Do Gentoo have a higher body mass?", COLUMNS)

    assert (found.method, found.columns["group"], found.where) == ("welch_anova", "species", ())
    assert "All groups of 'species' are compared, 'Gentoo' among them." in found.notes


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("effect of flipper length on body mass", {"x": "flipper_length_mm", "y": "body_mass_g"}),
        ("does body mass depend on flipper length", {"x": "flipper_length_mm", "y": "body_mass_g"}),
        ("does flipper length affect body mass", {"x": "flipper_length_mm", "y": "body_mass_g"}),
        ("is sex independent of species", {"row": "sex", "column": "species"}),
        ("share of females in the species", {"row": "species", "column": "sex"}),
        ("are females more common in Gentoo", {"row": "species", "column": "sex"}),
        ("sex by species", {"row": "species", "column": "sex"}),
    ],
)
def test_what_explains_and_what_is_explained_keep_their_places(question, columns):
    assert plan(question, COLUMNS).columns == columns


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Does income differ by species and sex?", "No column was found for 'income'"),
        ("Does income differ by species?", "No column was found for 'income'"),
        ("Does flipper width differ by species?", "No column is called 'flipper width'"),
        ("Is weight loss different by sex?", "No column is called 'weight loss'"),
        ("body mass by species and sex and island", "names 4 columns"),
        ("Does body mass differ by city?", "has 300 groups; at most 20"),
        ("Is body mass related to bird id?", "identifies the rows"),
        ("Is body mass higher than flipper length?", "asks for a paired method"),
        ("Does body mass exceed flipper length?", "asks for a paired method"),
        ("paired comparison of body mass by sex", "says whose each row is"),
        ("body mass before and after, by sex", "says whose each row is"),
        ("Is the mean body mass equal to 4000 in each species?", "with a fixed number"),
        ("trend of body mass over time", "name one number and one column of times"),
        ("How did body mass change over the years?", "name one number and one column of times"),
        ("Does the effect of sex on body mass depend on flipper length?", "one number and two groupings"),
        ("outliers in body mass by species", "looked for in one column of numbers, or in all"),
        ("cluster the birds by body mass", "not available yet"),
        ("total body mass by sex", "asks for totals"),
        ("describe the table by sex", "not for each value of 'sex'"),
        ("what is the meaning of life?", "No column was found for 'life'"),
    ],
)
def test_what_cannot_be_answered_is_asked_back_with_the_reason(question, says):
    found = plan(question, COLUMNS)

    assert (found.method, found.intent, found.needs_clarification) == ("profile", "describe", True)
    assert says in found.because
    assert found.confidence <= 0.5


def test_ambiguous_words_come_back_with_a_reading_for_each():
    found = plan("bill by sex", (column("bill_length_mm"), column("bill_depth_mm"), SEX))

    assert found.needs_clarification
    assert "'bill' may mean 'bill_length_mm' or 'bill_depth_mm'" in found.because
    assert [alternative.columns for alternative in found.alternatives] == [
        {"outcome": "bill_length_mm", "group": "sex"},
        {"outcome": "bill_depth_mm", "group": "sex"},
    ]
    assert found.alternatives[0].reading == "Does bill_length_mm differ between the groups of sex?"


def test_a_column_called_like_a_common_word_needs_a_sign_that_it_is_meant():
    am, mpg = column("am", "category", "integer", ("0", "1")), column("mpg")

    assert plan("What am I looking at?", (am, mpg)).needs_clarification
    assert plan("mpg by am", (am, mpg)).columns == {"outcome": "mpg", "group": "am"}
    assert plan("Does mpg differ by transmission (am)?", (am, mpg)).method == "welch_t_test"


def test_names_full_of_signs_are_found_as_they_are_written():
    odd = column("x (a.u.) [$^.*]")

    found = plan("Does x (a.u.) [$^.*] differ by sex?", (odd, SEX))

    assert found.columns == {"outcome": "x (a.u.) [$^.*]", "group": "sex"}


@pytest.mark.parametrize(
    "question", ["?", "💥 💥", "a" * 5_000, "by by by and and", "\x00\n\t", "'; DROP TABLE x; --"]
)
def test_nonsense_is_asked_back(question):
    found = plan(question, COLUMNS)

    assert isinstance(found, Plan)
    assert found.needs_clarification


def test_a_given_method_and_columns_win():
    found = explicit_plan("mann_whitney_u", {"outcome": "body_mass_g", "group": "sex"}, COLUMNS, question="?")

    assert (found.method, found.explicit, found.confidence) == ("mann_whitney_u", True, 1.0)
    assert (found.intent, found.needs_clarification) == ("compare_groups", False)
    assert [read.how for read in found.read_as] == ["given", "given"]


@pytest.mark.parametrize(
    ("method", "given", "error", "says"),
    [
        ("welsh_t_test", {}, UnknownMethod, "no method 'welsh_t_test'; did you mean 'welch_t_test'"),
        (
            "welch_t_test",
            {"outcome": "body_mas", "group": "sex"},
            UnknownColumn,
            "did you mean 'body_mass_g'",
        ),
        ("welch_t_test", {"outcome": "body_mass_g"}, UnsuitableData, "needs a column for the role 'group'"),
        (
            "welch_t_test",
            {"outcome": "body_mass_g", "group": "sex", "x": "sex"},
            UnsuitableData,
            "no role 'x'",
        ),
        ("welch_t_test", {"outcome": "species", "group": "sex"}, UnsuitableData, "holds text, not numbers"),
        (
            "welch_t_test",
            {"outcome": "body_mass_g", "group": "species"},
            UnsuitableData,
            "choose welch_anova",
        ),
        (
            "kruskal_wallis",
            {"outcome": "body_mass_g", "group": "city"},
            UnsuitableData,
            "300 different values",
        ),
        ("pearson_correlation", {"x": "sex", "y": "body_mass_g"}, UnsuitableData, "Column 'sex' holds text"),
        ("pearson_correlation", {"x": "body_mass_g", "y": "body_mass_g"}, UnsuitableData, "given twice"),
    ],
)
def test_a_choice_that_cannot_work_is_refused_with_a_remedy(method, given, error, says):
    with pytest.raises(error) as raised:
        explicit_plan(method, given, COLUMNS)

    assert says in str(raised.value)


def test_every_method_has_roles_and_an_intent():
    given = {"outcome": "body_mass_g", "group": "species", "x": "body_mass_g", "y": "flipper_length_mm"}
    given |= {"measure_1": "body_mass_g", "measure_2": "flipper_length_mm", "measure_3": "bill_depth_mm"}
    given |= {"covariate_1": "flipper_length_mm"}
    given |= {"factor_1": "species", "factor_2": "sex", "stratum": "island"}
    given |= {"row": "species", "column": "sex", "first": "body_mass_g", "second": "flipper_length_mm"}
    given |= {
        "time": "flipper_length_mm",
        "predictor_1": "sex",
        "column_1": "body_mass_g",
        "column_2": "flipper_length_mm",
    }

    twins = [replace(SEX, name=name) for name in ("first", "second", "third")]
    known = (*COLUMNS, column("bill_depth_mm"), *twins)
    for method, needed in METHOD_ROLES.items():
        columns = {role: given[role] for role in needed}
        if method in ("welch_t_test", "student_t_test", "mann_whitney_u"):
            columns["group"] = "sex"
        if method in ("outliers", "missing_values"):  # without a column they take the whole table
            columns = {"outcome": "body_mass_g"}
        if method == "logistic_regression":
            columns = {"outcome": "sex", "predictor_1": "body_mass_g"}
        if method in RATED:
            columns = dict(zip(needed, ("first", "second", "third"), strict=False))

        needs = METHOD_PARAMS.get(method, ())
        params = {name: value for name, value in PARAMS.items() if name in needs}
        assert explicit_plan(method, columns, known, params=params).columns == columns

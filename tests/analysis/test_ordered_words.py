"""Ordered words are compared by their ranks, in their order, whoever asks and whichever rows are chosen."""

import csv
import random
from pathlib import Path

import pytest

from jobs.analysis.planning.planner import explicit_plan, plan
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling import samples
from jobs.analysis.tables.ingest import Table, ingest
from jobs.errors import UnsuitableData
from tests.analysis.test_script_reading import judged

FELT = ("strongly disagree", "disagree", "neutral", "agree", "strongly agree")
LOADS = ("low", "medium", "high")
AGES = ("18-29", "30-44", "60+")


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Table]:
    folder = tmp_path_factory.mktemp("survey")
    draw = random.Random(7)  # noqa: S311 - no secret: the same rows each time
    with (folder / "survey.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["work_mode", "feels_valued", "age_group", "workload", "income"])
        for place in range(120):
            mode = ("onsite", "remote")[place % 2]
            felt = FELT[min(4, draw.randrange(4) + place % 2)]
            rows.writerow([mode, felt, draw.choice(AGES), draw.choice(LOADS), 2_000 + draw.randrange(900)])
    return folder / "survey.csv", ingest(folder / "survey.csv", folder / "cache", name="survey.csv")


@pytest.mark.parametrize(
    ("question", "method", "columns"),
    [
        (
            "do remote workers feel more valued?",
            "mann_whitney_u",
            {"outcome": "feels_valued", "group": "work_mode"},
        ),
        ("feels_valued by work_mode", "mann_whitney_u", {"outcome": "feels_valued", "group": "work_mode"}),
        (
            "compare feels_valued across age groups",
            "kruskal_wallis",
            {"outcome": "feels_valued", "group": "age_group"},
        ),
        (
            "does feeling valued rise with age group",
            "spearman_correlation",
            {"x": "age_group", "y": "feels_valued"},
        ),
        ("is workload higher onsite", "mann_whitney_u", {"outcome": "workload", "group": "work_mode"}),
        ("does income rise with workload", "spearman_correlation", {"x": "workload", "y": "income"}),
        ("income by workload", "welch_anova", {"outcome": "income", "group": "workload"}),
        (
            "how often do remote workers agree",
            "chi_square_independence",
            {"row": "feels_valued", "column": "work_mode"},
        ),
        ("work_mode by workload", "chi_square_independence", {"row": "workload", "column": "work_mode"}),
    ],
)
def test_questions_of_ordered_words_ask_for_ranks_and_of_shares_for_counts(question, method, columns, survey):
    found = plan(question, survey[1].columns)

    assert (found.method, dict(found.columns), found.needs_clarification) == (method, columns, False)


def test_the_order_of_the_steps_is_given_as_the_reason(survey):
    found = plan("feels_valued by work_mode", survey[1].columns)

    assert "strongly disagree < disagree < neutral < agree < strongly agree" in found.because


def test_steps_are_those_of_the_whole_table_in_chosen_rows(survey):
    where = (Condition("feels_valued", "is", ("neutral", "agree")),)
    asked = Plan(
        "compare", "mann_whitney_u", {"outcome": "feels_valued", "group": "work_mode"}, 1.0, "", where=where
    )

    sample = samples.load(asked, survey[1].path)

    assert isinstance(sample, samples.GroupedSample)
    assert {value for values in sample.values for value in values} == {3.0, 4.0}


@pytest.mark.parametrize(
    ("method", "columns"),
    [
        ("mann_whitney_u", {"outcome": "feels_valued", "group": "work_mode"}),
        ("kruskal_wallis", {"outcome": "workload", "group": "age_group"}),
        ("spearman_correlation", {"x": "age_group", "y": "feels_valued"}),
    ],
)
def test_the_script_finds_the_same_ranks(method, columns, survey, tmp_path):
    source, table = survey

    found = judged(table, source, tmp_path, method, columns)

    assert found.verified, found.reason


def test_means_of_words_and_ranks_of_words_without_an_order_are_refused(survey):
    _, table = survey

    with pytest.raises(UnsuitableData, match="feels_valued"):
        explicit_plan("welch_t_test", {"outcome": "feels_valued", "group": "work_mode"}, table.columns)
    with pytest.raises(UnsuitableData, match="work_mode"):
        explicit_plan("kruskal_wallis", {"outcome": "work_mode", "group": "age_group"}, table.columns)

"""Questions about two categories within a third are read as such, or asked back."""

import pytest

from jobs.analysis.planning.planner import plan
from jobs.analysis.tables.ingest import ingest
from tests.analysis.whole import table

METHOD = "cochran_mantel_haenszel"
TITANIC = {"row": "Sex", "column": "Survived", "stratum": "Class"}
CLINICS = {"row": "treatment", "column": "responded", "stratum": "clinic"}


@pytest.mark.parametrize(
    ("name", "question", "columns"),
    [
        ("titanic", "Is survival associated with sex controlling for class?", TITANIC),
        ("titanic", "Did sex matter for survival, adjusting for class?", TITANIC),
        ("titanic", "Within each class, is survival related to sex?", TITANIC),
        ("titanic", "survival by sex stratified by class", TITANIC),
        ("titanic", "Is survival associated with sex separately for each class?", TITANIC),
        ("titanic", "After adjusting for class, did sex matter for survival?", TITANIC),
        ("titanic", "Is sex associated with survival by class?", TITANIC),
        ("titanic", "Does survival depend on sex at the same class?", TITANIC),
        ("titanic", "Is there a link between sex and survival regardless of class?", TITANIC),
        (
            "titanic",
            "Does survival differ by age within sex?",
            {"row": "Age", "column": "Survived", "stratum": "Sex"},
        ),
        ("titanic", "Cochran-Mantel-Haenszel test of sex and survival, stratified by class", TITANIC),
        ("titanic", "How are sex and survival related, holding class constant?", TITANIC),
        ("trial", "Does the response depend on treatment, adjusting for clinic?", CLINICS),
        ("trial", "Is treatment associated with response within clinics?", CLINICS),
    ],
)
def test_questions_about_strata_are_read(name, question, columns, table_cache):
    source = table(name)

    found = plan(question, ingest(source, table_cache, name=source.name).columns)

    assert (found.method, found.columns, found.needs_clarification) == (METHOD, columns, False)


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("titanic", "Is survival associated with sex and class?"),
        ("titanic", "Is survival associated with sex controlling for fare?"),
        ("titanic", "Is survival associated with sex among the crew?"),
        ("titanic", "Is survival associated with sex by class and age?"),
        ("titanic", "Does survival differ, controlling for sex and class?"),
        ("titanic", "Does survival vary within class and sex?"),
        ("birds", "Is sex associated with species controlling for body mass?"),
    ],
)
def test_what_is_not_about_strata_alone_is_not_read_as_such(name, question, table_cache):
    source = table(name)

    assert plan(question, ingest(source, table_cache, name=source.name).columns).method != METHOD

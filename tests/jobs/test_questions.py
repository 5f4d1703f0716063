"""Questions of a session: each answer is corrected for all that were asked of the same data."""

from dataclasses import replace

import pytest

from jobs import records, sessions
from jobs.celery import kinds
from jobs.connection import records_client
from tests.support.client import EXAMPLES

PENGUINS = EXAMPLES / "penguins.csv"
MASS_BY_SEX = {"method": "welch_t_test", "columns": {"outcome": "body_mass_g", "group": "sex"}}
DEPTH_BY_SEX = {"method": "welch_t_test", "columns": {"outcome": "bill_depth_mm", "group": "sex"}}
MASS_BY_YEAR = {"method": "spearman_correlation", "columns": {"x": "year", "y": "body_mass_g"}}


@pytest.fixture
def penguins(worker, ada):
    return ada.upload(PENGUINS)


def answered(ada, session, **asked):
    job = ada.run("analysis", session=session, **asked)
    assert job["status"] == "completed", job["error"]
    return job


def kept(job):
    folder = sessions.find(job["owner"], job["session"]).questions
    return {path.stem for path in folder.glob("*.json")} if folder.is_dir() else set()


def test_the_second_answer_is_corrected_for_two_questions_and_the_first_stays_as_it_was(ada, penguins):
    first = answered(ada, penguins, **MASS_BY_YEAR)
    second = answered(ada, penguins, **MASS_BY_SEX)

    results = ada.get(second["links"]["results"]).json
    assert (first["results"]["questions"], second["results"]["questions"]) == (1, 2)
    assert first["results"]["pvalue_corrected"] == first["results"]["pvalue"]
    several = results["multiplicity"]
    assert several["holm"] == second["results"]["pvalue_corrected"] > several["pvalue"]
    assert several["others"][0]["pvalue"] == first["results"]["pvalue"]
    assert results["interpretation"]["caveats"][0]["text"].startswith("This is one of 2 questions")
    assert ada.get(first["links"]["results"]).json["multiplicity"]["questions"] == 1


def test_what_was_asked_before_and_what_has_no_p_value_counts_no_further(ada, penguins):
    answered(ada, penguins, **MASS_BY_SEX)
    described = answered(ada, penguins)
    asked_back = answered(ada, penguins, question="Is the moon made of cheese?")

    again = answered(ada, penguins, question="Compare body_mass_g by sex with a Welch t test", **MASS_BY_SEX)

    assert described["results"]["questions"] == asked_back["results"]["questions"] == 0
    assert described["results"]["pvalue"] is None
    assert again["results"]["questions"] == 1


def test_a_deleted_job_leaves_the_questions_that_count(ada, penguins):
    first = answered(ada, penguins, **MASS_BY_SEX)
    ada.http.delete(first["links"]["self"], headers=ada.headers)

    second = answered(ada, penguins, **DEPTH_BY_SEX)

    assert second["results"]["questions"] == 1
    assert kept(second) == {second["id"]}


def test_a_job_that_ended_badly_leaves_no_question(ada, penguins):
    job = answered(ada, penguins, **MASS_BY_SEX)
    record = records.read(records_client(), job["id"])
    kind = kinds()["analysis"]

    type(kind).tidy(record)
    assert kept(job) == {job["id"]}
    type(kind).tidy(replace(record, state="FAILURE"))

    assert kept(job) == set()


def test_questions_of_other_files_of_the_session_do_not_count(worker, ada):
    content = PENGUINS.read_bytes()
    session = ada.upload(("one.csv", content), ("other.csv", content.replace(b"2007", b"2006")))
    answered(ada, session, file="one.csv", **MASS_BY_SEX)

    other = answered(ada, session, file="other.csv", **DEPTH_BY_SEX)

    assert other["results"]["questions"] == 1


def test_of_two_questions_answered_at_the_same_time_one_at_least_is_corrected_for_both(ada, penguins):
    addresses = [ada.submit("analysis", session=penguins, **asked) for asked in (MASS_BY_SEX, DEPTH_BY_SEX)]

    both = [ada.wait_for(address)["results"]["questions"] for address in addresses]
    third = answered(ada, penguins, **MASS_BY_YEAR)

    assert max(both) == 2
    assert third["results"]["questions"] == 3

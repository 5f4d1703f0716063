"""A tour of the kind `analysis`, as somebody with a table and a question sees it."""

import subprocess
import sys

import pytest

from jobs.settings import settings
from tests.support.client import EXAMPLES

PENGUINS = EXAMPLES / "penguins.csv"


@pytest.fixture(scope="module")
def asked(worker, client_of):
    """Ask the question of the README once; return the client and the finished job."""
    client = client_of("analyst")
    session = client.upload(PENGUINS)
    job = client.run("analysis", session=session, question="Do the three species differ in body mass?")
    assert job["status"] == "completed", job["error"]
    return client, job


def test_a_question_in_plain_words_is_answered_in_plain_words(asked):
    _, job = asked

    headline = job["results"]["headline"]

    assert "body_mass_g" in headline
    assert "Gentoo" in headline


def test_the_numbers_are_those_of_r(asked):
    client, job = asked

    results = client.get(job["links"]["results"]).json

    test = results["findings"]["tests"][0]
    # R 4.2: oneway.test(body_mass_g ~ species, penguins), penguins of palmerpenguins 0.1.1
    assert test["method"] == "welch_anova"
    assert test["statistic"] == pytest.approx(317.572267104156, rel=1e-9)
    assert test["df"] == pytest.approx([2, 189.478413272537], rel=1e-9)
    assert results["findings"]["sample"] == {
        "n_total": 344,
        "n_used": 342,
        "dropped": {"missing body_mass_g": 2},
    }


def test_every_figure_comes_in_three_formats(asked):
    client, job = asked

    plots = client.get(job["links"]["plots"]).json["items"]

    heads = {"png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "svg": b"<?xml"}
    assert {plot["name"].rpartition(".")[2] for plot in plots} == set(heads)
    for plot in plots:
        content = client.get(plot["href"])
        assert content.content_type.partition(";")[0] == plot["media_type"]
        assert content.data.startswith(heads[plot["name"].rpartition(".")[2]])


def test_the_script_computes_the_same_numbers_without_longhaul(asked, tmp_path):
    client, job = asked
    script = tmp_path / "again.py"
    script.write_bytes(client.get(job["links"]["script"]).data)

    ran = subprocess.run(
        [sys.executable, "-I", script, PENGUINS], capture_output=True, text=True, check=False
    )

    assert job["results"]["script_verified"]
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_explicit_columns_win_over_the_question(worker, ada):
    session = ada.upload(PENGUINS)

    job = ada.run(
        "analysis",
        session=session,
        question="Do the species differ in body mass?",
        method="pearson_correlation",
        columns={"x": "flipper_length_mm", "y": "body_mass_g"},
    )

    assert job["results"]["method"] == "pearson_correlation"
    test = ada.get(job["links"]["results"]).json["findings"]["tests"][0]
    # R 4.2: cor.test(~ flipper_length_mm + body_mass_g, penguins)
    assert test["statistic"] == pytest.approx(0.871201767306012, rel=1e-9)


def test_a_question_about_nothing_in_the_table_is_asked_back(worker, ada):
    session = ada.upload(PENGUINS)

    job = ada.run("analysis", session=session, question="Is the moon made of cheese?")

    assert (job["status"], job["results"]["needs_clarification"]) == ("completed", True)
    assert job["results"]["method"] == "profile"


def test_without_a_question_the_table_is_described(worker, ada):
    session = ada.upload(PENGUINS)

    job = ada.run("analysis", session=session)

    assert (job["results"]["method"], job["results"]["needs_clarification"]) == ("profile", False)
    profile = ada.get(job["links"]["results"]).json["profile"]
    assert [column["name"] for column in profile][:2] == ["species", "island"]


def test_a_parquet_file_is_a_table_too(worker, ada, tmp_path):
    import polars

    polars.read_csv(PENGUINS, null_values="NA").write_parquet(tmp_path / "penguins.parquet")
    session = ada.upload(tmp_path / "penguins.parquet")

    job = ada.run("analysis", session=session, question="Is island associated with species?")

    assert job["status"] == "completed", job["error"]
    assert job["results"]["method"] == "chi_square_independence"


def test_a_table_that_breaks_late_fails_with_its_reason_and_the_worker_lives_on(worker, ada):
    rows = [b"a,b"] + [b"1,2"] * 50_000 + [b"1,2,3,4"] * 2_000  # a few would be left out, with a warning
    broken = ada.run("analysis", session=ada.upload(("late.csv", b"\n".join(rows))))

    whole = ada.run("analysis", session=ada.upload(PENGUINS))

    assert (broken["status"], broken["reason"]) == ("failed", "unreadable_table")
    assert "late.csv" in broken["error"]["detail"]
    assert "50" in broken["error"]["detail"]
    assert whole["status"] == "completed"
    folder = settings().sessions / broken["owner"] / broken["session"]
    assert not list(folder.glob("project_*"))


def test_a_method_that_takes_several_columns_is_given_a_list(worker, client_of):
    client = client_of("modeller")
    session = client.upload(PENGUINS)
    columns = {"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "sex"]}

    job = client.run("analysis", session=session, method="linear_regression", columns=columns)

    assert job["status"] == "completed", job["error"]
    results = client.get(job["links"]["results"]).json
    test = results["findings"]["tests"][0]
    assert test["df"][1] == 333 - 3  # complete rows less coefficients
    assert job["results"]["script_verified"]


def test_a_list_in_place_of_one_column_is_refused_at_once(client_of):
    client = client_of("modeller")
    session = client.upload(PENGUINS)

    answer = client.post(
        "/api/v1/jobs/analysis",
        json={
            "session": session,
            "method": "welch_t_test",
            "columns": {"outcome": ["body_mass_g"], "group": "sex"},
        },
    )

    assert answer.status_code == 422
    assert "takes one column" in answer.json["detail"]


def test_an_answer_is_about_the_rows_that_were_asked_for(asked):
    client, job = asked
    chosen = {"species": ["Adelie", "Gentoo"], "year": {"at_least": 2008}}

    found = client.run(
        "analysis", session=job["session"], question="Do the species differ in body mass?", where=chosen
    )

    assert found["status"] == "completed", found["error"]
    assert found["results"]["where"] == "species is Adelie or Gentoo and year is at least 2008"
    assert found["results"]["headline"].startswith(f"Where {found['results']['where']}: ")
    assert found["results"]["method"] == "welch_t_test"
    assert found["results"]["script_verified"]


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({"colour": "red"}, "no column 'colour'"),
        ({"year": {"at_leats": 2008}}, "at_leats"),
    ],
)
def test_rows_that_cannot_be_chosen_are_refused_at_once(asked, where, says):
    client, job = asked

    refused = client.post(
        "/api/v1/jobs/analysis", json={"session": job["session"], "question": "body mass?", "where": where}
    )

    assert refused.status_code == 422
    assert says in refused.get_data(as_text=True)


def test_a_dry_run_shows_the_plan_first_and_the_analysis_keeps_to_it(worker, client_of):
    client = client_of("careful")
    session = client.upload(PENGUINS)
    asked = {"session": session, "question": "Is bill length related to flipper length?"}

    shown = client.run("analysis", dry_run=True, **asked)["results"]
    job = client.run("analysis", **asked)

    assert shown["plan"]["columns"] == job["results"]["columns"]
    assert shown["plan"]["method"] == job["results"]["method"]
    assert shown["rows_used"] == job["results"]["rows_used"]
    assert shown["expected_seconds"]["low"] < shown["expected_seconds"]["high"]
    assert job["results"]["project"] == "project_001"  # the dry run has taken none


def test_who_asks_more_is_told_what_the_answers_are_worth_together(worker, client_of):
    client = client_of("curious")
    session = client.upload(PENGUINS)
    client.run("analysis", session=session, question="Does bill depth differ by sex?")

    second = client.run("analysis", session=session, question="Does body mass differ by sex?")

    results = client.get(second["links"]["results"]).json
    assert second["results"]["questions"] == 2
    # By Holm the smaller of two p-values is doubled, and the larger stays as it is.
    assert second["results"]["pvalue_corrected"] == pytest.approx(2 * second["results"]["pvalue"])
    assert "one of 2 questions" in results["interpretation"]["caveats"][0]["text"]

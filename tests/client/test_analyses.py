"""A table and a question, by six lines of Python."""

import csv
import io
import json
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from longhaul import Invalid, JobFailed, NotFound, NotReady, UnusableData
from longhaul.tables import write_frame

from tests.client.conftest import PENGUINS

QUESTION = "Is flipper length related to body mass?"
TINY = b"group,value\n" + b"".join(
    f"{g},{i * 3 % 7 + (g == 'b') * 4}\n".encode() for i in range(20) for g in "ab"
)


def test_an_answer_comes_in_words_with_the_numbers_of_r(penguins):
    _, job = penguins

    answer = job.answer

    assert "body_mass_g is higher in Gentoo" in answer.headline
    assert answer.apa.startswith("F(2, 189.48) = 317.57, p < .001")
    assert str(answer).splitlines() == [answer.headline, answer.apa]
    # R 4.2: oneway.test(body_mass_g ~ species, penguins), penguins of palmerpenguins 0.1.1
    assert job.results["findings"]["tests"][0]["statistic"] == pytest.approx(317.572267104156, rel=1e-9)
    assert not answer.needs_clarification


def test_the_table_has_a_row_for_each_group_and_a_column_for_each_limit(penguins):
    _, job = penguins

    table = job.table

    assert [row["group"] for row in table] == ["Adelie", "Chinstrap", "Gentoo"]
    assert table.to_dict()["n"] == [151, 68, 123]
    assert table.rows[0]["mean_low"] < table.rows[0]["mean"] < table.rows[0]["mean_high"]
    assert list(table.to_pandas()["n"]) == [151, 68, 123]
    assert pl.DataFrame(table.to_dict())["n"].to_list() == [151, 68, 123]


def test_figures_come_with_words_and_in_each_format(penguins, tmp_path):
    _, job = penguins

    figure = job.figures[0]

    assert (figure.id, "Gentoo" in figure.alt) == ("groups", True)
    assert figure.content().startswith(b"\x89PNG")
    assert figure.save(tmp_path / "a.svg").read_bytes().startswith(b"<?xml")
    assert figure.save(tmp_path).name == "groups.png"
    assert job.figures["overview"].id == "overview"
    with pytest.raises(UnusableData, match="png, jpg, svg"):
        figure.save(tmp_path / "a.gif")


def test_everything_is_downloaded_into_one_folder(penguins, tmp_path):
    _, job = penguins

    files = job.download(tmp_path / "taken")

    names = {str(file.relative_to(tmp_path / "taken")) for file in files}
    assert {"results.json", "report.html", "report.md", "script.py", "plots/groups.png"} <= names
    assert json.loads((tmp_path / "taken" / "results.json").read_bytes()) == job.results
    assert (tmp_path / "taken" / "script.py").read_text() == job.script
    assert "<!doctype html>" in job.report.html[:100].lower()
    assert job.report.markdown.startswith("#")


def test_another_question_of_the_same_table_sends_nothing_again(penguins):
    client, first = penguins

    second = client.analyses.create(session=first.session, question=QUESTION).wait(timeout=100)

    assert second.session == first.session
    assert "flipper_length_mm" in second.answer.headline


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TINY, "data.csv"),
        (pd.read_csv(io.BytesIO(TINY)), "data.csv"),  # nothing that writes Parquet for pandas is installed
        (pl.read_csv(TINY), "data.parquet"),
        (pl.read_csv(TINY).lazy(), "data.parquet"),
        (bytearray(json.dumps(list(csv.DictReader(io.StringIO(TINY.decode())))).encode()), "data.json"),
    ],
    ids=["bytes", "pandas", "polars", "lazy", "json"],
)
def test_a_table_may_be_anything_that_holds_one(worker, client, data, name):
    job = client.analyses.create(data, "Do the groups differ in value?", dry_run=True)

    assert job.wait(timeout=60).results["dry_run"] is True
    assert list(client.sessions.get(job.session).files) == [name]


def test_the_index_of_a_dataframe_is_kept_unless_it_only_counts(tmp_path):
    named = pd.DataFrame({"value": [1.5, 2.5]}, index=pd.Index(["a", "b"], name="who"))

    kept = write_frame(named, tmp_path, "named")
    counted = write_frame(named.reset_index(), tmp_path, "counted")

    assert kept.read_text().splitlines()[:2] == ["who,value", "a,1.5"]
    assert counted.read_text() == kept.read_text()


def test_a_dataframe_goes_as_parquet_where_its_library_can(tmp_path):
    class Able(pd.DataFrame):
        def to_parquet(self, path, index):
            path.write_bytes(b"PAR1")

    file = write_frame(Able({"value": [1, 2]}), tmp_path, "data")

    assert (file.name, file.read_bytes()) == ("data.parquet", b"PAR1")


@pytest.mark.parametrize("data", [42, object(), Path("nowhere.csv")])
def test_what_is_no_table_is_refused_before_anything_is_sent(client, data):
    with pytest.raises(UnusableData):
        client.analyses.create(data, "What is it?")

    assert client.sessions.list() == []


def test_a_refusal_names_what_to_change(client):
    with pytest.raises(Invalid) as refusal:
        client.analyses.create(
            PENGUINS, method="welch_anova", columns={"outcome": "weight", "group": "species"}
        )

    assert "weight" in str(refusal.value)
    assert refusal.value.status == 422
    assert refusal.value.problem.request_id


def test_results_of_a_job_that_has_not_ended_are_not_ready(worker, client):
    job = client.jobs.create("probe", {"steps": 200, "seconds_a_step": 0.05})

    with pytest.raises(NotReady, match="wait"):
        _ = job.results

    assert job.cancel().status in ("cancelling", "cancelled")


def test_a_failed_job_raises_its_reason(worker, client):
    job = client.jobs.create("probe", {"raises": "UnreadableTable"})

    with pytest.raises(JobFailed, match="raised on purpose") as failure:
        job.wait(timeout=60)

    assert (failure.value.job.status, failure.value.job.reason) == ("failed", "unreadable_table")
    with pytest.raises(JobFailed):
        _ = job.answer


def test_a_job_without_an_answer_says_so(worker, client):
    job = client.jobs.create("probe", {}).wait(timeout=60)

    with pytest.raises(NotFound, match="no plots"):
        _ = job.figures
    with pytest.raises(NotFound, match="no answer"):
        _ = job.answer

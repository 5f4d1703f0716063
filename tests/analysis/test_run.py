"""A whole analysis: one call leaves a complete project behind and tells how far it is."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from jobs.analysis.results import results_file
from jobs.analysis.results.result import FORMAT
from jobs.analysis.run import analyse
from jobs.errors import UnknownColumn, UnreadableTable
from jobs.progress import Progress
from tests.analysis.hand_made import PENGUINS

STAGES = ["read", "profile", "plan", "test", "figures", "script", "report"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, table_cache: Path):
    folder = tmp_path_factory.mktemp("session") / "project_001"
    folder.mkdir()
    heard: list[Progress] = []
    question = "Does body mass differ between the species?"
    found = analyse(
        PENGUINS, folder, name="penguins.csv", cache=table_cache, question=question, report=heard.append
    )
    return folder, found, heard


def test_a_question_leaves_results_script_and_figures(done):
    folder, found, _ = done

    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    names = ("groups", "differences", "cumulative", "overview")
    plots = {f"plots/{name}.{ending}" for name in names for ending in ("png", "jpg", "svg", "csv")}
    assert files == {"results.json", "report.html", "report.md", "script.py", *plots}
    assert found.script is not None
    assert found.script.verified, found.script.reason


def test_results_json_holds_the_numbers_of_r(done):
    folder, _, _ = done

    results = orjson.loads((folder / "results.json").read_bytes())

    test = results["findings"]["tests"][0]
    assert results["format"] == FORMAT
    assert results["plan"]["columns"] == {"outcome": "body_mass_g", "group": "species"}
    # scipy 1.17: stats.f_oneway(adelie, chinstrap, gentoo, equal_var=False)
    assert test["statistic"] == pytest.approx(317.572267104156, rel=1e-9)
    assert test["pvalue"] == pytest.approx(3.0937006457e-61, rel=1e-6)
    assert results["interpretation"]["headline"].startswith("body_mass_g is higher in Gentoo")
    assert set(results["timings"]) == set(STAGES)


def test_pointers_of_the_words_lead_to_values(done):
    folder, found, _ = done
    results = orjson.loads((folder / "results.json").read_bytes())

    for sentence in (*found.interpretation.paragraphs, *found.interpretation.caveats):
        for pointer in sentence.pointers:
            value = results
            for token in pointer.split("/")[1:]:
                token = token.replace("~1", "/").replace("~0", "~")
                value = value[int(token)] if isinstance(value, list) else value[token]


def test_progress_passes_all_stages_and_never_falls(done):
    _, _, heard = done

    percents = [told.percent for told in heard]

    assert percents == sorted(percents)
    assert list(dict.fromkeys(told.stage for told in heard)) == STAGES
    assert percents[-1] == 99
    assert "Comparing 3 groups of body_mass_g" in [told.message for told in heard]


def test_given_method_and_columns_win_over_the_question(project, table_cache):
    found = analyse(
        PENGUINS,
        project,
        name="penguins.csv",
        cache=table_cache,
        question="Does body mass differ between the species?",
        method="pearson_correlation",
        columns={"x": "bill_length_mm", "y": "bill_depth_mm"},
    )

    assert found.plan.method == "pearson_correlation"
    assert found.plan.columns == {"x": "bill_length_mm", "y": "bill_depth_mm"}
    assert [plot.id for plot in found.plots] == ["relationship", "overview"]


def test_an_unclear_question_gives_the_profile_and_asks_back(project, table_cache):
    found = analyse(
        PENGUINS, project, name="penguins.csv", cache=table_cache, question="How happy are the customers?"
    )

    assert found.plan.needs_clarification
    assert "not answered yet" in found.interpretation.headline
    assert [plot.id for plot in found.plots] == ["overview"]
    assert len(found.profile) == 8
    assert (project / "results.json").is_file()


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("predict body mass from flipper length", "not what changes what"),
        ("does flipper length affect body mass", "not what causes what"),
    ],
)
def test_what_the_method_does_not_do_is_told(question, note, project, table_cache):
    found = analyse(PENGUINS, project, name="penguins.csv", cache=table_cache, question=question)

    results = orjson.loads((project / "results.json").read_bytes())
    assert any(note in one for one in results["plan"]["notes"])
    assert any(note in caveat.text for caveat in found.interpretation.caveats)


@pytest.mark.parametrize(
    ("question", "asked", "others"),
    [  # of R: proportions(xtabs(Freq ~ Age + Survived, Titanic), 1), and by Class
        (
            "were children likely to survive",
            "Survived = Yes in 52 % of the rows where Age is Child",
            "31 % where it is Adult",
        ),
        (
            "were first class passengers likely to survive",
            "Survived = Yes in 62 % of the rows where Class is 1st",
            "least where it is Crew (24 %)",
        ),
        (
            "did the crew survive",
            "Survived = Yes in 24 % of the rows where Class is Crew",
            "least where it is Crew (24 %)",
        ),
        (
            "were women likely to survive",
            "Survived = Yes in 73 % of the rows where Sex is Female",
            "21 % where it is Male",
        ),
    ],
)
def test_the_share_that_is_asked_for_is_told_first(question, asked, others, project, table_cache):
    titanic = PENGUINS.parents[1] / "tests" / "data" / "tables" / "titanic.csv"

    found = analyse(titanic, project, name="titanic.csv", cache=table_cache, question=question)

    assert found.interpretation.headline.startswith(asked)
    assert found.interpretation.headline.endswith(others)


def test_a_number_that_counts_up_is_used_when_it_is_named(project, tmp_path, table_cache):
    source = tmp_path / "steps.csv"
    source.write_text("x,y\n" + "".join(f"{x},{3 * x + x % 4}\n" for x in range(40)), encoding="utf-8")

    found = analyse(source, project, name="steps.csv", cache=table_cache, question="x and y")

    assert (found.plan.method, found.plan.columns) == ("pearson_correlation", {"x": "x", "y": "y"})
    assert found.script is not None
    assert found.script.verified, found.script.reason


def test_without_a_question_the_table_is_described(project, table_cache):
    found = analyse(PENGUINS, project, name="penguins.csv", cache=table_cache)

    assert found.plan.method == "profile"
    assert found.interpretation.headline.startswith("The table has 344 rows and 8 columns")


def test_a_file_that_is_no_table_leaves_no_results(project, tmp_path, table_cache):
    source = tmp_path / "picture.csv"
    source.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    with pytest.raises(UnreadableTable, match=r"picture\.csv"):
        analyse(source, project, name="picture.csv", cache=table_cache)

    assert list(project.iterdir()) == []


def test_an_unknown_column_is_named(project, table_cache):
    with pytest.raises(UnknownColumn, match="wingspan"):
        analyse(
            PENGUINS,
            project,
            name="penguins.csv",
            cache=table_cache,
            method="welch_anova",
            columns={"outcome": "wingspan", "group": "species"},
        )


@pytest.mark.parametrize("stage", STAGES)
def test_a_report_that_raises_stops_the_work_and_leaves_no_results(stage, project, table_cache):
    def stop(progress: Progress) -> None:
        if progress.stage == stage:
            raise InterruptedError(stage)

    with pytest.raises(InterruptedError, match=stage):
        analyse(
            PENGUINS,
            project,
            name="penguins.csv",
            cache=table_cache,
            question="Compare body mass by sex",
            report=stop,
        )

    assert not (project / "results.json").exists()


def test_what_is_not_a_number_is_null_in_results():
    import numpy as np

    written = results_file.as_json({"a": float("nan"), "b": np.float64(1.5), "c": (np.int64(2), True, None)})

    assert written == {"a": None, "b": 1.5, "c": [2, True, None]}
    with pytest.raises(TypeError, match="set"):
        results_file.as_json({1})


def test_importing_starts_no_thread_and_does_not_load_matplotlib():
    program = (
        "import sys, threading, jobs.analysis.run\n"
        "print(threading.active_count(), 'matplotlib' in sys.modules, 'pandas' in sys.modules)"
    )

    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PENGUINS.parents[1]
    )

    assert said.stdout.split() == ["1", "False", "False"]


def test_a_child_forked_after_the_import_can_analyse(tmp_path):
    """Polars hangs in a forked child when its parent has run a query: importing must run none."""
    (tmp_path / "project").mkdir()
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from jobs.analysis import plots\n"
        "from jobs.analysis.run import analyse\n"
        "plots.preload()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    source, folder = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "    question = 'Does body mass differ between the species?'\n"
        "    project, name = folder / 'project', 'penguins.csv'\n"
        "    found = analyse(source, project, name=name, cache=folder, question=question)\n"
        "    os._exit(0 if found.script and found.script.verified else 3)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, PENGUINS, tmp_path], cwd=PENGUINS.parents[1], timeout=60, check=False
    )

    assert done.returncode == 0
    assert (tmp_path / "project" / "results.json").is_file()

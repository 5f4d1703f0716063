"""The script runs on its own, finds the stored numbers again in the original file, notices wrong ones."""

import ast
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.analysis import methods, script
from jobs.analysis.results.result import Findings, Plan, Script
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling import samples
from jobs.analysis.tables.ingest import Table, ingest
from jobs.analysis.tables.profile import profile
from jobs.progress import Progress, silent
from tests.analysis.hand_made import PENGUINS

DIRTY = 'Exported by a program\r\nGröße (cm);Gruppe $x$;o\'K "ja"\r\n' + "".join(
    f"{value};{group};{answer}\r\n"
    for value, group, answer in (
        *((f"1.{400 + n},5", "A $1$", "yes") for n in range(0, 300, 7)),
        *((f" {90 + n},25 ", "B, no", "no") if n % 2 else ("n/a", "B, no", "no") for n in range(40)),
        *((f"{30 + n}", "Größe", "yes" if n % 3 else "no") for n in range(25)),
        *(("oops", "B, no", "NULL"),),
    )
    if ";" not in group
)


def recipe(table: Table, method: str, columns: dict[str, str]) -> script.Recipe:
    plan = Plan("asked", method, columns, 1.0, "Given.", explicit=True)
    sample = samples.load(plan, table.path)
    rows = table.dataset.rows
    findings = methods.run(plan, sample) if sample is not None else Findings(sample=Used(rows, rows))
    return script.Recipe(
        table.dataset, table.dialect, table.columns, plan, findings, profile(table, report=silent)
    )


@pytest.fixture(scope="module")
def penguins(table_cache: Path) -> Table:
    return ingest(PENGUINS, table_cache, name="penguins.csv")


METHODS = [
    ("welch_t_test", {"outcome": "bill_depth_mm", "group": "sex"}),
    ("mann_whitney_u", {"outcome": "flipper_length_mm", "group": "sex"}),
    ("welch_anova", {"outcome": "body_mass_g", "group": "species"}),
    ("kruskal_wallis", {"outcome": "body_mass_g", "group": "year"}),
    ("kruskal_wallis", {"outcome": "body_mass_g", "group": "sex"}),
    ("welch_anova", {"outcome": "body_mass_g", "group": "sex"}),
    ("pearson_correlation", {"x": "flipper_length_mm", "y": "body_mass_g"}),
    ("spearman_correlation", {"x": "bill_length_mm", "y": "body_mass_g"}),
    ("kendall_correlation", {"x": "bill_length_mm", "y": "body_mass_g"}),
    ("chi_square_independence", {"row": "species", "column": "island"}),
    ("profile", {"outcome": "bill_length_mm"}),
    ("profile", {}),
]


@pytest.mark.parametrize(("method", "columns"), METHODS)
def test_the_numbers_of_each_method_are_found_again(method, columns, penguins, tmp_path):
    path = tmp_path / "script.py"

    script.write(recipe(penguins, method, columns), path)
    found = script.verify(path, PENGUINS)

    assert found.verified, found.reason
    assert found.max_relative_difference is not None
    assert found.max_relative_difference < 1e-9


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dirty") / "Tabelle $1$ 'x'.csv"
    path.write_bytes(DIRTY.encode("cp1252"))
    return path


@pytest.mark.parametrize(
    ("method", "columns"),
    [
        ("welch_anova", {"outcome": "Größe (cm)", "group": "Gruppe $x$"}),
        ("chi_square_independence", {"row": "Gruppe $x$", "column": 'o\'K "ja"'}),
        ("profile", {}),
    ],
)
def test_a_dirty_file_is_read_as_the_analysis_read_it(method, columns, dirty, table_cache, tmp_path):
    table = ingest(dirty, table_cache, name=dirty.name)
    path = tmp_path / "script.py"

    script.write(recipe(table, method, columns), path)
    found = script.verify(path, dirty)

    assert found.verified, found.reason


def test_a_parquet_file_is_read_as_well(tmp_path, table_cache):
    import polars as pl

    source = tmp_path / "table.parquet"
    pl.DataFrame(
        {"size": [1.5, 2.0, None, 4.0, 5.5, 7.0], "kind": ["a", "a", "b", "b", None, "b"]}
    ).write_parquet(source)
    table = ingest(source, table_cache, name="table.parquet")
    path = tmp_path / "script.py"

    script.write(recipe(table, "welch_t_test", {"outcome": "size", "group": "kind"}), path)
    found = script.verify(path, source)

    assert found.verified, found.reason
    assert '"polars' in path.read_text(encoding="utf-8")


def test_a_wrong_stored_number_is_noticed(penguins, tmp_path):
    right = recipe(penguins, "welch_t_test", {"outcome": "bill_depth_mm", "group": "sex"})
    test = replace(right.findings.tests[0], statistic=right.findings.tests[0].statistic * (1 + 1e-5))
    wrong = replace(right.findings, tests=(test, *right.findings.tests[1:]))
    path = tmp_path / "script.py"

    script.write(replace(right, findings=wrong), path)
    found = script.verify(path, PENGUINS)

    assert not found.verified
    assert found.reason == "1 numbers differ: welch_t_test statistic"
    assert found.max_relative_difference == pytest.approx(1e-5, rel=0.01)


def test_other_data_give_exit_status_1_and_the_same_data_0(penguins, tmp_path):
    path = tmp_path / "project_001" / "script.py"
    path.parent.mkdir()
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "penguins.csv").write_bytes(PENGUINS.read_bytes())
    other = tmp_path / "other.csv"
    other.write_text(PENGUINS.read_text(encoding="utf-8").replace("3750", "4750"), encoding="utf-8")
    script.write(recipe(penguins, "welch_anova", {"outcome": "body_mass_g", "group": "species"}), path)

    beside = subprocess.run([sys.executable, "-I", path], capture_output=True, check=False, cwd="/")
    changed = subprocess.run([sys.executable, "-I", path, other], capture_output=True, check=False)

    assert beside.returncode == 0, beside.stderr
    assert changed.returncode == 1
    assert b"differs" in changed.stdout


def test_a_file_that_is_gone_is_told_in_the_reason(penguins, tmp_path):
    path = tmp_path / "script.py"
    script.write(recipe(penguins, "profile", {}), path)

    found = script.verify(path, tmp_path / "gone.csv")

    assert not found.verified
    assert "FileNotFoundError" in (found.reason or "")


def test_a_script_that_does_not_end_is_ended(tmp_path):
    path = tmp_path / "script.py"
    path.write_text("while True:\n    pass\n", encoding="utf-8")

    found = script.verify(path, PENGUINS, timeout_seconds=0.5)

    assert found == Script("script.py", False, None, "The script did not end within 0.5 seconds.")


def test_when_the_report_raises_nothing_of_the_script_is_left(tmp_path):
    path, note = tmp_path / "script.py", tmp_path / "pids"
    path.write_text(
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'while True: pass'])\n"
        f"open({str(note)!r} + '.new', 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        f"os.rename({str(note)!r} + '.new', {str(note)!r})\n"
        "child.wait()\n",
        encoding="utf-8",
    )

    def stop(progress: Progress) -> None:
        if note.exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        script.verify(path, PENGUINS, report=stop, timeout_seconds=30)

    # A killed process takes a moment to go, and only its parent could wait for it.
    deadline = time.monotonic() + 10
    pids = [int(pid) for pid in note.read_text(encoding="utf-8").split()]
    while any(map(_runs, pids)) and time.monotonic() < deadline:
        pass
    assert not any(map(_runs, pids))


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return sys.platform != "linux"
    return status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"


def test_it_lists_what_it_imports_and_nothing_of_ours(penguins, tmp_path):
    for method, columns in METHODS:
        path = tmp_path / "script.py"
        script.write(recipe(penguins, method, columns), path)
        text = path.read_text(encoding="utf-8")

        header = text.partition("# ///\n")[0]
        listed = set(re.findall(r'^#     "(\w+)>=[\d.]+",$', header, re.MULTILINE))
        nodes = list(ast.walk(ast.parse(text)))
        imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}

        assert text.startswith("# /// script\n")
        assert listed == imported - set(sys.stdlib_module_names)
        assert "longhaul" not in text.lower()


def test_names_of_the_data_stand_in_the_script_only_as_literals(tmp_path, table_cache):
    evil = "__import__('os').system('touch /tmp/longhaul-was-here')"
    source = tmp_path / 'a"""b\'.csv'
    source.write_text(
        f'"{evil}",g"""\n' + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(30)), encoding="utf-8"
    )
    table = ingest(source, table_cache, name=source.name)
    outcome, group = (column.name for column in table.columns)
    path = tmp_path / "script.py"

    script.write(recipe(table, "welch_t_test", {"outcome": outcome, "group": group}), path)
    found = script.verify(path, source)

    names = {
        node.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name)
    }
    assert found.verified, found.reason
    assert "__import__" not in names
    assert not Path("/tmp/longhaul-was-here").exists()  # noqa: S108 - where the name would write


def test_long_names_with_spaces_stay_whole_where_their_list_is_broken_into_lines(tmp_path, table_cache):
    source = tmp_path / "long.csv"
    rows = [f"{n % 17}.5,Ciudad número {n % 12:02d} de la Provincia" for n in range(240)]
    source.write_text("\n".join(["price,city", *rows, ""]))
    table = ingest(source, table_cache, name="long.csv")
    path = tmp_path / "script.py"

    script.write(recipe(table, "kruskal_wallis", {"outcome": "price", "group": "city"}), path)

    found = script.verify(path, source, rows=table.dataset.rows, report=silent)
    assert (found.verified, found.reason) == (True, None)


@pytest.mark.parametrize(
    ("method", "columns"),
    [
        ("welch_t_test", {"outcome": "v", "group": "two"}),
        ("welch_anova", {"outcome": "v", "group": "three"}),
        ("kruskal_wallis", {"outcome": "v", "group": "three"}),
        ("pearson_correlation", {"x": "v", "y": "w"}),
    ],
)
def test_numbers_far_from_zero_are_found_again(method, columns, tmp_path):
    data, path = tmp_path / "far.csv", tmp_path / "script.py"
    noise = [(place * 7919 % 1009 - 500) / 500_000 for place in range(120)]
    rows = (
        f"{1e9 + apart + place % 2 / 2_000:.6f},{1e9 + apart - noise[place // 2]:.6f},"
        f"{'ab'[place % 2]},{'xyz'[place % 3]}"
        for place, apart in enumerate(noise)
    )
    data.write_text("\n".join(["v,w,two,three", *rows, ""]))
    table = ingest(data, tmp_path / "cache", name="far.csv")

    script.write(recipe(table, method, columns), path)
    found = script.verify(path, data)

    assert found.verified, found.reason

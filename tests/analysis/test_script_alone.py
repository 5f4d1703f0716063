"""Scripts run where nothing is installed but what their headers ask for."""

import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from tests.analysis.whole import answered, table

ASKED = [
    ("birds", "welch_anova", {"outcome": "body_mass_g", "group": "species"}),
    ("birds", "welch_t_test", {"outcome": "body_mass_g", "group": "sex"}),
    ("birds", "pearson_correlation", {"x": "flipper_length_mm", "y": "body_mass_g"}),
    ("titanic", "chi_square_independence", {"row": "Sex", "column": "Survived"}),
    ("warpbreaks", "two_way_anova", {"outcome": "breaks", "factor_1": "wool", "factor_2": "tension"}),
    ("employees", "ancova", {"outcome": "MonthlyIncome", "group": "Department", "covariate_1": "AgeYears"}),
    ("mtcars", "linear_regression", {"outcome": "mpg", "predictor_1": "wt", "predictor_2": "hp"}),
    ("birthwt", "logistic_regression", {"outcome": "low", "predictor_1": "age", "predictor_2": "lwt"}),
    (
        "quine",
        "negative_binomial_regression",
        {"outcome": "Days", "predictor_1": "Eth", "predictor_2": "Sex"},
    ),
    ("mtcars", "correlation_matrix", {"column_1": "mpg", "column_2": "wt", "column_3": "hp"}),
    ("air_passengers", "trend_over_time", {"outcome": "passengers", "time": "month"}),
    ("mtcars", "profile", {"outcome": "mpg"}),
]


def needs(script: Path) -> tuple[str, ...]:
    """Read the packages of a script's header (PEP 723)."""
    header = re.search(
        r"^# /// script\n((?:#.*\n)+?)# ///$", script.read_text(encoding="utf-8"), re.MULTILINE
    )
    lines = "".join(line.removeprefix("# ").removeprefix("#") for line in header.group(1).splitlines(True))
    return tuple(tomllib.loads(lines)["dependencies"])


@pytest.fixture(scope="module")
def python_with(tmp_path_factory):
    """Give the interpreter of an environment with these packages and no others."""
    made: dict[tuple[str, ...], Path] = {}

    def python_with(packages: tuple[str, ...]) -> Path:
        if packages not in made:
            folder = tmp_path_factory.mktemp("alone")
            venv.create(folder, with_pip=True)
            made[packages] = folder / "bin/python"
            install = [made[packages], "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*install, *packages], check=True, timeout=600)
        return made[packages]

    return python_with


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform == "win32", reason="interpreters of environments lie elsewhere there")
@pytest.mark.parametrize(("name", "method", "columns"), ASKED, ids=[asked[1] for asked in ASKED])
def test_a_script_needs_nothing_but_what_its_header_lists(name, method, columns, python_with, tmp_path):
    source = table(name)
    answered(source, tmp_path / "p", method=method, columns=columns)
    script = tmp_path / "p" / "script.py"

    found = subprocess.run(
        [python_with(needs(script)), "-I", script, source],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert found.returncode == 0, found.stdout + found.stderr

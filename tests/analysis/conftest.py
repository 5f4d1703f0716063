"""What the tests of words, figures, scripts and whole runs start from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import Dataset
from jobs.analysis.sampling.samples import GroupedSample
from jobs.analysis.tables.ingest import Table, ingest
from tests.analysis.hand_made import grouped, penguin_rows
from tests.analysis.hand_made_profile import category_column, number_column, penguin_table


def pytest_configure(config: pytest.Config) -> None:
    line = "agrees(method, compared, source): compares numbers with those that others computed"
    config.addinivalue_line("markers", line)


@pytest.fixture(scope="session")
def table_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Typed tables of the whole run: the same file is read once."""
    return tmp_path_factory.mktemp("typed")


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Table]:
    """Return a function that reads a table whose column `x` has these cells."""

    def reading(*values: str) -> Table:
        path = tmp_path / "table.csv"
        path.write_text("\n".join(["n|x", *(f"{n}|{value}" for n, value in enumerate(values)), ""]))
        return ingest(path, tmp_path / "cache", name="table.csv")

    return reading


@pytest.fixture
def read_content(tmp_path: Path) -> Callable[..., Table]:
    """Return a function that reads a table of whatever format, given what its file holds."""

    def reading(content: str | bytes) -> Table:
        path = tmp_path / "table"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return ingest(path, tmp_path / "cache", name="table")

    return reading


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project_001"
    folder.mkdir()
    return folder


@pytest.fixture
def dataset() -> Dataset:
    return penguin_table()


@pytest.fixture
def by_species() -> GroupedSample:
    return grouped(penguin_rows(), "body_mass_g", "species", unit="g")


@pytest.fixture
def penguin_profile(by_species: GroupedSample) -> tuple[ColumnProfile, ...]:
    import numpy as np

    mass = np.concatenate(by_species.values)
    counts = {"Adelie": 152, "Gentoo": 124, "Chinstrap": 68}
    return (number_column("body_mass_g", mass, "g", missing=2), category_column("species", counts))

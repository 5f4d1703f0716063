"""What holds the house together, checked by machine. (`lint-imports` in `make check` holds the imports.)"""

import re
import subprocess
import sys
from pathlib import Path

import celeryconfig
from jobs.celery import kinds

ROOT = Path(__file__).resolve().parents[1]
OURS = ("api", "jobs", "client", "tests", "examples", "benchmarks")
MOST_LINES = 300


def python_files():
    return [path for folder in OURS for path in (ROOT / folder).rglob("*.py")]


def product_kinds():
    return {name for name, kind in kinds().items() if kind.__module__.startswith("jobs.tasks.")}


def test_the_api_never_loads_what_computes():
    heavy = ["numpy", "polars", "scipy", "matplotlib", "pypdfium2", "lxml", "simsimd"]
    program = f"import sys, api; api.create_app(); print([name for name in {heavy} if name in sys.modules])"

    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"


def test_looking_at_a_table_before_a_job_is_recorded_loads_nothing_that_computes():
    program = (
        "import sys; from pathlib import Path; from jobs.analysis.tables.sniff import sniff; "
        "import jobs.analysis.catalogue; sniff(Path('examples/penguins.csv')); "
        "print([name for name in ('numpy', 'polars') if name in sys.modules])"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"


def test_every_module_of_tasks_is_imported_by_celery_and_no_other():
    modules = {f"jobs.tasks.{path.stem}" for path in (ROOT / "jobs" / "tasks").glob("[a-z]*.py")}

    assert set(celeryconfig.imports) == modules


def test_every_queue_is_served_by_the_procfile_and_by_compose():
    declared = {queue.name for queue in celeryconfig.task_queues}
    named = {kind.queue_name for kind in kinds().values() if kind.__module__.startswith("jobs.tasks.")}
    routed = {route["queue"] for route in celeryconfig.task_routes.values()}

    assert named | routed == declared
    assert not named & routed  # housekeeping never waits behind a job
    for name in ("Procfile", "compose.yaml"):
        served = re.findall(r"(?:-Q|--queues) ([a-z,]+)", (ROOT / name).read_text())
        assert {queue for queues in served for queue in queues.split(",")} == declared, name
        assert routed <= set(served), f"{name}: housekeeping shares a worker with jobs"


def test_every_kind_has_a_story():
    assert product_kinds() >= {"analysis", "indexing"}
    for kind in product_kinds():
        assert (ROOT / "tests" / "stories" / f"test_{kind}.py").is_file()


def test_no_file_has_grown_too_long_to_read():
    long = {str(path): n for path in python_files() if (n := len(path.read_text().splitlines())) > MOST_LINES}

    assert long == {}


def test_no_dependency_is_locked_without_a_hash_or_with_an_address():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        entries = re.findall(r"^[a-z].*$", text, re.MULTILINE)
        assert "://" not in text
        assert entries
        assert all(entry.endswith("\\") for entry in entries), lock


def test_tests_wait_with_a_deadline_and_never_sleep():
    sleeps = re.compile(r"\bsleep\(")
    found = [str(path) for path in (ROOT / "tests").rglob("*.py") if sleeps.search(path.read_text())]

    assert found == []

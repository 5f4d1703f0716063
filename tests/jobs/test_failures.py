import pytest

from jobs.errors import UnknownColumn
from jobs.failures import problem


def test_our_own_error_is_told_in_its_own_words():
    found = problem(UnknownColumn("birds.csv has no column 'wieght'"))

    assert (found.type, found.status) == ("/problems/unknown-column", 422)
    assert found.detail == "birds.csv has no column 'wieght'"


def test_an_error_reads_the_same_after_celery_has_stored_it():
    error = UnknownColumn("no column 'x'")
    stored = {"exc_type": "UnknownColumn", "exc_message": ["no column 'x'"], "exc_module": "jobs.errors"}

    assert problem(stored) == problem(error)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("SoftTimeLimitExceeded", "timeout"),
        ("TimeLimitExceeded", "timeout"),
        ("WorkerLostError", "worker-lost"),
        ("MemoryError", "out-of-memory"),
        ("ZeroDivisionError", "internal-error"),
        ("BaseModel", "internal-error"),  # a name of the module that is no error
    ],
)
def test_what_celery_and_python_raise_is_told_in_ours(name, slug):
    found = problem({"exc_type": name, "exc_message": ["secret"]})

    assert found.type == f"/problems/{slug}"
    assert "secret" not in found.detail

"""A run that builds an index anew is killed: the old or the new one answers, and the next run goes on."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.indexing.index.generations import current
from jobs.indexing.index.health import health
from tests.indexing.contents import documents, rows
from tests.indexing.damaging import damage, make_outdated, reached
from tests.indexing.test_care import shelf  # noqa: F401 - a fixture

PROJECT = Path(__file__).resolve().parents[2]


def full() -> None:
    """Let no file grow beyond some bytes, as the nearest thing to a full disk that a test can make."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))


def rebuilding(desk, *arguments: str, **options) -> subprocess.CompletedProcess:
    program = [sys.executable, "-m", "tests.indexing.interrupted_rebuild"]
    places = [str(desk.root), str(desk.index), str(desk.other)]
    return subprocess.run(
        [*program, *places, *arguments], cwd=PROJECT, check=False, capture_output=True, text=True, **options
    )


@pytest.mark.parametrize(
    ("step", "call"),
    [
        ("begin", 1),
        ("note_pending", 1),
        ("commit", 1),
        ("commit", 2),
        ("record", 3),
        ("end_run", 1),
        ("end_run", 2),
        ("complete", 2),
        ("before the swap", 1),
        ("the swap", 1),
        ("after the swap", 1),
        ("clearing", 3),
        ("cleared", 2),
    ],
)
def test_a_rebuild_killed_at_any_step_leaves_one_whole_index_and_is_continued(shelf, step, call):  # noqa: F811
    make_outdated(shelf)

    killed = rebuilding(shelf, step, str(call))
    meanwhile = documents(shelf.index)
    shelf.run(resolve=reached(shelf))

    assert killed.returncode == -9, killed.stderr
    assert meanwhile == shelf.before[0]
    assert (documents(shelf.index), rows(shelf.index)) == shelf.before
    assert health(shelf.index).state == "ok"
    assert not (shelf.index / "next").exists()


def test_a_rebuild_that_was_killed_again_and_again_goes_on_where_it_was(shelf):  # noqa: F811
    damage(shelf.index / "manifest.db", 3)
    for step, call in (("commit", 1), ("record", 1), ("commit", 1), ("end_run", 1)):
        assert rebuilding(shelf, step, str(call)).returncode == -9

    result = shelf.run(resolve=reached(shelf))

    assert result.unchanged > 0
    assert (documents(shelf.index), rows(shelf.index)) == shelf.before


def test_a_disk_that_is_full_while_an_index_is_built_anew_leaves_the_old_one(shelf):  # noqa: F811
    make_outdated(shelf)

    stopped = rebuilding(shelf, "cleared", "9", preexec_fn=full)
    still_there = (current(shelf.index), documents(shelf.index))
    shelf.run(resolve=reached(shelf))

    assert stopped.returncode == 1
    assert "is the disk full?" in stopped.stderr
    assert still_there == (shelf.index, shelf.before[0])
    assert (documents(shelf.index), rows(shelf.index)) == shelf.before


def test_a_disk_that_is_full_leaves_an_index_as_it_was_at_its_last_commit(shelf):  # noqa: F811
    shelf.write("large.txt", " ".join(f"albatross{number * 7919 % 100_003}" for number in range(20_000)))

    stopped = rebuilding(shelf, "cleared", "9", preexec_fn=full)
    meanwhile, state = documents(shelf.index), health(shelf.index).state
    result = shelf.run()

    assert stopped.returncode == 1
    assert "is the disk full?" in stopped.stderr
    assert (meanwhile, state) == (shelf.before[0], "ok")
    assert (result.indexed, result.unchanged, result.warnings) == (1, 12, ())
    assert shelf.found("albatross0") == ["large.txt"]

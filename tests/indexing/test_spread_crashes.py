"""A phase of a run in batches is killed at the worst moments: called again, it ends as if it never was."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.indexing.index.ownership import owner
from jobs.indexing.runs.spread import discard_run, extract_batch
from tests.indexing.conftest import Desk
from tests.indexing.spreading import RUN, assert_as_clean, extracted, finished, prepared, spread
from tests.indexing.test_crashes import orphans
from tests.support.waiting import until

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def changed(desk):
    """An index, and then files that are new, changed, gone, doubled, or take over or inherit a document."""
    for number in range(30):
        desk.write(f"old/{number:02}.txt", f"albatross old {number // 2} " * 20)
    desk.run()
    for number in range(40):
        desk.write(f"new/{number:02}.md", f"# New {number % 30}\n\n" + "albatross " * (number % 30) * 20)
    for number in range(0, 10, 2):
        desk.write(f"old/{number:02}.txt", f"petrel changed {number}")  # the next number inherits
    for number in (10, 12, 15, 21):
        (desk.root / f"old/{number}.txt").unlink()
    desk.write("before.txt", "albatross old 9 " * 20)
    desk.write("broken.docx", "corrupt")
    return desk


def interrupted(desk: Desk, phase: str, step: str, call: int = 1) -> subprocess.Popen:
    program = [sys.executable, "-m", "tests.indexing.interrupted_spread"]
    arguments = [str(desk.root), str(desk.index), phase, step, str(call)]
    return subprocess.Popen([*program, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def killed(desk: Desk, phase: str, step: str, call: int = 1) -> None:
    """Let a phase die at a step, and see that it did."""
    process = interrupted(desk, phase, step, call)
    process.communicate(timeout=60)
    assert process.returncode == -9
    until(lambda: not orphans(process.pid), what="no extraction process outlives its parent")


def undisturbed(desk: Desk):
    """Finish a copy of the run as it is now; give its result."""
    copy = desk.index.with_name("undisturbed")
    shutil.copytree(desk.index, copy)
    return finished(desk, index=copy)


@pytest.mark.parametrize(
    ("step", "call"), [("take", 1), ("begin_run", 1), ("write_plan", 1), ("write_plan", 2), ("write_plan", 3)]
)
def test_a_killed_plan_is_made_again(changed, step, call):
    killed(changed, "prepare", step, call)

    plan = prepared(changed, holds=lambda run: True)
    extracted(changed, plan)
    result = finished(changed)

    assert result.total == plan.total == 68
    assert_as_clean(changed)


def test_a_killed_plan_is_taken_over_by_another_run(changed):
    killed(changed, "prepare", "write_plan", 2)

    extracted(changed, prepared(changed, run="run-2"), run="run-2")
    finished(changed, run="run-2")

    assert_as_clean(changed)
    discard_run(changed.index, "run-2")
    assert list((changed.index / "runs").iterdir()) == []


@pytest.mark.parametrize("call", [1, 4])
def test_a_killed_batch_goes_on_behind_what_it_has_answered(changed, call):
    plan = prepared(changed)
    killed(changed, "extract", "answer", call)
    killed(changed, "extract", "answer", 2)
    seen = []

    result = extract_batch(changed.index, RUN, 0, report=seen.append)
    extracted(changed, plan)

    assert seen[0].processed == sum(seen[0].counts.values()) == call + 2
    assert result.processed == sum(result.counts.values()) == seen[0].total
    assert len(seen) >= result.processed - call - 2
    assert finished(changed).failed == 1
    assert_as_clean(changed)


def test_a_batch_killed_from_outside_keeps_all_that_it_has_told(changed):
    plan = prepared(changed)
    running = interrupted(changed, "extract", "none")
    told = 0
    for line in running.stdout:
        told = int(line.split()[1])
        if told >= 3:
            break
    running.kill()
    running.communicate(timeout=60)
    seen = []

    until(lambda: not orphans(running.pid), what="no extraction process outlives its parent")
    extract_batch(changed.index, RUN, 0, report=seen.append)
    extracted(changed, plan)
    finished(changed)

    assert seen[0].processed >= told >= 3
    assert_as_clean(changed)


@pytest.mark.parametrize("step", ["note_pending", "commit", "record"])
@pytest.mark.parametrize("call", [1, 3])
def test_an_end_killed_inside_a_commit_goes_on_to_the_same_end(changed, step, call):
    extracted(changed, prepared(changed))
    expected = undisturbed(changed)

    killed(changed, "finish", step, call)
    result = finished(changed)

    assert replace(result, index_bytes=0) == replace(expected, index_bytes=0)
    assert_as_clean(changed)


@pytest.mark.parametrize("step", ["note_pending", "commit", "record"])
def test_a_document_that_was_taken_over_in_a_cut_off_commit_is_read_again(desk, step):
    for name in ("touched", "kept"):
        desk.write(f"{name}.txt", f"albatross {name}")
    desk.run()
    for name in ("touched", "kept"):
        desk.write(f"before-{name}.txt", f"albatross {name}")
    os.utime(desk.root / "touched.txt", (1, 1))
    extracted(desk, prepared(desk))
    expected = undisturbed(desk)

    killed(desk, "finish", step)
    result = finished(desk)

    assert (result.indexed, result.duplicate) == (2, 2)
    assert replace(result, index_bytes=0) == replace(expected, index_bytes=0)
    assert_as_clean(desk)


@pytest.mark.parametrize("step", ["end_run", "result", "clear", "release"])
def test_an_end_killed_at_its_very_end_tells_its_result_again(changed, step):
    extracted(changed, prepared(changed))
    expected = undisturbed(changed)

    killed(changed, "finish", step)
    result = finished(changed)

    assert replace(result, index_bytes=0) == replace(expected, index_bytes=0)
    assert owner(changed.index) is None
    assert [entry.name for entry in (changed.index / "runs").iterdir()] == [f"{RUN}.json"]
    assert_as_clean(changed)


def test_many_kills_in_a_row_end_in_the_same_index(changed):
    extracted(changed, prepared(changed))
    expected = undisturbed(changed)

    for step, call in [("commit", 1), ("record", 2), ("note_pending", 1), ("commit", 2), ("commit", 1)]:
        killed(changed, "finish", step, call)
    result = finished(changed)

    assert replace(result, index_bytes=0) == replace(expected, index_bytes=0)
    assert_as_clean(changed)


@pytest.mark.parametrize("in_batches", [True, False])
def test_an_end_that_was_killed_and_given_up_is_made_good_by_the_next_run(changed, in_batches):
    extracted(changed, prepared(changed))
    killed(changed, "finish", "commit", 2)
    discard_run(changed.index, RUN)

    if in_batches:
        spread(changed, run="run-2")
    else:
        changed.run()

    assert_as_clean(changed)

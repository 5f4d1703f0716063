"""A writer that stood still for too long never writes after the one that took its place."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.errors import IndexBusy
from jobs.indexing.index.fencing import take_fence
from jobs.indexing.index.generations import current
from tests.indexing.contents import documents, rows
from tests.indexing.spreading import assert_as_clean, extracted, finished, prepared
from tests.support.waiting import until

PROJECT = Path(__file__).resolve().parents[2]
STEPS = ["note_pending", "commit", "record"]


@pytest.fixture
def stopped(desk):
    """Return a function that starts the end of a run and waits until its process stands still at a step."""
    for number in range(60):
        desk.write(f"{number:02}.md", f"# Letter {number}\n\n" + f"albatross {number} " * 40)
    extracted(desk, prepared(desk))
    processes = []

    def stopped(step):
        program = [
            sys.executable,
            "-m",
            "tests.indexing.paused_finish",
            str(desk.root),
            str(desk.index),
            step,
        ]
        process = subprocess.Popen(program, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        until(lambda: stands_still(process), what="the process stands still")
        return process

    yield stopped
    for process in processes:
        process.kill()
        process.communicate()


def stands_still(process):
    assert process.poll() is None, process.stderr.read()
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def go_on(process):
    process.send_signal(signal.SIGCONT)
    return process.communicate(timeout=60)[1]


@pytest.mark.parametrize("step", STEPS)
def test_while_its_lock_holds_nobody_takes_its_place(desk, stopped, step):
    process = stopped(step)

    with pytest.raises(IndexBusy):
        finished(desk)
    go_on(process)

    assert process.returncode == 0
    assert finished(desk).indexed == 60
    assert_as_clean(desk)


@pytest.mark.parametrize("step", STEPS)
def test_where_its_lock_was_lost_it_finds_out_before_it_writes(desk, stopped, step):
    process = stopped(step)
    lose_locks(desk.index)

    result = finished(desk)
    before = documents(desk.index), rows(desk.index)
    told = go_on(process)

    assert process.returncode == 1
    assert "another has taken the index over" in told
    assert result.total == 60
    assert (documents(desk.index), rows(desk.index)) == before
    assert_as_clean(desk)


def lose_locks(index):
    """Do what a server of network files does to a machine that is silent for too long."""
    for lock in (index / "writer.lock", *current(index).rglob(".tantivy-writer.lock")):
        lock.unlink()


def test_the_latest_number_alone_may_write(tmp_path):
    first = take_fence(tmp_path)
    first()
    second = take_fence(tmp_path)

    with pytest.raises(IndexBusy, match="taken the index over"):
        first()
    second()

"""The process that indexes is killed, at the worst moments: the next run continues, to the same index."""

import subprocess
import sys
from pathlib import Path

import pytest

from jobs.indexing.runs.run import index_folder
from jobs.indexing.sources.order import Order
from tests.indexing.contents import documents, rows
from tests.indexing.packing import zipped
from tests.support.waiting import until

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def crowded(desk):
    """An index of some documents, and then new, changed, removed and doubled ones."""
    for number in range(20):
        desk.write(f"old/{number:02}.txt", f"albatross old {number}")
    desk.run()
    for number in range(150):
        desk.write(f"new/{number:03}.md", f"# New {number % 120}\n\n" + "albatross " * (number % 120) * 20)
    desk.write("papers.zip", zipped([(f"{n}.txt", b"fulmar %d" % (n % 20)) for n in range(30)]))
    for number in range(5):
        desk.write(f"old/{number:02}.txt", f"petrel changed {number}")
        (desk.root / f"old/{number + 5:02}.txt").unlink()
    return desk


def interrupted(desk, method: str, call: int) -> subprocess.Popen:
    program = [sys.executable, "-m", "tests.indexing.interrupted_run"]
    arguments = [str(desk.root), str(desk.index), method, str(call)]
    return subprocess.Popen([*program, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def orphans(parent: int) -> list[str]:
    """List the extraction processes that were started by a process: it is named among their arguments."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = file.read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(parent).encode() in arguments and any(
            b"jobs.indexing.extraction.child" in one for one in arguments
        ):
            found.append(file.parent.name)
    return found


def assert_as_clean(desk) -> None:
    clean = desk.index.with_name("clean")
    index_folder(Order(desk.root, clean, "clean", "folder:documents"))
    assert documents(desk.index) == documents(clean)
    assert rows(desk.index) == rows(clean)


@pytest.mark.parametrize("method", ["Manifest.note_pending", "Writer.commit", "Manifest.record"])
@pytest.mark.parametrize("call", [1, 3])
def test_a_run_killed_inside_a_commit_is_made_good_by_the_next(crowded, method, call):
    killed = interrupted(crowded, method, call)
    killed.communicate(timeout=60)
    # What was written but not noted may be gone, or be something else, before the next run looks.
    (crowded.root / "new/119.md").unlink()
    crowded.write("new/118.md", "petrel instead")

    result = crowded.run()

    assert killed.returncode == -9
    assert result.failed == 0
    assert_as_clean(crowded)
    until(lambda: not orphans(killed.pid), what="no extraction process outlives its parent")


@pytest.mark.parametrize("step", [5, 60, 140])
def test_a_run_killed_from_outside_leaves_no_process_and_is_continued(crowded, step):
    running = interrupted(crowded, "none", 0)
    seen = 0
    for line in running.stdout:
        seen += line.startswith("extract")
        if seen == step:
            break
    running.kill()
    running.communicate(timeout=60)

    until(lambda: not orphans(running.pid), what="no extraction process outlives its parent")
    crowded.run()

    assert running.returncode == -9
    assert_as_clean(crowded)


def test_many_kills_in_a_row_end_in_the_same_index(crowded):
    for call in (1, 2, 1, 2):
        interrupted(crowded, "Writer.commit", call).communicate(timeout=60)

    crowded.run()

    assert_as_clean(crowded)

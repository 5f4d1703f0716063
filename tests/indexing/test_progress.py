"""What a watcher of a run is told, and what happens when it has enough."""

import pytest

from tests.indexing.contents import documents


def test_progress_goes_through_its_stages_and_never_back(desk):
    for number in range(40):
        desk.write(f"{number:02}.txt", f"albatross {number}")
    seen = []

    desk.run(report=seen.append)
    percents = [progress.percent for progress in seen]
    stages = list(dict.fromkeys(progress.stage for progress in seen))
    extracting = [progress for progress in seen if progress.stage == "extract"]

    assert stages == ["scan", "extract", "commit"]
    assert percents == sorted(percents)
    assert percents[-1] == 99
    assert all(progress.total is None for progress in seen if progress.stage == "scan")
    assert all(5 <= progress.percent <= 95 and progress.total == 40 for progress in extracting)
    assert {progress.current_file for progress in extracting} - {None} <= {f"{n:02}.txt" for n in range(40)}
    assert extracting[-1].processed == 40
    assert extracting[-1].counts["indexed"] == 40
    assert any(progress.message == "Indexing 12 of 40" for progress in extracting)


def test_unchanged_files_count_as_processed_at_once(desk):
    desk.write("a.txt", "albatross")
    desk.run()
    seen = []

    desk.run(report=seen.append)
    first = next(progress for progress in seen if progress.stage == "extract")

    assert (first.processed, first.total, first.counts["unchanged"]) == (1, 1, 1)


class Enough(BaseException):
    """What a worker raises at its time limit: no ordinary Exception."""


@pytest.mark.parametrize("stage", ["scan", "extract", "commit"])
def test_a_report_that_raises_stops_the_run_and_leaves_no_trace(desk, stage):
    desk.write("old.txt", "albatross old")
    desk.run()
    before = documents(desk.index)
    for number in range(40):
        desk.write(f"{number:02}.txt", f"albatross {number}")
    children = []

    def stop(progress):
        children.extend(_children() if progress.stage == "extract" else [])
        if progress.stage == stage and (stage != "extract" or progress.counts["indexed"] > 0):
            raise Enough

    with pytest.raises(Enough):
        desk.run(report=stop)
    after = documents(desk.index)
    result = desk.run()

    assert (after == before) or stage == "commit"
    assert stage != "extract" or children
    assert _children() == []
    assert result.indexed + result.unchanged == result.total == 41
    assert len(desk.found("albatross", limit=100)) == 41


def _children() -> list[str]:
    """List the extraction processes of this process."""
    import os
    from pathlib import Path

    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = status.read_text().rsplit(")", 1)[1].split()[1]
            command = status.with_name("cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == os.getpid() and b"jobs.indexing.extraction.child" in command:
            found.append(status.parent.name)
    return found

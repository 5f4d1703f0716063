"""A run in batches gives what a run in one go gives, and says the truth on the way."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.errors import BadInput, BrokenIndex, NotFound
from jobs.indexing.ownership import owner
from jobs.indexing.plan import Batching
from jobs.indexing.run import index_folder
from jobs.indexing.scan import File
from jobs.indexing.shards import Shard, answers, places
from jobs.indexing.spread import discard_run, extract_batch, finish
from jobs.indexing.work import task
from tests.data.documents.make import docx, pdf
from tests.indexing.conftest import counts
from tests.indexing.contents import documents, rows
from tests.indexing.spreading import RUN, SOURCE, assert_as_clean, extracted, finished, prepared, spread


def fill(desk, generation: int = 0) -> None:
    """Write documents of many kinds and fates; each generation adds, changes, doubles and removes some."""
    for number in range(30):
        desk.write(f"text/{number:02}.txt", f"albatross {number * (1 + generation * (number % 3 == 0))}")
    for number in range(12):
        desk.write(f"twice/{number:02}.md", f"# Twice\n\npetrel {(number + generation) // 2}")
    desk.write("paper.pdf", pdf([["first page"], [f"albatross in a pdf, {generation}"]]))
    desk.write("letter.docx", docx([f"albatross in word {generation}"]))
    desk.write("broken.docx", "corrupt")
    desk.write("blank.txt", " \n ")
    desk.write("odd.xyz", "of no type")
    desk.write("empty.txt", "")
    Path(os.fsdecode(os.fsencode(desk.root) + b"/caf\xe9.txt")).write_text(f"albatross {generation}")
    if generation:
        for number in (1, 2, 4):
            (desk.root / f"text/{number:02}.txt").unlink()
        (desk.root / "twice/02.md").unlink()
        desk.write("aaa.txt", "albatross 17")  # takes over a document that is known under another path
        os.utime(desk.root / "text/20.txt", (1, 1))


@pytest.fixture
def beside(desk):
    """Give the result of a run in one go on a second index, kept beside that of the desk."""
    index = desk.index.with_name("beside")

    def run(**options):
        return index, index_folder(desk.root, index, name="desk", source=SOURCE, **options)

    return run


@pytest.mark.parametrize("mode", ["incremental", "full"])
@pytest.mark.parametrize("remove_deleted", [True, False])
def test_a_run_in_batches_gives_what_one_go_gives(desk, beside, mode, remove_deleted):
    for generation in range(3):
        fill(desk, generation)
        options = {"mode": mode, "remove_deleted": remove_deleted}
        index, expected = beside(**options)
        plan = prepared(desk, **options, run=f"run-{generation}")
        extracted(desk, plan, run=f"run-{generation}")
        result = finished(desk, run=f"run-{generation}", **options)

        assert plan.batches >= 2 or generation
        assert plan.total == result.total
        assert documents(desk.index) == documents(index)
        assert rows(desk.index) == rows(index)
        assert replace(result, index_bytes=0) == replace(expected, index_bytes=0)


def test_a_small_run_is_not_planned_and_leaves_the_index_free(desk):
    desk.write("a.txt", "albatross")
    desk.write("empty.txt", "")

    plan = prepared(desk, batching=Batching())

    assert (plan.batches, plan.total, plan.processed, plan.counts["skipped"]) == (0, 2, 1, 1)
    assert owner(desk.index) is None
    assert counts(desk.run(run=RUN)) == {"indexed": 1, "skipped": 1}


def test_few_large_files_are_spread_by_their_bytes(desk):
    for number in range(4):
        desk.write(f"{number}.txt", "albatross " * 100)

    plan = prepared(desk, batching=Batching(files=100, bytes=2_000, files_a_batch=100, bytes_a_batch=1_000))

    assert plan.batches == 4


def test_batches_cost_alike_and_begin_with_their_largest():
    sizes = [10**6] * 3 + [300_000] * 10 + [1_000] * 500
    todo = [task(number, File(f"{number}.txt", b"", size, 0), None) for number, size in enumerate(sizes)]
    batching = Batching(files_a_batch=100, bytes_a_batch=2_000_000)

    batches = batching.split(todo)
    costs = [sum(one.size / 2_000_000 + 1 / 100 for one in batch) for batch in batches]

    assert sorted(one.name for batch in batches for one in batch) == sorted(one.name for one in todo)
    assert max(costs) <= 1.05
    assert min(costs) >= 0.8
    assert all(batch == sorted(batch, key=lambda one: -one.size) for batch in batches)


def test_a_plan_stays_as_it_is_when_it_is_asked_for_again(desk):
    fill(desk)
    first = prepared(desk)
    desk.write("late.txt", "albatross too late")

    again = prepared(desk)
    extracted(desk, again)
    result = finished(desk)

    assert again == first
    assert result.total == first.total
    assert desk.found("late") == []


def test_what_needs_no_reading_is_settled_by_the_plan(desk):
    fill(desk)
    desk.run()
    for number in range(12):
        desk.write(f"new/{number}.txt", f"albatross new {number}")
    os.utime(desk.root / "text/07.txt", (1, 1))

    plan = prepared(desk)
    batches = extracted(desk, plan)
    result = finished(desk)

    assert plan.processed == sum(plan.counts.values()) == plan.total - 13
    assert (plan.counts["unchanged"], plan.counts["duplicate"]) == (37, 7)
    assert (result.unchanged, result.indexed) == (38, 12)
    assert plan.processed + sum(batch.processed for batch in batches) == plan.total == result.total
    told = {name: plan.counts[name] + sum(batch.counts[name] for batch in batches) for name in plan.counts}
    assert (told["failed"], told["skipped"]) == (result.failed, result.skipped)
    assert sum(told.values()) == result.total


def test_nothing_stays_behind(desk):
    fill(desk)

    spread(desk)

    assert owner(desk.index) is None
    assert [entry.name for entry in (desk.index / "runs").iterdir()] == [f"{RUN}.json"]  # its result
    discard_run(desk.index, RUN)
    assert list((desk.index / "runs").iterdir()) == []
    assert_as_clean(desk)


def test_a_result_that_was_not_heard_is_told_again(desk):
    fill(desk)

    first = spread(desk)
    second = finished(desk)

    assert second == first


def test_a_batch_tells_what_it_does(desk):
    for number in range(10):
        desk.write(f"{number}.txt", f"albatross {number}")
    desk.write("broken.docx", "corrupt")
    prepared(desk, batching=Batching(files=0, files_a_batch=100))
    seen = []

    result = extract_batch(desk.index, RUN, 0, report=seen.append)

    assert (result.processed, result.counts["indexed"], result.counts["failed"]) == (11, 10, 1)
    assert [seen[0].processed, seen[-1].processed] == [0, 11]
    assert all(progress.total == 11 and progress.stage == "extract" for progress in seen)
    assert [one.processed for one in seen] == sorted(one.processed for one in seen)
    assert all(sum(progress.counts.values()) == progress.processed for progress in seen)
    assert seen[-1].counts == result.counts
    assert {progress.current_file for progress in seen} - {None} <= {f"{n}.txt" for n in range(10)} | {
        "broken.docx"
    }


def test_the_end_tells_what_it_does_and_never_steps_back(desk):
    fill(desk)
    plan = prepared(desk)
    extracted(desk, plan)
    seen = []

    result = finished(desk, report=seen.append)
    percents = [progress.percent for progress in seen]

    assert list(dict.fromkeys(progress.stage for progress in seen)) == ["merge", "commit"]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (pytest.approx(80, abs=2), 99)
    assert all(one.processed == one.total == plan.total for one in seen)
    assert all(sum(one.counts.values()) == plan.total for one in seen)
    assert seen[-1].counts["duplicate"] == result.duplicate == 7


def test_a_batch_that_was_lost_is_a_failure_of_each_of_its_files(desk):
    for number in range(20):
        desk.write(f"{number:02}.txt", f"albatross {number}")
    prepared(desk)
    done = extract_batch(desk.index, RUN, 0)

    result = finished(desk)
    again = desk.run()

    assert counts(result) == {"indexed": done.processed, "failed": 20 - done.processed}
    assert {problem.reason for problem in result.problems} == {"worker_lost"}
    assert counts(again) == {"unchanged": done.processed, "indexed": 20 - done.processed}


def test_a_torn_end_is_cut_off_and_the_rest_kept(desk):
    for number in range(10):
        desk.write(f"{number}.txt", f"albatross {number}")
    prepared(desk, batching=Batching(files=0, files_a_batch=100))
    extract_batch(desk.index, RUN, 0)
    folder = desk.index / "runs" / RUN
    shard = folder / "shard-0.0"
    whole = shard.read_bytes()

    for cut in (1, 5, len(whole) // 2, len(whole) - 1):
        shard.write_bytes(whole[:-cut])
        kept = len(places(folder, 0))
        seen = []
        result = extract_batch(desk.index, RUN, 0, report=seen.append)
        assert kept < 10
        assert (seen[0].processed, result.processed) == (kept, 10)
        (folder / "shard-0.1").unlink()
    shard.write_bytes(whole[:-3] + b"\0\0\0")
    result = finished(desk)

    assert counts(result) == {"indexed": 9, "failed": 1}


def test_two_attempts_at_once_do_each_other_no_harm(desk):
    for number in range(40):
        desk.write(f"{number:02}.txt", f"albatross {number}")
    prepared(desk, batching=Batching(files=0, files_a_batch=100))
    inner = []

    def intrude(progress):
        if progress.processed and not inner:
            inner.append(extract_batch(desk.index, RUN, 0))

    outer = extract_batch(desk.index, RUN, 0, report=intrude)
    result = finished(desk)

    assert outer.processed == inner[0].processed == 40
    assert counts(result) == {"indexed": 40}
    assert_as_clean(desk)


def test_the_answer_of_the_latest_attempt_counts(desk):
    desk.write("a.txt", "albatross")
    prepared(desk)
    folder = desk.index / "runs" / RUN
    extract_batch(desk.index, RUN, 0)
    (answer,) = answers(folder, 0, places(folder, 0))
    with Shard(folder, 0) as shard:
        shard.write(replace(answer, status="failed", reason="timeout", chunks=()), "failed")

    result = finished(desk)

    assert counts(result) == {"failed": 1}


def test_a_run_that_was_discarded_is_gone(desk):
    fill(desk)
    prepared(desk)

    for _ in range(2):
        discard_run(desk.index, RUN)

    assert owner(desk.index) is None
    assert list((desk.index / "runs").iterdir()) == []
    with pytest.raises(NotFound):
        extract_batch(desk.index, RUN, 0)
    with pytest.raises(NotFound):
        finish(desk.index, RUN, name="desk", source=SOURCE)
    discard_run(desk.index.with_name("never"), RUN)


def test_a_batch_whose_run_is_discarded_leaves_no_trace(desk):
    for number in range(60):
        desk.write(f"{number:02}.txt", f"albatross {number}")
    prepared(desk, batching=Batching(files=0, files_a_batch=100))

    def discard(progress):
        if progress.processed:
            discard_run(desk.index, RUN)

    result = extract_batch(desk.index, RUN, 0, report=discard)

    assert result.processed == 60
    assert list((desk.index / "runs").iterdir()) == []


def test_a_folder_that_cannot_be_listed_leaves_the_index_free(desk):
    desk.root.rmdir()

    with pytest.raises(BadInput):
        prepared(desk)

    assert owner(desk.index) is None


def test_a_damaged_index_shows_before_the_work_and_is_built_anew_in_mode_full(desk):
    fill(desk)
    desk.run()
    shutil.rmtree(desk.index / "segments")

    with pytest.raises(BrokenIndex, match="mode full"):
        prepared(desk)
    spread(desk, mode="full")

    assert_as_clean(desk)

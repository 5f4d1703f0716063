"""A run in batches gives what a run in one go gives, and says the truth on the way."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.errors import BadInput, NotFound
from jobs.indexing.index.generations import current
from jobs.indexing.index.ownership import owner
from jobs.indexing.runs.plan import Batching
from jobs.indexing.runs.spread import discard_run, extract_batch
from tests.data.documents.make import docx, pdf
from tests.indexing.conftest import counts
from tests.indexing.contents import documents, rows
from tests.indexing.spreading import RUN, assert_as_clean, extracted, finished, prepared, spread


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
        return index, desk.run(index=index, **options)

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
        finished(desk)
    discard_run(desk.index.with_name("never"), RUN)


def test_a_folder_that_cannot_be_listed_leaves_the_index_free(desk):
    desk.root.rmdir()

    with pytest.raises(BadInput):
        prepared(desk)

    assert owner(desk.index) is None


def test_a_damaged_index_is_built_anew_in_batches_too(desk):
    fill(desk)
    desk.run()
    shutil.rmtree(desk.index / "segments")

    extracted(desk, prepared(desk))
    searched_meanwhile = current(desk.index) == desk.index
    result = finished(desk)

    assert searched_meanwhile
    assert "damaged" in result.warnings[0]
    assert finished(desk) == result
    assert_as_clean(desk)

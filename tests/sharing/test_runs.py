"""Runs that are spread over machines: planned on one, read on several, put together on any."""

import shutil

from jobs.indexing.runs.account import Wanted, page
from jobs.indexing.runs.spread import Batching, extract_batch, finish, prepare
from tests.sharing.machine import RUN, SOURCE, alike


def spread(left, right):
    """Index on two machines: planned on the first, read on both, put together on the second."""
    with left.writing():
        plan = prepare(left.order(), batching=Batching(files=1, files_a_batch=4))
        left.runs.push(left.index, RUN)
    assert plan.batches > 2
    for number in range(plan.batches):
        machine = (left, right)[number % 2]
        machine.runs.pull(machine.index, RUN, batch=number)
        extract_batch(machine.index, RUN, number, roots={SOURCE: machine.shelf})
        machine.runs.push(machine.index, RUN, batch=number)
    shutil.rmtree(left.shelf)  # nothing of the first machine is needed any more
    shutil.rmtree(left.index)
    with right.writing():
        right.runs.pull(right.index, RUN)
        return finish(right.order())


def test_a_run_is_spread_over_machines_and_finished_on_any(left, right):
    for number in range(23):
        (left.shelf / f"{number:02}.txt").write_text(f"letter{number} of the shelf")
    (left.shelf / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    alike(left, right)

    result = spread(left, right)

    assert (result.total, result.indexed, result.failed) == (24, 23, 1)
    assert right.finds("letter7") == ["07.txt"]
    assert left.finds("letter8") == ["08.txt"]


def test_a_machine_that_never_heard_of_a_run_tells_its_account_while_it_goes_on(left, right):
    for number in range(12):
        (left.shelf / f"{number:02}.txt").write_text(f"letter{number} of the shelf")
    with left.writing():
        plan = prepare(left.order(), batching=Batching(files=1, files_a_batch=4))
        left.runs.push(left.index, RUN)
    extract_batch(left.index, RUN, 0)
    left.runs.push(left.index, RUN, batch=0)

    right.runs.pull_accounts(right.index, RUN)

    rows = page(right.index, RUN, lambda _: True, Wanted(), ended=False).rows
    assert 0 < len(rows) < 12
    assert plan.batches > 1


def test_a_run_that_was_put_together_and_not_told_is_told_elsewhere(left, right):
    for number in range(12):
        (left.shelf / f"{number:02}.txt").write_text(f"letter{number} of the shelf")
    alike(left, right)
    with left.writing():
        plan = prepare(left.order(), batching=Batching(files=1, files_a_batch=4))
        for number in range(plan.batches):
            extract_batch(left.index, RUN, number)
        left.runs.push(left.index, RUN)
        first = finish(left.order())
        left.runs.push(left.index, RUN)  # and its worker dies before the job has its result

    with right.writing():
        right.runs.pull(right.index, RUN)
        again = finish(right.order())

    assert again == first
    right.runs.drop(right.index, RUN)

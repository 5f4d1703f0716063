"""One run at a time has an index, also while no process of it lives."""

import fcntl

import pytest

from jobs.errors import IndexBusy, NotFound
from jobs.indexing.index.ownership import owner
from jobs.indexing.runs.spread import discard_run, remove_source
from tests.indexing.conftest import counts
from tests.indexing.contents import documents
from tests.indexing.spreading import RUN, SOURCE, assert_as_clean, extracted, finished, prepared


def goes_on(run: str) -> bool:
    return run == RUN


def has_ended(run: str) -> bool:
    return False


@pytest.fixture
def taken(desk):
    """An index that a spread run has, between its batches."""
    for number in range(20):
        desk.write(f"{number:02}.txt", f"albatross {number}")
    desk.run(source="session:old")
    desk.plan = prepared(desk)
    return desk


def test_the_index_of_a_run_that_goes_on_is_refused_to_every_other(taken):
    with pytest.raises(IndexBusy) as caught:
        taken.run(source="session:2", run="run-2", holds=goes_on)
    with pytest.raises(IndexBusy, match="'desk'"):
        prepared(taken, run="run-2", holds=goes_on)
    with pytest.raises(IndexBusy):
        remove_source(taken.index, SOURCE, holds=goes_on)

    extracted(taken, taken.plan)

    assert caught.value.status == 409
    assert counts(finished(taken)) == {"indexed": 20}


@pytest.mark.parametrize("spread", [True, False])
def test_the_index_of_a_run_that_has_ended_is_taken_over(taken, spread):
    if spread:
        extracted(taken, prepared(taken, run="run-2", holds=has_ended), run="run-2")
        result = finished(taken, run="run-2")
    else:
        result = taken.run(run="run-2", holds=has_ended)

    assert counts(result) == {"indexed": 20}
    assert owner(taken.index) is None
    assert not (taken.index / "runs" / RUN).exists()
    with pytest.raises(NotFound):
        finished(taken)


def test_a_run_that_was_taken_over_cannot_let_go_of_the_index(taken):
    prepared(taken, run="run-2", holds=has_ended)

    discard_run(taken.index, RUN)

    assert owner(taken.index).run == "run-2"
    assert (taken.index / "runs" / "run-2").is_dir()


def test_the_same_run_has_the_index_already(taken):
    assert prepared(taken, holds=goes_on) == taken.plan
    assert counts(taken.run(run=RUN, holds=goes_on)) == {"indexed": 20}
    assert owner(taken.index) is None
    assert list((taken.index / "runs").iterdir()) == []


def test_the_result_of_a_run_that_has_not_heard_it_outlives_the_next_run(taken):
    extracted(taken, taken.plan)
    first = finished(taken)
    taken.run(run="run-2", holds=goes_on)
    second = finished(taken)
    taken.run(run="run-3", holds=has_ended)

    assert first == second
    assert list((taken.index / "runs").iterdir()) == []


def test_an_owner_is_discarded_also_while_the_index_is_being_written(taken):
    with (taken.index / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy):
            prepared(taken)
        discard_run(taken.index, RUN)
        with pytest.raises(IndexBusy):
            remove_source(taken.index, SOURCE)

    assert not (taken.index / "runs" / RUN).exists()
    assert counts(taken.run(run="run-2", holds=has_ended)) == {"indexed": 20}


def test_a_source_leaves_the_index(taken):
    discard_run(taken.index, RUN)
    taken.run()

    removed = remove_source(taken.index, "session:old")

    assert removed == 20
    assert remove_source(taken.index, "session:old") == remove_source(taken.index, "session:none") == 0
    assert_as_clean(taken)


def test_the_last_source_leaves_an_empty_index(desk, tmp_path):
    desk.write("a.txt", "albatross")
    desk.write("b.txt", "albatross")
    desk.write("broken.docx", "corrupt")
    desk.run()

    removed = remove_source(desk.index, SOURCE)

    assert (removed, desk.found("albatross"), documents(desk.index)) == (1, [], [])
    assert remove_source(tmp_path / "none", SOURCE) == 0
    assert not (tmp_path / "none").exists()
    assert counts(desk.run()) == {"indexed": 1, "duplicate": 1, "failed": 1}


def test_a_source_leaves_the_index_while_a_run_on_another_is_spread(taken):
    removed = remove_source(taken.index, "session:old", holds=goes_on)
    extracted(taken, taken.plan)
    result = finished(taken)

    assert removed == 20
    assert counts(result) == {"indexed": 20}
    assert_as_clean(taken)


def test_a_source_leaves_the_index_with_its_ended_run(taken):
    remove_source(taken.index, SOURCE, holds=has_ended)

    assert owner(taken.index) is None
    assert list((taken.index / "runs").iterdir()) == []

"""A run that finds out whether it is small: what is small is done in one go, what is large only planned."""

from collections import Counter

import pytest

from jobs.errors import IndexBusy
from jobs.indexing.index.ownership import owner, working_folder
from jobs.indexing.runs import run as module
from jobs.indexing.runs.run import IndexingResult, index_or_plan
from jobs.indexing.runs.spread import Prepared, discard_run
from tests.indexing.conftest import counts, ordered
from tests.indexing.spreading import RUN, SMALL, assert_as_clean, extracted, finished, prepared


def go(desk, **options):
    order, means = ordered(desk, {"run": RUN} | options)
    return index_or_plan(order, **means)


@pytest.fixture
def looks(monkeypatch):
    """Count how often files are listed and the index is opened."""
    counted = Counter()

    def watch(name, ask):
        def counting(*arguments, **named):
            counted[name] += 1
            return ask(*arguments, **named)

        monkeypatch.setattr(module, name, counting)
        monkeypatch.setattr(f"jobs.indexing.runs.spread.{name}", counting)

    watch("list_places", module.list_places)
    watch("open_index", module.open_index)
    return counted


def write(desk, number):
    for one in range(number):
        desk.write(f"{one}.txt", f"albatross {one}")


def test_a_small_run_lists_its_files_and_opens_its_index_once(desk, looks):
    write(desk, 3)

    first = go(desk)
    second = go(desk, run="run-2")

    assert (counts(first), counts(second)) == ({"indexed": 3}, {"unchanged": 3})
    assert looks == {"list_places": 2, "open_index": 2}
    assert first.work > second.work == 0
    assert not working_folder(desk.index, RUN).exists()
    assert_as_clean(desk)


def test_a_large_run_is_planned_as_if_that_were_all_that_was_asked(desk, looks):
    write(desk, 30)
    expected = prepared(desk)
    discard_run(desk.index, RUN)
    looks.clear()

    plan = go(desk, batching=SMALL)

    assert plan == expected
    assert looks == {"list_places": 1, "open_index": 1}
    assert owner(desk.index).run == RUN
    extracted(desk, plan)
    assert counts(finished(desk)) == {"indexed": 30}
    assert_as_clean(desk)


def test_a_plan_that_is_under_way_stays_what_it_is(desk, looks):
    write(desk, 30)
    first = go(desk, batching=SMALL)
    write(desk, 40)

    again = go(desk, batching=SMALL)

    assert isinstance(first, Prepared)
    assert again == first
    assert looks["list_places"] == 1


def test_a_run_that_is_planned_keeps_others_out(desk):
    write(desk, 30)
    go(desk, batching=SMALL)

    with pytest.raises(IndexBusy):
        go(desk, run="run-2", holds=lambda run: True)
    assert isinstance(go(desk, run="run-2", holds=lambda run: False), IndexingResult)


def test_a_large_run_plans_to_mend_what_a_commit_that_was_cut_short_has_left(desk, monkeypatch):
    write(desk, 30)
    with monkeypatch.context() as patch:
        patch.setattr("jobs.indexing.index.manifest.Manifest.record", _dies)
        with pytest.raises(KeyboardInterrupt):
            go(desk)

    plan = go(desk, batching=SMALL)

    assert plan.total == 30
    extracted(desk, plan)
    finished(desk)
    assert_as_clean(desk)


def _dies(*_):
    raise KeyboardInterrupt

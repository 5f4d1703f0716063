"""What killed the worker before is read alone, and after the second time not at all."""

import pytest

from jobs.indexing.extraction import children as children_module
from jobs.indexing.runs.spread import extract_batch
from tests.indexing.conftest import SOURCE, counts
from tests.indexing.spreading import RUN, finished, prepared


class Notes:
    """A journal in memory: what was held, in order, by path in the one source that there is."""

    def __init__(self, deaths: dict[str, int]) -> None:
        self._deaths = {f"{SOURCE}/{path}": count for path, count in deaths.items()}
        self.held: list[list[str]] = []
        self.asked = 0

    def deaths(self) -> dict[str, int]:
        assert not self.held, "what is in hand now would be taken for what an earlier attempt had"
        self.asked += 1
        return self._deaths

    def hold(self, items) -> None:
        assert all(item.startswith(f"{SOURCE}/") for item in items)
        self.held.append([item.removeprefix(f"{SOURCE}/") for item in items])


def in_one_go(desk, journal, **options):
    return counts(desk.run(journal=journal, processes=2, **options))


def in_batches(desk, journal, **options):
    plan = prepared(desk)
    for number in range(plan.batches):
        extract_batch(desk.index, RUN, number, journal=journal, processes=2, **options)
    return counts(finished(desk))


both_ways = pytest.mark.parametrize("run", [in_one_go, in_batches])


@pytest.fixture
def flock(desk):
    for number in range(9):
        desk.write(f"{number}.txt", f"albatross {number}")
    return desk


@both_ways
def test_all_that_the_processes_were_asked_is_in_hand(flock, run):
    notes = Notes({})

    result = run(flock, notes)

    assert result == {"indexed": 9}
    assert {path for items in notes.held for path in items} == {f"{number}.txt" for number in range(9)}
    assert len(notes.held) == 2  # one question with all of them, and the end
    assert notes.held[-1] == []
    assert notes.asked == 1


@both_ways
def test_suspects_are_read_first_and_alone(flock, run):
    notes = Notes({"7.txt": 1, "3.txt": 0})

    result = run(flock, notes)

    assert result == {"indexed": 9}
    assert notes.held[:2] == [["3.txt"], ["7.txt"]]
    assert sorted(notes.held[2]) == [f"{number}.txt" for number in range(9) if number not in (3, 7)]
    assert notes.held[3:] == [[]]


@both_ways
def test_nothing_is_in_hand_while_the_processes_start(flock, run, monkeypatch):
    ready = []

    class Watched(children_module.Child):
        def ask(self, batch):
            ready.append(self.ready)
            super().ask(batch)

    monkeypatch.setattr(children_module, "Child", Watched)

    result = run(flock, Notes({"3.txt": 1}))

    assert result == {"indexed": 9}
    assert len(ready) >= 2
    assert all(ready)


@both_ways
def test_killers_are_left_alone(flock, run):
    notes = Notes({"5.txt": 2, "8.txt": 3})

    result = run(flock, notes)

    assert result == {"indexed": 7, "failed": 2}
    assert not {"5.txt", "8.txt"} & {path for items in notes.held for path in items}
    left = [f"{number}.txt" for number in range(9) if number not in (5, 8)]
    assert sorted(flock.found("albatross", limit=100)) == left


def test_a_killer_is_a_failed_file_with_a_reason(flock):
    result = flock.run(journal=Notes({"5.txt": 2}))

    (problem,) = result.problems

    assert (problem.path, problem.status, problem.reason) == ("5.txt", "failed", "worker_lost")
    assert "died twice" in problem.detail


def test_a_killer_inherits_no_document(desk):
    for name in ("a.txt", "b.txt", "c.txt"):
        desk.write(name, "albatross")
    desk.run()
    desk.write("a.txt", "petrel")

    result = desk.run(journal=Notes({"b.txt": 2}))

    assert counts(result) == {"indexed": 2, "failed": 1}
    assert desk.found("albatross") == ["c.txt"]


class Enough(BaseException):
    """What a worker raises when it is to stop."""


@both_ways
def test_nothing_is_in_hand_after_a_stop(flock, run):
    notes = Notes({})

    def stop(progress):
        if progress.stage == "extract" and notes.held:
            raise Enough

    with pytest.raises(Enough):
        run(flock, notes, report=stop)

    assert len(notes.held) == 2
    assert notes.held[-1] == []


def test_many_files_are_noted_by_question_and_not_one_by_one(desk):
    for number in range(300):
        desk.write(f"{number:03}.txt", f"albatross {number}")
    notes = Notes({})

    desk.run(journal=notes, processes=1)

    assert len(notes.held) <= 300 / 32 + 2
    assert max(len(items) for items in notes.held) <= 64

"""What machines share stays whole when one is cut off: by a kill, a failing store, a lost answer."""

import pytest

from jobs.connection import records_client
from jobs.errors import StorageAway
from jobs.indexing.runs.spread import Batching, extract_batch, finish, prepare
from jobs.sharing import heads
from jobs.sharing.objects import Changed, Objects
from jobs.sharing.storage import Shared
from tests.sharing.machine import RUN, SOURCE, alike

NAME = "sessions/ada/one"


class CutOff(BaseException):
    """What a process is ended by."""


@pytest.fixture
def cut(monkeypatch):
    """Return a function that lets the n-th call of an operation on the store be the last of its process."""

    def cut(operation, call, error=CutOff):
        calls, original = [], getattr(Objects, operation)

        def counted(self, *arguments, **options):
            calls.append(arguments)
            if len(calls) == call:
                raise error
            return original(self, *arguments, **options)

        monkeypatch.setattr(Objects, operation, counted)

    yield cut
    monkeypatch.undo()


@pytest.fixture
def machines(tmp_path, address, redis_server):
    """Two machines' storages with their copies of one session."""
    roots = [tmp_path / name for name in ("one", "two")]
    return [(Shared(Objects(address), root, records_client()), root / NAME) for root in roots]


def write(machine, **files):
    storage, folder = machine
    folder.mkdir(parents=True, exist_ok=True)
    with storage.changing(folder):
        for name, text in files.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def sees(machine, *parts):
    storage, folder = machine
    storage.refresh(folder)
    storage.bring(folder, *parts)
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


@pytest.mark.parametrize("error", [CutOff, StorageAway])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_copy_that_followed_half_way_takes_nothing_for_its_own(machines, cut, monkeypatch, call, error):
    one, two = machines
    write(one, a="first", b="first", c="first")
    sees(two)
    write(one, a="second", b="second", c="second")
    cut("download", call, error)
    with pytest.raises(error):
        sees(two)
    monkeypatch.undo()

    write(one, a="third")
    write(two, d="of the other")

    everything = {"a": "third", "b": "second", "c": "second", "d": "of the other"}
    assert sees(one) == sees(two) == everything


@pytest.mark.parametrize("call", [1, 2, 3])
def test_files_that_were_brought_half_way_are_no_changes(machines, cut, monkeypatch, call):
    one, two = machines
    write(one, session="mine", files__a="first", files__b="first", files__c="first")
    sees(two)
    cut("download", call)
    with pytest.raises(CutOff):
        sees(two, "files")
    monkeypatch.undo()

    write(one, files__a="second")
    with one[0].changing(one[1]) as change:
        change.drop("files/b")
    write(two, session="ours")

    assert sees(one, "files") == {"session": "ours", "files/a": "second", "files/c": "first"}


def test_a_copy_whose_first_look_was_cut_off_is_none_of_its_own(machines, cut, monkeypatch):
    one, two = machines
    write(one, session="mine", other="text")
    cut("download", 2)
    with pytest.raises(CutOff):
        sees(two)
    monkeypatch.undo()

    one[0].remove(one[1])

    two[0].refresh(two[1])
    assert not two[1].exists()
    assert two[0].names(two[1].parent) == []


@pytest.mark.parametrize("call", [1, 2])
def test_a_removal_that_was_cut_off_is_ended_by_the_next_look(machines, objects, cut, monkeypatch, call):
    one, two = machines
    write(one, session="mine", files__a="first")
    sees(two)
    cut("delete", call)
    with pytest.raises(CutOff):
        one[0].remove(one[1])
    monkeypatch.undo()

    two[0].refresh(two[1])

    assert not two[1].exists()
    assert [*objects.below("blobs"), *objects.below("heads")] == []


def test_a_change_whose_upload_fails_leaves_nothing_behind(machines, objects, cut, monkeypatch):
    one, _ = machines
    write(one, session="mine")
    cut("write", 1, StorageAway)
    with pytest.raises(StorageAway):
        write(one, files__a="first")
    monkeypatch.undo()
    assert len([*objects.below("blobs")]) == 1

    write(one, files__b="second")

    assert sees(machines[1], "files") == {"session": "mine", "files/a": "first", "files/b": "second"}


def test_a_write_whose_answer_was_lost_has_happened(machines, monkeypatch):
    one, two = machines
    original = Objects.write

    def answered_twice(self, key, content, *, instead_of):
        original(self, key, content, instead_of=instead_of)
        raise Changed(key)  # as the second try of the same finds

    monkeypatch.setattr(Objects, "write", answered_twice)
    write(one, session="mine")
    monkeypatch.undo()

    assert sees(two) == {"session": "mine"}


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "a/../../b", ""])
def test_a_path_that_leads_out_of_its_folder_is_refused(path):
    content = heads.encoded(heads.Head("home", {path: heads.Blob("key", 1, 1)}))

    with pytest.raises(StorageAway):
        heads.decoded(content, "tag")


@pytest.mark.parametrize("operation", ["write", "delete"])
def test_an_index_whose_renaming_was_cut_off_has_one_name_and_all_its_documents(
    left, right, cut, monkeypatch, operation
):
    left.run("run-1", albatross="an albatross flies")
    right.finds("albatross")
    target = left.indexes / "birds"
    cut(operation, 2 if operation == "write" else 1)
    with pytest.raises(CutOff):
        left.shared.rename(left.index, target)
    monkeypatch.undo()

    right.shared.refresh(right.index)

    assert right.shared.names(right.indexes) == ["birds"]
    right.index = right.indexes / "birds"
    assert right.finds("albatross") == ["albatross.txt"]


def letters(machine, count, word="letter"):
    for number in range(count):
        (machine.shelf / f"{number:02}.txt").write_text(f"{word}{number} of the shelf")


def read_all(machine, run, plan):
    for number in range(plan.batches):
        machine.runs.pull(machine.index, run, batch=number)
        extract_batch(machine.index, run, number, roots={SOURCE: machine.shelf})
        machine.runs.push(machine.index, run, batch=number)


def planned(machine, run):
    with machine.writing():
        plan = prepare(machine.order(run), batching=Batching(files=1, files_a_batch=4))
        machine.runs.push(machine.index, run)
    return plan


def put_together(machine, run):
    machine.runs.pull(machine.index, run)
    with machine.writing():
        result = finish(machine.order(run))
    machine.runs.push(machine.index, run)
    return result


def test_one_spread_run_after_the_other_is_finished_on_any_machine(left, right):
    letters(left, 12)
    alike(left, right)
    read_all(right, "run-1", planned(left, "run-1"))
    put_together(left, "run-1")
    letters(left, 12, "second")
    alike(left, right)
    read_all(left, "run-2", planned(left, "run-2"))

    result = put_together(right, "run-2")

    assert result.indexed == 12
    assert left.finds("second7") == ["07.txt"]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_run_whose_index_could_not_be_shared_is_put_together_again(
    left, right, cut, monkeypatch, elsewhere
):
    letters(left, 12)
    alike(left, right)
    read_all(left, RUN, planned(left, RUN))
    cut("upload", 3, StorageAway)
    with pytest.raises(StorageAway):
        put_together(left, RUN)
    monkeypatch.undo()

    result = put_together(right if elsewhere else left, RUN)

    assert result.indexed == 12
    assert left.finds("letter7") == right.finds("letter7") == ["07.txt"]

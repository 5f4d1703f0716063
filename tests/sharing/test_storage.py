"""Folders that two machines share: two data folders, each with a storage of its own, and one object store."""

import multiprocessing
import threading

import pytest
from pydantic import ValidationError

from jobs.connection import records_client
from jobs.errors import NotFound, Unavailable
from jobs.settings import Settings
from jobs.sharing import objects as objects_module
from jobs.sharing.notes import NOTE
from jobs.sharing.objects import Objects
from jobs.sharing.storage import Shared

NAME = "sessions/ada/one"


class Machine:
    """One machine's storage, and a folder in it."""

    def __init__(self, root, address):
        self.root = root
        self.storage = Shared(Objects(address), root, records_client())
        self.folder = root / NAME

    def write(self, **files):
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.storage.changing(self.folder):
            for name, text in files.items():
                path = self.folder / name.replace("__", "/").replace("_dot_", ".")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def drop(self, *parts):
        with self.storage.changing(self.folder) as change:
            change.drop(*parts)

    def sees(self, *parts):
        """Return the texts of the files that are here once these parts were asked for, by path."""
        self.storage.refresh(self.folder)
        self.storage.bring(self.folder, *parts)
        paths = [path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
        return {path.relative_to(self.folder).as_posix(): path.read_text() for path in paths}


@pytest.fixture
def one(tmp_path, address, redis_server):
    return Machine(tmp_path / "one", address)


@pytest.fixture
def two(tmp_path, address, redis_server):
    return Machine(tmp_path / "two", address)


def test_what_one_machine_writes_the_other_has(one, two):
    one.write(session="mine", files__a="table")

    assert two.sees("files") == {"session": "mine", "files/a": "table"}


def test_only_what_is_asked_for_is_brought(one, two):
    one.write(session="mine", files__a="table", files__b="other", project_001__results="found")

    assert two.sees() == {"session": "mine"}
    assert two.sees("files/a") == {"session": "mine", "files/a": "table"}
    assert two.sees("project_001").keys() == {"session", "files/a", "project_001/results"}


def test_what_is_here_follows_the_changes_of_others(one, two):
    one.write(session="mine", files__a="table")
    two.sees("files")

    two.write(files__a="another table", session="ours")

    assert one.sees() == {"session": "ours", "files/a": "another table"}


def test_both_may_add_files(one, two):
    one.write(session="mine", files__a="table")
    two.write(files__b="second")
    one.write(files__c="third")

    everything = {"session": "mine", "files/a": "table", "files/b": "second", "files/c": "third"}
    assert one.sees("files") == two.sees("files") == everything


def test_what_is_dropped_on_one_machine_is_gone_on_the_other_whether_or_not_it_was_there(one, two):
    one.write(session="mine", files__a="table", project_001__results="found", project_001__plot="drawn")
    two.sees("project_001/plot")

    two.drop("project_001")

    assert one.sees("files", "project_001") == {"session": "mine", "files/a": "table"}
    assert two.sees("files", "project_001") == {"session": "mine", "files/a": "table"}


def test_a_folder_that_is_made_anew_takes_the_place_of_the_old(one, two):
    one.write(project_001__results="old", project_001__plot="old")
    with two.storage.changing(two.folder) as change:
        change.drop("project_001")
        (two.folder / "project_001").mkdir()
        (two.folder / "project_001" / "results").write_text("new")

    assert one.sees("project_001") == {"project_001/results": "new"}


def test_a_file_that_disappears_from_one_disk_is_no_loss(one, two):
    one.write(session="mine", files__a="table")
    (one.folder / "files" / "a").unlink()
    (one.folder / "session").unlink()

    one.write(files__b="second")

    assert two.sees("files") == {"session": "mine", "files/a": "table", "files/b": "second"}


def test_hidden_files_are_this_machines_own(one, two):
    one.write(session="mine", _dot_staging="half made", _dot_job_dot_1__results="half made")

    assert two.sees("", ".job.1") == {"session": "mine"}
    assert not (two.folder / ".staging").exists()


def test_a_folder_that_another_has_removed_is_removed_here(one, two, objects):
    one.write(session="mine", files__a="table")
    two.sees("files")

    one.storage.remove(one.folder)
    two.storage.refresh(two.folder)

    assert not one.folder.exists()
    assert not two.folder.exists()
    assert list(objects.below("blobs")) == []
    with pytest.raises(NotFound), two.storage.changing(two.folder):
        pass


def test_copies_of_what_was_removed_are_cleared_away(one, two):
    one.write(session="mine")
    two.sees()
    one.storage.remove(one.folder)

    assert two.storage.clear_removed(two.root / "sessions") == 1
    assert not two.folder.exists()


def test_names_are_those_of_all_machines(one, two):
    one.write(session="mine")

    assert two.storage.names(two.root / "sessions") == ["ada"]
    assert two.storage.names(two.root / "sessions" / "ada") == ["one"]
    assert two.storage.names(two.root / "sessions" / "eve") == []


def test_of_many_who_change_a_folder_at_once_nobody_is_lost(one, two):
    one.write(session="mine")

    def add(machine, number):
        machine.write(**{f"files__{number}": str(number)})

    threads = [
        threading.Thread(target=add, args=(machine, 10 * nth + at))
        for nth, machine in enumerate((one, two), 1)
        for at in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    wanted = {f"files/{10 * nth + at}" for nth in (1, 2) for at in range(5)}
    assert one.sees("files").keys() == two.sees("files").keys() == wanted | {"session"}


def test_who_was_superseded_while_he_held_the_folder_changes_nothing(one, two):
    one.write(session="mine")

    def superseded():
        with one.storage.changing(one.folder):
            (one.folder / "session").write_text("late")
            records_client().delete(f"lock:{NAME}")  # it has lapsed
            two.write(session="theirs")

    with pytest.raises(Unavailable, match="try again"):
        superseded()

    assert two.sees() == {"session": "theirs"}


def test_a_machine_that_fell_back_in_the_middle_keeps_what_it_has_not_shared(one, two, monkeypatch):
    one.write(session="mine")
    two.write(files__b="second")
    (one.folder / "files").mkdir()
    (one.folder / "files" / "a").write_text("written by a process that was killed before it shared it")

    one.write(files__c="third")

    assert two.sees("files").keys() == {"session", "files/a", "files/b", "files/c"}


def test_single_files_are_shared_too(one, two):
    path = one.root / "jobs" / "ada" / "job-1.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    one.storage.keep(path)

    two.storage.bring_all(two.root / "jobs")
    ours = two.root / "jobs" / "ada" / "job-1.json"
    assert ours.read_text() == "{}"
    two.storage.drop(ours)

    one.storage.bring_all(one.root / "jobs")
    assert not ours.exists()


@pytest.fixture
def other_address():
    """Let connections be opened as the environment says now."""
    objects_module._opened.cache_clear()
    yield
    objects_module._opened.cache_clear()


def test_a_store_that_does_not_answer_is_an_error_soon(tmp_path, monkeypatch, redis_server, other_address):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    storage = Shared(Objects("s3://longhaul/x"), tmp_path, records_client())

    with pytest.raises(Unavailable, match="storage"):
        storage.refresh(tmp_path / NAME)


@pytest.mark.parametrize("address", ["nowhere://bucket/x", "s3:///x", "/srv/shared"])
def test_an_address_that_means_nothing_is_refused(address):
    with pytest.raises(ValidationError, match="s3://bucket/prefix"):
        Settings(storage=address)


def test_a_process_that_was_forked_has_connections_of_its_own(objects):
    objects.write("x", b"content", instead_of=None)

    child = multiprocessing.get_context("fork").Process(target=objects.read, args=("x",))
    child.start()
    child.join(20)

    assert child.exitcode == 0


def test_the_note_is_not_shared(one, objects):
    one.write(session="mine")

    assert (one.folder / NOTE).exists()
    assert len(list(objects.below("blobs"))) == 1

"""What the system does not show for a while is not gone: its documents stay, and it is told file by file."""

import errno
import os
from contextlib import contextmanager
from functools import partial

import pytest

from jobs.indexing.index.manifest import files
from jobs.indexing.runs.outlook import look_ahead
from jobs.indexing.sources import scan as scan_module
from jobs.indexing.sources.order import Place
from tests.indexing.conftest import counts, ordered
from tests.indexing.damaging import make_outdated
from tests.indexing.packing import zipped
from tests.indexing.spreading import extracted, finished, prepared


def in_one_go(desk, **options):
    return desk.run(run="run-9", **options)


def in_batches(desk, **options):
    plan = prepared(desk, run="run-9", **options)
    if not plan.batches:  # there is nothing to read
        return desk.run(run="run-9", **options)
    extracted(desk, plan, run="run-9")
    return finished(desk, run="run-9", **options)


both_ways = pytest.mark.parametrize("run", [in_one_go, in_batches])


STALE = OSError(errno.ESTALE, "Stale file handle")


class Stale:
    """An entry of a folder of which nothing can be asked, as on a network that has gone away.

    Its folder tells whether it is a file, unless `kindless`.
    """

    def __init__(self, entry, *, kindless):
        self.name, self.path = entry.name, entry.path
        self._entry, self._kindless = entry, kindless

    def stat(self, *, follow_symlinks):
        raise STALE

    def is_file(self, *, follow_symlinks):
        if self._kindless:
            raise STALE
        return self._entry.is_file(follow_symlinks=follow_symlinks)

    def is_dir(self, *, follow_symlinks):
        if self._kindless:
            raise STALE
        return self._entry.is_dir(follow_symlinks=follow_symlinks)


@pytest.fixture
def hidden(monkeypatch):
    """Return a context in which entries of these names are stale, all without a name."""
    listed = os.scandir

    class Listing:
        def __init__(self, folder, *, names, kindless):
            with listed(folder) as entries:
                self._entries = [
                    one if names and os.fsdecode(one.name) not in names else Stale(one, kindless=kindless)
                    for one in entries
                ]

        def __enter__(self):
            return self._entries

        def __exit__(self, *error):
            pass

        def close(self):
            pass

    @contextmanager
    def hiding(*names, kindless=False):
        with monkeypatch.context() as patch:
            patch.setattr(scan_module.os, "scandir", partial(Listing, names=names, kindless=kindless))
            yield

    return hiding


@pytest.fixture
def shelf(desk):
    for name in ("a.txt", "b.txt", "sub/c.txt", "sub/d.txt"):
        desk.write(name, f"albatross {name}")
    desk.write("papers.zip", zipped([("e.txt", b"albatross in an archive")]))
    desk.run()
    return desk


EVERYTHING = ["a.txt", "b.txt", "papers.zip/e.txt", "sub/c.txt", "sub/d.txt"]


@both_ways
def test_a_source_whose_entries_have_no_status_keeps_every_document(shelf, hidden, run):
    with hidden():
        result = run(shelf)
    after = shelf.run()

    assert counts(result) == {"failed": 4}
    assert [(one.path, one.reason, one.detail) for one in result.problems] == [
        (path, "unreadable", "Stale file handle") for path in ("a.txt", "b.txt", "papers.zip", "sub/")
    ]
    assert sorted(shelf.found("albatross")) == EVERYTHING
    assert counts(after) == {"unchanged": 5}
    assert {row.reason for row in files(shelf.index)} == {None}


@both_ways
@pytest.mark.parametrize(("name", "shown"), [("a.txt", "a.txt"), ("sub", "sub/")])
def test_an_entry_without_a_status_costs_one_row_and_hides_nothing_beside_it(shelf, hidden, run, name, shown):
    shelf.write("z.txt", "albatross new")
    with hidden(name):
        result = run(shelf)

    assert [one.path for one in result.problems] == [shown]
    assert (result.failed, result.indexed, result.removed) == (1, 1, 0)
    assert sorted(shelf.found("albatross")) == [*EVERYTHING, "z.txt"]


def test_an_entry_of_no_kind_that_anybody_knows_may_be_a_file_or_a_folder(shelf, hidden):
    with hidden("a.txt", "sub", kindless=True):
        result = shelf.run()
    after = shelf.run()

    assert [one.path for one in result.problems] == ["a.txt/", "sub/"]
    assert sorted(shelf.found("albatross")) == EVERYTHING
    assert counts(after) == {"unchanged": 5}


def test_a_root_that_cannot_be_listed_any_more_while_it_is_walked_keeps_every_document(shelf, monkeypatch):
    listed = os.scandir

    def scandir(folder):
        if folder == os.fsencode(shelf.root):  # not the first look, at whether it is there
            raise OSError(errno.EIO, "Input/output error")
        return listed(folder)

    monkeypatch.setattr(scan_module.os, "scandir", scandir)
    result = shelf.run()
    monkeypatch.undo()

    assert [(one.path, one.reason) for one in result.problems] == [("./", "unreadable")]
    assert (result.removed, sorted(shelf.found("albatross"))) == (0, EVERYTHING)


def test_a_place_of_a_family_that_cannot_be_listed_keeps_its_documents(shelf, monkeypatch, tmp_path):
    second = tmp_path / "second"
    second.mkdir()
    (second / "f.txt").write_text("albatross in the second place")
    places = {"source": "session:1", "others": (Place(second, "session:2"),), "family": "session:"}
    shelf.run(**places)
    listed = os.scandir

    def scandir(folder):
        if folder == second:
            raise PermissionError(errno.EACCES, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(scan_module.os, "scandir", scandir)
    result = shelf.run(**places)

    assert [(one.path, one.reason) for one in result.problems] == [("./", "unreadable")]
    assert result.removed == 0
    assert "f.txt" in shelf.found("albatross second")


def test_a_file_that_could_not_be_looked_at_is_among_those_that_are_tried_again(shelf, hidden):
    with hidden("a.txt"):
        shelf.run()
        still = shelf.run(only="failed")
    shelf.write("a.txt", "petrel instead")

    result = shelf.run(only="failed")

    assert (counts(still), counts(result)) == ({"failed": 1}, {"indexed": 1})
    assert shelf.found("petrel") == ["a.txt"]


def test_a_file_that_cannot_be_opened_when_all_is_read_again_keeps_its_document(shelf, monkeypatch):
    def unopenable(progress):
        if progress.stage == "extract":
            (shelf.root / "a.txt").unlink(missing_ok=True)
            if not (shelf.root / "a.txt").is_symlink():  # refused by the system: links are not followed
                (shelf.root / "a.txt").symlink_to(shelf.root / "b.txt")

    result = shelf.run(mode="full", report=unopenable)

    assert [(one.path, one.reason) for one in result.problems] == [("a.txt", "unreadable")]
    assert sorted(shelf.found("albatross")) == EVERYTHING


def test_an_index_that_is_built_anew_takes_over_what_cannot_be_looked_at(shelf, hidden):
    make_outdated(shelf)
    with hidden("a.txt", "sub"):
        result = shelf.run()

    assert result.failed == 2
    assert sorted(shelf.found("albatross")) == EVERYTHING
    assert counts(shelf.run()) == {"unchanged": 5}


def test_a_dry_run_foretells_that_nothing_is_removed(shelf, hidden):
    order, _ = ordered(shelf, {})

    with hidden():
        foretold = look_ahead(order)

    assert (foretold.removed.files, foretold.refused.files) == (0, 4)


def test_of_two_files_of_one_content_the_one_out_of_sight_takes_over_once_it_is_back(desk, hidden):
    desk.write("a.txt", "albatross")
    desk.write("b.txt", "albatross")
    desk.run()
    (desk.root / "a.txt").unlink()

    with hidden("b.txt"):
        meanwhile = desk.run()
    after = desk.run()

    assert (meanwhile.failed, meanwhile.removed) == (1, 1)
    assert counts(after) == {"indexed": 1}
    assert desk.found("albatross") == ["b.txt"]


@both_ways
def test_members_of_an_archive_that_the_system_does_not_give_keep_their_documents(shelf, run):
    archive, aside = shelf.root / "papers.zip", shelf.root / ".aside"
    archive.write_bytes(zipped([("e.txt", b"albatross in an archive"), ("f.txt", b"albatross, new")]))
    shelf.write("z.txt", "albatross new")

    def replaced(progress):
        if progress.stage == "scan" and not aside.exists():
            archive.rename(aside)
            archive.symlink_to(aside)  # refused by the system: links are not followed

    result = run(shelf, report=replaced)
    archive.unlink()
    aside.rename(archive)  # of the same size and time
    after = shelf.run()

    assert [(one.path, one.status, one.reason) for one in result.problems] == [
        ("papers.zip", "failed", "unreadable")
    ]
    assert counts(result) == {"unchanged": 4, "indexed": 1, "failed": 1}
    assert counts(after) == {"unchanged": 6, "indexed": 1}


def test_members_that_cannot_be_unpacked_for_now_keep_their_documents(shelf):
    archive, aside = shelf.root / "papers.zip", shelf.root / ".aside"

    def replaced(progress):
        if progress.stage == "extract" and not aside.exists():
            archive.rename(aside)
            archive.symlink_to(aside)

    result = shelf.run(mode="full", report=replaced)

    assert [(one.path, one.reason) for one in result.problems] == [("papers.zip/e.txt", "unreadable")]
    assert sorted(shelf.found("albatross")) == EVERYTHING

"""Indexes that machines share: right data folders and left object store."""

import sqlite3
from contextlib import closing

import pytest

from jobs.errors import IndexBusy, IndexExists, NotFound
from jobs.indexing.index.generations import current
from jobs.indexing.index.health import health
from jobs.indexing.index.overview import statistics_or_none
from jobs.indexing.runs.account import Wanted, page
from jobs.indexing.runs.ledger import account_path
from jobs.indexing.runs.removal import remove_source
from jobs.indexing.runs.run import index_folder
from jobs.indexing.search.hits import search
from jobs.indexing.search.readers import let_go
from tests.sharing.machine import SOURCE, alike


def test_an_index_is_searched_on_every_machine(left, right):
    left.run(albatross="an albatross flies", petrel="a petrel dives")

    assert right.finds("albatross") == ["albatross.txt"]
    assert health(right.index).state == "ok"
    assert statistics_or_none(right.index) is not None


def test_a_reader_sees_what_another_machine_adds_later(left, right):
    left.run("run-1", albatross="an albatross flies")
    right.finds("albatross")

    left.run("run-2", petrel="a petrel dives near an albatross")

    assert right.finds("albatross") == ["albatross.txt", "petrel.txt"]


def test_a_machine_goes_on_from_where_another_ended(left, right):
    left.run("run-1", albatross="an albatross flies", petrel="a petrel dives")
    alike(left, right)

    result = right.run("run-2", gannet="a gannet plunges")

    assert (result.indexed, result.unchanged) == (1, 2)
    assert left.finds("a*") == right.finds("a*")
    assert left.finds("gannet") == ["gannet.txt"]


def stores(machine):
    """Return which files hold the texts of documents, by name."""
    return {path.name: path.stat().st_ino for path in (current(machine.index) / "segments").glob("*.store")}


def test_segments_that_are_here_already_are_not_brought_again(left, right):
    left.run("run-1", **{f"letter{number}": f"word{number} " * 500 for number in range(30)})
    right.finds("word1")
    before = stores(right)

    left.run("run-2", late="a late letter")

    assert right.finds("late") == ["late.txt"]
    after = stores(right)
    assert before.items() <= after.items()
    assert len(after) > len(before)


def test_of_two_machines_that_begin_from_the_same_state_the_later_one_begins_anew(left, right):
    left.run("run-1", albatross="an albatross flies")
    alike(left, right)
    (right.shelf / "petrel.txt").write_text("a petrel dives")
    begun_from = right.shared.fetch(right.index)
    index_folder(right.order("run-2"))
    left.run("run-3", gannet="a gannet plunges")

    with pytest.raises(IndexBusy):
        right.shared.publish(right.index, begun_from=begun_from)

    alike(left, right)
    result = right.run("run-2", petrel="a petrel dives")

    assert (result.indexed, result.unchanged) == (1, 2)
    assert left.finds("gannet") == ["gannet.txt"]
    assert left.finds("petrel") == ["petrel.txt"]


def test_what_a_killed_run_had_not_shared_is_gone_on_from_here_and_is_nothing_elsewhere(left, right):
    left.run("run-1", albatross="an albatross flies")
    (left.shelf / "petrel.txt").write_text("a petrel dives")
    left.shared.fetch(left.index)
    index_folder(left.order("run-2"))  # and is killed before it shares it

    assert right.finds("petrel") == []
    result = left.run("run-2")

    assert (result.indexed, result.unchanged) == (0, 2)
    assert right.finds("petrel") == ["petrel.txt"]


def test_an_index_is_read_while_its_list_of_files_is_shared(left, right):
    left.run("run-1", albatross="an albatross flies")
    with left.writing():
        assert statistics_or_none(left.index) is not None  # leaves a journal behind, as readers do
        index_folder(left.order("run-2"))

    assert right.finds("albatross") == ["albatross.txt"]
    assert health(right.index).state == "ok"


def test_the_account_of_a_run_is_on_every_machine(left, right):
    left.run("run-1", albatross="an albatross flies", petrel="a petrel dives")
    right.shared.refresh(right.index)

    right.runs.pull_account(right.index, account_path(right.index, "run-1"))

    found = page(right.index, "run-1", lambda _: True, Wanted())
    assert ([row.path for row in found.rows], found.origin) == (["albatross.txt", "petrel.txt"], "job")
    assert right.runs.accounts(right.index) == ["run-1.ledger"]
    right.runs.drop_account(right.index, account_path(right.index, "run-1"))
    assert left.runs.accounts(left.index) == []


def test_a_removed_source_is_gone_everywhere(left, right):
    left.run("run-1", albatross="an albatross flies")
    with right.writing():
        remove_source(right.index, SOURCE)

    assert left.finds("albatross") == []


def test_a_removed_index_is_gone_everywhere(left, right, objects):
    left.run("run-1", albatross="an albatross flies")
    right.finds("albatross")

    left.shared.remove(left.index)
    right.shared.refresh(right.index)

    let_go(right.index)
    assert not right.index.exists()
    assert list(objects.below("blobs")) == []
    assert right.shared.names(right.indexes) == []
    with pytest.raises(NotFound):
        search(right.index, "albatross")


def test_a_renamed_index_goes_by_its_new_name_everywhere(left, right):
    left.run("run-1", albatross="an albatross flies")
    right.finds("albatross")
    target = left.indexes / "birds"

    left.shared.rename(left.index, target)
    left.index.rename(target)
    left.index = target
    right.shared.refresh(right.index)
    right.index = right.indexes / "birds"

    assert right.shared.names(right.indexes) == ["birds"]
    assert right.finds("albatross") == ["albatross.txt"]
    assert left.run("run-2", petrel="a petrel dives").unchanged == 1
    assert right.finds("petrel") == ["petrel.txt"]


def test_no_index_takes_the_name_of_another(left, right):
    left.run("run-1", albatross="an albatross flies")
    right.index = right.indexes / "birds"
    right.run("run-2", petrel="a petrel dives")

    with pytest.raises(IndexExists, match="birds"):
        left.shared.rename(left.index, left.indexes / "birds")

    assert right.finds("petrel") == ["petrel.txt"]


def test_the_size_of_an_index_is_known_without_having_it(left, right):
    left.run("run-1", albatross="an albatross flies")

    assert right.shared.bytes(right.index) > 1_000
    assert right.shared.bytes(right.indexes / "none") is None
    assert not right.index.exists()


def test_copies_of_removed_indexes_are_cleared_away_and_others_stay(left, right):
    left.run("run-1", albatross="an albatross flies")
    right.finds("albatross")
    own = right.indexes / "own"
    own.mkdir()
    left.shared.remove(left.index)

    for index in (right.index, own):
        right.shared.clear_removed(index)

    assert not right.index.exists()
    assert own.exists()


def test_vectors_go_with_their_index(left, right):
    left.run("run-1", albatross="an albatross flies")
    vectors = left.index / "vectors"
    vectors.mkdir()
    with closing(sqlite3.connect(vectors / "vectors.db")) as database:
        database.execute("pragma journal_mode = wal")
        database.execute("create table about(model)")
        database.execute("insert into about values ('small')")
        database.commit()
    (vectors / "1.f16").write_bytes(bytes(64))
    left.shared.publish(left.index, begun_from=left.shared.fetch(left.index))
    right.finds("albatross")
    (right.index / "vectors" / "vectors.db-wal").write_bytes(b"left by a killed writer")

    (vectors / "1.f16").unlink()
    (vectors / "2.f16").write_bytes(bytes(32))
    with closing(sqlite3.connect(vectors / "vectors.db")) as database:
        database.execute("update about set model = 'large'")
        database.commit()
    left.shared.publish(left.index, begun_from=left.shared.fetch(left.index))
    right.finds("albatross")

    assert sorted(path.name for path in (right.index / "vectors").iterdir()) == ["2.f16", "vectors.db"]
    with closing(sqlite3.connect(right.index / "vectors" / "vectors.db")) as database:
        assert database.execute("select model from about").fetchone() == ("large",)

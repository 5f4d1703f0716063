"""Indexes that machines share: two data folders and one object store."""

import shutil
import sqlite3
from contextlib import closing, contextmanager

import pytest

from jobs.errors import IndexBusy, IndexExists, NotFound
from jobs.indexing.index.generations import current
from jobs.indexing.index.health import health
from jobs.indexing.index.overview import statistics_or_none
from jobs.indexing.runs.account import Wanted, page
from jobs.indexing.runs.ledger import account_path
from jobs.indexing.runs.removal import remove_source
from jobs.indexing.runs.run import index_folder
from jobs.indexing.runs.spread import Batching, extract_batch, finish, prepare
from jobs.indexing.search.hits import search
from jobs.indexing.search.readers import let_go
from jobs.indexing.sources.order import Order
from jobs.sharing.indexes import SharedIndexes
from jobs.sharing.objects import Objects
from jobs.sharing.runs import SharedRuns

SOURCE = "folder:shelf"
RUN = "run-1"


class Machine:
    """A machine with an index and with a folder of documents that lies elsewhere than on others."""

    def __init__(self, root, address):
        self.shared = SharedIndexes(Objects(address), root)
        self.runs = SharedRuns(Objects(address), root)
        self.indexes = root / "indexes" / "ada"
        self.index = self.indexes / "letters"
        self.shelf = root / "shelf"
        self.shelf.mkdir(parents=True)

    def order(self, run=RUN):
        return Order(root=self.shelf, index=self.index, name="letters", source=SOURCE, run=run)

    @contextmanager
    def writing(self):
        self.shared.fetch(self.index)
        yield
        self.shared.publish(self.index)

    def run(self, run=RUN, **documents):
        """Index the documents of the shelf, which are these besides those that were there."""
        for name, text in documents.items():
            (self.shelf / f"{name}.txt").write_text(text)
        with self.writing():
            result = index_folder(self.order(run))
        self.runs.push_account(self.index, account_path(self.index, run))
        return result

    def finds(self, words):
        self.shared.refresh(self.index)
        return sorted(hit.path for hit in search(self.index, words).hits)


def alike(one, two):
    """Give both machines the same documents, as a mounted folder does."""
    shutil.rmtree(two.shelf)
    shutil.copytree(one.shelf, two.shelf)


@pytest.fixture
def one(tmp_path, address):
    return Machine(tmp_path / "one", address)


@pytest.fixture
def two(tmp_path, address):
    return Machine(tmp_path / "two", address)


def test_an_index_is_searched_on_every_machine(one, two):
    one.run(albatross="an albatross flies", petrel="a petrel dives")

    assert two.finds("albatross") == ["albatross.txt"]
    assert health(two.index).state == "ok"
    assert statistics_or_none(two.index) is not None


def test_a_reader_sees_what_another_machine_adds_later(one, two):
    one.run("run-1", albatross="an albatross flies")
    two.finds("albatross")

    one.run("run-2", petrel="a petrel dives near an albatross")

    assert two.finds("albatross") == ["albatross.txt", "petrel.txt"]


def test_a_machine_goes_on_from_where_another_ended(one, two):
    one.run("run-1", albatross="an albatross flies", petrel="a petrel dives")
    alike(one, two)

    result = two.run("run-2", gannet="a gannet plunges")

    assert (result.indexed, result.unchanged) == (1, 2)
    assert one.finds("a*") == two.finds("a*")
    assert one.finds("gannet") == ["gannet.txt"]


def stores(machine):
    """Return which files hold the texts of documents, by name."""
    return {path.name: path.stat().st_ino for path in (current(machine.index) / "segments").glob("*.store")}


def test_segments_that_are_here_already_are_not_brought_again(one, two):
    one.run("run-1", **{f"letter{number}": f"word{number} " * 500 for number in range(30)})
    two.finds("word1")
    before = stores(two)

    one.run("run-2", late="a late letter")

    assert two.finds("late") == ["late.txt"]
    after = stores(two)
    assert before.items() <= after.items()
    assert len(after) > len(before)


def test_of_two_machines_that_begin_from_the_same_state_the_later_one_begins_anew(one, two):
    one.run("run-1", albatross="an albatross flies")
    alike(one, two)
    (two.shelf / "petrel.txt").write_text("a petrel dives")
    two.shared.fetch(two.index)
    index_folder(two.order("run-2"))
    one.run("run-3", gannet="a gannet plunges")

    with pytest.raises(IndexBusy):
        two.shared.publish(two.index)

    alike(one, two)
    result = two.run("run-2", petrel="a petrel dives")

    assert (result.indexed, result.unchanged) == (1, 2)
    assert one.finds("gannet") == ["gannet.txt"]
    assert one.finds("petrel") == ["petrel.txt"]


def test_what_a_killed_run_had_not_shared_is_gone_on_from_here_and_is_nothing_elsewhere(one, two):
    one.run("run-1", albatross="an albatross flies")
    (one.shelf / "petrel.txt").write_text("a petrel dives")
    one.shared.fetch(one.index)
    index_folder(one.order("run-2"))  # and is killed before it shares it

    assert two.finds("petrel") == []
    result = one.run("run-2")

    assert (result.indexed, result.unchanged) == (0, 2)
    assert two.finds("petrel") == ["petrel.txt"]


def test_an_index_is_read_while_its_list_of_files_is_shared(one, two):
    one.run("run-1", albatross="an albatross flies")
    with one.writing():
        assert statistics_or_none(one.index) is not None  # leaves a journal behind, as readers do
        index_folder(one.order("run-2"))

    assert two.finds("albatross") == ["albatross.txt"]
    assert health(two.index).state == "ok"


def test_the_account_of_a_run_is_on_every_machine(one, two):
    one.run("run-1", albatross="an albatross flies", petrel="a petrel dives")
    two.shared.refresh(two.index)

    two.runs.pull_account(two.index, account_path(two.index, "run-1"))

    found = page(two.index, "run-1", lambda _: True, Wanted())
    assert ([row.path for row in found.rows], found.origin) == (["albatross.txt", "petrel.txt"], "job")
    assert two.runs.accounts(two.index) == ["run-1.ledger"]
    two.runs.drop_account(two.index, account_path(two.index, "run-1"))
    assert one.runs.accounts(one.index) == []


def test_a_removed_source_is_gone_everywhere(one, two):
    one.run("run-1", albatross="an albatross flies")
    with two.writing():
        remove_source(two.index, SOURCE)

    assert one.finds("albatross") == []


def test_a_removed_index_is_gone_everywhere(one, two, objects):
    one.run("run-1", albatross="an albatross flies")
    two.finds("albatross")

    one.shared.remove(one.index)
    two.shared.refresh(two.index)

    let_go(two.index)
    assert not two.index.exists()
    assert list(objects.below("blobs")) == []
    assert two.shared.names(two.indexes) == []
    with pytest.raises(NotFound):
        search(two.index, "albatross")


def test_a_renamed_index_goes_by_its_new_name_everywhere(one, two):
    one.run("run-1", albatross="an albatross flies")
    two.finds("albatross")
    target = one.indexes / "birds"

    one.shared.rename(one.index, target)
    one.index.rename(target)
    one.index = target
    two.shared.refresh(two.index)
    two.index = two.indexes / "birds"

    assert two.shared.names(two.indexes) == ["birds"]
    assert two.finds("albatross") == ["albatross.txt"]
    assert one.run("run-2", petrel="a petrel dives").unchanged == 1
    assert two.finds("petrel") == ["petrel.txt"]


def test_no_index_takes_the_name_of_another(one, two):
    one.run("run-1", albatross="an albatross flies")
    two.index = two.indexes / "birds"
    two.run("run-2", petrel="a petrel dives")

    with pytest.raises(IndexExists, match="birds"):
        one.shared.rename(one.index, one.indexes / "birds")

    assert two.finds("petrel") == ["petrel.txt"]


def test_the_size_of_an_index_is_known_without_having_it(one, two):
    one.run("run-1", albatross="an albatross flies")

    assert two.shared.bytes(two.index) > 1_000
    assert two.shared.bytes(two.indexes / "none") is None
    assert not two.index.exists()


def spread(one, two, *, fails=()):
    """Index on two machines: planned on the first, read on both, put together on the second."""
    with one.writing():
        plan = prepare(one.order(), batching=Batching(files=1, files_a_batch=4))
        one.runs.push(one.index, RUN)
    assert plan.batches > 2
    for number in range(plan.batches):
        machine = (one, two)[number % 2]
        machine.runs.pull(machine.index, RUN)
        extract_batch(machine.index, RUN, number, roots={SOURCE: machine.shelf})
        machine.runs.push(machine.index, RUN, batch=number)
    shutil.rmtree(one.shelf)  # nothing of the first machine is needed any more
    shutil.rmtree(one.index)
    with two.writing():
        two.runs.pull(two.index, RUN)
        return finish(two.order())


def test_a_run_is_spread_over_machines_and_finished_on_any(one, two):
    for number in range(23):
        (one.shelf / f"{number:02}.txt").write_text(f"letter{number} of the shelf")
    (one.shelf / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    alike(one, two)

    result = spread(one, two)

    assert (result.total, result.indexed, result.failed) == (24, 23, 1)
    assert two.finds("letter7") == ["07.txt"]
    assert one.finds("letter8") == ["08.txt"]


def test_a_machine_that_never_heard_of_a_run_tells_its_account_while_it_goes_on(one, two):
    for number in range(12):
        (one.shelf / f"{number:02}.txt").write_text(f"letter{number} of the shelf")
    with one.writing():
        plan = prepare(one.order(), batching=Batching(files=1, files_a_batch=4))
        one.runs.push(one.index, RUN)
    extract_batch(one.index, RUN, 0)
    one.runs.push(one.index, RUN, batch=0)

    two.runs.pull(two.index, RUN)

    rows = page(two.index, RUN, lambda _: True, Wanted(), ended=False).rows
    assert 0 < len(rows) < 12
    assert plan.batches > 1


def test_a_run_that_was_put_together_and_not_told_is_told_elsewhere(one, two):
    for number in range(12):
        (one.shelf / f"{number:02}.txt").write_text(f"letter{number} of the shelf")
    alike(one, two)
    with one.writing():
        plan = prepare(one.order(), batching=Batching(files=1, files_a_batch=4))
        for number in range(plan.batches):
            extract_batch(one.index, RUN, number)
        one.runs.push(one.index, RUN)
        first = finish(one.order())
        one.runs.push(one.index, RUN)  # and its worker dies before the job has its result

    with two.writing():
        two.runs.pull(two.index, RUN)
        again = finish(two.order())

    assert again == first
    two.runs.drop(two.index, RUN)


def test_copies_of_removed_indexes_are_cleared_away_and_others_stay(one, two):
    one.run("run-1", albatross="an albatross flies")
    two.finds("albatross")
    own = two.indexes / "own"
    own.mkdir()
    one.shared.remove(one.index)

    for index in (two.index, own):
        two.shared.clear_removed(index)

    assert not two.index.exists()
    assert own.exists()


def test_vectors_go_with_their_index(one, two):
    one.run("run-1", albatross="an albatross flies")
    vectors = one.index / "vectors"
    vectors.mkdir()
    with closing(sqlite3.connect(vectors / "vectors.db")) as database:
        database.execute("pragma journal_mode = wal")
        database.execute("create table about(model)")
        database.execute("insert into about values ('small')")
        database.commit()
    (vectors / "1.f16").write_bytes(bytes(64))
    one.shared.publish(one.index)
    two.finds("albatross")
    (two.index / "vectors" / "vectors.db-wal").write_bytes(b"left by a killed writer")

    (vectors / "1.f16").unlink()
    (vectors / "2.f16").write_bytes(bytes(32))
    with closing(sqlite3.connect(vectors / "vectors.db")) as database:
        database.execute("update about set model = 'large'")
        database.commit()
    one.shared.publish(one.index)
    two.finds("albatross")

    assert sorted(path.name for path in (two.index / "vectors").iterdir()) == ["2.f16", "vectors.db"]
    with closing(sqlite3.connect(two.index / "vectors" / "vectors.db")) as database:
        assert database.execute("select model from about").fetchone() == ("large",)

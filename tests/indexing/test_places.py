"""Several folders in one run, in one go and in batches."""

from dataclasses import replace

import pytest

from jobs.errors import BadInput, IndexBusy
from jobs.indexing.index.manifest import files
from jobs.indexing.runs.outlook import look_ahead
from jobs.indexing.runs.removal import remove_source
from jobs.indexing.sources.globs import Choice
from jobs.indexing.sources.order import Place
from tests.indexing.conftest import counts, ordered
from tests.indexing.contents import documents, rows
from tests.indexing.packing import zipped
from tests.indexing.spreading import extracted, finished, prepared

FAMILY = "session:"


def in_one_go(desk, **options):
    return desk.run(**options)


def in_batches(desk, run="run-1", **options):
    plan = prepared(desk, run=run, **options)
    if not plan.batches:  # there is nothing to read
        return desk.run(run=run, **options)
    extracted(desk, plan, run=run)
    return finished(desk, run=run, **options)


both_ways = pytest.mark.parametrize("run", [in_one_go, in_batches])


@pytest.fixture
def shelves(desk, tmp_path):
    """Return a function that makes a folder of documents; its place."""

    def shelf(name, *texts):
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            (root / f"{number}.txt").write_text(text)
        (root / "papers.zip").write_bytes(zipped([("a.txt", f"petrel {name}".encode())]))
        return Place(root, f"{FAMILY}{name}")

    return shelf


@both_ways
def test_each_place_keeps_its_own_files_and_duplicates(desk, shelves, run):
    desk.write("0.txt", "albatross")
    first, second = shelves("one", "albatross", "albatross"), shelves("two", "albatross", "fulmar")

    result = run(desk, others=(first, second))

    assert counts(result) == {"indexed": 6, "duplicate": 1}
    assert desk.found("albatross") == ["0.txt", "0.txt", "0.txt"]
    alone = run(desk, root=second.root, source=second.source, run="run-2")
    assert counts(alone) == {"unchanged": 3}
    assert counts(run(desk, others=(first, second), run="run-3")) == {"unchanged": 6, "duplicate": 1}


@both_ways
def test_a_run_over_several_places_gives_what_one_after_the_other_gives(desk, shelves, run):
    places = shelves("one", "albatross", "fulmar"), shelves("two", "albatross", "albatross")
    desk.write("0.txt", "albatross")
    beside = desk.index.with_name("beside")
    for root, source in [(desk.root, "folder:documents"), *((one.root, one.source) for one in places)]:
        desk.run(root=root, source=source, index=beside)

    run(desk, others=places)

    assert documents(desk.index) == documents(beside)
    assert rows(desk.index) == rows(beside)


@both_ways
def test_members_of_a_family_that_are_gone_leave_the_index(desk, shelves, run):
    desk.run(source="folder:other", root=shelves("other", "albatross").root)
    first, second = shelves("one", "albatross"), shelves("two", "albatross")
    run(desk, root=first.root, source=first.source, others=(second,), family=FAMILY)

    result = run(desk, root=first.root, source=first.source, family=FAMILY, run="run-2")

    assert counts(result) == {"unchanged": 2, "removed": 2}
    assert {row.source for row in files(desk.index)} == {"folder:other", first.source}
    last = in_one_go(desk, root=None, source=FAMILY, family=FAMILY, run="run-3")
    assert (last.total, counts(last)) == (0, {"removed": 2})
    assert {row.source for row in files(desk.index)} == {"folder:other"}


def test_a_member_of_a_family_that_vanished_just_now_is_gone_and_no_fault(desk, shelves, tmp_path):
    first, second = shelves("one", "albatross"), Place(tmp_path / "missing", f"{FAMILY}two")

    result = desk.run(root=first.root, source=first.source, others=(second,), family=FAMILY)

    assert counts(result) == {"indexed": 2}
    with pytest.raises(BadInput, match=r"^session:two: "):
        desk.run(root=first.root, source=first.source, others=(second,))


def test_no_source_leaves_an_index_while_a_run_over_it_goes_on(desk, shelves):
    second = shelves("two", *(f"albatross {number}" for number in range(20)))
    desk.write("a.txt", "albatross")
    prepared(desk, others=(second,))

    with pytest.raises(IndexBusy):
        remove_source(desk.index, second.source, holds=lambda run: True)


@both_ways
def test_what_is_excluded_leaves_the_index_whatever_is_kept(desk, run):
    for path in ("a.txt", "b.md", "drafts/c.txt", "gone.txt"):
        desk.write(path, f"albatross {path}")
    desk.write("papers.zip", zipped([("d.txt", b"albatross"), ("e.md", b"albatross too")]))
    desk.run()
    (desk.root / "gone.txt").unlink()
    choice = Choice(include=("*.txt",), exclude=("drafts/",))
    order, _ = ordered(desk, {"choice": choice, "remove_deleted": False})

    foretold = look_ahead(order)
    result = run(desk, choice=choice, remove_deleted=False)

    assert counts(result) == {"unchanged": 2, "removed": 3}
    assert foretold.removed.first == ("b.md", "drafts/c.txt", "papers.zip/e.md")
    assert (foretold.total, foretold.unchanged.files) == (result.total, 2)
    assert sorted(desk.found("albatross")) == ["a.txt", "gone.txt", "papers.zip/d.txt"]


def test_what_is_excluded_stays_when_only_failed_files_are_tried_again(desk):
    desk.write("a.txt", "albatross")
    desk.write("broken.docx", "corrupt")
    desk.run()

    result = desk.run(choice=Choice(exclude=("a.txt",)), only="failed")

    assert counts(result) == {"failed": 1}
    assert desk.found("albatross") == ["a.txt"]


def test_looking_ahead_changes_nothing_and_needs_no_turn(desk):
    desk.write("a.txt", "albatross")
    desk.write("papers.zip", zipped([("d.txt", b"petrel")]))
    order, _ = ordered(desk, {})

    before = look_ahead(order)
    made = desk.index.exists()
    prepared(desk)  # a run has the index
    desk.write("b.txt", "fulmar")
    after = look_ahead(order)

    assert (before.exists, before.added.files, made) == (False, 2, False)
    assert after.added.files == 3
    assert replace(after, exists=False, added=before.added, work=before.work, total=2) == before

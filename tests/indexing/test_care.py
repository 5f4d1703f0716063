"""An index that is damaged, or of another version, is recognised and built anew, beside the old one."""

import random
import shutil
import sqlite3

import pytest

from jobs.errors import IndexSpaceUsed
from jobs.indexing.index import checksums, manifest_reading, stamp
from jobs.indexing.index.generations import current
from jobs.indexing.index.health import health
from jobs.indexing.index.manifest import files
from jobs.indexing.runs.removal import remove_source
from jobs.indexing.search import readers
from tests.indexing.conftest import SOURCE, counts
from tests.indexing.contents import documents, rows
from tests.indexing.damaging import OTHER, damage, make_outdated, put, reached


@pytest.fixture
def shelf(desk, tmp_path):
    """An index of two sources, in two segments at least, with a duplicate and a file that cannot be read."""
    other = tmp_path / "other"
    other.mkdir()
    for number in range(12):
        desk.write(f"{number:02}.txt", f"albatross number {number} " + "wide " * 40)
        (other / f"{number:02}.md").write_text(f"# Petrel {number}\n\nsmall bird {number}")
    desk.write("twin.txt", "albatross number 3 " + "wide " * 40)
    desk.write("broken.docx", "no document")
    desk.run()
    desk.run(root=other, source=OTHER)
    desk.other = other
    desk.before = (documents(desk.index), rows(desk.index))
    return desk


def test_an_index_that_is_whole_is_ok_and_stays_where_it_is(shelf):
    shelf.run()

    assert health(shelf.index).state == "ok"
    assert current(shelf.index) == shelf.index


def test_an_index_is_ok_at_every_step_of_a_run_that_writes_it(shelf, monkeypatch):
    monkeypatch.setattr("jobs.indexing.runs.updates.COMMIT_CHARACTERS", 100)
    for number in range(12):
        shelf.write(f"{number:02}.txt", f"penguin number {number}")
    states = []

    shelf.run(report=lambda progress: states.append(health(shelf.index).state))

    assert set(states) == {"ok"}
    assert len(states) > 12


def test_an_outdated_index_is_searched_until_a_run_has_built_it_anew(shelf):
    make_outdated(shelf)
    seen = []

    def look(progress):
        seen.append((len(shelf.found("albatross")), health(shelf.index).state))

    state, found = health(shelf.index), shelf.found("albatross")
    result = shelf.run(resolve=reached(shelf), report=look)

    assert state.state == "outdated"
    assert "indexing job" in state.detail
    assert len(found) == 12
    assert {number for number, _ in seen} == {12}
    assert "building" in {state for _, state in seen}
    assert counts(result) == {"indexed": 12, "duplicate": 1, "failed": 1}
    assert [warning.partition(".")[0] for warning in result.warnings] == [
        "It was made by another version of this program"
    ]
    assert (documents(shelf.index), rows(shelf.index)) == shelf.before
    assert health(shelf.index).state == "ok"
    assert counts(shelf.run()) == {"unchanged": 12, "duplicate": 1, "failed": 1}


def test_the_old_index_is_gone_once_the_new_one_counts(shelf):
    make_outdated(shelf)
    shelf.run(resolve=reached(shelf))

    kept = {path.name for path in shelf.index.iterdir()}

    assert "generation-2" in kept
    assert kept.isdisjoint({"manifest.db", "segments", "next", "stamp.json", "seal.json", "checked.json"})


@pytest.mark.parametrize("module", [manifest_reading, readers])
def test_who_looked_for_the_old_index_just_before_the_swap_finds_the_new_one(shelf, monkeypatch, module):
    make_outdated(shelf)
    shelf.run(resolve=reached(shelf))
    looks = iter([shelf.index])  # the first look is from before the swap
    monkeypatch.setattr(module, "current", lambda index: next(looks, current(index)))

    found = shelf.found("albatross", limit=100), len(files(shelf.index))

    assert (len(found[0]), found[1]) == (12, 26)
    assert next(looks, None) is None


def test_other_analysers_make_an_index_outdated(shelf, monkeypatch):
    monkeypatch.setattr(stamp, "PROBE", "cut otherwise")
    stamp.ours.cache_clear()
    try:
        assert health(shelf.index).state == "outdated"
    finally:
        monkeypatch.undo()
        stamp.ours.cache_clear()


def test_documents_of_a_source_out_of_reach_are_kept_as_they_are_stored(shelf):
    make_outdated(shelf)

    result = shelf.run()

    assert (documents(shelf.index), rows(shelf.index)) == shelf.before
    assert len(result.warnings) == 2
    assert "folder:other cannot be reached: 12 documents were kept" in result.warnings[1]
    assert counts(shelf.run(root=shelf.other, source=OTHER)) == {"unchanged": 12}


def test_documents_whose_files_are_gone_stay_through_a_rebuild_when_that_is_wanted(shelf):
    make_outdated(shelf)
    (shelf.root / "05.txt").unlink()

    kept = shelf.run(resolve=reached(shelf), remove_deleted=False)
    stayed = "05.txt" in shelf.found("albatross")
    removed = shelf.run()

    assert kept.total == 13
    assert stayed
    assert removed.removed == 1
    assert "05.txt" not in shelf.found("albatross")


def test_a_retry_of_what_failed_builds_an_outdated_index_anew_as_a_whole(shelf):
    make_outdated(shelf)

    result = shelf.run(only="failed", mode="full", resolve=reached(shelf))

    assert result.total == 14
    assert (documents(shelf.index), rows(shelf.index)) == shelf.before


FILES = [
    "manifest.db",
    "meta.json",
    *(f"*.{kind}" for kind in ("idx", "pos", "term", "store", "fast", "fieldnorm")),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_anywhere_is_found_and_mended(shelf, name, seed):
    damage(max(shelf.index.rglob(name), key=lambda path: path.stat().st_size), seed)

    state = health(shelf.index)
    result = shelf.run(resolve=reached(shelf))

    assert state.state == "damaged"
    assert "damaged" in result.warnings[0]
    assert (documents(shelf.index), rows(shelf.index)) == shelf.before
    assert health(shelf.index).state == "ok"


@pytest.mark.parametrize("way", ["missing", "empty", "half", "rubbish"])
@pytest.mark.parametrize("name", ["manifest.db", "meta.json", "*.store", "*.pos", "*.term"])
def test_a_file_that_is_missing_or_cut_off_is_found_and_mended(shelf, name, way):
    path = max(shelf.index.rglob(name), key=lambda one: one.stat().st_size)
    content = path.read_bytes()
    {
        "missing": path.unlink,
        "empty": lambda: put(path, b""),
        "half": lambda: put(path, content[: len(content) // 2]),
        "rubbish": lambda: put(path, b"damaged beyond repair" * 300),
    }[way]()

    state = health(shelf.index)
    result = shelf.run(resolve=reached(shelf))

    assert state.state == "damaged"
    assert str(shelf.index.parent) not in f"{state.detail} {result.warnings}"
    assert result.warnings
    assert (documents(shelf.index), rows(shelf.index)) == shelf.before


@pytest.mark.parametrize("name", ["stamp.json", "seal.json", "checked.json", "sources.json", ".managed.json"])
def test_what_is_noted_beside_an_index_can_be_lost_without_harm(shelf, name):
    for way in (b"", b"rubbish", b"[]", b'{"a": 1}', None):
        for path in shelf.index.rglob(name):
            path.unlink() if way is None else path.write_bytes(way)
        shelf.run(resolve=reached(shelf))

        assert (documents(shelf.index), rows(shelf.index)) == shelf.before
        assert health(shelf.index).state == "ok"


def test_a_look_that_reads_little_is_continued_by_the_next(shelf, monkeypatch):
    monkeypatch.setattr("jobs.indexing.index.health.LOOK_BYTES", 1)
    (shelf.index / "checked.json").unlink()
    damage(max(shelf.index.rglob("*.fieldnorm")), 1)
    checksums._as_written.cache_clear()  # as in a process that has not looked yet

    states = [health(shelf.index).state for _ in range(20)]

    assert states[0] == "ok"
    assert states[-1] == "damaged"


def test_rows_that_were_lost_behind_the_back_of_the_index_are_missed(shelf):
    with sqlite3.connect(shelf.index / "manifest.db") as database:
        database.execute("delete from files where path = '07.txt'")
    (shelf.index / "seal.json").unlink()

    state = health(shelf.index)
    shelf.run(resolve=reached(shelf))

    assert "lists 23 passages and holds 24" in state.detail
    assert (documents(shelf.index), rows(shelf.index)) == shelf.before


def test_an_index_without_anything_left_is_built_from_what_is_known_of_its_sources(shelf):
    shutil.rmtree(shelf.index / "segments")
    (shelf.index / "manifest.db").write_bytes(b"gone")

    result = shelf.run(resolve=reached(shelf))

    assert len(result.warnings) == 1
    assert (documents(shelf.index), rows(shelf.index)) == shelf.before


def test_what_a_damaged_segment_takes_with_it_is_counted(shelf):
    damage(max(shelf.index.rglob("*.store"), key=lambda path: path.stat().st_mtime_ns), 1)

    result = shelf.run()

    kept = [row for row in rows(shelf.index) if row[0] == OTHER and row[2] == "indexed"]
    assert f"{12 - len(kept)} document" in result.warnings[1]
    assert "lost" in result.warnings[1]


@pytest.mark.parametrize("state", ["outdated", "damaged"])
def test_a_source_that_was_removed_does_not_come_back_with_a_rebuild(shelf, state):
    if state == "outdated":
        make_outdated(shelf)
    else:
        damage(shelf.index / "manifest.db", 1)

    remove_source(shelf.index, OTHER)
    searched = shelf.found("petrel") if state == "outdated" else []
    result = shelf.run(resolve=reached(shelf))

    assert searched == []
    assert len(result.warnings) == 1
    assert {row[0] for row in rows(shelf.index)} == {SOURCE}
    assert shelf.found("petrel") == []


def test_an_index_that_grows_beyond_its_limit_stops_at_a_commit_and_goes_on_later(desk, monkeypatch):
    monkeypatch.setattr("jobs.indexing.runs.updates.COMMIT_CHARACTERS", 20_000)
    chance = random.Random(1)  # noqa: S311 - as above
    for number in range(60):
        words = (f"{chance.getrandbits(40):x}" for _ in range(300))
        desk.write(f"{number:02}.txt", "albatross " + " ".join(words))

    with pytest.raises(IndexSpaceUsed, match="goes on from here"):
        desk.run(most_bytes=200_000)
    half = len(desk.found("albatross", limit=100))
    state = health(desk.index).state
    result = desk.run()

    assert 0 < half < 60
    assert state == "ok"
    assert (result.unchanged, result.indexed) == (half, 60 - half)

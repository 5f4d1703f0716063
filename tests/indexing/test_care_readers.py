"""Damage that shows only to who has looked before, or that lies beside what a search reads."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from jobs.errors import BrokenIndex, IndexSpaceUsed, NotFound
from jobs.indexing.index.checksums import CHECK_AGAIN_SECONDS
from jobs.indexing.index.health import health
from jobs.indexing.index.known_sources import SOURCES
from jobs.indexing.index.space import live_bytes
from jobs.indexing.runs.opening import FEWEST_CHARACTERS
from jobs.indexing.search import readers
from jobs.indexing.search.hits import search
from jobs.indexing.sources.globs import Choice
from tests.indexing.conftest import SOURCE
from tests.indexing.damaging import OTHER, make_outdated, reached
from tests.indexing.shelf import Book, put
from tests.support.processes import ROOT
from tests.support.waiting import until

SHORTENED = """
import os, sys
from pathlib import Path
from jobs.errors import BrokenIndex
from jobs.indexing.search.hits import search
index = Path(sys.argv[1])
assert search(index, "albatross").total == 300
store = max(index.rglob("*." + sys.argv[2]), key=lambda path: path.stat().st_size)
os.truncate(store, store.stat().st_size // 3)
for _ in range(2):
    try:
        search(index, "albatross")
    except BrokenIndex as error:
        print(error)
"""


@pytest.fixture
def shelf(desk, tmp_path):
    """An index of two sources, of which the other takes only a part of its files."""
    other = tmp_path / "other"
    (other / "drafts").mkdir(parents=True)
    desk.write("one.txt", "albatross " * 300)
    (other / "two.txt").write_text("petrel")
    (other / "drafts" / "three.txt").write_text("penguin")
    desk.run()
    desk.run(root=other, source=OTHER, choice=Choice(exclude=("drafts/",)))
    desk.other = other
    return desk


def test_what_a_disk_loses_by_itself_is_found_after_a_week_by_a_process_that_has_looked_before(shelf):
    assert health(shelf.index).state == "ok"
    path = max(shelf.index.rglob("*.store"))
    status, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    before = health(shelf.index).state
    checked = shelf.index / "checked.json"
    noted = orjson.loads(checked.read_bytes())
    checked.write_bytes(orjson.dumps(noted | {"at": noted["at"] - CHECK_AGAIN_SECONDS - 60}))

    assert (before, health(shelf.index).state) == ("ok", "damaged")


@pytest.mark.parametrize("kind", ["store", "term", "idx", "pos", "fast"])
def test_a_file_that_was_shortened_in_place_ends_no_process_that_searches(tmp_path, kind):
    texts = [" ".join(f"word{number * n}" for n in range(90)) for number in range(300)]
    index = put(tmp_path / "index", *(Book(f"{n}.txt", f"albatross {text}") for n, text in enumerate(texts)))

    ended = subprocess.run(
        [sys.executable, "-c", SHORTENED, str(index), kind],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    said = ended.stdout.splitlines()
    assert f".{kind} has become shorter" in said[0]
    assert len(said) == 2


def test_a_search_of_an_index_whose_documents_are_gone_says_that_it_is_damaged(shelf):
    search(shelf.index, "albatross")
    for path in (shelf.index / "segments").iterdir():
        path.unlink()
    (shelf.index / "segments").rmdir()

    with pytest.raises(BrokenIndex, match="Start an indexing job"):
        search(shelf.index, "albatross")


def test_an_index_that_was_never_made_is_not_there(tmp_path):
    with pytest.raises(NotFound):
        search(tmp_path / "none", "albatross")


def test_the_patterns_of_a_source_outlive_a_damaged_byte(shelf):
    path = shelf.index / SOURCES
    for place in range(0, path.stat().st_size, 7):
        data = bytearray(path.read_bytes())
        data[place] ^= 5
        path.write_bytes(data)
        make_outdated(shelf)

        shelf.run(resolve=reached(shelf))

        assert shelf.found("penguin") == []
        assert shelf.found("petrel") == ["two.txt"]
        assert health(shelf.index).state == "ok"


def test_a_source_whose_patterns_are_lost_is_kept_as_it_is_stored(shelf):
    (shelf.index / SOURCES).write_bytes(b"nothing that anybody wrote")
    (shelf.other / "new.txt").write_text("penguin")

    state = health(shelf.index)
    first = shelf.run(resolve=reached(shelf))
    mended = health(shelf.index).state
    make_outdated(shelf)
    result = shelf.run(resolve=reached(shelf))

    assert (state.state, first.warnings, mended) == ("damaged", (), "ok")
    assert "with their patterns" in state.detail
    assert f"What was to be indexed of {OTHER} is lost: 1 document was kept" in result.warnings[1]
    assert shelf.found("petrel") == ["two.txt"]
    assert shelf.found("penguin") == []
    shelf.run(root=shelf.other, source=OTHER, choice=Choice(exclude=("drafts/",)))
    make_outdated(shelf)
    assert len(shelf.run(source=SOURCE, resolve=reached(shelf)).warnings) == 1
    assert shelf.found("penguin") == ["new.txt"]


def mapped_but_removed(index):
    """List the files of an index that this process has mapped although they are gone."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return [line for line in lines if str(index) in line and line.endswith("(deleted)")]


def test_files_that_were_replaced_are_let_go_of_although_nobody_searches(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "TEND_SECONDS", 0.05)
    monkeypatch.setattr(readers, "_tended", None)
    index = put(tmp_path / "index", *(Book(f"{n}.txt", f"albatross {n}") for n in range(50)))
    assert search(index, "albatross").total == 50

    shutil.rmtree(index)

    until(lambda: mapped_but_removed(index) == [])
    assert index not in readers._readers


def test_a_commit_is_let_go_of_once_there_is_another(tmp_path):
    index = put(tmp_path / "index", Book("one.txt", "albatross"))
    search(index, "albatross")
    put(index, Book("two.txt", "albatross"))

    readers.let_go_of_replaced()

    assert index not in readers._readers
    assert search(index, "albatross").total == 2
    readers.let_go_of_replaced()
    assert index in readers._readers


def test_an_index_outgrows_its_room_by_little(desk):
    chance = random.Random(1)  # noqa: S311 - a test: the same words each time
    for number in range(60):
        words = (f"{chance.getrandbits(40):x}" for _ in range(6_000))
        desk.write(f"{number:02}.txt", "albatross " + " ".join(words))

    with pytest.raises(IndexSpaceUsed):
        desk.run(most_bytes=1_000_000)

    assert live_bytes(desk.index) < 1_000_000 + 6 * (FEWEST_CHARACTERS + 70_000)
    assert desk.found("albatross") != []

"""One content under several paths is one document, whichever of them come, change or go."""

import os

from jobs.indexing.index.manifest import files
from jobs.indexing.runs.run import index_folder
from jobs.indexing.sources.order import Order
from tests.indexing.conftest import counts
from tests.indexing.contents import documents, rows


def test_the_same_content_is_one_document(desk):
    for name in ("b.txt", "a.txt", "c.txt"):
        desk.write(name, "albatross")

    result = desk.run()

    assert counts(result) == {"indexed": 1, "duplicate": 2}
    assert desk.found("albatross") == ["a.txt"]
    assert files(desk.index, status="duplicate")[0].detail == "the same content as a.txt"


def test_a_duplicate_takes_the_place_of_a_removed_original(desk):
    for name in ("a.txt", "b.txt", "c.txt"):
        desk.write(name, "albatross")
    desk.run()
    (desk.root / "a.txt").unlink()

    result = desk.run()

    assert counts(result) == {"indexed": 1, "duplicate": 1, "removed": 1}
    assert desk.found("albatross") == ["b.txt"]


def test_a_duplicate_takes_the_place_of_a_changed_original(desk):
    desk.write("a.txt", "albatross")
    desk.write("b.txt", "albatross")
    desk.run()
    desk.write("a.txt", "petrel")

    result = desk.run()

    assert counts(result) == {"indexed": 2}
    assert (desk.found("albatross"), desk.found("petrel")) == (["b.txt"], ["a.txt"])


def test_a_new_path_that_sorts_first_takes_the_document_over(desk):
    desk.write("b.txt", "albatross")
    desk.run()
    desk.write("a.txt", "albatross")

    result = desk.run()

    assert counts(result) == {"indexed": 1, "duplicate": 1}
    assert desk.found("albatross") == ["a.txt"]


def test_two_files_that_swap_their_contents_are_both_found(desk):
    desk.write("a.txt", "albatross")
    desk.write("b.txt", "petrel!!!")
    desk.run()
    desk.write("a.txt", "petrel!!!")
    desk.write("b.txt", "albatross")

    desk.run()

    assert (desk.found("albatross"), desk.found("petrel")) == (["b.txt"], ["a.txt"])


def test_whatever_happened_the_index_is_that_of_the_files(desk):
    """The order of changes leaves no trace: updating step by step gives what building at once gives."""
    for step in range(4):
        for number in range(step, 12 + step):
            file = desk.write(f"{(number * 7) % 13:02}.txt", f"albatross {number // 2}")
            os.utime(file, (number // 2, number // 2))  # a new time alone leaves the document as it was
        (desk.root / f"{step:02}.txt").unlink(missing_ok=True)
        desk.run()

    clean = desk.index.with_name("clean")
    index_folder(Order(desk.root, clean, "clean", "folder:documents"))

    assert documents(desk.index) == documents(clean)
    assert rows(desk.index) == rows(clean)


def test_a_new_path_never_stands_before_a_duplicate_that_sorts_first(desk):
    desk.write("a.txt", "albatross")
    desk.write("b.txt", "albatross")
    desk.run()
    desk.write("a.txt", "petrel " * 100)  # larger, so that it is read first
    desk.write("c.txt", "albatross")

    result = desk.run(processes=1)

    assert counts(result) == {"indexed": 2, "duplicate": 1}
    assert desk.found("albatross") == ["b.txt"]

"""Trying the failed files again touches nothing else."""

import os

import pytest

from jobs.indexing.index.manifest import files
from jobs.indexing.sources import scan as scan_module
from tests.data.documents.make import docx
from tests.indexing.conftest import counts
from tests.indexing.contents import rows
from tests.indexing.spreading import assert_as_clean, extracted, finished, prepared


@pytest.fixture
def troubled(desk):
    """An index with two failed files, one of which has been mended since, beside other changes."""
    for name in ("same", "changed", "removed"):
        desk.write(f"{name}.txt", f"albatross {name}")
    desk.write("mended.docx", "corrupt")
    desk.write("broken.docx", "corrupt too")
    desk.run()
    mended = desk.write("mended.docx", docx(["albatross mended"]))
    os.utime(mended, (1, 1))
    desk.write("changed.txt", "petrel")
    desk.write("new.txt", "petrel")
    (desk.root / "removed.txt").unlink()
    return desk


def in_one_go(desk):
    return desk.run(only="failed")


def in_batches(desk):
    extracted(desk, prepared(desk, only="failed"))
    return finished(desk)


both_ways = pytest.mark.parametrize("run", [in_one_go, in_batches])


@both_ways
def test_exactly_the_failed_files_are_read_again(troubled, run):
    before = dict.fromkeys(rows(troubled.index))

    result = run(troubled)
    changed = [row[1] for row in rows(troubled.index) if row not in before]

    assert counts(result) == {"indexed": 1, "failed": 1}
    assert [problem.path for problem in result.problems] == ["broken.docx"]
    assert changed == ["mended.docx"]
    assert sorted(troubled.found("albatross")) == ["changed.txt", "mended.docx", "removed.txt", "same.txt"]
    assert troubled.found("petrel") == []


@both_ways
def test_a_failed_file_that_is_gone_is_skipped(troubled, run):
    (troubled.root / "broken.docx").unlink()

    result = run(troubled)
    after = troubled.run()

    assert counts(result) == {"indexed": 1, "skipped": 1}
    assert [problem.reason for problem in result.problems] == ["vanished"]
    assert counts(after) == {"indexed": 1, "unchanged": 2, "duplicate": 1, "removed": 1}


def test_a_mended_file_that_sorts_first_takes_a_document_over(desk):
    letter = docx(["albatross"])
    desk.write("b.docx", letter)
    desk.write("a.docx", "corrupt")
    desk.run()
    desk.write("a.docx", letter)

    result = desk.run(only="failed")

    assert counts(result) == {"indexed": 1}
    assert desk.found("albatross") == ["a.docx"]
    assert_as_clean(desk)


def test_the_files_of_a_folder_that_could_not_be_listed_are_tried_again(desk, monkeypatch):
    desk.write("closed/a.txt", "albatross")
    desk.write("b.txt", "petrel")
    listed = os.scandir

    def scandir(folder):
        if not isinstance(folder, int) and os.fsencode(folder).endswith(b"closed"):
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(scan_module.os, "scandir", scandir)
    desk.run()
    still = desk.run(only="failed")
    monkeypatch.undo()
    result = desk.run(only="failed")

    assert counts(still) == {"failed": 1}
    assert counts(result) == {"indexed": 1}
    assert [(row.path, row.status) for row in files(desk.index)] == [
        ("b.txt", "unchanged"),
        ("closed/a.txt", "indexed"),
    ]


def test_nothing_failed_is_nothing_to_do(desk):
    desk.write("a.txt", "albatross")
    desk.run()
    desk.write("b.txt", "petrel")

    assert desk.run(only="failed").total == 0
    assert desk.found("petrel") == []

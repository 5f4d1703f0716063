"""What a run does with files that are new, changed, moved, gone, or there twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.errors import BadInput, IndexBusy
from jobs.indexing.extraction import children as children_module
from jobs.indexing.index.manifest import files
from jobs.indexing.runs import run as run_module
from jobs.indexing.runs.run import Limits, Order
from tests.data.documents.make import docx, pdf
from tests.indexing.conftest import counts
from tests.indexing.contents import documents


def test_all_five_formats_are_indexed(desk):
    desk.write("a.txt", "albatross in text")
    desk.write("b.md", "# Title\n\nalbatross in markdown")
    desk.write("c.html", "<p>albatross in a page")
    desk.write("deep/d.pdf", pdf([["first page"], ["albatross in a pdf"]]))
    desk.write("deep/e.docx", docx(["albatross in word"]))

    result = desk.run()

    assert counts(result) == {"indexed": 5}
    assert result.by_type == {"docx": 1, "html": 1, "markdown": 1, "pdf": 1, "text": 1}
    assert result.chunks == 6
    assert result.problems == ()
    assert sorted(desk.found("albatross")) == ["a.txt", "b.md", "c.html", "deep/d.pdf", "deep/e.docx"]


def test_the_examples_are_indexed_without_a_problem(desk):
    folder = Path(__file__).parents[2] / "examples" / "documents"

    result = desk.run(root=folder)

    assert result.indexed == result.total == 8
    assert desk.found("flipper length")[0] == "census-protocol.pdf"
    assert desk.found("Bursar") == ["letters.docx"]


def test_a_relative_root_is_that_of_the_caller(desk, monkeypatch):
    desk.write("a.txt", "albatross")
    monkeypatch.chdir(desk.root.parent)

    assert counts(desk.run(root=Path("documents"))) == {"indexed": 1}


def test_nothing_new_is_nothing_to_do(desk, monkeypatch):
    desk.write("a.txt", "albatross")
    desk.write("b.xyz", "of no type")
    desk.write("c.docx", "corrupt")
    desk.run()
    monkeypatch.setattr(children_module.Children, "_start", lambda self: pytest.fail("a process was started"))

    result = desk.run()

    assert counts(result) == {"unchanged": 1, "skipped": 1, "failed": 1}
    assert result.chunks == 1
    assert [problem.reason for problem in result.problems] == ["corrupt", "unsupported_type"]


def test_a_touched_file_is_unchanged_by_its_content(desk):
    file = desk.write("a.txt", "albatross")
    desk.run()
    os.utime(file, (1, 1))

    result = desk.run()

    assert counts(result) == {"unchanged": 1}
    assert files(desk.index)[0].modified_at.year == 1970


def test_changed_new_removed_and_renamed_files_are_followed(desk):
    for name in ("same", "changed", "removed", "renamed"):
        desk.write(f"{name}.txt", f"albatross {name}")
    desk.run()
    desk.write("changed.txt", "petrel changed again")
    desk.write("new.txt", "albatross new")
    (desk.root / "removed.txt").unlink()
    (desk.root / "renamed.txt").rename(desk.root / "after.txt")

    result = desk.run()

    assert counts(result) == {"indexed": 3, "unchanged": 1, "removed": 2}
    assert sorted(desk.found("albatross")) == ["after.txt", "new.txt", "same.txt"]
    assert desk.found("petrel") == ["changed.txt"]


def test_deleted_files_stay_when_that_is_wanted(desk):
    desk.write("a.txt", "albatross")
    desk.run()
    (desk.root / "a.txt").unlink()

    kept = desk.run(remove_deleted=False)
    found_meanwhile = desk.found("albatross")
    removed = desk.run()

    assert (kept.total, kept.removed, found_meanwhile) == (0, 0, ["a.txt"])
    assert (removed.removed, desk.found("albatross")) == (1, [])


def test_sources_share_an_index_and_leave_each_other_alone(desk, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("petrel")
    desk.write("a.txt", "albatross")
    desk.run()
    desk.run(root=other, source="session:1")
    (desk.root / "a.txt").unlink()

    result = desk.run()

    assert counts(result) == {"removed": 1}
    assert (desk.found("albatross"), desk.found("petrel")) == ([], ["a.txt"])
    assert [row.source for row in files(desk.index)] == ["session:1"]


def test_full_reads_every_file_again(desk):
    desk.write("a.txt", "albatross")
    desk.run()
    before = documents(desk.index)

    result = desk.run(mode="full")

    assert counts(result) == {"indexed": 1}
    assert documents(desk.index) == before


def test_an_index_that_lost_its_manifest_is_built_anew(desk):
    desk.write("a.txt", "albatross")
    desk.run()
    for file in desk.index.glob("manifest.db*"):
        file.unlink()

    result = desk.run()

    assert counts(result) == {"indexed": 1}
    assert desk.found("albatross") == ["a.txt"]


def test_a_second_writer_is_refused_at_once(desk):
    desk.write("a.txt", "albatross")
    refused = []

    def intrude(progress):
        if progress.stage == "extract" and not refused:
            with pytest.raises(IndexBusy) as caught:
                run_module.index_folder(Order(desk.root, desk.index, "x", "y"))
            refused.append(caught.value.status)

    desk.run(report=intrude)

    assert refused == [409]
    assert desk.found("albatross") == ["a.txt"]


def test_hidden_files_links_and_pipes_are_left_out(desk, tmp_path):
    (tmp_path / "outside.txt").write_text("albatross")
    (tmp_path / "beyond").mkdir()
    (tmp_path / "beyond" / "a.txt").write_text("albatross")
    desk.write(".hidden.txt", "albatross")
    desk.write(".git/a.txt", "albatross")
    (desk.root / "link.txt").symlink_to(tmp_path / "outside.txt")
    (desk.root / "linked").symlink_to(tmp_path / "beyond")
    os.mkfifo(desk.root / "pipe.txt")
    desk.write("real.txt", "albatross")

    result = desk.run()

    assert (result.total, desk.found("albatross")) == (1, ["real.txt"])


def test_an_index_inside_the_folder_does_not_index_itself(desk):
    desk.write("a.txt", "albatross")
    desk.index = desk.root / "index"

    first, second = desk.run(), desk.run()

    assert (first.total, second.total, second.unchanged) == (1, 1, 1)


def test_names_that_are_not_utf8_are_shown_escaped_and_followed(desk):
    odd = os.path.join(os.fsencode(desk.root), b"caf\xe9.txt")  # noqa: PTH118 - Path has no bytes
    Path(os.fsdecode(odd)).write_text("albatross")
    desk.write("caf\\xe9.txt", "petrel")

    first, second = desk.run(), desk.run()

    assert counts(first) == {"indexed": 2}
    assert counts(second) == {"unchanged": 2}
    assert sorted(desk.found("albatross petrel", mode="any")) == ["caf\\xe9.txt", "caf\\xe9~2.txt"]


def test_a_root_that_cannot_be_listed_is_refused_and_removes_nothing(desk):
    desk.write("a.txt", "albatross")
    desk.run()

    with pytest.raises(BadInput, match="cannot be listed"):
        desk.run(root=desk.root / "missing")
    with pytest.raises(BadInput, match="cannot be listed"):
        desk.run(root=desk.root / "a.txt")

    assert desk.found("albatross") == ["a.txt"]


def test_a_folder_that_cannot_be_listed_keeps_its_documents(desk, monkeypatch):
    desk.write("closed/a.txt", "albatross")
    desk.write("b.txt", "petrel")
    desk.run()
    listed = os.scandir

    def scandir(folder):
        if not isinstance(folder, int) and os.fsencode(folder).endswith(b"closed"):
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr("jobs.indexing.sources.scan.os.scandir", scandir)
    result = desk.run()

    assert counts(result) == {"unchanged": 1, "failed": 1}
    assert [(one.path, one.reason) for one in result.problems] == [("closed/", "unreadable")]
    assert desk.found("albatross") == ["closed/a.txt"]


def test_what_is_too_large_or_empty_is_not_even_read(desk):
    desk.write("large.txt", "x" * 2000)
    desk.write("empty.txt", "")
    desk.write("blank.txt", " \n ")

    result = desk.run(limits=Limits(file_bytes=1000))
    again = desk.run()

    assert [(one.path, one.reason) for one in result.problems] == [
        ("blank.txt", "no_text"),
        ("empty.txt", "no_text"),
        ("large.txt", "too_large"),
    ]
    assert counts(again) == {"indexed": 1, "skipped": 2}


def test_the_engine_loads_no_parser_into_the_process_that_searches():
    program = (
        "import sys, jobs.indexing.search.hits\n"
        "heavy = ['pypdfium2', 'lxml', 'selectolax', 'numpy', 'chardet']\n"
        "sys.exit(' '.join(name for name in heavy if name in sys.modules) or 0)"
    )

    done = subprocess.run([sys.executable, "-c", program], check=False, cwd=Path(__file__).parents[2])

    assert done.returncode == 0

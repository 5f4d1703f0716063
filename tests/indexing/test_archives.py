"""Members of archives are files of the folder, and no archive gets the better of the run."""

import io
import lzma
import stat
import tarfile
import zipfile

import pytest

from jobs.indexing.index.manifest import files
from jobs.indexing.limits import Limits
from jobs.indexing.runs.ledger import sealed_rows
from jobs.indexing.sources import archives
from jobs.indexing.sources.globs import Choice
from tests.data.documents.make import pdf
from tests.indexing.conftest import counts
from tests.indexing.contents import documents, rows
from tests.indexing.packing import special, tarred, zipped
from tests.indexing.spreading import RUN, assert_as_clean, extracted, finished, prepared

PAPERS = (
    ("2024/a.pdf", pdf([["albatross in a pdf"]])),
    ("2024/b.txt", b"albatross in text"),
    ("c.md", b"# Petrel"),
)


def in_one_go(desk, **options):
    return desk.run(**options)


def in_batches(desk, **options):
    extracted(desk, prepared(desk, **options), run=options.get("run", RUN))
    return finished(desk, **options)


both_ways = pytest.mark.parametrize("run", [in_one_go, in_batches])


def outcomes(desk):
    """Give status and reason of each file by path."""
    return {row.path: (row.status.replace("unchanged", "indexed"), row.reason) for row in files(desk.index)}


@pytest.fixture
def opened(monkeypatch):
    """List what was done to archives, in order."""
    asked, ask = [], archives._asked

    def noted(request, limits):
        asked.append(
            "list" if request["wanted"] is None else sorted(number for number, _ in request["wanted"])
        )
        return ask(request, limits)

    monkeypatch.setattr(archives, "_asked", noted)
    return asked


@both_ways
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("papers.zip", zipped(PAPERS)),
        ("papers.tar", tarred(PAPERS, "w")),
        ("papers.tar.gz", tarred(PAPERS)),
        ("papers.TGZ", tarred(PAPERS)),
        ("deep/papers.tar.bz2", tarred(PAPERS, "w:bz2")),
        ("papers.tar.xz", tarred(PAPERS, "w:xz")),
    ],
)
def test_members_are_indexed_like_files(desk, run, name, content):
    desk.write(name, content)
    desk.write("beside.txt", "albatross beside")

    result = run(desk)

    assert counts(result) == {"indexed": 4}
    assert sorted(desk.found("albatross")) == sorted(
        [f"{name}/2024/a.pdf", f"{name}/2024/b.txt", "beside.txt"]
    )
    assert {row.modified_at.date().isoformat() for row in files(desk.index) if "/" in row.path} == {
        "2026-03-01"
    }
    assert not list((desk.index / "runs").glob("*/members-*"))


@both_ways
def test_an_archive_that_has_not_changed_is_not_opened(desk, run, opened):
    desk.write("papers.zip", zipped(PAPERS))
    run(desk)
    assert opened == ["list", [0, 1, 2]]
    opened.clear()

    again = desk.run()
    (desk.root / "papers.zip").touch()
    touched = desk.run()

    assert counts(again) == counts(touched) == {"unchanged": 3}
    assert opened == ["list"]  # touched: its content had to be looked at, and was the same


@both_ways
def test_of_a_changed_archive_only_changed_members_are_indexed_again(desk, run):
    desk.write("papers.zip", zipped(PAPERS))
    run(desk)
    desk.write(
        "papers.zip", zipped([("2024/b.txt", b"ALBATROSS in text"), ("c.md", b"# Petrel"), ("d.txt", b"new")])
    )

    result = run(desk, run="run-2")

    assert counts(result) == {"indexed": 2, "unchanged": 1, "removed": 1}  # the sizes and times are as before
    assert desk.found("albatross") == ["papers.zip/2024/b.txt"]
    assert_as_clean(desk)


def test_an_archive_that_is_gone_takes_its_members_along(desk):
    desk.write("papers.zip", zipped(PAPERS))
    desk.run()
    (desk.root / "papers.zip").unlink()

    result = desk.run()

    assert counts(result) == {"removed": 3}
    assert documents(desk.index) == []
    assert not list((desk.index / archives.FOLDER).rglob("*.*"))


@both_ways
def test_what_is_no_harmless_file_costs_one_row_or_none(desk, run, tmp_path):
    nested = zipped([("x.txt", b"albatross")])
    desk.write(
        "odd.tar.gz",
        tarred(
            [
                ("good.txt", b"albatross"),
                ("../../outside.txt", b"albatross"),
                ("/etc/absolute.txt", b"albatross"),
                ("inner.zip", nested),
                (".hidden.txt", b"albatross"),
                ("__MACOSX/._good.txt", b"albatross"),
                special("link.txt", tarfile.SYMTYPE, "/etc/passwd"),
                special("hard.txt", tarfile.LNKTYPE, "good.txt"),
                special("device.txt", tarfile.CHRTYPE),
                special("pipe.txt", tarfile.FIFOTYPE),
            ]
        ),
    )

    result = run(desk)

    assert counts(result) == {"indexed": 1, "skipped": 3}
    assert outcomes(desk) == {
        "odd.tar.gz/good.txt": ("indexed", None),
        r"odd.tar.gz/\x2e\x2e/\x2e\x2e/outside.txt": ("skipped", "unsafe_path"),
        "odd.tar.gz/etc/absolute.txt": ("skipped", "unsafe_path"),
        "odd.tar.gz/inner.zip": ("skipped", "nested_archive"),
    }
    assert not list(tmp_path.rglob("*outside.txt"))


def test_a_link_in_a_zip_archive_is_no_file(desk):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("folder/", "")
        archive.writestr("a.txt", "albatross")
    desk.write("odd.zip", made.getvalue())

    assert desk.run().total == 1
    assert desk.found("albatross") == ["odd.zip/a.txt"]


@pytest.mark.parametrize("again", [{}, {"mode": "full"}, {"only": "failed"}])
def test_an_archive_that_cannot_be_read_is_opened_again_when_that_is_asked(desk, opened, again):
    desk.write("no.zip", b"PK and nothing")
    desk.run()
    opened.clear()

    result = desk.run(**again)

    assert counts(result) == {"failed": 1}
    assert opened == (["list"] if again else [])


def test_members_that_ask_for_a_password_are_skipped(desk):
    desk.write("locked.zip", zipped([("a.txt", b"albatross"), ("b.txt", b"petrel")], encrypted=["a.txt"]))

    desk.run()

    assert outcomes(desk) == {
        "locked.zip/a.txt": ("skipped", "encrypted"),
        "locked.zip/b.txt": ("indexed", None),
    }


def bomb():
    """Make an xz stream of 3 MB that is a tar archive of one huge member."""
    info = tarfile.TarInfo("zeros.txt")
    info.size = 600_000_000
    return lzma.compress(info.tobuf() + bytes(600_000_000), preset=0)


@pytest.mark.parametrize(
    ("name", "content", "outcome"),
    [
        ("no.zip", b"PK\x03\x04 and nothing", ("failed", "corrupt")),
        ("no.tar.gz", b"\x1f\x8b and nothing", ("failed", "corrupt")),
        ("no.tar", b"of no kind" * 100, ("failed", "corrupt")),
        ("empty.zip", zipped([]), ("skipped", "no_text")),
        ("many.zip", zipped([(f"{n}.txt", b"x") for n in range(51)]), ("skipped", "too_many_members")),
        ("many.tar", tarred([(f"{n}.txt", b"x") for n in range(51)], "w"), ("skipped", "too_many_members")),
        ("large.zip", zipped([("zeros.txt", bytes(2_000_000))]), ("skipped", "archive_expands_too_much")),
        ("large.tar.gz", tarred([("zeros.txt", bytes(2_000_000))]), ("skipped", "archive_expands_too_much")),
        ("name.tar", tarred([("x" * 1_200, b"x")], "w"), ("skipped", "unsafe_path")),
    ],
)
def test_a_hostile_archive_costs_its_own_row(desk, name, content, outcome):
    desk.write(name, content)
    desk.write("next.txt", "albatross")

    result = desk.run(limits=Limits(archive_members=50, archive_bytes=1_000_000))

    assert result.total == 2
    assert outcomes(desk) == {name: outcome, "next.txt": ("indexed", None)}


def test_a_bomb_is_given_up_while_it_expands(desk):
    desk.write("bomb.tar.xz", bomb())

    desk.run()

    assert outcomes(desk) == {"bomb.tar.xz": ("skipped", "archive_expands_too_much")}


def test_a_damaged_member_does_not_take_the_others_along(desk):
    content = bytearray(
        zipped([("a.txt", b"albatross " * 9), ("b.txt", b"petrel")], compression=zipfile.ZIP_STORED)
    )
    content[content.find(b"albatross")] ^= 1
    desk.write("half.zip", bytes(content))

    desk.run()

    assert outcomes(desk) == {"half.zip/a.txt": ("failed", "corrupt"), "half.zip/b.txt": ("indexed", None)}


def test_a_process_that_takes_too_long_to_open_is_ended(desk, monkeypatch):
    monkeypatch.setattr(archives, "SECONDS_PER_ARCHIVE", 0.0)
    desk.write("papers.zip", zipped(PAPERS))

    desk.run()
    monkeypatch.undo()

    assert outcomes(desk) == {"papers.zip": ("failed", "timeout")}
    assert counts(desk.run(only="failed")) == {"indexed": 3}
    assert "papers.zip" not in outcomes(desk)


def test_patterns_choose_members(desk):
    desk.write("papers.zip", zipped(PAPERS))
    desk.write("drafts.zip", zipped(PAPERS))
    result = desk.run(choice=Choice(include=("*.pdf", "*.md"), exclude=("drafts.zip", "papers.zip/*.md")))

    assert result.total == 1
    assert desk.found("albatross") == ["papers.zip/2024/a.pdf"]


def test_two_members_of_one_name_are_the_last_of_them(desk):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "albatross")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "petrel")
    desk.write("twice.zip", made.getvalue())

    result = desk.run()

    assert (result.total, desk.found("petrel"), desk.found("albatross")) == (1, ["twice.zip/a.txt"], [])


@both_ways
def test_the_account_has_a_row_for_each_member(desk, run):
    desk.write("papers.zip", zipped(PAPERS))

    run(desk, run="run-1")

    account = {row.path: row for row in sealed_rows(desk.index, "run-1")}
    assert list(account) == [f"papers.zip/{name}" for name, _ in PAPERS]
    assert account["papers.zip/2024/a.pdf"].pages == 1
    assert rows(desk.index)

"""A ZIP file whose bytes are known beforehand, held against readers of others."""

import hashlib
import io
import random
import shutil
import subprocess
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs import zipping
from jobs.zipping import Entry

MOMENT_NS = int(datetime(2026, 5, 4, 12, 30, 10, tzinfo=UTC).timestamp()) * 1_000_000_000
SPARSE_BYTES = (1 << 32) + 1_000_003


def entry(name, content=b"", mtime_ns=MOMENT_NS):
    return Entry(name, len(content), zlib.crc32(content), hashlib.sha256(content).hexdigest(), mtime_ns)


def made(contents, begin=0, end=None):
    plan = zipping.plan(entry(name, content) for name, content in contents.items())
    listed = list(contents.values())
    pieces = plan.between(begin, plan.bytes if end is None else end)
    return plan, b"".join(
        (piece.own if piece.entry is None else listed[piece.entry])[first:last]
        for piece, first, last in pieces
    )


CONTENTS = {
    "files/Größe 数据.csv": b"a,b\n" * 1000,
    "files/empty": b"",
    "project_001/a.png": bytes(range(256)) * 9,
}


def test_others_read_what_was_written():
    plan, archive = made(CONTENTS)

    assert len(archive) == plan.bytes
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.testzip() is None
        assert {info.filename: found.read(info) for info in found.infolist()} == CONTENTS
        assert {info.date_time for info in found.infolist()} == {(2026, 5, 4, 12, 30, 10)}


@pytest.mark.skipif(shutil.which("unzip") is None, reason="Info-ZIP's unzip is not installed")
def test_info_zip_finds_no_fault(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(made(CONTENTS)[1])

    ran = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "No errors detected" in ran.stdout


def test_any_part_is_that_part_of_the_whole():
    plan, archive = made(CONTENTS)
    source = random.Random(1)  # noqa: S311 - the same parts each time

    for _ in range(200):
        begin = source.randrange(plan.bytes)
        end = source.randrange(begin, plan.bytes + 1)
        assert made(CONTENTS, begin, end)[1] == archive[begin:end]


def test_the_tag_changes_with_each_content_name_and_time_and_with_nothing_else():
    same = zipping.plan([entry("a", b"x")]).etag
    others = [entry("a", b"y"), entry("b", b"x"), entry("a", b"x", MOMENT_NS + 5 * 10**9)]

    assert zipping.plan([entry("a", b"x")]).etag == same
    assert len({same, *(zipping.plan([other]).etag for other in others)}) == 4


def test_more_files_than_an_old_archive_may_have_are_read():
    contents = {f"{number}": b"x" for number in range(70_000)}

    _, archive = made(contents)

    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert len(found.infolist()) == 70_000
        assert found.read("69999") == b"x"


@pytest.mark.parametrize("moment", [0, -1, datetime(1979, 1, 1, tzinfo=UTC).timestamp(), 2**31, 2**33])
def test_a_time_that_an_archive_cannot_tell_is_no_fault(moment):
    plan = zipping.plan([entry("a", mtime_ns=int(moment) * 1_000_000_000)])

    archive = b"".join(piece.own[first:last] for piece, first, last in plan.between(0, plan.bytes))

    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == ["a"]


def test_files_and_archives_beyond_four_gigabytes_are_read(tmp_path):
    """The large file is all zeros, which take no room on the disk."""
    crc32 = zeros_crc32(SPARSE_BYTES)
    large = Entry("large", SPARSE_BYTES, crc32, "0" * 64, MOMENT_NS)
    small = {"before": b"1", "behind": b"2"}
    plan = zipping.plan([entry("before", b"1"), large, entry("behind", b"2")])
    path = Path(tmp_path / "large.zip")

    with path.open("wb") as file:
        for piece, _, _ in plan.between(0, plan.bytes):
            file.seek(piece.begin)
            file.write(piece.own if piece.entry is None else {0: b"1", 1: b"", 2: b"2"}[piece.entry])

    assert path.stat().st_size == plan.bytes
    with zipfile.ZipFile(path) as found:
        assert {name: found.read(name) for name in small} == small
        info = found.getinfo("large")
        assert (info.file_size, info.CRC) == (SPARSE_BYTES, crc32)
        with found.open("large") as content:
            assert content.read(10) == bytes(10)


def zeros_crc32(size):
    block, crc32 = bytes(1 << 24), 0
    while size:
        crc32 = zlib.crc32(block[: min(size, len(block))], crc32)
        size -= min(size, len(block))
    return crc32

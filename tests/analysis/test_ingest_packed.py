"""A table in a gzip or zip archive is read as if it were not packed; a bomb is not unpacked."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis.tables import packed
from jobs.analysis.tables.ingest import Table, ingest
from jobs.analysis.tables.sniff import sniff
from jobs.errors import UnreadableTable
from tests.support.workbooks import xlsx, zipped

CSV = b"name;size\na;1,5\nb;2,25\nc;3,75\n"
EXPECTED = [("a", 1.5), ("b", 2.25), ("c", 3.75)]
Read = Callable[[bytes], Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(content: bytes) -> Table:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return ingest(path, tmp_path / "cache", name="mine")

    return reading


def rows(table: Table) -> list[tuple[object, ...]]:
    return pl.read_parquet(table.path).rows()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(EXPECTED, schema=["name", "size"], orient="row").write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (CSV, "csv"),
        (CSV.decode().encode("utf-16"), "csv"),
        (parquet(), "parquet"),
        (b'[{"name": "a", "size": 1.5}, {"name": "b", "size": 2.25}, {"name": "c", "size": 3.75}]', "json"),
        (xlsx({"one": [("name", "size"), *EXPECTED]}), "excel"),
    ],
)
def test_what_is_packed_is_read_like_what_is_not(read, content, form):
    for packed_content in (gzip.compress(content), zipped({"folder/table": content})):
        table = read(packed_content)

        assert rows(table) == EXPECTED
        assert table.dataset.format == form


def test_the_columns_of_a_packed_text_are_told_before_it_is_unpacked(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(gzip.compress(CSV))

    found = sniff(path)

    assert (found.columns, found.container) == (("name", "size"), "gzip")


def test_the_file_in_a_zip_archive_is_named_and_clutter_beside_it_is_not_counted(read):
    table = read(zipped({"sales.csv": CSV, "__MACOSX/._sales.csv": b"x", "sub/.DS_Store": b"y"}))

    assert table.dataset.warnings[0] == "the file 'sales.csv' in the zip archive was read"


def encrypted() -> bytes:
    content = bytearray(zipped({"a.csv": CSV}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped({"a.csv": CSV, "b.csv": CSV}), r"holds 2 files \('a.csv', 'b.csv'\)"),
        (zipped({}), "the zip archive is empty"),
        (encrypted(), "is encrypted"),
        (zipped({"a.csv": CSV})[:-30], "the zip archive is damaged"),
        (gzip.compress(CSV)[:-9], "the archive is damaged"),
        (gzip.compress(zipped({"a.csv": CSV})), "an archive in an archive"),
        (gzip.compress(gzip.compress(CSV)), "an archive in an archive"),
        (gzip.compress(b""), "the file is empty"),
        (gzip.compress(b"%PDF-1.7"), "a PDF document"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_archive_that_holds_no_one_table_is_refused_by_its_reason(read, content, says):
    with pytest.raises(UnreadableTable, match=f"mine: .*{says}"):
        read(content)


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped({"a.csv": content})])
def test_a_bomb_is_refused_while_it_is_unpacked_and_leaves_nothing(read, tmp_path, monkeypatch, pack):
    monkeypatch.setattr(packed, "HARMLESS_BYTES", 1_000_000)

    with pytest.raises(UnreadableTable, match=r"unpacks to more than .* times its size"):
        read(pack(b"a,b\n" + b"1,2\n" * 5_000_000))

    assert list((tmp_path / "cache").iterdir()) == []


def test_more_than_the_limit_is_refused_however_well_it_is_packed(read, monkeypatch):
    monkeypatch.setattr(packed, "MOST_BYTES", 2_000_000)

    with pytest.raises(UnreadableTable, match="unpacks to more than"):
        read(gzip.compress("".join(f"{n},{n * 7919 % 10007}\n" for n in range(300_000)).encode()))


def test_a_zip_archive_that_lies_about_its_size_is_refused(read):
    content = bytearray(zipped({"a.csv": CSV * 100}))
    begin = content.index(b"PK\x01\x02") + 24
    content[begin : begin + 4] = (20).to_bytes(4, "little")

    with pytest.raises(UnreadableTable, match="the archive is damaged"):
        read(bytes(content))


def test_packing_in_a_way_that_is_not_known_is_told(read):
    content = bytearray(zipped({"a.csv": CSV}))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        begin = content.index(mark) + offset
        content[begin : begin + 2] = (98).to_bytes(2, "little")

    with pytest.raises(UnreadableTable, match="packed in an unusual way"):
        read(bytes(content))

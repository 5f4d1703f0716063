"""How a table is written is told from its bytes alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from jobs.analysis.tables import workbook_kinds
from jobs.analysis.tables.sniff import Dialect, sniff
from jobs.errors import UnreadableTable
from tests.support.workbooks import compound, xlsx, zipped


def written(folder: Path, content: bytes | str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n4,5,6\n", ","),
        ("a;b;c\n1;2;3\n4;5;6\n", ";"),
        ("a\tb\tc\n1\t2\t3\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("name;price\nbolt;1,5\nnut;2,25\nscrew;3,75\n", ";"),
        ('id,remark\n1,"red; green; blue"\n2,"black; white"\n', ","),
        ("remark\nshort, but with a comma\nlong\n", None),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_all_rows_alike(tmp_path, text, delimiter):
    found = sniff(written(tmp_path, text))

    assert found.delimiter == delimiter


@pytest.mark.parametrize(
    ("encoding", "found_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_told_from_marks_and_bytes(tmp_path, encoding, found_as):
    found = sniff(written(tmp_path, "größe,preis\n1,2\n3,4\n", encoding))

    assert (found.encoding, found.columns) == (found_as, ("größe", "preis"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_understood(tmp_path, line_end):
    found = sniff(written(tmp_path, line_end.join(["a,b", "1,2", "3,4", ""])))

    assert (found.columns, found.has_header, found.first_data_line) == (("a", "b"), True, 1)


def test_lines_before_the_header_are_skipped_and_mentioned(tmp_path):
    found = sniff(written(tmp_path, "Sales report\nmade on Monday\n\nregion,sales\nNorth,1\nSouth,2\n"))

    assert (found.skip_rows, found.columns, found.first_data_line) == (3, ("region", "sales"), 4)
    assert found.notes == ("the first 3 lines stand before the table and were left out",)


def test_a_header_of_two_lines_is_counted_in_physical_lines(tmp_path):
    found = sniff(written(tmp_path, '"body\nmass",sex\n1,f\n2,m\n'))

    assert (found.columns, found.header_lines) == (("body mass", "sex"), 2)


def test_rows_of_numbers_alone_have_no_header(tmp_path):
    found = sniff(written(tmp_path, "1,2.5\n3,4.5\n5,6.5\n"))

    assert (found.has_header, found.columns, found.first_data_line) == (False, ("column_1", "column_2"), 0)


def test_years_may_be_names(tmp_path):
    found = sniff(written(tmp_path, "country,1990,2000\nChad,1.5,2.5\nPeru,3.5,4.5\n"))

    assert (found.has_header, found.columns) == (True, ("country", "1990", "2000"))


def test_missing_and_repeated_names_are_made_different(tmp_path):
    found = sniff(written(tmp_path, "a,,a,a\n1,2,3,4\n"))

    assert found.columns == ("a", "column_2", "a_2", "a_3")
    assert len(found.notes) == 3


def test_row_names_without_a_name_get_one(tmp_path):
    found = sniff(written(tmp_path, "mpg,cyl\nMazda,21.0,6\nDatsun,22.8,4\nHornet,18.7,8\n"))

    assert found.columns == ("row_name", "mpg", "cyl")


@pytest.mark.parametrize(
    ("text", "decimal", "thousands"),
    [
        ("a;b\n1,5;x\n2,25;y\n", ",", None),
        ("a;b\n1.234,5;x\n22,25;y\n", ",", "."),
        ('a,b\n"1,234.5",x\n"22,000.1",y\n', ".", ","),
        ('a,b\n"1,234",x\n"22,000",y\n', ".", ","),
        ("a,b\n1.5,x\n2.25,y\n", ".", None),
        ("a\tb\n1,5\tx\n2,75\ty\n", ",", None),
    ],
)
def test_decimal_comma_and_thousands_are_told_apart(tmp_path, text, decimal, thousands):
    found = sniff(written(tmp_path, text))

    assert (found.decimal, found.thousands) == (decimal, thousands)


def test_a_quote_that_never_closes_is_read_as_a_character(tmp_path):
    rows = "".join(f"{number},{number}\n" for number in range(100))

    found = sniff(written(tmp_path, f'size,count\n5" disk,1\n"broken,2\n{rows}'))

    assert (found.quote, found.columns) == (None, ("size", "count"))


def test_apostrophes_around_cells_are_quotes(tmp_path):
    found = sniff(written(tmp_path, "'a','b'\n'x, y','1'\n'z','2'\n"))

    assert (found.quote, found.columns) == ("'", ("a", "b"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"x" * 300_000, "only a header"),
        (b'"' + b"x" * 300_000, "only a header"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"a,b,c\n", "only a header"),
        (b"1,2,3\n", "only one line"),
        (b"%PDF-1.7\n1 0 obj", "a PDF document"),
        (b"<!DOCTYPE html><html><body><table></table></body></html>", "an HTML page"),
        (b'<?xml version="1.0"?><data/>', "XML"),
        (b"BZh91AY&SY", "a bzip2 archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, "an old Office file without sheets"),
        (compound(["WordDocument"]), "an old Office file without sheets"),
        (compound(["EncryptedPackage", "EncryptionInfo"]), "encrypted"),
        (compound(["Workbook", "_VBA_PROJECT_CUR"]), "macros"),
        (xlsx({"a": [("x", "y"), (1, 2)]}, more={"xl/vbaProject.bin": b"x"}), "macros"),
        (xlsx({"a": [("x", "y"), (1, 2)]})[:-40], "damaged"),
        (
            zipped({"[Content_Types].xml": b"x", "word/document.xml": b"x"}),
            "an Office document without sheets",
        ),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "opendocument.text"),
        (bytes(range(1, 256)) * 20, "binary data"),
        ("a,b\n1,2\n".encode("utf-32"), "UTF-32"),
    ],
)
def test_what_is_not_a_table_is_called_by_its_name(tmp_path, content, says):
    path = written(tmp_path, content)

    with pytest.raises(UnreadableTable, match=r"mine\.csv: ") as raised:
        sniff(path, name="mine.csv")

    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b'[{"a": 1}, {"a": 2}]', "json"),
        (b'{"a": 1}\n{"a": 2}\n', "json"),
        (xlsx({"a": [("x", "y"), (1, 2)]}), "excel"),
        (compound(["Workbook"]), "excel"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_formats_that_are_opened_later_are_known_by_their_beginning(tmp_path, content, form):
    found = sniff(written(tmp_path, content))

    assert (found.format, found.columns) == (form, ())


def test_a_sheet_that_a_workbook_does_not_have_is_told_at_once(tmp_path):
    path = written(tmp_path, xlsx({"first": [(1,)], "R&D": [(1,)]}))

    assert sniff(path, sheet="R&D").format == "excel"
    with pytest.raises(UnreadableTable, match="there is no sheet 'third'; the sheets are 'first', 'R&D'"):
        sniff(path, sheet="third")


def test_a_sheet_of_a_file_that_is_no_workbook_is_refused(tmp_path):
    with pytest.raises(UnreadableTable, match="this is no workbook; leave `sheet` out"):
        sniff(written(tmp_path, "a,b\n1,2\n"), sheet="first")


def test_a_workbook_that_is_too_large_unpacked_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_kinds, "MOST_UNPACKED", 5_000)
    path = written(tmp_path, xlsx({"a": [("x", "y"), *[(row, row) for row in range(500)]]}))

    with pytest.raises(UnreadableTable, match="MB unpacked, at most"):
        sniff(path)


def test_parquet_is_known_by_its_first_bytes(tmp_path):
    path = tmp_path / "table.bin"
    path.write_bytes(b"PAR1" + b"\0" * 20)

    assert sniff(path) == Dialect("parquet", None, None, None, 0, True, ".", (), header_lines=0)


def test_a_large_file_is_judged_by_its_beginning(tmp_path):
    path = written(tmp_path, "a,b\n" + "1,2\n" * 200_000 + "1,2,3,4\n")

    assert sniff(path).columns == ("a", "b")


def test_sniffing_loads_the_standard_library_alone():
    program = "import jobs.analysis.tables.sniff, sys; print({'numpy', 'polars', 'scipy'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_lines_before_the_header_that_are_padded_with_delimiters_are_skipped(tmp_path):
    table = "Region;Sales;2024\n" + "North;1,5;2\nSouth;;3\n" * 9

    found = sniff(written(tmp_path, f"Report;;\n;;\nMonday;;\n{table}"))

    assert (found.skip_rows, found.columns) == (3, ("Region", "Sales", "2024"))
    assert found.notes == ("the first 3 lines stand before the table and were left out",)


@pytest.mark.parametrize("text", ["name;;\na;1;\nb;2;\nc;;3\n", ";x\n1;4\n2;5\n", "name;\na;1\nb;2\n"])
def test_a_header_that_lacks_names_is_no_line_before_the_table(tmp_path, text):
    found = sniff(written(tmp_path, text))

    assert (found.skip_rows, found.has_header) == (0, True)

"""Documents that hold too much of something say so in words for people, whatever the library said."""

import pytest

from jobs.indexing.formats import Unextractable, format_named
from jobs.indexing.limits import Limits
from tests.support.documents import book
from tests.support.workbooks import ods, xlsx, zipped

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LONG = "a b " * 3_000_000
LAUGHS = "".join(
    f'<!ENTITY e{number} "{f"&e{number - 1};" * 10 if number else "ha" * 200}">' for number in range(9)
)


def docx(text: str, before: str = "") -> bytes:
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    return zipped({"word/document.xml": f'{before}<w:document xmlns:w="{WORD}">{body}</w:document>'.encode()})


def odt(text: str) -> bytes:
    spaces = f'xmlns:o="{OPEN}:office:1.0" xmlns:t="{OPEN}:text:1.0"'
    body = f"<o:body><o:text><t:p>{text}</t:p></o:text></o:body>"
    content = f"<o:document-content {spaces}>{body}</o:document-content>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def sheet(text: str) -> bytes:
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    part = f'<worksheet xmlns="{SHEET}"><sheetData>{cell}</sheetData></worksheet>'
    return xlsx({"Costs": [["x"]]}, more={"xl/worksheets/sheet1.xml": part.encode()})


def said(name: str, data: bytes) -> tuple[str, str, str]:
    with pytest.raises(Unextractable) as caught:
        format_named(name).read(data, Limits())
    return caught.value.status, caught.value.reason, caught.value.detail


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("docx", docx(LONG)),
        ("docx", docx(f"<![CDATA[{LONG}]]>")),
        ("docx", docx(f"<!--{LONG}-->")),
        ("odt", odt(LONG)),
        ("workbook", sheet(LONG)),
        ("workbook", xlsx({"Costs": [["x"]]}, more={"xl/sharedStrings.xml": f"<sst>{LONG}</sst>".encode()})),
        ("workbook", ods({"Costs": [[LONG]]})),
        ("epub", book({"a.xhtml": "<p>x"}, more={"META-INF/encryption.xml": f"<e>{LONG}</e>".encode()})),
    ],
    ids=["docx", "docx-cdata", "docx-comment", "odt", "xlsx", "xlsx-strings", "ods", "epub"],
)
def test_a_text_that_nobody_wrote_is_too_large(name, data):
    assert said(name, data) == (
        "skipped",
        "too_large",
        "a single piece of text in it is longer than 10,000,000 characters",
    )


def test_a_text_that_multiplies_expands_too_much():
    data = docx('</w:t></w:r></w:p><w:p w:rsidR="&e8;"><w:r><w:t>', before=f"<!DOCTYPE w [{LAUGHS}]>")

    assert said("docx", data)[:2] == ("skipped", "archive_expands_too_much")


def test_a_document_nested_too_deep_is_told_without_advice_for_programmers():
    assert said("docx", docx("<w:x>" * 4_000 + "</w:x>" * 4_000)) == (
        "failed",
        "corrupt",
        "its parts are nested deeper than any program writes them",
    )


def test_a_chapter_as_long_as_a_library_is_read_to_the_limit():
    document = format_named("epub").read(book({"a.xhtml": f"<p>{LONG}"}), Limits(characters=1_000))

    assert len(document.sections[0].text) >= 1_000

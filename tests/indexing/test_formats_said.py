"""What documents say of themselves: title, author, date, language, and the names of their places."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from jobs.indexing.formats import Extracted, format_named
from jobs.indexing.formats.dates import from_iso, from_mail, from_pdf
from jobs.indexing.formats.properties import meaningful_title
from jobs.indexing.limits import Limits
from tests.data.documents.make import pdf
from tests.support.documents import WORD, raw_pdf
from tests.support.workbooks import zipped

EAST = timezone(timedelta(hours=2))
WEST = timezone(-timedelta(hours=8))


def read(name: str, data: bytes | str) -> Extracted:
    return format_named(name).read(data.encode() if isinstance(data, str) else data, Limits())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024", datetime(2024, 1, 1)),
        ("2024-05", datetime(2024, 5, 1)),
        ("2024-5-31", datetime(2024, 5, 31)),
        ("2024/05/31", datetime(2024, 5, 31)),
        ("2024-05-31T10:20:30Z", datetime(2024, 5, 31, 10, 20, 30, tzinfo=UTC)),
        ("2024-05-31T10:20:30.123456789", datetime(2024, 5, 31, 10, 20, 30)),
        (" 2024-05-31 10:20+02:00 ", datetime(2024, 5, 31, 10, 20, tzinfo=EAST)),
        ("2024-13-01", None),
        ("31 May", None),
        ("0000-00-00", None),
        ("1601-01-01T00:00:00Z", None),
        ("", None),
    ],
)
def test_dates_of_xml_and_pages_are_read_in_every_length(text, moment):
    assert from_iso(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("D:20240531102030+02'00'", datetime(2024, 5, 31, 10, 20, 30, tzinfo=EAST)),
        ("D:20240531102030-08'00", datetime(2024, 5, 31, 10, 20, 30, tzinfo=WEST)),
        ("D:20240531102030Z00'00'", datetime(2024, 5, 31, 10, 20, 30, tzinfo=UTC)),
        ("20240531", datetime(2024, 5, 31)),
        ("D:2024", datetime(2024, 1, 1)),
        ("D:191000531102030", datetime(2000, 5, 31, 10, 20, 30)),  # a year of 19100
        ("Fri May 31 10:20:30 2024", datetime(2024, 5, 31, 10, 20, 30, tzinfo=UTC)),
        ("D:20249931", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_pdfs_are_read_as_programs_wrote_them(text, moment):
    assert from_pdf(text) == moment


@pytest.mark.parametrize(
    "text", ["", "x", "Fri, 99 May 2024 10:00:00 +0200", "Fri, 31 May 99999999 1:1:1 +0"]
)
def test_a_wrong_date_of_a_message_is_none(text):
    assert from_mail(text) is None


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("Untitled", ""),
        ("PowerPoint Presentation", ""),
        ("Microsoft Word - census.doc", "census.doc"),
        (" The \n census ", "The census"),
    ],
)
def test_what_programs_write_in_place_of_a_title_is_none(title, meant):
    assert meaningful_title(title) == meant


def test_a_pdf_gives_title_author_date_and_the_numbers_printed_on_its_pages():
    pages = "".join(f"{4 + n} 0 R " for n in range(3))
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    labels = "/PageLabels << /Nums [0 << /S /r >> 2 << /S /D >>] >>"
    info = "<< /Title (Census) /Author (Ingrid) /CreationDate (D:20240531102030+02'00') >>"
    tree = f"<< /Type /Pages /Kids [{pages}] /Count 3 >>"
    data = raw_pdf(tree, info, page, page, page, catalog=f"{labels} /Lang (de-AT)").replace(
        b"/Root", b"/Info 3 0 R /Root"
    )

    document = read("pdf", data)

    assert (document.title, document.author, document.language) == ("Census", "Ingrid", "de-AT")
    assert document.created == datetime(2024, 5, 31, 10, 20, 30, tzinfo=EAST)
    assert [section.label for section in document.sections] == ["page i", "page ii", "page 1"]
    assert [section.page for section in document.sections] == [1, 2, 3]


def test_a_pdf_that_counts_from_one_needs_no_labels():
    assert [section.label for section in read("pdf", pdf([["x"], ["y"]])).sections] == [None, None]


def test_a_page_says_who_wrote_it_and_when():
    page = (
        '<html lang="de-AT"><head><title>Möwen</title><meta name="Author" content="Ingrid Sæther">'
        '<meta property="article:published_time" content="2024-05-31T10:20:30+02:00"></head>'
        "<body><p>before</p><h1>Erstes</h1><p>eins<h2>Zwei<br>tes</h2><p>zwei</body></html>"
    )

    document = read("html", page)

    assert (document.title, document.author, document.language) == ("Möwen", "Ingrid Sæther", "de-AT")
    assert document.created == datetime(2024, 5, 31, 10, 20, 30, tzinfo=EAST)
    assert [section.label for section in document.sections] == [None, "Erstes", "Zwei"]


@pytest.mark.parametrize(
    "mark",
    [
        '<meta name="date" content="2024-05-31">',
        '<meta name="DC.date" content="2024-05-31">',
        '<meta itemprop="datePublished" content="2024-05-31">',
        '<meta http-equiv="last-modified" content="Fri, 31 May 2024 00:00:00 GMT">',
        '<p>on <time datetime="2024-05-31">the last day of May</time></p>',
    ],
)
def test_the_date_of_a_page_is_found_wherever_programs_put_it(mark):
    created = read("html", f"<html><head></head><body>{mark}<p>fulmar</body></html>").created

    assert created is not None
    assert created.replace(tzinfo=None) == datetime(2024, 5, 31)


def test_an_empty_element_of_xhtml_does_not_swallow_the_page():
    page = (
        '<?xml version="1.0" encoding="iso-8859-2"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/>'
        '<script src="x"/></head><body><p/><h1><a id="one"/>Příliš</h1><p>kůň</p></body></html>'
    )

    document = read("html", page.encode("iso-8859-2"))

    assert [section.label for section in document.sections] == [None, "Příliš"]
    assert "kůň" in document.sections[1].text


def test_the_front_of_a_markdown_file_is_read_in_its_usual_spellings():
    fields = "title: 'Field notes'\nauthors:\n  - Ingrid\n  - Jonas\ndate: 2024-05-31\nlang: en-GB"

    document = read("markdown", f"---\n{fields}\n---\n# *One*\n\nx\n")

    assert (document.title, document.author, document.language) == ("Field notes", "Ingrid, Jonas", "en-GB")
    assert document.created == datetime(2024, 5, 31)
    assert [section.label for section in document.sections] == ["One"]
    assert read("markdown", "---\nauthor: [Ingrid, 'Jonas']\n---\nx").author == "Ingrid, Jonas"


def test_a_page_laid_out_with_a_table_keeps_its_paragraphs_and_headings():
    def cell(*texts):
        inside = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
        return f"<w:tc>{inside}</w:tc>"

    heading = '<w:tc><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Skuas</w:t></w:r></w:p></w:tc>'
    inner = f"<w:tc><w:tbl><w:tr>{cell('a')}{cell('b')}</w:tr></w:tbl><w:p/></w:tc>"
    long = "word " * 300
    rows = f"<w:tr>{cell('one', 'two')}{inner}</w:tr><w:tr>{heading}{cell(long, 'end')}</w:tr>"
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>'

    document = read("docx", zipped({"word/document.xml": body.encode()}))

    assert [section.label for section in document.sections] == [None, "Skuas"]
    assert document.sections[0].text == "one two | a | b"
    assert document.sections[1].text.split("\n\n") == ["Skuas", long, "end"]


def test_headings_of_word_are_known_in_any_language_of_the_program():
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="Kapitel"><w:name w:val="Kapitel"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:styleId="Standard"><w:name w:val="Normal"/></w:style></w:styles>'
    )
    lines = [
        ("Standard", "before"),
        ("berschrift1", "Eins"),
        ("Standard", "a"),
        ("Kapitel", "Zwei"),
        ("", "b"),
    ]
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in lines
    )
    core = (
        '<c:coreProperties xmlns:c="x" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:t="http://purl.org/dc/terms/">'
        "<dc:creator>Ingrid</dc:creator><t:created>2024-05-31T10:20:30Z</t:created><dc:language>de-DE</dc:language>"
        "</c:coreProperties>"
    )
    document = read(
        "docx",
        zipped(
            {
                "word/document.xml": f'<w:document xmlns:w="{WORD}">{body}</w:document>'.encode(),
                "word/styles.xml": styles.encode(),
                "docProps/core.xml": core.encode(),
            }
        ),
    )

    assert [(section.label, section.text) for section in document.sections] == [
        (None, "before"),
        ("Eins", "Eins\n\na"),
        ("Zwei", "Zwei\n\nb"),
    ]
    assert (document.title, document.author, document.language) == ("Eins", "Ingrid", "de-DE")
    assert document.created == datetime(2024, 5, 31, 10, 20, 30, tzinfo=UTC)

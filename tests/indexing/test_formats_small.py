"""Rich Text, notebooks, books and workbooks, each with what is odd in its format."""

import json
from datetime import datetime

import pytest

from jobs.indexing.formats import Extracted, Unextractable, format_named, format_of
from jobs.indexing.limits import Limits
from tests.support.documents import book
from tests.support.workbooks import ods, xlsb, xlsx


def read(name: str, data: bytes) -> Extracted:
    return format_named(name).read(data, Limits())


def rich(text: str, *, head: str = "\\ansicpg1252") -> str:
    document = read("rtf", f"{{\\rtf1\\ansi{head} {text}}}".encode("latin-1"))
    return document.sections[0].text.strip()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("plain \\b bold\\b0  text\\par next", "plain bold text\n\nnext"),
        ("M\\'f6we \\u1053?\\u1077?\\u1090?", "Möwe Нет"),
        ("\\uc2\\u8364\\'80\\'80 \\uc1 and", "€ and"),
        ("\\u-10179?\\u-8704? smile", "\U0001f600 smile"),
        ("a\\~b\\_c\\-d \\{e\\} \\\\f", "a\xa0b-cd {e} \\f"),
        (
            "{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial;}}\\f1 \\'cf\\'e8\\'ed\\'e3{\\f0  x\\'e4}",
            "Пинг xä",
        ),
        ("{\\*\\unknown hidden {deep}} shown", "shown"),
        ('{\\field{\\*\\fldinst HYPERLINK "http://x"}{\\fldrslt the hut}}', "the hut"),
        ("{\\pict\\wmetafile8 " + "0123456789abcdef" * 40 + "}after", "after"),
        ("\\bin5 {}}}{after", "after"),
        ("one\\cell two\\cell\\row three", "one | two\n\nthree"),
        ("word{\\footnote a note}", "worda note"),
    ],
)
def test_rich_text_gives_its_words(text, meant):
    assert rich(text) == meant


def test_a_check_sum_in_rich_text_is_no_picture():
    assert rich("ab12" * 32) == "ab12" * 32


def test_rich_text_is_read_in_its_code_page():
    assert rich("\\'cf\\'e8\\'ed\\'e3", head="\\ansicpg1251") == "Пинг"
    assert rich("\\'83t\\'83\\'8b", head="\\ansicpg932") == "フル"


def test_rich_text_says_who_wrote_it_and_when():
    moment = "{\\creatim\\yr2024\\mo5\\dy31\\hr10\\min20}"
    info = f"{{\\info{{\\title M\\'f6wen \\u8211?}}{{\\author Ingrid}}{moment}{{\\company x}}}}"

    document = read("rtf", f"{{\\rtf1\\ansi{info}text}}".encode())

    assert (document.title, document.author) == ("Möwen –", "Ingrid")
    assert document.created == datetime(2024, 5, 31, 10, 20)
    assert document.sections[0].text == "text"


def test_a_notebook_gives_texts_programs_and_what_they_printed():
    cells = [
        {"cell_type": "markdown", "source": ["# Census\n", "\n", "All *nests*"]},
        {
            "cell_type": "code",
            "source": "print(nests)",
            "outputs": [
                {"output_type": "stream", "text": ["1204\n"]},
                {
                    "output_type": "display_data",
                    "data": {"image/png": "iVBORw0KGgo", "text/plain": ["<Figure>"]},
                },
                {
                    "output_type": "execute_result",
                    "data": {"text/plain": "skuas", "text/html": "<b>skuas</b>"},
                },
            ],
        },
        {"cell_type": "markdown", "source": "## Skuas"},
    ]
    metadata = {"authors": [{"name": "Ingrid"}, {"name": "Jonas"}], "title": "Nests"}

    document = read("notebook", json.dumps({"cells": cells, "metadata": metadata}).encode())
    texts = [" ".join(section.text.split()) for section in document.sections]

    assert (document.title, document.author) == ("Nests", "Ingrid, Jonas")
    assert texts == ["Census All nests", "print(nests) 1204 skuas", "Skuas"]
    assert [section.label for section in document.sections] == ["Census", "Census", "Skuas"]


def test_a_notebook_of_the_third_format_is_read():
    sheets = [{"cells": [{"cell_type": "code", "input": ["a = 1"], "outputs": []}]}]

    document = read("notebook", json.dumps({"worksheets": sheets}).encode())

    assert document.sections[0].text == "a = 1"


@pytest.mark.parametrize("data", [b"[]", b"{}", b"5", b"no json", b""])
def test_what_is_no_notebook_says_so(data):
    with pytest.raises(Unextractable) as caught:
        read("notebook", data)

    assert (caught.value.status, caught.value.reason) == ("failed", "corrupt")


def test_a_book_is_read_in_the_order_of_its_spine():
    chapters = {"b.xhtml": "<h1>First</h1><p>one", "a.xhtml": "<h1>Second</h1><p>two", "c.xhtml": "<p>three"}

    sections = [one for one in read("epub", book(chapters)).sections if one.text.strip()]

    assert [section.label for section in sections] == ["First", "Second", None]
    assert [section.text.split()[-1] for section in sections] == ["one", "two", "three"]


def test_a_book_with_scrambled_fonts_is_no_protected_one():
    listing = (
        '<e:encryption xmlns:e="x" xmlns:n="http://www.w3.org/2001/04/xmlenc#">'
        '<n:CipherReference URI="fonts/a.otf"/></e:encryption>'
    )
    data = book({"a.xhtml": "<p>fulmar"}, more={"META-INF/encryption.xml": listing.encode()})

    assert "fulmar" in read("epub", data).sections[0].text


def test_sheets_are_numbered_and_named_and_rows_stay_whole():
    data = xlsx(
        {
            "Costs & more": [["Item", "Euros"], ["Diesel", 1204.5], [None, None], ["Rope", 3.0]],
            "Two": [[True]],
        }
    )

    sections = read("workbook", data).sections

    assert [(section.page, section.label) for section in sections] == [
        (1, "sheet Costs & more"),
        (2, "sheet Two"),
    ]
    assert sections[0].text == "Item | Euros\n\nDiesel | 1204.5\n\nRope | 3"
    assert sections[1].text == "TRUE"


def test_workbooks_of_all_kinds_are_read():
    assert read("workbook", ods({"A": [["Diesel", 3]]})).sections[0].text == "Diesel | 3"
    assert read("workbook", xlsb("A", [["Diesel", 3.0]])).sections[0].text == "Diesel | 3"


def test_a_cell_of_several_lines_is_one_line():
    assert read("workbook", xlsx({"A": [["one\n two", "three"]]})).sections[0].text == "one two | three"


def test_text_beyond_the_limit_is_left_in_the_workbook():
    data = xlsx({"A": [["x" * 50]] * 100, "B": [["y"]]})

    sections = format_named("workbook").read(data, Limits(characters=200)).sections

    assert len(sections) == 1
    assert len(sections[0].text) < 400


@pytest.mark.parametrize(
    ("suffix", "name"),
    [
        *(
            ("pptx", "pptx"),
            ("xlsx", "workbook"),
            ("xls", "workbook"),
            ("xlsb", "workbook"),
            ("ods", "workbook"),
        ),
        *(
            ("odt", "odt"),
            ("odp", "odp"),
            ("epub", "epub"),
            ("rtf", "rtf"),
            ("eml", "email"),
            ("mbox", "mailbox"),
        ),
        *(("ipynb", "notebook"), ("doc", "legacy"), ("ppt", "legacy"), ("msg", "legacy")),
    ],
)
def test_every_kind_of_file_has_its_reader(suffix, name):
    chosen = format_of(f"a.{suffix}")

    assert chosen is not None
    assert chosen.name == name

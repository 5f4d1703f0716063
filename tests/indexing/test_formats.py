"""What is read out of each format, whatever the file is called and however it is encoded."""

import codecs

import pytest

from jobs.indexing.formats import Unextractable, format_named, format_of, signed_format
from jobs.indexing.formats.encoding import decode
from jobs.indexing.limits import Limits
from tests.data.documents.make import docx, pdf


def text_of(name: str, data: bytes) -> str:
    document = format_named(name).read(data, Limits())
    return "\n\n".join(section.text for section in document.sections)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.txt", "text"),
        ("deep/er/A.TXT", "text"),
        ("README", "text"),
        ("Makefile", "text"),
        ("analysis.R", "text"),
        ("a.md", "markdown"),
        ("a.htm", "html"),
        ("a.PDF", "pdf"),
        ("a.docx", "docx"),
    ],
)
def test_a_format_is_chosen_by_the_file_name(path, name):
    chosen = format_of(path)

    assert chosen is not None
    assert chosen.name == name


@pytest.mark.parametrize("path", ["a.png", "a.exe", "noextension", ".pdf"])
def test_other_types_have_no_format(path):
    assert format_of(path) is None


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (pdf([["x"]]), "pdf"),
        (docx(["x"]), "docx"),
        (b"\n<!DOCTYPE html><p>x", "html"),
        (b"plain", "text"),
    ],
)
def test_the_first_bytes_overrule_the_file_name(data, name):
    assert signed_format(format_named("text"), data[:8192]).name == name


def test_pdf_gives_one_section_a_page_and_its_title():
    data = pdf([["Penguins (kings)", "walk far"], ["Café Zürich"]], title="On walking")

    document = format_named("pdf").read(data, Limits())

    assert document.title == "On walking"
    assert [section.page for section in document.sections] == [1, 2]
    assert "Penguins (kings)" in document.sections[0].text
    assert document.sections[1].text.strip() == "Café Zürich"


def test_docx_gives_paragraphs_headings_footnotes_and_title():
    data = docx(["before", "# Rules", "be kind & calm"], title="House <rules>", footnote="to birds")

    document = format_named("docx").read(data, Limits())

    assert document.title == "House <rules>"
    assert [section.text for section in document.sections] == [
        "before",
        "Rules\n\nbe kind & calm\n\nto birds",
    ]


def test_docx_without_a_declared_title_takes_its_first_heading():
    assert format_named("docx").read(docx(["# The rules", "x"]), Limits()).title == "The rules"


def test_html_gives_the_main_content_without_menus_and_scripts():
    page = (
        "<html><head><title> My \n page </title><style>p{}</style></head><body><nav>Menu</nav>"
        "<main><h1>Birds</h1><p>A re<b>mark</b>able bird.<p>Next<table><tr><td>a</td><td>b</td></tr></table>"
        "<script>alert(1)</script></main><footer>Foot</footer></body></html>"
    )

    document = format_named("html").read(page.encode(), Limits())
    text = document.sections[-1].text

    assert document.title == "My page"
    assert text.split() == ["Birds", "A", "remarkable", "bird.", "Next", "a", "b"]
    assert "A remarkable bird.\n\nNext" in text


def test_html_is_decoded_as_it_declares():
    page = (
        '<html><head><meta charset="iso-8859-2"><title>Příliš</title></head><body>žluťoučký kůň</body></html>'
    )

    document = format_named("html").read(page.encode("iso-8859-2"), Limits())

    assert document.title == "Příliš"
    assert "žluťoučký kůň" in document.sections[0].text


def test_markdown_loses_its_marks_and_keeps_its_words():
    text = (
        "---\ntitle: Field notes\n---\n# One\n\nSee [the *hut*](http://hut) and `code`, snake_case.\n\n"
        "Two\n---\n\n```sh\n# no heading\n```\n<!-- hidden -->\n"
    )

    document = format_named("markdown").read(text.encode(), Limits())
    whole = " ".join(" ".join(section.text.split()) for section in document.sections).strip()

    assert document.title == "Field notes"
    assert len([section for section in document.sections if section.text.strip()]) == 2
    assert "See the hut and code, snake_case. Two" in whole
    assert "hidden" not in whole
    assert "http" not in whole


def test_markdown_without_front_matter_takes_its_first_heading():
    assert format_named("markdown").read(b"intro\n\nThe *title*\n====\n\nx", Limits()).title == "The title"


GERMAN = "Der Wärter fütterte die Pinguine am frühen Morgen mit Fisch. “So geht das!”"
RUSSIAN = "Пингвины живут в Антарктике и едят рыбу каждый день, зимой и летом."
JAPANESE = "ペンギンは南極に住んでいます。毎日魚を食べます。とても寒いです。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "cp1252"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "utf-32"),
        (RUSSIAN, "cp1251"),
        (JAPANESE, "utf-8"),
        (JAPANESE, "shift_jis"),
        ("Über", "cp1252"),
        ("plain", "ascii"),
    ],
)
def test_text_is_read_in_any_usual_encoding(text, encoding):
    assert text_of("text", text.encode(encoding)) == text


def test_a_stray_byte_does_not_make_utf8_another_encoding():
    data = (GERMAN * 20).encode() + b"\xff" + JAPANESE.encode()

    assert text_of("text", data) == GERMAN * 20 + "\ufffd" + JAPANESE


@pytest.mark.parametrize(
    "data", [bytes(range(256)), b"MZ\0\0" * 100, bytes(range(1, 32)) * 9], ids=["all", "zeros", "controls"]
)
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(Unextractable) as caught:
        text_of("text", data)

    assert (caught.value.status, caught.value.reason) == ("skipped", "binary")


def test_text_beyond_the_limit_is_not_decoded():
    data = codecs.BOM_UTF8 + "é".encode() * 1000

    text = format_named("text").read(data, Limits(characters=10)).sections[0].text

    assert 10 <= len(text) <= 44  # four bytes a character are looked at, an é has two


@pytest.mark.parametrize(
    ("name", "data", "outcome"),
    [
        ("pdf", b"%PDF-1.4 and nothing else", ("failed", "corrupt")),
        ("pdf", pdf([["x"]], password="secret"), ("skipped", "encrypted")),
        ("docx", b"PK\x03\x04 and nothing else", ("failed", "corrupt")),
        ("docx", docx(["x" * 5000])[:700], ("failed", "corrupt")),
        ("docx", b"no archive", ("failed", "corrupt")),
        (
            "docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            ("skipped", "encrypted"),
        ),
        ("docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 WordDocument", ("skipped", "unsupported_type")),
        ("html", b"<div>" * 300_000, ("skipped", "html_too_deep")),
        ("html", b"<b>" * 6_000, ("skipped", "html_too_deep")),
    ],
)
def test_what_cannot_be_read_says_why(name, data, outcome):
    with pytest.raises(Unextractable) as caught:
        format_named(name).read(data, Limits())

    assert (caught.value.status, caught.value.reason) == outcome


def test_a_long_flat_page_is_not_too_deep():
    page = b"<ul>" + b"<li>word<p>x" * 20_000 + b"</ul>"

    assert text_of("html", page).split().count("word") == 20_000


def test_shapes_of_a_drawing_that_end_themselves_are_not_deep():
    page = b"<p>before</p><svg><g>" + b'<path d="M0 0"/>' * 6_000 + b"</g></svg><p>after</p>"

    assert text_of("html", page).split() == ["before", "after"]


@pytest.mark.parametrize(
    "beginning",
    ["", "<svg></svg>", "<svg><p>", "<svg><title>", "<svg><b></b>"],
    ids=lambda text: text or "no drawing",
)
@pytest.mark.parametrize("shape", ["<path/>", "<path d='M0 0' />"])
def test_what_looks_like_shapes_outside_a_drawing_is_deep(beginning, shape):
    with pytest.raises(Unextractable, match="nested"):
        format_named("html").read((beginning + shape * 6_000).encode(), Limits())


@pytest.mark.parametrize("shape", ['<path d="/>">', "<path d=x/>", "<path d=x'/>", "<b/>"])
def test_an_element_of_a_drawing_that_only_seems_to_end_itself_is_deep(shape):
    with pytest.raises(Unextractable, match="nested"):
        format_named("html").read(("<svg>" + shape * 6_000).encode(), Limits())


def test_an_entity_in_a_word_document_reaches_no_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("treasure")
    data = docx(["before &marker; after"])
    inside = f'<!DOCTYPE x [<!ENTITY marker SYSTEM "file://{secret}">]><w:document'
    hostile = _rewritten(data, "<w:document", inside, "&amp;marker;", "&marker;")

    text = text_of("docx", hostile)

    assert "treasure" not in text
    assert "before" in text


def _rewritten(data: bytes, *pairs: str) -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            xml = old.read(name).decode()
            for before, after in zip(pairs[::2], pairs[1::2], strict=True):
                xml = xml.replace(before, after)
            new.writestr(name, xml)
    return out.getvalue()


@pytest.mark.parametrize("data", [b"a\0b\0c", b"\0a\0b\0c\0"])
def test_an_odd_number_of_bytes_is_no_utf16(data):
    with pytest.raises(Unextractable, match="bytes that are no text"):
        decode(data, 100)

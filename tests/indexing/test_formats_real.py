"""Documents written by real programs: every word of the source is found, where it belongs, under its name."""

import re
from datetime import date
from pathlib import Path

import pytest

from jobs.indexing.extraction.chunks import normalised
from jobs.indexing.formats import Extracted, Unextractable, format_of, signed_format
from jobs.indexing.limits import Limits

REAL = Path(__file__).parent.parent / "data" / "documents" / "real"
# What is no text of the document: the names of the fields above it, the language, the mark of the footnote.
NO_WORDS = {"title", "author", "date", "lang", "en", "GB", "1", "notes"}
STATION = sorted(path.name for path in REAL.glob("station-*") if path.suffix != ".doc")
OFFICE = ["station-pandoc.docx", "station-libreoffice.docx", "station-pandoc.odt", "station-libreoffice.odt"]


def read(name: str) -> Extracted:
    data = (REAL / name).read_bytes()
    form = format_of(name)
    assert form is not None
    return signed_format(form, data[:8192]).read(data, Limits())


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", normalised(text))) - NO_WORDS


def found_in(document: Extracted) -> set[str]:
    said = (document.title, document.author, str(document.created))
    return words(" ".join((*said, *(section.text for section in document.sections))))


@pytest.mark.parametrize("name", STATION)
def test_every_word_of_a_text_is_found(name):
    source = words((REAL / "station.md").read_text())
    if name.endswith(".ipynb"):  # pandoc leaves the fields above the text out of notebooks
        source -= words("The Station Handbook Ingrid Sæther 2024-05-31") - words("The station")

    assert source - found_in(read(name)) == set()


@pytest.mark.parametrize("name", ["slides-pandoc.pptx", "slides-libreoffice.odp"])
def test_every_word_of_a_presentation_is_found_on_its_slide(name):
    document = read(name)
    slides = {section.page: section for section in document.sections if section.page}

    assert words((REAL / "slides.md").read_text()) - found_in(document) == set()
    assert [slides[number].label for number in sorted(slides)] == [f"slide {n}" for n in range(1, 5)]
    assert "Kittiwake" in slides[3].text
    assert "missing logbook" in slides[2].text  # what the speaker says
    assert (document.title, document.author) == ("Counting seabirds", "Jonas Okafor")


@pytest.mark.parametrize("suffix", ["ods", "xls", "xlsx"])
def test_every_cell_of_a_workbook_is_found_in_its_row(suffix):
    sections = read(f"costs-libreoffice.{suffix}").sections

    assert [(section.page, section.label) for section in sections] == [(1, "sheet costs")]
    assert sections[0].text.split("\n\n") == [
        "Item | Euros | Bought | Paid",
        "Diesel | 1204.5 | 2024-05-31 | TRUE",
        "Tinned herring | 85 | 2024-06-02 | FALSE",
        "Crampons & rope | 310.25 | 2023-12-24 | TRUE",
    ]


@pytest.mark.parametrize("name", [name for name in STATION if not name.endswith((".ipynb", "pandoc.rtf"))])
def test_title_and_author_are_those_of_the_document(name):
    document = read(name)

    assert (document.title, document.author) == ("The Station Handbook", "Ingrid Sæther")
    assert document.created is not None


@pytest.mark.parametrize("name", ["station-pandoc.epub", "station-pandoc-2.epub", "station-pandoc.html"])
def test_the_date_is_that_of_the_document(name):
    created = read(name).created

    assert created is not None
    assert created.date() == date(2024, 5, 31)


@pytest.mark.parametrize("name", [*OFFICE, "station-pandoc.epub", "station-pandoc.html"])
def test_the_language_is_the_declared_one(name):
    assert read(name).language == "en-GB"


@pytest.mark.parametrize("name", [*OFFICE, "station-pandoc.html", "station-pandoc.ipynb"])
def test_headings_are_labels_of_what_stands_below_them(name):
    sections = {section.label: section.text for section in read(name).sections}

    assert "orange drums" in sections["Arrival"]
    assert "anemometer" in sections["Weather tables"]
    assert "naïve guess" in sections["Reading the barometer"]
    assert "quinze heures" in sections["Départ et retour"]


@pytest.mark.parametrize("name", ["station-pandoc.epub", "station-pandoc-2.epub"])
def test_chapters_of_a_book_are_labels_in_their_order(name):
    sections = [section for section in read(name).sections if section.text.strip()]
    labels = list(dict.fromkeys(section.label for section in sections))

    assert labels[-3:] == ["Arrival", "Weather tables", "Départ et retour"]
    assert "naïve guess" in next(one.text for one in sections if "barometer" in one.text)


@pytest.mark.parametrize("name", [*OFFICE, "station-libreoffice.rtf"])
def test_a_row_of_a_table_is_one_line(name):
    text = "\n".join(normalised(section.text) for section in read(name).sections)

    assert "\nMonth | Temperature (°C) | Wind (m/s)\n" in text
    assert "\nJuly | 11.2 | 5" in text


@pytest.mark.parametrize("name", ["slides-pandoc.pptx", "slides-libreoffice.odp"])
def test_a_row_of_a_table_on_a_slide_is_one_line(name):
    slide = next(section for section in read(name).sections if section.page == 3)

    assert "Kittiwake ledge | Aurora" in slide.text


def test_pages_of_a_pdf_are_numbered():
    assert [section.page for section in read("station-libreoffice.pdf").sections] == [1]


def test_a_word_document_of_before_2007_says_what_to_do():
    with pytest.raises(Unextractable, match=r"save it as \.docx") as caught:
        read("station-libreoffice.doc")

    assert (caught.value.status, caught.value.reason) == ("skipped", "unsupported_type")

"""What is read out of each format is found again, with where it stands and who wrote it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.indexing.search.hits import Hit, search

REAL = Path(__file__).parent.parent / "data" / "documents" / "real"
FOUND_IN_ALL = {"docx", "odt", "rtf", "epub", "ipynb", "html", "md", "pdf"}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    from tests.indexing.conftest import Desk

    desk = Desk(tmp_path_factory.mktemp("desk"))
    shutil.copytree(REAL, desk.root, dirs_exist_ok=True)
    desk.run()
    return desk.index


def hits(index: Path, query: str) -> dict[str, Hit]:
    return {hit.path: hit for hit in search(index, query).hits}


def test_a_word_of_the_source_is_found_in_every_format_made_of_it(index):
    found = hits(index, "anemometer")

    assert {path.rpartition(".")[2] for path in found} == FOUND_IN_ALL


@pytest.mark.parametrize("path", ["slides-pandoc.pptx", "slides-libreoffice.odp"])
def test_a_hit_on_a_slide_names_the_slide(index, path):
    passage = hits(index, "kittiwake")[path].passages[0]

    assert (passage.page, passage.label) == (3, "slide 3")


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_a_hit_in_a_workbook_names_the_sheet(index, suffix):
    passage = hits(index, "herring")[f"costs-libreoffice.{suffix}"].passages[0]

    assert (passage.page, passage.label) == (1, "sheet costs")


def test_a_hit_in_a_book_names_the_chapter(index):
    label = hits(index, "anemometer")["station-pandoc.epub"].passages[0].label

    assert label is not None
    assert "Weather tables" in label


def test_a_hit_says_who_wrote_the_document_when_and_in_which_language(index):
    hit = hits(index, "anemometer")["station-pandoc.epub"]

    assert (hit.title, hit.author, hit.language) == ("The Station Handbook", "Ingrid Sæther", "en")
    assert hit.created_at == datetime(2024, 5, 31, tzinfo=UTC)

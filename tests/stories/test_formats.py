"""A tour of the formats: office files, books and mail become one index, and a hit says where it stands."""

from email.message import EmailMessage
from pathlib import Path

import pytest

REAL = Path(__file__).parent.parent / "data" / "documents" / "real"


@pytest.fixture(scope="module")
def office(worker, client_of):
    """Index what pandoc, LibreOffice and a mail program wrote; return the client and the finished job."""
    client = client_of("clerk-of-all-formats")
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "Ingrid Sæther <ingrid@hut.example>", "Fulmars on the roof"
    letter["Date"] = "Fri, 31 May 2024 10:00:00 +0200"
    letter.set_content("The fulmars have moved to the roof of the boathouse.")
    uploads = [(path.name, path.read_bytes()) for path in sorted(REAL.iterdir())]
    session = client.upload(*uploads, ("letter.eml", letter.as_bytes()))
    job = client.run("indexing", index="office", session=session)
    return client, job


def hits(office, query):
    client, job = office
    found = client.get(f"{job['links']['search']}?q={query}&limit=50").json
    return {hit["path"]: hit for hit in found["items"]}


def test_every_format_is_indexed_or_says_why_not(office):
    client, job = office

    skipped = client.get(f"{job['links']['files']}?status=skipped").json["items"]

    assert job["results"]["indexed"] == job["results"]["total"] - 1
    assert [(file["path"], file["reason"]) for file in skipped] == [
        ("station-libreoffice.doc", "unsupported_type")
    ]
    assert "save it as .docx" in skipped[0]["detail"]
    assert set(job["results"]["by_type"]) >= {
        "docx",
        "pptx",
        "odt",
        "odp",
        "workbook",
        "epub",
        "rtf",
        "email",
    }


@pytest.mark.parametrize(
    ("query", "path", "page", "label"),
    [
        ("kittiwake", "slides-pandoc.pptx", 3, "slide 3"),
        ("kittiwake", "slides-libreoffice.odp", 3, "slide 3"),
        ("crampons", "costs-libreoffice.xls", 1, "sheet costs"),
        ("fulmars", "letter.eml", None, "Fulmars on the roof"),
    ],
)
def test_a_hit_says_on_which_slide_or_sheet_or_under_which_subject_it_stands(
    office, query, path, page, label
):
    passage = hits(office, query)[path]["passages"][0]

    assert (passage["page"], passage["label"]) == (page, label)


def test_a_hit_says_who_wrote_the_document_and_when(office):
    hit = hits(office, "fulmars")["letter.eml"]

    assert (hit["title"], hit["author"], hit["language"]) == ("Fulmars on the roof", "Ingrid Sæther", "en")
    assert hit["created_at"] == "2024-05-31T08:00:00Z"

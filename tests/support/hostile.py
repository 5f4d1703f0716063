"""Documents made to break their reader, and what has to become of each.

Run as a program it writes them into a folder, to try them on anything:
`python -m tests.support.hostile FOLDER`.
"""

import json
import os
import struct
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.data.documents.make import docx, pdf
from tests.support.documents import (
    ODF,
    WORD,
    book,
    open_document,
    open_text,
    paragraphs,
    pdf_page,
    raw_pdf,
    word,
)
from tests.support.workbooks import compound, xlsx, zipped

Outcome = str  # "indexed", or a reason
Made = tuple[str, bytes, Sequence[Outcome]]  # the name of a file, its content, what may become of it

INDEXED = ("indexed",)
BROKEN = ("corrupt",)
# Beyond what a parser survives: which bound is met first depends on the machine.
KILLED = ("out_of_memory", "extractor_crashed", "timeout", "corrupt", "no_text", "too_large")

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)


def hostile(secret: Path) -> Iterator[Made]:
    """Make the files. `secret` is one that no document may bring into the index."""
    yield from _archives()
    yield from _xml(secret)
    yield from _locked()
    yield from _cut_short()
    yield from _wrong_names()
    yield from _pdfs()
    yield from _texts()
    yield from _workbooks()
    yield from _messages()


def _archives() -> Iterator[Made]:
    inner = zipped({"word/document.xml": bytes(1_000_000)})
    yield "bomb.docx", word(" " * 6_000_000), ("archive_expands_too_much",)
    yield "bomb.epub", book({"a.html": " " * 6_000_000}), ("archive_expands_too_much",)
    yield "crowd.docx", zipped({str(number): b"" for number in range(2_000)}), ("too_many_members",)
    yield "nested.docx", zipped({"word/document.xml": zipped({"word/document.xml": inner})}), BROKEN
    climbing = {
        "../../../../etc/passwd": b"x",
        "/etc/passwd": b"x",
        "..\\..\\evil": b"x",
        '"; rm -rf /"': b"x",
    }
    yield "climbing.docx", zipped({"word/document.xml": paragraphs("fulmar").encode(), **climbing}), INDEXED
    up = ["../../../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "..%2f..%2fetc%2fpasswd"]
    yield "climbing.epub", book({"a.html": "<p>x</p>"}, hrefs=up), ("no_text",)
    yield "lying.docx", _lying(zipped({"word/document.xml": paragraphs("a" * 5000).encode()})), BROKEN
    yield "overlapping.docx", _overlapping(), BROKEN


def _lying(archive: bytes) -> bytes:
    """Let the directory of an archive declare a tenth of a member's size."""
    data = bytearray(archive)
    entry = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, struct.unpack_from("<I", data, entry + 24)[0] // 10)
    return bytes(data)


def _overlapping() -> bytes:
    """Let the second member of an archive be the first once more, under another name."""
    data = bytearray(zipped({"word/document.xml": b"<a/>" * 1000, "word/footnotes.xml": b"<a/>" * 1000}))
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    struct.pack_into("<I", data, second + 42, struct.unpack_from("<I", data, first + 42)[0])
    return bytes(data)


def _xml(secret: Path) -> Iterator[Made]:
    outside = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}"><!ENTITY % p SYSTEM "file://{secret}">%p;]>'
    yield "laughs.docx", word(paragraphs("&a11;", before=_LAUGHS)), ("no_text", "archive_expands_too_much")
    yield (
        "laughs-in-attribute.docx",
        word(f'<?xml version="1.0"?>{_LAUGHS}<w:document xmlns:w="{WORD}" x="&a11;"/>'),
        ("archive_expands_too_much",),
    )
    yield "outside.docx", word(paragraphs("before &s; after", before=outside)), (*INDEXED, "corrupt")
    yield "outside.odt", open_text("<text:p>fulmar &s;</text:p>", before=outside), (*INDEXED, "corrupt")
    deep = "<w:tbl>" * 100_000
    yield "deep.docx", word(f'<w:document xmlns:w="{WORD}">{deep}'), BROKEN
    yield "deep.odt", open_text("<text:section>" * 100_000), BROKEN
    yield "long-word.docx", word(paragraphs("a" * 4_000_000)), (*INDEXED, "corrupt")
    yield (
        "empty-elements.docx",
        word(f'<w:document xmlns:w="{WORD}">{"<w:p/>" * 200_000}</w:document>'),
        ("no_text",),
    )


def _locked() -> Iterator[Made]:
    manifest = f'<m:manifest xmlns:m="{ODF}:manifest:1.0"><m:encryption-data/></m:manifest>'
    rights = (
        '<e:encryption xmlns:e="x" xmlns:n="http://www.w3.org/2001/04/xmlenc#">'
        '<n:CipherReference URI="a.html"/></e:encryption>'
    )
    office = compound(["EncryptedPackage", "EncryptionInfo"])
    yield "locked.pdf", pdf([["x"]], password="secret"), ("encrypted",)
    for suffix in ("docx", "pptx", "xlsx", "xls", "doc"):
        yield f"locked.{suffix}", office, ("encrypted",)
    yield "locked.odt", open_text("<text:p>x</text:p>", manifest=manifest), ("encrypted",)
    yield "locked.ods", open_document("spreadsheet", "<x/>", manifest), ("encrypted",)
    yield (
        "locked.epub",
        book({"a.html": "x"}, more={"META-INF/encryption.xml": rights.encode()}),
        ("encrypted",),
    )
    flagged = bytearray(word(paragraphs("x")))
    flagged[flagged.find(b"PK\x01\x02") + 8] |= 1
    yield "flagged.docx", bytes(flagged), ("encrypted",)


def _cut_short() -> Iterator[Made]:
    whole = {
        "docx": docx(["x" * 5000]),
        "xlsx": xlsx({"A": [["x" * 50]] * 50}),
        "odt": open_text("<text:p>x</text:p>" * 500),
        "epub": book({"a.html": "<p>x</p>" * 500}),
        "pptx": zipped({"ppt/presentation.xml": b"<p/>" * 500}),
    }
    for suffix, data in whole.items():
        yield f"cut.{suffix}", data[: len(data) // 2], BROKEN
        yield f"cut-to-a-header.{suffix}", data[:40], BROKEN
    yield "cut.pdf", pdf([["x"]])[:200], BROKEN
    yield "cut.rtf", b"{\\rtf1\\ansi fulmar {\\b bold \\'e", INDEXED
    yield "cut.ipynb", b'{"cells": [{"cell_type": "code"', BROKEN
    yield "cut.eml", b"Subject: fulmar\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Ty", INDEXED


def _wrong_names() -> Iterator[Made]:
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20
    program = b"\x7fELF\x02\x01\x01\0\0\0\0\0" * 100
    for suffix in ("docx", "pptx", "xlsx", "odt", "epub", "pdf", "rtf", "mbox", "ipynb"):
        yield f"picture.{suffix}", picture, BROKEN
    for suffix in ("txt", "html", "md", "eml", "py"):
        yield f"program.{suffix}", program, ("binary",)
    yield "picture.doc", picture, ("unsupported_type",)
    yield "letter.doc", compound(["WordDocument", "1Table"]), ("unsupported_type",)
    yield "talk.ppt", compound(["PowerPoint Document", "Current User"]), ("unsupported_type",)
    yield "letter.xlsx", compound(["WordDocument", "1Table"]), ("unsupported_type",)
    yield "broken.xls", compound(["Workbook"]), (*BROKEN, "no_text")
    yield "really-a-pdf.docx", pdf([["fulmar"]]), INDEXED
    yield "really-a-docx.odt", docx(["fulmar"]), INDEXED
    yield "really-rich-text.doc", b"{\\rtf1\\ansi fulmar}", INDEXED
    yield "really-a-page.doc", b"<html><body>fulmar</body></html>", INDEXED
    for suffix in ("txt", "pdf", "docx", "xlsx"):
        yield f"empty.{suffix}", b"", ("no_text",)
    yield "zeros.txt", bytes(100_000), ("binary",)
    yield "zeros.pdf", bytes(100_000), BROKEN
    yield "one-byte.docx", b"P", BROKEN


def _pdfs() -> Iterator[Made]:
    yield (
        "bomb.pdf",
        pdf_page(
            zlib.compress(zlib.compress(b"BT (x) Tj ET " * 1_000_000, 1)), "[/FlateDecode /FlateDecode]"
        ),
        (
            *KILLED,
            *INDEXED,
        ),
    )
    yield "loop.pdf", raw_pdf("<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>"), (*BROKEN, "no_text")
    yield "endless-count.pdf", raw_pdf("<< /Type /Pages /Kids [] /Count 2147483647 >>"), KILLED
    labels = "/PageLabels << /Kids [5 0 R] >>"
    kids = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    loop = "<< /Kids [5 0 R] /Limits [0 9] >>"
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    yield "loop-of-labels.pdf", raw_pdf(kids, page, "<< /Title (x) >>", loop, catalog=labels), KILLED
    itself = "/Resources << /XObject << /F 4 0 R >> >>"
    form = f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {itself} /Length 5 >> stream\n/F Do\nendstream"
    drawn = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] {itself} /Contents 4 0 R >>"
    yield "drawn-in-itself.pdf", raw_pdf(kids, drawn, form), (*KILLED, *INDEXED)


def _texts() -> Iterator[Made]:
    fonts = "".join(f"<font color={n}>" for n in range(1_000))
    yield "deep.html", b"<div>" * 300_000, ("html_too_deep",)
    yield "deep-tables.html", b"<table><tr><td>" * 50_000, ("html_too_deep",)
    yield "fonts-again-and-again.html", (fonts + "<p>x" * 10_000).encode(), (*KILLED, *INDEXED)
    yield "one-line.txt", b"fulmar " * 500_000, INDEXED
    yield "one-word.txt", b"a" * 5_000_000, INDEXED
    yield "comments.md", b"<!--" * 300_000, INDEXED
    yield "brackets.md", b"[" * 500_000 + b"](" * 250_000, INDEXED
    yield "stars.md", b"**_" * 300_000, (*INDEXED, "no_text")
    yield "marks.txt", ("a" + "\u0301" * 500_000).encode(), (*INDEXED, *KILLED)
    yield "deep.rtf", b"{\\rtf1" + b"{\\b " * 500_000, BROKEN
    yield "field.rtf", b"{\\rtf1" + b"{\\field{\\*\\fldinst{" * 100_000, (*BROKEN, "no_text")
    yield "binary.rtf", b"{\\rtf1 fulmar\\bin2147483647 x}", INDEXED
    yield "deep.ipynb", b'{"cells":' + b"[" * 500_000, BROKEN
    yield "deep-but-whole.ipynb", b'{"cells":' + b"[" * 900 + b"]" * 900 + b"}", ("no_text",)
    yield (
        "lists.ipynb",
        json.dumps({"cells": [[], 1, None, {"source": 5}, {"source": [{}]}]}).encode(),
        ("no_text",),
    )


def _workbooks() -> Iterator[Made]:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield "far-corner.xlsx", _sheet(far), ("too_large",)
    yield (
        "declared-wide.xlsx",
        _sheet('<row r="1"><c r="A1"><v>1</v></c></row>', 'ref="A1:XFD1048576"'),
        INDEXED,
    )
    beyond = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9999999"><c r="ZZZ9999999"><v>1</v></c></row>'
    yield "beyond.xlsx", _sheet(beyond), ("too_large",)
    backwards = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
    yield "backwards.xlsx", _sheet(backwards), KILLED
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    )
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    names = " ".join(f'xmlns:{one}="{ODF}:{one}:1.0"' for one in ("office", "table", "text"))
    inside = f'<table:table table:name="A">{rows}</table:table>'
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>{inside}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    yield "repeated.ods", open_document("spreadsheet", content), (*KILLED, *INDEXED)


def _sheet(rows: str, dimension: str = 'ref="A1"') -> bytes:
    sheet = f'<worksheet xmlns="{_SHEET}"><dimension {dimension}/><sheetData>{rows}</sheetData></worksheet>'
    return xlsx({"A": []}, more={"xl/worksheets/sheet1.xml": sheet.encode()})


def _messages() -> Iterator[Made]:
    levels = 10_000
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(levels))
    yield "nested.eml", f"Subject: x\n{nested}Content-Type: text/plain\n\nfulmar".encode(), BROKEN
    forwarded = "Content-Type: message/rfc822\n\nSubject: x\n" * 5_000
    yield "forwarded.eml", f"Subject: x\n{forwarded}\nfulmar".encode(), (*BROKEN, *INDEXED)
    parts = "--b\nContent-Type: text/plain\n\nfulmar\n" * 20_000
    yield "many-parts.eml", f"Content-Type: multipart/mixed; boundary=b\n\n{parts}--b--".encode(), INDEXED
    yield "long-header.eml", b"Subject: " + b"=?utf-8?q?=41?= " * 500_000 + b"\n\nfulmar", INDEXED
    yield "addresses.eml", b"From: " + b"(((((<a@b>," * 200_000 + b"\n\nfulmar", INDEXED
    yield "many.mbox", b"From a@b Fri May 31 10:00:00 2024\nSubject: x\n\nfulmar\n\n" * 5_000, INDEXED
    envelopes = b"From a@b Fri May 31 10:00:00 2024\nX:" + b"From " * 1_000_000
    yield "envelopes.mbox", envelopes, (*INDEXED, "no_text")


def strange_names(folder: Path) -> int:
    """Put files with names that nobody should have into a folder; give how many count as files."""
    names = [b"new\nline.txt", b"not-utf8-\xff\xfe.txt", b"quote\"';--.txt", b" .txt", b"\xe2\x80\xaegnp.txt"]
    names += [b"n" * 251 + b".txt", b"-rf.txt", b"$(touch x).txt"]
    for number, name in enumerate(names):
        (folder / os.fsdecode(name)).write_text(f"fulmar {number}")
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "link-to-itself.txt").symlink_to("link-to-itself.txt")
    (folder / "way-out").symlink_to("/etc")
    os.mkfifo(folder / "pipe.txt")
    return len(names)


def main() -> None:
    """Write everything into the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data, _ in hostile(folder / "secret"):
        (folder / name).write_bytes(data)
    strange_names(folder)


if __name__ == "__main__":
    main()

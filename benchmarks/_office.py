"""Documents of office formats, as small as they can be, made of a title and paragraphs."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from html import escape
from typing import Final

PARAGRAPHS_A_SLIDE: Final = 3
SENT: Final = "Mon, 02 Mar 2026 09:30:00 +0000"
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns"
_OPEN_XML: Final = "http://schemas.openxmlformats.org"
_LINKED: Final = f'xmlns:r="{_OPEN_XML}/officeDocument/2006/relationships"'

Writer = Callable[[str, Sequence[str]], bytes]


def docx(title: str, paragraphs: Sequence[str]) -> bytes:
    """Make a Word document: a heading and paragraphs."""
    name = f'xmlns:w="{_OPEN_XML}/wordprocessingml/2006/main"'
    heading = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>{escape(title)}</w:t></w:r></w:p>'
    body = "".join(f"<w:p><w:r><w:t>{escape(one)}</w:t></w:r></w:p>" for one in paragraphs)
    document = f"<w:document {name}><w:body>{heading}{body}</w:body></w:document>"
    return _zipped(
        {
            "[Content_Types].xml": _content_types("/word/document.xml", "wordprocessingml.document.main"),
            "_rels/.rels": _relations([("officeDocument", "word/document.xml")]),
            "word/document.xml": document,
            "docProps/core.xml": _core(title),
        }
    )


def pptx(title: str, paragraphs: Sequence[str]) -> bytes:
    """Make a presentation: three paragraphs a slide."""
    names = f'xmlns:a="{_OPEN_XML}/drawingml/2006/main" xmlns:p="{_OPEN_XML}/presentationml/2006/main"'
    slides = [
        [title, *paragraphs[at : at + PARAGRAPHS_A_SLIDE]]
        for at in range(0, max(1, len(paragraphs)), PARAGRAPHS_A_SLIDE)
    ]
    places = range(1, len(slides) + 1)
    listed = "".join(f'<p:sldId id="{255 + place}" r:id="rId{place}"/>' for place in places)
    parts = {
        "[Content_Types].xml": _content_types("/ppt/presentation.xml", "presentationml.presentation.main"),
        "_rels/.rels": _relations([("officeDocument", "ppt/presentation.xml")]),
        "ppt/presentation.xml": f"<p:presentation {names} {_LINKED}>"
        f"<p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relations(
            [("slide", f"slides/slide{place}.xml") for place in places]
        ),
        "docProps/core.xml": _core(title),
    }
    for place, lines in zip(places, slides, strict=True):
        text = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in lines)
        parts[f"ppt/slides/slide{place}.xml"] = (
            f"<p:sld {names}><p:cSld><p:spTree><p:sp><p:txBody>{text}</p:txBody></p:sp></p:spTree></p:cSld>"
            "</p:sld>"
        )
    return _zipped(parts)


def xlsx(title: str, paragraphs: Sequence[str]) -> bytes:
    """Make a workbook: a row for each paragraph, its number beside it."""
    name = f'xmlns="{_OPEN_XML}/spreadsheetml/2006/main"'
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c>'
        f'<c r="B{row}" t="inlineStr"><is><t>{escape(text)}</t></is></c></row>'
        for row, text in enumerate([title, *paragraphs], 1)
    )
    return _zipped(
        {
            "[Content_Types].xml": _content_types("/xl/workbook.xml", "spreadsheetml.sheet.main"),
            "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": f"<workbook {name} {_LINKED}>"
            '<sheets><sheet name="Text" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations([("worksheet", "worksheets/sheet1.xml")]),
            "xl/worksheets/sheet1.xml": f"<worksheet {name}><sheetData>{rows}</sheetData></worksheet>",
        }
    )


def odt(title: str, paragraphs: Sequence[str]) -> bytes:
    """Make an OpenDocument text."""
    body = f'<text:h text:outline-level="1">{escape(title)}</text:h>'
    body += "".join(f"<text:p>{escape(one)}</text:p>" for one in paragraphs)
    return _open_document("text", f"<office:text>{body}</office:text>", title)


def ods(title: str, paragraphs: Sequence[str]) -> bytes:
    """Make an OpenDocument spreadsheet: a row for each paragraph."""
    rows = "".join(
        '<table:table-row><table:table-cell office:value-type="string">'
        f"<text:p>{escape(one)}</text:p></table:table-cell></table:table-row>"
        for one in [title, *paragraphs]
    )
    table = f'<table:table table:name="Text">{rows}</table:table>'
    return _open_document("spreadsheet", f"<office:spreadsheet>{table}</office:spreadsheet>", title)


def epub(title: str, paragraphs: Sequence[str]) -> bytes:
    """Make a book of one chapter."""
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
        '<dc:identifier id="id">book</dc:identifier><dc:language>en</dc:language></metadata>'
        '<manifest><item id="one" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="one"/></spine></package>'
    )
    body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    chapter = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(title)}</title></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return _zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "book.opf": package,
            "one.xhtml": chapter,
        }
    )


def rtf(title: str, paragraphs: Sequence[str]) -> bytes:
    """Make a Rich Text document."""
    text = r"\par ".join(map(_rtf_text, [title, *paragraphs]))
    return (r"{\rtf1\ansi{\info{\title " + _rtf_text(title) + "}}" + text + r"\par}").encode("ascii")


def eml(title: str, paragraphs: Sequence[str]) -> bytes:
    """Make an e-mail."""
    message = EmailMessage()
    message["Subject"] = " ".join(title.split())
    message["From"], message["To"], message["Date"] = "Ada <ada@example.org>", "list@example.org", SENT
    message.set_content("\n\n".join(paragraphs))
    return message.as_bytes()


def ipynb(title: str, paragraphs: Sequence[str]) -> bytes:
    """Make a notebook: a cell for each paragraph."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": [one]} for one in [f"# {title}", *paragraphs]
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


WRITERS: Final[Mapping[str, Writer]] = {
    "docx": docx,
    "pptx": pptx,
    "xlsx": xlsx,
    "odt": odt,
    "ods": ods,
    "epub": epub,
    "rtf": rtf,
    "eml": eml,
    "ipynb": ipynb,
}


def _rtf_text(text: str) -> str:
    escaped = []
    for character in text:
        if character in "\\{}":
            escaped.append("\\" + character)
        elif character.isascii():
            escaped.append(character)
        else:  # UTF-16 code units, signed
            units = character.encode("utf-16-le")
            for at in range(0, len(units), 2):
                unit = int.from_bytes(units[at : at + 2], "little", signed=True)
                escaped.append(f"\\u{unit}?")
    return "".join(escaped)


def _open_document(kind: str, body: str, title: str) -> bytes:
    names = "".join(
        f' xmlns:{name}="{_OFFICE}:{name}:1.0"' for name in ("office", "text", "table", "meta", "manifest")
    )
    content = f"<office:document-content{names}><office:body>{body}</office:body></office:document-content>"
    meta = (
        f'<office:document-meta{names} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        f"<dc:title>{escape(title)}</dc:title></office:meta></office:document-meta>"
    )
    return _zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            "meta.xml": meta,
            "META-INF/manifest.xml": f"<manifest:manifest{names}/>",
        }
    )


def _core(title: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_OPEN_XML}/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp:coreProperties>'
    )


def _content_types(part: str, kind: str) -> str:
    return (
        f'<Types xmlns="{_OPEN_XML}/package/2006/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="{part}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/></Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    kinds = f"{_OPEN_XML}/officeDocument/2006/relationships"
    listed = "".join(
        f'<Relationship Id="rId{place}" Type="{kinds}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_OPEN_XML}/package/2006/relationships">{listed}</Relationships>'


def _zipped(parts: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), text, stored)
    return made.getvalue()

"""Documents of one part, written by hand: as little as makes a reader take them for what they claim to be."""

from collections.abc import Sequence

from tests.support.workbooks import zipped

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def word(xml: str) -> bytes:
    """Zip a Word document around the XML of its body."""
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": xml.encode()})


def paragraphs(inside: str, *, before: str = "") -> str:
    """Write the XML of a Word document with one paragraph."""
    body = f"<w:body><w:p><w:r><w:t>{inside}</w:t></w:r></w:p></w:body>"
    return f'<?xml version="1.0"?>{before}<w:document xmlns:w="{WORD}">{body}</w:document>'


def open_text(content: str, *, manifest: str = "<m/>", before: str = "") -> bytes:
    """Zip an OpenDocument text around the XML of its body."""
    body = f"<office:body><office:text>{content}</office:text></office:body>"
    names = f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0"'
    whole = f"{before}<office:document-content {names}>{body}"
    return open_document("text", f"{whole}</office:document-content>", manifest)


def open_document(kind: str, content: str, manifest: str = "<m/>") -> bytes:
    """Zip an OpenDocument file of any kind around its content."""
    media = f"application/vnd.oasis.opendocument.{kind}".encode()
    parts = {"mimetype": media, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()}
    return zipped(parts)


def book(
    chapters: dict[str, str], *, more: dict[str, bytes] | None = None, hrefs: Sequence[str] = ()
) -> bytes:
    """Zip a book of these chapters; `hrefs` are where its description says that they are."""
    where = hrefs or list(chapters)
    items = "".join(
        f'<item id="c{n}" href="{href}" media-type="application/xhtml+xml"/>' for n, href in enumerate(where)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(where)))
    inside = f"<manifest>{items}</manifest><spine>{spine}</spine>"
    package = f'<package xmlns="http://www.idpf.org/2007/opf">{inside}</package>'
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="book.opf"/></rootfiles></container>'
    )
    parts = {"mimetype": b"application/epub+zip", "META-INF/container.xml": container.encode()}
    parts |= {"book.opf": package.encode(), **{name: text.encode() for name, text in chapters.items()}}
    return zipped(parts | (more or {}))


def raw_pdf(*objects: str, catalog: str = "") -> bytes:
    """Write a PDF of these objects, the first of which is the tree of its pages."""
    everything = (f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", *objects)
    body = "".join(f"{number} 0 obj\n{one}\nendobj\n" for number, one in enumerate(everything, 1))
    return f"%PDF-1.4\n{body}trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF".encode()


def pdf_page(content: bytes, filters: str) -> bytes:
    """Write a PDF of one page with this content, as it stands in the file."""
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    head = raw_pdf("<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page)
    stream = f"4 0 obj\n<< /Length {len(content)} /Filter {filters} >>\nstream\n".encode()
    return head.replace(b"trailer", stream + content + b"\nendstream\nendobj\ntrailer")

"""Writes real PDF and Word files from plain text, small enough to read with an editor.

Run as a program it makes the binary files of `examples/documents/` again; tests use its functions.
"""

import hashlib
import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_PADDING = bytes.fromhex(
    "28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a"
)  # PDF 1.7, 7.6.3.3
_PERMISSIONS = -44
_FILE_ID = b"longhaul-example"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MOMENT = (2026, 1, 1, 0, 0, 0)  # the same bytes each time


def pdf(pages: Sequence[Sequence[str]], *, title: str = "", password: str | None = None) -> bytes:
    """Write a PDF with one list of lines a page, in Helvetica; encrypted (40-bit RC4) with a password."""
    key = None if password is None else _file_key(password)
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    objects.append(b"<< /Title %s >>" % _string(title.encode("cp1252"), key, 4))
    kids = []
    for lines in pages:
        number = len(objects) + 1
        kids.append(b"%d 0 R" % number)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        content = _content(lines)
        if key is not None:
            content = _rc4(_object_key(key, number + 1), content)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _file(objects, password)


def _content(lines: Sequence[str]) -> bytes:
    drawn = [b"BT /F1 11 Tf 15 TL 60 780 Td"]
    drawn += [b"%s Tj T*" % _string(line.encode("cp1252"), None, 0) for line in lines]
    return b"\n".join([*drawn, b"ET"])


def _string(text: bytes, key: bytes | None, number: int) -> bytes:
    if key is not None:
        return b"<%s>" % _rc4(_object_key(key, number), text).hex().encode()
    for special in (b"\\", b"(", b")"):
        text = text.replace(special, b"\\" + special)
    return b"(%s)" % text


def _file(objects: Sequence[bytes], password: str | None) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R" % (len(objects) + 1)
    if password is not None:
        owner, user = _owner(password), _rc4(_file_key(password), _PADDING)
        out += b" /ID [<%s> <%s>]" % (_FILE_ID.hex().encode(), _FILE_ID.hex().encode())
        out += b" /Encrypt << /Filter /Standard /V 1 /R 2 /P %d" % _PERMISSIONS
        out += b" /O <%s> /U <%s> >>" % (owner.hex().encode(), user.hex().encode())
    return bytes(out + b" >>\nstartxref\n%d\n%%%%EOF\n" % table)


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + _PADDING)[:32]


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _owner(password: str) -> bytes:
    return _rc4(_md5(_padded(password))[:5], _padded(password))


def _file_key(password: str) -> bytes:
    return _md5(_padded(password) + _owner(password) + struct.pack("<i", _PERMISSIONS) + _FILE_ID)[:5]


def _object_key(key: bytes, number: int) -> bytes:
    return _md5(key + number.to_bytes(3, "little") + b"\0\0")[: len(key) + 5]


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def docx(paragraphs: Sequence[str], *, title: str = "", footnote: str = "") -> bytes:
    """Write a Word document; a paragraph that begins with "# " is a heading."""
    body = "".join(_paragraph(text) for text in paragraphs)
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        "docProps/core.xml": _CORE.format(title=escape(title)),
    }
    if footnote:
        note = f'<w:footnote w:id="1">{_paragraph(footnote)}</w:footnote>'
        parts["word/footnotes.xml"] = f'<w:footnotes xmlns:w="{_WORD}">{note}</w:footnotes>'
    return archive(parts)


def archive(parts: dict[str, str]) -> bytes:
    """Zip these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, xml in parts.items():
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + xml)
    return buffer.getvalue()


def _paragraph(text: str) -> str:
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if text.startswith("# ") else ""
    words = escape(text.removeprefix("# "))
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)
_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
)

PROTOCOL = (
    (
        "Nest census: the protocol",
        "",
        "The census is made twice a season: once when the last clutch has been laid,",
        "and once when the first chicks leave the nest. Two people count each colony,",
        "walking the same transects in opposite directions, and do not compare their",
        "figures before both have written them down.",
        "",
        "A nest counts as occupied when an adult lies on it, or stands within reach of",
        "eggs or chicks. Heaps of stones without a bird are noted apart.",
    ),
    (
        "Weighing and measuring",
        "",
        "Birds are weighed in a cloth bag with a spring balance, read to 25 grams.",
        "Flipper length is taken from the elbow to the tip along the outer edge, with a",
        "ruler pressed flat, to the millimetre. Bill length and depth are taken with",
        "callipers, to a tenth of a millimetre. Nobody holds a bird for longer than six",
        "minutes; the timekeeper calls out at four.",
        "",
        "Release the bird facing the sea, and stay crouched until it has gone.",
    ),
    (
        "When not to go out",
        "",
        "No visits in winds above 12 metres a second, in driving snow, or while skuas",
        "circle over the colony: an adult that leaves the nest then does not find its",
        "eggs again. If more than five birds in a hundred stand up as you approach, turn",
        "back and try another path the day after.",
    ),
)

REPORT = (
    (
        "Season report",
        "",
        "The sea ice broke up nine days earlier than in the year before, and the first",
        "Adélie penguins stood on their old nests on 14 October. The gentoo came late.",
        "In all 1,204 nests were occupied at the first census and 1,131 at the second.",
    ),
    (
        "What went wrong",
        "",
        "The generator failed three times in November. Twice it was water in the diesel,",
        "once a mouse nest, which should not exist at this latitude and was brought in",
        "with the potatoes. The weather mast lost its anemometer in the storm of the 21st;",
        "wind speeds of the last ten days are estimates from the ship.",
    ),
)

LETTERS = (
    "# Letters from the hut",
    "Dear Ingrid,",
    "We have been here for three weeks and I have stopped smelling the penguins, which the others "
    "say is the "
    "first sign of going native. The hut is warm as long as somebody remembers the stove. Björn does not.",
    "The chinstraps have begun to steal stones from one another. There is one bird, we call her the "
    "Bursar, who "
    "owns the largest nest of the colony and has not, as far as we can see, carried a single stone "
    "herself.",
    "# The second letter",
    "Dear Ingrid,",
    "The ship could not land because of the swell, so your parcel is going round the island for the "
    "second time. "
    "We eat well enough: porridge, tinned herring, and on Sundays the pancakes that Mr. Okafor "
    "makes on the lid "
    "of the specimen box. He swears that he washes it.",
    "A leopard seal lies off the landing place every morning. The penguins stand at the edge of the "
    "ice and wait "
    "for somebody else to jump first; I have sat in committees that worked the same way.",
)

CONTRACT = (
    "# Conditions for guests of the station",
    "Guests bring their own sleeping bag, a medical certificate not older than six months, and "
    "waterproof boots "
    "that have been brushed and disinfected before landing.",
    "# Costs",
    "A night costs 85 euros with board. Children under twelve do not pay, and are not admitted.",
    "# Departure",
    "The station leader decides on the day of departure by the state of the sea. No claim arises "
    "from waiting.",
)


def main() -> None:
    """Write the binary documents of the examples."""
    folder = Path(__file__).resolve().parents[3] / "examples" / "documents"
    (folder / "census-protocol.pdf").write_bytes(pdf(PROTOCOL, title="Census protocol"))
    (folder / "season-report.pdf").write_bytes(pdf(REPORT, title="Season report"))
    (folder / "letters.docx").write_bytes(docx(LETTERS, title="Letters from the hut"))
    (folder / "guests.docx").write_bytes(docx(CONTRACT, title="Conditions for guests"))


if __name__ == "__main__":
    main()

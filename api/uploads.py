"""What the headers of a raw upload promise, and what of it cannot be taken."""

import base64
import binascii
import re
from hmac import compare_digest
from typing import Final

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api.conditions import is_unchanged, whole_seconds
from jobs.contents import KeptFile
from jobs.errors import BadInput, DigestDiffers, LengthNeeded
from jobs.storage import Incoming

CHUNK_BYTES: Final = 1 << 20
DIGESTS: Final = ("Content-Digest", "Repr-Digest")  # of a whole file the two are the same
SHA256_BYTES: Final = 32
_BYTES: Final = re.compile(r":([A-Za-z0-9+/]*={0,2}):")


def check() -> None:
    """Refuse what is no file by itself, and what could break off without anybody noticing.

    Raises
    ------
    UnsupportedMediaType
        It is a form, or packed.
    BadRequest
        It is a part of a file, or its digest cannot be read.
    LengthNeeded
        It says neither its length nor its digest.
    """
    if request.mimetype.startswith("multipart/"):
        raise UnsupportedMediaType("The body is the file itself here; a form goes to /api/v1/sessions.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the file as it is, without Content-Encoding.")
    if "Content-Range" in request.headers:  # RFC 9110, section 14.5: it must not be taken for the whole
        raise BadRequest("A part of a file cannot be put: send all of it, without Content-Range.")
    if request.content_length is None and not promised_digests() and _may_have_a_body():
        raise LengthNeeded("Send Content-Length, or a Content-Digest with sha-256.")


def _may_have_a_body() -> bool:
    """Tell whether a body may follow though no length is told: RFC 9112, section 6.3, and HTTP/2."""
    is_http_1 = request.environ.get("SERVER_PROTOCOL", "").startswith("HTTP/1")
    return "Transfer-Encoding" in request.headers or not is_http_1


def promised_digests() -> list[bytes]:
    """Return the SHA-256 digests that the headers promise; other algorithms are passed over.

    Raises
    ------
    BadRequest
        One cannot be read.
    """
    members = [member for name in DIGESTS for member in request.headers.get(name, "").split(",")]
    named = (member.partition("=") for member in members)
    return [
        _digest(value.partition(";")[0].strip())
        for name, _, value in named
        if name.strip().lower() == "sha-256"
    ]


def _digest(text: str) -> bytes:
    found = _BYTES.fullmatch(text)
    try:
        digest = base64.b64decode(found[1], validate=True) if found else b""
    except binascii.Error:
        digest = b""
    if len(digest) != SHA256_BYTES:
        raise BadRequest("The digest cannot be read; it is of the form sha-256=:<32 bytes in base64>:.")
    return digest


def receive(upload: Incoming) -> None:
    """Read the request's body into `upload`.

    Raises
    ------
    BadInput
        It broke off.
    DigestDiffers
        It is not what its digest says.
    TooLarge, DiskFull
        There is no room for it.
    """
    while chunk := request.stream.read(CHUNK_BYTES):
        upload.write(chunk)
    if request.content_length is not None and upload.size != request.content_length:
        raise BadInput(f"The upload broke off after {upload.size} of {request.content_length} bytes.")
    if not all(compare_digest(promised, upload.sha256) for promised in promised_digests()):
        raise DigestDiffers(f"{upload.size} bytes came, whose SHA-256 is {upload.sha256.hex()}.")


def accept(before: KeptFile | None) -> None:
    """Refuse to take the place of a file, or of none, that the request's conditions forbid.

    Raises
    ------
    NotAsExpected
        `If-Match`, `If-None-Match` or `If-Unmodified-Since` does not hold.
    """
    changed = None if before is None or before.mtime_ns is None else whole_seconds(before.mtime_ns)
    is_unchanged(None if before is None else before.sha256, changed)

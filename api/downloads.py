"""The one place that sends files: whole or in part, under conditions, and so that a browser runs nothing.

Whoever wants to send something makes a `Download` of it; sessions, artifacts and the previous application's
figures all do. Content is read as it is sent, so that it may be larger than the memory.
"""

import base64
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO, Final
from urllib.parse import quote

from flask import Response, request

from api import auth, places
from api.conditions import is_unchanged, wanted_part, whole_seconds
from jobs.session_files import Opened

BLOCK_BYTES: Final = 1 << 18
# So much is handed over at once, and keeps no thread however slow the client takes it.
AT_ONCE_BYTES: Final = 1 << 20

# An SVG or a page can hold a script; opened by itself it may run none and reach nobody.
SANDBOX: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
# A report is a page with words of its user's and pictures inside it: it may show them, and nothing else.
REPORT_SANDBOX: Final = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
PDF: Final = "application/pdf"
# Browsers show no PDF within a sandbox, and have one of their own for it.
PDF_POLICY: Final = "base-uri 'none'; form-action 'none'"
# What a browser shows in place, and as what. A table is shown as the text that it is; pages are not here:
# only reports, which Longhaul itself has written, are shown.
SHOWN: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".pdf": PDF,
    ".json": "application/json",
    ".csv": "text/plain; charset=utf-8",
    ".tsv": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".log": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
}
LONGEST_FALLBACK: Final = 150

Content = Callable[[int, int], Iterator[bytes]]


@dataclass(frozen=True)
class Download:
    """Something to send.

    Parameters
    ----------
    content : callable
        Gives the bytes from a beginning to an end; whatever it holds open it closes when it is closed.
    etag : str
        Strong: changes with each byte. For a file its SHA-256 in hexadecimal.
    """

    name: str
    media_type: str
    bytes: int
    etag: str
    modified: datetime | None
    content: Content
    close: Callable[[], None]
    shown: bool
    policy: str = SANDBOX
    sha256: str | None = None


def download_of(
    found: Opened,
    *,
    name: str | None = None,
    media_type: str | None = None,
    shown: bool | None = None,
    policy: str = SANDBOX,
) -> Download:
    """Return an open file as something to send.

    Parameters
    ----------
    name : str, optional
        Under which it is saved; by default its own.
    media_type, shown : optional
        As what, and whether, a browser shows it; by default its name decides.
    """
    kept = found.kept
    path = PurePosixPath(kept.name)
    known = SHOWN.get(path.suffix.lower())
    media_type = media_type or known or kept.media_type
    return Download(
        name=name or path.name,
        media_type=media_type,
        bytes=kept.bytes,
        etag=kept.sha256,
        modified=None if kept.mtime_ns is None else whole_seconds(kept.mtime_ns),
        content=lambda begin, end: blocks(found.file, begin, end),
        close=found.close,
        shown=known is not None if shown is None else shown,
        policy=PDF_POLICY if media_type == PDF else policy,
        sha256=kept.sha256,
    )


def served(download: Download) -> Response:
    """Answer with a download: all of it, a part, or that nothing has changed."""
    try:
        return _served(download)
    except BaseException:
        download.close()
        raise


def _served(download: Download) -> Response:
    headers = _headers(download)
    if is_unchanged(download.etag, download.modified):
        download.close()
        return Response(status=304, headers=headers)
    part = wanted_part(download.bytes, download.etag, download.modified)
    begin, end = part or (0, download.bytes)
    headers["Content-Length"] = str(end - begin)
    if part:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{download.bytes}"
    if request.method == "HEAD":
        download.close()
        return Response(status=200, headers=headers, content_type=download.media_type)
    body = _Body(download, begin, end)
    return Response(
        body, 206 if part else 200, headers, content_type=download.media_type, direct_passthrough=True
    )


def _headers(download: Download) -> dict[str, str]:
    headers = {
        "ETag": f'"{download.etag}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition(download.name, shown=download.shown),
        "Content-Security-Policy": download.policy,
    }
    if auth.by_link():  # made for a page to show, wherever that is
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if download.modified is not None:
        headers["Last-Modified"] = f"{download.modified:%a, %d %b %Y %H:%M:%S} GMT"
    if download.sha256 is not None:
        digest = base64.b64encode(bytes.fromhex(download.sha256)).decode()
        headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return headers


class _Body:
    """The bytes of an answer as the server asks for them; what they are read from is closed at the end."""

    def __init__(self, download: Download, begin: int, end: int) -> None:
        self._download = download
        is_large = end - begin > AT_ONCE_BYTES
        self._leave = places.taken(auth.user().name) if is_large else lambda: None
        content = download.content(begin, end)
        self._content = content if is_large else iter([b"".join(content)])

    def __iter__(self) -> Iterator[bytes]:
        return self._content

    def close(self) -> None:
        """Let go of everything; the server does so too when the client has gone."""
        try:
            self._download.close()
        finally:
            self._leave()


def blocks(file: BinaryIO, begin: int, end: int) -> Iterator[bytes]:
    """Yield what a file holds from a beginning to an end; less only if it was cut short meanwhile."""
    file.seek(begin)
    while begin < end and (block := file.read(min(BLOCK_BYTES, end - begin))):
        begin += len(block)
        yield block


def disposition(name: str, *, shown: bool) -> str:
    """Return the header `Content-Disposition` for a file's name.

    References
    ----------
    RFC 6266, and RFC 8187 for names that are not ASCII: those also have one that is, for old programs.
    """
    decomposed = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ._()+,=@~^-]", "_", decomposed)[-LONGEST_FALLBACK:].strip() or "download"
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{"inline" if shown else "attachment"}; filename="{plain}"{extended}'

"""Files that arrive whole or not at all, and go on where they broke off."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx2

from longhaul.errors import LonghaulError, Refused, Unreachable
from longhaul.patience import Patience
from longhaul.transport import RETRIED_STATUSES, Call, Transport

CHUNK_BYTES = 1 << 18
PART_SUFFIX = ".part"
PARTIAL_CONTENT, UNUSABLE_RANGE = 206, 416


def checked_file_name(name: str) -> str:
    """Return a name from the service if it can be that of a file in a folder of ours.

    Raises
    ------
    LonghaulError
        It would lead elsewhere.
    """
    if not name or name.startswith(".") or any(mark in name for mark in "/\\:") or not name.isprintable():
        raise LonghaulError(f"The service names a file {name!r}, which is not written here.")
    return name


def download(transport: Transport, path: str, target: Path) -> Path:
    """Fetch what is at `path` into the file `target`, in one step at the end; return it.

    A download that breaks off goes on from there (`Range`), unless the file has changed (`If-Range`).

    Raises
    ------
    Refused, Unreachable
        As for every request; `target` is as it was before.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + PART_SUFFIX)
    try:
        with part.open("wb") as file:
            _fetch(transport, path, file)
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return target


@dataclass
class _Begun:
    """Which version of a file a download has begun to fetch; no version means to begin anew."""

    etag: str = ""


def _fetch(transport: Transport, path: str, file: IO[bytes]) -> None:
    """Write what is at `path` to `file`, in as many attempts as it takes while there is any progress."""
    left, begun = Patience(transport.patience), _Begun()
    while True:
        try:
            return _attempt(transport, path, file, begun, left)
        except (Refused, Unreachable) as error:
            asked = error.retry_after if isinstance(error, Refused) else None
            if not _is_passing(error, begun) or not left.pause(asked):
                raise


def _attempt(transport: Transport, path: str, file: IO[bytes], begun: _Begun, left: Patience) -> None:
    """Write what is still missing, or everything where the service sends everything."""
    begin = file.tell() if begun.etag else 0
    headers = {"Accept-Encoding": "identity"}  # so that a position is one in the file itself
    if begin:
        headers |= {"Range": f"bytes={begin}-", "If-Range": begun.etag}
    with transport.opened(Call("GET", path, headers=headers)) as answer:
        begun.etag = _strong_etag(answer)
        if not _goes_on(answer, begin):
            file.seek(0)
            file.truncate()
        for chunk in answer.iter_raw(CHUNK_BYTES):
            file.write(chunk)
            left.renew()


def _is_passing(error: LonghaulError, begun: _Begun) -> bool:
    """Return whether another attempt may succeed; one that asked for too much begins anew."""
    if not isinstance(error, Refused):
        return True
    if error.status == UNUSABLE_RANGE and begun.etag:
        begun.etag = ""
        return True
    return error.status in RETRIED_STATUSES


def _goes_on(answer: httpx2.Response, begin: int) -> bool:
    """Return whether the body is what follows the first `begin` bytes."""
    told = answer.headers.get("Content-Range", "")
    return answer.status_code == PARTIAL_CONTENT and told.startswith(f"bytes {begin}-")


def _strong_etag(answer: httpx2.Response) -> str:
    etag = answer.headers.get("ETag", "")
    return "" if etag.startswith("W/") else etag

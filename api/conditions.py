"""Requests with conditions and for a part: RFC 9110, sections 13 and 14, for files with strong ETags."""

import re
from datetime import UTC, datetime
from typing import Final

from flask import request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_date

from jobs.errors import NotAsExpected

READING: Final = ("GET", "HEAD")
# Of several parts at once a server may give the whole instead, and this one does.
_ONE_RANGE: Final = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)
_DATES: Final = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE")


def forget_impossible_dates() -> None:
    """Take times that no calendar has out of this request: what is no date counts as not sent (RFC 9110)."""
    for name in _DATES:
        try:
            parse_date(request.environ.get(name))
        except OverflowError:
            del request.environ[name]


def is_unchanged(etag: str | None, modified: datetime | None) -> bool:
    """Tell whether the client has what it asks for already, so that the answer is 304.

    Parameters
    ----------
    etag : str, optional
        The strong one of what is there, without quotes; None if nothing is.
    modified : datetime, optional
        When that was changed, in whole seconds.

    Raises
    ------
    NotAsExpected
        A condition does not hold.
    """
    headers = request.headers
    if "If-Match" in headers:
        if etag is None or not request.if_match.contains(etag):
            raise NotAsExpected("It is not, or no longer, what `If-Match` names.")
    elif (since := request.if_unmodified_since) is not None and (modified is None or modified > since):
        raise NotAsExpected("It was changed after the time of `If-Unmodified-Since`.")
    if "If-None-Match" in headers:
        if etag is None or not request.if_none_match.contains_weak(etag):
            return False
        if request.method not in READING:
            raise NotAsExpected("There is one already, which `If-None-Match` forbids.")
        return True
    later = request.if_modified_since if request.method in READING else None
    return later is not None and modified is not None and modified <= later


def wanted_part(size: int, etag: str, modified: datetime | None) -> tuple[int, int] | None:
    """Return beginning and end, in bytes, of the part that is asked for; None for the whole.

    Raises
    ------
    RequestedRangeNotSatisfiable
        It begins behind the end.
    """
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or found is None or found.groups() == ("", "") or not _holds(etag, modified):
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(0, size - int(last)), size
        if not int(last):
            raise RequestedRangeNotSatisfiable(size)
        return (begin, end) if size else None
    begin, end = int(first), min(size, int(last) + 1) if last else size
    if last and int(last) < begin:
        return None  # this means nothing, and is passed over
    if begin >= size:
        raise RequestedRangeNotSatisfiable(size)
    return begin, end


def whole_seconds(mtime_ns: int) -> datetime:
    """Return a time as HTTP tells it."""
    return datetime.fromtimestamp(mtime_ns // 1_000_000_000, UTC)


def _holds(etag: str, modified: datetime | None) -> bool:
    """Tell whether the part is wanted of what is there now: `If-Range`."""
    wanted = request.headers.get("If-Range")
    if wanted is None:
        return True
    if '"' in wanted:
        return wanted.strip() == f'"{etag}"'  # a weak one promises nothing of single bytes
    return modified is not None and parse_date(wanted) == modified

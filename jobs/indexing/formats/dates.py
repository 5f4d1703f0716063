"""The dates that documents bear, however they spell them. What cannot be understood is no date."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

# A year, or more and more of a moment: as XML, web pages and people write it.
_ISO = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d*)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?)?)?)?(?![\d])"
)
# D:YYYYMMDDHHmmSSOHH'mm', everything after the year optional (ISO 32000-1, 7.9.4). Old programs
# wrote 19100 for the year 2000.
_PDF = re.compile(
    r"\s*(?:D:)?\s*(191\d\d|\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(\d{2})?)?\s*(Z|[+-]\d{2}'?\d{2})?)?)?)?"
)
# What programs write for "never": the beginnings of the clocks of Windows, Unix and DOS.
_NEVER: Final = frozenset({(1601, 1, 1), (1970, 1, 1), (1980, 1, 1), (1899, 12, 30)})


def from_iso(text: str) -> datetime | None:
    """Read a date as ISO 8601 or something close to it: "2024", "2024-05-31", "2024-05-31T10:00:00Z"."""
    found = _ISO.match(text.strip())
    return _moment(found) if found else None


def from_pdf(text: str) -> datetime | None:
    """Read a date of a PDF: "D:20240531100000+02'00'", or what old programs wrote in its place."""
    found = _PDF.match(text)
    if not found:
        return None if not text.strip() else _spelt_out(text)
    return _moment(found)


def from_mail(text: str) -> datetime | None:
    """Read the date of a message (RFC 5322): "Fri, 31 May 2024 10:00:00 +0200"."""
    from email.utils import parsedate_to_datetime  # costs 8 ms, and few dates are of this kind

    try:
        return _sensible(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def from_parts(*parts: int) -> datetime | None:
    """Make a date of year, month, day, hour, minute and second, as many as there are."""
    year, month, day, hour, minute, second = (*parts, *(0,) * 6)[:6]
    try:
        return _sensible(datetime(year, month or 1, day or 1, hour, minute, second))
    except (ValueError, OverflowError):
        return None


def _spelt_out(text: str) -> datetime | None:
    """Read "Fri May 31 10:00:00 2024", as C's ctime writes it."""
    words = text.split()
    year = next((word for word in words if len(word) == 4 and word.isdigit()), None)
    return from_mail(" ".join((*words, "+0000"))) if year else None


def _moment(found: re.Match[str]) -> datetime | None:
    *numbers, zone = found.groups()
    parts = [int(number) for number in numbers if number is not None]
    if parts[0] >= 19100:  # 1900 and the years since, put side by side
        parts[0] = 1900 + parts[0] - 19000
    moment = from_parts(*parts)
    if moment is None or zone is None:
        return moment
    return moment.replace(tzinfo=_zone(zone))


def _zone(text: str) -> timezone:
    digits = re.sub(r"\D", "", text)
    if not digits:
        return UTC
    offset = timedelta(hours=min(int(digits[:2]), 23), minutes=min(int(digits[2:]), 59))
    return timezone(-offset if text.startswith("-") else offset)


def _sensible(moment: datetime) -> datetime | None:
    return None if (moment.year, moment.month, moment.day) in _NEVER else moment

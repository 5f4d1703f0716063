"""Messages (.eml) and mailboxes (.mbox): who wrote to whom, when, about what, the text, what was attached."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.formats.dates import from_mail
from jobs.indexing.formats.encoding import decode, decode_declared
from jobs.indexing.formats.html import read_page
from jobs.indexing.limits import Limits

if TYPE_CHECKING:  # the package costs 15 ms, and most folders hold no mail
    from email.message import Message

MAXIMUM_PARTS: Final = 1_000  # of one message, attachments and attached messages included
MAXIMUM_HEADER: Final = 10_000  # characters
_HEADER: Final = re.compile(rb"\A(?:[!-9;-~]{1,100}:[^\n]{0,2000}\r?\n(?:[ \t][^\n]{0,2000}\r?\n)*){2}")
_HEADER_NAMES: Final = (b"received:", b"return-path:", b"delivered-to:", b"mime-version:", b"message-id:")
_ENVELOPE: Final = re.compile(
    rb"^From \S[^\n]{0,300}?\d{4}[^\n]{0,20}\r?\n(?=[!-9;-~]{1,100}:)", re.MULTILINE
)
_QUOTED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)
_NAMED: Final = ("From", "To", "Cc", "Date", "Subject")


class Mail:
    """Single messages as mail programs save them."""

    name = "email"
    suffixes = frozenset({".eml"})

    def signed(self, head: bytes) -> bool:
        """Recognise the headers that only servers and mail programs write."""
        return head.lower().startswith(_HEADER_NAMES) and _HEADER.match(head) is not None

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read the message and those attached to it, each a section under its subject."""
        message = _parsed(data)
        sections = tuple(_sections(message, limits, None))
        return Extracted(_title(message, sections), sections, _author(message), _date(message))


class Mailbox:
    """Files of many messages, one after the other; the number of a message is its page."""

    name = "mailbox"
    suffixes = frozenset({".mbox", ".mbx"})

    def signed(self, head: bytes) -> bool:
        """Recognise the line that separates messages."""
        return _ENVELOPE.match(head) is not None

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read message by message; the title is that of the first message that has one."""
        sections: list[Section] = []
        title = ""
        characters = limits.characters
        for number, message in enumerate(_messages(data), start=1):
            parsed = _parsed(message)
            found = list(_sections(parsed, limits, number))
            title = title or _title(parsed, found)
            sections += found
            characters -= sum(len(section.text) for section in found)
            if characters < 0:
                break
        return Extracted(title, tuple(sections))


def _title(message: "Message", sections: Sequence[Section]) -> str:
    """Give the subject of a message; without one the first line of its text, or else who sent it."""
    if subject := _header(message, "Subject"):
        return subject
    text = sections[0].text.removeprefix(_introduction(message))
    return next((line.strip() for line in text.splitlines() if line.strip()), _author(message))


def _author(message: "Message") -> str:
    return ", ".join(name or address for name, address in _addresses(message, "From"))


def _messages(data: bytes) -> Iterator[bytes]:
    begin = None
    for found in _ENVELOPE.finditer(data):
        if begin is not None:
            yield _QUOTED.sub(rb"\1", data[begin : found.start()])
        begin = found.end()
    if begin is None:
        raise Unextractable("failed", "corrupt", "the file does not begin as a mailbox does")
    yield _QUOTED.sub(rb"\1", data[begin:])


def _parsed(data: bytes) -> "Message":
    """Parse a message.

    Raises
    ------
    Unextractable
        Its parts are nested deeper than anybody forwards.
    """
    from email import message_from_bytes, policy
    from email.errors import MessageError

    try:
        return message_from_bytes(data, policy=policy.compat32)
    except RecursionError as error:
        raise Unextractable("failed", "corrupt", "the parts of the message are nested too deep") from error
    except MessageError as error:
        raise Unextractable("failed", "corrupt", str(error)) from error


def _sections(message: "Message", limits: Limits, page: int | None) -> Iterator[Section]:
    """Yield a section for a message, and one for each message attached to it."""
    parts, waiting = 0, [message]
    while waiting and parts <= MAXIMUM_PARTS:
        one = waiting.pop(0)
        texts, attachments = [_introduction(one)], []
        for part in _parts(one):
            parts += 1
            if parts > MAXIMUM_PARTS:
                break
            name = _file_name(part)
            if part.get_content_type() == "message/rfc822":
                waiting += _inside(part)
            elif name or part.get_content_maintype() != "text":
                attachments.append(name)
            else:
                texts.append(_text(part, limits))
        texts.append("Attachments: " + ", ".join(filter(None, attachments)) if any(attachments) else "")
        yield Section("\n\n".join(filter(None, texts)), page, _header(one, "Subject") or None)


def _introduction(message: "Message") -> str:
    return "\n".join(f"{name}: {value}" for name in _NAMED if (value := _header(message, name)))


def _inside(part: "Message") -> list["Message"]:
    inside = part.get_payload()
    return [one for one in inside if not isinstance(one, str)] if isinstance(inside, list) else []


def _parts(message: "Message") -> Iterator["Message"]:
    """Yield the parts of a message that hold something, without entering attached messages.

    Of alternatives the plain text is taken, else the last, which is the richest.
    """
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_type() == "message/rfc822" or not part.is_multipart():
            yield part
        elif part.get_content_type() == "multipart/alternative":
            waiting += _best(_inside(part))
        else:
            waiting += reversed(_inside(part))


def _best(alternatives: list["Message"]) -> list["Message"]:
    plain = [part for part in alternatives if part.get_content_type() == "text/plain"]
    return (plain or alternatives[-1:])[:1]


def _text(part: "Message", limits: Limits) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    declared = part.get_content_charset()
    text = decode_declared(data, declared) if declared else None
    if text is None:
        text = decode(data, limits.characters)
    if part.get_content_subtype() != "html":
        return text
    return "\n\n".join(section.text for section in read_page(text).sections)


def _file_name(part: "Message") -> str:
    name = part.get_filename()
    return " ".join(_decoded(_readable(name, part)).split()) if name else ""


def _addresses(message: "Message", name: str) -> list[tuple[str, str]]:
    from email.utils import getaddresses

    header = _header(message, name)
    try:
        return [pair for pair in getaddresses([header]) if any(pair)]
    except RecursionError:  # comments in comments
        return [("", header)]


def _date(message: "Message") -> datetime | None:
    return from_mail(_header(message, "Date"))


def _header(message: "Message", name: str) -> str:
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(_decoded(_readable(raw[:MAXIMUM_HEADER], message)).split())


def _readable(raw: str, message: "Message") -> str:
    """Read the bytes that a header should not hold, and that many do, as UTF-8, else as the text is."""
    if raw.isascii():
        return raw
    data = raw.encode("utf-8", "surrogateescape")
    try:
        return data.decode()
    except UnicodeDecodeError:
        charset = next((found for part in message.walk() if (found := part.get_content_charset())), None)
        return _word(data, charset)


def _decoded(value: str) -> str:
    """Decode the words of a header that are written in ASCII for want of anything better (RFC 2047)."""
    from email.errors import MessageError
    from email.header import decode_header

    try:
        pieces = decode_header(value)
    except (ValueError, MessageError):
        return value
    return "".join(piece if isinstance(piece, str) else _word(piece, charset) for piece, charset in pieces)


def _word(piece: bytes, charset: str | None) -> str:
    text = decode_declared(piece, charset) if charset else None
    if text is not None:
        return text
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return piece.decode("cp1252", "replace")

"""Messages and mailboxes: who, when, about what, and the text, however it is packed."""

from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from jobs.indexing.formats import Extracted, Unextractable, format_named, format_of, signed_format
from jobs.indexing.limits import Limits


def letter(text: str = "The fulmars are back.", subject: str = "Fulmars") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ingrid Sæther <ingrid@hut.example>"
    message["To"] = "Jonas Okafor <jonas@ship.example>, crew@ship.example"
    message["Subject"] = subject
    message["Date"] = "Fri, 31 May 2024 10:00:00 +0200"
    message.set_content(text)
    return message


def read(data: bytes, name: str = "email") -> Extracted:
    return format_named(name).read(data, Limits())


def whole(document: Extracted) -> str:
    return "\n\n".join(section.text for section in document.sections)


def test_a_message_gives_subject_sender_date_and_text():
    document = read(letter("Grüße von der Hütte.\nBjörn", "Über Möwen").as_bytes())

    assert (document.title, document.author) == ("Über Möwen", "Ingrid Sæther")
    assert document.created == datetime(2024, 5, 31, 10, tzinfo=timezone(timedelta(hours=2)))
    assert document.sections[0].label == "Über Möwen"
    assert whole(document).startswith("From: Ingrid Sæther <ingrid@hut.example>\nTo: Jonas Okafor")
    assert "Grüße von der Hütte.\nBjörn" in whole(document)


def test_of_two_versions_of_a_text_the_plain_one_is_read():
    message = letter("plain words")
    message.add_alternative("<p>marked <b>words</b>", subtype="html")

    text = whole(read(message.as_bytes()))

    assert "plain words" in text
    assert "marked" not in text


def test_a_page_is_read_where_there_is_no_plain_text():
    message = letter()
    message.set_content("<style>p{}</style><p>re<b>mark</b>able", subtype="html")

    assert "remarkable" in whole(read(message.as_bytes()))


def test_attachments_are_found_by_their_names():
    message = letter()
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="Nistplätze 2024.pdf")
    message.add_attachment("secret words", filename="notes.txt")

    text = whole(read(message.as_bytes()))

    assert "Attachments: Nistplätze 2024.pdf, notes.txt" in text
    assert "secret words" not in text


def test_a_forwarded_message_is_a_section_under_its_own_subject():
    message = letter("See below.", "Fwd: Skuas")
    message.add_attachment(letter("The skuas too.", "Skuas"))

    document = read(message.as_bytes())

    assert [section.label for section in document.sections] == ["Fwd: Skuas", "Skuas"]
    assert "The skuas too." in document.sections[1].text


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "koi8-r", "shift_jis", "iso-2022-jp"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_a_text_is_decoded_as_its_part_declares(charset, encoding):
    text = {"koi8-r": "Глупыши", "shift_jis": "フルマカモメ", "iso-2022-jp": "フルマカモメ"}.get(
        charset, "Möwe"
    )
    message = letter()
    message.set_content(text, charset=charset, cte=encoding if charset != "iso-2022-jp" else "base64")

    assert text in whole(read(message.as_bytes(policy=SMTP)))


def test_headers_in_bare_bytes_are_read_as_most_programs_mean_them():
    data = (
        b"Subject: " + "Möwen über Föhr".encode() + b"\nFrom: " + "Björn".encode("cp1252") + b" <b@x>\n\ntext"
    )

    document = read(data)

    assert (document.title, document.author) == ("Möwen über Föhr", "Björn")


def test_a_wrong_date_is_no_date():
    assert read(b"Subject: x\nDate: yesterday, or so\n\nfulmar").created is None


def test_a_mailbox_gives_its_messages_as_pages():
    messages = [letter("one fulmar", "One"), letter("From here two fulmars", "Two")]
    data = b"".join(
        b"From ingrid@hut Fri May 31 10:00:00 2024\n"
        + message.as_bytes().replace(b"\nFrom h", b"\n>From h")
        + b"\n"
        for message in messages
    )

    document = read(data, "mailbox")

    assert [(section.page, section.label) for section in document.sections] == [(1, "One"), (2, "Two")]
    assert "\n\nFrom here two fulmars" in document.sections[1].text


def test_a_mailbox_that_is_none_says_so():
    with pytest.raises(Unextractable, match="does not begin as a mailbox does"):
        read(b"Dear Ingrid", "mailbox")


def test_a_message_with_another_name_is_known_by_what_servers_write():
    text = format_of("message.txt")
    assert text is not None

    assert (
        signed_format(text, b"Return-Path: <a@b>\r\nReceived: by hut\r\nSubject: x\r\n\r\nText").name
        == "email"
    )
    assert signed_format(text, b"Received: three boxes of herring\n\nand a bill").name == "text"


def test_the_time_is_of_utc_where_the_message_says_so():
    document = read(b"Subject: x\nDate: Fri, 31 May 2024 10:00:00 +0000\n\nfulmar")

    assert document.created == datetime(2024, 5, 31, 10, tzinfo=UTC)


def boxed(*messages: bytes) -> bytes:
    return b"".join(b"From ingrid@hut Fri May 31 10:00:00 2024\n" + one + b"\n\n" for one in messages)


@pytest.mark.parametrize(
    ("messages", "title"),
    [
        ([b"From: a@b\nSubject: Skuas\n\none", b"From: a@b\nSubject: Terns\n\ntwo"], "Skuas"),
        ([b"From: a@b\n\n\nDear Ingrid,\nmore", b"From: a@b\nSubject: Terns\n\ntwo"], "Dear Ingrid,"),
        ([b"From: Ann <a@b>\n\n", b"From: a@b\nSubject: Terns\n\ntwo"], "Ann"),
    ],
)
def test_the_title_of_a_mailbox_is_that_of_its_first_message(messages, title):
    assert read(boxed(*messages), "mailbox").title == title


def test_the_title_of_a_message_without_a_subject_is_its_first_line():
    assert read(b"From: Ann <a@b>\nTo: c@d\n\nDear Ingrid,\n\nmore").title == "Dear Ingrid,"


def test_a_header_in_bare_bytes_is_in_the_encoding_of_the_text():
    subject = "Заседание в понедельник"
    head = b"Content-Type: text/plain; charset=koi8-r\nSubject: " + subject.encode("koi8-r")

    assert read(head + b"\n\n" + "Начало".encode("koi8-r")).title == subject

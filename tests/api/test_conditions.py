"""Requests for a part of a file, and under conditions: RFC 9110, sections 13 and 14, case by case."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

CONTENT = bytes(range(256)) * 4  # 1,024 bytes
ETAG = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
OTHER = f'"{hashlib.sha256(b"").hexdigest()}"'


@pytest.fixture(scope="module")
def reader(client_of):
    return client_of("downloads")


@pytest.fixture(scope="module")
def address(reader):
    session = reader.upload(("data.bin", CONTENT), ("empty.txt", b""))
    return f"/api/v1/sessions/{session}/files/data.bin"


def head(client, path, **headers):
    return client.http.head(path, headers=client.headers | headers)


@pytest.mark.parametrize(
    ("wanted", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=1000-", 1000, 1024),
        ("bytes=1023-1023", 1023, 1024),
        ("bytes=-1", 1023, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=0-", 0, 1024),
        ("bytes=-5000", 0, 1024),
        ("bytes=1000-99999999999999", 1000, 1024),
        (" bytes=5-9 ", 5, 10),
    ],
)
def test_a_part_is_sent(reader, address, wanted, begin, end):
    answer = reader.get(address, headers={"Range": wanted})

    assert (answer.status_code, answer.data) == (206, CONTENT[begin:end])
    assert answer.headers["Content-Range"] == f"bytes {begin}-{end - 1}/1024"
    assert answer.headers["Content-Length"] == str(end - begin)
    assert answer.headers["ETag"] == ETAG


@pytest.mark.parametrize("wanted", ["bytes=1024-", "bytes=5000-6000", "bytes=-0", f"bytes={'9' * 19}-"])
def test_a_part_behind_the_end_is_refused_with_the_length(reader, address, wanted):
    answer = reader.get(address, headers={"Range": wanted})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */1024"
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-1",
        "bytes = 5 - 9",
        f"bytes={' ' * 60_000}-",
        "bytes=0-1,5-9",
        "lines=1-2",
        "bytes=0x1-2",
        "bytes=--5",
        "bytes=" + "9" * 30 + "-",
        "bytes=٣-",
    ],
)
def test_what_is_no_part_is_answered_with_the_whole(reader, address, wanted):
    answer = reader.get(address, headers={"Range": wanted.encode().decode("latin-1")})

    assert (answer.status_code, answer.data) == (200, CONTENT)


def test_an_empty_file_has_no_parts_but_its_end(reader, address):
    empty = address.replace("data.bin", "empty.txt")

    assert reader.get(empty).data == b""
    assert reader.get(empty, headers={"Range": "bytes=0-"}).status_code == 416
    assert reader.get(empty, headers={"Range": "bytes=-5"}).status_code == 200


def test_head_has_no_parts(reader, address):
    answer = head(reader, address, Range="bytes=0-9")

    assert (answer.status_code, answer.headers["Content-Length"]) == (200, "1024")


@pytest.mark.parametrize(
    ("condition", "status"),
    [(ETAG, 206), (OTHER, 200), (f"W/{ETAG}", 200), ("garbage", 200), ("Thu, 01 Jan 1970 00:00:00 GMT", 200)],
)
def test_a_part_is_sent_only_of_the_file_that_the_client_has(reader, address, condition, status):
    answer = reader.get(address, headers={"Range": "bytes=0-9", "If-Range": condition})

    assert answer.status_code == status


def test_a_part_is_sent_if_the_file_is_as_old_as_the_client_has_it(reader, address):
    changed = reader.get(address).headers["Last-Modified"]

    answer = reader.get(address, headers={"Range": "bytes=0-9", "If-Range": changed})

    assert answer.status_code == 206


LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT"
LATER = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": ETAG}, 304),
        ({"If-None-Match": f"W/{ETAG}"}, 304),
        ({"If-None-Match": f"{OTHER}, {ETAG}"}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": OTHER}, 200),
        ({"If-None-Match": ""}, 200),
        ({"If-Match": ETAG}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": OTHER}, 412),
        ({"If-Match": f"W/{ETAG}"}, 412),
        ({"If-Match": ""}, 412),
        ({"If-Modified-Since": LATER}, 304),
        ({"If-Modified-Since": LONG_AGO}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Unmodified-Since": LONG_AGO}, 412),
        ({"If-Unmodified-Since": LATER}, 200),
        # RFC 9110, section 13.2.2: ETags decide where both are sent
        ({"If-None-Match": OTHER, "If-Modified-Since": LATER}, 200),
        ({"If-Match": ETAG, "If-Unmodified-Since": LONG_AGO}, 200),
        ({"If-Match": ETAG, "If-None-Match": ETAG}, 304),
        ({"If-Match": OTHER, "If-None-Match": ETAG}, 412),
        ({"If-None-Match": ETAG, "Range": "bytes=0-9"}, 304),
        ({"If-Match": OTHER, "Range": "bytes=0-9"}, 412),
    ],
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_conditions_decide_what_is_sent(reader, address, headers, status, method):
    answer = getattr(reader.http, method)(address, headers=reader.headers | headers, buffered=True)

    assert answer.status_code == status
    if status == 304:
        assert answer.data == b""
        assert answer.headers["ETag"] == ETAG


@pytest.mark.parametrize("year", ["9" * 20, "10000"])
@pytest.mark.parametrize("zone", ["GMT", f"+{'9' * 20}"])
@pytest.mark.parametrize("header", ["If-Modified-Since", "If-Unmodified-Since", "If-Range"])
def test_a_time_that_no_calendar_has_counts_as_not_sent(reader, address, header, year, zone):
    headers = {header: f"Fri, 01 Jan {year} 00:00:00 {zone}"}

    for path in (address, "/api/v1/openapi.json", "/docs", "/api/v1/kinds"):
        assert reader.get(path, headers=headers).status_code == 200

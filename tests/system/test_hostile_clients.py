"""Clients that are slow, careless or hostile, on real sockets: they harm themselves, and nobody else."""

import socket
import time
from pathlib import Path

import pytest

from tests.support.waiting import until
from tests.support.wire import Wire, own_service, read

THREADS = 8
QUICK_SECONDS = 2.0  # on a machine that is busy with other tests
MANY = 2_000
MOST_GROWN_BYTES = 150_000_000
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    settings = {"LONGHAUL_THREADS": str(THREADS), "LONGHAUL_STREAMS": "8", "LONGHAUL_WAITS": "4"}
    with own_service(tmp_path_factory.mktemp("hostile") / "tree", queues="control", **settings) as running:
        yield running


@pytest.fixture(scope="module")
def other(service):
    """The token of somebody else."""
    return service.run("flask", "--app", "api", "tokens", "create", "bea").strip().splitlines()[-1]


@pytest.fixture
def wire(service):
    found = Wire(service.port, service.client().token)
    yield found
    found.close()


@pytest.fixture
def bea(service, other):
    found = Wire(service.port, other)
    yield found
    found.close()


def is_served_quickly(client):
    status, seconds = client.get()
    assert status == 200
    assert seconds < QUICK_SECONDS


POST = b"POST /api/v1/jobs/analysis HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
ODD_REQUESTS = {
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nabcde",
    "length and chunks": POST + b"Content-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunk size that is no number": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "chunk size without end": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nabc\r\n",
    "negative length": POST + b"Content-Length: -5\r\n\r\nabcde",
    "length that is no number": POST + b"Content-Length: 5x\r\n\r\nabcde",
    "an encoding that nobody knows": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"GET /api/v1/jobs HTTP/1.1\r\nHost : x\r\n\r\n",
    "a folded header": b"GET /api/v1/jobs HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n",
    "a NUL in a header": b"GET /api/v1/jobs HTTP/1.1\r\nHost: x\r\nX-A: b\x00c\r\n\r\n",
    "no request at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100 + b"\r\n\r\n",
    "another protocol": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "HTTP/2 without leave": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a method of 10,000 letters": b"G" * 10_000 + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "an address of 1 MB": b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a header of 1 MB": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "10,000 headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n",
    "a control character in the address": b"GET /api/\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a space in the address": b"GET /api/v1 /jobs HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("sent", ODD_REQUESTS.values(), ids=ODD_REQUESTS)
def test_what_is_no_decent_request_is_refused_at_once_and_nothing_behind_it_is_served(wire, sent):
    answer = wire.ask(sent)

    assert answer.status is None or 400 <= answer.status < 500
    assert answer.received.count(b"HTTP/1.1 ") <= 1
    assert b"smuggled" not in answer.received


UNUSUAL_REQUESTS = {
    "a whole address": GET.replace(b"/healthz", b"http://elsewhere.example/healthz") + b"\r\n",
    "HTTP/1.0": b"GET /healthz HTTP/1.0\r\n\r\n",
    "8-bit headers": GET + b"X-Request-ID: \xe9\xff\r\n\r\n",
    "an 8-bit address": GET.replace(b"/healthz", b"/healthz?x=\xe9") + b"\r\n",
}


@pytest.mark.parametrize("sent", UNUSUAL_REQUESTS.values(), ids=UNUSUAL_REQUESTS)
def test_what_is_unusual_and_allowed_is_answered(wire, sent):
    answer = wire.ask(sent)

    assert answer.status in (200, 400)


@pytest.mark.parametrize("value", [b"Bearer \xff\xfe", b"Bearer " + b"a" * 50_000, b"\xe9", b"Bearer a\tb"])
def test_a_token_of_any_bytes_is_told_to_be_wrong(wire, value):
    sent = (
        b"GET /api/v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: " + value + b"\r\nConnection: close\r\n\r\n"
    )

    assert wire.ask(sent).status in (400, 401, 431)


@pytest.mark.parametrize(
    "header",
    [
        b"Prefer: wait=99999999999999999999",
        b"Prefer: \xff",
        b"If-None-Match: \xff\xfe",
        b"If-None-Match: " + b'"a",' * 2_000,
        b"Range: bytes=0-1,2-3,4-" + b"5,5-" * 2_000,
        b"Accept: " + b"a/b;q=0.1," * 4_000,
        b"Cookie: " + b"a=b;" * 10_000,
        b"X-Forwarded-For: " + b"1.2.3.4," * 5_000,
        b"Content-Type: multipart/form-data; boundary=" + b"x" * 20_000,
        b"Content-Length: 0",
    ],
)
def test_no_header_of_a_user_makes_the_service_fail(wire, header):
    for path in ("/api/v1/jobs", "/api/v1/kinds", "/healthz", "/api/v1/sessions"):
        sent = wire.request("GET", path, "Connection: close").replace(
            b"Connection", header + b"\r\nConnection", 1
        )

        assert wire.ask(sent).status < 500


def test_requests_in_one_go_are_answered_one_after_the_other(wire):
    connection = wire.connect(
        wire.request("GET", "/healthz") * 20 + wire.request("GET", "/healthz", "Connection: close")
    )

    received = b""
    while chunk := connection.recv(65_536):
        received += chunk

    assert received.count(b"HTTP/1.1 200 OK") == 21


@pytest.mark.slow
def test_while_bodies_do_not_come_others_are_served_and_each_is_given_up(service, wire, bea):
    session = service.client().upload(("a.csv", b"a,b\n1,2\n"))
    slow = [
        wire.connect(
            wire.request(
                "PUT",
                f"/api/v1/sessions/{session}/files/{number}.csv",
                "Content-Length: 1000000",
                body=b"a,b",
            )
        )
        for number in range(3 * THREADS)
    ]

    is_served_quickly(bea)
    is_served_quickly(wire)
    answers = [read(connection, 60).status for connection in slow]

    assert set(answers) == {408, 429}
    assert answers.count(408) == THREADS // 4
    is_served_quickly(bea)


@pytest.mark.slow
def test_bodies_that_hardly_come_harm_nobody_else_and_are_given_up(wire, bea):
    """Each goes on sending a byte, so that it is never silent."""
    head = wire.request(
        "POST", "/api/v1/jobs/analysis", "Content-Type: application/json", "Content-Length: 100000"
    )
    slow = [wire.connect(head + b"{") for _ in range(THREADS // 4)]
    answered, begun = [], time.monotonic()

    def all_answered():
        for connection in set(slow) - set(answered):
            connection.settimeout(0.01)
            try:
                connection.sendall(b" ")
                if connection.recv(1, socket.MSG_PEEK):
                    answered.append(connection)
            except TimeoutError:
                continue
        return len(answered) == len(slow)

    submit = bea.request(
        "POST", "/api/v1/jobs/analysis", "Content-Type: application/json", "Content-Length: 2", body=b"{}"
    )
    assert bea.ask(submit).status == 422  # it was read
    until(all_answered, seconds=70, what="they are given up")

    assert {read(connection).status for connection in slow} == {408}
    assert time.monotonic() - begun > 20
    is_served_quickly(wire)


def test_a_body_that_comes_in_small_pieces_arrives(service, wire):
    session = service.client().upload(("a.csv", b"a,b\n1,2\n"))
    connection = wire.connect(
        wire.request("PUT", f"/api/v1/sessions/{session}/files/b.csv", "Content-Length: 10")
    )
    for letter in b"a,b\n1,2\n3,":
        connection.sendall(bytes([letter]))

    assert read(connection).status == 201


def test_while_thousands_of_connections_say_nothing_others_are_served(wire, bea):
    for number in range(MANY):
        wire.connect((b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")[number % 2])

    is_served_quickly(bea)


@pytest.mark.slow
def test_a_connection_whose_headers_do_not_come_is_closed(wire):
    connection = wire.connect(b"GET / HTTP/1.1\r\nHost: x\r\n")
    begun = time.monotonic()

    read(connection, 60)

    assert time.monotonic() - begun < 30


def test_while_answers_are_not_read_others_are_served(service, wire, bea):
    for _ in range(5 * THREADS):
        wire.connect(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 100, receive_buffer=4_096)

    is_served_quickly(bea)


def test_while_large_files_are_not_read_others_are_served(service, wire, bea):
    client = service.client()
    session = client.upload(("large.csv", b"a,b\n" + b"1,2\n" * 5_000_000))
    address = f"/api/v1/sessions/{session}/files/large.csv"
    assert wire.get(address)[0] == 200
    for _ in range(3 * THREADS):
        wire.connect(wire.request("GET", address), receive_buffer=4_096)

    is_served_quickly(bea)
    is_served_quickly(wire)
    wire.close()
    assert until(lambda: wire.get(address)[0] == 200, seconds=60, what="places are given back")


def test_what_clients_do_does_not_let_the_service_grow(service, wire):
    grown = resident_bytes(service)

    for _ in range(20):
        wire.ask(
            wire.request(
                "POST", "/api/v1/jobs/analysis", "Content-Type: application/json", "Content-Length: 900000"
            )
            + b"[" * 900_000
        )
        wire.ask(
            wire.request(
                "POST",
                "/api/v1/jobs/analysis",
                "Content-Type: application/json",
                "Content-Length: 9000000000",
            )
            + b"1" * 100_000
        )

    assert resident_bytes(service) - grown < MOST_GROWN_BYTES
    is_served_quickly(wire)


def resident_bytes(service):
    """Return what the API's processes have in memory."""
    mark = f"LONGHAUL_PORT={service.port}".encode()
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            ours = (
                mark in (folder / "environ").read_bytes()
                and b"api.serve" in (folder / "cmdline").read_bytes()
            )
            total += int((folder / "statm").read_text().split()[1]) * 4_096 if ours else 0
        except OSError:
            continue
    return total

"""Uploads that break off, against the real server over a real socket."""

import socket

import pytest

from jobs import users
from jobs.connection import records_client
from jobs.settings import settings
from tests.support.server import ask, head_of, serving, start
from tests.support.waiting import until


@pytest.fixture(scope="module")
def port(redis_server, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("serve") / "log") as (number, _):
        yield number


@pytest.fixture(scope="module")
def token(redis_server):
    return users.create_token(records_client(), "cut-off")


def send_and_hang_up(port, token, request, body):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        head = f"{request} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        connection.sendall(head.encode() + body)


def leftovers():
    return sorted(settings().sessions.glob(".part-*"))


def test_a_file_that_broke_off_is_not_stored(port, token, app, client_of):
    client = client_of("cut-off")
    session = client.upload(("a.csv", b"whole"))
    before = leftovers()

    send_and_hang_up(
        port, token, f"PUT /api/v1/sessions/{session}/files/a.csv", b"Content-Length: 1000\r\n\r\nabc"
    )

    until(lambda: leftovers() == before, what="the part that came is removed")
    files = client.get(f"/api/v1/sessions/{session}/files").json["items"]
    assert [(file["name"], file["bytes"]) for file in files] == [("a.csv", 5)]


def test_a_form_that_broke_off_leaves_nothing_behind(port, token):
    before = leftovers()
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"x" * 400_000

    send_and_hang_up(
        port,
        token,
        "POST /api/v1/sessions",
        b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n" + part,
    )

    until(lambda: leftovers() == before, what="what came of the form is removed")


def test_a_file_of_unknown_length_is_not_taken_for_whole_where_it_breaks_off(port, token, client_of):
    session = client_of("cut-off").upload(("a.csv", b"whole"))
    address = f"/api/v1/sessions/{session}/files/b.csv".encode()
    chunks = b"3\r\nabc\r\n"

    unknown = ask(
        port, head_of(b"PUT", address, token, b"Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n"
    )
    promised = b"Content-Digest: sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:"  # of abc
    broken = head_of(b"PUT", address, token, b"Transfer-Encoding: chunked", promised) + b"2\r\nab\r\n"
    cut = ask(port, broken + b"0\r\n\r\n")
    whole = head_of(b"PUT", address, token, b"Transfer-Encoding: chunked", promised) + chunks + b"0\r\n\r\n"
    taken = ask(port, whole)

    assert (unknown.status, cut.status, taken.status) == (411, 422, 201)


def test_a_port_that_is_taken_is_refused_with_the_remedy(port, tmp_path):
    second = start(port, tmp_path / "log")

    assert second.wait(30) == 1
    assert "LONGHAUL_PORT" in (tmp_path / "log").read_text()

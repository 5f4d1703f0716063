"""A large session is sent in the memory that a small one takes, however fast or slowly it is read."""

import zipfile
from pathlib import Path

import pytest

from tests.support.server import connected, head_of, serving

FILES, FILE_BYTES = 6, 50_000_000
MOST_GROWTH_BYTES = 16_000_000  # the allocator's, the sockets', and a few blocks of 256 KiB
BLOCK = bytes(range(256)) * 3_907  # a million bytes


def memory(pid):
    """Return what a process and its children hold in memory, in bytes."""
    found, waiting = 0, [pid]
    while waiting:
        status = Path(f"/proc/{waiting[-1]}/status").read_text()
        waiting += map(int, Path(f"/proc/{waiting[-1]}/task/{waiting.pop()}/children").read_text().split())
        found += int(status.partition("VmRSS:")[2].split()[0]) * 1024
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", ["archive", "files/0.bin"])
def test_three_hundred_megabytes_are_sent_in_flat_memory(redis_server, client_of, tmp_path, way):
    client = client_of("large")
    with serving(tmp_path / "log", LONGHAUL_SESSION_BYTES_PER_USER="0") as (port, process):
        session = client.upload(("small.csv", b"x"))
        for number in range(FILES):
            upload(port, client, f"/api/v1/sessions/{session}/files/{number}.bin")
        download(port, client, f"/api/v1/sessions/{session}/files/small.csv", tmp_path / "small")
        before = memory(process.pid)

        highest = download(
            port, client, f"/api/v1/sessions/{session}/{way}", tmp_path / "large", lambda: memory(process.pid)
        )

    assert highest - before < MOST_GROWTH_BYTES
    if way == "archive":
        with zipfile.ZipFile(tmp_path / "large") as found:
            assert found.testzip() is None
            assert len(found.namelist()) == FILES + 1
    else:
        assert (tmp_path / "large").stat().st_size == FILE_BYTES


def upload(port, client, address):
    head = head_of(b"PUT", address.encode(), client.token, f"Content-Length: {FILE_BYTES}".encode())
    with connected(port) as connection:
        connection.sendall(head)
        sent = 0
        while sent < FILE_BYTES:
            sent += len(piece := BLOCK[: FILE_BYTES - sent])
            connection.sendall(piece)
        assert b" 201 " in connection.recv(100)


def download(port, client, address, path, look=lambda: 0):
    """Write the body of an answer to a file; return the highest of some looks meanwhile."""
    highest, size, next_look = 0, 0, 0
    with connected(port) as connection, path.open("wb") as file:
        connection.sendall(head_of(b"GET", address.encode(), client.token))
        answer = connection.recv(1 << 16)
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(1 << 16)
        piece = answer.partition(b"\r\n\r\n")[2]
        while piece or not size:
            size += len(piece)
            file.write(piece)
            if size >= next_look:
                highest, next_look = max(highest, look()), size + 5_000_000
            piece = connection.recv(1 << 16)
    return highest

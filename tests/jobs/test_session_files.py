"""What of a session is read: what is listed, where it lies, and nothing that a link leads to."""

import os
import socket
from contextlib import closing

import pytest

from jobs import contents, session_files, sessions
from jobs.errors import NotFound
from jobs.storage import opened


@pytest.fixture
def session(redis_server):
    made = sessions.create("ada", "birds")
    with sessions.receive() as upload:
        upload.write(b"birds")
        made.add_file("birds.csv", upload)
    with made.new_project("job-1", attempt=1) as folder:
        (folder / "plots").mkdir()
        (folder / "plots" / "a.png").write_bytes(b"picture")
        (folder / "results.json").write_bytes(b"{}")
        (folder / ".hidden").write_bytes(b"hidden")
        (folder / "link.json").symlink_to(folder / "results.json")
        (folder / "plots" / "out").symlink_to("/etc")
        os.mkfifo(folder / "pipe")
    return made


@pytest.fixture
def outside(tmp_path):
    (tmp_path / "plots").mkdir()
    for path in (tmp_path / "birds.csv", tmp_path / "results.json", tmp_path / "plots" / "a.png"):
        path.write_bytes(b"secret")
    return tmp_path


def read(session, path):
    with closing(session_files.opened_at(session, path)) as found:
        return found.file.read()


def test_a_session_lists_what_was_uploaded_and_what_jobs_have_left(session):
    listed = [file.path for file in session_files.everything(session)]

    assert listed == ["files/birds.csv", "project_001/results.json", "project_001/plots/a.png"]
    assert read(session, "birds.csv") == b"birds"
    assert read(session, "project_001/plots/a.png") == b"picture"


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "files/birds.csv",
        "session.json",
        "project_001",
        "project_001/files.json",
        "project_001/.hidden",
        "project_001/link.json",
        "project_001/plots/out/passwd",
        "project_001/pipe",
        "project_002/results.json",
        "project_001/plots/../results.json",
        "\0",
        "\ud800",
        "x" * 5_000,
    ],
)
def test_nothing_else_is_there(session, path):
    with pytest.raises(NotFound):
        session_files.opened_at(session, path)


@pytest.mark.parametrize(
    "place", ["files/birds.csv", "files", "project_001/plots/a.png", "project_001/plots", "project_001"]
)
def test_a_link_in_the_place_of_what_is_listed_leads_nowhere(session, outside, place):
    path = session.folder / place
    path.rename(path.with_name("moved"))
    target = outside if place == "project_001" or place == "files" else outside / place.partition("/")[2]
    path.symlink_to(target)

    wanted = "birds.csv" if place.startswith("files") else "project_001/plots/a.png"
    with pytest.raises(NotFound):
        session_files.opened_at(session, wanted)


@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "folder"])
def test_what_is_no_file_is_never_opened(tmp_path, kind):
    path = tmp_path / "x"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(os.path.relpath(path))
    else:
        try:
            os.mknod(path, 0o20666, os.makedev(1, 5))  # /dev/zero, which never ends
        except PermissionError:
            pytest.skip("only root makes devices")

    with pytest.raises(NotFound):
        opened(tmp_path, "x")


def test_what_an_earlier_version_has_left_is_listed_when_it_is_asked_for(session):
    (session.folder / "project_001" / contents.LIST).unlink()

    listed = session_files.of_project(session, "project_001")

    assert sorted(listed) == ["plots/a.png", "results.json"]
    assert (session.folder / "project_001" / contents.LIST).exists()


def test_a_project_that_is_not_finished_has_no_files(session):
    with session.new_project("job-2", attempt=1) as folder:
        (folder / "results.json").write_bytes(b"{}")

        with pytest.raises(NotFound):
            session_files.opened_at(session, "project_002/results.json")

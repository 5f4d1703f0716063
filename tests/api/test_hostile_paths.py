"""Names and paths made to lead elsewhere, over the wire as they are: they lead nowhere, and break nothing."""

import io
import os

import orjson
import pytest

from jobs import sessions
from jobs.settings import settings
from tests.support.client import EXAMPLES
from tests.support.server import ask, head_of, serving

SECRET = b"c2VjcmV0-which-nobody-may-read"
MARK = "title-that-stands-in-the-manifest-alone"
LEAKS = (SECRET, MARK.encode(), b"root:x:0", b"Traceback", b"LONGHAUL_DATA=", b"/tmp/", b"; for 16-bit")

UP = b"../" * 12
HOSTILE = [
    # up, as it is and disguised
    b"../session.json",
    b"..%2fsession.json",
    b"%2e%2e/session.json",
    b"%2e%2e%2fsession.json",
    b"%2E%2E%2Fsession.json",
    b"..%252fsession.json",
    b"%252e%252e%252fsession.json",
    b"..%c0%afsession.json",
    b"%c0%ae%c0%ae/session.json",
    b"..%e0%80%afsession.json",
    b"..%5csession.json",
    b"..\\session.json",
    b"....//session.json",
    b"..;/session.json",
    b"./../session.json",
    b"%ef%bc%8e%ef%bc%8e/session.json",
    b"..%e2%81%84session.json",
    b"%u002e%u002e/session.json",
    b"files/../../session.json",
    b"project_001/../session.json",
    b"project_001/plots/../../session.json",
    b"project_001/%2e%2e/session.json",
    b"project_001//session.json",
    b"a.csv/../../session.json",
    b"a.csv%2f..%2f..%2fsession.json",
    UP + b"etc/passwd",
    UP.replace(b"/", b"%2f") + b"etc%2fpasswd",
    UP.replace(b"../", b"%2e%2e%2f") + b"etc%2fpasswd",
    UP.replace(b"/", b"\\") + b"etc\\passwd",
    UP + b"proc/self/environ",
    UP + b"proc/self/fd/0",
    # absolute
    b"/etc/passwd",
    b"//etc/passwd",
    b"///etc/passwd",
    b"%2fetc%2fpasswd",
    b"%2f%2fetc%2fpasswd",
    b"/proc/self/environ",
    b"/dev/zero",
    b"/dev/stdin",
    b"file:///etc/passwd",
    b"file:%2f%2f%2fetc%2fpasswd",
    b"http://127.0.0.1/",
    b"~/.ssh/id_rsa",
    b"~root",
    # of Windows
    b"C:\\Windows\\win.ini",
    b"C:/Windows/win.ini",
    b"C%3a%5cWindows%5cwin.ini",
    b"\\\\host\\share\\x",
    b"CON",
    b"NUL.txt",
    b"LPT1.csv",
    b"aux",
    b"a.csv::$DATA",
    b"a.csv:stream",
    b"a.csv.",
    b"a.csv%20",
    # characters
    b"%00",
    b"a.csv%00",
    b"a.csv%00.png",
    b"groups.csv%00.png",
    b"%0a",
    b"%0d%0aSet-Cookie:%20x=1",
    b"a%0d%0a%0d%0ab",
    b"%1b[31m",
    b"%7f",
    b"%ff%fe",
    b"%c3",
    b"%ed%a0%80",
    b"%e2%80%aegnp.exe",
    b"%ef%bb%bfa.csv",
    b"%",
    b"%zz",
    b"%2",
    b"a.csv%",
    b"$(id)",
    b"`id`",
    b"%3cscript%3ealert(1)%3c%2fscript%3e",
    b"{{7*7}}",
    b"*",
    b"a.csv%3f",
    b"'%20OR%201=1",
    # too long, too deep, too little
    b"x" * 201,
    b"x" * 300,
    b"x" * 5_000,
    b"%41" * 1_500,
    b"d/" * 1_000 + b"x",
    b".",
    b"..",
    b"...",
    b"%2e",
    b"./a.csv",
    b"a.csv/",
    b"a.csv/.",
    b"A.CSV",
    # what is there, and is nobody's to read
    b".lock",
    b".hidden",
    b".shared.json",
    b"session.json",
    b"secret.txt",
    b"files.json",
    b"project_001",
    b"project_001/",
    b"project_001/files.json",
    b"project_001/plots",
    b"project_001/plots/",
    b"project_001/unlisted.txt",
    b"project_001/plots/link.png",
    b"project_001/plots/folder/secret.png",
    b"project_002/secret.txt",
    b"tables/x.parquet",
    b"questions/x.json",
    b"unlisted.txt",
    b"link.txt",
    b"link.png",
    b"folder/secret.txt",
    b"folder/secret.png",
    b"pipe.png",
]
IDS = [name[:40].decode("latin-1").encode("unicode_escape").decode() + f"-{len(name)}" for name in HOSTILE]


@pytest.fixture(scope="module")
def port(redis_server, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("serve") / "log") as (number, _):
        yield number


@pytest.fixture(scope="module")
def user(client_of):
    return client_of("hostile")


@pytest.fixture(scope="module")
def analysed(worker, user, tmp_path_factory):
    """A job whose session holds, besides what is listed, all that an attacker could plant or hope for."""
    table = io.BytesIO((EXAMPLES / "penguins.csv").read_bytes())
    answer = user.post("/api/v1/sessions", data={"title": MARK, "file": [(table, "penguins.csv")]})
    job = user.run("analysis", session=answer.json["id"], question="Do the species differ in body mass?")
    assert job["status"] == "completed", job["error"]
    folder = sessions.find("hostile", job["session"]).folder
    outside = tmp_path_factory.mktemp("outside")
    for path in (outside / "secret.txt", outside / "secret.png", folder / "secret.txt"):
        path.write_bytes(SECRET)
    (folder / "project_002").symlink_to(outside)
    plant(folder / "files", outside)
    plant(folder / "project_001" / "plots", outside)
    (folder / "project_001" / "unlisted.txt").write_bytes(SECRET)
    return job


def plant(folder, outside):
    (folder / "unlisted.txt").write_bytes(SECRET)
    (folder / ".hidden").write_bytes(SECRET)
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "link.png").symlink_to(outside / "secret.png")
    (folder / "folder").symlink_to(outside)
    os.mkfifo(folder / "pipe.png")


def everything():
    """Return all files below the data folder, but what a server itself keeps there."""
    files = (path for path in settings().sessions.rglob("*") if path.is_file() and path.name[0] != ".")
    return {path: path.stat().st_mtime_ns for path in files}


def test_the_table_is_long_enough_and_has_nothing_twice():
    assert len(HOSTILE) == len(set(HOSTILE)) >= 60


def test_what_is_listed_is_given_at_the_same_addresses(port, user, analysed):
    session, job = analysed["session"], analysed["id"]
    targets = [
        f"/api/v1/sessions/{session}/files/penguins.csv",
        f"/api/v1/sessions/{session}/files/project_001/plots/groups.png",
        f"/api/v1/sessions/{session}/files/project_001%2Fplots%2Fgroups.png",
        f"/api/v1/jobs/{job}/plots/groups.png",
        f"/api/smartstat/plots/{session}/groups.png",
    ]

    answers = [ask(port, head_of(b"GET", target.encode(), user.token)) for target in targets]

    assert [answer.status for answer in answers] == [200] * 5


@pytest.mark.parametrize("name", HOSTILE, ids=IDS)
@pytest.mark.parametrize("address", ["sessions/{session}/files/", "jobs/{id}/plots/"])
def test_a_hostile_path_is_not_found(port, user, analysed, address, name):
    target = b"/api/v1/" + address.format(**analysed).encode() + name

    got = ask(port, head_of(b"GET", target, user.token))
    looked = ask(port, head_of(b"HEAD", target, user.token))

    assert got.status in (400, 404, 405, 414, 422), got
    assert looked.status == got.status
    assert "content-type: application/problem+json" in got.head or got.status in (400, 414)
    assert not [leak for leak in LEAKS if leak in got.body]
    assert "set-cookie" not in got.head


@pytest.mark.parametrize("name", HOSTILE, ids=IDS)
def test_a_hostile_path_is_no_plot_of_the_previous_application(port, user, analysed, name):
    target = f"/api/smartstat/plots/{analysed['session']}/".encode() + name

    got = ask(port, head_of(b"GET", target, user.token))

    if got.status == 404:
        assert orjson.loads(got.body) == {"error": "Plot not found"}
    assert got.status in (400, 404, 414), got
    assert not [leak for leak in LEAKS if leak in got.body]


@pytest.mark.parametrize("name", HOSTILE, ids=IDS)
def test_a_hostile_name_of_an_upload_lands_in_its_session_or_nowhere(port, user, analysed, name):
    session = user.upload(("a.csv", b"a"))
    before = everything()

    answer = ask(
        port,
        head_of(
            b"PUT", f"/api/v1/sessions/{session}/files/".encode() + name, user.token, b"Content-Length: 1"
        )
        + b"x",
    )

    check_landed(user, session, before, answer)


@pytest.mark.parametrize("name", HOSTILE, ids=IDS)
def test_a_hostile_name_in_a_form_lands_in_its_session_or_nowhere(port, user, analysed, name):
    before = everything()
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\nx\r\n--b--\r\n'
    )
    headers = (
        b"Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {len(body)}".encode(),
    )

    answer = ask(port, head_of(b"POST", b"/api/v1/sessions", user.token, *headers) + body)

    session = orjson.loads(answer.body)["id"] if answer.status == 201 else None
    check_landed(user, session, before, answer)


def check_landed(user, session, before, answer):
    """Whatever was written lies where the session's files lie, under the name that the session lists."""
    assert answer.status in (201, 400, 404, 405, 411, 413, 414, 422), answer
    assert not [leak for leak in LEAKS if leak in answer.body]
    changed = {path for path, seen in everything().items() if before.get(path) != seen}
    if answer.status != 201:
        assert changed == set()
        return
    folder = sessions.find("hostile", session).folder
    names = {file["name"] for file in user.get(f"/api/v1/sessions/{session}").json["files"]}
    assert {path for path in changed if path.parent != folder / "files"} <= {folder / "session.json"}
    assert {path.name for path in (folder / "files").iterdir()} == names
    assert all(name.isprintable() and "/" not in name and "\\" not in name for name in names)

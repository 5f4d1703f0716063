"""How files are sent: in part, under conditions, under their names, and so that a browser runs nothing."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from api.downloads import AT_ONCE_BYTES, disposition
from api.places import USER_SHARE
from jobs import sessions
from jobs.settings import settings
from tests.support.client import EXAMPLES

CONTENT = bytes(range(256)) * 4  # 1,024 bytes
ETAG = f'"{hashlib.sha256(CONTENT).hexdigest()}"'


@pytest.fixture(scope="module")
def reader(client_of):
    return client_of("downloads")


@pytest.fixture(scope="module")
def address(reader):
    session = reader.upload(("data.bin", CONTENT), ("empty.txt", b""))
    return f"/api/v1/sessions/{session}/files/data.bin"


def head(client, path, **headers):
    return client.http.head(path, headers=client.headers | headers)


def test_a_file_is_sent_with_all_that_is_known_of_it(reader, address):
    answer = reader.get(address)

    assert (answer.status_code, answer.data) == (200, CONTENT)
    assert answer.headers["ETag"] == ETAG
    assert answer.headers["Content-Length"] == "1024"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Repr-Digest"].startswith("sha-256=:")
    assert abs(parsedate_to_datetime(answer.headers["Last-Modified"]) - datetime.now(UTC)) < timedelta(
        hours=1
    )


@pytest.mark.parametrize("name", ["data.bin", "empty.txt"])
def test_head_tells_what_get_does_and_sends_nothing(reader, address, name):
    path = address.replace("data.bin", name)

    got, looked = reader.get(path), head(reader, path)

    told = [
        {name: value for name, value in one.headers.items() if name != "X-Request-ID"}
        for one in (got, looked)
    ]
    assert (looked.status_code, looked.data) == (200, b"")
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("name", "media_type", "shown"),
    [
        ("a.png", "image/png", True),
        ("a.JPG", "image/jpeg", True),
        ("a.svg", "image/svg+xml", True),
        ("a.json", "application/json", True),
        ("a.csv", "text/plain; charset=utf-8", True),
        ("a.md", "text/markdown; charset=utf-8", True),
        ("a.txt", "text/plain; charset=utf-8", True),
        ("a.pdf", "application/pdf", True),
        ("a.html", "text/html", False),
        ("a.htm", "text/html", False),
        ("a.xhtml", "application/xhtml+xml", False),
        ("a.svgz", "image/svg+xml", False),
        ("a.xml", None, False),
        ("a.js", None, False),
        ("a.exe", None, False),
        ("a.xlsx", None, False),
        ("a.png.html", "text/html", False),
        ("a", "application/octet-stream", False),
    ],
)
def test_only_what_is_harmless_is_shown_and_nothing_runs(ada, name, media_type, shown):
    session = ada.upload((name, b"<svg onload='alert(1)'><script>alert(1)</script>"))

    headers = ada.get(f"/api/v1/sessions/{session}/files/{name}").headers

    assert headers["Content-Disposition"].partition(";")[0] == ("inline" if shown else "attachment")
    assert media_type is None or headers["Content-Type"].partition(";")[0] == media_type.partition(";")[0]
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert ("sandbox" in policy and "default-src 'none'" in policy) or media_type == "application/pdf"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.csv", 'attachment; filename="a.csv"'),
        (
            "Größe (2).csv",
            "attachment; filename=\"Groe (2).csv\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%282%29.csv",
        ),
        ("数据", "attachment; filename=\"download\"; filename*=UTF-8''%E6%95%B0%E6%8D%AE"),
        ('a"b;c.csv', "attachment; filename=\"a_b_c.csv\"; filename*=UTF-8''a%22b%3Bc.csv"),
        ("100%.csv", "attachment; filename=\"100_.csv\"; filename*=UTF-8''100%25.csv"),
        (
            "a\r\nSet-Cookie: x",
            "attachment; filename=\"a__Set-Cookie_ x\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x",
        ),
    ],
)
def test_a_name_is_told_so_that_every_browser_saves_under_it(name, told):
    assert disposition(name, shown=False) == told


def test_what_jobs_have_left_is_listed_and_read_and_one_job_at_a_time_has_it(worker, ada):
    session = ada.upload(EXAMPLES / "penguins.csv")
    job = ada.run("analysis", session=session, question="Do the species differ in body mass?")

    listed = ada.get(f"/api/v1/sessions/{session}/files").json

    (project,) = listed["projects"]
    assert (project["job"], project["name"]) == (job["id"], job["results"]["project"])
    names = {file["name"] for file in project["items"]}
    assert {"results.json", "script.py", "report.html", "plots/groups.png"} <= names
    assert "files.json" not in names
    for file in (*listed["items"], *project["items"]):
        answer = ada.get(file["href"])
        assert answer.status_code == 200
        assert len(answer.data) == file["bytes"]
        assert hashlib.sha256(answer.data).hexdigest() == file["sha256"] == answer.headers["ETag"].strip('"')


@pytest.mark.parametrize("link", ["results", "report", "script", "plots"])
def test_what_a_job_has_left_is_sent_in_part_and_under_conditions(worker, analysed, link):
    client, job = analysed
    address = job["links"][link]
    if link == "plots":
        address = client.get(address).json["items"][0]["href"]

    whole = client.get(address)
    part = client.get(address, headers={"Range": "bytes=1-9"})
    again = client.get(address, headers={"If-None-Match": whole.headers["ETag"]})

    assert (part.status_code, part.data) == (206, whole.data[1:10])
    assert (again.status_code, again.data) == (304, b"")
    assert head(client, address).headers["Content-Length"] == str(len(whole.data))


@pytest.fixture(scope="module")
def analysed(worker, client_of):
    client = client_of("left-by-jobs")
    return client, client.run("analysis", session=client.upload(EXAMPLES / "penguins.csv"))


def test_results_without_a_file_are_sent_under_conditions_too(worker, ada):
    address = ada.run("probe")["links"]["results"]

    whole = ada.get(address)
    again = ada.get(address, headers={"If-None-Match": whole.headers["ETag"]})

    assert (whole.status_code, again.status_code) == (200, 304)
    assert ada.get(address, headers={"Range": "bytes=0-0"}).data == whole.data[:1]


def test_a_file_that_is_replaced_is_sent_with_the_digest_of_what_is_sent(ada):
    session = ada.upload(("a.bin", b"old"))
    address = f"/api/v1/sessions/{session}/files/a.bin"
    old = ada.get(address).headers["ETag"]

    ada.put(address, b"newer")
    new = ada.get(address, headers={"If-None-Match": old})

    assert (new.status_code, new.data) == (200, b"newer")
    assert new.headers["ETag"] == f'"{hashlib.sha256(b"newer").hexdigest()}"'


def test_one_user_keeps_few_threads_busy_and_leaves_room_for_others(ada, eve, app):
    large = b"x" * (AT_ONCE_BYTES + 1)
    addresses = {}
    for user in (ada, eve):
        addresses[user] = f"/api/v1/sessions/{user.upload(('small.bin', large[:9]))}/files/large.bin"
        assert user.put(addresses[user], large).status_code == 201
    most = max(1, settings().threads // USER_SHARE)

    open_ones = [app.test_client().get(addresses[ada], headers=ada.headers) for _ in range(most)]
    refused = ada.get(addresses[ada])
    other = eve.get(addresses[eve])
    small = ada.get(addresses[ada].replace("large", "small"))
    for one in open_ones:
        one.close()

    assert {one.status_code for one in open_ones} == {200}
    assert (refused.status_code, refused.json["type"]) == (429, "/problems/too-many-downloads")
    assert int(refused.headers["Retry-After"]) > 0
    assert (other.status_code, small.status_code) == (200, 200)
    assert ada.get(addresses[ada]).data == large


def test_every_route_that_can_be_read_can_be_looked_at(app):
    for rule in app.url_map.iter_rules():
        assert ("HEAD" in rule.methods) == ("GET" in rule.methods), rule.rule


def test_a_file_that_was_changed_by_hand_is_sent_as_it_is_now(ada):
    session = ada.upload(("a.bin", b"as it was"))
    owner = ada.get(f"/api/v1/sessions/{session}").json["owner"]
    sessions.find(owner, session).files.joinpath("a.bin").write_bytes(b"by hand")

    answer = ada.get(f"/api/v1/sessions/{session}/files/a.bin")

    assert answer.data == b"by hand"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(b"by hand").hexdigest()}"'

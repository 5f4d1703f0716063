"""The kind of `docs/add-a-job-kind.md`, made of the document's own text and run as users run one."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.support.receiver import SECRET, Receiver
from tests.support.service import Service
from tests.support.slow_file import SlowFile
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "add-a-job-kind.md"
SLOW = "slow.bin"
# The two ways that the document shows, as kinds that run side by side, and how many files each is given.
FILES = {"checksums": 3, "checksums_in_batches": 110}
ONE_RUN, BATCHES = FILES


def blocks(language, section):
    """Return the code of one section of the document."""
    text = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)
    return re.findall(rf"```{language}\n(.*?)```", text[1], re.DOTALL)


def patched(text, diff):
    """Return `text` with the change that `diff` shows."""
    before, after = (
        "".join(f"{line[1:]}\n" for line in diff.splitlines() if line[0] in signs) for signs in (" -", " +")
    )
    assert text.count(before) == 1, before
    return text.replace(before, after)


def module(kind):
    """Return the text of a kind's module; the document gives both ways one name."""
    parts = blocks("python", "The file")
    if kind == BATCHES:
        (imports,) = blocks("diff", "Spread it over workers")
        parts = [patched(parts[0], imports), *parts[1:-1], *blocks("python", "Spread it over workers")]
    return "\n\n".join(parts).replace('name="jobs.checksums"', f'name="jobs.{kind}"')


def grown_tree(folder):
    """Copy the product; add the file and the line, and once more for the other way."""
    for package in ("api", "jobs"):
        shutil.copytree(ROOT / package, folder / package)
    (line,) = blocks("diff", "The line")
    config = patched((ROOT / "celeryconfig.py").read_text(), line)
    for kind in FILES:
        (folder / "jobs" / "tasks" / f"{kind}.py").write_text(module(kind))
    added = '    "jobs.tasks.checksums",\n'
    (folder / "celeryconfig.py").write_text(config.replace(added, added + added.replace(ONE_RUN, BATCHES)))
    return folder


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    settings = {
        "LONGHAUL_CANCEL_SECONDS": "1",
        "LONGHAUL_RETRY_SECONDS": "0",
        "LONGHAUL_VISIBILITY_TIMEOUT_SECONDS": "8",
        "LONGHAUL_WEBHOOK_PRIVATE_ADDRESSES": "true",
    }
    tree = grown_tree(tmp_path_factory.mktemp("tree"))
    with Service(tree, queues="indexing,control", concurrency=2, **settings) as running:
        yield running


@pytest.fixture(params=FILES)
def kind(request):
    return request.param


class Uploads:
    """A session with a large file, which may be slow, and as many small ones as the way of running takes."""

    def __init__(self, service, kind):
        self.client, self.kind = service.client(), kind
        self.contents = {SLOW: os.urandom(400_000)}
        self.contents |= {f"small-{n:03}.txt": f"{n}\n".encode() for n in range(1, FILES[kind])}
        self.session = self.client.upload(*self.contents.items())
        (self.folder,) = (service.data / "sessions").glob(f"*/{self.session}")

    @property
    def slow(self):
        return self.folder / "files" / SLOW

    def start(self, **params):
        return self.client.submit(self.kind, session=self.session, **params)

    def seen(self, address, what):
        """Return the job once it is `what`."""
        return until(lambda: what(job := self.client.get(address).json) and job, what=f"{address} is so")

    def made(self):
        """Return what jobs have left in the session."""
        kept = {"files", "session.json", ".lock"}
        return sorted(path.name for path in self.folder.iterdir() if path.name not in kept)


@pytest.fixture
def uploads(service, kind):
    return Uploads(service, kind)


def reads_the_slow_file(job):
    return job["status"] == "running" and job["current_file"] == SLOW and job["progress"] > 0


def test_a_kind_is_one_file_and_one_line():
    (line,) = blocks("diff", "The line")

    changed = [text for text in line.splitlines() if text[0] != " "]

    assert changed == ['+    "jobs.tasks.checksums",']
    assert not (ROOT / "jobs" / "tasks" / "checksums.py").exists()


@pytest.mark.parametrize("command", [["check"], ["format", "--diff"]])
def test_its_code_is_written_in_the_style_of_the_house(kind, tmp_path, command):
    file = tmp_path / "checksums.py"
    file.write_text(module(kind).rstrip("\n") + "\n")

    checked = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache", "--config", ROOT / "pyproject.toml", file],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"sesion": "x"}, 422, "/sesion: there is no such member"),
        ({"names": 7}, 422, "/names"),
        ({"names": "*.csv"}, 422, "No file of the session is named like '*.csv'; it has 'slow.bin', 'small-"),
        ({"session": str(uuid.uuid4())}, 404, "no such session"),
        ({"webhook": {"url": "ftp://example.com", "secret": SECRET}}, 422, "https://"),
    ],
)
@pytest.mark.parametrize("kind", [ONE_RUN])
def test_its_route_refuses_what_cannot_work(uploads, body, status, words):
    answer = uploads.client.post(f"/api/v1/jobs/{uploads.kind}", json={"session": uploads.session} | body)

    assert answer.status_code == status
    assert words in answer.json["detail"]
    assert uploads.client.get("/api/v1/jobs?session=" + uploads.session).json["items"] == []


def test_its_route_is_described(service, kind):
    described = service.client().get("/api/v1/openapi.json").json

    operation = described["paths"][f"/api/v1/jobs/{kind}"]["post"]
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    members = described["components"]["schemas"][reference.rpartition("/")[2]]["properties"]
    assert operation["summary"] == f"Start a job of the kind {kind}"
    assert set(members) == {"session", "names", "webhook"}
    assert members["names"]["description"].startswith("Only files of such names")


def test_it_is_seen_to_move_and_tells_a_receiver_of_its_results(uploads):
    receiver = Receiver()
    with SlowFile(uploads.slow) as slow:
        address = uploads.start(webhook={"url": receiver.url(), "secret": SECRET})
        first = uploads.seen(address, reads_the_slow_file)
        slow.hurry()

        job = uploads.client.wait_for(address)

    total = len(uploads.contents)
    assert 0 < first["progress"] < 100
    assert (first["stage"], first["message"], first["total"]) == ("read", "Reading", total)
    assert first["counts"].keys() == {"verified", "failed"}
    assert (job["status"], job["progress"]) == ("completed", 100)
    assert (job["processed"], job["total"]) == (total, total)
    assert job["results"] == {
        "project": "project_001",
        "outcome": "complete",
        "read": total,
        "verified": total,
        "failed": 0,
        "problems": [],
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in uploads.contents.items()}
    rows = uploads.client.get(job["links"]["results"]).json["files"]
    assert {row["name"]: row["sha256"] for row in rows} == sums
    manifest = (uploads.folder / "project_001" / "SHA256SUMS").read_text()
    assert sorted(manifest.splitlines()) == sorted(f"{digest}  {name}" for name, digest in sums.items())
    (told,) = until(lambda: receiver.received, what="the webhook comes")
    assert told.signed_with(SECRET)
    assert (told.json["type"], told.json["data"]["results"]) == ("job.completed", job["results"])
    receiver.close()


@pytest.mark.parametrize(
    ("kind", "hangs"),
    [(ONE_RUN, False), (ONE_RUN, True), (BATCHES, False)],
    ids=["one run", "one run that hangs", "batches"],
)
def test_a_run_that_is_cancelled_leaves_nothing_half_made(uploads, hangs):
    with SlowFile(uploads.slow, hangs=hangs) as slow:
        address = uploads.start()
        until(slow.readers, what="it is read")
        during = uploads.made()

        uploads.client.post(f"{address}/cancel", json={})

        job = uploads.client.wait_for(address, seconds=10)
        until(lambda: not slow.readers(), what="nobody reads it any more")
    assert (job["status"], job["reason"], job["results"]) == ("cancelled", "cancelled_by_user", None)
    assert during != []
    left = [f"job-{job['id']}.json"]
    until(lambda: uploads.made() == left, seconds=10, what="nothing but what is known of the job is left")


def test_only_what_failed_is_tried_again(uploads):
    missing, changed, *whole = sorted(uploads.contents)[::-1]
    for name in (missing, changed):
        (uploads.folder / "files" / name).unlink()
    (uploads.folder / "files" / changed).write_bytes(b"something else")
    first = uploads.client.run(uploads.kind, session=uploads.session)
    (uploads.folder / "files" / missing).write_bytes(uploads.contents[missing])
    (uploads.folder / "files" / whole[0]).write_bytes(b"nobody looks at this one again")

    answer = uploads.client.post(first["links"]["retry"], json={"only": "failed"})

    again = uploads.client.wait_for(answer.headers["Location"])
    total = len(uploads.contents)
    assert (first["status"], again["status"], again["retry_of"]) == ("partial", "partial", first["id"])
    assert {problem["name"]: problem["reason"] for problem in first["results"]["problems"]} == {
        missing: "It cannot be read: No such file or directory.",
        changed: f"It is not what was uploaded: {len(uploads.contents[changed])} bytes then, 14 now.",
    }
    assert (first["results"]["read"], again["results"]["read"]) == (total, 2)
    assert (again["results"]["verified"], again["results"]["failed"]) == (total - 1, 1)
    assert [problem["name"] for problem in again["results"]["problems"]] == [changed]


@pytest.mark.parametrize("kind", [BATCHES])
def test_a_file_that_kills_its_readers_fails_alone(uploads):
    with SlowFile(uploads.slow, hangs=True) as slow:
        address = uploads.start()
        killed = set()
        while len(killed) < 2:
            (reader,) = until(lambda: set(slow.readers()) - killed, what="it is read")
            os.kill(reader, signal.SIGKILL)
            killed.add(reader)

        job = uploads.client.wait_for(address)

    assert job["status"] == "partial"
    assert job["results"]["problems"] == [
        {"name": SLOW, "status": "failed", "sha256": None, "reason": "Whoever reads it dies."}
    ]
    assert job["results"]["verified"] == len(uploads.contents) - 1
    left = [f"job-{job['id']}.json", "project_001"]
    until(lambda: uploads.made() == left, seconds=10, what="nothing of the attempts that died is left")


def test_a_job_that_its_user_deletes_takes_its_project_along(uploads):
    job = uploads.client.run(uploads.kind, session=uploads.session, names="small-*")
    left = [f"job-{job['id']}.json", "project_001"]
    until(lambda: uploads.made() == left, seconds=10, what="it is concluded")

    answer = uploads.client.http.delete(job["links"]["self"], headers=uploads.client.headers)

    assert answer.status_code == 204
    assert uploads.made() == []

"""The service on three machines without a common disk: the API on one, workers on two others."""

import io
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from jobs.settings import Settings
from jobs.sharing.objects import Objects
from tests.support.client import EXAMPLES, Client
from tests.support.processes import ROOT
from tests.support.service import Http, free_port
from tests.support.waiting import until

READY_SECONDS = 60
WORDS = ("albatross", "petrel", "gannet", "skua", "tern")


class Machine:
    """A data folder of its own, and the processes that run there."""

    def __init__(self, root, **settings):
        self.root = root
        self.data = root / "data"
        self.data.mkdir(parents=True)
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("LONGHAUL_", "REDIS_"))
        }
        self.environment = kept | {"LONGHAUL_DATA": str(self.data), "REMAP_SIGTERM": "SIGQUIT"} | settings
        self.processes = {}

    def start(self, name, *module, ready):
        log = self.root / f"{name}.log"
        with log.open("wb") as output:
            command = [sys.executable, "-m", *module]
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)
        self.processes[name] = process

        def is_ready():
            assert process.poll() is None, log.read_text()
            return ready in log.read_text()

        until(is_ready, seconds=READY_SECONDS, what=f"{name} is ready")

    def worker(self, queues):
        name = f"{self.root.name}-{queues.partition(',')[0]}"
        command = [
            "celery",
            "-A",
            "jobs",
            "worker",
            "-n",
            f"{name}@test",
            "-Q",
            queues,
            "-c",
            "1",
            "-l",
            "INFO",
        ]
        self.start(name, *command, "--without-gossip", "--without-mingle", ready=f"{name}@test ready")

    def stop(self):
        """Ask all that runs to end, what was started first at last: the API ends its own processes."""
        for process in reversed(self.processes.values()):
            process.terminate()
            process.wait(30)

    def kill(self):
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()


@pytest.fixture
def service(tmp_path, address):
    """A Redis and the API on the machine `front`; two machines for workers; the client of the first user."""
    port = free_port()
    shared = {
        "LONGHAUL_STORAGE": address,
        "LONGHAUL_PORT": str(port),
        "LONGHAUL_FAN_OUT_FILES": "20",
        "LONGHAUL_BATCH_FILES": "10",
        "LONGHAUL_VISIBILITY_TIMEOUT_SECONDS": "8",
    }
    front = Machine(tmp_path / "front", **shared)
    socket = Settings(data=front.data).redis_socket
    workers = [Machine(tmp_path / name, **shared, REDIS_URL=f"unix://{socket}") for name in ("left", "right")]
    try:
        front.start("redis", "jobs.redis_server", ready="")
        front.start("api", "api.serve", ready="Started worker-1")
        client = Client(Http(f"http://127.0.0.1:{port}"), (front.data / "token").read_text().strip())
        yield front, *workers, client
    finally:
        for machine in workers:
            machine.kill()
        front.stop()


def texts(count):
    return [(f"{at:03}.txt", f"letter{at} tells of a {WORDS[at % 5]}".encode()) for at in range(count)]


def found(client, index, words):
    answer = client.get(f"/api/v1/indexes/{index}/search?q={words}&limit=100")
    return answer.json["total"] if answer.status_code == 200 else None


def archived(client, machine, session):
    """Return the names of what is in a session's archive, on a machine that has needed none of it yet."""
    (folder,) = (machine.data / "sessions").glob(f"*/{session}")
    for name in ("files", "project_001"):
        shutil.rmtree(folder / name)
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/api/v1/sessions/{session}/archive").data))
    assert archive.testzip() is None
    return {*archive.namelist()}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_machines_without_a_common_disk_share_sessions_and_indexes(service, address):
    front, left, right, client = service
    left.worker("analysis,control")
    left.worker("indexing")
    right.worker("indexing")
    penguins, letters = client.upload(EXAMPLES / "penguins.csv"), client.upload(*texts(60))

    analysed = client.run("analysis", session=penguins, question="body_mass_g by species")
    indexed = client.run("indexing", index="letters", session=letters)

    assert (analysed["status"], indexed["status"]) == ("completed", "completed"), (analysed, indexed)
    assert client.get(analysed["links"]["results"]).json["findings"]
    assert b"penguins.csv" in client.get(analysed["links"]["script"]).data
    plot = client.get(f"{analysed['links']['plots']}/{analysed['results']['plots'][0].rpartition('/')[2]}")
    assert (plot.status_code, plot.headers["Content-Type"].partition("/")[0]) == (200, "image")
    assert {"files/penguins.csv", "project_001/results.json"} <= archived(client, front, penguins)
    assert (indexed["results"]["indexed"], found(client, "letters", "skua")) == (60, 12)
    files = client.get(f"{indexed['links']['files']}?limit=100").json
    assert (len(files["items"]), files["origin"]) == (60, "job")
    assert {path.name for path in (left.data / "sessions").rglob("[0-9]*.txt")} == {
        path.name for path in (right.data / "sessions").rglob("[0-9]*.txt")
    }

    left.kill()
    shutil.rmtree(left.data)
    client.put(f"/api/v1/sessions/{letters}/files/late.txt", b"a late letter of a skua")
    again = client.run("indexing", index="letters", session=letters)
    assert (again["results"]["indexed"], again["results"]["unchanged"]) == (1, 60)
    until(lambda: found(client, "letters", "skua") == 13, what="the API sees what the other machine has made")

    right.worker("analysis,control")
    assert client.http.delete(f"/api/v1/sessions/{letters}", headers=client.headers).status_code == 204
    until(lambda: found(client, "letters", "skua") == 0, what="the documents have left the index")
    assert client.http.delete("/api/v1/indexes/letters", headers=client.headers).status_code == 204
    assert client.http.delete(f"/api/v1/sessions/{penguins}", headers=client.headers).status_code == 204
    assert list(Objects(address).below("blobs")) == []
    assert list(Objects(address).below("heads")) == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_job_whose_machine_is_lost_with_its_disk_is_done_by_another(service):
    _front, left, right, client = service
    left.worker("indexing")
    letters = client.upload(*texts(60))
    address = client.submit("indexing", index="letters", session=letters)
    until(lambda: (client.get(address).json["processed"] or 0) > 0, what="it is under way")

    left.kill()
    shutil.rmtree(left.data)
    right.worker("indexing,control")

    done = client.wait_for(address, seconds=120)
    assert (done["status"], done["results"]["indexed"]) == ("completed", 60), done
    assert found(client, "letters", "skua") == 12


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_while_the_store_is_away_the_api_says_so_and_jobs_wait(service, server):
    _front, left, _right, client = service
    penguins = client.upload(EXAMPLES / "penguins.csv")
    address = client.submit("analysis", session=penguins, question="body_mass_g by species")
    server.stop()
    try:
        refused = client.get(f"/api/v1/sessions/{penguins}")
        not_ready = client.get("/readyz")
        left.worker("analysis,control")
        waiting = until(
            lambda: (job := client.get(address).json)["reason"] == "retry_at" and job,
            seconds=60,
            what="the job waits",
        )
    finally:
        server.start()

    done = client.wait_for(address, seconds=90)
    assert (refused.status_code, refused.json["type"]) == (503, "/problems/unavailable")
    assert "storage" in refused.json["detail"]
    assert (not_ready.status_code, client.get("/readyz").status_code) == (503, 200)
    assert waiting["status"] == "queued"
    assert done["status"] == "completed", done

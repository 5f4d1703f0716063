"""The client against the real application: in process, over a socket, and as an installed command."""

import os
import shutil
import subprocess
import sys
import sysconfig
import uuid
import venv
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from flit_core import buildapi
from longhaul import Client, Conflict

from jobs import users
from jobs.connection import records_client
from tests.client.serving import Api, Scripted

ROOT = Path(__file__).resolve().parents[2]
PENGUINS = ROOT / "examples" / "penguins.csv"
IN_PROCESS = "http://longhaul.test"


@pytest.fixture(autouse=True)
def own_account(monkeypatch, tmp_path_factory):
    """Keep tests away from the account of whoever runs them, and the other way round."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    for name in ("LONGHAUL_URL", "LONGHAUL_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def new_token(role="user"):
    """Return the token of a user who has nothing yet."""
    return users.create_token(records_client(), f"client-{uuid.uuid4().hex[:8]}", role)


@pytest.fixture
def client(app):
    """A new user's client, whose requests go straight into the application."""
    transport = httpx2.WSGITransport(app=app)
    with Client(IN_PROCESS, new_token(), http=transport, patience=1.0) as made:
        yield made


@pytest.fixture(scope="session")
def penguins(app, worker):
    """One finished analysis and the client of its owner."""
    client = Client(IN_PROCESS, new_token(), http=httpx2.WSGITransport(app=app))
    job = client.analyses.create(data=PENGUINS, question="Do the three species differ in body mass?")
    return client, job.wait(timeout=100)


@pytest.fixture
def scripted():
    """A server that answers as a test says, request by request."""
    with Scripted() as server:
        yield server


@pytest.fixture(scope="session")
def api(worker, tmp_path_factory):
    """The service over a socket: granian, in processes of its own."""
    with Api(tmp_path_factory.mktemp("api")) as running:
        yield running


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """An environment with the client's wheel in it; what the wheel depends on is that of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    here = Path.cwd()
    os.chdir(ROOT / "client")  # where a build begins (PEP 517)
    try:
        wheel = folder / buildapi.build_wheel(str(folder))
    finally:
        os.chdir(here)
    environment = folder / "environment"
    uv = shutil.which("uv") or shutil.which(ROOT / ".tools" / "uv" / "bin" / "uv")
    venv.create(environment, with_pip=uv is None, symlinks=True)
    python = environment / "bin" / "python"
    installing = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    subprocess.run([*installing, "--quiet", "--no-index", "--no-deps", wheel], check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return environment


@dataclass
class Command:
    """The command `longhaul`, run as a process."""

    url: str
    token: str | None
    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LONGHAUL_")}
        ours = {"PYTHONPATH": str(ROOT / "client" / "src"), "LONGHAUL_URL": self.url}
        return kept | ours | ({"LONGHAUL_TOKEN": self.token} if self.token else {}) | self.more

    def start(self, *arguments, **streams):
        return subprocess.Popen(
            [sys.executable, "-m", "longhaul", *arguments],
            cwd=self.folder,
            env=self.environment,
            text=True,
            **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams),
        )

    def __call__(self, *arguments, given=None):
        """Run it to its end."""
        process = self.start(*arguments, stdin=subprocess.PIPE)
        out, err = process.communicate(given or "", timeout=100)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


@pytest.fixture
def command(api, tmp_path):
    """The command of a new user of the running service."""
    return Command(api.url, new_token(), tmp_path)


@pytest.fixture
def started(app):
    """Return a function that starts a job for a command's user, of a kind that the service itself has not."""
    jobs = []

    def started(command, **params):
        client = Client(IN_PROCESS, command.token, http=httpx2.WSGITransport(app=app))
        jobs.append(client.jobs.create("probe", params))
        return jobs[-1].id

    yield started
    for job in jobs:  # what still runs would keep the worker from other tests
        with suppress(Conflict):
            job.cancel()

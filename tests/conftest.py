"""One real Redis and one data folder for the whole run; every test that needs more starts it itself."""

import os
import shutil
import tempfile
from pathlib import Path

# Before anything of Longhaul is imported: settings and Celery's backend are read once.
# Removed by this process alone: an object that removes it would do so at the end of a forked child too.
_folder = Path(tempfile.mkdtemp(prefix="longhaul-test-"))
for _name in [name for name in os.environ if name.startswith("LONGHAUL_")]:
    del os.environ[_name]
os.environ["LONGHAUL_DATA"] = str(_folder)
os.environ["LONGHAUL_VISIBILITY_TIMEOUT_SECONDS"] = "8"
os.environ["LONGHAUL_RETRY_SECONDS"] = "1"
os.environ["LONGHAUL_BATCH_FILES"] = "200"  # many batches of few files
os.environ["LONGHAUL_SOFT_SHUTDOWN_SECONDS"] = "1"
os.environ["LONGHAUL_WEBHOOK_PRIVATE_ADDRESSES"] = "true"  # the receivers of tests are on loopback
os.environ["LONGHAUL_REFUSALS_PER_MINUTE"] = "0"  # tests send more wrong tokens than anybody would by mistake
_roots = {"examples": Path(__file__).resolve().parents[1] / "examples", "shelf": _folder / "shelf"}
os.environ["LONGHAUL_FOLDER_ROOTS"] = ",".join(f"{name}={path}" for name, path in _roots.items())
os.environ.pop("REDIS_URL", None)

import uuid

import pytest

from jobs import users
from jobs.connection import records_client
from jobs.redis_server import EmbeddedServer
from jobs.settings import settings
from tests.support.client import Client
from tests.support.processes import Worker


def pytest_unconfigure():
    shutil.rmtree(_folder, ignore_errors=True)


@pytest.fixture(scope="session")
def redis_server():
    with EmbeddedServer(settings()) as server:
        yield server


@pytest.fixture(scope="session")
def worker(redis_server, tmp_path_factory):
    """A real worker of every kind, for all tests that need jobs to run and kill nothing."""
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    started = Worker("all", "analysis,indexing,control,probe", log, concurrency=2).wait_until_ready()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def app(redis_server):
    # Imported here, not above: it reads the settings, and the kinds that tests add must be there first.
    import tests.support.probe  # noqa: F401
    from api import create_app

    return create_app()


@pytest.fixture(scope="session")
def client_of(app):
    """Return a function that gives the HTTP client of a user, signed in with a new token."""

    def client_of(name, role="user"):
        token = users.create_token(records_client(), name, role)
        return Client(app.test_client(), token)

    return client_of


@pytest.fixture
def ada(client_of):
    return client_of(f"ada-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def eve(client_of):
    return client_of(f"eve-{uuid.uuid4().hex[:8]}")

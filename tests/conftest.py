"""One real Redis and one data folder for the whole run; every test that needs more starts it itself."""

import os
import tempfile
from pathlib import Path

# Before anything of Longhaul is imported: settings and Celery's backend are read once.
_folder = tempfile.TemporaryDirectory(prefix="longhaul-test-")
for _name in [name for name in os.environ if name.startswith("LONGHAUL_")]:
    del os.environ[_name]
os.environ["LONGHAUL_DATA"] = _folder.name
os.environ["LONGHAUL_VISIBILITY_TIMEOUT_SECONDS"] = "8"
os.environ["LONGHAUL_RETRY_SECONDS"] = "1"
os.environ["LONGHAUL_SOFT_SHUTDOWN_SECONDS"] = "1"
os.environ["LONGHAUL_FOLDER_ROOTS"] = f"examples={Path(__file__).resolve().parents[1] / 'examples'}"
os.environ["LONGHAUL_ROLE"] = "api"
os.environ.pop("REDIS_URL", None)

import pytest

from jobs.redis_server import EmbeddedServer
from jobs.settings import settings


@pytest.fixture(scope="session")
def redis_server():
    with EmbeddedServer(settings()) as server:
        yield server


@pytest.fixture(scope="session")
def data_folder():
    return settings().data

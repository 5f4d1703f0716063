"""Containers of our own image: one worker with its own Redis a test, and the whole of compose.yaml once."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from pytest_celery import (
    CeleryBackendCluster,
    CeleryBrokerCluster,
    CeleryTestSetup,
    CeleryTestWorker,
    CeleryWorkerCluster,
    CeleryWorkerContainer,
    RedisTestBackend,
    RedisTestBroker,
)
from pytest_docker_tools import container, fxtr

from tests.containers.nodes import READY_SECONDS, REDIS_IMAGE, VISIBILITY_SECONDS, Redis, Worker
from tests.containers.service_process import ServiceProcess
from tests.containers.stack import Stack

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """Without an engine a developer's machine skips these tests; CI, where nobody would notice, fails."""
    try:
        client = docker.from_env(timeout=5)
        client.ping()
        client.close()
    except docker.errors.DockerException as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no Docker engine answers: {error}")


@pytest.fixture(scope="session")
def app_image(engine) -> str:
    """The image under test: the one that CI has built, or one built here."""
    if name := os.environ.get("APP_IMAGE"):
        return name
    name = "longhaul:test"
    # The command and not the Python client, which knows only the engine's old builder.
    build = ["docker", "build", "--quiet", "--tag", name, str(ROOT)]
    subprocess.run(build, check=True, env=os.environ | {"DOCKER_BUILDKIT": "1"}, capture_output=True)
    return name


# --- one worker: pytest-celery's cluster, with our image in place of the plugin's own worker
default_redis_broker = container(
    image=REDIS_IMAGE,
    command=Redis.command(),
    ports={"6379/tcp": ("127.0.0.1", None)},
    network="{default_pytest_celery_network.name}",
    tmpfs={"/data": ""},  # the image's VOLUME would leave a volume behind for every test
    wrapper_class=Redis,
)


@pytest.fixture
def celery_broker_cluster(default_redis_broker: Redis) -> Iterator[CeleryBrokerCluster]:
    cluster = CeleryBrokerCluster(RedisTestBroker(default_redis_broker))
    yield cluster
    cluster.teardown()


@pytest.fixture
def celery_backend_cluster(default_redis_broker: Redis) -> Iterator[CeleryBackendCluster]:
    cluster = CeleryBackendCluster(RedisTestBackend(default_redis_broker))
    yield cluster
    cluster.teardown()


@pytest.fixture
def default_worker_container_cls() -> type[CeleryWorkerContainer]:
    return Worker


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def documents(tmp_path) -> Path:
    """A server folder that may be indexed, empty as yet."""
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


@pytest.fixture
def worker_volumes(data, documents) -> dict[str, dict[str, str]]:
    return {
        str(data): {"bind": "/data", "mode": "rw"},
        str(documents): {"bind": "/documents", "mode": "ro"},
    }


@pytest.fixture
def tester() -> str:
    """Who runs the tests: service and worker share a folder, so the worker runs as the same user."""
    return f"{os.getuid()}:{os.getgid()}"


default_worker_container = container(
    image="{app_image}",
    command=fxtr("default_worker_command"),
    environment=fxtr("default_worker_env"),
    volumes=fxtr("worker_volumes"),
    user="{tester}",
    network="{default_pytest_celery_network.name}",
    init=True,
    read_only=True,
    tmpfs={"/tmp": "mode=1777"},  # noqa: S108 - in the container, nobody else's
    cap_drop=["ALL"],
    wrapper_class=Worker,
    timeout=READY_SECONDS,
)


@pytest.fixture
def celery_worker_cluster(celery_setup_worker: CeleryTestWorker) -> Iterator[CeleryWorkerCluster]:
    cluster = CeleryWorkerCluster(celery_setup_worker)
    yield cluster
    cluster.teardown()


@pytest.fixture
def worker(celery_setup: CeleryTestSetup) -> Worker:
    """The worker's container, ready."""
    return celery_setup.worker.container


@pytest.fixture
def broker_setting() -> dict[str, str]:
    """Settings of another broker than Redis, as the API's side knows it; none by default."""
    return {}


@pytest.fixture
def service(default_redis_broker: Redis, broker_setting, data, documents) -> Iterator[ServiceProcess]:
    """The API's side of the same servers and the same data folder."""
    environment = {
        "REDIS_URL": f"redis://127.0.0.1:{default_redis_broker.port}",
        "LONGHAUL_DATA": str(data),
        "LONGHAUL_VISIBILITY_TIMEOUT_SECONDS": str(VISIBILITY_SECONDS),
        "LONGHAUL_FOLDER_ROOTS": f"documents={documents}",
        **broker_setting,
    }
    with ServiceProcess(environment) as service:
        yield service


# --- the whole of compose.yaml
@pytest.fixture(scope="session")
def stack(request, app_image, tmp_path_factory) -> Iterator[Stack]:
    documents = tmp_path_factory.mktemp("documents")
    stack = Stack(ROOT, app_image, documents)
    failed_before = request.session.testsfailed
    try:
        stack.up()
        yield stack
    finally:
        if request.session.testsfailed > failed_before or not stack.is_up:
            print(stack.describe())  # noqa: T201 - pytest shows it with the failure
        stack.down()

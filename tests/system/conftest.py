import uuid

import pytest

from tests.support.processes import Worker
from tests.support.rest import Rest


@pytest.fixture
def start_worker(redis_server, tmp_path):
    """Start workers, of the test kinds unless told otherwise; kill what is left of them at the end."""
    started = []

    def start(queues="doomed", **options):
        name = f"{queues}-{uuid.uuid4().hex[:6]}"
        worker = Worker(name, queues, tmp_path / f"{name}.log", **options)
        started.append(worker)
        return worker.wait_until_ready()

    yield start
    for worker in started:
        worker.kill()


@pytest.fixture
def rest(client_of):
    """Read jobs as a poller does."""
    from jobs.celery import app

    return Rest(client_of("operator", "admin"), app)

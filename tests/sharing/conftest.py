import logging
import uuid

import boto3
import pytest
from moto.server import ThreadedMotoServer

from jobs.sharing import objects as objects_module
from jobs.sharing.objects import Objects
from tests.sharing.machine import Machine
from tests.support.service import free_port


@pytest.fixture(scope="session")
def server():
    """A server that speaks S3. It may be stopped, and started again with all that it holds."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def store(server):
    """A bucket on the server; its address and keys are in the environment."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request says nothing
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
        }.items():
            environment.setenv(name, value)
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="longhaul")
        objects_module._opened.cache_clear()
        yield "longhaul"
    objects_module._opened.cache_clear()


@pytest.fixture
def address(store):
    """The address of a place in the store that no other test uses."""
    return f"s3://{store}/{uuid.uuid4().hex}"


@pytest.fixture
def objects(address):
    return Objects(address)


@pytest.fixture
def left(tmp_path, address):
    """A machine with indexes."""
    return Machine(tmp_path / "one", address)


@pytest.fixture
def right(tmp_path, address):
    """Another machine, with the same indexes and a disk of its own."""
    return Machine(tmp_path / "two", address)

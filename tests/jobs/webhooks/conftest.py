"""Deliveries in a Redis database of their own, by a clock that the test moves."""

import time
import uuid
from contextlib import closing

import orjson
import pytest
import redis

from jobs.keys import record_key
from jobs.settings import settings
from jobs.webhooks import due
from jobs.webhooks.run import Run
from jobs.webhooks.sending import Rules
from tests.support.receiver import SECRET, Receiver

HERE = Rules(private_addresses=True, seconds=5)


class Nudges:
    """Stands for the queue: counts what is published."""

    def __init__(self):
        self.sent = []

    def send_task(self, name, **options):
        self.sent.append((name, options.get("countdown")))


class Clock:
    """Unix seconds that stand still until they are moved."""

    def __init__(self):
        self.now = time.time()

    def __call__(self):
        return self.now

    def pass_(self, seconds):
        self.now += seconds


@pytest.fixture
def client(redis_server):
    """Return a client of a database of its own: no worker of other tests takes these deliveries."""
    with redis.Redis.from_url(settings().redis_database(9), decode_responses=True) as own:
        own.flushdb()
        yield own


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def new_job(client):
    """Write the part of a job's record that webhooks need; return its id."""

    def make(url="http://127.0.0.1:9/", **more):
        job_id = str(uuid.uuid4())
        params = orjson.dumps({"webhook": {"url": url, "secret": SECRET} if url else None})
        client.hset(record_key(job_id), mapping={"params": params, "seq": 3, **more})
        return job_id

    return make


@pytest.fixture
def run(client, clock):
    """Make a run over what is due, now by `clock`."""

    def start(**options):
        options = {"rules": HERE, "body": lambda job_id: job_id.encode(), "chance": lambda: 0.0} | options
        return Run(client, clock=clock, **options).deliver()

    return start


@pytest.fixture
def receiver():
    with closing(Receiver()) as started:
        yield started


@pytest.fixture
def enqueued(client):
    """Return a function that has jobs delivered, and gives the queue that it told of them."""

    def enqueue(*job_ids):
        queue = Nudges()
        for job_id in job_ids:
            due.enqueue(queue, client, job_id)
        return queue

    return enqueue


@pytest.fixture
def waiting(client):
    """Return a function that gives the jobs that wait, and when each is due."""
    return lambda: dict(client.zrange(due.DUE_KEY, 0, -1, withscores=True))

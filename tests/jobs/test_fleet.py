import pytest
import redis

from jobs import fleet
from jobs.fleet import FLEET_KEY, Fleet, Worker
from jobs.settings import settings

NOW = 1_000_000.0
SILENT = 15.0


@pytest.fixture
def client(redis_server):
    """A database of its own: the workers of other tests announce themselves in that of the records."""
    with redis.Redis.from_url(settings().redis_database(2), decode_responses=True) as client:
        client.flushdb()
        yield client
        client.flushdb()


def worker(hostname, queues="analysis", *, slots=2, running=(), at=NOW):
    return Worker(hostname, tuple(queues.split()), slots, tuple(running), at)


def test_what_a_worker_announced_is_read_again(client):
    announced = worker("test-1", "analysis indexing", running=["a", "b.7"])

    fleet.announce(client, announced)

    assert fleet.read(client, now=NOW, silent_seconds=SILENT) == Fleet((announced,))


def test_the_whole_fleet_is_one_command_in_somebody_elses_pipeline(client):
    with client.pipeline(transaction=False) as pipe:
        fleet.announce(pipe, worker("test-1"))
        fleet.announce(pipe, worker("test-2"))
        pipe.hgetall(FLEET_KEY)
        fields = pipe.execute()[-1]

    assert fleet.parse(fields, NOW, SILENT).workers("analysis") == 2


def test_a_worker_that_speaks_again_is_still_one(client):
    fleet.announce(client, worker("test-1", running=["a"]))
    fleet.announce(client, worker("test-1", at=NOW + 5))

    found = fleet.read(client, now=NOW + 5, silent_seconds=SILENT)

    assert found == Fleet((worker("test-1", at=NOW + 5),))


def test_a_worker_that_withdraws_is_gone_at_once(client):
    fleet.announce(client, worker("test-1"))
    fleet.announce(client, worker("test-2"))

    fleet.withdraw(client, "test-1")

    assert fleet.read(client, now=NOW, silent_seconds=SILENT) == Fleet((worker("test-2"),))


@pytest.mark.parametrize(
    ("at", "there"),
    [(NOW, 1), (NOW - 15, 1), (NOW - 15.1, 0), (NOW + 3, 1), (NOW + 15.1, 0)],
)
def test_a_worker_that_has_been_silent_for_too_long_does_not_count(client, at, there):
    fleet.announce(client, worker("test-1", at=at))

    found = fleet.read(client, now=NOW, silent_seconds=SILENT)

    assert (found.workers("analysis"), found.slots("analysis")) == (there, 2 * there)


@pytest.mark.parametrize(
    ("queue", "workers", "slots", "idle"),
    [("analysis", 2, 6, 3), ("indexing", 2, 5, 2), ("control", 1, 1, 0), ("nothing", 0, 0, 0)],
)
def test_workers_and_slots_are_counted_by_queue(queue, workers, slots, idle):
    known = Fleet(
        (
            worker("1", "analysis", slots=2, running=["a"]),
            worker("2", "analysis indexing", slots=4, running=["b", "c"]),
            worker("3", "indexing control", slots=1, running=["d", "e"]),  # one ends, the next begins
        )
    )

    assert (known.workers(queue), known.slots(queue), known.idle(queue)) == (workers, slots, idle)


def test_a_fleet_of_nobody_serves_nothing():
    known = fleet.parse({}, NOW, SILENT)

    assert (known.workers("analysis"), known.slots("analysis"), known.idle("analysis")) == (0, 0, 0)


def test_prune_forgets_who_is_silent_and_what_cannot_be_read(client):
    fleet.announce(client, worker("test-old", at=NOW - 3_601))
    fleet.announce(client, worker("test-quiet", at=NOW - 600))
    client.hset(FLEET_KEY, "test-odd", "{}")

    pruned = fleet.prune(client, NOW, 3_600)

    assert pruned == 2
    assert client.hkeys(FLEET_KEY) == ["test-quiet"]
    assert fleet.prune(client, NOW, 3_600) == 0


@pytest.mark.parametrize("said", ["", "{", "[]", "{}", "null", '{"queues":3,"slots":1,"running":[],"at":1}'])
def test_what_cannot_be_read_hides_no_worker(client, said):
    fleet.announce(client, worker("test-1"))
    client.hset(FLEET_KEY, "test-odd", said)

    assert fleet.read(client, now=NOW, silent_seconds=SILENT).workers("analysis") == 1


def test_members_that_a_newer_worker_adds_are_ignored():
    said = '{"queues":["analysis"],"slots":1,"running":[],"at":1000000,"version":"2"}'

    assert fleet.parse({"test-1": said}, NOW, SILENT).slots("analysis") == 1

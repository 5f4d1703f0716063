"""RabbitMQ as the broker, Redis for records and results: the same jobs, and the same promises."""

import socket
import time
from itertools import pairwise
from pathlib import Path

import pytest
from amqp import Message
from pytest_celery import CeleryBrokerCluster, RabbitMQTestBroker
from pytest_docker_tools import container, fxtr, network, volume

import celeryconfig
from jobs.confirming import CONFIRM_SECONDS, Connection, NotConfirmed
from jobs.errors import Unavailable
from tests.containers.nodes import RABBITMQ_IMAGE, READY_SECONDS, RabbitMQ, Worker
from tests.containers.watching import wait_for_the_middle, watch
from tests.containers.writing import write_documents, write_table
from tests.support.waiting import until

pytestmark = [pytest.mark.containers, pytest.mark.timeout(240)]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
QUEUES = ("analysis", "indexing", "control")
QUESTION = "Does body mass differ between the species?"
MANY = 10_000  # a few seconds of work
# A message that is published with a countdown waits in these; the last bits of the countdown say in which.
DELAYING = tuple(f"celery_delayed_{level}" for level in range(4))

# It takes longest to start, so all tests share it; network and disk live as long.
default_pytest_celery_network = network(scope="module")
rabbitmq_disk = volume(scope="module")
rabbitmq = container(
    scope="module",
    image=RABBITMQ_IMAGE,
    hostname="rabbitmq",  # part of the name under which it keeps its data
    ports=fxtr("rabbitmq_ports"),
    network="{default_pytest_celery_network.name}",
    volumes=fxtr("rabbitmq_volumes"),
    wrapper_class=RabbitMQ,
    timeout=READY_SECONDS,
)


@pytest.fixture(scope="module")
def rabbitmq_ports():
    """A port that stays the same when the broker starts again: the engine's own choice would change."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return {"5672/tcp": listener.getsockname()}


@pytest.fixture(scope="module")
def rabbitmq_volumes(rabbitmq_disk):
    return {
        rabbitmq_disk.name: {"bind": "/var/lib/rabbitmq", "mode": "rw"},
        str(ROOT / "rabbitmq.conf"): {"bind": "/etc/rabbitmq/conf.d/20-longhaul.conf", "mode": "ro"},
    }


@pytest.fixture
def celery_broker_cluster(rabbitmq):
    cluster = CeleryBrokerCluster(RabbitMQTestBroker(rabbitmq))
    yield cluster
    cluster.teardown()


@pytest.fixture
def broker_setting(rabbitmq):
    return {"LONGHAUL_BROKER_URL": f"amqp://127.0.0.1:{rabbitmq.port}//"}


@pytest.fixture
def default_worker_command():
    """Two processes: a message that comes back while its job runs is taken at once by the other one."""
    return Worker.command("--concurrency=2")


def analyse_for_seconds(service, folder):
    """Start an analysis that is one run of some seconds; return its id when it is half way."""
    session = service.upload(write_table(folder / "weights.csv"))
    job_id = service.submit("analysis", session=session, question="Does weight_0 differ between the ports?")
    wait_for_the_middle(service, job_id)
    return job_id


def test_an_analysis_advances_to_its_end(worker, service):
    session = service.upload(EXAMPLES / "penguins.csv")

    seen = watch(service, service.submit("analysis", session=session, question=QUESTION))

    last = seen[-1]
    assert (last["status"], last["state"], last["attempt"]) == ("completed", "SUCCESS", 1), last["error"]
    assert any(0 < look["progress"] < 100 for look in seen if look["state"] == "PROGRESS")
    assert all(earlier["progress"] <= later["progress"] for earlier, later in pairwise(seen))


def test_queues_of_jobs_survive_the_loss_of_a_broker_node(worker, rabbitmq):
    types = rabbitmq.queue_types()

    assert {name: types.get(name) for name in (*QUEUES, *DELAYING)} == dict.fromkeys(
        (*QUEUES, *DELAYING), "quorum"
    )


def test_the_broker_waits_longer_for_an_acknowledgement_than_any_job_may_take(rabbitmq):
    limits = [celeryconfig.task_time_limit]
    limits += [kind["time_limit"] for kind in celeryconfig.task_annotations.values() if "time_limit" in kind]

    assert rabbitmq.consumer_timeout_seconds() > max(limits) + celeryconfig.worker_soft_shutdown_timeout


def test_a_job_whose_worker_is_killed_is_delivered_again_and_ends_once(worker, service, tmp_path):
    job_id = analyse_for_seconds(service, tmp_path)

    worker.kill()
    assert not service.status(job_id)["done"]
    worker.restart()
    last = watch(service, job_id)[-1]

    assert (last["status"], last["attempt"]) == ("completed", 2), last["error"]
    assert last["results"]["project"] == "project_001", "the first attempt has left something"


def test_a_job_whose_process_is_killed_waits_in_the_broker_for_its_next_attempt(
    worker, service, rabbitmq, tmp_path
):
    job_id = analyse_for_seconds(service, tmp_path)

    worker.kill_pool()

    until(lambda: rabbitmq.messages(DELAYING) == 1, seconds=10, what="the broker holds the message back")
    assert not service.status(job_id)["done"]
    last = watch(service, job_id)[-1]
    assert (last["status"], last["attempt"]) == ("completed", 2), last["error"]


def test_a_job_whose_message_never_reached_the_broker_is_sent_again(worker, service):
    session = service.upload(EXAMPLES / "penguins.csv")
    job_id = service.submit_without_message("analysis", session=session, question=QUESTION)

    sent = service.reconcile(later_seconds=1_000)

    assert sent == 1
    last = watch(service, job_id)[-1]
    assert (last["status"], last["attempt"]) == ("completed", 1), last["error"]


def test_a_lost_job_is_sent_again_although_other_queues_have_never_been_used(service, rabbitmq):
    rabbitmq.delete_queues()
    session = service.upload(EXAMPLES / "penguins.csv")
    service.submit_without_message("analysis", session=session, question=QUESTION)

    sent = service.reconcile(later_seconds=1_000)

    assert sent == 1
    until(lambda: rabbitmq.messages(QUEUES) == 1, what="its message is in the queue")


@pytest.fixture
def full_broker(rabbitmq):
    """Return functions that let the broker take nothing, and let it take messages again."""
    yield rabbitmq.take_nothing, rabbitmq.take_messages_again
    rabbitmq.take_messages_again()


def test_while_the_broker_takes_no_messages_a_job_is_refused_soon_and_leaves_nothing_behind(
    worker, service, rabbitmq, full_broker
):
    begin, end = full_broker
    session = service.upload(EXAMPLES / "penguins.csv")
    before = service.submit("analysis", session=session, question=QUESTION)
    assert watch(service, before)[-1]["status"] == "completed"

    begin()
    begun = time.monotonic()
    for _ in range(3):
        with pytest.raises(Unavailable, match="nothing was started"):
            service.submit("analysis", session=session, question=QUESTION)
    seconds = time.monotonic() - begun
    listed = service.listed()
    end()

    assert seconds < 2 * CONFIRM_SECONDS
    assert listed == [before]
    after = service.submit("analysis", session=session, question=QUESTION)
    assert watch(service, after)[-1]["status"] == "completed"
    until(lambda: rabbitmq.messages((*QUEUES, *DELAYING)) == 0, what="what was refused is thrown away")
    assert service.listed() == [after, before]


def test_a_message_that_the_broker_refuses_is_an_error_and_the_next_is_confirmed(rabbitmq):
    with Connection(host=f"127.0.0.1:{rabbitmq.port}", confirm_publish=True) as connection:
        connection.connect()
        channel = connection.channel()
        limits = {"x-max-length": 1, "x-overflow": "reject-publish"}
        channel.queue_declare("short", auto_delete=False, arguments=limits)
        channel.basic_publish(Message("one"), routing_key="short")

        with pytest.raises(NotConfirmed, match="refused"):
            channel.basic_publish(Message("too many"), routing_key="short")
        channel.queue_purge("short")
        channel.basic_publish(Message("another"), routing_key="short")

        assert channel.queue_declare("short", passive=True).message_count == 1
        channel.queue_delete("short")


def test_a_running_job_goes_on_while_the_broker_takes_no_messages(worker, service, tmp_path, full_broker):
    begin, end = full_broker
    job_id = analyse_for_seconds(service, tmp_path)

    begin()
    last = watch(service, job_id)[-1]
    end()

    assert (last["status"], last["attempt"]) == ("completed", 1), last["error"]


def test_a_crash_of_the_broker_loses_no_job_and_runs_none_twice(
    worker, service, documents, rabbitmq, tmp_path
):
    write_documents(documents, MANY)
    running = analyse_for_seconds(service, tmp_path)
    indexing = service.submit("indexing", index="letters", folder="documents")
    session = service.upload(EXAMPLES / "penguins.csv")
    waiting = [service.submit("analysis", session=session, question=QUESTION) for _ in range(3)]

    rabbitmq.kill()
    rabbitmq.restart()
    ended = [watch(service, job_id)[-1] for job_id in (running, indexing, *waiting)]

    assert [(job["status"], job["attempt"]) for job in ended] == [("completed", 1)] * 5
    assert ended[1]["results"]["indexed"] == ended[1]["results"]["total"] == MANY
    assert len({job["results"]["project"] for job in ended[2:]}) == len(waiting)
    until(lambda: rabbitmq.messages((*QUEUES, *DELAYING)) == 0, what="no message is left")

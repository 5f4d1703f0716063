"""What a status read asks of Redis, as the server itself sees it."""

import os
import signal
import threading
import time
import uuid

import pytest
import redis
from celery.app.task import Context

from jobs import records, status, users
from jobs.backend import Step
from jobs.celery import app
from jobs.connection import records_client
from jobs.errors import Unavailable
from jobs.line import Line, Script, line
from jobs.looking import look
from jobs.records import NewJob
from jobs.settings import settings

NUMBER = Script("return tonumber(ARGV[1]) + 1")


@pytest.fixture
def recorded(redis_server):
    """Return a function that records a job of an owner."""
    jobs = []

    def record(owner="ada"):
        jobs.append(NewJob(str(uuid.uuid4()), owner, "probe", "{}", None, "probe"))
        records.create(records_client(), jobs[-1], expires_seconds=60)
        return jobs[-1].id

    yield record
    for job in jobs:
        records.remove(records_client(), job)


@pytest.fixture
def asked(redis_server):
    """Return a function that does something and tells the commands that name one of some words."""

    def during(act, *words):
        mark = uuid.uuid4().hex
        with records_client().monitor() as monitor:
            act()
            records_client().echo(mark)
            seen = []
            for told in monitor.listen():
                if mark in told["command"]:
                    break
                seen.append(told)
        return [
            told["command"].split()[0]
            for told in seen
            if told["client_type"] != "lua" and any(word in told["command"] for word in words)
        ]

    return during


def begun(job_id):
    request = Context(id=job_id, hostname="one@test")
    claimed = app.backend.claim(job_id, request, Step(), live_seconds=60, most_attempts=3, token="t")
    request.fence = claimed.fence
    app.backend.store_result(job_id, {"percent": 12.0, "stage": "read"}, "PROGRESS", request=request)
    return request


def waits(job_id):
    return None


def ended(job_id):
    app.backend.store_result(job_id, {}, "SUCCESS", request=begun(job_id))


@pytest.mark.parametrize(
    ("course", "expected"), [(waits, "queued"), (begun, "running"), (ended, "completed")]
)
def test_who_asks_and_all_that_is_told_of_a_job_is_one_command(recorded, asked, course, expected):
    job_id, digest = recorded(), users.digest(users.create_token(records_client(), "ada", "user"))
    course(job_id)
    found = [status.lookup(digest, job_id)]  # the script is known from now on

    commands = asked(lambda: found.append(status.lookup(digest, job_id)), job_id, digest)

    assert commands == ["EVALSHA"]
    assert [(look.user.name, look.job.status) for look in found] == [("ada", expected)] * 2


def test_a_page_of_jobs_is_one_command(recorded, asked):
    ids = [recorded() for _ in range(60)]
    ended(ids[1])
    status.read_many(ids)

    commands = asked(lambda: status.read_many(ids), *ids)

    assert commands == ["EVALSHA"]


def test_of_a_foreign_job_nothing_is_read_but_whose_it_is(recorded):
    job_id = recorded("eve")
    digest = users.digest(users.create_token(records_client(), "ada", "user"))

    seen = look([job_id], token=users.token_key(digest))

    assert seen.jobs[0].fields == {}
    assert (seen.fleet, seen.jobs[0].place) == ({}, [])
    assert look([job_id], owner="ada").jobs[0].fields == {}
    assert look([job_id], owner="eve").jobs[0].fields["owner"] == "eve"


def test_an_administrator_sees_the_jobs_of_others_and_an_unknown_token_none(recorded):
    job_id = recorded("eve")
    digest = users.digest(users.create_token(records_client(), "root", "admin"))

    assert status.lookup(digest, job_id).job.owner == "eve"
    assert status.lookup("0" * 64, job_id) == status.Lookup(None, None)


def test_a_script_that_the_server_has_forgotten_is_sent_again(redis_server):
    line().ask(NUMBER, [], ("1",))
    records_client().script_flush()

    assert line().ask(NUMBER, [], ("41",)) == 42


def test_connections_that_the_server_has_closed_are_replaced(redis_server):
    line().ask(NUMBER, [], ("1",))
    for client in records_client().client_list(_type="normal"):
        if client["cmd"] in ("evalsha", "eval"):
            records_client().client_kill_filter(_id=client["id"])

    assert line().ask(NUMBER, [], ("41",)) == 42


def test_connections_may_be_replaced_any_number_of_times(redis_server):
    single = Line(settings().redis_database(1), 1)
    for number in range(120):  # more than redis-py's own pools ever make
        assert single.ask(NUMBER, [], (str(number),)) == number + 1
        for client in records_client().client_list(_type="normal"):
            if client["cmd"] in ("evalsha", "eval"):
                records_client().client_kill_filter(_id=client["id"])


def test_an_error_of_a_script_is_an_error_and_costs_no_connection(redis_server):
    short = Line(settings().redis_database(1), 1)

    for _ in range(3):
        with pytest.raises(redis.ResponseError):
            short.ask(Script("return redis.call('NO-SUCH-COMMAND')"), [])

    assert short.ask(NUMBER, [], ("41",)) == 42


def test_a_frozen_server_is_told_within_three_seconds_and_answers_again_afterwards(redis_server, recorded):
    job_id = recorded()
    status.read(job_id)
    os.kill(redis_server.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            status.read(job_id)
        took = time.monotonic() - began
    finally:
        os.kill(redis_server.pid, signal.SIGCONT)

    assert took < 3
    assert status.read(job_id).status == "queued"


def test_who_finds_all_connections_in_use_waits_for_one(redis_server):
    narrow, answers = Line(settings().redis_database(1), 2), []
    askers = [
        threading.Thread(target=lambda: answers.append(narrow.ask(NUMBER, [], ("41",)))) for _ in range(150)
    ]

    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert answers == [42] * 150


def test_a_child_process_takes_no_connection_of_its_parent(redis_server):
    line().ask(NUMBER, [], ("1",))
    child = os.fork()
    if child == 0:
        os._exit(0 if all(line().ask(NUMBER, [], (str(one),)) == one + 1 for one in range(300)) else 1)

    answers = [line().ask(NUMBER, [], (str(one),)) for one in range(300)]

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert answers == list(range(1, 301))

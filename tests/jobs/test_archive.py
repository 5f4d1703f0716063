"""What is left of a job when Redis has lost everything."""

import threading
import uuid

import orjson
import pytest

import tests.support.probe  # noqa: F401 - its queues must be there before Celery first looks at them
from jobs import archive, connection, line, records, sessions, users
from jobs.celery import app
from jobs.connection import records_client
from jobs.keys import record_key, session_key
from jobs.records import NewJob
from jobs.redis_server import EmbeddedServer
from jobs.settings import settings
from jobs.tasks import cleanup
from tests.support.client import EXAMPLES


@pytest.fixture
def fresh_redis(redis_server, tmp_path, monkeypatch):
    """Return a function after which this process knows only a Redis server that was just started, empty."""
    elsewhere = settings().model_copy(update={"data": tmp_path})

    def switch():
        records_client().close()
        for module in (connection, line):
            monkeypatch.setattr(module, "settings", lambda: elsewhere)
        records_client.cache_clear()
        line.line.cache_clear()
        return records_client()

    with EmbeddedServer(elsewhere):
        yield switch
        records_client().close()
        monkeypatch.undo()
        records_client.cache_clear()
        line.line.cache_clear()


@pytest.fixture
def session(redis_server):
    return sessions.create("ada", "birds")


def recorded(session=None, params="{}", owner="ada"):
    """Return the record of a new job."""
    job = NewJob(str(uuid.uuid4()), owner, "probe", params, session and session.id, "probe")
    records.create(records_client(), job, expires_seconds=60)
    return records.read(records_client(), job.id)


def ended(session=None, **more):
    """Return the record of a job that has ended and stands in the archive."""
    record = recorded(session, **more)
    app.backend.store_result(record.id, {"steps": 1}, "SUCCESS")
    archive.write(records_client(), record)
    return records.read(records_client(), record.id)


def test_an_empty_redis_answers_as_the_old_one_did_once_it_has_read_the_files(worker, ada, fresh_redis):
    analysis = ada.run("analysis", session=ada.upload(EXAMPLES / "penguins.csv"))
    failed = ada.run("probe", steps=3, raises="UnsuitableData")
    for job in (analysis, failed):
        archive.write(records_client(), records.read(records_client(), job["id"]))
    addresses = [job["links"]["self"] for job in (analysis, failed)]
    addresses += ["/api/v1/jobs", analysis["links"]["plots"], analysis["links"]["results"]]
    before = {address: ada.get(address).json for address in addresses}

    client = fresh_redis()
    users.store_token(client, ada.token, analysis["owner"], "user")
    lost = ada.get(addresses[0]).status_code
    restored = archive.restore(client)

    assert lost == 404
    assert restored >= 2
    assert {address: ada.get(address).json for address in addresses} == before
    assert ada.get(analysis["links"]["script"]).status_code == 200
    assert records.of_session(client, analysis["session"])[0].id == analysis["id"]
    assert client.zrange("jobs:open", 0, -1) == []


def test_nothing_of_a_record_is_lost_in_the_archive(session, fresh_redis):
    record = recorded(session, params='{"steps":1,"text":"Größe","share":0.30000000000000004,"empty":[]}')
    records_client().hset(record_key(record.id), "of_a_later_version", "kept")
    app.backend.store_result(record.id, {"share": 0.1234567890123456789, "none": []}, "SUCCESS")
    before = records_client().hgetall(record_key(record.id))
    archive.write(records_client(), record)

    client = fresh_redis()
    archive.restore(client)

    assert client.hgetall(record_key(record.id)) == before


def test_a_webhook_and_its_secret_stay_out_of_the_archive(session):
    params = '{"steps":1,"webhook":{"url":"https://example.org/","secret":"whsec_c2VjcmV0"}}'

    text = archive.path_of(ended(session, params=params)).read_text()

    assert "whsec" not in text
    assert orjson.loads(orjson.loads(text)["fields"]["params"]) == {"steps": 1}


def test_a_job_without_a_session_has_its_file_with_its_owners(redis_server):
    record = ended()

    assert (settings().data / "jobs" / "ada" / f"job-{record.id}.json").is_file()


def test_a_job_that_has_not_ended_is_not_archived(session):
    record = recorded(session)

    archive.write(records_client(), record)

    assert not archive.path_of(record).exists()


def test_a_job_may_be_archived_twice(session):
    record = ended(session)
    first = archive.path_of(record).read_bytes()

    archive.write(records_client(), record)

    assert archive.path_of(record).read_bytes() == first
    assert [path.name for path in session.folder.iterdir() if path.name.startswith(".part")] == []


def test_a_session_that_was_removed_meanwhile_is_no_fault(session):
    record = recorded(session)
    app.backend.store_result(record.id, {}, "SUCCESS")
    session.remove()

    archive.write(records_client(), record)

    assert not session.folder.exists()


def test_nothing_is_left_of_a_job_that_is_removed_while_it_is_archived(session, monkeypatch):
    record = recorded(session)
    app.backend.store_result(record.id, {}, "SUCCESS")
    write_bytes = archive.write_bytes

    def removed_meanwhile(path, content):
        write_bytes(path, content)
        records.remove(records_client(), record)

    monkeypatch.setattr(archive, "write_bytes", removed_meanwhile)
    archive.write(records_client(), record)

    assert not archive.path_of(record).exists()


def test_removing_what_is_not_archived_is_no_fault(session):
    record = ended(session)

    archive.remove(record)
    archive.remove(record)

    assert not archive.path_of(record).exists()


def test_files_are_read_only_once_after_a_loss(session, fresh_redis):
    record = ended(session)
    client = fresh_redis()
    archive.restore(client)
    records.remove(client, record)

    again = archive.restore(client)

    assert again == 0
    assert records.read(client, record.id) is None


def test_a_record_that_exists_is_never_overwritten(session, fresh_redis):
    record = ended(session)
    client = fresh_redis()
    client.hset(record_key(record.id), mapping={"state": "PENDING", "owner": "ada"})

    archive.restore(client)

    assert client.hgetall(record_key(record.id)) == {"state": "PENDING", "owner": "ada"}


def test_of_several_processes_one_reads_the_files(session, fresh_redis):
    made = {ended(session).id for _ in range(3)}
    client = fresh_redis()
    counts = []
    threads = [threading.Thread(target=lambda: counts.append(archive.restore(client))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counts)[:3] == [0, 0, 0]
    assert sorted(counts)[3] >= 3
    assert made <= set(client.smembers(session_key(session.id)))


def test_a_process_that_died_while_it_read_holds_nobody_up(session, fresh_redis):
    record = ended(session)
    client = fresh_redis()
    client.set(archive.LOCK_KEY, "of a process that is no more", ex=60)
    meanwhile = archive.restore(client)
    client.delete(archive.LOCK_KEY)  # as when it lapses

    archive.restore(client)

    assert meanwhile == 0
    assert records.read(client, record.id) == record


def spoilt(record, change):
    """Replace a job's file by one that `change` makes of its members."""
    path = archive.path_of(record)
    path.write_bytes(change(orjson.loads(path.read_bytes())))


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda _: b"{",
        lambda _: b"\xff",
        lambda _: b" " * (archive.MOST_BYTES + 1),
        lambda file: orjson.dumps(file | {"version": 2}),
        lambda file: orjson.dumps(file | {"id": str(uuid.uuid4())}),
        lambda file: orjson.dumps(file | {"fields": {}}),
        lambda file: orjson.dumps(file | {"fields": file["fields"] | {"owner": "eve"}}),
        lambda file: orjson.dumps(file | {"fields": file["fields"] | {"session": ""}}),
        lambda file: orjson.dumps(file | {"fields": file["fields"] | {"state": "PROGRESS"}}),
        lambda file: orjson.dumps(file | {"fields": file["fields"] | {"created_at": "secret"}}),
    ],
    ids=[
        "empty", "cut off", "no text", "too large", "of a later version", "of another job", "no fields",
        "of another owner", "of another session", "not ended", "no time",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_and_skipped(session, fresh_redis, caplog, change):
    whole, broken = ended(session), ended(session)
    spoilt(broken, change)
    client = fresh_redis()

    archive.restore(client)

    assert records.read(client, broken.id) is None
    assert records.read(client, whole.id) == whole
    told = [line for line in caplog.records if line.message == "job not restored"]
    assert [line.file for line in told] == [f"job-{broken.id}.json"]
    assert "secret" not in told[0].reason
    archive.remove(broken)


def test_the_task_of_each_minute_notices_a_loss(session, fresh_redis):
    record = ended(session)
    client = fresh_redis()

    cleanup.reconcile_jobs()

    assert records.read(client, record.id) == record

"""What one user may ask for, and that whoever asks for more harms nobody else."""

import io
import re
import threading

import pytest

from api.limits import UPLOADING, is_submit
from jobs import limits, records, turns
from jobs.connection import records_client
from jobs.keys import held_key, turns_key
from jobs.limits import Policy

KILOBYTE = b"x" * 1_000

PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def submit(client):
    return client.post("/api/v1/jobs/probe", json={})


def upload(client, content=KILOBYTE, name="a.csv"):
    return client.post("/api/v1/sessions", data={"file": [(io.BytesIO(content), name)]})


def test_a_submit_tells_what_is_left(worker, ada, allowed):
    allowed(submits_per_minute=5)

    first, second = submit(ada), submit(ada)

    assert first.headers["RateLimit-Policy"] == '"submits";q=5;w=60'
    assert first.headers["RateLimit"] == '"submits";r=4;t=12'
    assert second.headers["RateLimit"].startswith('"submits";r=3;')


def test_more_submits_than_allowed_are_refused_with_when_to_come_again(worker, ada, allowed):
    allowed(submits_per_minute=2)

    answers = [submit(ada) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    refused = answers[-1]
    assert refused.json["type"] == "/problems/rate-limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 30
    assert refused.headers["RateLimit"].startswith('"submits";r=0;')
    assert len(ada.get("/api/v1/jobs").json["items"]) == 2


def test_what_one_user_has_used_up_another_still_has(worker, ada, eve, allowed):
    allowed(submits_per_minute=1)
    submit(ada)

    assert submit(ada).status_code == 429
    assert submit(eve).status_code == 202


def test_a_submit_that_is_refused_for_another_reason_costs_nothing(worker, ada, allowed):
    allowed(submits_per_minute=1)

    wrong = ada.post("/api/v1/jobs/probe", json={"nonsense": 1})

    assert wrong.status_code == 422
    assert wrong.headers["RateLimit"] == '"submits";r=1;t=1'
    assert submit(ada).status_code == 202


def test_trying_again_is_a_submit_too(worker, ada, allowed):
    allowed(submits_per_minute=0)
    job = ada.run("probe")
    allowed(submits_per_minute=1)

    answers = [ada.post(job["links"]["retry"], json={}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 429]


def test_many_submits_at_once_get_no_more_than_the_share(redis_server):
    policy, taken = Policy("test-at-once", 10, 60), []

    def ask():
        for _ in range(5):
            taken.append(limits.spend(records_client(), policy, "ada").taken)  # noqa: PERF401 - one by one

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert taken.count(True) == 10


def test_a_share_comes_back_evenly(redis_server):
    policy = Policy("test-evenly", 100, 1_000)
    limits.spend(records_client(), policy, "ada", 100)

    refused = limits.spend(records_client(), policy, "ada")

    assert not refused.taken
    assert 0 < refused.wait_seconds <= 10  # one of a hundred
    assert 900 < refused.full_seconds <= 1_000


def test_nothing_is_kept_of_a_share_that_is_whole_again(redis_server):
    policy = Policy("test-whole", 10, 60)
    limits.spend(records_client(), policy, "ada", 3)

    limits.spend(records_client(), policy, "ada", -3)

    assert not records_client().exists("limit:test-whole:ada")


@pytest.fixture
def crowded(ada):
    """Ada's name: two jobs of hers have their turn, and never end, and two are held back."""
    owner = upload(ada).json["owner"]
    for key, names in ((turns_key, "ab"), (held_key, "cd")):
        records_client().zadd(key("probe", owner), {f"{name}-{owner}": 1.0 for name in names})
    yield owner
    records_client().delete(turns_key("probe", owner), held_key("probe", owner))


def test_a_user_whose_jobs_fill_the_line_may_start_no_more(worker, crowded, ada, eve, allowed):
    allowed(held_jobs_per_user=3, jobs_per_user=2)

    answers = [submit(ada) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 429]
    assert answers[-1].json["type"] == "/problems/too-many-jobs"
    assert answers[-1].headers["Retry-After"] == "30"
    assert len(ada.get("/api/v1/jobs").json["items"]) == 1
    assert submit(eve).status_code == 202


def test_a_job_that_is_held_back_already_stays_so_however_low_the_limit_is_set(worker, crowded, ada, allowed):
    allowed(jobs_per_user=2)
    job = submit(ada).json["id"]
    allowed(held_jobs_per_user=1, jobs_per_user=2)

    record = records.read(records_client(), job)

    assert turns.admit(records_client(), record) is False


def test_a_flood_of_requests_is_refused_and_others_are_served(ada, eve, allowed):
    allowed(requests_per_second=0.5)  # 5 in 10 seconds

    answers = [ada.get("/api/v1/kinds") for _ in range(15)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    assert refused[0].headers["RateLimit-Policy"] == '"requests";q=5;w=10'
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 2
    assert eve.get("/api/v1/kinds").status_code == 200


def test_a_limit_of_zero_is_none(worker, ada, allowed):
    allowed(
        requests_per_second=0,
        submits_per_minute=0,
        upload_bytes_per_day=0,
        session_bytes_per_user=0,
        held_jobs_per_user=0,
    )

    answers = [submit(ada), upload(ada)]

    assert [answer.status_code for answer in answers] == [202, 201]
    assert not any("RateLimit" in answer.headers for answer in answers)


def test_every_route_that_takes_files_or_starts_jobs_is_limited(app):
    addresses = {rule.endpoint: PLACE.sub(r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    uploading = {addresses[endpoint] for endpoint in UPLOADING}
    starting = {address for endpoint, address in addresses.items() if is_submit(endpoint)}
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]

    for path, item in paths.items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            if content and not any("json" in name for name in content):
                assert path in uploading, f"{method} {path} takes files: name it in UPLOADING"
            if method == "post" and "202" in operation["responses"] and not path.endswith("/cancel"):
                assert path in starting, f"{method} {path} starts a job: name it in SUBMITTING"

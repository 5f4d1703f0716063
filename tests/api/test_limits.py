"""What one user may ask for, and that whoever asks for more harms nobody else."""

import io
import threading

import pytest

from api import limits as api_limits
from api import refusing
from api.addresses import client_address
from api.limits import UPLOADING, is_submit
from api.pace import Pace
from jobs import limits, records, sessions, turns
from jobs.connection import records_client
from jobs.keys import held_key, turns_key
from jobs.limits import Policy
from jobs.settings import settings
from jobs.settings.access import AccessSettings
from tests.support.client import Client

KILOBYTE = b"x" * 1_000


@pytest.fixture
def allowed(monkeypatch):
    """Return a function that sets limits for the rest of the test."""

    def allowed(**changes):
        changed = settings().model_copy(update=changes)
        for module in (api_limits, refusing, turns):
            monkeypatch.setattr(module, "settings", lambda: changed)
        api_limits._requests.cache_clear()
        refusing._pace.cache_clear()

    yield allowed
    monkeypatch.undo()
    api_limits._requests.cache_clear()
    refusing._pace.cache_clear()


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
    policy = Policy("test-evenly", 100, 10)
    for _ in range(100):
        limits.spend(records_client(), policy, "ada")

    refused = limits.spend(records_client(), policy, "ada")

    assert not refused.taken
    assert 0 < refused.wait_seconds <= 0.1
    assert 9 < refused.full_seconds <= 10


def test_nothing_is_kept_of_a_share_that_is_whole_again(redis_server):
    policy = Policy("test-whole", 10, 60)
    limits.spend(records_client(), policy, "ada", 3)

    limits.spend(records_client(), policy, "ada", -3)

    assert not records_client().exists("limit:test-whole:ada")


def test_a_whole_days_uploads_are_refused_beyond_the_share(ada, allowed):
    allowed(upload_bytes_per_day=3_000)

    answers = [upload(ada) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    policy, left = (answers[1].headers[name] for name in ("RateLimit-Policy", "RateLimit"))
    assert policy == '"upload-bytes";q=3000;qu="content-bytes";w=86400'
    assert int(left.split(";")[1].removeprefix("r=")) < 1_000
    assert int(answers[-1].headers["Retry-After"]) > 60


def test_an_upload_larger_than_a_days_share_is_too_large(ada, allowed):
    allowed(upload_bytes_per_day=500)

    answer = upload(ada)

    assert (answer.status_code, answer.json["type"]) == (413, "/problems/too-large")


def test_an_upload_that_does_not_tell_its_size_is_stopped_where_the_share_ends(ada, allowed):
    session = upload(ada).json["id"]
    allowed(upload_bytes_per_day=10_000)

    answers = [
        ada.http.put(
            f"/api/v1/sessions/{session}/files/{name}",
            headers=ada.headers,
            input_stream=io.BytesIO(content),
            environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
        )
        for name, content in (("small.bin", KILOBYTE * 4), ("large.bin", KILOBYTE * 20))
    ]

    assert [answer.status_code for answer in answers] == [201, 429]
    assert answers[0].headers["RateLimit"].startswith('"upload-bytes";r=6000;')
    assert [file.name for file in stored(ada, session)] == ["a.csv", "small.bin"]


def stored(client, session):
    owner = client.get(f"/api/v1/sessions/{session}").json["owner"]
    return sessions.find(owner, session).manifest().files


def test_files_beyond_a_users_room_are_refused(ada, allowed):
    allowed(session_bytes_per_user=2_600)

    answers = [upload(ada) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 413]
    assert answers[-1].json["type"] == "/problems/session-space-used"
    assert "2600 bytes" in answers[-1].json["detail"]
    assert len(ada.get("/api/v1/sessions").json["items"]) == 2


def test_room_is_there_again_as_soon_as_a_session_is_removed(ada, allowed):
    allowed(session_bytes_per_user=1_500)
    session = upload(ada).json["id"]
    assert upload(ada).status_code == 413

    ada.http.delete(f"/api/v1/sessions/{session}", headers=ada.headers)

    assert upload(ada).status_code == 201


def test_an_upload_that_fails_takes_no_room(ada, allowed):
    allowed(session_bytes_per_user=1_500)

    assert upload(ada, name="a/../b").status_code == 422
    assert upload(ada).status_code == 201


def test_uploads_at_the_same_time_share_the_room(redis_server):
    user = "room-at-once"

    rooms = [limits.take_room(records_client(), user, most=2_500, size=1_000) for _ in range(3)]

    assert [room.left for room in rooms] == [1_500, 500, None]
    limits.end_upload(records_client(), user, rooms[0], 0)
    assert limits.take_room(records_client(), user, most=2_500, size=1_000).left == 500


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
    allowed(requests_per_second=2)  # 20 in 10 seconds

    answers = [ada.get("/api/v1/kinds") for _ in range(25)]

    statuses = [answer.status_code for answer in answers]
    assert statuses[:20] == [200] * 20
    assert 429 in statuses
    assert answers[-1].headers["RateLimit-Policy"] == '"requests";q=20;w=10'
    assert answers[-1].headers["Retry-After"] == "1"
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
    limited = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in UPLOADING}
    starting = {rule.rule for rule in app.url_map.iter_rules() if is_submit(rule.endpoint)}
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]

    for path, item in paths.items():
        rule = path.replace("{", "<").replace("}", ">")
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            if content and not any("json" in name for name in content):
                assert rule in limited, f"{method} {path} takes files: name it in UPLOADING"
            if method == "post" and "202" in operation["responses"] and not path.endswith("/cancel"):
                assert rule in starting, f"{method} {path} starts a job: name it in SUBMITTING"


def test_wrong_tokens_are_told_to_wait_and_good_ones_from_the_same_address_are_not(app, ada, allowed):
    allowed(refusals_per_minute=5)
    wrong = Client(app.test_client(), "lh_" + "x" * 43)

    statuses = [wrong.get("/api/v1/jobs").status_code for _ in range(7)]

    assert statuses == [401] * 5 + [429] * 2
    assert int(wrong.get("/api/v1/jobs").headers["Retry-After"]) <= 12
    assert ada.get("/api/v1/jobs").status_code == 200


def test_a_request_without_a_token_is_no_wrong_one(app, allowed):
    allowed(refusals_per_minute=1)

    assert {app.test_client().get("/api/v1/jobs").status_code for _ in range(3)} == {401}


PROXIES = AccessSettings(trusted_proxies="10.0.0.0/8, 2001:db8::1").trusted_proxies


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours: it says what it likes
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # the first was made up by the client
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.9.9.9", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("2001:db8::1", "2001:db8:5:6:7::8", "2001:db8:5:6::/64"),
        ("2001:db8:5:6:ffff::1", "", "2001:db8:5:6::/64"),
        (None, "198.51.100.1", "unknown"),
    ],
)
def test_the_address_of_who_asks_is_taken_from_proxies_that_are_trusted_alone(peer, forwarded, address):
    assert client_address(peer, forwarded, PROXIES) == address


def test_a_pace_is_kept_for_each_name_and_forgotten_in_time():
    now = [0.0]
    pace = Pace(2, 10, clock=lambda: now[0])

    asked = [pace.wait("ada") for _ in range(3)]
    now[0] = 5.0

    assert asked == [0, 0, 5]
    assert pace.wait("ada") == 0
    assert pace.wait("eve") == 0


def test_a_pace_remembers_a_bounded_number_of_names(monkeypatch):
    monkeypatch.setattr("api.pace.MOST_KNOWN", 100)
    pace = Pace(1, 10, clock=lambda: 0.0)

    for number in range(1_000):
        pace.wait(str(number))

    assert len(pace._full_at) <= 100

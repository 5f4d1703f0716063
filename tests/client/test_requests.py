"""What the client does when things go wrong on the way, against a server that does as a script says."""

import json
import subprocess
import sys
import threading
import time

import pytest
from longhaul import (
    Client,
    Conflict,
    Forbidden,
    Invalid,
    LonghaulError,
    NotFound,
    NotSignedIn,
    ServerFault,
    TooLarge,
    TooManyRequests,
    Unavailable,
    Unreachable,
    WaitTimeout,
)
from longhaul.jobs import Job
from longhaul.models import job_state
from longhaul.patience import backoff, ceiling, retry_after

from tests.client.serving import Said
from tests.support.processes import ROOT
from tests.support.service import free_port

JOB = {
    "id": "0b9e3a52-0000-4000-8000-000000000001",
    "kind": "analysis",
    "status": "running",
    "done": False,
    "progress": 10.0,
    "message": "Reading",
    "links": {"report": "/api/v1/jobs/1/report", "results": "/api/v1/jobs/1/results"},
}
ENDED = JOB | {"status": "completed", "done": True, "progress": 100.0}
BUSY = Said(503, b'{"title": "Away", "detail": "Redis is away."}', {"Retry-After": "0"})
PROBLEM = {"Content-Type": "application/problem+json"}


def said(document, **headers):
    return Said(
        200, json.dumps(document).encode(), {name.replace("_", "-"): v for name, v in headers.items()}
    )


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, NotSignedIn),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (413, TooLarge),
        (422, Invalid),
        (429, TooManyRequests),
        (500, ServerFault),
        (503, Unavailable),
    ],
)
def test_each_refusal_has_a_name_and_says_what_the_service_said(scripted, status, error):
    body = {
        "type": "/problems/some-reason",
        "title": "No",
        "detail": "Because.",
        "request_id": "r1",
        "errors": [{"parameter": "q", "position": 3, "detail": "here"}],
    }
    scripted.answers(Said(status, json.dumps(body).encode(), PROBLEM))

    with pytest.raises(error, match=r"Because\.") as refusal:
        scripted.client(patience=0.0).jobs.get("1")

    problem = refusal.value.problem
    assert (problem.status, problem.slug, problem.request_id) == (status, "some-reason", "r1")
    assert (problem.faults[0].where, problem.faults[0].position) == ("q", 3)


def test_what_a_proxy_says_in_html_is_a_refusal_too(scripted):
    scripted.answers(Said(502, b"<h1>Bad gateway</h1>", {"Content-Type": "text/html"}))

    with pytest.raises(Unavailable, match="502 Bad Gateway"):
        scripted.client(patience=0.0).jobs.get("1")


def test_what_is_no_longhaul_is_told_apart(scripted):
    scripted.answers(Said(200, b"<h1>Hello</h1>", {"Content-Type": "text/html"}))

    with pytest.raises(Unreachable, match="no Longhaul service"):
        scripted.client().jobs.get("1")


@pytest.mark.parametrize("failure", [BUSY, Said(429, headers={"Retry-After": "0"}), Said(hang_up=True)])
def test_a_request_that_changes_nothing_is_sent_again(scripted, failure):
    scripted.answers(failure, failure, said(JOB))

    assert scripted.client().jobs.get("1").progress == 10.0
    assert len(scripted.asked) == 3


def test_a_job_is_submitted_again_under_the_same_key(scripted):
    scripted.answers(Said(hang_up=True), BUSY, Said(202, json.dumps(JOB).encode()))

    scripted.client().jobs.create("probe", {})

    keys = {headers["Idempotency-Key"] for _, _, headers in scripted.asked}
    assert (len(scripted.asked), len(keys)) == (3, 1)


def test_a_key_that_is_still_worked_on_is_asked_for_again(scripted):
    in_use = json.dumps({"type": "/problems/idempotency-key-in-use", "detail": "Not yet."}).encode()
    answered = Said(202, json.dumps(JOB).encode())
    scripted.answers(Said(hang_up=True), Said(409, in_use, PROBLEM | {"Retry-After": "0"}), answered)

    assert scripted.client().jobs.create("probe", {}).id == JOB["id"]


def test_an_upload_that_broke_off_is_not_sent_again_by_itself(scripted):
    scripted.answers(Said(hang_up=True))

    with pytest.raises(Unreachable):
        scripted.client().analyses.create(b"a,b\n1,2\n", "What?")

    assert [method for method, *_ in scripted.asked] == ["POST"]


def test_an_upload_waits_for_a_service_that_takes_no_connections_yet():
    begun = time.monotonic()
    with (
        Client(f"http://127.0.0.1:{free_port()}", "lh_test", patience=0.6) as client,
        pytest.raises(Unreachable, match="does not answer"),
    ):
        client.analyses.create(b"a\n1\n")

    assert time.monotonic() - begun > 0.1  # it tried more than once: nothing had been sent


def test_an_upload_that_was_refused_for_its_number_is_sent_again(scripted):
    session = {"id": "s", "title": "t", "files": []}
    too_many = Said(429, headers={"Retry-After": "0"})
    scripted.answers(too_many, said(session), Said(202, json.dumps(JOB).encode()))

    assert scripted.client().analyses.create(b"a,b\n1,2\n", "What?").id == JOB["id"]


def test_a_delete_whose_answer_was_lost_has_done_its_work(scripted):
    gone = Said(404, b'{"detail": "There is no such job."}')
    scripted.answers(said(ENDED), Said(hang_up=True), gone)

    scripted.client().jobs.get("1").delete()

    assert [method for method, *_ in scripted.asked] == ["GET", "DELETE", "DELETE"]


def test_the_service_says_when_to_come_again(scripted):
    scripted.answers(Said(429, headers={"Retry-After": "1"}), said(JOB))
    begun = time.monotonic()

    scripted.client().jobs.get("1")

    assert time.monotonic() - begun >= 1.0


def test_a_pause_that_is_longer_than_ones_patience_is_told_at_once(scripted):
    scripted.answers(Said(429, headers={"Retry-After": "3600"}))
    begun = time.monotonic()

    with pytest.raises(TooManyRequests) as refusal:
        scripted.client().jobs.get("1")

    assert refusal.value.retry_after == 3600
    assert time.monotonic() - begun < 3.0


def test_pauses_are_spread_from_nothing_to_a_ceiling_that_doubles_up_to_a_bound():
    pauses = [backoff(4) for _ in range(400)]

    assert [ceiling(n) for n in range(4)] == [0.25, 0.5, 1.0, 2.0]
    assert ceiling(50) == 10.0
    assert 0 <= min(pauses) < 0.4 < 3.6 < max(pauses) <= ceiling(4)  # 400 draws miss a tenth once in 1e18


def test_retry_after_is_read_as_seconds_or_as_a_date():
    assert retry_after("7") == 7.0
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert retry_after("soon") is None
    assert retry_after("nan") is None


def test_waiting_names_the_look_that_it_knows_and_lets_the_service_wait(scripted):
    waited = {"Preference-Applied": "wait=20"}
    scripted.answers(
        said(JOB, ETag='W/"1"'),
        Said(304, headers=waited),
        said(JOB | {"progress": 50.0}, ETag='W/"2"', Preference_Applied="wait=20"),
        said(ENDED, ETag='W/"3"', Preference_Applied="wait=20"),
    )

    seen = [state.progress for state in _job(scripted.client().jobs).changes()]

    assert seen == [10.0, 50.0, 100.0]
    asked = [(headers.get("If-None-Match"), headers.get("Prefer")) for *_, headers in scripted.asked]
    assert asked == [(None, None), ('W/"1"', "wait=20"), ('W/"1"', "wait=20"), ('W/"2"', "wait=20")]


def _job(jobs):
    return Job(jobs._transport, job_state(JOB))


def test_a_service_that_does_not_wait_itself_sets_the_pace(scripted):
    pace = {"Retry-After": "0.3"}
    scripted.answers(said(JOB, ETag='W/"1"'), Said(304, headers=pace), Said(304, headers=pace), said(ENDED))
    begun = time.monotonic()

    _job(scripted.client().jobs).wait()

    assert time.monotonic() - begun >= 0.6


def test_a_service_without_etags_is_not_asked_without_a_pause(scripted):
    scripted.answers(said(JOB, Retry_After="0.3"), said(JOB, Retry_After="0.3"), said(ENDED))
    begun = time.monotonic()

    _job(scripted.client().jobs).wait()

    assert time.monotonic() - begun >= 0.6


def test_waiting_goes_on_while_the_service_is_away_and_says_so(scripted):
    scripted.answers(said(JOB, ETag='W/"1"'), Said(hang_up=True), BUSY, said(ENDED))
    troubles = []

    _job(scripted.client(patience=0.0).jobs).wait(trouble=troubles.append)

    assert len(troubles) == 2
    assert "Redis is away" in troubles[1]


def test_waiting_ends_in_time_and_the_job_goes_on(scripted):
    scripted.answers(said(JOB, ETag='W/"1"'), *[Said(304, headers={"Retry-After": "0.2"})] * 20)
    begun = time.monotonic()

    with pytest.raises(WaitTimeout, match="goes on"):
        _job(scripted.client().jobs).wait(timeout=0.5)

    assert 0.4 <= time.monotonic() - begun < 5.0


CONTENT = bytes(range(256)) * 4096


def test_a_download_that_breaks_off_goes_on_where_it_was(scripted, tmp_path):
    def rest(request):
        begin = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        told = {"ETag": '"v1"', "Content-Range": f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}"}
        return Said(206, CONTENT[begin:], told)

    scripted.answers(said(ENDED), Said(200, CONTENT, {"ETag": '"v1"'}, cut_after=700_000), rest)

    (file,) = scripted.client().jobs.get("1").download(tmp_path, ["results"])

    assert file.read_bytes() == CONTENT
    again = scripted.asked[-1][2]
    assert again["If-Range"] == '"v1"'
    assert 0 < int(again["Range"][6:-1]) <= 700_000  # what had come was not asked for again


def test_a_download_of_what_has_changed_meanwhile_begins_anew(scripted, tmp_path):
    changed = CONTENT[::-1]
    scripted.answers(
        said(ENDED),
        Said(200, CONTENT, {"ETag": '"v1"'}, cut_after=700_000),
        Said(200, changed, {"ETag": '"v2"'}),
    )

    (file,) = scripted.client().jobs.get("1").download(tmp_path, ["results"])

    assert file.read_bytes() == changed


def test_a_download_that_fails_leaves_what_was_there(scripted, tmp_path):
    (tmp_path / "results.json").write_text("before")
    scripted.answers(said(ENDED), Said(200, CONTENT, cut_after=10), Said(404, b'{"detail": "gone"}'))

    with pytest.raises(NotFound):
        scripted.client().jobs.get("1").download(tmp_path, ["results"])

    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
    assert (tmp_path / "results.json").read_text() == "before"


def test_a_name_that_leads_out_of_the_folder_is_not_written(scripted, tmp_path):
    links = {"plots": "/api/v1/jobs/1/plots", "results": "/r"}
    listed = {"items": [{"name": "../evil.png", "href": "/api/v1/jobs/1/plots/x"}]}
    scripted.answers(said(ENDED | {"links": links}), said(listed))

    with pytest.raises(LonghaulError, match="not written"):
        scripted.client().jobs.get("1").download(tmp_path / "in", ["figures"])

    assert not list(tmp_path.rglob("*.png"))


def test_an_address_of_another_host_gets_no_token(scripted):
    scripted.answers(said({"items": [], "next": "//elsewhere.example/api/v1/jobs"}))

    with pytest.raises(LonghaulError, match="not its own"):
        list(scripted.client().jobs.list())


def test_threads_share_a_client(scripted):
    scripted.answers(*[said(JOB)] * 40)
    client, found = scripted.client(), []
    threads = [
        threading.Thread(target=lambda: found.extend(client.jobs.get("1").id for _ in range(10)))
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 40


SENDER = """
import resource, sys
from longhaul import Client, LonghaulError
client = Client(sys.argv[1], "lh_test", patience=0.0)
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try: client.analyses.create(sys.argv[2])
except LonghaulError: pass
before = peak()
try: client.analyses.create(sys.argv[3])
except LonghaulError: pass
job = client.jobs.get("1")
job.download(sys.argv[4], ["results"])
print(peak() - before)
"""


def test_large_files_go_and_come_in_constant_memory(scripted, tmp_path):
    (tmp_path / "small.csv").write_bytes(b"a\n1\n")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(150_000_000)
    refused = Said(422, b'{"detail": "no table"}')
    scripted.answers(refused, refused, said(ENDED), Said(200, bytes(100_000_000)))

    ran = subprocess.run(
        [sys.executable, "-c", SENDER, scripted.url, tmp_path / "small.csv", large, tmp_path / "to"],
        env={"PYTHONPATH": str(ROOT / "client" / "src"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert scripted.received > 150_000_000
    assert (tmp_path / "to" / "results.json").stat().st_size == 100_000_000
    grown = int(ran.stdout) * (1 if sys.platform == "darwin" else 1024)  # ru_maxrss counts kilobytes on Linux
    assert grown < 20_000_000


@pytest.mark.parametrize("url", ["ftp://host", "localhost:5000", "http://", "http://user:word@host", ""])
def test_an_address_that_cannot_be_one_is_refused(url, monkeypatch):
    monkeypatch.setenv("LONGHAUL_URL", url or "nowhere")

    with pytest.raises(LonghaulError):
        Client(token="lh_test")

"""Requests that wait for a job to change, and streams of its changes."""

import json
import threading
import time
import uuid
from functools import cache

import pytest

from api import live
from api.patience import Places
from jobs import records
from jobs.connection import records_client
from jobs.errors import Unavailable
from jobs.feed import feed
from jobs.settings.live import LiveSettings
from jobs.watching import Watch
from tests.api.test_lifecycle import change
from tests.support.waiting import until

LONG = {"steps": 600, "seconds_a_step": 0.1}
SLOW_LOOK_SECONDS = 60.0  # longer than any wait: what is answered sooner was woken by the feed


@pytest.fixture
def only_woken(monkeypatch):
    """Let nothing be seen but what the feed tells."""
    slow = Watch(feed(), look_seconds=SLOW_LOOK_SECONDS)
    monkeypatch.setattr(live, "watch", lambda: slow)


@pytest.fixture
def eager(monkeypatch):
    """Let jobs be looked at all the time."""
    quick = Watch(feed(), look_seconds=0.1)
    monkeypatch.setattr(live, "watch", lambda: quick)


@pytest.fixture
def going(worker, ada):
    """The address of a job that runs until it is cancelled."""
    address = ada.submit("probe", **LONG)
    until(lambda: ada.get(address).json["status"] == "running", what="it runs")
    yield address
    change(ada, "cancel", address)


def events(answer):
    """Yield the events of a stream as (id, name, job)."""
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    rest = ""
    for chunk in answer.response:
        rest += chunk.decode() if isinstance(chunk, bytes) else chunk
        while "\n\n" in rest:
            block, _, rest = rest.partition("\n\n")
            fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "data" in fields:
                yield int(fields["id"]), fields["event"], json.loads(fields["data"])


def stream(client, address, **headers):
    return client.http.get(f"{address}/events", headers=client.headers | headers)


def test_a_request_that_waits_is_answered_when_the_job_ends(worker, ada, only_woken):
    address = ada.submit("probe", steps=10, seconds_a_step=0.1)
    began = time.monotonic()

    answer = ada.get(address, headers={"Prefer": "wait=20"})

    assert answer.json["status"] == "completed"
    assert answer.headers["Preference-Applied"] == "wait=20"
    assert time.monotonic() - began < 19


def test_a_request_that_knows_the_job_waits_for_its_next_change(going, ada, only_woken):
    first = ada.get(going)

    answer = ada.get(going, headers={"Prefer": "wait=20", "If-None-Match": first.headers["ETag"]})

    assert answer.status_code == 200
    assert answer.headers["ETag"] != first.headers["ETag"]
    assert answer.json["status"] == "running"


def test_what_does_not_change_while_a_request_waits_costs_no_body(ada):
    address = ada.submit("doomed")  # which no worker serves
    first = ada.get(address)

    answer = ada.get(address, headers={"Prefer": "wait=1", "If-None-Match": first.headers["ETag"]})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Preference-Applied"] == "wait=1"
    change(ada, "cancel", address)


def test_nobody_waits_for_what_has_ended(worker, ada):
    address = ada.run("probe")["links"]["self"]
    first = ada.get(address, headers={"Prefer": "wait=20"})

    again = ada.get(address, headers={"Prefer": "wait=20", "If-None-Match": first.headers["ETag"]})

    assert first.json["done"]
    assert again.status_code == 304
    assert "Preference-Applied" not in {**first.headers, **again.headers}


@pytest.mark.parametrize("preference", ["wait=soon", "wait", "respond-async", "wait=-3", "await=3"])
def test_a_preference_that_means_nothing_is_ignored(going, ada, preference):
    answer = ada.get(going, headers={"Prefer": preference})

    assert answer.status_code == 200
    assert "Preference-Applied" not in answer.headers


@pytest.mark.parametrize("preference", ["respond-async, wait=1", 'wait="1"', "wait = 1; exact", "Wait=1"])
def test_a_preference_may_be_written_in_several_ways(going, ada, preference):
    answer = ada.get(going, headers={"Prefer": preference})

    assert answer.headers["Preference-Applied"] == "wait=1"
    assert answer.json["status"] == "running"


def test_nobody_waits_longer_than_twenty_seconds(worker, ada):
    address = ada.submit("probe", steps=5, seconds_a_step=0.1)

    answer = ada.get(address, headers={"Prefer": "wait=86400"})

    assert answer.headers["Preference-Applied"] == "wait=20"


def test_a_job_that_disappears_while_somebody_waits_is_unknown(ada, eager):
    address = ada.submit("doomed")  # which no worker serves
    record = records.read(records_client(), address.rpartition("/")[2])
    removal = threading.Timer(0.3, records.remove, (records_client(), record))
    removal.start()

    answer = ada.get(address, headers={"Prefer": "wait=20"})

    removal.join()
    assert (answer.status_code, answer.json["type"]) == (404, "/problems/not-found")


def test_beyond_what_may_wait_a_request_is_answered_at_once(going, ada, monkeypatch):
    full = Places(1, 1)
    full.take("others")
    monkeypatch.setattr(live, "_waiting", lambda: full)

    answer = ada.get(going, headers={"Prefer": "wait=20"})

    assert answer.json["status"] == "running"
    assert "Preference-Applied" not in answer.headers


def test_a_stream_tells_every_step_and_ends_with_the_job(worker, ada, only_woken):
    address = ada.submit("probe", steps=4, seconds_a_step=0.6)

    told = list(events(stream(ada, address)))

    assert [name for _, name, _ in told[:-1]] == ["progress"] * (len(told) - 1)
    assert told[-1][1] == "end"
    assert told[-1][2] == ada.get(address).json
    percents = [job["progress"] for _, _, job in told]
    assert percents == sorted(percents)
    assert len({job["progress"] for _, _, job in told}) >= 3
    ids = [number for number, _, _ in told]
    assert ids == sorted(ids)


def test_a_stream_that_is_resumed_tells_nothing_twice(worker, ada):
    address = ada.submit("probe", steps=6, seconds_a_step=0.6)
    first = stream(ada, address)
    number, _, job = next(events(first))
    first.close()

    told = list(events(stream(ada, address, **{"Last-Event-ID": str(number)})))

    assert job not in [job for _, _, job in told]
    assert told[-1][1] == "end"


def test_a_browser_that_reconnects_after_the_end_is_told_to_stop(worker, ada):
    job = ada.run("probe")
    ((number, name, seen),) = events(stream(ada, job["links"]["self"]))

    again = stream(ada, job["links"]["self"], **{"Last-Event-ID": str(number)})

    assert (name, seen) == ("end", job)
    assert (again.status_code, again.data) == (204, b"")


def test_a_stream_beyond_what_may_stay_open_ends_after_the_first_event(going, ada, monkeypatch):
    full = Places(1, 1)
    full.take("others")
    monkeypatch.setattr(live, "_streaming", lambda: full)

    told = list(events(stream(ada, going)))

    assert [name for _, name, _ in told] == ["progress"]


def test_a_stream_in_which_nothing_happens_is_kept_open_by_pings(ada, monkeypatch):
    monkeypatch.setattr(live, "PING_SECONDS", 0.3)
    address = ada.submit("doomed")  # which no worker serves
    answer = stream(ada, address)
    chunks = (chunk.decode() if isinstance(chunk, bytes) else chunk for chunk in answer.response)

    assert any(chunk.startswith(": ping") for chunk in (next(chunks) for _ in range(50)))

    answer.close()
    change(ada, "cancel", address)


def test_a_stream_that_the_client_leaves_frees_its_place(going, ada, monkeypatch):
    places = Places(1, 1)
    monkeypatch.setattr(live, "_streaming", lambda: places)
    answer = stream(ada, going)
    next(events(answer))
    with pytest.raises(Unavailable):
        places.take("others")

    answer.close()

    places.take("others")


def test_one_user_takes_no_more_than_a_share_of_the_streams(ada, eve, monkeypatch):
    monkeypatch.setattr(live, "_streaming", cache(lambda: Places(2, 1)))
    mine, theirs = (client.submit("doomed") for client in (ada, eve))  # which no worker serves
    first = stream(ada, mine)
    next(events(first))

    beyond = [name for _, name, _ in events(stream(ada, mine))]  # it ends
    other = stream(eve, theirs)

    assert beyond == ["progress"]
    assert next(events(other))[1] == "progress"
    with pytest.raises(Unavailable):  # it stays: both places are taken
        live._streaming().take("others")
    for opened in (first, other):
        opened.close()
    change(ada, "cancel", mine)
    change(eve, "cancel", theirs)


def test_one_user_takes_no_more_than_a_share_of_the_waits(going, ada, eve, monkeypatch):
    places = Places(2, 1)
    places.take(name := ada.get("/api/v1/me").json["user"])
    monkeypatch.setattr(live, "_waiting", lambda: places)
    theirs = eve.submit("doomed")

    beyond = ada.get(going, headers={"Prefer": "wait=20"})
    other = eve.get(theirs, headers={"Prefer": "wait=1"})

    assert "Preference-Applied" not in beyond.headers
    assert other.headers["Preference-Applied"] == "wait=1"
    places.leave(name)
    change(eve, "cancel", theirs)


@pytest.mark.parametrize(("said", "share"), [(None, 2), (5, 5)])
def test_the_share_of_one_user_is_a_quarter_unless_it_is_set(said, share):
    found = LiveSettings(streams=8, waits=8, streams_per_user=said, waits_per_user=said)

    assert (found.streams_of_one, found.waits_of_one) == (share, share)


@pytest.mark.parametrize("suffix", ["", "/events"])
def test_a_foreign_job_is_unknown_to_who_waits_for_it(going, eve, suffix):
    foreign = eve.get(f"{going}{suffix}", headers={"Prefer": "wait=20"})
    unknown = eve.get(f"/api/v1/jobs/{uuid.uuid4()}{suffix}", headers={"Prefer": "wait=20"})

    assert (foreign.status_code, foreign.json["type"]) == (404, unknown.json["type"])


def test_the_feed_goes_on_after_its_connection_was_cut(going, ada, only_woken):
    with feed().listening(uuid.uuid4().hex):
        records_client().client_kill_filter(_type="pubsub")
        until(
            lambda: any(one["psub"] == "1" for one in records_client().client_list(_type="pubsub")),
            what="it listens again",
        )

    first = ada.get(going)
    answer = ada.get(going, headers={"Prefer": "wait=20", "If-None-Match": first.headers["ETag"]})

    assert answer.json["status"] == "running"
    assert answer.headers["ETag"] != first.headers["ETag"]

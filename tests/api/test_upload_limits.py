"""How much one user may upload and keep, and that it is counted right when uploads fail or come together."""

import base64
import hashlib
import io
import threading

import pytest

from jobs import limits, sessions
from jobs.connection import records_client

KILOBYTE = b"x" * 1_000
CHUNKED = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}


def digest(content):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def upload(client, content=KILOBYTE, name="a.csv"):
    return client.post("/api/v1/sessions", data={"file": [(io.BytesIO(content), name)]})


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
            environ_overrides=CHUNKED | {"HTTP_CONTENT_DIGEST": digest(content)},
        )
        for name, content in (("small.bin", KILOBYTE * 4), ("large.bin", KILOBYTE * 20))
    ]

    assert [answer.status_code for answer in answers] == [201, 429]
    assert answers[0].headers["RateLimit"].startswith('"upload-bytes";r=6000;')
    assert answers[1].headers["RateLimit"].startswith('"upload-bytes";r=0;')  # it has cost what came of it
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


def test_an_upload_that_grows_takes_its_room_anew_and_not_beside_what_it_had(redis_server):
    user = "room-that-grows"
    first = limits.take_room(records_client(), user, most=2_500, size=1_000)

    grown = limits.take_room(records_client(), user, most=2_500, size=2_000, upload=first.upload)
    other = limits.take_room(records_client(), user, most=2_500, size=1_000)

    assert (grown.upload, grown.left, other.left) == (first.upload, 500, None)


class Halting(io.BytesIO):
    """A body that has come, and waits for those of the others."""

    def __init__(self, content, others):
        super().__init__(content)
        self._others = others
        self._waits = True

    def read(self, size=-1):
        found = super().read(size)
        if self._waits:
            self._waits = False
            self._others.wait(timeout=20)
        return found


def put_together(app, client, session, content, number):
    """Put so many files at once without telling their size; return the statuses."""
    together, statuses = threading.Barrier(number), []

    def put(name):
        answer = app.test_client().put(
            f"/api/v1/sessions/{session}/files/{name}.bin",
            headers=client.headers,
            input_stream=Halting(content, together),
            environ_overrides=CHUNKED | {"HTTP_CONTENT_DIGEST": digest(content)},
        )
        statuses.append(answer.status_code)

    putters = [threading.Thread(target=put, args=(name,)) for name in range(number)]
    for putter in putters:
        putter.start()
    for putter in putters:
        putter.join()
    return sorted(statuses)


@pytest.mark.parametrize(
    ("limit", "refused"), [("session_bytes_per_user", 413), ("upload_bytes_per_day", 429)]
)
def test_uploads_at_once_that_do_not_tell_their_size_share_what_is_left(app, ada, allowed, limit, refused):
    session = upload(ada).json["id"]
    allowed(**{limit: 20_000})

    statuses = put_together(app, ada, session, KILOBYTE * 9, 5)

    assert set(statuses) == {201, refused}
    assert statuses.count(201) <= 2
    assert sum(file.bytes for file in stored(ada, session)) <= 20_000

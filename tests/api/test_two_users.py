"""Two users and every route of the OpenAPI document: what is Ada's, Eve cannot tell from what there is not.

The routes are taken from the document. One that is new is tried with the same ids, or fails here until it is
said what its places stand for.
"""

import re
import statistics
import time
import uuid
from dataclasses import dataclass

import pytest

import tests.support.probe  # noqa: F401 - its kinds have routes too
from api import create_app
from tests.support.client import EXAMPLES

QUESTION = "Does body_mass_g differ between the species?"
PLACE = re.compile(r"{([^}]+)}")
ROUNDS = 40


def document():
    return create_app().test_client().get("/api/v1/openapi.json").json["paths"]


def operations(*, with_places):
    """Return the operations that need a token, with places in their addresses or without."""
    return [
        pytest.param(method, path, operation, id=f"{method}-{path}")
        for path, item in document().items()
        for method, operation in item.items()
        if operation["security"] and bool(PLACE.search(path)) is with_places
    ]


@dataclass(frozen=True)
class Things:
    """What somebody has, or nobody: ids and names as addresses hold them."""

    session: str
    analysis: str
    indexing: str
    index: str
    document: str
    figure: str
    file: str

    @property
    def all(self):
        return {self.session, self.analysis, self.indexing, self.index, self.document}

    def place(self, name, path):
        """Return what stands at a place of an address."""
        if path.startswith("/api/v1/indexes/"):
            source = f"session:{self.session}"
            return {"name": self.index, "document_id": self.document, "source": source}[name]
        if path.startswith("/api/v1/sessions/"):
            return {"session_id": self.session, "name": self.file, "path": self.file}[name]
        rows = path.endswith("/files") or path.startswith("/api/index-progress/")
        job = self.indexing if rows else self.analysis
        known = {"job_id": job, "analysis_id": job, "task_id": job, "name": self.figure}
        return {**known, "session_id": self.session, "filename": self.figure}[name]

    def address(self, path):
        try:
            return PLACE.sub(lambda place: self.place(place[1], path), path)
        except KeyError as error:
            raise AssertionError(f"say in Things.place what {error} of {path} stands for") from error

    def hidden(self, text):
        """Return a text without the ids and names that whoever asked has put into it."""
        for known in self.all | {self.figure, self.file}:
            text = text.replace(known, "...")
        return re.sub(r'"request_id":"[^"]+"', "", text)


NOTHING = Things(
    session="3f0f6c1e-6a1a-4b64-9f3b-0a55c1c0dd01",
    analysis="3f0f6c1e-6a1a-4b64-9f3b-0a55c1c0dd02",
    indexing="3f0f6c1e-6a1a-4b64-9f3b-0a55c1c0dd03",
    index="unknown-0a55c1c0",
    document="0" * 32,
    figure="unknown.png",
    file="unknown.csv",
)


@pytest.fixture(scope="module")
def users(client_of):
    return [client_of(f"{name}-{uuid.uuid4().hex[:8]}") for name in ("ada", "eve")]


@pytest.fixture(scope="module")
def ada(users):
    return users[0]


@pytest.fixture(scope="module")
def eve(users):
    return users[1]


@pytest.fixture(scope="module")
def hers(worker, ada):
    """All kinds of things that a user can have, and that an address can name."""
    session = ada.upload(EXAMPLES / "penguins.csv", ("letter.txt", b"a letter about penguins " * 20))
    question = {"session": session, "file": "penguins.csv", "question": QUESTION}
    analysis = ada.run("analysis", **question)
    index = f"papers-{uuid.uuid4().hex[:8]}"
    indexing = ada.run("indexing", session=session, index=index)
    found = ada.get(f"/api/v1/indexes/{index}/search?q=penguins").json["items"]
    figures = ada.get(f"{analysis['links']['self']}/plots").json["items"]
    return Things(
        session=session,
        analysis=analysis["id"],
        indexing=indexing["id"],
        index=index,
        document=found[0]["id"],
        figure=next(one["name"] for one in figures if one["name"].endswith(".png")),
        file="penguins.csv",
    )


BODIES = {"put_file": b"x,y\n1,2\n", "rename_index": {"name": "mine"}, "keep_session": {"days": 3}}
QUERIES = {"search_index": "?q=penguins"}


def send(client, method, address, operation):
    name = operation["operationId"]
    body = BODIES.get(name)
    more = {"data": body} if isinstance(body, bytes) else {}
    if "application/json" in operation.get("requestBody", {}).get("content", {}):
        more = {"json": body or {}}
    return client.http.open(
        address + QUERIES.get(name, ""), method=method.upper(), headers=client.headers, buffered=True, **more
    )


def looks(client, things):
    """Return how all that somebody has looks to its owner."""
    addresses = (
        f"/api/v1/sessions/{things.session}",
        f"/api/v1/jobs/{things.analysis}",
        f"/api/v1/jobs/{things.indexing}",
        f"/api/v1/indexes/{things.index}",
    )
    return [client.get(address).json for address in addresses]


@pytest.mark.parametrize(("method", "path", "operation"), operations(with_places=True))
def test_what_is_somebody_elses_is_what_there_is_not(hers, ada, eve, method, path, operation):
    before = looks(ada, hers)
    if method == "get":  # the ids are right: their owner is let in
        assert send(ada, method, hers.address(path), operation).status_code == 200

    foreign = send(eve, method, hers.address(path), operation)
    unknown = send(eve, method, NOTHING.address(path), operation)

    assert foreign.status_code == unknown.status_code == 404
    assert hers.hidden(foreign.text) == NOTHING.hidden(unknown.text)
    assert headers_of(foreign, hers) == headers_of(unknown, NOTHING)
    assert looks(ada, hers) == before


def headers_of(answer, things):
    """Return an answer's headers but for those that differ with each request."""
    own = ("x-request-id", "date", "content-length", "server-timing")
    return {name: things.hidden(value) for name, value in answer.headers if name.lower() not in own}


def submit(kind):
    return lambda things: (f"/api/v1/jobs/{kind}", {"session": things.session})


# Routes without places in their addresses that can name what is somebody's in another way, and how.
NAMED = {
    "submit_analysis": lambda things: (
        "/api/v1/jobs/analysis",
        {"session": things.session, "file": things.file, "question": QUESTION},
    ),
    "submit_indexing": lambda things: (
        "/api/v1/jobs/indexing",
        {"session": things.session, "index": "stolen"},
    ),
    "submit_probe": submit("probe"),
    "submit_doomed": submit("doomed"),
    "submit_many": submit("many"),
    "search_indexes": lambda things: (f"/api/v1/search?q=penguins&index={things.index}", None),
}
# What these make, or tell, is its user's own; links are tried below.
OWN = {"create_session", "make_links"}
ADMINS = {"metrics"}


@pytest.mark.parametrize(("method", "path", "operation"), operations(with_places=False))
def test_lists_and_submits_reach_nothing_of_somebody_elses(hers, eve, method, path, operation):
    name = operation["operationId"]
    if name in OWN:
        return
    if name in ADMINS:
        assert send(eve, method, path, operation).status_code == 403
    elif name in NAMED:
        foreign, unknown = (asked(eve, method, *NAMED[name](things)) for things in (hers, NOTHING))
        assert foreign.status_code == unknown.status_code == 404
        assert hers.hidden(foreign.text) == NOTHING.hidden(unknown.text)
    else:
        assert method == "get", f"say in NAMED how {name} could name what is somebody else's"
        answer = send(eve, method, path, operation)
        assert answer.status_code == 200
        assert not [one for one in hers.all if one in answer.text]


def asked(client, method, address, body):
    more = {} if body is None else {"json": body}
    return client.http.open(address, method=method.upper(), headers=client.headers, buffered=True, **more)


def test_filters_of_lists_reach_nothing_of_somebody_elses(hers, ada, eve):
    owner = ada.get(f"/api/v1/sessions/{hers.session}").json["owner"]

    answers = [
        eve.get(f"/api/v1/jobs?session={hers.session}"),
        eve.get(f"/api/v1/jobs?owner={owner}"),
        eve.get("/api/v1/jobs?kind=analysis&status=completed"),
    ]

    assert not [one for answer in answers for one in hers.all if one in answer.text]


def test_a_link_to_what_is_somebody_elses_leads_nowhere(hers, ada, eve):
    figure = f"/api/v1/jobs/{hers.analysis}/plots/{hers.figure}"

    def url(client):
        return client.post("/api/v1/links", json={"addresses": [figure]}).json["items"][0]["url"]

    assert ada.http.get(url(ada), buffered=True).status_code == 200
    assert eve.http.get(url(eve), buffered=True).status_code == 404


def test_a_session_of_ones_own_does_not_open_another_users_index(hers, eve):
    """An index of the same name is another one: Eve's own, with nothing of Ada's in it."""
    session = eve.upload(("mine.txt", b"my own words"))

    eve.run("indexing", session=session, index=hers.index)

    found = eve.get(f"/api/v1/indexes/{hers.index}/search?q=penguins")
    assert (found.status_code, found.json["items"]) == (200, [])
    eve.http.delete(f"/api/v1/indexes/{hers.index}", headers=eve.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/jobs/{job_id}",
        "/api/v1/jobs/{job_id}/results",
        "/api/v1/sessions/{session_id}",
        "/api/v1/indexes/{name}",
    ],
)
def test_time_does_not_tell_what_is_somebody_elses_from_what_there_is_not(hers, eve, path):
    """Of many tries each, in turns, the middle ones take as long; a machine that is busy makes both slow."""
    spent = {hers: [], NOTHING: []}

    for _ in range(ROUNDS):
        for things, times in spent.items():
            begun = time.perf_counter()
            eve.get(things.address(path))
            times.append(time.perf_counter() - begun)

    foreign, unknown = (statistics.median(times) for times in spent.values())
    assert foreign < 2 * unknown + 0.002
    assert unknown < 2 * foreign + 0.002


def test_an_admin_sees_cancels_tries_again_and_deletes_jobs_and_reads_no_files(hers, client_of, ada):
    admin = client_of(f"admin-{uuid.uuid4().hex[:8]}", "admin")
    owner = ada.get(f"/api/v1/sessions/{hers.session}").json["owner"]
    job = f"/api/v1/jobs/{hers.analysis}"

    seen = [admin.get(job + part).status_code for part in ("", "/results", "/plots", "/script", "/report")]
    listed = admin.get(f"/api/v1/jobs?owner={owner}").json["items"]
    waiting = ada.submit("probe", steps=100, seconds_a_step=0.2)
    cancelled = admin.post(f"{waiting}/cancel", json={})
    ended = ada.wait_for(waiting)
    again = admin.post(f"{waiting}/retry", json={})

    assert seen == [200] * 5
    assert hers.analysis in {one["id"] for one in listed}
    assert (cancelled.status_code, ended["status"]) == (202, "cancelled")
    assert (again.status_code, again.json["owner"]) == (202, owner)  # still its owner's
    admin.post(f"{again.headers['Location']}/cancel", json={})
    ada.wait_for(again.headers["Location"])
    assert admin.http.delete(waiting, headers=admin.headers).status_code == 204
    for path in (f"/api/v1/sessions/{hers.session}", f"/api/v1/indexes/{hers.index}"):
        assert admin.get(path).status_code == 404

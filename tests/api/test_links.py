"""Links that are good without a token: for what they are made, for as long, and for nothing else."""

import time
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from api import signed
from jobs import signing, users
from jobs.connection import records_client
from jobs.users import Grant, User
from tests.support.client import EXAMPLES, Client
from tests.support.server import ask, head_of, serving


@pytest.fixture(scope="module")
def owner(client_of):
    return client_of("linker")


@pytest.fixture(scope="module")
def job(worker, owner):
    made = owner.run("analysis", session=owner.upload(EXAMPLES / "penguins.csv"))
    assert made["status"] == "completed", made["error"]
    return made


@pytest.fixture(scope="module")
def addresses(owner, job):
    """All that a link may lead to."""
    session = f"/api/v1/sessions/{job['session']}"
    plot = owner.get(job["links"]["plots"]).json["items"][0]
    return [
        job["links"]["results"],
        job["links"]["report"],
        f"{job['links']['report']}?format=md",
        job["links"]["script"],
        plot["href"],
        f"{session}/files/penguins.csv",
        f"{session}/archive",
        f"/api/smartstat/plots/{job['session']}/{plot['name']}",
    ]


@pytest.fixture
def nobody(app):
    """A client without a token, as a browser that shows a picture."""
    return app.test_client()


def link_to(client, address, **more):
    answer = client.post("/api/v1/links", json={"addresses": [address], **more})
    assert answer.status_code == 200, answer.text
    return answer.json["items"][0]


def changed(url, **members):
    """Return a link with other members in its query; None leaves one out."""
    path, _, query = url.partition("?")
    kept = {**dict(parse_qsl(query)), **members}
    return f"{path}?{urlencode({name: value for name, value in kept.items() if value is not None})}"


def test_a_link_gives_without_a_token_what_its_address_gives_with_one(owner, nobody, addresses):
    links = owner.post("/api/v1/links", json={"addresses": addresses}).json["items"]

    assert [link["address"] for link in links] == addresses
    for address, link in zip(addresses, links, strict=True):
        with_token, without = owner.get(address), nobody.get(link["url"], buffered=True)
        assert (without.status_code, without.data) == (200, with_token.data), address
        assert nobody.head(link["url"]).status_code == 200
        assert without.headers["Cache-Control"].startswith("private")
        assert without.headers["Referrer-Policy"] == "no-referrer"
        assert without.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_link_takes_conditions_and_parts(owner, nobody, addresses):
    url = link_to(owner, addresses[0])["url"]
    etag = nobody.get(url, buffered=True).headers["ETag"]

    again = nobody.get(url, headers={"If-None-Match": etag}, buffered=True)
    part = nobody.get(url, headers={"Range": "bytes=0-3"}, buffered=True)

    assert (again.status_code, part.status_code, len(part.data)) == (304, 206, 4)


def test_a_link_is_good_for_five_minutes_or_as_long_as_asked(owner, addresses):
    now = datetime.now(UTC)

    usual = datetime.fromisoformat(link_to(owner, addresses[0])["expires_at"])
    longest = datetime.fromisoformat(link_to(owner, addresses[0], seconds=3600)["expires_at"])

    assert timedelta(seconds=290) < usual - now < timedelta(seconds=310)
    assert timedelta(seconds=3590) < longest - now < timedelta(seconds=3610)


@pytest.mark.parametrize("seconds", [0, -1, 3601, 1.5, "60", None, True])
def test_no_link_lasts_longer_than_an_hour(owner, addresses, seconds):
    answer = owner.post("/api/v1/links", json={"addresses": addresses[:1], "seconds": seconds})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/seconds"


def test_a_link_that_is_over_is_refused(owner, nobody, addresses, monkeypatch):
    url = link_to(owner, addresses[0])["url"]
    later = time.time() + 301
    monkeypatch.setattr(signed.time, "time", lambda: later)

    answer = nobody.get(url)

    assert (answer.status_code, answer.json["type"]) == (403, "/problems/unusable-link")
    assert "over" in answer.json["detail"]


def test_a_link_that_was_changed_in_any_way_is_refused(owner, nobody, addresses, job):
    url = link_to(owner, addresses[1])["url"]
    given = dict(parse_qsl(urlsplit(url).query))
    other = link_to(owner, addresses[3])["url"]
    forged = {
        "another address": url.replace("/report?", "/results?"),
        "another job": url.replace(job["id"], str(uuid.uuid4())),
        "another query": changed(url, format="md"),
        "a later end": changed(url, lh_until=int(given["lh_until"]) + 1),
        "no end": changed(url, lh_until=None),
        "an end that is none": changed(url, lh_until="never"),
        "another user": changed(url, lh_by=users.digest("lh_other")),
        "another user by name": changed(url, lh_by="~" + signed._encoded(User("linker", "admin"))),
        "nobody": changed(url, lh_by=None),
        "no signature": changed(url, lh_signature=""),
        "a shorter signature": changed(url, lh_signature=given["lh_signature"][:-1]),
        "another signature": changed(
            url, lh_signature=dict(parse_qsl(urlsplit(other).query))["lh_signature"]
        ),
        "a signature of other letters": changed(url, lh_signature="ü" * 43),
        "two signatures": f"{url}&lh_signature={given['lh_signature']}",
        "two ends": f"{url}&lh_until={given['lh_until']}",
        "something added": f"{url}&x=1",
    }

    answers = {what: nobody.get(address) for what, address in forged.items()}

    assert {what: answer.status_code for what, answer in answers.items()} == dict.fromkeys(forged, 403)
    assert {answer.json["type"] for answer in answers.values()} == {"/problems/unusable-link"}


def test_a_link_is_good_for_reading_alone(owner, nobody, job):
    address = f"/api/v1/sessions/{job['session']}/files/penguins.csv"
    url = link_to(owner, address)["url"]

    written = [nobody.put(url, data=b"x"), nobody.delete(url), nobody.post(url), nobody.patch(url)]

    assert {answer.status_code for answer in written} <= {401, 405}
    assert nobody.get(url, buffered=True).data == (EXAMPLES / "penguins.csv").read_bytes()


def test_a_link_opens_no_other_route(app, owner, nobody, job):
    """Whatever else is read by GET refuses even a signature that is right."""
    secret = signing.key(records_client())
    by = users.digest(owner.token)
    refused = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in signed.LINKABLE:
            continue
        values = {name: job["session"] if "session" in name else job["id"] for name in rule.arguments}
        path = app.url_map.bind("").build(rule.endpoint, values)
        if nobody.get(path).status_code != 401:
            continue  # it is open to all
        url = signed.link_to(secret, path, [], by, int(time.time()) + 60)
        refused.append(rule.endpoint)
        assert nobody.get(url).status_code == 401, rule.rule
    assert len(refused) > 15


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/",
        "/api/v1/jobs",
        "/api/v1/sessions",
        "/api/v1/me",
        "https://elsewhere.example/api/v1/jobs/x/results",
        "//elsewhere.example/api/v1/jobs/x/results",
        "/api/v1/jobs/x/events",
        "/api/v1/jobs/x",
        "/healthz",
        "/api/v1/jobs/x/results#y",
        "/api/v1/jobs/x/results?lh_by=y",
        "/api/v1/jobs/x/results/",
        "/%ff",
        "//api/v1/jobs/x/results",
        "api/v1/jobs/x/results",
        "/" + "x" * 3_000,
    ],
)
def test_no_link_is_made_to_anything_else(owner, addresses, address):
    answer = owner.post(
        "/api/v1/links",
        json={"addresses": [addresses[0], address]},
    )

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/addresses/1"


def test_a_link_shows_its_user_no_more_than_they_may_see(eve, nobody, addresses):
    """What is somebody else's is not found by a link either."""
    for address in addresses:
        answer = nobody.get(link_to(eve, address)["url"])
        assert answer.status_code == 404, address


def test_a_link_ends_with_the_token_that_it_was_asked_for_with(app, nobody, addresses):
    client = Client(app.test_client(), users.create_token(records_client(), "linker"))
    url = link_to(client, addresses[0])["url"]
    before = nobody.get(url, buffered=True).status_code

    users.revoke_token(records_client(), users.digest(client.token))
    after = nobody.get(url)

    assert (before, after.status_code) == (200, 403)
    assert after.json["type"] == "/problems/unusable-link"


def test_a_link_is_good_for_no_more_than_its_token(app, nobody, addresses):
    client = Client(app.test_client(), granted(scopes=("files:read",)))

    files, results = (
        nobody.get(link_to(client, address)["url"], buffered=True) for address in (addresses[5], addresses[0])
    )

    assert (files.status_code, results.status_code) == (200, 403)
    assert results.json["type"] == "/problems/insufficient-scope"


def test_a_link_ends_no_later_than_its_token(app, addresses):
    client = Client(app.test_client(), granted(expires_at=time.time() + 30))

    ends = datetime.fromisoformat(link_to(client, addresses[0])["expires_at"])

    assert ends - datetime.now(UTC) < timedelta(seconds=31)


def granted(**more):
    token = users.PREFIX + uuid.uuid4().hex
    users.store(records_client(), token, Grant(user="linker", **more))
    return token


def test_another_key_makes_all_links_useless_and_new_ones_are_good(app, owner, nobody, addresses):
    old = link_to(owner, addresses[0])["url"]

    ran = app.test_cli_runner().invoke(args=["links", "rotate"])
    new = link_to(owner, addresses[0])["url"]

    assert ran.exit_code == 0
    assert nobody.get(old).status_code == 403
    assert nobody.get(new, buffered=True).status_code == 200


def test_the_key_is_made_once_and_shared(redis_server):
    records_client().delete(signing.KEY)

    keys = {signing.key(records_client()) for _ in range(3)}

    assert len(keys) == 1
    assert len(keys.pop()) == 32


def test_links_ask_for_a_token(nobody, addresses):
    assert nobody.post("/api/v1/links", json={"addresses": addresses}).status_code == 401


def test_a_refused_link_to_an_old_plot_is_told_as_that_application_did(owner, nobody, addresses):
    answer = nobody.get(changed(link_to(owner, addresses[-1])["url"], lh_until="1"))

    assert (answer.status_code, set(answer.json)) == (403, {"error"})


def test_the_server_writes_no_link_into_its_log(redis_server, owner, addresses, tmp_path):
    url = link_to(owner, addresses[0])["url"]
    log = tmp_path / "log"

    with serving(log, LONGHAUL_LOG_LEVEL="DEBUG") as (port, _):
        good = ask(port, head_of(b"GET", url.encode(), None))
        bad = ask(port, head_of(b"GET", url.encode()[:-1], None))

    assert (good.status, bad.status) == (200, 403)
    given = dict(parse_qsl(urlsplit(url).query))
    assert not [member for member in given.values() if member in log.read_text()]

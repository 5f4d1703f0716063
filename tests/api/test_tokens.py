"""What a token is good for, until when, and who makes and revokes it."""

import json
import time
import uuid

import pytest

from api.scopes import ANY, needed
from jobs import users
from jobs.connection import records_client
from jobs.settings import settings
from jobs.users import ALL_SCOPES, Grant
from tests.support.client import EXAMPLES, Client
from tests.support.waiting import until

NOBODYS = "7d1f3c52-9a60-4c3e-8f5b-2a6d0e94b1c7"


@pytest.fixture
def holder(app):
    """Return a function that gives the client of a new token; of one user, unless another is named."""
    name = f"holder-{uuid.uuid4().hex[:8]}"

    def holder(*scopes, **grant):
        chosen = Grant(user=name, scopes=scopes or None, **grant)
        return Client(app.test_client(), users.create(records_client(), chosen))

    return holder


@pytest.fixture
def commands(app):
    """Return a function that runs a command of `flask --app api tokens`."""
    return lambda *arguments: app.test_cli_runner().invoke(args=["tokens", *arguments])


def routes(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_declares_what_a_token_must_be_good_for(app):
    described = app.test_client().get("/api/v1/openapi.json").json["paths"]
    public = {path for path, item in described.items() for one in item.values() if not one["security"]}

    undeclared = {
        rule.rule
        for rule in routes(app)
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if needed(rule.rule, method) is None
    }

    assert {rule.replace("<", "{").replace(">", "}") for rule in undeclared} <= public


def test_a_route_that_declares_nothing_is_shut_to_tokens_with_scopes():
    assert needed("/api/v1/inventions/<name>", "GET") is None
    assert needed("/api/v1/jobsearch", "GET") is None


def test_the_openapi_document_names_the_scope_of_each_operation(app):
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]

    def scopes(path, method):
        return paths[path][method]["security"]

    assert scopes("/api/v1/jobs", "get") == [{"token": ["jobs:read"]}]
    assert scopes("/api/v1/sessions/{session_id}", "delete") == [{"token": ["files:write"]}]
    assert scopes("/api/v1/indexes/{name}/search", "get") == [{"token": ["indexes:read"]}]
    assert scopes("/healthz", "get") == []


@pytest.mark.parametrize("scope", [scope for scope in ALL_SCOPES if scope != "admin"])
def test_a_token_opens_what_it_was_made_for_and_nothing_else(app, holder, scope):
    """Every route that is declared: 403 for what a token is not good for, and never for the rest."""
    http, token = app.test_client(), holder(scope).token
    part = scope.partition(":")[0]

    for rule in routes(app):
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            need = needed(rule.rule, method)
            if need is None or rule.rule == "/metrics":
                continue
            path = rule.build(dict.fromkeys(rule.arguments, NOBODYS))[1]
            answer = http.open(path, method=method, headers={"Authorization": f"Bearer {token}"})
            granted = need in (ANY, scope) or (scope.endswith(":write") and need == f"{part}:read")
            assert (answer.status_code == 403) is not granted, (method, path, answer.text)
            answer.close()


def test_a_token_that_lacks_a_scope_is_told_which(holder):
    answer = holder("jobs:read").post("/api/v1/jobs/analysis", json={})

    assert answer.status_code == 403
    assert answer.json["type"] == "/problems/insufficient-scope"
    assert "jobs:write" in answer.json["detail"]
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="longhaul", error="insufficient_scope"')
    assert 'scope="jobs:write"' in challenge


def test_the_explanation_of_a_missing_scope_can_be_read_without_a_token(app):
    assert app.test_client().get("/problems/insufficient-scope").status_code == 200


def test_what_a_token_lacks_is_said_before_whether_there_is_such_a_job(holder):
    assert holder("files:read").get(f"/api/v1/jobs/{NOBODYS}").status_code == 403


def test_a_token_without_scopes_as_of_an_earlier_version_keeps_all_its_power(app, ada):
    records_client().hdel(users.token_key(users.digest(ada.token)), "label", "scopes")

    assert ada.get("/api/v1/jobs").status_code == 200
    assert ada.upload(EXAMPLES / "penguins.csv")


def test_the_powers_of_an_admin_take_their_own_scope(worker, ada, holder):
    own = ada.run("probe")["links"]["self"]

    assert holder("jobs:read", "admin", role="admin").get(own).status_code == 200
    assert holder("jobs:read", role="admin").get(own).status_code == 404
    assert holder("jobs:read", "admin").get(own).status_code == 404


def test_a_token_whose_time_is_over_is_told_so(holder):
    answer = holder(expires_at=time.time() - 1).get("/api/v1/jobs")

    assert answer.status_code == 401
    assert answer.json["type"] == "/problems/token-expired"
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert "was good until" in answer.headers["WWW-Authenticate"]


def test_a_token_is_good_until_its_time_is_over(holder):
    assert holder(expires_at=time.time() + 60).get("/api/v1/jobs").status_code == 200


def test_a_wrong_token_is_an_invalid_one_and_none_at_all_has_no_error(app):
    http = app.test_client()

    wrong = http.get("/api/v1/jobs", headers={"Authorization": "Bearer lh_wrong"})
    none = http.get("/api/v1/jobs")

    assert 'error="invalid_token"' in wrong.headers["WWW-Authenticate"]
    assert none.headers["WWW-Authenticate"] == 'Bearer realm="longhaul"'


def test_when_a_token_was_last_used_is_known_a_moment_later(holder):
    client, begun = holder(), time.time()
    digest = users.digest(client.token)

    client.get("/api/v1/jobs")

    def last_used():
        infos = users.list_tokens(records_client())
        return next(info.last_used_at for info in infos if digest.startswith(info.id))

    assert last_used() is None  # nobody who reads waits for it to be written
    assert begun - 1 <= until(last_used, seconds=20, what="the use is noted") <= time.time()


def test_a_token_is_made_with_all_that_is_said_of_it(app, commands):
    made = commands(
        *("create", "carla", "--scope", "jobs:write", "--scope", "files:read"),
        *("--expires", "30d", "--label", "nightly reports", "--json"),
    )

    told = json.loads(made.output)
    listed = json.loads(commands("list", "--user", "carla", "--json").output)
    assert (told["user"], told["role"], told["label"]) == ("carla", "user", "nightly reports")
    assert [one["id"] for one in listed] == [told["id"]]
    assert listed[0]["scopes"] == ["jobs:write", "files:read"]
    assert listed[0]["expires_at"].endswith("Z")
    assert "token" not in listed[0]
    client = Client(app.test_client(), told["token"])
    assert client.get("/api/v1/jobs").status_code == 200
    assert client.get("/api/v1/indexes").status_code == 403


def test_the_list_says_all_in_one_line_a_token(commands):
    commands("create", "carlo", "--scope", "jobs:read", "--expires", "2100-01-31", "--label", "dashboard")

    line = next(line for line in commands("list").output.splitlines() if "carlo" in line)
    assert "  carlo  user  made " in line
    assert "used never" in line
    assert line.endswith("expires 2100-01-31 00:00Z  jobs:read  dashboard")


@pytest.mark.parametrize("when", ["soon", "30", "0d", "-3d", "2001-01-01", "99999999d", "30D", "٣d"])
def test_a_time_that_cannot_be_meant_is_refused(commands, when):
    ended = commands("create", "carl", "--expires", when)

    assert ended.exit_code == 2
    assert when in ended.output


def test_a_scope_that_there_is_not_is_refused_with_those_that_there_are(commands):
    ended = commands("create", "carl", "--scope", "jobs:delete")

    assert ended.exit_code == 2
    assert "jobs:write" in ended.output


def test_the_scope_of_an_admin_wants_the_role(commands):
    ended = commands("create", "carl", "--scope", "admin")

    assert ended.exit_code == 1
    assert "--role admin" in ended.output


def test_revoking_takes_effect_at_once(commands, holder):
    client = holder()
    before = client.get("/api/v1/jobs").status_code

    commands("revoke", users.digest(client.token)[:12])

    assert (before, client.get("/api/v1/jobs").status_code) == (200, 401)


def test_all_tokens_of_a_user_are_revoked_together(commands, holder):
    clients = [holder(), holder("jobs:read")]
    name = next(
        one["user"] for one in json.loads(commands("list", "--json").output) if is_of(one, clients[0])
    )

    ended = commands("revoke", "--user", name, "--json")

    assert len(json.loads(ended.output)["revoked"]) == 2
    assert [client.get("/api/v1/jobs").status_code for client in clients] == [401, 401]


def is_of(info, client):
    return users.digest(client.token).startswith(info["id"])


def test_tokens_whose_time_is_over_are_cleared_away_and_no_others(commands, holder):
    ended, good = holder(expires_at=time.time() - 1), holder(expires_at=time.time() + 600)

    commands("revoke", "--expired")

    left = json.loads(commands("list", "--json").output)
    assert not any(is_of(one, ended) for one in left)
    assert any(is_of(one, good) for one in left)


def test_the_first_token_is_revoked_with_its_file_so_that_it_never_comes_back(app, commands):
    token = "lh_first-" + uuid.uuid4().hex
    users.store_token(records_client(), token, "admin", "admin")
    settings().token_file.write_text(token + "\n")

    ended = commands("revoke", "--first")

    assert ended.output == "revoked\n"
    assert not settings().token_file.exists()
    assert Client(app.test_client(), token).get("/api/v1/jobs").status_code == 401
    assert commands("revoke", "--first").exit_code == 1


@pytest.mark.parametrize(
    "arguments", [[], ["abc", "--expired"], ["--first", "--user", "ada"], ["--user", "nobody"]]
)
def test_a_revocation_that_does_not_say_what_is_refused(commands, arguments):
    ended = commands("revoke", *arguments)

    assert ended.exit_code == 1
    assert ended.output.startswith("Error: ")

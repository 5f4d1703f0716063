"""The API as a process: other machines never reach it with the token that the first start has printed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jobs import users
from jobs.connection import records_client
from jobs.settings import settings
from tests.support.service import Http, free_port
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is proven is that the service refuses it


class Api:
    """`python -m api.serve` beside the Redis of the tests."""

    def __init__(self, log, **environment):
        self.log, self.port = log, free_port()
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api.serve"],
                cwd=ROOT,
                env=os.environ | {"LONGHAUL_PORT": str(self.port)} | environment,
                stdout=output,
                stderr=output,
            )

    def ended(self):
        """Return the exit code of one that does not start, and what it said."""
        return self.process.wait(60), self.log.read_text()

    def started(self):
        def up():
            assert self.process.poll() is None, self.log.read_text()
            return "Started worker-1" in self.log.read_text()

        until(up, seconds=60, what="the API is up")
        return Http(f"http://127.0.0.1:{self.port}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@pytest.fixture
def serve(redis_server, tmp_path):
    """Return a function that starts an API; each ends with the test."""
    started = []

    def serve(**environment):
        api = Api(tmp_path / f"api-{len(started)}.log", **environment)
        started.append(api)
        return api

    yield serve
    for api in started:
        api.stop()


@pytest.fixture
def first_token(redis_server):
    """The token of a first start, valid and in its file; gone after the test."""
    token = "lh_of-the-first-start"
    users.store_token(records_client(), token, "admin", "admin")
    settings().token_file.write_text(token + "\n")
    yield token
    users.revoke_token(records_client(), users.digest(token))
    settings().token_file.unlink(missing_ok=True)


def test_it_does_not_listen_beyond_this_machine_with_the_first_token(serve, first_token):
    code, said = serve(LONGHAUL_HOST=EVERYWHERE).ended()

    assert code == 1
    assert "can be reached from other machines" in said
    assert "flask --app api tokens create NAME --role admin" in said
    assert "flask --app api tokens revoke --first" in said
    assert first_token not in said
    assert "Traceback" not in said


def test_it_does_once_the_commands_of_the_refusal_were_run(serve, first_token):
    def command(*arguments):
        flask = [sys.executable, "-m", "flask", "--app", "api", "tokens", *arguments]
        return subprocess.run(flask, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    token = command("create", "operator", "--role", "admin")
    command("revoke", "--first")

    http = serve(LONGHAUL_HOST=EVERYWHERE).started()

    def status(token):
        return http.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code

    assert (status(token), status(first_token)) == (200, 401)
    assert not settings().token_file.exists()


def test_it_does_when_the_operator_says_so(serve, first_token):
    http = serve(LONGHAUL_HOST=EVERYWHERE, LONGHAUL_ALLOW_FIRST_TOKEN="true").started()

    assert http.get("/healthz", headers={}).status_code == 200


def test_in_a_container_the_published_address_decides(serve, first_token):
    code, said = serve(LONGHAUL_HOST=EVERYWHERE, LONGHAUL_PUBLISHED=f"{EVERYWHERE}:5000").ended()
    http = serve(LONGHAUL_HOST=EVERYWHERE, LONGHAUL_PUBLISHED="127.0.0.1:0").started()

    assert code == 1
    assert "0.0.0.0:5000 can be reached" in said
    assert http.get("/healthz", headers={}).status_code == 200


def test_compose_cannot_publish_the_port_and_not_say_so_to_the_api():
    text = (ROOT / "compose.yaml").read_text()

    assert 'ports: ["${API_BIND:-127.0.0.1:5000}:5000"]' in text
    assert "LONGHAUL_PUBLISHED: ${API_BIND:-127.0.0.1:5000}\n" in text


def test_on_this_machine_alone_the_first_token_is_good(serve, first_token):
    http = serve().started()

    answer = http.get("/api/v1/me", headers={"Authorization": f"Bearer {first_token}"})

    assert (answer.status_code, answer.json["role"]) == (200, "admin")


@pytest.mark.parametrize(
    ("host", "published", "loopback"),
    [
        ("127.0.0.1", None, True),
        ("127.9.9.9", None, True),
        ("::1", None, True),
        ("localhost", None, True),
        (EVERYWHERE, None, False),
        ("::", None, False),
        ("192.168.1.5", None, False),
        ("longhaul.example", None, False),
        (EVERYWHERE, "127.0.0.1:5000", True),
        (EVERYWHERE, "[::1]:5000", True),
        (EVERYWHERE, f"{EVERYWHERE}:5000", False),
        (EVERYWHERE, "5000", False),
        (EVERYWHERE, "[::]:5000", False),
    ],
)
def test_which_addresses_are_this_machines_alone(host, published, loopback):
    from api.serve import is_loopback

    assert is_loopback(settings().model_copy(update={"host": host, "published": published})) is loopback

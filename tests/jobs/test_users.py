import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from jobs import users
from jobs.connection import records_client
from jobs.errors import BadInput


@dataclass
class TokenSettings:
    token_file: Path


@pytest.fixture
def client(redis_server):
    return records_client()


@pytest.fixture
def no_tokens(client):
    for digest in client.smembers("tokens"):
        users.revoke_token(client, digest)


def test_only_the_digest_of_a_token_is_stored(client):
    token = users.create_token(client, "ada")

    everything = list(client.scan_iter("token*"))
    stored = [str(client.hgetall(key)) for key in everything if client.type(key) == "hash"]
    assert token.startswith("lh_")
    assert not any(token in text for text in (*everything, *stored))
    assert client.exists(users.token_key(users.digest(token)))


def test_a_revoked_token_is_unknown(client):
    token = users.create_token(client, "ada")

    revoked = users.revoke_token(client, users.digest(token)[:12])

    assert revoked
    assert users.parse(client.hgetall(users.token_key(users.digest(token)))) is None


def test_an_empty_id_revokes_nothing(client):
    users.create_token(client, "ada")

    assert not users.revoke_token(client, "")


@pytest.mark.parametrize("name", ["", "Ada", "../ada", "a b", "-a", "a" * 64])
def test_a_name_that_could_not_be_a_folder_is_refused(client, name):
    with pytest.raises(BadInput, match="user's name"):
        users.create_token(client, name)


def test_the_first_start_makes_one_token_that_its_owner_alone_can_read(client, no_tokens, tmp_path):
    settings = TokenSettings(tmp_path / "token")

    token = users.ensure_first_token(client, settings)

    assert settings.token_file.read_text() == token + "\n"
    assert stat.S_IMODE(settings.token_file.stat().st_mode) == 0o600
    assert users.ensure_first_token(client, settings) is None


def test_a_redis_that_lost_its_data_knows_the_first_token_again(client, no_tokens, tmp_path):
    settings = TokenSettings(tmp_path / "token")
    token = users.ensure_first_token(client, settings)
    users.revoke_token(client, users.digest(token))

    shown = users.ensure_first_token(client, settings)

    assert shown is None
    assert users.parse(client.hgetall(users.token_key(users.digest(token)))).name == "admin"

import pytest

from jobs.errors import ConfigurationError
from jobs.settings import load


def loaded(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load(environment)


def test_a_misspelt_setting_is_refused_by_name(monkeypatch):
    with pytest.raises(ConfigurationError, match=r"LONGHAUL_PROT: no such setting\. .*LONGHAUL_PORT"):
        loaded(monkeypatch, LONGHAUL_PROT="8001")


def test_what_the_client_reads_is_no_mistake(monkeypatch):
    assert loaded(monkeypatch, LONGHAUL_URL="http://127.0.0.1:5000", LONGHAUL_TOKEN="lh_x").port


def test_a_value_that_does_not_fit_is_refused_with_its_name(monkeypatch):
    with pytest.raises(ConfigurationError, match=r"LONGHAUL_PORT: .*integer"):
        loaded(monkeypatch, LONGHAUL_PORT="http")


def test_folder_roots_are_read_as_names_and_paths(monkeypatch):
    found = loaded(monkeypatch, LONGHAUL_FOLDER_ROOTS="docs=/srv/docs, wiki=/srv/wiki").folder_roots

    assert {name: str(path) for name, path in found.items()} == {"docs": "/srv/docs", "wiki": "/srv/wiki"}


@pytest.mark.parametrize("value", ["docs", "docs=", "=/srv", "a/b=/srv", "docs=relative/path"])
def test_a_folder_root_that_cannot_be_meant_is_refused(monkeypatch, value):
    with pytest.raises(ConfigurationError, match="FOLDER_ROOTS"):
        loaded(monkeypatch, LONGHAUL_FOLDER_ROOTS=value)


@pytest.mark.parametrize(
    ("redis_url", "broker", "results"),
    [
        ("redis://db.example:6380", "redis://db.example:6380/0", "redis://db.example:6380/1"),
        (
            "rediss://u:p@db.example/5",
            "rediss://u:p@db.example/0?ssl_cert_reqs=required",
            "rediss://u:p@db.example/1?ssl_cert_reqs=required",
        ),
        (
            "unix:///run/r.sock",
            "redis+socket:///run/r.sock?virtual_host=0",
            "socket:///run/r.sock?virtual_host=1",
        ),
    ],
)
def test_the_broker_is_database_0_and_records_are_database_1(monkeypatch, redis_url, broker, results):
    found = loaded(monkeypatch, REDIS_URL=redis_url)

    assert (found.celery_broker, found.celery_results) == (broker, results)


def test_what_is_no_address_of_redis_is_refused_without_repeating_it(monkeypatch):
    with pytest.raises(ConfigurationError, match="redis://, rediss:// or unix://") as refused:
        loaded(monkeypatch, REDIS_URL="http://user:S3CRET@db.example")

    assert "S3CRET" not in str(refused.value)


def test_without_an_address_the_embedded_server_is_meant(monkeypatch, tmp_path):
    monkeypatch.setenv("LONGHAUL_DATA", str(tmp_path))

    found = load({})

    assert found.embedded_redis
    assert found.redis_socket == tmp_path / "redis" / "redis.sock"


def test_a_data_folder_too_deep_for_a_socket_gets_one_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("LONGHAUL_DATA", str(tmp_path / ("deep" * 30)))

    found = load({})

    assert len(str(found.redis_socket)) <= 100
    assert found.redis_socket == load({}).redis_socket

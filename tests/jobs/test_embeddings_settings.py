"""How an embeddings endpoint is configured, and what of it is told to nobody."""

import pytest

from jobs.embeddings import endpoint_of
from jobs.errors import ConfigurationError
from jobs.settings import PREFIX, load

ADDRESS = f"{PREFIX}EMBEDDINGS_URL"
MODEL = f"{PREFIX}EMBEDDINGS_MODEL"
KEY = f"{PREFIX}EMBEDDINGS_KEY"


@pytest.fixture
def loaded(monkeypatch):
    """Return a function that loads settings from variables."""

    def loaded(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return load(variables)

    return loaded


def test_without_an_address_there_is_no_endpoint(loaded):
    assert endpoint_of(loaded()) is None
    assert endpoint_of(loaded(**{ADDRESS: "", MODEL: "", KEY: ""})) is None


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1/embeddings"),
        ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1/embeddings"),
        ("https://vectors.example.org/v1/embeddings", "https://vectors.example.org/v1/embeddings"),
        ("https://example.org/x/embeddings?api-version=3", "https://example.org/x/embeddings?api-version=3"),
        ("http://tei:8080", "http://tei:8080/embeddings"),
    ],
)
def test_an_address_is_completed(loaded, address, asked):
    endpoint = endpoint_of(loaded(**{ADDRESS: address, MODEL: "m"}))

    assert endpoint is not None
    assert endpoint.url == asked


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({ADDRESS: "http://127.0.0.1:1"}, f"{MODEL}: "),
        ({ADDRESS: "ftp://127.0.0.1", MODEL: "m"}, f"{ADDRESS}: "),
        ({ADDRESS: "127.0.0.1:8080", MODEL: "m"}, f"{ADDRESS}: "),
        ({ADDRESS: "http://", MODEL: "m"}, f"{ADDRESS}: "),
        ({ADDRESS: "http://host:port", MODEL: "m"}, f"{ADDRESS}: "),
        ({f"{PREFIX}EMBEDDINGS_QUERY_SECONDS": "10"}, f"{PREFIX}EMBEDDINGS_QUERY_SECONDS: "),
        ({f"{PREFIX}EMBEDDINGS_BATCH": "0"}, f"{PREFIX}EMBEDDINGS_BATCH: "),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_its_name(loaded, variables, said):
    with pytest.raises(ConfigurationError, match=said):
        loaded(**variables)


@pytest.mark.parametrize("key", ["sk secret", "sk\nsecret", "schlüssel"])
def test_a_key_that_no_header_can_hold_is_refused_without_being_repeated(loaded, key):
    with pytest.raises(ConfigurationError) as refused:
        loaded(**{ADDRESS: "http://h", MODEL: "m", KEY: key})

    assert KEY in str(refused.value)
    assert key not in str(refused.value)


def test_a_password_in_the_address_is_refused_without_being_repeated(loaded):
    with pytest.raises(ConfigurationError) as refused:
        loaded(**{ADDRESS: "http://ada:wonder@host/v1", MODEL: "m"})

    assert "wonder" not in str(refused.value)


def test_neither_settings_nor_endpoint_show_the_key(loaded):
    chosen = loaded(**{ADDRESS: "http://h", MODEL: "m", KEY: "sk-secret"})

    assert "sk-secret" not in f"{chosen!r} {chosen} {endpoint_of(chosen)!r}"

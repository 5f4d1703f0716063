"""What browsers are told: security headers on every answer, and which other origins may call."""

import pytest

from api import front
from jobs.errors import ConfigurationError
from jobs.settings import load, settings

ORIGIN = "https://app.example.org"
PATHS = ["/api/v1/jobs", "/nothing", "/healthz", "/docs", "/api/v1/openapi.json", "/metrics", "/problems"]


@pytest.fixture
def let_in(monkeypatch):
    """Pages of another origin may call."""
    changed = settings().model_copy(update={"allowed_origins": (ORIGIN,)})
    monkeypatch.setattr(front, "settings", lambda: changed)
    yield from _without_caches()


def _without_caches():
    for cached in (front._security_headers, front._ancestors):
        cached.cache_clear()
    yield
    for cached in (front._security_headers, front._ancestors):
        cached.cache_clear()


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_security_headers(app, path):
    headers = app.test_client().get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["get", "options"])
def test_by_default_no_other_origin_is_let_in(app, method):
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}

    headers = getattr(app.test_client(), method)("/api/v1/jobs", headers=asked).headers

    assert not [name for name, _ in headers if name.startswith("Access-Control")]


@pytest.mark.usefixtures("let_in")
def test_an_origin_that_is_let_in_may_ask_and_read_what_it_needs(app, ada):
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    before = app.test_client().options("/api/v1/jobs/analysis", headers=asked)
    answer = ada.get("/api/v1/jobs", headers={"Origin": ORIGIN})

    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Origin"] == ORIGIN
    for name in ("Authorization", "Idempotency-Key", "Prefer", "Last-Event-ID", "If-None-Match"):
        assert name in before.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    for name in ("ETag", "Location", "Retry-After", "Link", "RateLimit"):
        assert name in answer.headers["Access-Control-Expose-Headers"]
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.usefixtures("let_in")
@pytest.mark.parametrize("origin", ["https://app.example.org.evil.example", "http://app.example.org", "null"])
def test_an_origin_that_only_looks_like_one_is_not_let_in(app, origin):
    answer = app.test_client().get("/api/v1/jobs", headers={"Origin": origin})

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.usefixtures("let_in")
def test_an_error_can_be_read_by_the_origin_that_is_let_in(app):
    answer = app.test_client().get("/api/v1/jobs", headers={"Origin": ORIGIN})

    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize("value", ["*", "https://*.example.org", "example.org", "https://a.example/path"])
def test_what_is_no_single_origin_is_no_setting(monkeypatch, value):
    monkeypatch.setenv("LONGHAUL_ALLOWED_ORIGINS", value)

    with pytest.raises(ConfigurationError, match="LONGHAUL_ALLOWED_ORIGINS"):
        load({"LONGHAUL_ALLOWED_ORIGINS": value})

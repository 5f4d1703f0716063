"""Who a token speaks for."""

from jobs.settings import settings


def test_a_token_tells_whom_it_speaks_for_and_what_that_user_may_have(ada):
    told = ada.get("/api/v1/me").json

    assert told["user"].startswith("ada-")
    assert (told["role"], told["scopes"], told["expires_at"]) == ("user", None, None)
    assert told["limits"]["upload_bytes"] == settings().max_upload_bytes
    assert told["limits"]["jobs"] == settings().jobs_per_user
    assert told["limits"]["submits_per_minute"] == settings().submits_per_minute
    assert told["limits"]["session_bytes"] == settings().session_bytes_per_user


def test_an_admin_is_told_to_be_one(client_of):
    assert client_of("chief", role="admin").get("/api/v1/me").json["role"] == "admin"


def test_nobody_is_told_anything_without_a_token(app):
    assert app.test_client().get("/api/v1/me").status_code == 401

"""Tokens of an OpenID Connect issuer: those that are good, and every way in which one is not."""

import base64
import hmac
import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from api import auth, oidc
from api.oidc_tokens import Verifier, user_name
from jobs import users
from jobs.connection import records_client
from jobs.settings import settings
from jobs.users import NAME
from tests.support.client import Client
from tests.support.issuer import AUDIENCE


@pytest.fixture
def accept(monkeypatch, app, issuer):
    """Return a function that takes the issuer's tokens from now on, and gives the client of one of them."""

    def accept(token, **changes):
        chosen = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE} | changes
        changed = settings().model_copy(update=chosen)
        verifier = Verifier(changed)
        monkeypatch.setattr(oidc, "settings", lambda: changed)
        monkeypatch.setattr(oidc, "_verifier", lambda: verifier)
        return Client(app.test_client(), token)

    return accept


def signed_in(client):
    return client.get("/api/v1/me")


def refused(client):
    answer = signed_in(client)
    assert answer.status_code == 401, answer.text
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    return answer.json["detail"]


def test_a_token_of_the_issuer_speaks_for_its_user(issuer, accept):
    answer = signed_in(accept(issuer.token(sub="ada@example.org")))

    assert answer.status_code == 200
    assert answer.json["user"] == user_name(issuer.url, "ada@example.org")
    assert answer.json["user"].startswith("oidc-ada-example-org-")
    assert answer.json["role"] == "user"


def test_its_user_owns_what_is_uploaded_and_is_the_same_with_the_next_token(worker, issuer, accept):
    client = accept(issuer.token())
    session = client.upload(("a.csv", b"x\n1\n"))
    job = client.run("probe")

    later = Client(client.http, issuer.token(exp=int(time.time()) + 900))

    assert later.get(f"/api/v1/sessions/{session}").status_code == 200
    assert later.get(job["links"]["self"]).json["id"] == job["id"]
    other = Client(client.http, issuer.token(sub="somebody else"))
    assert other.get(f"/api/v1/sessions/{session}").status_code == 404
    assert other.get(job["links"]["self"]).status_code == 404


def test_tokens_of_our_own_are_taken_as_before(issuer, accept, ada):
    accept(issuer.token())

    assert ada.get("/api/v1/jobs").status_code == 200
    assert issuer.requests == []


def test_an_elliptic_key_is_taken_too(issuer, accept):
    issuer.add_elliptic_key("curve")

    assert signed_in(accept(issuer.token(kid="curve", alg="ES256"))).status_code == 200


def test_one_of_several_audiences_is_enough(issuer, accept):
    assert signed_in(accept(issuer.token(aud=["other", AUDIENCE]))).status_code == 200


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"aud": "another-api"}, "aud does not fit"),
        ({"aud": ["another-api"]}, "aud does not fit"),
        ({"aud": None}, "aud is missing"),
        ({"iss": "https://evil.example"}, "iss does not fit"),
        ({"iss": None}, "iss is missing"),
        ({"exp": None}, "exp is missing"),
        ({"exp": "soon"}, "exp does not fit"),
        ({"exp": True}, "exp does not fit"),
        ({"nbf": int(time.time()) + 3_600}, "nbf does not fit"),
        ({"iat": int(time.time()) + 3_600}, "iat does not fit"),
        ({"sub": None}, "sub names no user"),
        ({"sub": ""}, "sub names no user"),
        ({"sub": "x" * 256}, "sub names no user"),
        ({"sub": 17}, "sub does not fit"),
    ],
)
def test_a_token_whose_claims_do_not_fit_is_refused_with_which(issuer, accept, claims, said):
    assert said in refused(accept(issuer.token(**claims)))


def test_a_token_whose_time_is_over_is_told_so(issuer, accept):
    answer = signed_in(accept(issuer.token(exp=int(time.time()) - 60)))

    assert (answer.status_code, answer.json["type"]) == (401, "/problems/token-expired")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_clock_that_is_a_little_off_is_no_fault(issuer, accept):
    now = int(time.time())

    late = signed_in(accept(issuer.token(exp=now - 10)))
    early = signed_in(accept(issuer.token(nbf=now + 10, iat=now + 10)))

    assert (late.status_code, early.status_code) == (200, 200)


def forged(header, claims, signature=b""):
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@pytest.mark.parametrize("name", ["none", "None", "NONE", ""])
def test_a_token_that_nobody_signed_is_refused(issuer, accept, name):
    token = forged({"alg": name, "kid": "first"}, issuer.claims())

    assert "not taken here" in refused(accept(token))


def test_a_public_key_is_no_secret_to_sign_with(issuer, accept):
    unsigned = forged({"alg": "HS256", "kid": "first"}, issuer.claims()).rstrip(".")
    public = issuer.keys["first"].as_pem(private=False)
    token = f"{unsigned}.{secret(hmac.digest(public, unsigned.encode(), 'sha256'))}"

    assert "not taken here" in refused(accept(token))
    assert signed_in(accept(token, oidc_algorithms=("RS256", "HS256"))).status_code == 401


def secret(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_a_secret_among_the_issuers_keys_is_no_key(issuer, accept):
    issuer.extra_keys.append({"kty": "oct", "k": secret(b"k" * 32), "kid": "shared", "alg": "HS256"})
    key = OctKey.import_key({"kty": "oct", "k": secret(b"k" * 32)})
    token = jwt.encode({"alg": "HS256", "kid": "shared"}, issuer.claims(), key)

    assert signed_in(accept(token, oidc_algorithms=("HS256",))).status_code == 401


def test_a_key_for_encryption_signs_nothing(issuer, accept):
    key = RSAKey.generate_key(2048)
    issuer.extra_keys.append({**key.as_dict(private=False), "kid": "cipher", "use": "enc"})

    assert "none of its issuer's" in refused(accept(issuer.token(kid="cipher", key=key)))


def test_a_token_that_was_changed_is_refused(issuer, accept):
    header, claims, signature = issuer.token(sub="ada").split(".")
    other = secret(json.dumps(issuer.claims(sub="root")).encode())

    assert "signature does not fit" in refused(accept(f"{header}.{other}.{signature}"))
    assert "signature does not fit" in refused(accept(f"{header}.{claims}.{secret(b'x' * 256)}"))


@pytest.mark.parametrize("name", ["jwk", "jku"])
def test_a_token_that_brings_its_own_key_is_refused(issuer, accept, name):
    key = RSAKey.generate_key(2048)
    brought = {"jwk": key.as_dict(private=False), "jku": issuer.url + "/others"}[name]

    refused(accept(issuer.token(key=key, header={name: brought})))
    assert "/realm/others" not in issuer.requests


def test_another_algorithm_than_the_allowed_ones_is_refused(issuer, accept):
    assert "not taken here" in refused(accept(issuer.token(alg="RS384")))
    assert signed_in(accept(issuer.token(alg="RS384"), oidc_algorithms=("RS384",))).status_code == 200


@pytest.mark.parametrize("kind", ["logout+jwt", "dpop+jwt", 17])
def test_a_token_of_another_kind_is_refused(issuer, accept, kind):
    header = {"alg": "RS256", "kid": "first", "typ": kind}
    if isinstance(kind, str):
        assert "another kind" in refused(accept(issuer.token(header=header)))
    else:
        assert refused(accept(forged(header, issuer.claims(), b"x" * 256)))


@pytest.mark.parametrize(
    "token", ["..", "a.b.c", "e30.e30.e30", "....", "ü.ü.ü", forged({"alg": ["RS256"]}, {})]
)
def test_what_is_no_token_at_all_is_refused(issuer, accept, token):
    client = accept(issuer.token())
    client.headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}

    assert signed_in(client).status_code == 401


def test_a_token_without_end_is_refused(issuer, accept):
    assert "too long" in refused(accept(issuer.token(padding="x" * 20_000)))


def test_the_only_key_needs_no_name_and_one_of_several_does(issuer, accept):
    alone = signed_in(accept(issuer.token(kid=None)))
    issuer.add_elliptic_key("curve")

    assert alone.status_code == 200
    assert "names no key" in refused(accept(issuer.token(kid=None)))


def test_while_no_key_was_ever_fetched_those_tokens_alone_cannot_be_checked(issuer, accept, ada):
    issuer.is_down = True
    client = accept(issuer.token())
    answer = signed_in(client)

    assert (answer.status_code, answer.json["type"]) == (503, "/problems/unavailable")
    assert answer.headers["Retry-After"]
    assert ada.get("/api/v1/me").status_code == 200


def test_a_description_of_another_issuer_is_not_believed(issuer, accept):
    issuer.described_as = "https://evil.example"

    assert signed_in(accept(issuer.token())).status_code == 503


def test_where_the_keys_are_can_be_said_by_the_operator(issuer, accept):
    client = accept(issuer.token(), oidc_jwks_url=issuer.url + "/keys")

    assert signed_in(client).status_code == 200
    assert issuer.requests == ["/realm/keys"]


def test_members_of_the_named_group_are_admins(worker, issuer, accept, ada):
    job = ada.run("probe")["links"]["self"]
    chosen = {"oidc_role_claim": "realm_access.roles", "oidc_admin_group": "operators"}

    admin = accept(issuer.token(realm_access={"roles": ["staff", "operators"]}), **chosen)
    assert admin.get(job).status_code == 200
    staff = accept(issuer.token(realm_access={"roles": ["staff", "operators-of-others"]}), **chosen)
    assert staff.get(job).status_code == 404


def test_scopes_of_the_token_are_kept_to_where_the_operator_names_their_claim(issuer, accept):
    client = accept(issuer.token(scope="openid jobs:read profile"), oidc_scope_claim="scope")

    assert client.get("/api/v1/jobs").status_code == 200
    assert client.get("/api/v1/sessions").status_code == 403
    nothing = accept(issuer.token(scope="openid"), oidc_scope_claim="scope")
    assert nothing.get("/api/v1/jobs").status_code == 403


def test_another_claim_may_name_the_user(issuer, accept):
    client = accept(issuer.token(preferred_username="Ada"), oidc_user_claim="preferred_username")

    assert signed_in(client).json["user"] == user_name(issuer.url, "Ada")


NAMES = ["ada", "Ada", "ada ", "ADA", "ada-", "a.da", "admin", "../admin", "/", "é", "é", "\0", "x" * 255]


def test_users_of_an_issuer_are_told_apart_and_are_nobody_else_here():
    found = {
        user_name(issuer, name) for name in NAMES for issuer in ("https://a.example", "https://b.example")
    }

    assert len(found) == 2 * len(set(NAMES))
    assert all(NAME.fullmatch(name) and name.startswith("oidc-") for name in found)


def test_a_user_of_the_issuer_named_admin_is_not_the_admin_here(issuer, accept):
    users.create_token(records_client(), "admin", "admin")

    assert signed_in(accept(issuer.token(sub="admin"))).json["role"] == "user"
    assert signed_in(accept(issuer.token(sub="admin"))).json["user"] != "admin"


def test_a_token_of_an_issuer_is_an_unknown_one_where_none_is_named(app, issuer):
    assert not oidc.is_configured()
    answer = Client(app.test_client(), issuer.token()).get("/api/v1/jobs")

    assert answer.status_code == 401
    assert auth.INVALID in answer.headers["WWW-Authenticate"]

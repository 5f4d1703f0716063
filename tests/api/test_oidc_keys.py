"""When the keys of an issuer are fetched, and with which settings nobody is let in."""

import threading

import pytest

from api import oidc
from api.issuer import FAILED_PAUSE_SECONDS, FRESH_SECONDS, UNKNOWN_PAUSE_SECONDS, IssuerKeys
from api.issuer import Issuer as Named
from jobs.errors import ConfigurationError, Unavailable
from jobs.settings import load, settings


def test_a_new_key_is_found_without_a_restart_and_fetched_once_a_minute_at_most(issuer):
    now = [1_000.0]
    keys = IssuerKeys(Named(issuer.url), lambda told: told["kid"], clock=lambda: now[0])
    assert keys.find("first") == "first"
    issuer.add_elliptic_key("second")

    found = [keys.find("second"), keys.find("third")]
    asked = len(issuer.requests)
    now[0] += UNKNOWN_PAUSE_SECONDS
    found += [keys.find("second"), *(keys.find(f"made up {number}") for number in range(20))]

    assert found[:3] == [None, None, "second"]
    assert set(found[3:]) == {None}
    assert (asked, len(issuer.requests)) == (2, 4)


def test_many_requests_that_need_the_keys_fetch_them_once(issuer):
    keys = IssuerKeys(Named(issuer.url), lambda told: told["kid"])
    found = []

    threads = [threading.Thread(target=lambda: found.append(keys.find("first"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == ["first"] * 16
    assert issuer.requests.count("/realm/keys") == 1


def test_keys_that_are_known_outlive_an_issuer_that_is_down(issuer):
    now = [0.0]
    keys = IssuerKeys(Named(issuer.url), lambda told: told["kid"], clock=lambda: now[0])
    keys.find("first")
    issuer.is_down = True
    now[0] += FRESH_SECONDS + 1

    assert keys.find("first") == "first"


def test_a_key_that_the_issuer_has_withdrawn_is_good_for_an_hour_at_most(issuer):
    now = [0.0]
    keys = IssuerKeys(Named(issuer.url), lambda told: told["kid"], clock=lambda: now[0])
    keys.find("first")
    issuer.add_elliptic_key("second")
    del issuer.keys["first"]
    now[0] += FRESH_SECONDS + 1

    assert keys.find("first") is None


def test_keys_that_could_not_be_fetched_are_tried_for_again_after_a_few_seconds(issuer):
    now = [0.0]
    keys = IssuerKeys(Named(issuer.url), lambda told: told["kid"], clock=lambda: now[0])
    issuer.is_down = True
    with pytest.raises(Unavailable):
        keys.find("first")
    issuer.is_down = False

    now[0] += FAILED_PAUSE_SECONDS

    assert keys.find("first") == "first"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LONGHAUL_OIDC_ISSUER": "https://id.example"}, "LONGHAUL_OIDC_AUDIENCE"),
        ({"LONGHAUL_OIDC_ISSUER": "http://id.example", "LONGHAUL_OIDC_AUDIENCE": "x"}, "https://"),
        ({"LONGHAUL_OIDC_ALGORITHMS": "RS256,HS256"}, "HS256"),
        ({"LONGHAUL_OIDC_ALGORITHMS": "none"}, "none"),
        ({"LONGHAUL_OIDC_ALGORITHMS": " , "}, "LONGHAUL_OIDC_ALGORITHMS"),
        ({"LONGHAUL_OIDC_ADMIN_GROUP": "operators"}, "LONGHAUL_OIDC_ROLE_CLAIM"),
    ],
)
def test_settings_that_would_let_anybody_in_are_refused(monkeypatch, environment, said):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigurationError, match=said):
        load(environment)


def test_the_service_does_not_start_without_the_library_that_checks_tokens(monkeypatch, issuer):
    monkeypatch.setitem(__import__("sys").modules, "joserfc", None)

    with pytest.raises(ConfigurationError, match="extra `oidc`"):
        oidc.check(settings().model_copy(update={"oidc_issuer": issuer.url}))
    oidc.check(settings())

"""Who sends wrong tokens is told to wait, by address, and nobody else is."""

import pytest

from api.addresses import client_address
from api.pace import Pace
from jobs.settings.access import AccessSettings
from tests.support.client import Client


def test_wrong_tokens_are_told_to_wait_and_good_ones_from_the_same_address_are_not(app, ada, allowed):
    allowed(refusals_per_minute=5)
    wrong = Client(app.test_client(), "lh_" + "x" * 43)

    statuses = [wrong.get("/api/v1/jobs").status_code for _ in range(7)]

    assert statuses == [401] * 5 + [429] * 2
    assert int(wrong.get("/api/v1/jobs").headers["Retry-After"]) <= 12
    assert ada.get("/api/v1/jobs").status_code == 200


def test_a_request_without_a_token_is_no_wrong_one(app, allowed):
    allowed(refusals_per_minute=1)

    assert {app.test_client().get("/api/v1/jobs").status_code for _ in range(3)} == {401}


PROXIES = AccessSettings(trusted_proxies="10.0.0.0/8, 2001:db8::1").trusted_proxies


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours: it says what it likes
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # the first was made up by the client
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.9.9.9", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("2001:db8::1", "2001:db8:5:6:7::8", "2001:db8:5:6::/64"),
        ("2001:db8:5:6:ffff::1", "", "2001:db8:5:6::/64"),
        (None, "198.51.100.1", "unknown"),
    ],
)
def test_the_address_of_who_asks_is_taken_from_proxies_that_are_trusted_alone(peer, forwarded, address):
    assert client_address(peer, forwarded, PROXIES) == address


def test_a_pace_is_kept_for_each_name_and_forgotten_in_time():
    now = [0.0]
    pace = Pace(2, 10, clock=lambda: now[0])

    asked = [pace.wait("ada") for _ in range(3)]
    now[0] = 5.0

    assert asked == [0, 0, 5]
    assert pace.wait("ada") == 0
    assert pace.wait("eve") == 0


def test_a_pace_remembers_a_bounded_number_of_names(monkeypatch):
    monkeypatch.setattr("api.pace.MOST_KNOWN", 100)
    pace = Pace(1, 10, clock=lambda: 0.0)

    for number in range(1_000):
        pace.wait(str(number))

    assert len(pace._full_at) <= 100

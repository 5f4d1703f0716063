"""What is taken as a webhook, when it is tried again, and what is told."""

import base64
import datetime
import json

import pytest
from pydantic import BaseModel, ValidationError

from jobs import status
from jobs.celery import app
from jobs.errors import NotReady, UnreadableTable
from jobs.tasks.webhooks import body_of
from jobs.webhooks import schedule
from jobs.webhooks.models import FOR_RECORD, Webhook, WebhookState, check
from jobs.webhooks.schedule import Outcome, judge, seconds_to_wait
from tests.support.probe import ProbeParams, doomed
from tests.support.receiver import SECRET

URL = "https://hooks.example.com/longhaul"
NOW = 1_763_717_400.0  # 2025-11-21 09:30:00 UTC


def secret_of(size):
    return "whsec_" + base64.b64encode(b"k" * size).decode()


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "http://hooks.example.com:8080/a?b=c%20d",
        "https://93.184.215.14/",
        "https://[2606:2800:21f::1]:8443/x",
        "https://xn--bcher-kva.example/",
        "https://my_hook.example.com",
    ],
)
def test_an_address_on_the_internet_is_taken(url):
    webhook = Webhook(url=url, secret=SECRET)

    check(webhook, private_addresses=False)

    assert webhook.url == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.com/", "must begin with"),
        ("example.com/hook", "must begin with"),
        ("https://user:S3CRET@example.com/", "user name or password"),
        ("https://@example.com/", "user name or password"),
        ("https://example.com/#part", "fragment"),
        ("https://example.com/a b", "printable ASCII"),
        ("https://example.com/\r\nHost: other", "printable ASCII"),
        ("https://example.com\\@127.0.0.1/", "printable ASCII"),
        ("https://bücher.example/", "printable ASCII"),
        ("https:///path", "no usable host"),
        ("https://-dash.example/", "no usable host"),
        ("https://a..example/", "no usable host"),
        ("https://example.com:0/", "port"),
        ("https://example.com:99999/", "[Pp]ort"),
        ("https://example.com/" + "x" * 2048, "2048"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_the_reason(url, reason):
    with pytest.raises(ValidationError, match=reason) as refused:
        Webhook(url=url, secret=SECRET)

    assert "S3CRET" not in str(refused.value)


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        (secret_of(23), "24 to 64 random bytes, this one is 23"),
        (secret_of(65), "24 to 64 random bytes, this one is 65"),
        ("S3CRETS3CRETS3CRETS3CRET", "begins with whsec_"),
        ("whsec_S3CRET!", "no base64"),
    ],
)
def test_a_secret_that_cannot_be_used_is_refused_without_repeating_it(secret, reason):
    with pytest.raises(ValidationError, match=reason) as refused:
        Webhook(url=URL, secret=secret)

    assert secret not in str(refused.value)


@pytest.mark.parametrize("size", [24, 32, 64])
def test_a_secret_of_the_sizes_of_the_specification_is_taken(size):
    assert Webhook(url=URL, secret=secret_of(size)).secret.get_secret_value() == secret_of(size)


def test_a_webhook_without_a_secret_is_refused_because_deliveries_are_always_signed():
    with pytest.raises(ValidationError, match="deliveries are always signed"):
        Webhook.model_validate_json(json.dumps({"url": URL}), strict=True)


def test_the_signature_is_that_of_an_independent_computation():
    # openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1f over "msg_1.1700000000.{}", in base64
    webhook = Webhook(url=URL, secret=SECRET)

    assert (
        webhook.signature("msg_1", 1_700_000_000, b"{}") == "v1,fhksJF5ElKjlPoT/jtefCO5XjQPvhf7Dhf/8R1ad9yU="
    )


def test_only_the_record_gets_the_secret():
    class Parameters(BaseModel):
        webhook: Webhook | None = None

    given = Parameters(webhook=Webhook(url=URL, secret=SECRET))

    assert SECRET not in given.model_dump_json() + repr(given) + str(given.model_dump())
    assert Parameters.model_validate_json(given.model_dump_json(context=FOR_RECORD)) == given


def after_failures(count, *, chance=0.0, retry_after=None):
    """Return the state after so many failed attempts, the last one at NOW."""
    state = WebhookState(state="pending", attempts=count - 1)
    return schedule.after(
        schedule.begun(state, now=NOW),
        Outcome(delivered=False, error="it answered 500", retry_after=retry_after),
        now=NOW,
        chance=chance,
    )


# The table "Example retry schedule" of the specification.
@pytest.mark.parametrize(
    ("failures", "pause"),
    list(enumerate([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400], start=1)),
)
def test_pauses_are_those_of_the_specification_with_up_to_a_tenth_more(failures, pause):
    shortest, longest = after_failures(failures), after_failures(failures, chance=1.0)

    assert shortest.next_attempt_at.timestamp() - NOW == pytest.approx(pause, abs=1e-3)
    assert longest.next_attempt_at.timestamp() - NOW == pytest.approx(1.1 * pause, abs=1e-3)
    assert (shortest.state, shortest.attempts, shortest.last_error) == (
        "pending",
        failures,
        "it answered 500",
    )
    assert shortest.last_attempt_at.timestamp() == NOW


def test_the_tenth_failure_is_the_last():
    state = after_failures(10)

    assert (state.state, state.attempts, state.next_attempt_at) == ("failed", 10, None)


@pytest.mark.parametrize(
    ("asked", "pause"), [(60, 60), (2, 5), (10 * 86_400, 86_400), (float(10**10), 86_400)]
)
def test_a_receiver_may_ask_for_a_longer_pause_of_a_day_at_most(asked, pause):
    state = after_failures(1, retry_after=asked)

    assert state.next_attempt_at.timestamp() - NOW == pytest.approx(pause, abs=1e-3)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 7 ", 7),
        ("Fri, 21 Nov 2025 09:31:00 GMT", 60),
        ("Fri, 21 Nov 2025 09:29:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header, seconds):
    assert seconds_to_wait(header, now=NOW) == seconds


@pytest.mark.parametrize("status_code", [200, 201, 204, 299])
def test_any_2xx_is_a_delivery(status_code):
    assert judge(status_code).delivered


@pytest.mark.parametrize("status_code", [301, 400, 404, 429, 500, 503])
def test_any_other_answer_is_a_failure_that_is_tried_again(status_code):
    outcome = judge(status_code, 30.0)

    assert (outcome.delivered, outcome.final) == (False, False)
    assert str(status_code) in outcome.error


def test_gone_ends_the_deliveries():
    state = schedule.after(WebhookState(state="pending", attempts=1), judge(410), now=NOW, chance=0)

    assert (state.state, state.next_attempt_at) == ("failed", None)
    assert "410" in state.last_error


@pytest.fixture
def job_id(redis_server):
    return doomed.submit("ada", ProbeParams())


@pytest.mark.parametrize(
    ("result", "state", "kind"),
    [
        ({"steps": 1}, "SUCCESS", "job.completed"),
        ({"outcome": "partial"}, "SUCCESS", "job.partial"),
        (UnreadableTable("a.csv: no table"), "FAILURE", "job.failed"),
        (None, "REVOKED", "job.cancelled"),
    ],
)
def test_the_message_tells_how_the_job_ended_and_shows_the_job(job_id, result, state, kind):
    app.backend.store_result(job_id, result, state)

    body = body_of(job_id)

    told = json.loads(body)
    job = status.read(job_id)
    assert list(told) == ["type", "timestamp", "data"]
    assert told["type"] == kind
    assert datetime.datetime.fromisoformat(told["timestamp"]) == job.finished_at
    shown = json.loads(job.model_dump_json())
    shown.pop("webhook", None)
    assert told["data"] == shown
    assert body_of(job_id) == body


def test_a_job_that_has_not_ended_is_not_told(job_id):
    with pytest.raises(NotReady):
        body_of(job_id)


def test_of_a_job_that_is_gone_there_is_nothing_to_tell(redis_server):
    assert body_of("there-is-none") is None

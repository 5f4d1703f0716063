"""One attempt over the network, against real servers on loopback."""

import socket
import ssl
import threading
import time
from contextlib import closing
from queue import SimpleQueue

import pytest

from jobs.webhooks import sending
from jobs.webhooks.models import Webhook
from jobs.webhooks.sending import Message, Rules, send
from tests.support.certificates import self_signed
from tests.support.receiver import SECRET, RawServer, Receiver

MESSAGE = Message("msg_1", b'{"type":"job.completed"}')
HERE = Rules(private_addresses=True, seconds=5)
NAME = "receiver.test"


def loopback(_host, _port):
    return ["127.0.0.1"]


def to(url):
    return Webhook(url=url, secret=SECRET)


@pytest.fixture
def receiver():
    with closing(Receiver()) as started:
        yield started


@pytest.fixture
def receiver_that():
    """Start a server that answers as the given function says."""
    started = []

    def start(talk):
        started.append(RawServer(talk))
        return to(f"http://127.0.0.1:{started[-1].port}/")

    yield start
    for server in started:
        server.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return the paths of a certificate for NAME and 127.0.0.1, and of its key."""
    return self_signed(tmp_path_factory.mktemp("tls"), NAME)


@pytest.fixture
def secure_receiver(certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    with closing(Receiver(tls=tls)) as started:
        yield started


def test_a_delivery_is_signed_as_the_specification_says(receiver):
    before = int(time.time())

    outcome = send(to(receiver.url()), MESSAGE, HERE)

    (got,) = receiver.received
    assert outcome.delivered
    assert (got.path, got.body) == ("/hook?from=longhaul", MESSAGE.body)
    assert got.headers["webhook-id"] == "msg_1"
    assert before <= int(got.headers["webhook-timestamp"]) <= time.time()
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.signed_with(SECRET)
    assert not got.signed_with("whsec_" + "QUJD" * 8)


def test_a_redirect_is_not_followed(receiver):
    with closing(Receiver((302, {"Location": receiver.url()}))) as redirecting:
        outcome = send(to(redirecting.url()), MESSAGE, HERE)

    assert (outcome.delivered, outcome.final) == (False, False)
    assert outcome.error == "it answered 302; redirects are not followed"
    assert receiver.received == []


def test_proxies_of_the_environment_are_not_used(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert send(to(receiver.url()), MESSAGE, HERE).delivered


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"], ["what"]],
)
def test_a_host_with_any_private_address_is_not_connected_to(receiver, addresses):
    outcome = send(
        to(receiver.url(host="hooks.example.com")), MESSAGE, Rules(), resolver=lambda *_: addresses
    )

    assert (outcome.delivered, outcome.final) == (False, True)
    assert outcome.error == "this host has a private address; none is delivered to"
    assert receiver.received == []


def test_a_loopback_address_is_refused_by_the_systems_resolver_too(receiver):
    # 0x7f000001 is 127.0.0.1 to getaddrinfo, and localhost is in the hosts file.
    for host in ("127.0.0.1", "0x7f000001", "localhost"):
        assert send(to(receiver.url(host=host)), MESSAGE, Rules()).final

    assert receiver.received == []


def test_a_name_that_answers_differently_the_second_time_changes_nothing(receiver, monkeypatch):
    # The first answer is public and passes; whoever looked the name up again would reach loopback.
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    asked, tried = [], []

    def rebinding(host, port):
        asked.append(host)
        return next(answers)

    def connect(addresses, port, _deadline):
        tried.extend(addresses)
        raise sending.Undeliverable("it could not be connected to")

    monkeypatch.setattr(sending, "_connect", connect)
    outcome = send(to(receiver.url(host=NAME)), MESSAGE, Rules(), resolver=rebinding)

    assert not outcome.delivered
    assert (asked, tried) == ([NAME], ["93.184.215.14"])
    assert receiver.received == []


def test_a_name_is_looked_up_once_and_reached_at_the_address_found(receiver):
    asked = []

    def counting(host, port):
        asked.append((host, port))
        return ["127.0.0.1"]

    outcome = send(to(receiver.url(host=NAME)), MESSAGE, HERE, resolver=counting)

    assert outcome.delivered
    assert asked == [(NAME, receiver.port)]
    assert receiver.received[0].headers["host"] == f"{NAME}:{receiver.port}"


def test_a_second_address_is_tried_when_the_first_does_not_answer(receiver):
    outcome = send(to(receiver.url(host=NAME)), MESSAGE, HERE, resolver=lambda *_: ["127.0.0.2", "127.0.0.1"])

    assert outcome.delivered


def test_a_certificate_is_verified_for_the_name_that_was_given(secure_receiver, certificate):
    def trust():
        return ssl.create_default_context(cafile=str(certificate[0]))

    for host in (NAME, "127.0.0.1"):
        webhook = to(secure_receiver.url(host=host, scheme="https"))
        assert send(webhook, MESSAGE, HERE, resolver=loopback, trust=trust).delivered
    other = to(secure_receiver.url(host="other.test", scheme="https"))
    outcome = send(other, MESSAGE, HERE, resolver=loopback, trust=trust)

    assert outcome.error == "its certificate could not be verified for this name"
    assert len(secure_receiver.received) == 2


def test_a_certificate_of_an_unknown_authority_is_refused(secure_receiver):
    webhook = to(secure_receiver.url(host=NAME, scheme="https"))

    outcome = send(webhook, MESSAGE, HERE, resolver=loopback)

    assert outcome.error == "its certificate could not be verified for this name"
    assert secure_receiver.received == []


def test_an_answer_without_end_costs_neither_time_nor_memory(receiver_that):
    sent = []

    def endless(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            sent.append(connection.send(b"x" * 65_536))

    outcome = send(receiver_that(endless), MESSAGE, HERE)

    assert outcome.error == "the head of its answer was too long"
    assert sum(sent) < 50_000_000  # what the system's buffers hold, and no more


def test_the_body_of_an_answer_is_not_waited_for(receiver_that):
    ended = threading.Event()

    def never_ending_body(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        ended.wait(10)

    begun = time.monotonic()
    outcome = send(receiver_that(never_ending_body), MESSAGE, HERE)
    ended.set()

    assert outcome.delivered
    assert time.monotonic() - begun < HERE.seconds


def test_a_receiver_that_drips_is_cut_off_after_the_whole_time(receiver_that):
    stop = threading.Event()

    def drip(connection):
        while not stop.wait(0.05):
            connection.sendall(b"H")

    begun = time.monotonic()
    outcome = send(receiver_that(drip), MESSAGE, Rules(private_addresses=True, seconds=0.5))
    stop.set()

    assert outcome.error == "it did not answer within 0.5 s"
    assert time.monotonic() - begun < 5


def test_a_resolver_that_hangs_is_not_waited_for():
    free = threading.Event()

    def hanging(_host, _port):
        free.wait(30)
        return ["127.0.0.1"]

    rules = Rules(private_addresses=True, seconds=0.3)
    outcome = send(to(f"http://{NAME}/"), MESSAGE, rules, resolver=hanging)
    free.set()

    assert outcome.error == "its name was not found in time"


def unknown(_host, _port):
    raise socket.gaierror("no such name")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"no HTTP at all\r\n\r\n", "its answer was not HTTP"),
        (b"", "the connection broke off"),
        (b"HTTP/1.1 500 Oops\r\n\r\n", "it answered 500"),
    ],
)
def test_a_bad_answer_is_told_in_words(receiver_that, answer, error):
    outcome = send(receiver_that(lambda connection: connection.sendall(answer)), MESSAGE, HERE)

    assert (outcome.delivered, outcome.error) == (False, error)


def test_what_is_not_there_is_told_without_its_address():
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        closed = listener.getsockname()[1]

    refused = send(to(f"http://127.0.0.1:{closed}/"), MESSAGE, HERE)
    nameless = send(to(f"http://{NAME}/"), MESSAGE, HERE, resolver=unknown)

    assert refused.error == "it could not be connected to"
    assert nameless.error == "no address is known of this host"
    assert not refused.final


def test_the_connection_is_closed_once_the_answer_is_known(receiver_that):
    seen = SimpleQueue()

    def answer_and_read_on(connection):
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        seen.put(connection.recv(1))

    assert send(receiver_that(answer_and_read_on), MESSAGE, HERE).delivered

    assert seen.get(timeout=5) == b""

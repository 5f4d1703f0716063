"""One attempt over the network: to an address that was checked, within a time, trusting no answer."""

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any, Final

from jobs.errors import LonghaulError
from jobs.webhooks.addresses import is_public, literal_address
from jobs.webhooks.models import Webhook
from jobs.webhooks.schedule import Outcome, judge, seconds_to_wait

WHOLE_SECONDS: Final = 15.0  # of an attempt, from the look-up of the name to the status of the answer
CONNECT_SECONDS: Final = 5.0  # for the look-up, and for all addresses of the name together
MOST_ADDRESSES: Final = 4
MOST_ANSWER_BYTES: Final = 16_384  # of the answer's head; its body is never asked for

Resolver = Callable[[str, int], Sequence[str]]


class Undeliverable(LonghaulError):
    """An attempt failed before there was an answer; the text names no address of the network."""

    slug = "webhook-undeliverable"
    title = "The webhook could not be delivered"

    def __init__(self, text: str, *, final: bool = False) -> None:
        super().__init__(text)
        self.final = final


@dataclass(frozen=True)
class Message:
    """What is sent. The id and the body stay the same at each attempt."""

    id: str
    body: bytes


@dataclass(frozen=True)
class Rules:
    """How to send."""

    private_addresses: bool = False
    seconds: float = WHOLE_SECONDS


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host as the system knows them, best first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@cache
def system_trust() -> ssl.SSLContext:
    """Return the checks of certificates that the system knows; `SSL_CERT_FILE` replaces its authorities."""
    return ssl.create_default_context()


def send(
    webhook: Webhook,
    message: Message,
    rules: Rules,
    *,
    resolver: Resolver = resolve,
    trust: Callable[[], ssl.SSLContext] = system_trust,
) -> Outcome:
    """Make one attempt; every fault that a receiver or the network can cause is an outcome."""
    deadline = _Deadline(rules.seconds)
    try:
        addresses = _checked_addresses(webhook, rules, resolver, deadline)
        with _connect(addresses, webhook.port, deadline) as raw:
            return _post(webhook, message, _secured(raw, webhook, trust, deadline), deadline)
    except Undeliverable as error:
        return Outcome(delivered=False, error=str(error), final=error.final)
    except TimeoutError:
        return Outcome(delivered=False, error=f"it did not answer within {rules.seconds:g} s")
    except ssl.SSLCertVerificationError:
        return Outcome(delivered=False, error="its certificate could not be verified for this name")
    except ssl.SSLError:
        return Outcome(delivered=False, error="no secure connection came about")
    except OSError:
        return Outcome(delivered=False, error="the connection broke off")
    except http.client.HTTPException:
        return Outcome(delivered=False, error="its answer was not HTTP")


class _Deadline:
    """A moment that every step of an attempt keeps to, however many steps a slow receiver makes of it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float = float("inf")) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, at_most)


def _checked_addresses(
    webhook: Webhook, rules: Rules, resolver: Resolver, deadline: _Deadline
) -> Sequence[str]:
    """Return where to connect. The name is looked up once, so that nothing else can be meant afterwards."""
    addresses = _looked_up(webhook, resolver, deadline.left(CONNECT_SECONDS))
    if not addresses:
        raise Undeliverable("no address is known of this host")
    if not rules.private_addresses and not all(map(_is_public, addresses)):
        raise Undeliverable("this host has a private address; none is delivered to", final=True)
    return addresses[:MOST_ADDRESSES]


def _is_public(text: str) -> bool:
    address = literal_address(text)
    return address is not None and is_public(address)


def _looked_up(webhook: Webhook, resolver: Resolver, seconds: float) -> Sequence[str]:
    """Ask the resolver, which knows no time limit of its own: hence the thread that may be left behind."""
    answers: SimpleQueue[Sequence[str] | None] = SimpleQueue()

    def ask() -> None:
        found: Sequence[str] | None = None
        with suppress(OSError, UnicodeError):
            found = resolver(webhook.host, webhook.port)
        answers.put(found)

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=seconds) or ()
    except Empty:
        raise Undeliverable("its name was not found in time") from None


def _connect(addresses: Sequence[str], port: int, deadline: _Deadline) -> socket.socket:
    """Connect to the first of these very addresses that lets us."""
    connecting = _Deadline(deadline.left(CONNECT_SECONDS))
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        raw = socket.socket(family, socket.SOCK_STREAM)
        try:
            raw.settimeout(connecting.left())
            raw.connect((address, port))
        except OSError:  # a time limit is one too
            raw.close()
        else:
            return raw
    raise Undeliverable("it could not be connected to")


def _secured(
    raw: socket.socket, webhook: Webhook, trust: Callable[[], ssl.SSLContext], deadline: _Deadline
) -> socket.socket:
    """Return the connection, for https:// with a certificate verified for the name that the user gave."""
    raw.settimeout(deadline.left())
    if webhook.parts.scheme == "http":
        return raw
    return trust().wrap_socket(raw, server_hostname=webhook.host.removesuffix("."))


def _post(webhook: Webhook, message: Message, connected: socket.socket, deadline: _Deadline) -> Outcome:
    now = time.time()
    parts = webhook.parts
    wire = _Wire(connected, deadline)
    connection = _Connection(webhook, wire)
    try:
        connection.request(
            "POST",
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            message.body,
            {
                "Content-Type": "application/json",
                "User-Agent": "Longhaul",
                "Connection": "close",
                "webhook-id": message.id,
                "webhook-timestamp": str(int(now)),
                "webhook-signature": webhook.signature(message.id, int(now), message.body),
            },
        )
        answer = connection.getresponse()
        return judge(answer.status, seconds_to_wait(answer.getheader("Retry-After"), now=now))
    finally:
        connection.close()
        connected.close()


class _Wire(io.RawIOBase):
    """A connection as `http.client` uses one, which keeps to the deadline and reads only so much."""

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._socket = connected
        self._deadline = deadline
        self._room = MOST_ANSWER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._room <= 0:
            raise Undeliverable("the head of its answer was too long")
        self._socket.settimeout(self._deadline.left())
        count = self._socket.recv_into(memoryview(buffer)[: self._room])
        self._room -= count
        return count

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._socket.settimeout(self._deadline.left())
            rest = rest[self._socket.send(rest) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        """Leave the connection to `_post`: `http.client` closes it before it is done with its answer."""


class _Connection(http.client.HTTPConnection):
    """An HTTP connection over a wire that stands; it knows no proxies and looks nothing up."""

    def __init__(self, webhook: Webhook, wire: _Wire) -> None:
        super().__init__(webhook.host, webhook.port)
        if webhook.parts.scheme == "https":
            self.default_port = http.client.HTTPS_PORT  # the header Host leaves it out
        self.sock: Any = wire

"""The embedder that an operator has configured: an HTTP endpoint that takes OpenAI's `POST /embeddings`.

Nothing here is asked while `LONGHAUL_EMBEDDINGS_URL` is not set. The key is sent to that address and to no
other: redirections are not followed, and what goes wrong is told without it.
"""

import http.client
import logging
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from jobs.indexing.vectors.embedder import EmbeddingFault, unit
from jobs.settings import Settings, settings
from jobs.webhooks.schedule import seconds_to_wait
from jobs.webhooks.sending import system_trust

MOST_ANSWER_BYTES: Final = 200_000_000  # 2,048 vectors of 4,096 numbers, spelt out
READ_BYTES: Final = 1 << 16
REMEMBERED_QUERIES: Final = 1_000
REST_SECONDS: Final = 5.0  # after a query got no answer: others do not wait for the same
BUSY: Final = (408, 425, 429, 503)
NEVER: Final = (401, 402, 403, 404, 405)

log = logging.getLogger(__name__)


@dataclass
class _Memory:
    """Vectors of queries that were asked lately, for the pages that follow, and the last fault."""

    vectors: "OrderedDict[str, bytes]" = field(default_factory=OrderedDict)
    fault: str | None = None
    rests_until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Endpoint:
    """An embedder over HTTP. `model` names all that makes its vectors of passages others."""

    url: str
    name: str
    key: str | None = field(default=None, repr=False)
    dimensions: int | None = None
    batch: int = 32
    seconds: float = 60.0
    query_seconds: float = 2.0
    query_prefix: str = ""
    passage_prefix: str = ""
    _memory: _Memory = field(default_factory=_Memory, repr=False, compare=False)

    @property
    def model(self) -> str:
        """Name the model, with all that makes its vectors of passages others."""
        length = f", {self.dimensions} numbers" if self.dimensions is not None else ""
        prefix = f", after {self.passage_prefix!r}" if self.passage_prefix else ""
        return f"{self.name}{length}{prefix}"

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Give the vector of each passage.

        Raises
        ------
        EmbeddingFault
            There is none.
        """
        return self._vectors([self.passage_prefix + text for text in texts], self.seconds)

    def query(self, text: str) -> bytes:
        """Give the vector of what somebody looks for, or a fault within `query_seconds`."""
        memory = self._memory
        with memory.lock:
            if text in memory.vectors:
                memory.vectors.move_to_end(text)
                return memory.vectors[text]
            if memory.fault is not None and time.monotonic() < memory.rests_until:
                raise EmbeddingFault(memory.fault)
        try:
            (vector,) = self._vectors([self.query_prefix + text], self.query_seconds)
        except EmbeddingFault as fault:
            log.warning("query without vector", extra={"reason": str(fault)})
            if not fault.of_texts:
                with memory.lock:
                    memory.fault, memory.rests_until = str(fault), time.monotonic() + REST_SECONDS
            raise
        with memory.lock:
            memory.fault = None
            memory.vectors[text] = vector
            if len(memory.vectors) > REMEMBERED_QUERIES:
                memory.vectors.popitem(last=False)
        return vector

    def _vectors(self, texts: Sequence[str], seconds: float) -> list[bytes]:
        spelt = [text.encode("utf-8", "replace").decode() for text in texts]  # JSON has no half characters
        request: dict[str, Any] = {"model": self.name, "input": spelt, "encoding_format": "float"}
        if self.dimensions is not None:
            request["dimensions"] = self.dimensions
        return _understood(self._within(seconds, orjson.dumps(request)), len(texts), self.dimensions)

    def _within(self, seconds: float, body: bytes) -> bytes:
        """Ask in a thread that is left behind when the time is over: looking up a name knows no limit."""
        answers: SimpleQueue[bytes | EmbeddingFault] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._asked(seconds, body))
            except EmbeddingFault as fault:
                answers.put(fault)
            except TimeoutError:
                answers.put(_late(seconds))
            except (OSError, ValueError, http.client.HTTPException) as error:
                answers.put(EmbeddingFault(_worded(error), again=True))

        threading.Thread(target=ask, daemon=True, name="embeddings").start()
        try:
            answer = answers.get(timeout=seconds)
        except Empty:
            raise _late(seconds) from None
        if isinstance(answer, EmbeddingFault):
            raise answer
        return answer

    def _asked(self, seconds: float, body: bytes) -> bytes:
        connection = self._connection(seconds)
        headers = {"Content-Type": "application/json", "User-Agent": "Longhaul", "Connection": "close"}
        if self.key is not None:
            headers["Authorization"] = f"Bearer {self.key}"
        end = time.monotonic() + seconds
        parts = urlsplit(self.url)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body, headers)
            with connection.getresponse() as answer:
                _judge(answer.status, answer.getheader("Retry-After"))
                return _read(answer, end)
        finally:
            connection.close()

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port
        if parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=seconds, context=system_trust())
        return http.client.HTTPConnection(host, port, timeout=seconds)


def endpoint_of(chosen: Settings) -> Endpoint | None:
    """Give the embedder of some settings, None where none is configured."""
    if chosen.embeddings_url is None:
        return None
    key = chosen.embeddings_key
    return Endpoint(
        url=chosen.embeddings_url,
        name=chosen.embeddings_model or "",
        key=None if key is None else key.get_secret_value(),
        dimensions=chosen.embeddings_dimensions,
        batch=chosen.embeddings_batch,
        seconds=chosen.embeddings_seconds,
        query_seconds=chosen.embeddings_query_seconds,
        query_prefix=chosen.embeddings_query_prefix,
        passage_prefix=chosen.embeddings_passage_prefix,
    )


@cache
def embedder() -> Endpoint | None:
    """Give this process's embedder, None where none is configured."""
    return endpoint_of(settings())


def _judge(status: int, retry_after: str | None) -> None:
    """Accept an answer, or say what is wrong with it."""
    if 200 <= status < 300:
        return
    said = f"answered with status {status}"
    if 300 <= status < 400:
        raise EmbeddingFault(f"{said}, a redirection, which is not followed")
    if status in NEVER:
        raise EmbeddingFault(said)
    if status in BUSY:
        raise EmbeddingFault(said, again=True, wait=seconds_to_wait(retry_after, now=time.time()))
    raise EmbeddingFault(said, again=status >= 500, of_texts=True)


def _read(answer: http.client.HTTPResponse, end: float) -> bytes:
    parts, size = list[bytes](), 0
    while part := answer.read1(READ_BYTES):
        parts.append(part)
        size += len(part)
        if size > MOST_ANSWER_BYTES:
            raise EmbeddingFault("gave an answer without end")
        if time.monotonic() > end:
            raise TimeoutError
    return b"".join(parts)


def _understood(answer: bytes, count: int, dimensions: int | None) -> list[bytes]:
    """Read the vectors out of an answer, in the order of the texts."""
    try:
        found = _in_order(orjson.loads(answer)["data"], count)
        vectors, lengths = [unit(numbers) for numbers in found], set(map(len, found))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise EmbeddingFault("gave an answer that holds no vectors", again=True, of_texts=True) from error
    if len(lengths) != 1 or (dimensions is not None and lengths != {dimensions}):
        wanted = f" instead of {dimensions:,}" if dimensions is not None else ", which cannot be compared"
        spelt = " and ".join(f"{length:,}" for length in sorted(lengths))
        raise EmbeddingFault(f"gave vectors of {spelt} numbers{wanted}")
    return vectors


def _in_order(data: list[dict[str, Any]], count: int) -> list[list[float]]:
    """Give the vectors in the order of the texts; an endpoint that does not number them keeps to it."""
    numbered = {one.get("index", place): one["embedding"] for place, one in enumerate(data)}
    if len(data) != count:
        raise ValueError("not one vector for each text")
    return [numbered[place] for place in range(count)]


def _late(seconds: float) -> EmbeddingFault:
    return EmbeddingFault(f"did not answer within {seconds:g} s", again=True)


def _worded(error: Exception) -> str:
    """Say what went wrong on the way, without any address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "has a certificate that could not be verified for its name"
    if isinstance(error, ConnectionRefusedError):
        return "takes no connections"
    if isinstance(error, http.client.HTTPException):
        return "gave an answer that is not HTTP"
    return "could not be reached, or broke off"

"""A real embeddings endpoint on loopback: OpenAI's `POST /embeddings`, with vectors that mean something.

A text points towards the concepts that its words belong to, so that a paraphrase is near a text with which it
shares no word; every other word points somewhere of its own, always the same way.
"""

import json
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CONCEPTS = (
    "bread loaf baking bakery dough sourdough toast",
    "stale dry hard old spoil spoils spoiling keep fresh",
    "engine motor diesel propulsion machine",
    "broken fails fault repair fix defective stops",
    "ship boat vessel sail harbour yacht",
    "penguin penguins bird birds albatross petrel",
    "money salary wage pay invoice income",
    "doctor physician hospital illness fever sick",
)
DIMENSIONS = 48
WORD_WEIGHT = 0.15


def meaning(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """Give the vector of a text."""
    vector = [0.0] * dimensions
    vector[-1] = 0.01  # a text without words has a direction too
    for word in "".join(sign if sign.isalnum() else " " for sign in text.lower()).split():
        known = [number for number, concept in enumerate(CONCEPTS) if word in concept.split()]
        for number in known:
            vector[number % dimensions] += 1.0
        place = int.from_bytes(blake2b(word.encode(), digest_size=4).digest()) % dimensions
        vector[place] += WORD_WEIGHT
    return vector


@dataclass
class Answer:
    """What is answered instead of vectors."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0  # seconds


Behaviour = Callable[[int, Sequence[str]], Answer | None]


def as_usual(number: int, texts: Sequence[str]) -> None:
    """Answer with vectors."""


class Embeddings:
    """An endpoint, and what it was asked: `requests`, with their texts, keys and paths."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = as_usual
        self.dimensions = DIMENSIONS
        self.released = threading.Event()  # ends what takes long
        self.requests: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def texts(self) -> list[str]:
        """List all texts that were sent, but for those that only try whether it works."""
        sent = [text for one in self.requests for text in one["input"]]
        return [text for text in sent if text != "A text that every model takes."]

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _noted(self, request: dict[str, Any]) -> int:
        with self._lock:
            self.requests.append(request)
            return len(self.requests)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                request |= {"key": self.headers["Authorization"], "path": self.path}
                number = endpoint._noted(request)
                other = endpoint.behaviour(number, request["input"])
                if other is not None and other.after:
                    endpoint.released.wait(other.after)
                if other is None or (other.status == 200 and other.after):
                    other = Answer(body=endpoint._vectors(request["input"]))
                with suppress(OSError):  # whoever asked has gone
                    self._send(other)

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler

    def _vectors(self, texts: Sequence[str]) -> bytes:
        data = [{"index": n, "embedding": meaning(text, self.dimensions)} for n, text in enumerate(texts)]
        return json.dumps({"object": "list", "data": data[::-1]}).encode()  # in any order: they are numbered


@contextmanager
def embeddings():
    """Run an endpoint."""
    endpoint = Embeddings()
    try:
        yield endpoint
    finally:
        endpoint.stop()

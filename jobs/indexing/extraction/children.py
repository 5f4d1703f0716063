"""Runs the extraction processes: keeps them busy, watches the clock, and replaces those that die.

Plain subprocesses, because a worker's own pool children may have no children by multiprocessing, because no
parser of untrusted documents is worth trusting, and because pdfium may not be used by two threads.
"""

import json
import logging
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from jobs.errors import Unavailable
from jobs.indexing.extraction.frames import (
    READY,
    Answer,
    BadFrame,
    FrameReader,
    Request,
    decode_answer,
    encode_requests,
    request_bytes,
)
from jobs.indexing.limits import Limits

log = logging.getLogger(__name__)

BATCH_FILES: Final = 32
BATCH_BYTES: Final = 4_000_000
# What is asked must fit a pipe of 64 KB, or sending would wait for a process that itself waits to be read,
# while nobody watches the clock. Two batches may wait in it, each of so many bytes of JSON and one request
# more: a path of 4,096 bytes, each of which may take six, and the rest: 2 x (7,000 + 24,576 + 200).
BATCH_REQUEST_BYTES: Final = 7_000
START_SECONDS: Final = 30.0
STARTS: Final = 3  # one failure may be the kernel's want of memory; three in a row are a broken installation
READ_BYTES: Final = 1 << 20

PROJECT = Path(__file__).resolve().parents[3]
# Isolated (-I): neither the environment nor the working folder of the worker decides what is imported.
_PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
from jobs.indexing.extraction.child import main
from jobs.indexing.limits import Limits
main(int(sys.argv[2]), Limits(**json.loads(sys.argv[3])))
"""
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")  # no address, no password


@dataclass(frozen=True)
class Task:
    """One file to extract, its size in bytes, by which batches are measured, and its name for people.

    A `member`, by its number, is in the archive that the request's path names, and has to be unpacked first.
    """

    request: Request
    size: int
    name: str = ""
    member: int | None = None


Hold = Callable[[Sequence[Task]], None]


def _hold_nothing(tasks: Sequence[Task], /) -> None:
    """Take no note of what is in hand."""


class Child:
    """One extraction process, and what it has been asked."""

    def __init__(self, limits: Limits) -> None:
        self.asked: deque[Task] = deque()
        self.ready = False
        self._frames = FrameReader()
        self._seconds = limits.seconds_per_file
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        settings = json.dumps(asdict(limits))
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, program and numbers
            [sys.executable, "-I", "-c", _PROGRAM, str(PROJECT), str(os.getpid()), settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
            | {"LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the worker, which then ends its children
        )
        self.deadline = time.monotonic() + START_SECONDS

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def is_due(self) -> bool:
        """Whether it owes an answer, or its greeting."""
        return bool(self.asked) or not self.ready

    @property
    def output(self) -> int:
        """File descriptor on which answers arrive."""
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe above
        return self._process.stdout.fileno()

    def ask(self, batch: list[Task]) -> None:
        """Send a batch of requests."""
        if not self.asked:
            self.deadline = time.monotonic() + self._seconds
        self.asked.extend(batch)
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe above
        try:
            self._process.stdin.write(encode_requests([task.request for task in batch]))
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it has died: its output tells, and what it was asked is asked again

    def answers(self) -> list[Answer] | None:
        """Take the answers that have arrived; None when the process has ended or talks nonsense."""
        data = os.read(self.output, READ_BYTES)
        if not data:
            return None
        # Answers are written by our own code when the parser is done: any byte means that it lives.
        self.deadline = time.monotonic() + self._seconds
        try:
            return [self._expected(body) for body in self._without_greeting(self._frames.feed(data))]
        except BadFrame:
            return None

    def _without_greeting(self, bodies: list[bytes]) -> list[bytes]:
        if bodies and not self.ready:
            if bodies[0] != READY:
                raise BadFrame("no greeting")
            self.ready = True
            return bodies[1:]
        return bodies

    def _expected(self, body: bytes) -> Answer:
        answer = decode_answer(body)
        if not self.asked or answer.number != self.asked[0].request.number:
            raise BadFrame("an answer to what was not asked")
        self.asked.popleft()
        return answer

    def end(self) -> str:
        """Kill the process, and give the end of what it wrote as errors."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except BrokenPipeError:
                pass  # an unsent rest of a request
        with self._errors:
            self._errors.seek(0)
            return self._errors.read().decode("utf-8", "replace")[-500:].strip()


class Children:
    """A few extraction processes; a context that leaves none behind."""

    def __init__(self, processes: int, limits: Limits) -> None:
        self._processes = processes
        self._limits = limits
        self._selector = selectors.DefaultSelector()
        self._children: list[Child] = []
        self._failed_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in list(self._children):
            self._dismiss(child)
        self._selector.close()

    def in_hand(self) -> int | None:
        """Give the number of a request that is being worked on."""
        return next((child.asked[0].request.number for child in self._children if child.asked), None)

    def extract(self, tasks: Sequence[Task], hold: Hold = _hold_nothing) -> Iterator[Answer | None]:
        """Yield one answer for each task, in the order in which they are ready, and None while there is none.

        The caller gets its turn every second at least, so that it can stop in the middle of a long file.

        A file that kills its process, or outlasts its time, is answered for here: failed with
        `extractor_crashed` or `timeout`.

        Parameters
        ----------
        hold : callable
            Told, before each question to a process, all that the processes will then have been asked.

        Raises
        ------
        Unavailable
            The extraction process cannot be started.
        """
        queue = deque(tasks)
        while len(self._children) < min(self._processes, len(tasks)):
            self._start()
        while queue or any(child.asked for child in self._children):
            for child in self._children:
                self._fill(child, queue, hold)
            yield from self._received(queue)
            yield from self._overdue(queue)
            yield None

    def _start(self) -> None:
        child = Child(self._limits)
        self._children.append(child)
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def _dismiss(self, child: Child) -> str:
        self._selector.unregister(child.output)
        self._children.remove(child)
        return child.end()

    def _fill(self, child: Child, queue: deque[Task], hold: Hold) -> None:
        """Keep a second batch waiting behind the first, so that a process never waits for its parent.

        A process that is still starting is asked nothing: what is in hand meanwhile would be suspected,
        should the worker be killed.
        """
        if queue and child.ready and has_room(child.asked):
            batch: list[Task] = []
            while queue and has_room(batch):
                batch.append(queue.popleft())
            hold([*batch, *(task for one in self._children for task in one.asked)])
            child.ask(batch)

    def _received(self, queue: deque[Task]) -> Iterator[Answer]:
        due = min((child.deadline for child in self._children), default=0.0)
        for key, _ in self._selector.select(max(0.0, min(due - time.monotonic(), 1.0))):
            child: Child = key.data
            answers = child.answers()
            if answers is None:
                yield from self._replace(child, queue, "extractor_crashed", "the parser ended unexpectedly")
                continue
            yield from answers
            if any(answer.reason == "out_of_memory" for answer in answers):
                # It ends by itself after such an answer: its memory is no measure for the next file.
                queue.extendleft(reversed(child.asked))
                self._dismiss(child)
                self._start()

    def _overdue(self, queue: deque[Task]) -> Iterator[Answer]:
        now = time.monotonic()
        for child in [one for one in self._children if one.is_due and one.deadline < now]:
            detail = f"not read within {self._limits.seconds_per_file:g} s"
            yield from self._replace(child, queue, "timeout", detail)

    def _replace(self, child: Child, queue: deque[Task], reason: str, detail: str) -> Iterator[Answer]:
        """Start another process for a dead one; only the file that it had in hand is lost."""
        asked, ready = list(child.asked), child.ready
        errors = self._dismiss(child)
        self._failed_starts = 0 if ready else self._failed_starts + 1
        if self._failed_starts >= STARTS:
            log.error("an extraction process does not start", extra={"said": errors})
            raise Unavailable("The extraction process does not start; the worker's log says why.")
        lost = asked[:1] if ready else []
        queue.extendleft(reversed(asked[len(lost) :]))
        self._start()
        for task in lost:
            yield Answer(task.request.number, "failed", task.request.format, reason, detail)


def has_room(batch: Collection[Task]) -> bool:
    """Tell whether a batch takes another file."""
    return (
        len(batch) < BATCH_FILES
        and sum(task.size for task in batch) < BATCH_BYTES
        and sum(request_bytes(task.request) for task in batch) < BATCH_REQUEST_BYTES
    )

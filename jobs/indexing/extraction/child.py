"""The extraction process: reads requests on standard input, answers each file on standard output.

It can be killed at any moment, by the run that started it, by the kernel, or by a crash inside a parser: the
file in hand is lost, nothing else. It ends by itself when its input closes and when the process that started
it dies.
"""

import ctypes
import hashlib
import os
import resource
import signal
import stat
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

from jobs.indexing.extraction.chunks import Passages, normalised, passages
from jobs.indexing.extraction.frames import (
    READY,
    Answer,
    Request,
    decode_requests,
    encode_answer,
    read_frame,
    write_all,
    write_frame,
)
from jobs.indexing.formats import Extracted, Unextractable, format_named, signed_format
from jobs.indexing.formats.encoding import HEAD_BYTES
from jobs.indexing.limits import Limits
from jobs.indexing.text.language import language_of
from jobs.indexing.times import modified_ns
from jobs.indexing.wording import reason

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
DETAIL_CHARACTERS = 200
AUTHOR_CHARACTERS = 200
PASSAGES_OF_LANGUAGE = 10  # slides and headings make short ones


def main(parent: int, limits: Limits) -> None:
    """Serve requests until the input closes.

    Parameters
    ----------
    parent : int
        Process id of the run; when it is gone already, this process ends at once.
    """
    prepare_process(parent, limits.memory_bytes)
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    write_frame(answers, READY)
    while (body := read_frame(0)) is not None:
        for request in decode_requests(body):
            found = answer(request, limits)
            write_all(answers, encode_answer(found))
            if found.reason == "out_of_memory":
                return  # what is left of the memory is no measure for the next file


def prepare_process(parent: int, memory_bytes: int) -> None:
    """Let this process die with its parent, leave no core behind, and take no more memory than this."""
    _die_with(parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory(memory_bytes)


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(0)


def _limit_memory(limit: int) -> None:
    if sys.platform == "linux":  # macOS knows the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def answer(request: Request, limits: Limits) -> Answer:
    """Read one file, whatever it is: every outcome is an answer."""
    begin = time.monotonic()
    try:
        found = _extract(request, limits)
    except Unextractable as refusal:
        found = _refused(request, refusal.status, refusal.reason, refusal.detail)
    except MemoryError:
        found = _refused(request, "failed", "out_of_memory", "the file needs more memory than is allowed")
    except FileNotFoundError:
        found = _refused(request, "skipped", "vanished", "the file was removed before it was read")
    except OSError as error:
        found = _refused(request, "failed", "unreadable", reason(error))
    return replace(found, milliseconds=round((time.monotonic() - begin) * 1000))


def _refused(request: Request, status: str, reason: str, detail: str) -> Answer:
    return Answer(request.number, status, request.format, reason, _readable(detail))


def _readable(detail: str) -> str | None:
    return detail.encode("utf-8", "replace").decode()[:DETAIL_CHARACTERS] or None


def _extract(request: Request, limits: Limits) -> Answer:
    data, status = _content(request.path, limits)
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    same = Answer(
        request.number,
        "same",
        request.format,
        size=status.st_size,
        mtime_ns=modified_ns(status),
        hash=digest,
    )
    if digest == request.known_hash:
        return same
    try:
        name, document, found = _passages(request, data, limits)
    except Unextractable as refusal:
        return replace(same, status=refusal.status, reason=refusal.reason, detail=_readable(refusal.detail))
    return replace(
        same,
        status="extracted",
        format=name,
        detail=f"only the first {found.characters:,} characters are indexed" if found.truncated else None,
        title=found.title,
        author=normalised(document.author).replace("\n", " ")[:AUTHOR_CHARACTERS],
        created=_seconds(document.created),
        language=language_of(_beginning(found), document.language),
        characters=found.characters,
        chunks=found.chunks,
    )


def _beginning(found: Passages) -> str:
    return "\n".join(chunk.text for chunk in found.chunks[:PASSAGES_OF_LANGUAGE])


def _seconds(moment: datetime | None) -> int | None:
    """Count the seconds since 1970 to a moment, of UTC where it names no zone."""
    if moment is None:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _passages(request: Request, data: bytes, limits: Limits) -> tuple[str, Extracted, Passages]:
    """Read a document by the format that its first bytes speak for, which is named."""
    reader = signed_format(format_named(request.format), data[:HEAD_BYTES])
    try:
        document = reader.read(data, limits)
    except (Unextractable, MemoryError):
        raise
    except Exception as error:
        # A parser may raise anything, and it means a damaged document.
        raise Unextractable("failed", "corrupt", f"{type(error).__name__}: {error}") from error
    found = passages(document.title, document.sections, characters=limits.characters)
    if not found.chunks:
        raise Unextractable("skipped", "no_text", "the document holds no text")
    return reader.name, document, found


def _content(path: bytes, limits: Limits) -> tuple[bytes, os.stat_result]:
    """Read a regular file, following no link and waiting for no pipe, whatever took its place meanwhile."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unextractable("skipped", "vanished", "something else took the place of the file")
        if status.st_size > limits.file_bytes:
            raise Unextractable("skipped", "too_large", f"the file has more than {limits.file_bytes:,} bytes")
        return file.read(status.st_size), status  # what is appended meanwhile is for the next run

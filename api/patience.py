"""How long the server waits for slow clients, and how many of its threads they may keep meanwhile.

Whoever sends a body, or is sent a large file, keeps a thread until it is through. A client that is slow, on
purpose or not, must not keep those of all others: one user may have a share of the threads, all together a
larger one, and a body that stops coming, or hardly comes, is given up.

A small body, such as JSON, is there as soon as its request: its place is free again at once, and who finds
none waits for a moment. Small bodies have no share of all users together: whoever sends them slowly takes
places from nobody else.
"""

import math
import re
import threading
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import IO, Any, Final, cast

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestTimeout

from api.silence import SLOW_BYTES, limit_unread, silence
from jobs.errors import LonghaulError, RateLimited, Unavailable
from jobs.settings import settings

USERS_SHARE: Final = 4  # of the threads, for bodies of one user; the same for large files
ALL_SHARE: Final = 2  # for those of all users
PIECE_BYTES: Final = SLOW_BYTES  # read at once, so that a body that is slower than that is known
PLACE_SECONDS: Final = 1.0  # to wait for a place for a small body
MOST_HELD_BYTES: Final = 1 << 20  # what is no larger is handed to the server at once, and keeps no thread
AGAIN_SECONDS: Final = 2
BODY: Final = "longhaul.body"
STREAM: Final = "text/event-stream"  # has places of its own


class Places:
    """So many at once, and of one user no more than a share."""

    def __init__(self, most: float, most_of_one: int, what: str = "files") -> None:
        self._changed = threading.Condition()
        self._taken: Counter[str] = Counter()
        self._most, self._most_of_one, self._what = most, most_of_one, what

    def take(self, user: str, *, seconds: float = 0.0) -> None:
        """Take a place, if need be after waiting for so long.

        Raises
        ------
        RateLimited
            This user has as many as one may have.
        Unavailable
            All places are taken.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._has_place(user), seconds):
                if self._taken[user] >= self._most_of_one:
                    raise RateLimited(
                        f"{self._most_of_one} {self._what} of yours are on their way at this moment; wait "
                        "until one is through.",
                        AGAIN_SECONDS,
                    )
                raise Unavailable(
                    f"The service handles as many {self._what} as it can; try again in a few seconds."
                )
            self._taken[user] += 1

    def _has_place(self, user: str) -> bool:
        return self._taken[user] < self._most_of_one and self._taken.total() < self._most

    def leave(self, user: str) -> None:
        """Give a place back."""
        with self._changed:
            self._taken[user] -= 1
            if not self._taken[user]:
                del self._taken[user]
            self._changed.notify_all()


class PatientBody:
    """A request's body, whose reader keeps a thread: counted, and ended where nothing comes any more."""

    def __init__(self, body: IO[bytes], address: str, length: int | None = None) -> None:
        self._body = body
        self._address = address
        self._length = length
        self._bytes = 0
        self._has_ended = False
        self._place: tuple[Places, str] | None = None
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, or fewer at the end.

        Raises
        ------
        RequestTimeout
            They do not come.
        RateLimited, Unavailable
            Too many bodies are being read.
        """
        pieces, wanted = [self._rest], size - len(self._rest)
        self._rest = b""
        while size < 0 or wanted > 0:
            piece = self._piece(PIECE_BYTES if size < 0 else min(PIECE_BYTES, wanted))
            if not piece:
                break
            pieces.append(piece)
            wanted -= len(piece)
        found = b"".join(pieces)
        if 0 <= size < len(found):
            found, self._rest = found[:size], found[size:]
        return found

    def readline(self, size: int = -1) -> bytes:
        """Return a line; errors as `read`."""
        line = self._rest
        while b"\n" not in line and (size < 0 or len(line) < size):
            piece = self._piece(PIECE_BYTES)
            if not piece:
                break
            line += piece
        end = line.find(b"\n") + 1 or len(line)
        end = end if size < 0 else min(end, size)
        self._rest = line[end:]
        return line[:end]

    def __iter__(self) -> Iterable[bytes]:
        """Yield the lines."""
        return iter(self.readline, b"")

    def _piece(self, size: int) -> bytes:
        if self._has_ended:
            return b""
        self._take_place()
        with silence().watching(self._address) as was_ended:
            piece = self._body.read(size)
        self._bytes += len(piece)
        is_whole = self._bytes == self._length
        if len(piece) < size and not is_whole and was_ended():
            raise RequestTimeout("The body stopped coming, or came too slowly.")
        if not piece or is_whole:
            self._has_ended = True
            self.close()
        return piece

    def _take_place(self) -> None:
        """Take a place of the kind that this body needs, which may have turned out to be a large one."""
        is_large = max(self._length or 0, self._bytes) > MOST_HELD_BYTES
        places = _bodies() if is_large else _small_bodies()
        if self._place is None or self._place[0] is not places:
            self.close()
            user = _user()
            places.take(user, seconds=0.0 if is_large else PLACE_SECONDS)
            self._place = places, user

    def close(self) -> None:
        """Give the place back."""
        if self._place is not None:
            places, user = self._place
            self._place = None
            places.leave(user)


def install(app: Flask) -> None:
    """Let no slow client of `app` keep more than its share of the threads."""
    served = app.wsgi_app

    def patient(environ: dict[str, Any], start_response: Any) -> Any:
        # Under a name of its own too: others wrap the body once more.
        environ[BODY] = environ["wsgi.input"] = PatientBody(
            environ["wsgi.input"], environ.get("REMOTE_ADDR", ""), _length(environ)
        )
        return served(environ, start_response)

    app.wsgi_app = patient  # type: ignore[method-assign]  # how Flask says that middleware is put in place
    app.teardown_request(_leave)
    app.after_request(_hold_or_count)


def _length(environ: dict[str, Any]) -> int | None:
    """Return how long a body says that it is; chunks say nothing."""
    told = environ.get("CONTENT_LENGTH") or ""
    is_told = re.fullmatch("[0-9]{1,18}", told) and "HTTP_TRANSFER_ENCODING" not in environ
    return int(told) if is_told else None


def _leave(_error: BaseException | None) -> None:
    cast("PatientBody", request.environ[BODY]).close()


def _hold_or_count(response: Response) -> Response:
    """Read a small file into memory; of a large one, count who is being sent it."""
    if not response.is_streamed or response.mimetype == STREAM or request.method == "HEAD":
        return response
    length = response.content_length
    if length is not None and length <= MOST_HELD_BYTES:
        response.direct_passthrough = False
        response.get_data()
        return response
    user = _user()
    try:
        _files().take(user)
    except LonghaulError as error:
        response.close()
        return current_app.make_response(current_app.handle_user_exception(error))
    limit_unread()
    response.response = _Sent(response.response, user)
    return response


class _Sent:
    """A large file on its way; its place is given back when it is through, closed, or dropped.

    The server does not close what it sends when a client goes away; it lets go of it.
    """

    def __init__(self, pieces: Iterable[Any], user: str) -> None:
        self._pieces, self._user = pieces, user
        self._next = iter(pieces).__next__
        self._has_place = True

    def __iter__(self) -> "_Sent":
        return self

    def __next__(self) -> Any:
        return self._next()

    def close(self) -> None:
        """Give the place back."""
        if self._has_place:
            self._has_place = False
            _files().leave(self._user)
            if callable(close := getattr(self._pieces, "close", None)):
                close()

    def __del__(self) -> None:
        self.close()


def _user() -> str:
    asking = g.get("user")
    return "" if asking is None else cast("str", asking.name)


@cache
def _small_bodies() -> Places:
    return Places(math.inf, max(1, settings().threads // USERS_SHARE), "requests whose bodies have not come")


@cache
def _bodies() -> Places:
    return _places()


@cache
def _files() -> Places:
    return _places()


def _places() -> Places:
    threads = settings().threads
    return Places(max(1, threads // ALL_SHARE), max(1, threads // USERS_SHARE))

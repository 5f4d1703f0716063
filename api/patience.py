"""How long the server waits for slow clients, and how many of its threads they may keep meanwhile.

Whoever sends a body, or is sent a large file, keeps a thread until it is through. A client that is slow, on
purpose or not, must not keep those of all others: one user may have a share of the threads, all together a
larger one, and a body that stops coming is given up.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import IO, Any, Final, cast

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestTimeout

from api.silence import limit_unread, silence
from jobs.errors import LonghaulError, RateLimited, Unavailable
from jobs.settings import settings

USERS_SHARE: Final = 4  # of the threads, for bodies of one user; the same for large files
ALL_SHARE: Final = 2  # for those of all users
PIECE_BYTES: Final = 64 * 1024
MOST_HELD_BYTES: Final = 1 << 20  # what is no larger is handed to the server at once, and keeps no thread
AGAIN_SECONDS: Final = 2
BODY: Final = "longhaul.body"
STREAM: Final = "text/event-stream"  # has places of its own


class Places:
    """So many at once, and of one user no more than a share."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._most, self._most_of_one = most, most_of_one

    def take(self, user: str) -> None:
        """Take a place.

        Raises
        ------
        RateLimited
            This user has as many as one may have.
        Unavailable
            All places are taken.
        """
        with self._lock:
            if self._taken[user] >= self._most_of_one:
                raise RateLimited(
                    f"You send or fetch {self._most_of_one} files at this moment; wait until one is through.",
                    AGAIN_SECONDS,
                )
            if self._taken.total() >= self._most:
                raise Unavailable("The service handles as many files as it can; try again in a few seconds.")
            self._taken[user] += 1

    def leave(self, user: str) -> None:
        """Give a place back."""
        with self._lock:
            self._taken[user] -= 1
            if not self._taken[user]:
                del self._taken[user]


class PatientBody:
    """A request's body, whose reader keeps a thread: counted, and ended where nothing comes any more."""

    def __init__(self, body: IO[bytes], address: str) -> None:
        self._body = body
        self._address = address
        self._user: str | None = None
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
        if self._user is None:
            user = _user()
            _bodies().take(user)
            self._user = user
        with silence().watching(self._address) as was_ended:
            piece = self._body.read(size)
        if len(piece) < size and was_ended():
            raise RequestTimeout("The body stopped coming.")
        return piece

    def close(self) -> None:
        """Give the place back."""
        if self._user is not None:
            _bodies().leave(self._user)
            self._user = None


def install(app: Flask) -> None:
    """Let no slow client of `app` keep more than its share of the threads."""
    served = app.wsgi_app

    def patient(environ: dict[str, Any], start_response: Any) -> Any:
        # Under a name of its own too: others wrap the body once more.
        environ[BODY] = environ["wsgi.input"] = PatientBody(
            environ["wsgi.input"], environ.get("REMOTE_ADDR", "")
        )
        return served(environ, start_response)

    app.wsgi_app = patient  # type: ignore[method-assign]  # how Flask says that middleware is put in place
    app.teardown_request(_leave)
    app.after_request(_hold_or_count)


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
def _bodies() -> Places:
    return _places()


@cache
def _files() -> Places:
    return _places()


def _places() -> Places:
    threads = settings().threads
    return Places(max(1, threads // ALL_SHARE), max(1, threads // USERS_SHARE))

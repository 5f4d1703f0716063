"""Requests that are sent until they are answered, as far as that can do no harm."""

import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import quote

import httpx2

from longhaul import __version__
from longhaul.account import Account
from longhaul.errors import (
    LonghaulError,
    NotFound,
    Problem,
    Refused,
    Unreachable,
    faults_of,
    no_token,
    refused,
)
from longhaul.patience import Patience, retry_after

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 60.0
MARGIN_SECONDS = 15.0  # what an answer may take beyond the seconds that it was asked to wait
MOST_PROBLEM_BYTES = 1_000_000
RETRIED_STATUSES = (429, 502, 503, 504)
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
REPEATABLE_METHODS = ("GET", "HEAD", "PUT", "DELETE")  # RFC 9110: twice is as good as once
NOT_MODIFIED, TOO_MANY = 304, 429
KEY_IN_USE = "idempotency-key-in-use"  # the attempt before is still being worked on

Content = Callable[[], AbstractContextManager[IO[bytes]]]  # opens the bytes anew for each attempt
Trouble = Callable[[str], None]


@dataclass(frozen=True)
class Call:
    """One request. A path begins with a slash; what comes from users in it is quoted (see `path`).

    `body` is sent as JSON, `content` as it is, or with `filename` as the part `file` of a form with `form`.
    A POST is sent again only with an Idempotency-Key among its `headers`, if it says to be `repeatable`, or
    if it came to nothing for certain: the connection was refused, or one more request was too many.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    body: Mapping[str, Any] | None = None
    content: Content | None = None
    filename: str | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = False
    wait_seconds: float = 0.0

    @property
    def may_be_repeated(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        return self.repeatable or self.method in REPEATABLE_METHODS or "Idempotency-Key" in self.headers


def path(*parts: str) -> str:
    """Return the path of the API that these parts make, each quoted."""
    return "/api/v1/" + "/".join(quote(part, safe="") for part in parts)


class Transport:
    """A service, reached with a user's token. Threads may share it.

    Parameters
    ----------
    patience : float
        Seconds for which a request that fails on its way is sent again.
    http : httpx2.BaseTransport, optional
        What carries requests; by default connections of its own.
    """

    def __init__(
        self, account: Account, *, patience: float, http: "httpx2.BaseTransport | None" = None
    ) -> None:
        self.account = account
        self.patience = patience
        self._http = httpx2.Client(
            base_url=account.url,
            headers={"User-Agent": f"longhaul-client/{__version__}"},
            timeout=httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            transport=http,
        )
        # Also where nobody closes it: with the last reference to it, or at the end of the process.
        self._closing = weakref.finalize(self, self._http.close)

    def close(self) -> None:
        """Close all connections."""
        self._closing()

    def send(
        self, call: Call, *, patience: float | None = None, trouble: Trouble | None = None
    ) -> httpx2.Response:
        """Return the answer, whole; a 304 is one too.

        Raises
        ------
        Refused
            The service answered no: the error's class says why.
        Unreachable
            Nobody answered.
        """
        left = Patience(self.patience if patience is None else patience)
        lost_an_answer = False
        while True:
            try:
                with self.opened(call) as answer:
                    answer.read()
                    return answer
            except NotFound:
                if call.method == "DELETE" and lost_an_answer:
                    return httpx2.Response(204)  # the attempt before has removed it
                raise
            except (Refused, Unreachable) as error:
                if not _is_worth_another(call, error):
                    raise
                lost_an_answer = True
                _tell(trouble, error)
                if not left.pause(error.retry_after if isinstance(error, Refused) else None):
                    raise

    @contextmanager
    def opened(self, call: Call) -> Iterator[httpx2.Response]:
        """Yield the answer to one attempt, whose body is still to be read.

        Raises
        ------
        Refused, Unreachable
            As for `send`; also while the body is read.
        """
        if self.account.token is None:
            raise no_token(self.account.url)
        with ExitStack() as stack:
            try:
                answer = self._http.send(self._request(call, stack), stream=True)
                stack.callback(answer.close)
                if answer.status_code != NOT_MODIFIED and not answer.is_success:
                    raise refused(_problem(answer))
                yield answer
            except httpx2.TransportError as error:
                raise _unreachable(self.account.url, error) from error

    def _request(self, call: Call, stack: ExitStack) -> httpx2.Request:
        if not call.path.startswith("/") or call.path.startswith("//"):  # an address of another host
            raise LonghaulError(f"The service named an address that is not its own: {call.path!r}.")
        headers = {"Authorization": f"Bearer {self.account.token}", **call.headers}
        content = stack.enter_context(call.content()) if call.content else None
        sent: dict[str, Any] = {"content": content} if content else {}
        if content is not None and call.filename is not None:
            sent = {"files": {"file": (call.filename, content)}, "data": dict(call.form)}
        if call.body is not None:
            sent = {"json": call.body}
        timeout = httpx2.Timeout(
            max(ANSWER_SECONDS, call.wait_seconds + MARGIN_SECONDS), connect=CONNECT_SECONDS
        )
        if call.query:  # else the path may have its own
            sent["params"] = httpx2.QueryParams(list(call.query))
        return self._http.build_request(call.method, call.path, headers=headers, timeout=timeout, **sent)

    def read(self, path: str, query: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
        """Return the JSON object at a path."""
        return document(self.send(Call("GET", path, query)))

    def pages(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Iterator[Mapping[str, Any]]:
        """Yield the items of a list, fetching its pages one after the other."""
        found = self.read(path, query)
        yield from found["items"]
        while following := found.get("next"):
            found = self.read(str(following))
            yield from found["items"]


def document(answer: httpx2.Response) -> dict[str, Any]:
    """Return the JSON object of an answer.

    Raises
    ------
    Unreachable
        It is none: something else than Longhaul answers at the address.
    """
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreachable(f"{answer.request.url} answers, but it is no Longhaul service.")
    return found


def _is_worth_another(call: Call, error: LonghaulError) -> bool:
    if isinstance(error, Refused):
        if error.status == TOO_MANY:  # refused unread, whatever it was
            return True
        passing = error.status in RETRIED_STATUSES or error.problem.slug == KEY_IN_USE
        return passing and call.may_be_repeated
    return call.may_be_repeated or isinstance(error.__cause__, NEVER_SENT)


def _tell(trouble: Trouble | None, error: LonghaulError) -> None:
    if trouble is not None:
        trouble(str(error))


def _unreachable(url: str, error: httpx2.TransportError) -> Unreachable:
    reason = str(error) or type(error).__name__
    return Unreachable(f"{url} does not answer ({reason}).")


def _problem(answer: httpx2.Response) -> Problem:
    """Return what a refusal says, be it a problem document or what a proxy writes."""
    found: Mapping[str, Any] = {}
    if answer.headers.get("Content-Type", "").startswith(("application/problem+json", "application/json")):
        try:
            content = answer.read()
            parsed = answer.json() if len(content) <= MOST_PROBLEM_BYTES else {}
        except ValueError:
            parsed = {}
        found = parsed if isinstance(parsed, dict) else {}
    title = str(found.get("title") or answer.reason_phrase or "Refused")
    detail = f"{answer.request.url} answers {answer.status_code} {title}."
    if answer.is_redirect:
        detail = f"The service has moved to {answer.headers.get('Location', 'another address')}: use that."
    return Problem(
        title=title,
        status=answer.status_code,
        detail=str(found.get("detail") or detail),
        slug=str(found.get("type", "about:blank")).rpartition("/")[2],
        request_id=found.get("request_id") or answer.headers.get("X-Request-ID"),
        faults=faults_of(found),
        retry_after=retry_after(answer.headers.get("Retry-After")),
    )

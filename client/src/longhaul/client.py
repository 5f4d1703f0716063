"""`Client`: a Longhaul service and who one is there."""

from collections.abc import Collection
from types import TracebackType
from typing import TYPE_CHECKING, Self

from longhaul import account
from longhaul.analyses import Analyses
from longhaul.errors import LonghaulError
from longhaul.indexes import Indexes
from longhaul.jobs import Jobs
from longhaul.models import Me, SearchPage
from longhaul.sessions import Sessions
from longhaul.transport import Call, Transport, path

if TYPE_CHECKING:
    import httpx2

PATIENCE_SECONDS = 15.0


class Client:
    """A Longhaul service, as one of its users.

    Threads may share a client. Close it, or use it with `with`, when you are done.

    Parameters
    ----------
    url : text, optional
        The service's address; else that of `LONGHAUL_URL`, of the last `longhaul login`, or of this machine.
    token : text, optional
        Else that of `LONGHAUL_TOKEN`, or the one that `longhaul login` has kept for this very address.
    patience : float
        Seconds for which a request that fails on its way is sent again, where that can do no harm.
    http : httpx2.BaseTransport, optional
        What carries the requests, such as one with certificates of your own.

    Raises
    ------
    UnusableData
        The address or the token cannot be one.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        patience: float = PATIENCE_SECONDS,
        http: "httpx2.BaseTransport | None" = None,
    ) -> None:
        self._transport = Transport(account.find(url, token), patience=patience, http=http)
        self.jobs = Jobs(self._transport)
        self.sessions = Sessions(self._transport)
        self.analyses = Analyses(self.jobs, self.sessions)
        self.indexes = Indexes(self._transport, self.jobs, self.sessions)

    @property
    def url(self) -> str:
        """The service's address."""
        return self._transport.account.url

    def me(self) -> Me:
        """Return who the token speaks for."""
        found = self._transport.read(path("me"))
        try:
            return Me(str(found["user"]), str(found["role"]), found)
        except KeyError as error:
            raise LonghaulError(f"{self.url} does not say who you are.") from error

    def check(self) -> None:
        """Return if the service can take jobs.

        Raises
        ------
        Unreachable
            It does not answer, or something that it needs is away.
        """
        self._transport.send(Call("GET", "/readyz"))

    def search(self, query: str, index: str | Collection[str] | None = None, **filters: object) -> SearchPage:
        """Return the first page of the documents that are found.

        Parameters
        ----------
        query : text
            Words, "phrases", -words, word*, word~, `title:` and other fields with a value.
        index : text or texts, optional
            Where to look; by default in all your indexes, the first sixteen by name.
        **filters
            As the service takes them: `mode`, `ext`, `language`, `folder`, `modified_after`, `sort`, `limit`,
            `facets`, `highlights` and others; several values as a list.

        Raises
        ------
        Invalid
            The query cannot be understood; its first fault has the `position`.
        """
        return self.indexes.search(query, index, **filters)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<longhaul.Client {self.url}>"

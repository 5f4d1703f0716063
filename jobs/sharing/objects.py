"""An S3-compatible object store: the few operations that are needed, with errors that are fit for users.

The library has threads of its own, which a fork does not copy: a store is opened in the process that uses it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from jobs.errors import ConfigurationError, Unavailable

log = logging.getLogger(__name__)

CONNECT_SECONDS: Final = 2
SMALL_SECONDS: Final = 3  # of a request for a head, which is small: a frozen store is an error soon
LARGE_SECONDS: Final = 3_600  # of a request for a file
BLOCK_BYTES: Final = 4 << 20
DELETED_AT_ONCE: Final = 1_000


class Changed(Exception):
    """The object is not as it was expected to be: somebody else has written or removed it meanwhile."""


@dataclass(frozen=True)
class Read:
    """A small object, and the tag that changes whenever it does."""

    content: bytes
    tag: str


class Objects:
    """The objects below one address such as `s3://bucket/prefix`."""

    def __init__(self, address: str) -> None:
        """Open a store. Region, keys and another endpoint come from the usual AWS_ variables.

        Raises
        ------
        ConfigurationError
            The address means nothing, or the library is not installed.
        """
        self._small, self._large = _opened(address, SMALL_SECONDS), _opened(address, LARGE_SECONDS)

    def read(self, key: str, *, unless: str | None = None) -> Read | None:
        """Return a small object, None if there is none.

        Parameters
        ----------
        unless : str, optional
            The tag that is known already.

        Raises
        ------
        Changed
            Never; of an object that still has the known tag `Unchanged` is raised.
        """
        import obstore

        options: Any = {} if unless is None else {"if_none_match": unless}
        with reaching_store():
            try:
                found = obstore.get(self._small, key, options=options)
                return Read(bytes(found.bytes()), found.meta["e_tag"] or "")
            except FileNotFoundError:
                return None
            except obstore.exceptions.NotModifiedError as error:
                raise Unchanged from error

    def write(self, key: str, content: bytes, *, instead_of: str | None) -> str:
        """Write a small object in place of the one with a tag, or where there is none; return its tag.

        Raises
        ------
        Changed
            There is another by now.
        """
        import obstore

        mode: Any = "create" if instead_of is None else {"e_tag": instead_of}
        with reaching_store():
            try:
                return obstore.put(self._small, key, content, mode=mode)["e_tag"] or ""
            except (
                obstore.exceptions.AlreadyExistsError,
                obstore.exceptions.PreconditionError,
                FileNotFoundError,
            ) as error:
                raise Changed(key) from error

    def upload(self, key: str, path: Path) -> None:
        """Write a file as an object, in place of what is there."""
        import obstore

        with reaching_store():
            obstore.put(self._large, key, path)

    def download(self, key: str, path: Path) -> None:
        """Write an object to a file.

        Raises
        ------
        FileNotFoundError
            There is no such object.
        """
        import obstore

        with reaching_store(), path.open("wb") as file:
            for block in obstore.get(self._large, key).stream(min_chunk_size=BLOCK_BYTES):
                file.write(block)

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects, those that are there."""
        import obstore

        wanted = [*keys]
        with reaching_store():
            for begin in range(0, len(wanted), DELETED_AT_ONCE):
                obstore.delete(self._small, wanted[begin : begin + DELETED_AT_ONCE])

    def below(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield key and size of all objects whose keys begin with `prefix` and a slash."""
        import obstore

        with reaching_store():
            for page in obstore.list(self._small, prefix):
                yield from ((one["path"], one["size"]) for one in page)

    def names(self, prefix: str) -> list[str]:
        """Return the next parts of all keys that begin with `prefix` and a slash, sorted."""
        import obstore

        with reaching_store():
            found = obstore.list_with_delimiter(self._small, prefix)
        keys = [*found["common_prefixes"], *(one["path"] for one in found["objects"])]
        return sorted({key.removeprefix(prefix).strip("/").partition("/")[0] for key in keys})


class Unchanged(Exception):
    """The object is as it was."""


@contextmanager
def reaching_store() -> Iterator[None]:
    """Turn a store that does not answer, or refuses, into `Unavailable`; the log says why."""
    from obstore.exceptions import BaseError

    try:
        yield
    except BaseError as error:
        reason = str(error).partition("\n")[0]
        log.warning("the object store failed", extra={"reason": reason})
        raise Unavailable("Longhaul's storage does not answer at the moment; try again later.") from error


def _opened(address: str, seconds: float) -> Any:
    opener = _opener()
    try:
        return opener(
            address,
            client_options={
                "allow_http": True,  # whoever names an endpoint without TLS means it
                "connect_timeout": f"{CONNECT_SECONDS}s",
                "timeout": f"{seconds}s",
            },
            retry_config={
                "max_retries": 1,
                "retry_timeout": timedelta(seconds=SMALL_SECONDS),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(milliseconds=500),
                    "base": 2,
                },
            },
        )
    except Exception as error:
        reason = str(error).partition("\n")[0]
        raise ConfigurationError(f"LONGHAUL_STORAGE={address!r} cannot be used: {reason}") from error


def _opener() -> Callable[..., Any]:
    try:
        from obstore.store import from_url
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "LONGHAUL_STORAGE names an object store, for which obstore is needed: install longhaul[s3]."
        ) from error
    return from_url

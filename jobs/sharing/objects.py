"""An S3-compatible object store: the few operations that are needed, with errors that are fit for users.

Each process opens connections of its own, also one that was forked from another that had some.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from jobs.errors import ConfigurationError, StorageAway

log = logging.getLogger(__name__)

CONNECT_SECONDS: Final = 2
# Without a word from the store for so long it is taken for frozen. Of a large object it may need more.
SMALL_SECONDS, LARGE_SECONDS = 3, 60
BLOCK_BYTES: Final = 1 << 20
DELETED_AT_ONCE: Final = 1_000
CONNECTIONS: Final = 32
GONE: Final = ("404", "NoSuchKey")
UNCHANGED: Final = ("304",)
CHANGED: Final = ("409", "412", "PreconditionFailed", "ConditionalRequestConflict", *GONE)


class Changed(Exception):
    """The object is not as it was expected to be: somebody else has written or removed it meanwhile."""


class Unchanged(Exception):
    """The object is as it was."""


@dataclass(frozen=True)
class Read:
    """A small object, and the tag that changes whenever it does."""

    content: bytes
    tag: str


class Objects:
    """The objects below one address such as `s3://bucket/prefix`.

    Region, keys and another endpoint come from where the AWS libraries look for them, such as
    `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_REGION`.

    Raises
    ------
    ConfigurationError
        The library is not installed, or lacks a region.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        _opened(os.getpid(), SMALL_SECONDS)  # what is wrong with the settings shows now

    def read(self, key: str, *, unless: str | None = None) -> Read | None:
        """Return a small object, None if there is none.

        Parameters
        ----------
        unless : str, optional
            The tag that is known already.

        Raises
        ------
        Unchanged
            The object has the known tag.
        """
        condition = {} if unless is None else {"IfNoneMatch": unless}
        with reaching_store():
            try:
                found = self._small.get_object(Bucket=self._bucket, Key=self._key(key), **condition)
                return Read(found["Body"].read(), found["ETag"])
            except _client_error() as error:
                if _code(error) in GONE:
                    return None
                if _code(error) in UNCHANGED:
                    raise Unchanged from error
                raise

    def write(self, key: str, content: bytes, *, instead_of: str | None) -> str:
        """Write a small object in place of the one with a tag, or where there is none; return its tag.

        Raises
        ------
        Changed
            There is another by now.
        """
        condition = {"IfNoneMatch": "*"} if instead_of is None else {"IfMatch": instead_of}
        with reaching_store():
            try:
                written = self._small.put_object(
                    Bucket=self._bucket, Key=self._key(key), Body=content, **condition
                )
                return str(written["ETag"])
            except _client_error() as error:
                if _code(error) in CHANGED:
                    raise Changed(key) from error
                raise

    def upload(self, key: str, path: Path) -> None:
        """Write a file as an object, in place of what is there."""
        from boto3.s3.transfer import TransferConfig

        with reaching_store():
            settings = TransferConfig(use_threads=False)
            self._large.upload_file(str(path), self._bucket, self._key(key), Config=settings)

    def download(self, key: str, path: Path) -> None:
        """Write an object to a file.

        Raises
        ------
        FileNotFoundError
            There is no such object.
        """
        with reaching_store():
            try:
                body = self._large.get_object(Bucket=self._bucket, Key=self._key(key))["Body"]
            except _client_error() as error:
                if _code(error) in GONE:
                    raise FileNotFoundError(key) from error
                raise
            with path.open("wb") as file:
                for block in body.iter_chunks(BLOCK_BYTES):
                    file.write(block)

    def holds(self, key: str) -> bool:
        """Tell whether there is an object."""
        with reaching_store():
            try:
                self._small.head_object(Bucket=self._bucket, Key=self._key(key))
            except _client_error() as error:
                if _code(error) in GONE:
                    return False
                raise
            return True

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects, those that are there."""
        wanted = [*keys]
        with reaching_store():
            for begin in range(0, len(wanted), DELETED_AT_ONCE):
                some = wanted[begin : begin + DELETED_AT_ONCE]
                listed: Any = {"Objects": [{"Key": self._key(key)} for key in some], "Quiet": True}
                answer = self._large.delete_objects(Bucket=self._bucket, Delete=listed)
                if refused := answer.get("Errors"):
                    log.warning("the object store removes nothing", extra={"reason": str(refused[0])})
                    raise StorageAway("Longhaul's storage removes nothing at the moment; try again later.")

    def below(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield key and size of all objects whose keys begin with `prefix` and a slash."""
        with reaching_store():
            for page in self._pages(prefix):
                for one in page.get("Contents", ()):
                    yield self._relative(one["Key"]), one["Size"]

    def names(self, prefix: str) -> list[str]:
        """Return the next parts of all keys that begin with `prefix` and a slash, sorted."""
        found = set()
        with reaching_store():
            for page in self._pages(prefix, Delimiter="/"):
                keys = [one["Key"] for one in page.get("Contents", ())]
                keys += [one["Prefix"] for one in page.get("CommonPrefixes", ())]
                found |= {self._relative(key).removeprefix(prefix).strip("/") for key in keys}
        return sorted(found)

    def _pages(self, prefix: str, **more: Any) -> Iterator[Any]:
        pages = self._large.get_paginator("list_objects_v2")
        yield from pages.paginate(Bucket=self._bucket, Prefix=f"{self._key(prefix)}/", **more)

    def _key(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def _relative(self, key: str) -> str:
        return key.removeprefix(f"{self._prefix}/") if self._prefix else key

    @property
    def _small(self) -> Any:
        return _opened(os.getpid(), SMALL_SECONDS)

    @property
    def _large(self) -> Any:
        return _opened(os.getpid(), LARGE_SECONDS)


@contextmanager
def reaching_store() -> Iterator[None]:
    """Turn a store that does not answer, or refuses, into `StorageAway`; the log says why."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        log.warning("the object store failed", extra={"reason": str(error)})
        raise StorageAway("Longhaul's storage does not answer at the moment; try again later.") from error


def _client_error() -> type[Exception]:
    from botocore.exceptions import ClientError

    return cast("type[Exception]", ClientError)


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@cache
def _opened(process: int, seconds: int) -> Any:  # noqa: ARG001 - none is handed on by a fork
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "LONGHAUL_STORAGE names an object store, for which boto3 is needed: install longhaul[s3]."
        ) from error
    try:
        return boto3.session.Session().client(
            "s3",
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=seconds,
                retries={"total_max_attempts": 2, "mode": "standard"},
                max_pool_connections=CONNECTIONS,
            ),
        )
    except BotoCoreError as error:
        raise ConfigurationError(f"The object store of LONGHAUL_STORAGE cannot be used: {error}") from error

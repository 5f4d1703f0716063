"""Settings of the Redis server, and its addresses as redis-py, kombu and Celery write them."""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from pydantic import AliasChoices, BaseModel, Field, field_validator

LONGEST_SOCKET_PATH = 100  # sockaddr_un holds 104 bytes on macOS and 108 on Linux, with the final NUL


class RedisSettings(BaseModel):
    """Where the server is: the embedded one in the data folder, unless an address is given."""

    data: Path = Field(Path("var"), description="Folder of everything that Longhaul keeps.")
    redis_url: str | None = Field(
        None,
        validation_alias=AliasChoices("redis_url", "REDIS_URL"),
        description="redis://, rediss:// or unix:// address; without it an embedded server is started.",
    )
    broker_url: str | None = Field(None, description="Another broker than Redis, such as amqp://.")

    @field_validator("redis_url")
    @classmethod
    def _known_scheme(cls, address: str | None) -> str | None:
        """Refuse what is no address of a Redis server, without repeating a password that may be in it."""
        if address is not None and urlsplit(address).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("the address must begin with redis://, rediss:// or unix://")
        return address

    @property
    def redis_place(self) -> str:
        """Where the Redis server is, in words without a password."""
        parts = urlsplit(self.redis_database(0))
        return parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"

    @property
    def redis_socket(self) -> Path:
        """Where the embedded server listens: in the data folder, unless its path is too long for a socket."""
        socket = self.data / "redis" / "redis.sock"
        if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
            return socket
        name = hashlib.sha256(os.fsencode(socket)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"longhaul-{os.getuid()}-{name}" / "redis.sock"

    @property
    def embedded_redis(self) -> bool:
        """Whether Longhaul starts the Redis server itself."""
        return self.redis_url is None

    def redis_database(self, number: int) -> str:
        """Return redis-py's address of one database: 0 for the broker, 1 for records and results."""
        if self.redis_url is None:
            return f"unix://{self.redis_socket}?db={number}"
        parts = urlsplit(self.redis_url)
        if parts.scheme == "unix":
            return f"unix://{parts.netloc}{parts.path}?db={number}"
        if parts.scheme == "rediss" and "ssl_cert_reqs" not in parts.query:
            # Celery wants it said; anything weaker than checking the certificate has to be asked for.
            parts = parts._replace(query="&".join(filter(None, (parts.query, "ssl_cert_reqs=required"))))
        return urlunsplit(parts._replace(path=f"/{number}"))

    @property
    def celery_broker(self) -> str:
        """The broker's address as kombu writes it."""
        return self.broker_url or self._celery_database(0, socket_scheme="redis+socket")

    @property
    def celery_results(self) -> str:
        """The address of records and results as Celery's Redis backend writes it."""
        return self._celery_database(1, socket_scheme="socket")

    def _celery_database(self, number: int, *, socket_scheme: str) -> str:
        address = self.redis_database(number)
        if not address.startswith("unix://"):
            return address
        parts = urlsplit(address)
        return f"{socket_scheme}://{parts.netloc}{parts.path}?virtual_host={number}"

"""Every setting of the service, read once from the environment, frozen, prefix `LONGHAUL_`.

A variable that starts with `LONGHAUL_` and is not one of these is refused by name: a misspelt setting that
is silently ignored is found out only when it matters.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from jobs.errors import ConfigurationError

PREFIX = "LONGHAUL_"
LONGEST_SOCKET_PATH = 100  # sockaddr_un holds 104 bytes on macOS and 108 on Linux, with the final NUL


class Settings(BaseSettings):
    """The settings, each with its unit in its name and its default chosen for one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, populate_by_name=True)

    data: Path = Field(Path("var"), description="Folder of everything that Longhaul keeps.")
    storage: str | None = Field(
        None,
        description="s3://bucket/prefix: an object store through which machines without a common disk share "
        "sessions and indexes. Without it the data folder is all there is.",
    )
    redis_url: str | None = Field(
        None,
        validation_alias=AliasChoices("redis_url", "REDIS_URL"),
        description="redis://, rediss:// or unix:// address; without it an embedded server is started.",
    )
    broker_url: str | None = Field(None, description="Another broker than Redis, such as amqp://.")
    host: str = Field("127.0.0.1", description="Address that the API listens on.")
    port: int = Field(5000, ge=0, le=65535, description="Port that the API listens on.")
    threads: int = Field(32, ge=1, le=1024, description="Requests that one API process answers at once.")
    public_url: str | None = Field(None, description="Address that users see, when a proxy stands before.")
    max_upload_bytes: int = Field(5_000_000_000, ge=1, description="Largest file that is accepted.")
    session_days: float = Field(30, gt=0, description="Days after which an unused session is removed.")
    folder_roots: Annotated[Mapping[str, Path], NoDecode] = Field(
        default_factory=dict,
        description="Server folders that may be indexed: name=path, several separated by commas.",
    )
    visibility_timeout_seconds: int = Field(
        60, ge=5, description="A worker that is silent for so long is taken for dead and its jobs run again."
    )
    retry_seconds: int = Field(
        5, ge=0, description="Pause before a job whose process was killed begins anew."
    )
    soft_shutdown_seconds: float = Field(
        20, ge=0, description="Time that a worker gives running jobs when it is stopped, before they go back."
    )
    cancel_seconds: float = Field(
        5, ge=0, description="Time that a cancelled job has to stop by itself before its process is ended."
    )
    jobs_per_user: int = Field(
        4, ge=1, description="Jobs of one user that stand in a queue or run at once; more are held back."
    )
    webhook_private_addresses: bool = Field(
        False, description="Whether webhooks may go to private addresses, as on a closed network."
    )
    extraction_processes: int = Field(2, ge=1, le=64, description="Extractor processes of one indexing job.")
    fan_out_files: int = Field(
        5_000, ge=1, description="An indexing job that has to read more files is spread over all workers."
    )
    fan_out_bytes: int = Field(2_000_000_000, ge=1, description="The same, by the size of those files.")
    batch_files: int = Field(
        1_000, ge=1, le=10_000, description="Files of one batch of a job that is spread, if they are small."
    )
    index_bytes_per_user: int = Field(
        20_000_000_000, ge=1, description="What all indexes of one user may take on the disk."
    )
    indexes_per_user: int = Field(100, ge=1, description="How many indexes one user may have.")
    embeddings_url: str | None = Field(
        None,
        description="Where vectors are made for searches by meaning: an endpoint that takes OpenAI's "
        "POST /embeddings, such as http://127.0.0.1:11434/v1; without it there are no such searches.",
    )
    embeddings_model: str | None = Field(
        None, validate_default=True, description="The model that it is asked for."
    )
    embeddings_key: SecretStr | None = Field(None, description="Its key, sent as a bearer token.")
    embeddings_dimensions: int | None = Field(
        None, ge=1, le=16_384, description="Numbers a vector, for models that leave the choice."
    )
    embeddings_batch: int = Field(32, ge=1, le=2_048, description="Passages that it is given at once.")
    embeddings_seconds: float = Field(
        60, gt=0, description="Time for the answer while documents are indexed."
    )
    embeddings_query_seconds: float = Field(
        2, gt=0, le=2.5, description="Time for the answer to a search, which then goes by its words alone."
    )
    embeddings_query_prefix: str = Field(
        "", description="What the model wants before a query, such as `query: `."
    )
    embeddings_passage_prefix: str = Field(
        "", description="What the model wants before a passage, such as `passage: `."
    )
    heartbeat_file: Path | None = Field(
        None,
        description="A worker touches it every two seconds; its age tells a health check whether it lives.",
    )
    log_format: Literal["json", "text"] = Field("json", description="Lines for programs or for people.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("data")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        """Fix the folder now: a process may change its working directory later."""
        return path.expanduser().absolute()

    @field_validator("folder_roots", mode="before")
    @classmethod
    def _named_paths(cls, value: Any) -> Any:
        """Read `docs=/srv/docs,wiki=/srv/wiki`."""
        if not isinstance(value, str):
            return value
        pairs = [part.partition("=") for part in value.split(",") if part.strip()]
        for name, equals, path in pairs:
            if not equals or not name.strip() or "/" in name or not path.strip():
                raise ValueError(f"{name + equals + path!r} is not of the form name=/absolute/path")
        return {name.strip(): Path(path.strip()) for name, _, path in pairs}

    @field_validator("folder_roots")
    @classmethod
    def _absolute_roots(cls, roots: Mapping[str, Path]) -> Mapping[str, Path]:
        for name, path in roots.items():
            if not path.expanduser().is_absolute():
                raise ValueError(f"the folder of {name!r} must be an absolute path, not {str(path)!r}")
        return {name: path.expanduser() for name, path in roots.items()}

    @field_validator("storage")
    @classmethod
    def _known_store(cls, address: str | None) -> str | None:
        if address is not None and not re.fullmatch(r"s3://[^/]+(/.*)?", address):
            raise ValueError("the address must be of the form s3://bucket/prefix")
        return address

    @field_validator("redis_url")
    @classmethod
    def _known_scheme(cls, address: str | None) -> str | None:
        """Refuse what is no address of a Redis server, without repeating a password that may be in it."""
        if address is not None and urlsplit(address).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("the address must begin with redis://, rediss:// or unix://")
        return address

    @field_validator("embeddings_url", "embeddings_model", "embeddings_key", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        """Take what is empty for not set: Compose hands on variables that nobody has set as empty ones."""
        return None if value == "" else value

    @field_validator("embeddings_url")
    @classmethod
    def _endpoint(cls, address: str | None) -> str | None:
        """Complete the address of the endpoint, without repeating a password that may be in it."""
        if address is None:
            return None
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError("the address must begin with http:// or https:// and a host")
        if parts.username is not None or parts.fragment:
            raise ValueError(
                "the address must be without user, password and #; LONGHAUL_EMBEDDINGS_KEY takes a key"
            )
        path = parts.path.rstrip("/")
        return urlunsplit(parts._replace(path=path if path.endswith("/embeddings") else f"{path}/embeddings"))

    @field_validator("embeddings_model")
    @classmethod
    def _model_named(cls, name: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("embeddings_url") is not None and not name:
            raise ValueError("name the model that LONGHAUL_EMBEDDINGS_URL is to be asked for")
        return name

    @field_validator("embeddings_key")
    @classmethod
    def _fits_a_header(cls, key: SecretStr | None) -> SecretStr | None:
        """Refuse what no header can hold now: the error of the one who sends it would repeat it."""
        if key is not None and not re.fullmatch(r"[!-~]+", key.get_secret_value()):
            raise ValueError("a key has no spaces, line ends or letters beyond ASCII")
        return key

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

    @property
    def sessions(self) -> Path:
        """Folder of all sessions, one folder an owner."""
        return self.data / "sessions"

    @property
    def indexes(self) -> Path:
        """Folder of all indexes, one folder an owner."""
        return self.data / "indexes"

    @property
    def token_file(self) -> Path:
        """File of the token that the first start makes."""
        return self.data / "token"


def load(environment: Mapping[str, str]) -> Settings:
    """Return the settings that `environment` gives.

    Raises
    ------
    ConfigurationError
        A variable is unknown or its value cannot be used; the text names it.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields if name != "redis_url"}
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise ConfigurationError(
            f"{', '.join(unknown)}: no such setting. Longhaul knows: {', '.join(sorted(known))}."
        )
    try:
        return Settings()
    except ValidationError as error:
        faults = [
            f"{PREFIX}{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors()
        ]
        raise ConfigurationError("; ".join(faults)) from error


@cache
def settings() -> Settings:
    """Return this process's settings."""
    return load(os.environ)

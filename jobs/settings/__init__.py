"""Every setting of the service, read once from the environment, frozen, prefix `LONGHAUL_`.

A variable that starts with `LONGHAUL_` and is not one of these is refused by name: a misspelt setting that
is silently ignored is found out only when it matters.
"""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from jobs.errors import ConfigurationError
from jobs.settings.access import AccessSettings
from jobs.settings.embeddings import EmbeddingSettings
from jobs.settings.live import LiveSettings
from jobs.settings.redis import RedisSettings
from jobs.settings.web import WebSettings

PREFIX = "LONGHAUL_"
# What the client reads, which often runs in the same shell: no settings of the service, and no mistakes.
CLIENT_VARIABLES = frozenset({"LONGHAUL_URL", "LONGHAUL_TOKEN"})


class Settings(RedisSettings, EmbeddingSettings, AccessSettings, WebSettings, LiveSettings, BaseSettings):
    """The settings, each with its unit in its name and its default chosen for one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, populate_by_name=True)

    storage: str | None = Field(
        None,
        description="s3://bucket/prefix: an object store through which machines without a common disk share "
        "sessions and indexes. Without it the data folder is all there is.",
    )
    host: str = Field("127.0.0.1", description="Address that the API listens on.")
    port: int = Field(5000, ge=0, le=65535, description="Port that the API listens on.")
    threads: int = Field(32, ge=1, le=1024, description="Requests that one API process works on at once.")
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
    given = {name for name in environment if name.startswith(PREFIX)}
    unknown = sorted(given - known - CLIENT_VARIABLES)
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

"""Settings of searches by meaning: where vectors are made, and by which model."""

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator


class EmbeddingSettings(BaseModel):
    """The endpoint that makes vectors; without one there are no such searches."""

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

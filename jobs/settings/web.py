"""Settings of what the API shows to other machines: front ends on another origin, and scrapers."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import NoDecode


class WebSettings(BaseModel):
    """Who else than its own pages may use the API from a browser, and who may read what is measured."""

    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Origins whose pages may call the API: https://app.example.org, several separated by "
        "commas. None by default.",
    )
    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="Token that /metrics takes besides an admin's."
    )

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())

    @field_validator("allowed_origins")
    @classmethod
    def _origins_in_full(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is no single origin: a pattern would let in whoever registers a fitting name."""
        for origin in origins:
            if not re.fullmatch(
                r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-fA-F:]+\](:\d{1,5})?", origin
            ):
                raise ValueError(f"{origin!r} is no origin: write https://name or https://name:port")
        return tuple(origin.lower() for origin in origins)

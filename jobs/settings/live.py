"""Settings of what stays open: requests that wait for news, and streams of them."""

from pydantic import BaseModel, Field


class LiveSettings(BaseModel):
    """How many may be open at once in one API process; each keeps a thread, which sleeps."""

    streams: int = Field(
        4_000,
        ge=1,
        le=20_000,
        description="Event streams that one API process keeps open; one more ends after its first event.",
    )
    waits: int = Field(
        1_000,
        ge=1,
        le=20_000,
        description="Requests with `Prefer: wait` that one API process keeps waiting; one more is answered "
        "at once.",
    )

"""Settings of what stays open: requests that wait for news, and streams of them."""

from typing import ClassVar

from pydantic import BaseModel, Field


class LiveSettings(BaseModel):
    """How many may be open at once in one API process; each keeps a thread, which sleeps."""

    # Of all places one user has a share, unless a setting says otherwise: one for so many.
    _USERS_SHARE: ClassVar[int] = 4

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
    streams_per_user: int | None = Field(
        None, ge=1, description="Event streams of one user, of those; by default a quarter of them."
    )
    waits_per_user: int | None = Field(
        None, ge=1, description="Waiting requests of one user, of those; by default a quarter of them."
    )

    @property
    def streams_of_one(self) -> int:
        """How many event streams one user may have open."""
        return self.streams_per_user or max(1, self.streams // self._USERS_SHARE)

    @property
    def waits_of_one(self) -> int:
        """How many requests of one user may wait."""
        return self.waits_per_user or max(1, self.waits // self._USERS_SHARE)

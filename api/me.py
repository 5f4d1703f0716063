"""Who asks: what a token speaks for, and what its user may have."""

from datetime import UTC, datetime

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from api import auth
from api.openapi import Catalogue, json_response
from jobs.settings import settings
from jobs.users import Role, Scope


class Limits(BaseModel):
    """What one user may have, and ask for."""

    upload_bytes: int = Field(description="The largest file that is accepted.")
    jobs: int = Field(description="Jobs in one queue or running; more are held back.")
    indexes: int
    index_bytes: int = Field(description="What all indexes may take.")
    session_bytes: int = Field(description="What the files of all sessions may take; 0: no limit, as below.")
    held_jobs: int = Field(description="Jobs that may be held back in one queue.")
    submits_per_minute: int
    upload_bytes_per_day: int
    requests_per_second: float = Field(description="Of each API process, after ten seconds at full speed.")


class MeView(BaseModel):
    """Whom a token speaks for, and what it may be used for."""

    user: str
    role: Role
    scopes: list[Scope] | None = Field(description="What the token may be used for; null is everything.")
    expires_at: datetime | None = Field(description="When the token ends; null is never.")
    limits: Limits


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("me", __name__, url_prefix="/api/v1/me")
    auth.protect(blueprint)
    catalogue.add(blueprint, "", get_me, answers={200: MeView})
    return blueprint


def get_me() -> Response:
    """Show whom your token speaks for"""
    user, current = auth.user(), settings()
    return json_response(
        MeView(
            user=user.name,
            role=user.role,
            scopes=None if user.scopes is None else sorted(user.scopes),
            expires_at=None if user.expires_at is None else datetime.fromtimestamp(user.expires_at, UTC),
            limits=Limits(
                upload_bytes=current.max_upload_bytes,
                jobs=current.jobs_per_user,
                indexes=current.indexes_per_user,
                index_bytes=current.index_bytes_per_user,
                session_bytes=current.session_bytes_per_user,
                held_jobs=current.held_jobs_per_user,
                submits_per_minute=current.submits_per_minute,
                upload_bytes_per_day=current.upload_bytes_per_day,
                requests_per_second=current.requests_per_second,
            ),
        )
    )

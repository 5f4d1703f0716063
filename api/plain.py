"""Routes that are served as they stand, with nothing to validate: for the OpenAPI document alone."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.health import Health, Readiness
from api.openapi import Route

_PERCENT = Field(ge=0, le=100)


class AnalysisProgress(BaseModel):
    """How an analysis goes, as the previous application said it."""

    status: Literal["running", "completed", "failed"]
    progress: int = _PERCENT
    message: str
    started_at: datetime
    results: dict[str, Any] | None = Field(None, description="Only when it is completed.")
    error: str | None = Field(None, description="Only when it failed or was cancelled.")


class IndexProgress(BaseModel):
    """How an indexing job goes, as the previous application said it."""

    status: Literal["processing", "completed", "failed"]
    progress: int = _PERCENT
    current_file: str
    processed: int
    total: int
    results: dict[str, Any] | None = Field(None, description="Only when it is completed.")
    error: str | None = Field(None, description="Only when it failed or was cancelled.")


class OldError(BaseModel):
    """What went wrong, as the previous application said it."""

    error: str


def _get(
    path: str,
    name: str,
    summary: str,
    answer: type[BaseModel] | str,
    description: str = "",
    *,
    is_public: bool = True,
) -> Route:
    return Route(
        path, "GET", name, summary, description, None, None, None, {200: answer}, is_public, is_strict=False
    )


PLAIN = (
    _get(
        "/analysis_progress/<analysis_id>",
        "analysis_progress",
        "Tell how an analysis goes",
        AnalysisProgress,
        is_public=False,
    ),
    _get(
        "/api/index-progress/<task_id>",
        "index_progress",
        "Tell how an indexing job goes",
        IndexProgress,
        is_public=False,
    ),
    _get(
        "/api/smartstat/plots/<session_id>/<path:filename>",
        "session_plot",
        "Return a figure from the session's newest project that has it",
        "An image.",
        is_public=False,
    ),
    _get(
        "/healthz",
        "healthz",
        "Tell that this process lives",
        Health,
        "Plain text, or JSON where `Accept` asks for it.",
    ),
    _get(
        "/readyz",
        "readyz",
        "Tell whether requests can be served",
        Readiness,
        "Redis takes changes, the data folder can be written, and the shared storage answers: within three "
        "seconds. Plain text, or JSON with each of them where `Accept` asks for it.",
    ),
    _get(
        "/metrics",
        "metrics",
        "Show what is measured, for Prometheus",
        "Prometheus' text format, or OpenMetrics where `Accept` asks for it.",
        "Of all processes together. Takes `LONGHAUL_METRICS_TOKEN`, or an admin's token.",
        is_public=False,
    ),
    _get("/api/v1/openapi.json", "openapi", "Return this document", "OpenAPI 3.1."),
    _get("/docs", "docs", "Show this document to people", "A page."),
    _get("/problems", "problem_list", "List the types of problems", "A page."),
    _get("/problems/<slug>", "problem_page", "Explain a type of problem", "A page."),
)

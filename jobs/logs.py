"""Log lines: one an event, as JSON for programs or as text for people, with the ids of job and request."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog
from celery import current_task

from jobs.settings import Settings

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


# A traceback's local variables are users' data and secrets: they stay out.
WITHOUT_VALUES = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def add_ids(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the request's and the job's id."""
    request = request_id.get()
    if current_task and current_task.request.id:
        event["job_id"] = current_task.request.id
        request = request or (current_task.request.headers or {}).get("request_id")
    if request is not None:
        event["request_id"] = request
    return event


class WithoutResults(logging.Filter):
    """Leaves what a job found, and what its expected errors say, out of Celery's lines: it is users' data."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a line about the end of a task; let every line pass."""
        if not isinstance(record.args, Mapping):
            return True
        told = record.args
        record.msg, record.args = f"task {told.get('description') or 'succeeded'}", ()
        data = {name: told[name] for name in ("name", "id", "runtime") if name in told}
        if record.levelno < logging.ERROR:
            data["error"] = str(told.get("exc", "")).partition("(")[0] or None
            record.exc_info = None
        vars(record)["data"] = data
        return True


def configure(settings: Settings) -> None:
    """Send all lines of this process to standard error in the format that the settings ask for."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        add_ids,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor]
    if settings.log_format == "json":
        last = [structlog.processors.ExceptionRenderer(WITHOUT_VALUES), structlog.processors.JSONRenderer()]
    else:
        last = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The default shows the values of variables.
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    celerys = logging.getLogger("celery.app.trace")
    celerys.filters[:] = [WithoutResults()]
    logging.getLogger("matplotlib").setLevel(logging.WARNING)  # tells of every glyph that it replaces

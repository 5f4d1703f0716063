"""Whether this process lives, and whether it can serve."""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from typing import Final, Literal

from flask import Blueprint, Response, request
from pydantic import BaseModel, Field

from api.openapi import json_response
from jobs.connection import reaching_redis, records_client
from jobs.errors import Unavailable
from jobs.settings import settings
from jobs.sharing.storage import storage

READY_KEY: Final = "ready"
READY_SECONDS: Final = 60
LONGEST_LOOK_SECONDS: Final = 2.5  # whoever asks waits for three, and takes silence for an outage

AGAIN: Final = {"Retry-After": "2"}

Outcome = Literal["ok", "away"]


class Health(BaseModel):
    """This process lives."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether requests can be served, and what of that is not so."""

    status: Literal["ready", "unavailable"]
    checks: dict[str, Outcome] = Field(
        description="`redis` takes changes, `data` can be written, `storage` answers."
    )


def routes() -> Blueprint:
    """Return the blueprint; its routes need no token."""
    blueprint = Blueprint("health", __name__)
    blueprint.add_url_rule("/healthz", view_func=healthz)
    blueprint.add_url_rule("/readyz", view_func=readyz)
    return blueprint


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/plain", "application/json"]) == "application/json"


def healthz() -> Response:
    """Answer, which is all that is asked."""
    return json_response(Health()) if _wants_json() else Response("ok\n", content_type="text/plain")


def readyz() -> Response:
    """Answer if Redis takes changes, the data folder can be written and the shared storage answers.

    Raises
    ------
    Unavailable
        One of them is not so, and details were not asked for.
    """
    faults = _faults()
    if _wants_json():
        checks: dict[str, Outcome] = {name: "away" if fault else "ok" for name, fault in faults.items()}
        if any(faults.values()):
            return json_response(Readiness(status="unavailable", checks=checks), 503, AGAIN)
        return json_response(Readiness(status="ready", checks=checks))
    for fault in faults.values():
        if fault is not None:
            raise fault
    return Response("ready\n", content_type="text/plain")


def _faults() -> dict[str, Unavailable | None]:
    """Look at everything at once; return what is wrong with each."""
    looks: dict[str, Callable[[], None]] = {
        "redis": _redis_takes_changes,
        "data": _data_can_be_written,
        "storage": lambda: storage().check(),
    }
    pool = ThreadPoolExecutor(len(looks), thread_name_prefix="readiness")
    try:
        asked = {name: pool.submit(look) for name, look in looks.items()}
        end = time.monotonic() + LONGEST_LOOK_SECONDS
        return {name: _fault(look, end) for name, look in asked.items()}
    finally:
        pool.shutdown(wait=False)


def _fault(look: Future[None], end: float) -> Unavailable | None:
    try:
        look.result(max(0.0, end - time.monotonic()))
    except TooLate:
        return Unavailable("Something that Longhaul needs does not answer in time.")
    except Unavailable as error:
        return error
    return None


def _redis_takes_changes() -> None:
    with reaching_redis():
        records_client().set(READY_KEY, 1, ex=READY_SECONDS)  # one that only answers can accept no job


def _data_can_be_written() -> None:
    if not os.access(settings().data, os.W_OK):
        raise Unavailable("The data folder cannot be written.")

"""Whether this process lives, and whether it can serve."""

import os

from flask import Blueprint, Response

from jobs.connection import reaching_redis, records_client
from jobs.errors import Unavailable
from jobs.settings import settings
from jobs.sharing.storage import storage

READY_KEY = "ready"
READY_SECONDS = 60


def routes() -> Blueprint:
    """Return the blueprint; its routes need no token."""
    blueprint = Blueprint("health", __name__)
    blueprint.add_url_rule("/healthz", view_func=healthz)
    blueprint.add_url_rule("/readyz", view_func=readyz)
    return blueprint


def healthz() -> Response:
    """Answer, which is all that is asked."""
    return Response("ok\n", content_type="text/plain")


def readyz() -> Response:
    """Answer if Redis takes changes, the data folder can be written and the shared storage answers.

    Raises
    ------
    Unavailable
        One of them is not so.
    """
    with reaching_redis():
        records_client().set(READY_KEY, 1, ex=READY_SECONDS)  # one that only answers can accept no job
    if not os.access(settings().data, os.W_OK):
        raise Unavailable("The data folder cannot be written.")
    storage().check()
    return Response("ready\n", content_type="text/plain")

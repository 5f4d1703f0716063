"""What a log line tells, and what it must never tell."""

import os
import subprocess
import sys

import pytest

from tests.support.processes import ROOT

PROGRAM = """
import logging
from jobs import logs
from jobs.settings import settings
logs.configure(settings())
def work(cell):
    secret = "SECRET-CELL"
    raise RuntimeError("a defect")
try:
    work("SECRET-ARGUMENT")
except RuntimeError:
    logging.getLogger("x").exception("it failed")
trace = logging.getLogger("celery.app.trace")
told = {"name": "jobs.analysis", "id": "job-1", "runtime": 2.0, "return_value": "SECRET-RESULT"}
trace.info("Task %(name)s succeeded: %(return_value)s", told, extra={"data": told})
trace.info("Task %(name)s %(exc)s", {**told, "description": "raised expected", "exc": "Bad('SECRET-DATA')"})
"""


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_no_line_holds_what_is_in_users_data(log_format):
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=os.environ | {"LONGHAUL_LOG_FORMAT": log_format},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "SECRET" not in ran.stderr
    assert "a defect" in ran.stderr
    assert "task succeeded" in ran.stderr
    assert "raised expected" in ran.stderr
    assert "job-1" in ran.stderr

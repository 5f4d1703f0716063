"""Run the program in a clean process and hear what it says; nothing of it outlives the call."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jobs.analysis.results.result import Script
from jobs.analysis.scripts import NAME
from jobs.progress import Progress, Report, silent

SECONDS_BETWEEN_REPORTS = 0.25
TIMEOUT_SECONDS = 180.0

# The program runs inside this: it dies with the process that started it, even if that is killed (Linux).
GUARD = """
import os, runpy, sys
parent = int(sys.argv.pop(1))
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, 9)
    if os.getppid() != parent:
        sys.exit(1)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def verify(
    script: Path,
    source: Path,
    *,
    rows: int = 0,
    report: Report = silent,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Script:
    """Run the program on `source` in a clean process and say whether its numbers agree with the stored ones.

    Parameters
    ----------
    rows : int
        Of the table, for the message only.
    report : Report, optional
        Told several times a second; when it raises, the program is ended and the exception passes.
    timeout_seconds : float
        After which the program is ended and counts as not verified.
    """
    with started(script, source, timeout_seconds=timeout_seconds) as running:
        return running.judged(rows=rows, report=report)


@contextmanager
def started(script: Path, source: Path, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Iterator["Running"]:
    """Start the program as `verify` does, and leave nothing of it behind when the block ends."""
    command = [
        sys.executable,
        "-I",
        "-c",
        GUARD,
        str(os.getpid()),
        str(script.resolve()),
        str(source.resolve()),
    ]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        # One thread is enough, and the worker's other processes need the rest of the machine.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "POLARS_MAX_THREADS": "1",
    }
    process = subprocess.Popen(  # noqa: S603 - our interpreter and a program that was written just now
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=script.parent,
        env=environment,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        yield Running(process, time.monotonic(), timeout_seconds)
    finally:
        _end(process)


@dataclass(frozen=True)
class Running:
    """A program at work."""

    process: subprocess.Popen[str]
    begun: float  # of the monotonic clock
    timeout_seconds: float

    def judged(self, *, rows: int, report: Report) -> Script:
        """Wait for its end and say whether its numbers agree; `rows` and `report` as in `verify`."""
        message = f"Computing the numbers again from {rows:,} rows" if rows else "Computing the numbers again"
        while True:
            seconds = time.monotonic() - self.begun
            if seconds > self.timeout_seconds:
                reason = f"The script did not end within {self.timeout_seconds:g} seconds."
                return Script(NAME, False, None, reason)
            report(Progress("script", 99.0 - 7.0 * math.exp(-seconds / 10.0), message))
            try:
                output, errors = self.process.communicate(timeout=SECONDS_BETWEEN_REPORTS)
            except subprocess.TimeoutExpired:
                continue
            return _judged(self.process.returncode, output, errors)


def _end(process: subprocess.Popen[str]) -> None:
    """Leave nothing of the program's group behind."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def _judged(status: int, output: str, errors: str) -> Script:
    lines = output.strip().splitlines()
    try:
        summary = json.loads(lines[-1])
        worst, differ = summary["max_relative_difference"], summary["differ"]
    except (IndexError, ValueError, KeyError, TypeError):
        said = errors.strip().splitlines()
        return Script(NAME, False, None, f"The script failed: {said[-1] if said else f'status {status}'}")
    if status == 0 and not differ:
        return Script(NAME, True, worst)
    named = ", ".join(str(name) for name in differ[:3])
    return Script(
        NAME, False, worst, f"{len(differ)} numbers differ: {named}{', ...' if len(differ) > 3 else ''}"
    )

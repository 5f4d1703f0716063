"""How the command ends: an exit code for each way, and the reason on stderr."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from longhaul import errors
from longhaul.cli.plain import safe

DONE, FAILED, USAGE, TIMED_OUT, NOT_SIGNED_IN, UNREACHABLE, STOPPED = 0, 1, 2, 3, 4, 5, 130

# The first that fits; `Unavailable` is both refused and unreachable, so the latter comes first.
CODES: tuple[tuple[type[errors.LonghaulError], int], ...] = (
    (errors.NotSignedIn, NOT_SIGNED_IN),
    (errors.WaitTimeout, TIMED_OUT),
    (errors.Unreachable, UNREACHABLE),
    (errors.UnusableData, USAGE),
    (errors.Invalid, USAGE),
    (errors.LonghaulError, FAILED),
)


@contextmanager
def told(*, as_json: bool) -> Iterator[None]:
    """Turn what goes wrong inside into words on stderr and an exit code.

    Parameters
    ----------
    as_json : bool
        Whether the words are one JSON object, for programs.
    """
    try:
        yield
    except errors.LonghaulError as error:
        code = code_of(error)
        sys.stderr.write(_as_json(error, code) if as_json else _as_words(error))
        raise click.exceptions.Exit(code) from error
    except KeyboardInterrupt as stop:
        sys.stderr.write("\n")
        raise click.exceptions.Exit(STOPPED) from stop
    except BrokenPipeError as stop:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(DONE) from stop


def code_of(error: errors.LonghaulError) -> int:
    """Return the exit code for an error."""
    return next(code for kind, code in CODES if isinstance(error, kind))


def _as_words(error: errors.LonghaulError) -> str:
    lines = [f"longhaul: {safe(str(error))}"]
    if isinstance(error, errors.Refused):
        lines += [
            f"  {safe(fault.where)}: {safe(fault.detail)}"
            for fault in error.faults
            if fault.detail not in str(error)
        ]
        if isinstance(error, errors.ServerFault) and error.problem.request_id:
            lines.append(f"  The operator finds it in the log as {safe(error.problem.request_id)}.")
    if isinstance(error, errors.WaitTimeout):
        lines.append(f"  Wait again: longhaul watch {safe(error.job_id)}")
    if isinstance(error, errors.JobFailed):
        lines.append(f"  Try it again: longhaul retry {safe(error.job.id)}")
    return "\n".join(lines) + "\n"


def _as_json(error: errors.LonghaulError, code: int) -> str:
    said: dict[str, object] = {"error": type(error).__name__, "detail": str(error), "exit_code": code}
    if isinstance(error, errors.Refused):
        said |= {"status": error.status, "request_id": error.problem.request_id}
        said["faults"] = [vars(fault) for fault in error.faults]
    if isinstance(error, errors.JobFailed):
        said["job"] = error.job.id
    if isinstance(error, errors.WaitTimeout):
        said["job"] = error.job_id
    return json.dumps(said) + "\n"

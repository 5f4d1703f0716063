"""What commands share: their options, the client, and which job is meant."""

import re
from collections.abc import Callable
from itertools import islice
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from longhaul.client import Client
from longhaul.errors import LonghaulError
from longhaul.jobs import Job

F = TypeVar("F", bound=Callable[..., Any])
WHOLE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LEAST_PREFIX = 4
MOST_LOOKED_AT = 500  # jobs among which the beginning of an id is looked for
MOST_OFFERED = 20
LAST = "last"

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def timeout_option(function: F) -> F:
    """Add the option that limits waiting."""
    words = "Stop waiting then, with exit code 3; the job goes on."
    return click.option("--timeout", type=click.FloatRange(min=0), metavar="SECONDS", help=words)(function)


def waiting_options(function: F) -> F:
    """Add the options of commands that start a job."""
    wait = click.option("--wait/--no-wait", default=True, help="Wait for its end and show it, or not.")
    return wait(timeout_option(function))


def client(ctx: click.Context, *, patience: float = 15.0) -> Client:
    """Return the client of this run, which is closed at its end."""
    made: Client = ctx.with_resource(Client(ctx.find_root().obj, patience=patience))
    return made


def _offered(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return ids of the newest jobs for the shell to complete; none where they cannot be had."""
    try:
        jobs = islice(client(ctx, patience=0.0).jobs.list(), MOST_OFFERED)
        return [
            CompletionItem(job.id, help=f"{job.kind} {job.status}")
            for job in jobs
            if job.id.startswith(incomplete)
        ]
    except LonghaulError:
        return []


def job_argument(function: F) -> F:
    """Add the argument that names one job; without it the newest is meant."""
    return click.argument("job", required=False, default=LAST, shell_complete=_offered)(function)


def jobs_argument(function: F) -> F:
    """Add the argument that names one or several jobs."""
    return click.argument("jobs", nargs=-1, required=True, metavar="JOB...", shell_complete=_offered)(
        function
    )


def find_job(service: Client, named: str) -> Job:
    """Return the job that is meant by an id, by its beginning, or by `last`.

    Raises
    ------
    click.UsageError
        None or several begin so.
    """
    if WHOLE_ID.fullmatch(named):
        return service.jobs.get(named)
    if named == LAST:
        newest = next(service.jobs.list(), None)
        if newest is None:
            raise click.UsageError("There is no job yet.")
        return newest
    if len(named) < LEAST_PREFIX or not re.fullmatch(r"[0-9a-f-]+", named):
        raise click.UsageError(f"{named!r} is no id of a job: take one from `longhaul jobs`, or say `last`.")
    found = [job for job in islice(service.jobs.list(), MOST_LOOKED_AT) if job.id.startswith(named)]
    if len(found) != 1:
        how_many = f"{len(found)} of your jobs begin" if found else "None of your newest jobs begins"
        raise click.UsageError(f"{how_many} with {named!r}: take the whole id from `longhaul jobs`.")
    return found[0]

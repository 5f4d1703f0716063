"""Commands that stop jobs, try them again, or remove them."""

import sys

import click

from longhaul.cli import showing
from longhaul.cli.common import (
    as_json_option,
    client,
    find_job,
    job_argument,
    jobs_argument,
    waiting_options,
)
from longhaul.cli.following import follow
from longhaul.cli.plain import emit, say


@click.command("cancel", short_help="Stop jobs.")
@jobs_argument
@as_json_option
@click.pass_context
def cancel_command(ctx: click.Context, jobs: tuple[str, ...], as_json: bool) -> None:
    """Stop jobs: at once while they wait, else as soon as their run has stopped."""
    service = client(ctx)
    for named in jobs:
        job = find_job(service, named).cancel()
        if as_json:
            emit(job.state.raw)
        else:
            say(f"{job.id}  {job.status}")


@click.command("retry")
@job_argument
@click.option("--failed", is_flag=True, help="Only the files that failed.")
@waiting_options
@as_json_option
@click.pass_context
def retry_command(
    ctx: click.Context, job: str, failed: bool, wait: bool, timeout: float | None, as_json: bool
) -> None:
    """Try a job again that has ended, as a new job. Without JOB: the newest."""
    again = find_job(client(ctx), job).retry("failed" if failed else "all")
    if wait:
        showing.ended(follow(again, timeout), as_json=as_json)
    else:
        showing.started(again, as_json=as_json)


@click.command("rm")
@jobs_argument
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@as_json_option
@click.pass_context
def rm_command(ctx: click.Context, jobs: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Remove jobs that have ended, with all that they have made."""
    service = client(ctx)
    found = [find_job(service, named) for named in jobs]
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Removing cannot be undone: say --yes.")
        click.confirm(f"Remove {len(found)} job(s) with all that they have made?", abort=True, err=True)
    for job in found:
        job.delete()
        if not as_json:
            say(f"{job.id}  removed")
    if as_json:
        emit({"removed": [job.id for job in found]})

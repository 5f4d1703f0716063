"""Commands that look at jobs."""

from itertools import islice

import click

from longhaul.cli import showing
from longhaul.cli.common import as_json_option, client, find_job, job_argument, timeout_option
from longhaul.cli.following import follow
from longhaul.cli.plain import emit, table
from longhaul.jobs import Job


@click.command("jobs")
@click.option("--status", metavar="STATUS", help="One or several with commas, such as queued,running.")
@click.option("--kind", metavar="KIND", help="Such as analysis or indexing.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@as_json_option
@click.pass_context
def jobs_command(ctx: click.Context, status: str | None, kind: str | None, limit: int, as_json: bool) -> None:
    """List your jobs, newest first."""
    found = islice(client(ctx).jobs.list(status=status or (), kind=kind), limit)
    if as_json:
        for job in found:
            emit(job.state.raw)
        return
    table(("Job", "Kind", "Status", "Done", "Created", "What"), [_row(job) for job in found])


def _row(job: Job) -> tuple[str, ...]:
    state = job.state
    what = state.why or state.summary.get("headline") or state.summary.get("index") or state.message
    created = showing.local_time(state.created_at) or ""
    return (state.id, state.kind, state.status, f"{state.progress:.0f} %", created, str(what))


@click.command("show")
@job_argument
@as_json_option
@click.pass_context
def show_command(ctx: click.Context, job: str, as_json: bool) -> None:
    """Show a job, and what it has found. Without JOB: the newest."""
    found = find_job(client(ctx), job)
    if as_json:
        emit(found.state.raw)
    else:
        showing.whole(found)


@click.command("watch")
@job_argument
@timeout_option
@as_json_option
@click.pass_context
def watch_command(ctx: click.Context, job: str, timeout: float | None, as_json: bool) -> None:
    """Follow a job to its end, also while the service restarts. Without JOB: the newest.

    With --json each change of the job is a line, the last one its end.
    """
    found = find_job(client(ctx), job)
    if as_json:
        follow(found, timeout, also=lambda state: emit(state.raw))
    else:
        showing.ended(follow(found, timeout), as_json=False)

"""`flask --app api sessions`: what lies in the data folder, and what of it can go."""

import time

import click
from flask.cli import AppGroup

from api.commands import redis_needed
from jobs import expiry, sessions
from jobs.connection import records_client
from jobs.errors import NotFound
from jobs.expiry import Outcome, Removed, Rule
from jobs.removal import manifest_of
from jobs.session import MANIFEST

group = AppGroup("sessions", help="List and remove sessions.")


@group.command(name="list")
def list_all() -> None:
    """Print every session: id, owner, age, bytes on disk, jobs, and why it could not be removed now."""
    now = time.time()
    with redis_needed():
        for session in sessions.everybodys():
            try:
                found = expiry.look(records_client(), session, manifest_of(session), now=now)
            except NotFound:  # removed while the list was made
                continue
            except ValueError:
                found = Outcome(session.id, session.owner, reason=f"its {MANIFEST} cannot be read")
            click.echo(_line(found))


@group.command()
@click.option("--dry-run", is_flag=True, help="Only print what would be removed.")
@click.option(
    "--older-than",
    "older_than_days",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Remove what nobody has changed for so long, not what has expired; what was kept stays.",
)
def prune(*, dry_run: bool, older_than_days: float | None) -> None:
    """Remove sessions that have expired, with their jobs, files and documents in indexes.

    A session with a job that has not ended stays.
    """
    rule = Rule(time.time(), older_than_days)
    done = Removed()
    with redis_needed():
        for session in sessions.everybodys():
            outcome = expiry.visit(records_client(), session, rule, dry_run=dry_run)
            if outcome is not None:
                done.add(outcome)
                click.echo(f"{_verb(outcome, dry_run=dry_run)}  {_line(outcome)}")
        if not dry_run:
            expiry.count(records_client(), done)
    words = "would be removed" if dry_run else "removed"
    click.echo(f"{_count(done.sessions, 'session')}, {_count(done.jobs, 'job')}, {done.bytes} bytes {words}")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _verb(outcome: Outcome, *, dry_run: bool) -> str:
    if outcome.reason is not None:
        return "stays"
    return "would remove" if dry_run else "removed"


def _line(outcome: Outcome) -> str:
    facts = (
        f"{outcome.session}  {outcome.owner}  {outcome.age_days:.1f} days  {outcome.bytes} bytes  "
        f"{_count(outcome.jobs, 'job')}"
    )
    return facts if outcome.reason is None else f"{facts}  {outcome.reason}"

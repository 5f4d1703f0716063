"""Commands about the service and who one is there."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from longhaul import account
from longhaul.cli.common import as_json_option, client
from longhaul.cli.plain import emit, pairs, say, tell
from longhaul.client import Client
from longhaul.errors import UnusableData

QUICK_SECONDS = 2.0  # a person who asks whether the service is up wants to know now
OPEN_STATUSES = ("queued", "running", "cancelling")


@click.command("login")
@click.option("--url", metavar="URL", help=f"The service's address, such as {account.DEFAULT_URL}.")
@as_json_option
@click.pass_context
def login_command(ctx: click.Context, url: str | None, as_json: bool) -> None:
    """Keep a token for a service, and use that service from now on.

    The token is asked for, or read from stdin: longhaul login < token-file
    """
    address = account.find(url or ctx.find_root().obj, "unknown").url
    if account.is_in_the_open(address):
        tell(f"longhaul: {address} is not encrypted: others on the network can read the token.")
    if sys.stdin.isatty():
        token = str(click.prompt("Token", hide_input=True, err=True))
    else:
        token = sys.stdin.readline()
    if not token.strip():
        raise UnusableData("No token was given: type it, or pipe it in.")
    with Client(address, token, patience=QUICK_SECONDS) as service:
        me = service.me()
    file = account.remember(address, token)
    if as_json:
        emit({"url": address, "user": me.user, "role": me.role, "file": str(file)})
    else:
        say(f"Signed in to {address} as {me.user}.")


@click.command("logout")
@as_json_option
@click.pass_context
def logout_command(ctx: click.Context, as_json: bool) -> None:
    """Forget the token of a service."""
    address = account.find(ctx.find_root().obj, "unknown").url
    known = account.forget(address)
    if as_json:
        emit({"url": address, "forgotten": known})
    else:
        say(f"The token for {address} is forgotten." if known else f"No token was kept for {address}.")


@click.command("whoami")
@as_json_option
@click.pass_context
def whoami_command(ctx: click.Context, as_json: bool) -> None:
    """Show the service and who you are there."""
    service = client(ctx)
    me = service.me()
    origin = account.find(ctx.find_root().obj).origin
    if as_json:
        emit({"url": service.url, "token_from": origin, **me.raw})
        return
    first = {"user": me.user, "role": me.role, "service": service.url, "token from": origin}
    pairs(first | {name: value for name, value in _flat(me.raw) if name not in first})


def _flat(values: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, object]]:
    """Yield each value by its name; of what is within another the names of both, with a dot."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{within}{name}.")
        else:
            yield within + name, ", ".join(map(str, value)) if isinstance(value, list) else value


@click.command("status", short_help="Show whether the service is up, and what is open.")
@as_json_option
@click.pass_context
def status_command(ctx: click.Context, as_json: bool) -> None:
    """Show whether the service is up, and how many of your jobs are open."""
    service = client(ctx, patience=QUICK_SECONDS)
    service.check()
    open_jobs = [job.status for job in service.jobs.list(status=OPEN_STATUSES)]
    counts = {status: open_jobs.count(status) for status in OPEN_STATUSES}
    if as_json:
        emit({"url": service.url, "ready": True, "jobs": counts})
    else:
        pairs({"service": service.url, "ready": "yes", **{name: str(n) for name, n in counts.items()}})

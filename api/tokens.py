"""`flask --app api tokens`: who may use the service."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from jobs import users
from jobs.connection import records_client
from jobs.errors import BadInput
from jobs.users import Role

tokens = AppGroup("tokens", help="Create, list and revoke access tokens.")


@tokens.command()
@click.argument("user")
@click.option("--role", type=click.Choice(["user", "admin"]), default="user", help="An admin sees all jobs.")
def create(user: str, role: Role) -> None:
    """Make a token for USER and print it; it is not shown again."""
    try:
        click.echo(users.create_token(records_client(), user, role))
    except BadInput as error:
        raise click.ClickException(str(error)) from error


@tokens.command(name="list")
def list_all() -> None:
    """Print every token's id, user, role and when it was made."""
    for info in users.list_tokens(records_client()):
        made = datetime.fromtimestamp(info.created_at, UTC)
        click.echo(f"{info.id}  {info.user}  {info.role}  {made:%Y-%m-%d %H:%M}Z")


@tokens.command()
@click.argument("token_id")
def revoke(token_id: str) -> None:
    """Make the token with this id useless."""
    if not users.revoke_token(records_client(), token_id):
        raise click.ClickException(f"There is not exactly one token whose id begins with {token_id!r}.")
    click.echo("revoked")

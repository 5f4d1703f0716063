"""`flask --app api tokens`: who may use the service, for what, and until when."""

import re
import time
from datetime import UTC, datetime
from typing import Any, Final

import click
import orjson
from flask.cli import AppGroup

from api.commands import redis_needed
from jobs import users
from jobs.connection import records_client
from jobs.errors import BadInput
from jobs.settings import settings
from jobs.users import Grant, Role, Scope, TokenInfo

UNITS: Final = {"m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400}
MOST_YEARS_IN_DAYS: Final = 36_500
as_json = click.option("--json", "machine", is_flag=True, help="Print JSON, for programs.")

tokens = AppGroup("tokens", help="Create, list and revoke access tokens.")


class Expiry(click.ParamType[float]):
    """A time to come: 90m, 12h, 30d, 4w, or a date, at whose beginning in UTC it ends; as Unix seconds."""

    name = "WHEN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return when that is."""
        if isinstance(value, float):
            return value
        when = _later(str(value)) or _date(str(value))
        if when is None:
            self.fail(
                f"{value!r} is no time: write 90m, 12h, 30d, 4w, or a date such as 2027-01-31.", param, ctx
            )
        if not time.time() < when < time.time() + MOST_YEARS_IN_DAYS * UNITS["d"]:
            self.fail(f"{value!r} is not within the next hundred years.", param, ctx)
        return when


def _later(text: str) -> float | None:
    found = re.fullmatch(r"(\d{1,9})([mhdw])", text, re.ASCII)
    return time.time() + int(found[1]) * UNITS[found[2]] if found else None


def _date(text: str) -> float | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


@tokens.command()
@click.argument("user")
@click.option("--role", type=click.Choice(["user", "admin"]), default="user", help="An admin sees all jobs.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(users.ALL_SCOPES),
    help="What it is good for, more than one if given again; by default everything. Write includes read.",
)
@click.option("--expires", "expires_at", type=Expiry(), help="90m, 12h, 30d, 4w or a date; by default never.")
@click.option("--label", default="", help="What it is for, in a few words.")
@as_json
def create(
    user: str,
    *,
    role: Role,
    scopes: tuple[Scope, ...],
    expires_at: float | None,
    label: str,
    machine: bool,
) -> None:
    """Make a token for USER and print it; it is not shown again."""
    if "admin" in scopes and role != "admin":
        raise click.ClickException("The scope admin is of use with --role admin alone.")
    grant = Grant(user=user, role=role, scopes=scopes or None, expires_at=expires_at, label=label)
    try:
        with redis_needed():
            token = users.create(records_client(), grant)
    except BadInput as error:
        raise click.ClickException(str(error)) from error
    if not machine:
        click.echo(token)
        return
    made = {"token": token, "id": users.digest(token)[: users.ID_LENGTH], "user": user, "role": role}
    _print({**made, "scopes": scopes or None, "expires_at": _time(expires_at), "label": label})


@tokens.command(name="list")
@click.option("--user", help="Only the tokens of one user.")
@as_json
def list_all(*, user: str | None, machine: bool) -> None:
    """Print every token's id, user, role, when it was made, last used and ends, its scopes and its label."""
    with redis_needed():
        found = [info for info in users.list_tokens(records_client()) if user in (None, info.user)]
    if machine:
        _print([_members(info) for info in found])
        return
    for info in found:
        click.echo(_line(info))


@tokens.command()
@click.argument("token_id", required=False)
@click.option("--user", help="All tokens of one user.")
@click.option("--expired", is_flag=True, help="All tokens whose time is over.")
@click.option("--first", is_flag=True, help="The token of the first start, and the file that keeps it.")
@as_json
def revoke(*, token_id: str | None, user: str | None, expired: bool, first: bool, machine: bool) -> None:
    """Make the token with the id TOKEN_ID useless at once; its beginning will do."""
    if sum((token_id is not None, user is not None, expired, first)) != 1:
        raise click.ClickException("Say which: a TOKEN_ID, --user NAME, --expired or --first.")
    with redis_needed():
        digests = _chosen(token_id, user, expired=expired)
        users.forget(records_client(), digests)
    _drop_file(digests)
    if machine:
        _print({"revoked": [digest[: users.ID_LENGTH] for digest in digests]})
    else:
        click.echo("revoked" if len(digests) == 1 else f"revoked {len(digests)} tokens")


def _chosen(token_id: str | None, user: str | None, *, expired: bool) -> list[str]:
    """Return the digests of the tokens that are meant: by id, by user, those that expired, else the first."""
    client = records_client()
    if token_id is not None:
        digests = users.matching(client, token_id)
        if len(digests) != 1:
            raise click.ClickException(
                f"There is not exactly one token whose id begins with {token_id!r}: "
                f"there are {len(digests)}. `flask --app api tokens list` shows all."
            )
        return digests
    if user is None and not expired:
        return _first()
    infos = users.list_tokens(client)
    ids = [info.id for info in infos if (_has_expired(info) if expired else info.user == user)]
    if not ids and user is not None:
        raise click.ClickException(f"There is no token of {user!r}.")
    return [digest for token_id in ids for digest in users.matching(client, token_id)]


def _first() -> list[str]:
    token = users.first_token(settings())
    if token is None:
        raise click.ClickException(f"There is no token of the first start: {settings().token_file} is gone.")
    return [users.digest(token)]


def _drop_file(digests: list[str]) -> None:
    """Remove the file of the first token with it: a Redis that has lost its data makes it good again."""
    token = users.first_token(settings())
    if token is not None and users.digest(token) in digests:
        settings().token_file.unlink()


def _has_expired(info: TokenInfo) -> bool:
    return info.expires_at is not None and info.expires_at <= time.time()


def _members(info: TokenInfo) -> dict[str, Any]:
    times = ("created_at", "expires_at", "last_used_at")
    return {**vars(info), **{name: _time(getattr(info, name)) for name in times}}


def _line(info: TokenInfo) -> str:
    def minute(seconds: float | None) -> str:
        return "never" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}Z"

    ends = "expired" if _has_expired(info) else "expires"
    facts = (
        f"{info.id}  {info.user}  {info.role}  made {minute(info.created_at)}  used "
        f"{minute(info.last_used_at)}  {ends} {minute(info.expires_at)}  {','.join(info.scopes or ('all',))}"
    )
    return f"{facts}  {info.label}" if info.label else facts


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(round(seconds), UTC)


def _print(value: object) -> None:
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode())

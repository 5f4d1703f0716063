"""Commands that start jobs."""

import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from longhaul.cli import showing
from longhaul.cli.common import as_json_option, client, find_job, waiting_options
from longhaul.cli.following import follow
from longhaul.cli.plain import safe, tell
from longhaul.tables import scratch_folder

STDIN = "-"
COMPARED = {"!=": "is_not", ">=": "at_least", ">": "more_than", "<=": "at_most", "<": "less_than"}
CONDITION = re.compile(r"(.+?)(!=|>=|<=|=|>|<)(.*)", re.DOTALL)
FILES_A_LINE = 20


@click.command("analyze")
@click.argument("arguments", nargs=-1, metavar="FILE [QUESTION]")
@click.option("--again", metavar="JOB", help="Ask of the table of this job, and leave FILE out.")
@click.option("--method", metavar="NAME", help="Compute exactly this.")
@click.option(
    "--column", "columns", multiple=True, metavar="ROLE=NAME", help="For --method; repeat for more."
)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="For --method.")
@click.option(
    "--where", multiple=True, metavar="CONDITION", help="Only rows such as year>=2008, island=Dream."
)
@click.option("--confidence", type=click.FloatRange(0.5, 0.999), help="Coverage of the intervals. [0.95]")
@click.option("--sheet", metavar="NAME", help="Of a workbook.")
@click.option("--name", metavar="NAME", help="What the table is called, where it comes from stdin.")
@click.option("--dry-run", is_flag=True, help="Plan only.")
@waiting_options
@as_json_option
@click.pass_context
def analyze_command(  # noqa: PLR0913 - click gives each option as an argument
    ctx: click.Context,
    /,
    arguments: tuple[str, ...],
    again: str | None,
    columns: tuple[str, ...],
    params: tuple[str, ...],
    where: tuple[str, ...],
    name: str | None,
    wait: bool,
    timeout: float | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Ask a question of the table in FILE; `-` is stdin. Without a question the table is described."""
    most = 1 if again else 2
    if len(arguments) > most or (not arguments and not again):
        raise click.UsageError("Say `FILE [QUESTION]`, a question in quotes, or `--again JOB [QUESTION]`.")
    said |= {"columns": columns_of(columns), "params": params_of(params), "where": conditions_of(where)}
    asked = {key: value for key, value in said.items() if value}
    service = client(ctx)
    if again:
        session = find_job(service, again).session
        question = arguments[0] if arguments else None
        job = service.analyses.create(session=session, question=question, **asked)
    else:
        question = arguments[1] if len(arguments) == most else None
        with _table(arguments[0], name) as path:
            job = service.analyses.create(path, question, name=name, **asked)
    if wait:
        showing.ended(follow(job, timeout), as_json=as_json)
    else:
        showing.started(job, as_json=as_json)


@contextmanager
def _table(named: str, name: str | None) -> Iterator[Path]:
    """Yield the file that is meant; what comes from stdin is first written to one."""
    if named != STDIN:
        yield Path(named)
        return
    with scratch_folder() as folder:
        path = Path(folder) / (Path(name).name if name else "stdin.csv")
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield path


@click.command("index", short_help="Send documents, and make them searchable.")
@click.argument("name")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--folder", metavar="FOLDER", help="A folder on the server instead of PATHS.")
@click.option("--include", multiple=True, metavar="PATTERN", help="Only such files: *.pdf.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="No such files: drafts/.")
@click.option("--full", is_flag=True, help="Read files too that have not changed.")
@click.option("--dry-run", is_flag=True, help="Tell only what would be done.")
@waiting_options
@as_json_option
@click.pass_context
def index_command(
    ctx: click.Context,
    /,
    name: str,
    paths: tuple[Path, ...],
    full: bool,
    wait: bool,
    timeout: float | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Send the files and folders in PATHS into the index NAME, and make them searchable."""

    def told(sent: int, total: int, file: str) -> None:
        if sent % FILES_A_LINE == 0:
            tell(f"          sending    {sent} of {total} · {safe(file)}")

    job = client(ctx).indexes.create(name, paths, mode="full" if full else None, told=told, **said)
    if wait:
        showing.ended(follow(job, timeout), as_json=as_json)
    else:
        showing.started(job, as_json=as_json)


def _split(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals or not name or not value:
        raise click.UsageError(f"{pair!r} is not of the form NAME=VALUE.")
    return name, value


def columns_of(pairs: Sequence[str]) -> dict[str, str | list[str]]:
    """Return role to column; a role that is given several times takes a list."""
    found: dict[str, list[str]] = {}
    for role, column in map(_split, pairs):
        found.setdefault(role, []).append(column)
    return {role: names[0] if len(names) == 1 else names for role, names in found.items()}


def params_of(pairs: Sequence[str]) -> dict[str, Any]:
    """Return name to value, a number where it is one."""
    return {name: value_of(text) for name, text in map(_split, pairs)}


def value_of(text: str) -> float | bool | str:
    """Return what a text says in JSON: a number, true or false; else the text itself."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text


def conditions_of(texts: Sequence[str]) -> dict[str, Any]:
    """Return the conditions on columns, as the service takes them: values, or comparisons.

    Raises
    ------
    click.UsageError
        One is no condition, or a column has both values and comparisons.
    """
    values: dict[str, list[Any]] = {}
    compared: dict[str, dict[str, Any]] = {}
    for text in texts:
        found = CONDITION.fullmatch(text)
        if found is None:
            raise click.UsageError(f"{text!r} is no condition: one is column=value or column>=value.")
        column, sign, value = (part.strip() for part in found.groups())
        if sign == "=":
            values.setdefault(column, []).append(value_of(value))
        else:
            compared.setdefault(column, {})[COMPARED[sign]] = value_of(value)
    if both := sorted(set(values) & set(compared)):
        raise click.UsageError(f"Say values or comparisons of {', '.join(both)}, not both.")
    return {**values, **compared}

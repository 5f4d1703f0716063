"""Commands that take away what a job has left."""

import sys
from pathlib import Path

import click
import platformdirs

from longhaul.cli.common import as_json_option, client, find_job, job_argument
from longhaul.cli.plain import emit, safe, safe_lines, say, tell
from longhaul.jobs import PARTS, Job, Part
from longhaul.tables import scratch_folder

STDOUT = "-"
ID_LETTERS = 8


@click.command("get", short_help="Fetch what a job has left.")
@job_argument
@click.option("--to", metavar="FOLDER", help="Where to; `-` for stdout, with one --only. [longhaul-<id>]")
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Just this of it; may be repeated.")
@as_json_option
@click.pass_context
def get_command(ctx: click.Context, job: str, to: str | None, only: tuple[Part, ...], as_json: bool) -> None:
    """Fetch the results, the report, the script and the figures of a job. Without JOB: the newest."""
    if to == STDOUT and (len(only) != 1 or only[0] == "figures" or as_json):
        raise click.UsageError("To stdout goes one thing: say --only results, report or script.")
    found = find_job(client(ctx), job)
    if to == STDOUT:
        _to_stdout(found, only[0])
        return
    files = found.download(to or f"longhaul-{found.id[:ID_LETTERS]}", only or PARTS)
    if as_json:
        emit({"files": [str(file) for file in files]})
        return
    for file in files:
        say(safe(file))


def _to_stdout(job: Job, part: Part) -> None:
    """Write a part as it is; on a terminal without what acts on it."""
    with scratch_folder() as folder:
        for file in job.download(folder, [part])[:1]:
            if sys.stdout.isatty():
                say(safe_lines(file.read_text("utf-8", "backslashreplace")))
            else:
                sys.stdout.buffer.write(file.read_bytes())


@click.command("open")
@job_argument
@click.option("--print", "only_print", is_flag=True, help="Only fetch it, and print where it is.")
@as_json_option
@click.pass_context
def open_command(ctx: click.Context, job: str, only_print: bool, as_json: bool) -> None:
    """Open the report of an analysis in a browser. Without JOB: the newest."""
    found = find_job(client(ctx), job)
    folder = Path(platformdirs.user_cache_dir("longhaul", appauthor=False)) / found.id
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = [file for file in found.download(folder, ["report"]) if file.suffix == ".html"]
    if not files:
        raise click.ClickException("This job has no report.")
    if as_json:
        emit({"file": str(files[0])})
    else:
        say(safe(files[0]))
    if not only_print and click.launch(str(files[0])) != 0:
        tell("longhaul: no browser could be started; open the file yourself.")

"""The command that teaches a shell to complete the others."""

import os
from pathlib import PurePath

import click
from click.shell_completion import get_completion_class

from longhaul.cli.common import as_json_option
from longhaul.cli.plain import emit, say

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Teach your shell to complete commands.")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@as_json_option
@click.pass_context
def completion_command(ctx: click.Context, shell: str | None, as_json: bool) -> None:
    """Print what teaches your shell to complete commands and ids of jobs.

    bash: eval "$(longhaul completion bash)"   fish: longhaul completion fish | source
    """
    name = shell or PurePath(os.environ.get("SHELL", "")).name
    maker = get_completion_class(name) if name in SHELLS else None
    if maker is None:
        raise click.UsageError(f"Say for which shell: {', '.join(SHELLS)}.")
    script = maker(ctx.find_root().command, {}, "longhaul", "_LONGHAUL_COMPLETE").source()
    if as_json:
        emit({"shell": name, "script": script})
    else:
        say(script)

"""The command `longhaul`: data on stdout, progress and words to people on stderr.

Exit codes: 0 done, 1 the job failed or the service said no, 2 wrong usage, 3 waited long enough, 4 not signed
in, 5 the service does not answer, 130 stopped by Ctrl-C.
"""

import os
import sys
from importlib import import_module
from typing import Any

import click

from longhaul import __version__
from longhaul.cli import endings

# Each command's module is loaded when it is used.
COMMANDS = {
    "login": "accounts",
    "logout": "accounts",
    "whoami": "accounts",
    "status": "accounts",
    "analyze": "asking",
    "index": "asking",
    "search": "searching",
    "jobs": "looking",
    "show": "looking",
    "watch": "looking",
    "get": "fetching",
    "open": "fetching",
    "cancel": "changing",
    "retry": "changing",
    "rm": "changing",
    "completion": "completing",
}


class Commands(click.Group):
    """The commands, in the order of their use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command by its name."""
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(f"longhaul.cli.{COMMANDS[cmd_name]}"), f"{cmd_name}_command")
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; end as the exit codes say."""
        with endings.told(as_json="--json" in sys.argv[1:]):
            result = super().invoke(ctx)
            sys.stdout.flush()  # so that a broken pipe is met here
        return result


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--url", metavar="URL", help="The service's address; else LONGHAUL_URL, or that of `login`.")
@click.version_option(__version__, prog_name="longhaul")
@click.pass_context
def cli(ctx: click.Context, url: str | None) -> None:
    """Ask questions of tables and search documents, on a Longhaul service."""
    ctx.obj = url


def main() -> None:
    """Run the command and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # what a terminal cannot show is written, not a reason to fail
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(prog_name="longhaul", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        code = endings.USAGE
    except click.ClickException as error:
        error.show()
        code = endings.FAILED
    except click.Abort:  # Ctrl-C at a question
        code = endings.STOPPED
    except BrokenPipeError:
        code = endings.DONE
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code if isinstance(code, int) else endings.DONE)

"""docs/client.md: each of its commands and programs is run, in its order, and must print what it shows."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from jobs import users
from jobs.connection import records_client
from tests.support.processes import ROOT

PAGE = ROOT / "docs" / "client.md"
# Commands that run elsewhere, and the file that runs them.
ELSEWHERE = {"pip install ./client": "tests/client/test_package.py"}
DOCUMENTED_URL = "http://127.0.0.1:5000"
# What differs from run to run: ids of jobs, times, sizes, and folders of the machine.
VARIES = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[ T][\d:.]+Z?"
    r"|[\d.]+ [kM]?B\b|/\S+/(?=longhaul/)"
)
BLOCK = re.compile(r"```(sh|python)\n(.*?)```\n(?:\n```text\n(.*?)```)?", re.DOTALL)


def blocks():
    return [(kind, code, shown or "") for kind, code, shown in BLOCK.findall(PAGE.read_text())]


def lines(text):
    """Return what a text says, line by line, without what differs from run to run, and columns' widths."""
    found = (" ".join(VARIES.sub("~", line).split()) for line in text.splitlines())
    return [line for line in found if line]


def missing(shown, printed):
    """Return the lines that are shown and were not printed in this order."""
    left = iter(lines(printed))
    return [line for line in lines(shown) if line not in left]


@pytest.fixture
def desk(tmp_path, api, installed):
    """A folder with the examples and a token in it, and the environment of somebody who has the command."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "token").write_text(users.create_token(records_client(), "ada-lovelace") + "\n")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LONGHAUL_", "PYTHONPATH"))
    }
    return tmp_path, kept | {
        "PATH": f"{installed / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "SHELL": "/bin/bash",
    }


@pytest.mark.timeout(240)
def test_every_block_of_the_page_prints_what_it_shows(desk, api):
    folder, environment = desk
    told = []
    for kind, code, shown in blocks():
        if code.strip() in ELSEWHERE:
            continue
        code = code.replace(DOCUMENTED_URL, api.url)
        program = (
            ["python", "-W", "error", "-c", code]
            if kind == "python"
            else ["bash", "-c", f"set -euo pipefail\n{code}"]
        )
        ran = subprocess.run(
            program,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=100,
            check=False,
        )
        printed = ran.stdout.replace(api.url, DOCUMENTED_URL)
        told.append(f"$ {code}{printed}")
        assert ran.returncode == 0, "\n".join(told)
        assert missing(shown, printed) == [], "\n".join(told)


def test_every_command_is_shown_on_the_page():
    from longhaul.cli import COMMANDS

    text = PAGE.read_text()
    shown = {name for name in COMMANDS if re.search(rf"^longhaul {name}\b", text, re.MULTILINE)}
    assert shown == set(COMMANDS)
    for command, file in ELSEWHERE.items():
        assert command in text
        assert (ROOT / file).is_file()


def test_every_exit_code_is_explained():
    from longhaul.cli import endings

    text = Path(PAGE).read_text()
    codes = {value for name, value in vars(endings).items() if name.isupper() and isinstance(value, int)}
    assert codes == {int(code) for code in re.findall(r"^\| `(\d+)` \|", text, re.MULTILINE)}

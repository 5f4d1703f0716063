"""The README's commands, run one after the other in a fresh copy of the product, as a newcomer would."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60

# Commands that run elsewhere, and the file that runs them.
ELSEWHERE = {
    "make test": "Makefile",  # this very run
    "make check": ".ci/run",
    "docker compose up --build --wait": "tests/containers/test_compose.py",
    "docker compose exec api cat /data/token": "tests/containers/test_compose.py",
}


def blocks():
    return re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of the product's files, with this environment in place of a new one."""
    folder = tmp_path_factory.mktemp("readme") / "longhaul"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    os.utime(
        folder / "requirements" / "dev.txt", (0, 0)
    )  # `make` must not install into this environment anew
    return folder


@pytest.fixture(scope="module")
def environment():
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LONGHAUL_", "REDIS_"))}
    return kept | {"LONGHAUL_PORT": str(free_port()), "FLOWER_PORT": str(free_port())}


class Running:
    """`make run` in a terminal of its own."""

    def __init__(self, folder, environment):
        self.folder, self.environment = folder, environment
        self.log = folder / "run.log"

    def start(self):
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["make", "run"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._ready, seconds=START_SECONDS, what="make run is up")

    def _ready(self):
        text = self.log.read_text()
        assert self.process.poll() is None, text
        token = self.folder / "var" / "token"
        return "Longhaul listens on" in text and text.count("ready.") >= 2 and token.exists()

    def press_ctrl_c(self):
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(30)

    def processes(self):
        """Return the processes that were started with this one's port in their environment."""
        mark = f"LONGHAUL_PORT={self.environment['LONGHAUL_PORT']}".encode()
        return [
            path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if mark in read_or_nothing(path)
        ]


def read_or_nothing(path):
    try:
        return path.read_bytes()
    except OSError:  # it has ended, or is somebody else's
        return b""


@pytest.fixture(scope="module")
def running(copy, environment):
    service = Running(copy, environment)
    service.start()
    yield service
    if service.process.poll() is None:
        service.press_ctrl_c()


@pytest.fixture(scope="module")
def ran(running, copy, environment):
    """What came of the README's commands, one after the other: all but those that have tests elsewhere."""
    commands = [line for block in blocks() for line in block.splitlines()]
    skipped = {*ELSEWHERE, "make demo", "make run"}
    port = environment["LONGHAUL_PORT"]
    program = "set -euo pipefail\n" + "\n".join(line for line in commands if line not in skipped)
    program = program.replace("http://127.0.0.1:5000", f"http://127.0.0.1:{port}")
    return subprocess.run(
        ["bash", "-c", program],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_every_command_of_the_readme_is_run_here_or_named_with_its_test():
    for command, file in ELSEWHERE.items():
        assert any(command in block for block in blocks()), command
        assert (ROOT / file).is_file()


@pytest.mark.timeout(300)
def test_make_demo_shows_both_kinds_of_job(copy, environment):
    demo = {name: value for name, value in environment.items() if name != "LONGHAUL_PORT"}

    ran = subprocess.run(["make", "demo"], cwd=copy, env=demo, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "body_mass_g is higher in Gentoo" in ran.stdout
    assert "<mark>" in ran.stdout


@pytest.mark.timeout(300)
def test_the_other_commands_of_the_readme_work_one_after_the_other(ran, running, copy):
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}\n{running.log.read_text()[-3000:]}"
    assert (copy / "relationship.png").read_bytes().startswith(b"\x89PNG")
    assert "lh_" in ran.stdout
    assert "2 nodes online" in ran.stdout or "3 nodes online" in ran.stdout


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("ran")
def test_ctrl_c_leaves_nothing_behind_and_finished_jobs_answer_after_a_restart(running, copy, environment):
    job = json.loads((copy / "job.json").read_text())  # the last one that the README's commands waited for
    assert running.processes()

    running.press_ctrl_c()

    until(lambda: not running.processes(), seconds=15, what="every process has ended")
    running.start()
    request = urllib.request.Request(
        f"http://127.0.0.1:{environment['LONGHAUL_PORT']}{job['links']['self']}",
        headers={"Authorization": f"Bearer {(copy / 'var' / 'token').read_text().strip()}"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert json.load(answer) == job


def test_make_help_lists_every_target(copy):
    listed = subprocess.run(["make", "help"], cwd=copy, capture_output=True, text=True, check=True).stdout

    for target in ("help", "demo", "run", "test", "check", "lock", "bench"):
        assert f"make {target} " in listed


def test_every_setting_is_explained():
    from jobs.settings import PREFIX, Settings

    text = (ROOT / "README.md").read_text()
    for name in Settings.model_fields:
        variable = "REDIS_URL" if name == "redis_url" else PREFIX + name.upper()
        assert f"`{variable}`" in text, variable

"""Housekeeping beside jobs that leave their workers no room, with the workers that the Procfile starts."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.redis_server import EmbeddedServer
from jobs.settings import Settings
from tests.containers.service_process import ServiceProcess
from tests.support.client import EXAMPLES
from tests.support.processes import READY_SECONDS, ROOT
from tests.support.waiting import until

LINE = re.compile(r"^\w+: .*bin/celery (-A jobs worker -n (?P<name>\w+)@%h -Q (?P<queues>\S+) .*)$", re.M)
CADENCE_SECONDS = 60  # of the reconciliation; a message of it that has waited for longer is thrown away
SEND = (
    "from jobs.tasks import cleanup, webhooks\n"
    "for task in (cleanup.expire_sessions, cleanup.drop_live_data, cleanup.reconcile_jobs, "
    f"webhooks.deliver_due): task.apply_async(expires={CADENCE_SECONDS})"
)
HOUSEKEEPING = ("expire_sessions", "drop_live_data", "reconcile_jobs", "deliver_due")
COMPUTING = ("numpy", "polars", "scipy", "matplotlib", "pypdfium2", "lxml")


class Started:
    """A worker of the Procfile."""

    def __init__(self, line, log, environment):
        self.name = line["name"]
        self.queues = line["queues"].split(",")
        self._log = log
        command = [sys.executable, "-m", "celery", *line[1].split()]
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)

    @property
    def log(self):
        return self._log.read_text()

    def wait_until_ready(self):
        def ready():
            assert self.process.poll() is None, self.log
            return f"{self.name}@" in self.log and " ready." in self.log

        until(ready, seconds=READY_SECONDS, what=f"{self.name} is ready")

    def pool(self):
        """Return the ids of its pool's processes."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def environment(tmp_path):
    """The environment of a service of its own, whose Redis runs."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LONGHAUL_", "REDIS_"))}
    with EmbeddedServer(Settings(data=tmp_path / "data")):
        yield own | {"LONGHAUL_DATA": str(tmp_path / "data")}


@pytest.fixture
def workers(environment, tmp_path):
    """The workers that serve analyses and housekeeping, by their queues."""
    started = [
        Started(line, tmp_path / f"{line['name']}.log", environment)
        for line in LINE.finditer((ROOT / "Procfile").read_text())
        if line["name"] != "indexing"
    ]
    for worker in started:
        worker.wait_until_ready()
    yield {queue: worker for worker in started for queue in worker.queues}
    for worker in started:
        worker.kill()


def test_it_is_done_in_time_while_every_slot_of_the_analyses_is_taken(workers, environment):
    slots = workers["analysis"].pool()
    for slot in slots:
        os.kill(slot, signal.SIGSTOP)  # whatever it is given, it will be busy with it for long
    with ServiceProcess(environment) as service:
        session = service.upload(EXAMPLES / "penguins.csv")
        for _ in slots:
            service.submit("analysis", session=session, question="Does body mass differ between the species?")
    until(lambda: workers["analysis"].log.count("jobs.analysis[") == len(slots), what="the slots are taken")

    subprocess.run([sys.executable, "-c", SEND], cwd=ROOT, env=environment, check=True)

    def succeeded():
        done = [line for line in workers["control"].log.splitlines() if '"task succeeded"' in line]
        return all(any(name in line for line in done) for name in HOUSEKEEPING)

    until(succeeded, seconds=CADENCE_SECONDS / 2, what="every task of housekeeping has run")
    loaded = [Path(f"/proc/{pid}/maps").read_text() for pid in workers["control"].pool()]
    assert not [name for name in COMPUTING if any(name in maps for maps in loaded)]

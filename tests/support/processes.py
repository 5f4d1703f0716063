"""Real processes of the service, started and killed by tests."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60


class Worker:
    """A worker process and the processes of its pool."""

    def __init__(
        self, name: str, queues: str, log: Path, *, module: str = "tests.support.probe", concurrency: int = 1
    ):
        self.name = name
        self.log = log
        command = [sys.executable, "-m", "celery", "-A", module, "worker", "-n", f"{name}@test", "-Q", queues]
        command += ["-c", str(concurrency), "--without-gossip", "--without-mingle", "-l", "INFO"]
        environment = os.environ | {"REMAP_SIGTERM": "SIGQUIT"}
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)

    def wait_until_ready(self) -> "Worker":
        def ready() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return f"{self.name}@test ready" in self.log.read_text()

        until(ready, seconds=READY_SECONDS, what=f"{self.name} is ready")
        return self

    def kill(self) -> None:
        """End it as the kernel would: no process of it can do anything more."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> float:
        """Ask it to stop; return how many seconds it took."""
        begun = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - begun

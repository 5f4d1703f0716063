"""The containers that pytest-celery's clusters are made of, in place of the plugin's own."""

import json
import os
from collections.abc import Sequence

from kombu import Connection
from pytest_celery import CeleryWorkerContainer, RabbitMQContainer, RedisContainer
from pytest_docker_tools.exceptions import ContainerFailed

from tests.support.waiting import until

REDIS_IMAGE = os.environ.get("REDIS_IMAGE", "redis:8-alpine")
RABBITMQ_IMAGE = os.environ.get("RABBITMQ_IMAGE", "rabbitmq:4-management")
VISIBILITY_SECONDS = 6
READY_SECONDS = 60


class PromptReady:
    """Readiness by the log, looked at often, and the log in the failure when the container has ended.

    The plugin's own wait looks once a second and tries an ended container for two minutes.
    """

    _prompts_before_restart = 0

    def ready(self) -> bool:
        until(self._is_ready, seconds=READY_SECONDS, what=f"{self.name} is ready")
        return True

    def _is_ready(self) -> bool:
        self.reload()
        if self.status in ("exited", "dead"):
            raise ContainerFailed(self, f"{self.name} has ended:\n{self.logs()[-3000:]}")
        return self.status == "running" and self._prompts() > self._prompts_before_restart

    def _prompts(self) -> int:
        return self.logs().count(self.ready_prompt)

    def restart(self, timeout: int = 10) -> None:
        self._prompts_before_restart = self._prompts()
        super().restart(timeout)


class Redis(PromptReady, RedisContainer):
    @property
    def port(self) -> int:
        return int(self.ports["6379/tcp"][0])


class RabbitMQ(PromptReady, RabbitMQContainer):
    @property
    def port(self) -> int:
        return int(self.ports["5672/tcp"][0])

    def queue_types(self) -> dict[str, str]:
        """Return the type of every queue by its name."""
        listed = self._ask("--formatter", "json", "list_queues", "name", "type")
        return {queue["name"]: queue["type"] for queue in json.loads(listed)}

    def consumer_timeout_seconds(self) -> float:
        """Return how long a delivery may stay without an acknowledgement."""
        printed = self._ask("eval", "{ok, Value} = application:get_env(rabbit, consumer_timeout), Value.")
        return int(printed) / 1000

    def _ask(self, *arguments: str) -> str:
        code, output = self.exec_run(["rabbitmqctl", "--quiet", *arguments], user="rabbitmq", demux=True)
        assert code == 0, output
        return (output[0] or b"").decode()

    def take_nothing(self) -> None:
        """Raise the alarm of memory: messages that are published from now on lie in their sockets."""
        self._ask("set_vm_memory_high_watermark", "absolute", "1")
        until(lambda: self._ask("eval", "rabbit_alarm:get_alarms().").strip() != "[]")

    def take_messages_again(self) -> None:
        """End the alarm."""
        self._ask("set_vm_memory_high_watermark", "0.6")
        until(lambda: self._ask("eval", "rabbit_alarm:get_alarms().").strip() == "[]")

    def delete_queues(self) -> None:
        """Remove all queues, as if none had ever been declared; nobody may be served by one."""
        for name in self.queue_types():
            self._ask("delete_queue", name)

    def messages(self, queues: Sequence[str]) -> int:
        """Return how many messages lie ready in the queues together."""
        with Connection(f"amqp://127.0.0.1:{self.port}//") as connection:
            channel = connection.default_channel
            return sum(channel.queue_declare(name, passive=True).message_count for name in queues)


class Worker(PromptReady, CeleryWorkerContainer):
    """A worker that runs what production runs: nothing is injected."""

    @classmethod
    def command(cls, *args, **kwargs) -> list[str]:
        options = ["--concurrency=1", "--without-mingle", "--without-gossip"]
        names = [f"--hostname={cls.worker_name()}@%h", f"--queues={cls.worker_queue()}"]
        return ["celery", "-A", "jobs", "worker", *options, *names, *args]

    @classmethod
    def worker_name(cls) -> str:
        return "both"

    @classmethod
    def worker_queue(cls) -> str:
        return "analysis,indexing,control"

    @classmethod
    def initial_env(cls, celery_worker_cluster_config, initial=None) -> dict[str, str]:
        """Give the worker its servers as our settings know them; Celery's own variables would pass our
        backend by."""
        plugin = super().initial_env(celery_worker_cluster_config, initial)
        environment = {
            "REDIS_URL": plugin["CELERY_RESULT_BACKEND"],
            "LONGHAUL_VISIBILITY_TIMEOUT_SECONDS": str(VISIBILITY_SECONDS),
            "LONGHAUL_FOLDER_ROOTS": "documents=/documents",
            # As compose.yaml does it: at a stop running jobs get a moment, then they are given back.
            "REMAP_SIGTERM": "SIGQUIT",
        }
        if plugin["CELERY_BROKER_URL"].startswith("amqp:"):
            environment["LONGHAUL_BROKER_URL"] = plugin["CELERY_BROKER_URL"]
        return environment

    def kill_pool(self) -> None:
        """End the pool's processes, and not the worker's own, as the kernel does when memory runs out."""
        script = (
            "import os, pathlib, signal\n"
            "def parent(pid):\n"
            "    return int(pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[1])\n"
            "pids = sorted(int(path.parent.name) for path in pathlib.Path('/proc').glob('[1-9]*/stat'))\n"
            "worker = next(pid for pid in pids if pid != 1 and parent(pid) == 1)\n"
            "for pid in pids:\n"
            "    if parent(pid) == worker:\n"
            "        os.kill(pid, signal.SIGKILL)\n"
        )
        code, output = self.exec_run(["python", "-c", script])
        assert code == 0, output

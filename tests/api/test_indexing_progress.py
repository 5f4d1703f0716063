"""What a watcher of an indexing job is told: seldom enough, and never too little."""

import threading
import time
import uuid

import orjson
import pytest

from jobs.connection import records_client
from jobs.keys import meta_key
from jobs.settings import settings

FILES = 1_500


@pytest.fixture(scope="module")
def shelf():
    folder = settings().folder_roots["shelf"] / f"progress-{uuid.uuid4().hex[:8]}"
    for number in range(FILES):
        file = folder / f"{number % 10}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"letter {number} " * 200)
    return f"shelf/{folder.name}"


class Watcher:
    """Hears all that is published of jobs, with the time."""

    def __init__(self):
        self._channel = records_client().pubsub()
        self._channel.psubscribe(meta_key("*").replace("{*}", "*"))
        self._heard = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        while not self._over.is_set():
            message = self._channel.get_message(ignore_subscribe_messages=True, timeout=0.1)
            if message:
                self._heard.append((time.monotonic(), orjson.loads(message["data"])))

    def of(self, job_id):
        """Stop, and give time and progress of each report on a job."""
        self._over.set()
        self._thread.join(timeout=10)
        self._channel.close()
        return [
            (when, meta["result"])
            for when, meta in self._heard
            if meta["task_id"] == job_id and meta["status"] == "PROGRESS"
        ]


def test_a_run_reports_at_most_twice_a_second_and_each_change_of_stage(worker, ada, shelf):
    watcher = Watcher()

    job = ada.run("indexing", index="progress", folder=shelf)

    told = watcher.of(job["id"])
    reports = [progress for _, progress in told]
    stages = list(dict.fromkeys(progress["stage"] for progress in reports))
    assert stages == ["scan", "extract", "commit"]
    seconds = told[-1][0] - told[0][0]
    # Twice a second; besides, the first of each stage, and the last of all. The files are listed twice: to
    # see whether they are many, and to read them.
    assert len(told) <= 2 * seconds + len(stages) + 3
    assert {progress["total"] for progress in reports if progress["stage"] == "scan"} == {None}
    assert {progress["total"] for progress in reports if progress["stage"] != "scan"} == {FILES}
    assert (reports[-1]["processed"], reports[-1]["percent"]) == (FILES, 99)
    assert [one["percent"] for one in reports] == sorted(one["percent"] for one in reports)
    done = [one["processed"] for one in reports if one["stage"] != "scan"]
    assert done == sorted(done)
    assert all(sum(one["counts"].values()) == one["processed"] for one in reports if one["stage"] != "scan")
    assert set(reports[-1]) >= {"stage", "current_file", "processed", "total", "counts", "message"}
    named = {one["current_file"] for one in reports} - {None}
    assert named
    assert not any(name.startswith("/") for name in named)

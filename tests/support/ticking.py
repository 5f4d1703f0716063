"""A Celery application with one periodic task, which two beats send: it writes down when it was sent and ran.

It is loaded by beats and workers of its own alone, for it puts its schedule in the place of the service's.
"""

import os
import time
from datetime import timedelta
from pathlib import Path

from kombu import Queue

from jobs.celery import app
from jobs.connection import records_client
from jobs.tasks.cleanup import guard

NAME = "tests.tick"
PERIOD_SECONDS = 2.0

app.conf.task_queues = (*app.conf.task_queues, Queue("ticks", routing_key="ticks"))
app.conf.beat_schedule = {
    "tick": {
        "task": NAME,
        "schedule": timedelta(seconds=PERIOD_SECONDS),
        "options": {"queue": "ticks", "expires": PERIOD_SECONDS},
    },
}


@app.task(name=NAME, ignore_result=True)
def tick() -> None:
    """Leave a line: when it was asked to run, and whether it did."""
    now = time.time()
    did = "ran" if guard(records_client(), NAME, PERIOD_SECONDS, now) else "left"
    with Path(os.environ["TICKS_FILE"]).open("a") as file:
        file.write(f"{now:.3f} {did}\n")

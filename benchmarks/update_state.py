"""What one `update_state` costs through Longhaul's backend, beside Celery's own on the same Redis.

A job is recorded and claimed as a worker does it; then its task and a plain Celery task store the same
progress in turn, a few rounds each. Celery's write can overwrite a cancelled job and keeps no record; ours
checks the job's state, stores result and record, and tells who watches, in one step. Prints the best round of
each, their ratio, and what the server saw of a call. The goal is a ratio of at least 1: safety for nothing.
"""

import os
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

CALLS, ROUNDS = 2_000, 7
STOCK = "celery.backends.redis:RedisBackend"  # named, because a socket's address does not say it


def progress() -> dict[str, object]:
    """Return what an indexing job reports of the file in hand."""
    from jobs.progress import Progress

    counts = {"indexed": 331, "unchanged": 0, "failed": 1}
    return asdict(Progress("extract", 41.5, "Extracting text", "reports/2026/a.pdf", 332, 800, counts))


def claimed_job(folder: Path) -> Callable[[], None]:
    """Record and claim a job; return the function that stores its progress."""
    from jobs.celery import kinds

    (folder / "documents").mkdir()
    kind = kinds()["indexing"]
    job_id = kind.submit("bench", kind.params(index="bench", folder="bench"))
    kind.push_request(id=job_id, hostname="bench@here", retries=0, args=[], kwargs={})
    kind.before_start(job_id, (), {})
    meta = progress()
    return lambda: kind.update_state(state="PROGRESS", meta=meta)


def plain_task() -> Callable[[], None]:
    """Return the function that stores the same progress through Celery's own backend."""
    from celery import Celery, Task

    import celeryconfig
    from jobs.settings import settings

    app = Celery("plain", broker=settings().celery_broker, backend=f"{STOCK}+{settings().celery_results}")
    app.conf.update(
        result_extended=True, result_serializer="json", result_expires=celeryconfig.result_expires
    )
    task: Task = app.task(name="plain.indexing")(claimed_job)  # its body is not called
    task.push_request(id=str(uuid.uuid4()), hostname="bench@here", retries=0, args=[], kwargs={})
    meta = progress()
    return lambda: task.update_state(state="PROGRESS", meta=meta)


def seconds_a_call(store: Callable[[], None]) -> float:
    """Return how long one call takes, on average over a round."""
    begun = time.perf_counter()
    for _ in range(CALLS):
        store()
    return (time.perf_counter() - begun) / CALLS


def seen_by_server(store: Callable[[], None]) -> tuple[float, list[str]]:
    """Return the round trips of one call, and the commands that it runs, those inside a script too."""
    from jobs.connection import records_client

    client = records_client()

    def look() -> tuple[int, dict[str, int]]:
        commands = {name: int(figures["calls"]) for name, figures in client.info("commandstats").items()}
        return int(client.info("stats")["total_reads_processed"]), commands

    look()
    reads, before = look()
    for _ in range(CALLS):
        store()
    reads_after, after = look()
    ours = {"cmdstat_info", "cmdstat_ping"}  # of the look itself
    run = {name: after[name] - before.get(name, 0) for name in after if name not in ours}
    each = [
        f"{calls / CALLS:.0f} {name.removeprefix('cmdstat_').upper()}"
        for name, calls in run.items()
        if calls >= CALLS / 2
    ]
    return (reads_after - reads) / CALLS, sorted(each)


def measure(folder: Path) -> None:
    """Measure both in turn, and print."""
    stores = {"Celery's RedisBackend": plain_task(), "Longhaul's JobBackend": claimed_job(folder)}
    for store in stores.values():
        seconds_a_call(store)  # connections are opened, scripts are loaded
    best = dict.fromkeys(stores, float("inf"))
    for _ in range(ROUNDS):
        for name, store in stores.items():
            best[name] = min(best[name], seconds_a_call(store))
    print(f"update_state, {CALLS:,} calls a round, best of {ROUNDS} rounds each")
    for name, store in stores.items():
        trips, commands = seen_by_server(store)
        speed = f"{best[name] * 1e6:6.0f} us   {1 / best[name]:7,.0f} a second"
        print(f"  {name:22} {speed}   {trips:.1f} round trips")
        print(f"    {', '.join(commands)}")
    plain, ours = best.values()
    print(f"  ratio {plain / ours:.2f}   (goal: at least 1)")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        folder = Path(name)
        roots = f"bench={folder / 'documents'}"
        os.environ.update(LONGHAUL_DATA=str(folder / "data"), LONGHAUL_FOLDER_ROOTS=roots)
        from jobs.redis_server import EmbeddedServer
        from jobs.settings import settings

        with EmbeddedServer(settings()):
            measure(folder)


if __name__ == "__main__":
    main()

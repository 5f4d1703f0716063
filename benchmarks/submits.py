"""Whether a process that only submits stays as it is: memory, connections, subscriptions over many submits.

Celery's own Redis backend subscribes to the channel of each task that is sent, in the process that sends it,
where nobody reads what comes: after some 170,000 submits Redis cuts the connection off. Jobs are submitted as
the API does it, by several threads, and removed again; after every step the figures are printed. They must
not grow: the program fails if memory does by more than 2 % of its first step from the second half on, or if
there is any subscription.
"""

import argparse
import gc
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

SUBMITS, STEP, THREADS = 200_000, 20_000, 4
MOST_GROWTH = 1.02
OWNERS = 64


def resident_bytes() -> int:
    """Return the memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def submit_some(number: int, offset: int) -> None:
    """Submit and remove jobs."""
    from jobs import records, turns
    from jobs.celery import kinds
    from jobs.connection import records_client

    kind = kinds()["indexing"]
    params = kind.params(index="bench", folder="bench", dry_run=True)
    for turn in range(number):
        job_id = kind.submit(f"bench-{(offset + turn) % OWNERS}", params)
        record = records.read(records_client(), job_id)
        assert record is not None
        assert record.published
        records.remove(records_client(), record)
        turns.drop(records_client(), record)


def submit(number: int) -> None:
    """Submit from several threads at once."""
    threads = [
        threading.Thread(target=submit_some, args=(number // THREADS, start)) for start in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def look() -> tuple[float, int, int, int]:
    """Return memory in MB, connections, subscriptions and bytes that wait in Redis to be read by clients."""
    from jobs.celery import app
    from jobs.connection import records_client

    with app.connection_for_write() as connection:
        connection.default_channel.client.delete("indexing")  # nobody takes the messages
    gc.collect()
    clients = records_client().client_list()
    subscriptions = sum(int(client["sub"]) + int(client["psub"]) for client in clients)
    unread = sum(int(client["omem"]) for client in clients)
    return resident_bytes() / 1e6, len(clients), subscriptions, unread


def measure(submits: int, step: int) -> bool:
    """Print the figures after each step; return whether they stay as they are."""
    submit(min(2_000, step))  # connections are opened, scripts are loaded
    sizes, flat = [], True
    print("  submits   memory MB   connections   subscriptions   unread bytes   a second")
    for done in range(step, submits + 1, step):
        begun = time.perf_counter()
        submit(step)
        pace = step / (time.perf_counter() - begun)
        size, clients, subscriptions, unread = look()
        sizes.append(size)
        flat = flat and not subscriptions and not unread
        print(f"{done:9,} {size:11.1f} {clients:13} {subscriptions:15} {unread:14} {pace:10.0f}", flush=True)
    half = len(sizes) // 2
    return flat and max(sizes[half:]) <= MOST_GROWTH * max(sizes[: half + 1])


def main() -> int:
    """Measure; return 0 if nothing grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submits", type=int, default=SUBMITS)
    parser.add_argument("--step", type=int, default=STEP)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        folder = Path(name)
        (folder / "documents").mkdir()
        roots = f"bench={folder / 'documents'}"
        os.environ.update(LONGHAUL_DATA=str(folder / "data"), LONGHAUL_FOLDER_ROOTS=roots)
        from jobs.redis_server import EmbeddedServer
        from jobs.settings import settings

        with EmbeddedServer(settings()):
            flat = measure(arguments.submits, arguments.step)
    print("nothing grows" if flat else "something grows")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())

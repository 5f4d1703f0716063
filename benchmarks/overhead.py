"""What Celery and live progress cost an indexing job: the bare function beside the whole path of a job.

Makes a folder of text files, then indexes it in turn by calling `index_folder` and as a job through a worker,
a few times each, and prints the best of each and their ratio. The goal is at most 1.05.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILES, WORDS_A_FILE, ROUNDS = 3_000, 400, 3
START_SECONDS, JOB_SECONDS = 60.0, 300.0
LOOK_SECONDS = 0.02


def make_documents(folder: Path) -> None:
    """Write text files of random words, the same at every run."""
    source = random.Random(20)  # noqa: S311 - words, not secrets
    vocabulary = [
        "".join(source.choices("abcdefghijklmnoprstuvw", k=source.randint(3, 9))) for _ in range(5_000)
    ]
    folder.mkdir(parents=True)
    for number in range(FILES):
        (folder / f"{number:05}.txt").write_text(" ".join(source.choices(vocabulary, k=WORDS_A_FILE)))


def seconds_of_bare_call(documents: Path, index: Path) -> float:
    """Return how long the domain function takes by itself."""
    from jobs.indexing.runs.run import index_folder
    from jobs.indexing.sources.order import Order

    shutil.rmtree(index, ignore_errors=True)
    begun = time.perf_counter()
    found = index_folder(Order(documents, index, "bare", "bench"))
    assert found.indexed + found.duplicate == FILES
    return time.perf_counter() - begun


def seconds_of_job(number: int) -> float:
    """Return how long the same takes as a job, from the submission to the end that a poller sees."""
    from jobs import status
    from jobs.celery import kinds

    kind = kinds()["indexing"]
    begun = time.perf_counter()
    job_id = kind.submit("bench", kind.params(index=f"job-{number}", folder="bench"))
    while True:
        job = status.read(job_id)
        if job is not None and job.done:
            assert job.status == "completed", job.error
            return time.perf_counter() - begun
        assert time.perf_counter() - begun < JOB_SECONDS, "the job does not end"
        time.sleep(LOOK_SECONDS)


def start_worker(log: Path) -> "subprocess.Popen[bytes]":
    """Start a worker for indexing and return once it is ready."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "jobs",
        "worker",
        "-Q",
        "indexing",
        "-c",
        "1",
        "-l",
        "INFO",
    ]
    with log.open("wb") as output:
        worker = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle"], stdout=output, stderr=output
        )
    deadline = time.monotonic() + START_SECONDS
    while " ready." not in log.read_text():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(LOOK_SECONDS)
    return worker


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        folder = Path(name)
        make_documents(folder / "documents")
        roots = f"bench={folder / 'documents'}"
        os.environ.update(LONGHAUL_DATA=str(folder / "data"), LONGHAUL_FOLDER_ROOTS=roots)
        from jobs.redis_server import EmbeddedServer
        from jobs.settings import settings

        with EmbeddedServer(settings()):
            worker = start_worker(folder / "worker.log")
            try:
                bare, jobs = [], []
                for number in range(ROUNDS):
                    bare.append(seconds_of_bare_call(folder / "documents", folder / "index"))
                    jobs.append(seconds_of_job(number))
            finally:
                worker.terminate()
                worker.wait()
    print(f"{FILES} files, best of {ROUNDS}")
    print(f"  index_folder by itself   {min(bare):6.2f} s")
    print(f"  as a job, with progress  {min(jobs):6.2f} s")
    print(f"  ratio                    {min(jobs) / min(bare):6.2f}   (goal: at most 1.05)")


if __name__ == "__main__":
    main()

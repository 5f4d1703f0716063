"""One batch of a run: what is in it, what it tells, and what it leaves on disk."""

from dataclasses import replace

from jobs.indexing.extraction.children import BATCH_FILES, Task, has_room
from jobs.indexing.extraction.frames import Request, encode_requests
from jobs.indexing.runs.plan import Batching
from jobs.indexing.runs.shards import Shard, answers, places
from jobs.indexing.runs.spread import discard_run, extract_batch
from jobs.indexing.runs.work import task
from jobs.indexing.sources.scan import File
from tests.indexing.conftest import counts
from tests.indexing.spreading import RUN, assert_as_clean, finished, prepared

PIPE_BYTES = 65_536  # of Linux, as a pipe is made


def test_few_large_files_are_spread_by_their_bytes(desk):
    for number in range(4):
        desk.write(f"{number}.txt", "albatross " * 100)

    plan = prepared(desk, batching=Batching(files=100, bytes=2_000, files_a_batch=100, bytes_a_batch=1_000))

    assert plan.batches == 4


def test_batches_cost_alike_and_begin_with_their_largest():
    sizes = [10**6] * 3 + [300_000] * 10 + [1_000] * 500
    todo = [task(number, File(f"{number}.txt", b"", size, 0), None) for number, size in enumerate(sizes)]
    batching = Batching(files_a_batch=100, bytes_a_batch=2_000_000)

    batches = batching.split(todo)
    costs = [sum(one.size / 2_000_000 + 1 / 100 for one in batch) for batch in batches]

    assert sorted(one.name for batch in batches for one in batch) == sorted(one.name for one in todo)
    assert max(costs) <= 1.05
    assert min(costs) >= 0.8
    assert all(batch == sorted(batch, key=lambda one: -one.size) for batch in batches)


def test_a_batch_tells_what_it_does(desk):
    for number in range(10):
        desk.write(f"{number}.txt", f"albatross {number}")
    desk.write("broken.docx", "corrupt")
    prepared(desk, batching=Batching(files=0, files_a_batch=100))
    seen = []

    result = extract_batch(desk.index, RUN, 0, report=seen.append)

    assert (result.processed, result.counts["indexed"], result.counts["failed"]) == (11, 10, 1)
    assert [seen[0].processed, seen[-1].processed] == [0, 11]
    assert all(progress.total == 11 and progress.stage == "extract" for progress in seen)
    assert [one.processed for one in seen] == sorted(one.processed for one in seen)
    assert all(sum(progress.counts.values()) == progress.processed for progress in seen)
    assert seen[-1].counts == result.counts
    assert {progress.current_file for progress in seen} - {None} <= {f"{n}.txt" for n in range(10)} | {
        "broken.docx"
    }


def test_a_batch_that_was_lost_is_a_failure_of_each_of_its_files(desk):
    for number in range(20):
        desk.write(f"{number:02}.txt", f"albatross {number}")
    prepared(desk)
    done = extract_batch(desk.index, RUN, 0)

    result = finished(desk)
    again = desk.run()

    assert counts(result) == {"indexed": done.processed, "failed": 20 - done.processed}
    assert {problem.reason for problem in result.problems} == {"worker_lost"}
    assert counts(again) == {"unchanged": done.processed, "indexed": 20 - done.processed}


def test_a_torn_end_is_cut_off_and_the_rest_kept(desk):
    for number in range(10):
        desk.write(f"{number}.txt", f"albatross {number}")
    prepared(desk, batching=Batching(files=0, files_a_batch=100))
    extract_batch(desk.index, RUN, 0)
    folder = desk.index / "runs" / RUN
    shard = folder / "shard-0.0"
    whole = shard.read_bytes()

    for cut in (1, 5, len(whole) // 2, len(whole) - 1):
        shard.write_bytes(whole[:-cut])
        kept = len(places(folder, 0))
        seen = []
        result = extract_batch(desk.index, RUN, 0, report=seen.append)
        assert kept < 10
        assert (seen[0].processed, result.processed) == (kept, 10)
        (folder / "shard-0.1").unlink()
    shard.write_bytes(whole[:-3] + b"\0\0\0")
    result = finished(desk)

    assert counts(result) == {"indexed": 9, "failed": 1}


def test_two_attempts_at_once_do_each_other_no_harm(desk):
    for number in range(40):
        desk.write(f"{number:02}.txt", f"albatross {number}")
    prepared(desk, batching=Batching(files=0, files_a_batch=100))
    inner = []

    def intrude(progress):
        if progress.processed and not inner:
            inner.append(extract_batch(desk.index, RUN, 0))

    outer = extract_batch(desk.index, RUN, 0, report=intrude)
    result = finished(desk)

    assert outer.processed == inner[0].processed == 40
    assert counts(result) == {"indexed": 40}
    assert_as_clean(desk)


def test_the_answer_of_the_latest_attempt_counts(desk):
    desk.write("a.txt", "albatross")
    prepared(desk)
    folder = desk.index / "runs" / RUN
    extract_batch(desk.index, RUN, 0)
    (answer,) = answers(folder, 0, places(folder, 0))
    with Shard(folder, 0) as shard:
        shard.write(replace(answer, status="failed", reason="timeout", chunks=()), "failed")

    result = finished(desk)

    assert counts(result) == {"failed": 1}


def test_a_batch_whose_run_is_discarded_leaves_no_trace(desk):
    for number in range(60):
        desk.write(f"{number:02}.txt", f"albatross {number}")
    prepared(desk, batching=Batching(files=0, files_a_batch=100))

    def discard(progress):
        if progress.processed:
            discard_run(desk.index, RUN)

    result = extract_batch(desk.index, RUN, 0, report=discard)

    assert result.processed == 60
    assert list((desk.index / "runs").iterdir()) == []


def test_what_is_asked_of_a_process_fits_the_pipe_whatever_the_names():
    control = b"/" + b"\x01" * 180
    longest = Task(Request(10**9, b"/" + b"\x01" * 4_095, "presentation", "a" * 32), 1)

    for path in (control, b"/\xff" * 90, b"/srv/documents/report.txt"):
        batch = []
        while has_room(batch):
            batch.append(Task(Request(len(batch), b"%s%d" % (path, len(batch)), "text", "a" * 32), 1))
        asked = encode_requests([one.request for one in [*batch[:-1], longest]])

        assert 2 * len(asked) < PIPE_BYTES
    assert len(batch) == BATCH_FILES  # with names as people give them nothing is lost

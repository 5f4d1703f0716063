"""Documents made to break the reader: each costs itself and nothing else."""

import os
import signal
import time
from pathlib import Path
from random import Random

import pytest

from jobs.errors import Unavailable
from jobs.indexing.extraction import children as children_module
from jobs.indexing.extraction.children import Children, Task
from jobs.indexing.extraction.frames import (
    Answer,
    BadFrame,
    FrameReader,
    Request,
    decode_answer,
    encode_answer,
)
from jobs.indexing.index.manifest import files
from jobs.indexing.limits import Limits
from tests.indexing.contents import documents
from tests.support.hostile import hostile, strange_names


def problems(result) -> dict[str, tuple[str, str]]:
    return {problem.path: (problem.status, problem.reason) for problem in result.problems}


REAL = Path(__file__).parent.parent / "data" / "documents" / "real"
SMALL = Limits(archive_bytes=5_000_000, archive_members=1_000, characters=1_000_000, seconds_per_file=20.0)


def test_every_hostile_document_costs_one_row_and_its_reason_and_the_others_are_indexed(desk, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("treasure")
    expected = {}
    for name, data, outcomes in hostile(secret):
        desk.write(name, data)
        expected[name] = outcomes
    desk.write("zzz.txt", "albatross")

    begin = time.monotonic()
    result = desk.run(limits=SMALL, processes=1)
    seconds = time.monotonic() - begin

    happened = {row.path: row.reason or "indexed" for row in files(desk.index, limit=1_000)}
    assert len(expected) >= 100
    assert result.total == len(expected) + 1
    assert {name: happened[name] for name in expected if happened[name] not in expected[name]} == {}
    assert desk.found("albatross") == ["zzz.txt"]
    assert desk.found("treasure") == []
    assert seconds < len(expected)  # a second each, on a busy machine; about a fifth of that on an idle one


def test_a_damaged_document_is_read_as_far_as_it_goes_or_refused_for_a_reason(desk):
    random = Random(7)  # noqa: S311 - the same damage each time
    for original in sorted(REAL.iterdir()):
        data = original.read_bytes()
        for number in range(6):
            damaged = bytearray(data)
            for _ in range(number * 3 + 1):
                damaged[random.randrange(len(damaged))] = random.randrange(256)
            desk.write(f"{original.stem}-{number}{original.suffix}", bytes(damaged))

    result = desk.run()

    assert result.total == 6 * len(list(REAL.iterdir()))
    assert result.indexed > result.total / 3
    reasons = {reason for _, reason in problems(result).values()}
    assert reasons <= {"corrupt", "binary", "unsupported_type", "no_text", "encrypted"}


def test_strange_names_are_indexed_and_what_is_no_file_is_not_there(desk):
    count = strange_names(desk.root)

    result = desk.run()

    assert (result.indexed, result.total) == (count, count)
    assert sorted(problems(result)) == []
    assert not [path for path in desk.found("fulmar") if "\udcff" in path]


def test_a_file_that_needs_too_much_memory_fails_alone(desk):
    desk.write("large.txt", "word " * 30_000_000)
    desk.write("good.txt", "albatross")

    result = desk.run(limits=Limits(memory_bytes=200_000_000))

    assert problems(result) == {"large.txt": ("failed", "out_of_memory")}
    assert desk.found("albatross") == ["good.txt"]


@pytest.fixture
def interrupted(desk, monkeypatch):
    """A hundred documents, and a signal that hits the first process which has answered for one of them."""
    for number in range(100):
        desk.write(f"{number:03}.txt", f"albatross {number} " * 2000)

    def with_signal(number):
        hit = []

        class Watched(children_module.Child):
            def answers(self):
                found = super().answers()
                if found and self.asked and not hit:
                    hit.append(self.pid)
                    os.kill(self.pid, number)
                return found

        monkeypatch.setattr(children_module, "Child", Watched)
        return hit

    return with_signal


@pytest.mark.parametrize(
    ("number", "reason"), [(signal.SIGKILL, "extractor_crashed"), (signal.SIGSTOP, "timeout")]
)
def test_a_process_that_dies_or_hangs_loses_one_file_and_the_next_run_reads_it(
    desk, interrupted, number, reason
):
    hit = interrupted(number)

    result = desk.run(limits=Limits(seconds_per_file=3.0))
    again = desk.run()

    assert len(hit) == 1
    assert (result.indexed, result.failed) == (99, 1)
    assert result.problems[0].reason == reason
    assert (again.indexed, again.unchanged) == (1, 99)


def test_a_process_that_hangs_as_it_starts_is_replaced(desk, monkeypatch):
    monkeypatch.setattr(children_module, "START_SECONDS", 3.0)
    tasks = [
        Task(Request(number, os.fsencode(desk.write(f"{number}.txt", "albatross")), "text", None), 9)
        for number in range(4)
    ]

    with Children(1, Limits(seconds_per_file=1.0)) as children:
        children._start()
        os.kill(children._children[0].pid, signal.SIGSTOP)
        answers = [answer for answer in children.extract(tasks) if answer is not None]

    assert [(answer.number, answer.status) for answer in answers] == [(n, "extracted") for n in range(4)]


def test_a_file_that_vanishes_after_the_scan_is_skipped_and_its_document_removed(desk):
    for name in ("a", "b"):
        desk.write(f"{name}.txt", f"albatross {name}")
    desk.run()
    desk.write("a.txt", "albatross once more")

    def remove(progress):
        if progress.stage == "extract":
            (desk.root / "a.txt").unlink(missing_ok=True)

    result = desk.run(report=remove)

    assert problems(result) == {"a.txt": ("skipped", "vanished")}
    assert desk.found("albatross") == ["b.txt"]
    assert desk.run().total == 1


def test_what_takes_the_place_of_a_file_after_the_scan_is_not_read(desk, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("albatross")
    link, pipe = desk.write("link.txt", "x"), desk.write("pipe.txt", "x")

    def swap(progress):
        if progress.stage == "extract" and not link.is_symlink():
            link.unlink()
            link.symlink_to(secret)
            pipe.unlink()
            os.mkfifo(pipe)

    result = desk.run(report=swap)

    assert problems(result) == {"link.txt": ("failed", "unreadable"), "pipe.txt": ("skipped", "vanished")}
    assert documents(desk.index) == []


def test_long_names_do_not_stop_the_conversation(desk):
    deep = "/".join(["ä" * 120] * 14)
    for number in range(70):
        desk.write(f"{deep}/{number}.txt", f"albatross {number} " * 8_000)

    result = desk.run(processes=1)

    assert result.indexed == 70


def test_a_process_that_cannot_start_is_an_error_of_the_run(desk, monkeypatch, caplog):
    desk.write("a.txt", "albatross")
    monkeypatch.setattr(children_module, "_PROGRAM", "raise SystemExit('no such module')")

    with pytest.raises(Unavailable, match="does not start"):
        desk.run()
    assert "no such module" in caplog.records[-1].said


def test_a_child_sees_no_secret_of_its_parent(desk, monkeypatch):
    monkeypatch.setenv("LONGHAUL_SECRET", "treasure")
    environments = []

    def look(progress):
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if b"jobs.indexing.extraction.child" in (folder / "cmdline").read_bytes():
                    environments.append((folder / "environ").read_bytes())
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue

    for number in range(40):
        desk.write(f"{number}.txt", f"albatross {number}")
    desk.run(report=look)

    assert environments
    assert not any(b"treasure" in environment for environment in environments)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"chunks": 1}',
        b"\x80\x04K\x01.",
        encode_answer(Answer(1, "indexed"))[4:],
        encode_answer(Answer(1, "failed"))[4:],
        encode_answer(Answer(1, "same", size="1"))[4:],  # type: ignore[arg-type]
        encode_answer(Answer(True, "same"))[4:],
    ],
)
def test_an_answer_of_the_wrong_shape_is_refused(body):
    with pytest.raises(BadFrame):
        decode_answer(body)


def test_frames_are_cut_wherever_the_stream_is_split():
    stream = encode_answer(Answer(1, "same")) + encode_answer(Answer(2, "same"))
    reader = FrameReader()

    bodies = [body for byte in stream for body in reader.feed(bytes([byte]))]

    assert [decode_answer(body).number for body in bodies] == [1, 2]


def test_a_length_beyond_reason_is_refused():
    with pytest.raises(BadFrame):
        FrameReader().feed(b"\xff\xff\xff\xff")

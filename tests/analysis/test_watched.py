"""Work of one long call is told of while it lasts, and ends soon after nobody wants it."""

import threading
from functools import partial

import pytest

from jobs.analysis.numerics.blocks import checkpoint
from jobs.analysis.watched import moving
from jobs.progress import Progress, silent

TOLD = Progress("test", 62.0, "Comparing")


class Cancelled(Exception):
    """Raised by a report to stop the work."""


def test_work_is_told_of_again_and_again_with_a_rising_percentage():
    enough, heard = threading.Event(), []

    def report(progress: Progress) -> None:
        heard.append(progress)
        if len(heard) == 4:
            enough.set()

    found = moving(lambda: enough.wait(60), report, TOLD, until=70.0)

    percents = [progress.percent for progress in heard]
    assert found is True
    assert percents[0] == 62.0
    assert percents == sorted(set(percents))
    assert percents[-1] < 70.0
    assert {(progress.stage, progress.message) for progress in heard} == {("test", "Comparing")}


def test_an_error_of_the_work_comes_to_the_caller():
    with pytest.raises(ZeroDivisionError):
        moving(partial(divmod, 1, 0), silent, TOLD, until=70.0)


def test_work_that_nobody_wants_ends_at_its_next_checkpoint():
    heard, ended = [], threading.Event()

    def report(progress: Progress) -> None:
        heard.append(progress)
        if len(heard) == 2:
            raise Cancelled

    def work() -> None:
        try:
            while True:
                checkpoint()
        finally:
            ended.set()

    with pytest.raises(Cancelled):
        moving(work, report, TOLD, until=70.0)

    assert ended.is_set()
    assert len(heard) == 2

from collections import Counter
from dataclasses import replace

from jobs.progress import Progress, Throttled, tracked


def throttled(seconds):
    """Return a throttled report, a function that sets its clock, and what it passed on."""
    passed, now = [], [0.0]
    report = Throttled(passed.append, interval_seconds=seconds, clock=lambda: now[0])
    return report, lambda value: now.__setitem__(0, value), passed


def test_reports_closer_together_than_the_interval_are_dropped():
    report, at, passed = throttled(0.5)

    for step in range(11):
        at(step / 10)
        report(Progress("read", step))

    assert [progress.percent for progress in passed] == [0, 5, 10]


def test_a_change_of_stage_is_never_dropped():
    report, _, passed = throttled(0.5)

    report(Progress("read", 1))
    report(Progress("test", 2))

    assert [progress.stage for progress in passed] == ["read", "test"]


def test_the_end_is_never_dropped():
    report, _, passed = throttled(0.5)

    report(Progress("read", 1))
    report(Progress("read", 100))

    assert [progress.percent for progress in passed] == [1, 100]


def test_percent_never_falls():
    report, at, passed = throttled(0.5)

    report(Progress("read", 40))
    at(1)
    report(Progress("test", 30))

    assert [progress.percent for progress in passed] == [40, 40]


def test_a_dropped_report_still_counts_as_reached():
    report, at, passed = throttled(0.5)

    report(Progress("read", 10))
    report(Progress("read", 50))
    at(1)
    report(Progress("read", 20))

    assert [progress.percent for progress in passed] == [10, 50]


def test_tracked_names_what_is_in_hand_and_ends_with_all_done():
    passed = []

    items = list(tracked(["a", "b"], passed.append, stage="extract", percent=(20, 60)))

    assert items == ["a", "b"]
    first = Progress("extract", 20, "", "a", 0, 2)
    assert passed == [
        first,
        replace(first, percent=40, current_file="b", processed=1),
        replace(first, percent=60, current_file=None, processed=2),
    ]


def test_a_name_that_is_no_valid_unicode_is_spelt_out_in_json():
    told = Progress("extract", 5.0, "Reading", "caf\udce9.txt", 1, 2, Counter(indexed=1)).as_json()

    assert told["current_file"] == "caf\\udce9.txt"
    assert told["counts"] == {"indexed": 1}

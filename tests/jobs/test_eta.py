"""The time left, told over simulated courses of work whose true end is known."""

import random
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.eta import Eta, as_read, counted_down

REPORT_SECONDS = 0.5


def course(weights, seconds):
    """Return (second, percent) of each step of work whose steps take as long as their weights say."""
    scale, steps, at = seconds / sum(weights), len(weights), 0.0
    points = [(0.0, 0.0)]
    for done, weight in enumerate(weights, start=1):
        at += weight * scale
        points.append((at, 100 * done / steps))
    return points


def told(points):
    """Yield (time left as told, true time left) at each report, while both are more than a moment."""
    eta, end, reached, now = Eta(), points[-1][0], 0, 0.0
    while now < 0.95 * end:
        while reached + 1 < len(points) and points[reached + 1][0] <= now:
            reached += 1
        eta.note(now, points[reached][1])
        yield eta.seconds(now), end - now
        now += REPORT_SECONDS


def errors(points):
    """Return the relative errors of all times told. Five seconds more or less are never one."""
    return [
        max(told_seconds + 5, true + 5) / min(told_seconds + 5, true + 5) - 1
        for told_seconds, true in told(points)
        if told_seconds is not None
    ]


def noise(seed, steps, spread):
    rng = random.Random(seed)  # noqa: S311 - noise, not a secret
    return [rng.lognormvariate(0, spread) for _ in range(steps)]


@pytest.mark.parametrize("seconds", [10, 55, 580, 3600, 4 * 3600])
def test_even_work_is_told_to_the_rounding_and_a_hundredth(seconds):
    readings = [reading for reading in told(course([1] * 20_000, seconds)) if reading[0] is not None]

    assert readings
    for told_seconds, true in readings:
        unit = 1 if true < 60 else 5 if true < 600 else 60
        assert abs(told_seconds - true) <= unit / 2 + 0.01 * true


@pytest.mark.parametrize("spread", [0.5, 1.0])
@pytest.mark.parametrize("seconds", [30, 300, 3600])
def test_noisy_work_is_told_within_a_fifth_in_the_middle_and_never_off_by_three(seconds, spread):
    found = [error for seed in range(5) for error in errors(course(noise(seed, 500, spread), seconds))]

    assert median(found) < 0.2
    assert max(found) < 2


def test_a_slow_start_is_forgotten():
    weights = [60, *[1] * 300]  # 60 s for the first file, then a second each

    readings = list(told(course(weights, sum(weights))))

    settled = [abs(seen - true) / true for seen, true in readings if seen is not None and true < 180]
    assert max(settled) < 0.15


# With the mean of the whole run the errors would be 0.38 and 1.18.
@pytest.mark.parametrize(("before", "after", "error"), [(1, 3, 0.1), (3, 1, 0.5)])
def test_a_new_pace_is_learnt(before, after, error):
    weights = [before] * 200 + [after] * 200

    readings = list(told(course(weights, sum(weights))))

    late = [abs(seen - true) / true for seen, true in readings if seen is not None and true < 75 * after]
    assert median(late) < 0.5  # the mean of the whole run would be off by more than a half and by 1.2


@pytest.mark.parametrize(("seconds", "error"), [(30, 0.5), (1010, 0.05)])
def test_work_that_becomes_a_hundred_times_slower_is_told_before_half_of_the_rest_is_over(seconds, error):
    readings = list(told(course([1] * 1000 + [100] * 1000, seconds)))

    late = [abs(seen - true) / true for seen, true in readings if seen and 0.02 < true / seconds < 0.5]
    assert median(late) < error


def test_a_stage_that_takes_no_time_does_not_promise_that_the_rest_will_not_either():
    weights = [1] * 100 + [0.0001] * 100 + [1] * 200  # the second quarter was there already

    readings = list(told(course(weights, 300)))

    after_the_leap = [seen / true for seen, true in readings if seen is not None and 20 < true < 199]
    assert min(after_the_leap) > 0.6


def test_one_huge_file_does_not_become_the_pace():
    weights = [1] * 100 + [80] + [1] * 200

    readings = list(told(course(weights, sum(weights))))

    after_it = [seen / true for seen, true in readings if seen is not None and 20 < true < 200]
    assert max(after_it) < 1.5


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seconds", [60, 120, 1200])
def test_a_reading_does_not_jump_from_the_one_before(seconds, spread):
    shown = [left for left, _ in told(course(noise(7, 600, spread), seconds)) if left and left < 600]

    jumps = sorted(abs(after - before) / (before + 5) for before, after in pairwise(shown))
    assert jumps[-1] < 0.15
    assert jumps[int(0.95 * len(jumps))] < 0.1


def fed(*points):
    eta = Eta()
    for now, percent in points:
        eta.note(now, percent)
    return eta


def steady(until, percent_per_second=1.0):
    return fed(*((float(second), second * percent_per_second) for second in range(until + 1)))


@pytest.mark.parametrize(
    ("eta", "now"),
    [
        (fed(), 5),
        (fed((0, 0)), 5),
        (fed((0, 0), (2, 10), (4, 20)), 4),  # two steps are no pace
        (fed((0, 0), (1, 10), (1.5, 15), (2, 20)), 2),  # too early
        (fed((0, 0), (1, 0.5), (2, 1), (3, 1.5), (4, 2)), 4),  # too little
        (fed((0, 50), (2, 50), (4, 50), (6, 50)), 6),  # nothing moved
        (fed((0, 0), (0, 10), (0, 20), (0, 30), (0, 40)), 0),  # no time went by
        (fed((0, 0), *((day * 86_400, 3 + day / 1e3) for day in range(1, 9))), 8 * 86_400),  # for ever
    ],
)
def test_nothing_is_told_before_it_is_worth_it(eta, now):
    assert eta.seconds(now) is None


def test_it_is_told_from_three_seconds_and_three_percent_on():
    assert fed((0, 0), (1, 1), (2, 2), (3, 3)).seconds(3) == 95  # 97 s, said in fives


def test_between_two_steps_it_counts_down_and_then_waits_for_the_late_one():
    eta = fed((0, 0), (5, 10), (10, 20), (15, 30), (20, 40), (25, 50))

    assert [eta.seconds(25 + later) for later in range(9)] == [25, 24, 23, 22, 21, 20, 20, 20, 20]


def test_nothing_is_told_while_nothing_moves_for_much_longer_than_a_step_takes():
    quick, slow = steady(20), fed(*((20.0 * step, 2.0 * step) for step in range(20)))

    assert quick.seconds(29) is not None
    assert quick.seconds(31) is None
    assert slow.seconds(19 * 20 + 90) is not None
    assert slow.seconds(19 * 20 + 110) is None


def test_it_is_told_again_once_something_moves_again():
    eta = steady(50)

    eta.note(350, 50)
    still = eta.seconds(350)
    eta.note(351, 51)

    assert still is None
    assert 49 <= eta.seconds(351) <= 80  # five minutes of nothing are no pace


def test_a_percent_that_falls_is_no_news():
    eta = steady(20)
    before = eta.seconds(20)

    eta.note(20, 3)

    assert eta.seconds(20) == before


def test_at_100_percent_nothing_is_left():
    assert fed((0, 0), (0.1, 100)).seconds(0.1) == 0


def test_who_joins_on_the_way_tells_from_the_begin():
    eta = fed((1_000, 0), (1_060, 30))
    for second in range(1, 5):
        eta.note(1_060 + second, 30 + second / 2)

    assert eta.seconds(1_064) == pytest.approx(136, abs=3)


@pytest.mark.parametrize(
    ("seconds", "read"),
    [(-3, 1), (0, 1), (0.4, 1), (1.5, 2), (59.4, 59), (59.6, 60), (61, 60), (63, 65), (598, 600), (640, 660)],
)
def test_times_are_rounded_as_a_person_says_them(seconds, read):
    assert as_read(seconds) == read


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=2))
def test_a_longer_time_never_reads_shorter(pair):
    shorter, longer = sorted(pair)

    assert as_read(shorter) <= as_read(longer)


@pytest.mark.parametrize(
    ("eta_seconds", "age_seconds", "now"),
    [
        (None, 0, None),
        (40, 0, 40),
        (40, 3.2, 37),
        (40, -2, 40),  # the clocks of two machines
        (5, 9, 1),
        (5, 11, None),
        (300, 100, 200),
        (300, 151, None),
    ],
)
def test_a_time_told_a_while_ago_is_counted_down_until_it_cannot_hold(eta_seconds, age_seconds, now):
    assert counted_down(eta_seconds, age_seconds) == now


notes = st.lists(
    st.tuples(st.floats(0, 1e5, allow_nan=False), st.floats(0, 100, allow_nan=False)), min_size=1, max_size=40
)


@given(notes=notes, wait=st.floats(0, 1e6))
def test_whatever_is_noted_a_time_told_is_whole_and_not_negative(notes, wait):
    eta, now = Eta(), 0.0
    for pause, percent in notes:
        now += pause
        eta.note(now, percent)

    seen = eta.seconds(now + wait)

    assert seen is None or (isinstance(seen, int) and seen >= 0)
    assert (seen == 0) == (max(percent for _, percent in notes) >= 100)


@given(notes=notes, start=st.floats(0, 2**20).map(float.__floor__))
def test_only_differences_of_time_count(notes, start):
    early, late, now = Eta(), Eta(), 0.0
    for pause, percent in notes:
        now += round(pause)
        early.note(now, percent)
        late.note(start + now, percent)

    assert early.seconds(now) == late.seconds(start + now)


@given(percent_per_second=st.floats(0.01, 20), seconds=st.integers(5, 4_000))
def test_even_work_is_told_rightly_at_any_pace(percent_per_second, seconds):
    if not 3 <= percent_per_second * seconds < 99:
        return
    left = (100 - percent_per_second * seconds) / percent_per_second

    assert steady(seconds, percent_per_second).seconds(seconds) == pytest.approx(
        as_read(left), rel=0.1, abs=1
    )

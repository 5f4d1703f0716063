import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import throughput
from jobs.connection import records_client
from jobs.throughput import KEPT, Line, Throughput, fit


@pytest.fixture
def client(redis_server):
    return records_client()


@pytest.fixture
def kind():
    return f"probe-{uuid.uuid4().hex[:8]}"


def measured(begin, per_size, *, hung=0, seed=1, noise=0.1):
    """Return measurements of a line, noise by a factor; the first `hung` took an hour."""
    rng = random.Random(seed)  # noqa: S311 - noise, not a secret
    sizes = [10 ** rng.uniform(0, 4) for _ in range(KEPT)]
    times = [(begin + per_size * size) * rng.lognormvariate(0, noise) for size in sizes]
    return tuple(zip(sizes, [3600.0] * hung + times[hung:], strict=True))


@pytest.mark.parametrize("hung", [0, 1, 6])
@pytest.mark.parametrize(("begin", "per_size"), [(5, 0.1), (20, 0.005), (2, 0.05)])
@pytest.mark.parametrize("seed", range(5))
def test_the_true_line_is_found_through_noise_and_jobs_that_hung(begin, per_size, hung, seed):
    line = fit(measured(begin, per_size, hung=hung, seed=seed))

    for size in (1, 10, 100, 1_000, 10_000):
        assert line.at(size) == pytest.approx(begin + per_size * size, rel=0.3)


def test_without_noise_the_line_is_exact():
    line = fit(measured(3, 0.25, noise=0))

    assert (line.begin, line.per_size) == (pytest.approx(3, abs=1e-9), pytest.approx(0.25, rel=1e-12))


@pytest.mark.parametrize(
    ("points", "line"),
    [
        (((5, 2), (5, 3), (5, 10)), Line(3, 0)),  # one size tells nothing of another
        (((0, 2), (0, 3), (0, 10)), Line(3, 0)),
        (((0, 0), (0, 0), (0, 0)), Line(0, 0)),
        (((0, 2), (5e-324, 3), (1e-323, 10)), Line(3, 0)),
        (((0, 4), (10, 6), (20, 8)), Line(4, 0.2)),
        (((1, 9), (2, 8), (3, 7)), Line(8, 0)),  # larger is not quicker
        (((10, 1), (20, 12), (30, 23)), Line(0, 0.6)),  # none ends before it has begun
        (((0, 0), (10, 1), (20, 12), (30, 23)), Line(0, 0.6)),
        (((5, 7),), Line(7, 0)),
    ],
)
def test_a_line_has_no_part_below_nothing(points, line):
    found = fit(points)

    assert (found.begin, found.per_size) == (pytest.approx(line.begin), pytest.approx(line.per_size))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_nothing_is_expected_under_three_measurements(count):
    known = Throughput(((1.0, 1.0),) * count)

    assert known.expected(1) is None
    assert known.typical is None


def test_jobs_take_on_average_what_the_line_says_of_their_average_size():
    known = Throughput(measured(2, 0.05, hung=3))

    mean_size = sum(size for size, _ in known.measured) / KEPT
    assert known.typical == pytest.approx(2 + 0.05 * mean_size, rel=0.1)


@given(
    st.lists(st.tuples(st.floats(0, 1e12), st.floats(0, 1e6)), min_size=3, max_size=20), st.floats(0, 1e12)
)
def test_what_is_expected_is_never_negative_and_never_less_for_more(points, size):
    known = Throughput(tuple(points))

    assert 0 <= known.expected(size) <= known.expected(size * 2)


def test_what_was_noted_is_expected_again(client, kind):
    for size in (100, 200, 300):
        throughput.note(client, kind, size, 2 + size / 100)

    assert throughput.expected(client, kind, 400) == pytest.approx(6)
    assert throughput.expected(client, f"{kind}-other", 400) is None


def test_only_the_last_measurements_are_kept(client, kind):
    for number in range(KEPT + 10):
        throughput.note(client, kind, number, 1)

    kept = throughput.read(client, kind).measured
    assert [size for size, _ in kept] == list(range(KEPT + 9, 9, -1))


def test_a_run_that_ended_before_it_began_is_not_noted(client, kind):
    throughput.note(client, kind, 1, -0.5)

    assert client.llen(throughput.throughput_key(kind)) == 0


def test_the_list_can_be_read_in_somebody_elses_pipeline(client, kind):
    for seconds in (1, 2, 6):
        throughput.note(client, kind, 0, seconds)

    with client.pipeline(transaction=False) as pipe:
        pipe.lrange(throughput.throughput_key(kind), 0, -1)
        (entries,) = pipe.execute()

    assert Throughput.parse(entries).expected(0) == 2


def test_entries_that_cannot_be_read_are_left_out():
    entries = ["1.0 2.0", "", "x y", "1.0", "1 2 3", "nan 1", "1 inf", "-1 2", "1 -2"]

    assert Throughput.parse(entries).measured == ((1.0, 2.0),)


def test_four_of_five_jobs_lie_between_the_bounds():
    found = Throughput(measured(5, 0.1, noise=0.5))

    inside = [
        low <= seconds <= high for size, seconds in found.measured for low, _, high in [found.between(size)]
    ]

    assert 0.75 <= sum(inside) / len(inside) <= 0.95


def test_the_bounds_are_never_narrower_than_machines_are_steady():
    found = Throughput(measured(5, 0.1, noise=0))

    low, expected, high = found.between(100)

    assert (low, expected, high) == (pytest.approx(12), pytest.approx(15), pytest.approx(18.75))


def test_jobs_that_hung_do_not_move_what_is_expected_but_may_widen_the_bounds():
    steady, some_hung = Throughput(measured(5, 0.1)), Throughput(measured(5, 0.1, hung=6))

    assert some_hung.between(100)[1] == pytest.approx(steady.between(100)[1], rel=0.2)
    assert some_hung.between(100)[2] >= steady.between(100)[2]


def test_nothing_is_said_under_three_measurements():
    assert Throughput(((1, 1), (2, 2))).between(1) is None

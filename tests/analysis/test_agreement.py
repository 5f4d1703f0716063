"""The page on agreement with R tells what the tests compare today."""

import subprocess
import sys

import pytest

from tests.analysis.agreement import PAGE, ROOT, Near, assert_digits


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_page_tells_what_the_tests_compare():
    found = subprocess.run(
        [sys.executable, "-m", "tests.analysis.agreement", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )

    assert found.returncode == 0, found.stdout[-2_000:]


def test_many_more_than_eighty_cases_are_compared():
    line = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.endswith(" numbers."))

    assert int(line.partition(" ")[0]) >= 80


def test_numbers_are_near_within_their_tolerance_only():
    two = Near([1.0, 2.0], rel=1e-9, abs_=0.0)

    assert two == [1.0, 2.0 + 1e-10]
    assert two != [1.0, 2.0 + 1e-8]
    assert two != [1.0]
    assert Near(0.0, rel=1e-9, abs_=1e-6) == 1e-7


def test_digits_are_counted_from_the_left():
    assert_digits(1.23456, 1.23457, at_least=5)
    with pytest.raises(AssertionError, match=r"5\.1 digits"):
        assert_digits(1.23456, 1.23457, at_least=6)
